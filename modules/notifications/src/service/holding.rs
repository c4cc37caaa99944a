//! What this process holds: by one name as long as it lives, each thing once, and what the process before it in the same
//! folder held when it was killed is given back.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use platform::{db::Batch, succession::Succession};
use tokio::sync::Mutex as Turn;
use uuid::Uuid;

use super::Herald;
use crate::{error::HeraldError, store};

/// The file in the data folder that says by which name things are held.
const FILE: &str = "notifications.holder";

/// By which name this process holds channels and webhooks, and which it is at.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) name: Uuid,
    at: Arc<Mutex<HashSet<Uuid>>>,
    path: PathBuf,
    place: Turn<Place>,
}

#[derive(Debug)]
enum Place {
    /// It has not been looked.
    Unknown,
    /// It is ours for as long as this is kept.
    Ours { _place: Succession },
    /// Another process has it, or there is none to be had.
    None,
}

/// Something this process is at. It is not any more when this is dropped.
#[derive(Debug)]
pub(crate) struct AtIt {
    id: Uuid,
    at: Arc<Mutex<HashSet<Uuid>>>,
}

fn locked(at: &Mutex<HashSet<Uuid>>) -> MutexGuard<'_, HashSet<Uuid>> {
    at.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for AtIt {
    fn drop(&mut self) {
        locked(&self.at).remove(&self.id);
    }
}

impl Holder {
    pub(crate) fn new(name: Uuid, folder: &Path) -> Self {
        Self { name, at: Arc::default(), path: folder.join(FILE), place: Turn::new(Place::Unknown) }
    }

    /// Begins with something that was claimed; `None` when this process is at it still, its claim having run out
    /// meanwhile: what it began must not be done a second time beside it.
    pub(crate) fn begin(&self, id: Uuid) -> Option<AtIt> {
        locked(&self.at).insert(id).then(|| AtIt { id, at: Arc::clone(&self.at) })
    }
}

impl Herald {
    /// Gives back what the process before this one held, once.
    pub(crate) async fn succeed(&self) -> Result<(), HeraldError> {
        let mut place = self.holder.place.lock().await;
        if !matches!(*place, Place::Unknown) {
            return Ok(());
        }
        let taken = Succession::take(&self.holder.path).and_then(|taken| match taken {
            Some(mut ours) => Ok(Some((ours.predecessor()?, ours))),
            None => Ok(None),
        });
        *place = match taken {
            Ok(Some((predecessor, mut ours))) => {
                if let Some(predecessor) = predecessor {
                    let mut batch = Batch::new();
                    store::give_back_channels(&mut batch, predecessor);
                    store::give_back_webhooks(&mut batch, predecessor);
                    self.database.apply(batch).await?;
                }
                match ours.sign(self.holder.name) {
                    Ok(()) => Place::Ours { _place: ours },
                    Err(error) => self.without_place(&error),
                }
            }
            Ok(None) => Place::None,
            Err(error) => self.without_place(&error),
        };
        Ok(())
    }

    fn without_place(&self, error: &std::io::Error) -> Place {
        let path = self.holder.path.display();
        tracing::warn!(%path, %error, "not written: what is being sent when this process is killed rests a minute");
        Place::None
    }
}
