//! Processes that follow one another in a folder: what the one before held when it was killed is known to be nobody's.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::db::private_folder;

/// The place of a process in its folder. The system takes it away with the process, however that ends.
#[derive(Debug)]
pub struct Succession(File);

impl Succession {
    /// Takes the place that a file stands for; `None` while another process has it.
    ///
    /// # Errors
    /// When the file cannot be made or locked.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        path.parent().map_or(Ok(()), private_folder)?;
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// By which name the one before held things; `None` when there was none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn predecessor(&mut self) -> io::Result<Option<Uuid>> {
        let mut written = String::new();
        self.0.rewind()?;
        self.0.read_to_string(&mut written)?;
        // One that was killed while it wrote its name had not held anything by it. And in a folder that was copied, who
        // is named may be at work where it was copied from: there the file is another.
        let (name, file) = written.trim().split_once(' ').unwrap_or_default();
        let is_this = file == self.0.metadata()?.ino().to_string();
        Ok(Uuid::try_parse(name).ok().filter(|_| is_this))
    }

    /// Writes down by which name this one holds things, for the one that comes after it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn sign(&mut self, name: Uuid) -> io::Result<()> {
        let file = self.0.metadata()?.ino();
        self.0.set_len(0)?;
        self.0.rewind()?;
        self.0.write_all(format!("{name} {file}\n").as_bytes())
    }
}

/// By which name a process holds things, and whom it follows.
#[derive(Debug)]
pub struct Follower {
    name: Uuid,
    path: PathBuf,
    /// The place, once it was looked for; `None` where another process has it, or there is none to be had.
    place: OnceCell<Option<Succession>>,
}

impl Follower {
    /// One that takes the place that the file at `path` stands for when it first holds something.
    pub fn new(name: Uuid, path: PathBuf) -> Self {
        Self { name, path, place: OnceCell::new() }
    }

    /// By which name it holds things.
    pub fn name(&self) -> Uuid {
        self.name
    }

    /// Has what the one before held given back, once; only then it signs, so that whoever follows one that was killed
    /// meanwhile gives it back all the same.
    ///
    /// # Errors
    /// Those of `give_back`. It is then done with the next call.
    pub async fn succeed<E, F>(&self, give_back: impl FnOnce(Uuid) -> F + Send) -> Result<(), E>
    where
        F: Future<Output = Result<(), E>> + Send,
    {
        let follow = async || {
            let taken = Succession::take(&self.path).and_then(|taken| match taken {
                Some(mut ours) => Ok(Some((ours.predecessor()?, ours))),
                None => Ok(None),
            });
            let (predecessor, mut ours) = match taken {
                Ok(Some(taken)) => taken,
                Ok(None) => return Ok(None),
                Err(error) => return Ok(self.without_place(&error)),
            };
            if let Some(predecessor) = predecessor {
                give_back(predecessor).await?;
            }
            Ok(match ours.sign(self.name) {
                Ok(()) => Some(ours),
                Err(error) => self.without_place(&error),
            })
        };
        self.place.get_or_try_init(follow).await.map(|_| ())
    }

    fn without_place(&self, error: &io::Error) -> Option<Succession> {
        let path = self.path.display();
        tracing::warn!(%path, %error, "not written: what is held when this process is killed rests until its lease is over");
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_the_one_before_held_is_given_back_once_and_again_where_that_failed() {
        let folder = tempfile::tempdir().unwrap();
        let follower = |name| Follower::new(Uuid::from_u128(name), folder.path().join("holder"));
        let given = std::sync::Mutex::new(Vec::new());
        let give_back = async |follower: &Follower, outcome: Result<(), &'static str>| {
            let noted = async |name: Uuid| {
                given.lock().unwrap().push(name.as_u128());
                outcome
            };
            follower.succeed(noted).await
        };
        let first = follower(1);
        give_back(&first, Ok(())).await.unwrap();
        give_back(&follower(9), Ok(())).await.unwrap();
        drop(first);
        // Killed before it could: it has not signed.
        give_back(&follower(2), Err("away")).await.unwrap_err();
        let third = follower(3);
        give_back(&third, Err("away")).await.unwrap_err();
        give_back(&third, Ok(())).await.unwrap();
        give_back(&third, Ok(())).await.unwrap();
        assert_eq!(*given.lock().unwrap(), [1, 1, 1]);
        drop(third);
        give_back(&follower(4), Ok(())).await.unwrap();
        assert_eq!(*given.lock().unwrap(), [1, 1, 1, 3]);
    }

    #[test]
    fn whoever_comes_after_knows_the_one_before_and_nobody_takes_a_place_that_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/holder");
        let mut first = Succession::take(&path).unwrap().unwrap();
        assert_eq!(first.predecessor().unwrap(), None);
        first.sign(Uuid::from_u128(1)).unwrap();
        assert!(Succession::take(&path).unwrap().is_none(), "it is at work");
        drop(first);
        let mut second = Succession::take(&path).unwrap().unwrap();
        assert_eq!(second.predecessor().unwrap(), Some(Uuid::from_u128(1)));
        second.sign(Uuid::from_u128(2)).unwrap();
        assert_eq!(second.predecessor().unwrap(), Some(Uuid::from_u128(2)));
        let copied = folder.path().join("copied");
        std::fs::copy(&path, &copied).unwrap();
        assert_eq!(Succession::take(&copied).unwrap().unwrap().predecessor().unwrap(), None);
    }
}
