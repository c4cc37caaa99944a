//! Processes that follow one another in a folder: what the one before held when it was killed is known to be nobody's.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

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

#[cfg(test)]
mod tests {
    use super::*;

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
