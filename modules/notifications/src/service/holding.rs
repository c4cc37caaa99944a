//! What this process holds: by one name as long as it lives, each thing once, and what the process before it in the same
//! folder held when it was killed is given back.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use platform::{db::Batch, succession::Follower};
use uuid::Uuid;

use super::Herald;
use crate::{error::HeraldError, store};

/// The file in the data folder that says by which name things are held.
const FILE: &str = "notifications.holder";

/// By which name this process holds channels and webhooks, and which it is at.
#[derive(Debug)]
pub(crate) struct Holder {
    at: Arc<Mutex<HashSet<Uuid>>>,
    follower: Follower,
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
        Self { at: Arc::default(), follower: Follower::new(name, folder.join(FILE)) }
    }

    pub(crate) fn name(&self) -> Uuid {
        self.follower.name()
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
        let give_back = async |predecessor| {
            let mut batch = Batch::new();
            store::give_back_channels(&mut batch, predecessor);
            store::give_back_webhooks(&mut batch, predecessor);
            Ok(self.database.apply(batch).await?)
        };
        self.holder.follower.succeed(give_back).await
    }
}
