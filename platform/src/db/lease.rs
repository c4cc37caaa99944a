//! Work that one process at a time does, handed on when that process is gone.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

use super::{Batch, Database, DbError};
use crate::{succession::Follower, system};

/// How long a lease holds unless it is renewed: how long work rests when its process dies.
const HOLDS: Duration = Duration::from_secs(5);

/// A process as leases know it.
pub struct Holder {
    name: Uuid,
    follows: Option<(Follower, Vec<Database>)>,
}

impl Holder {
    /// One that follows nobody: what it holds when it is killed rests until it has run out.
    pub fn alone(name: Uuid) -> Arc<Self> {
        Arc::new(Self { name, follows: None })
    }

    /// One that, before it holds anything, gives back what the process before it held in these databases: the one that
    /// signed the file at `path` before it and was killed.
    pub fn following(name: Uuid, path: PathBuf, databases: Vec<Database>) -> Arc<Self> {
        Arc::new(Self { name, follows: Some((Follower::new(name, path), databases)) })
    }

    async fn succeed(&self) -> Result<(), DbError> {
        let Some((follower, databases)) = &self.follows else { return Ok(()) };
        let give_back = async |predecessor: Uuid| {
            for database in databases {
                let mut batch = Batch::new();
                batch.add(crate::sql!("DELETE FROM leases WHERE holder = $1", predecessor));
                database.apply(batch).await?;
            }
            Ok(())
        };
        follower.succeed(give_back).await
    }
}

/// The right to do one named piece of work, for a while. Where no other process can be at the database, it is
/// always had.
pub struct Lease {
    database: Database,
    name: &'static str,
    holder: Arc<Holder>,
    renewed: Mutex<Option<Instant>>,
}

impl Lease {
    /// A lease on `name`, not yet held.
    pub fn new(database: Database, name: &'static str, holder: Arc<Holder>) -> Self {
        Self { database, name, holder, renewed: Mutex::new(None) }
    }

    /// Takes or keeps the lease; `false` when another process holds it.
    ///
    /// Its clock is the machine's, whatever `--clock` says: processes that live in different months must still
    /// agree on it.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn acquire(&self) -> Result<bool, DbError> {
        if !self.database.is_shared() || self.is_fresh() {
            return Ok(true);
        }
        self.holder.succeed().await?;
        let asked = Instant::now();
        let now = system::wall_clock();
        let held: Vec<(Uuid,)> = self
            .database
            .claim(crate::sql!(
                "INSERT INTO leases (name, holder, held_until) VALUES ($1, $2, $3)
                 ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
                 WHERE leases.held_until < $4 OR leases.holder = excluded.holder
                 RETURNING holder",
                self.name,
                self.holder.name,
                now + HOLDS,
                now
            ))
            .await?;
        let held = !held.is_empty();
        *self.renewed.lock().unwrap_or_else(PoisonError::into_inner) = held.then_some(asked);
        Ok(held)
    }

    fn is_fresh(&self) -> bool {
        let renewed = *self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        renewed.is_some_and(|at| at.elapsed() < HOLDS / 3)
    }

    /// Gives it back, so that another process need not wait for it to run out.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn release(&self) -> Result<(), DbError> {
        if !self.database.is_shared() {
            return Ok(());
        }
        let mut batch = Batch::new();
        batch.add(crate::sql!(
            "DELETE FROM leases WHERE name = $1 AND holder = $2",
            self.name,
            self.holder.name
        ));
        self.database.apply(batch).await
    }
}
