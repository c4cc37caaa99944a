//! A module's database, whichever engine runs it.

use std::{
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use kernel::HouseholdId;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    Batch, DbError, FromRow, MigrateError, Migration, Statement, batch::Step, migrate, postgres::Postgres,
    revision::EVERYBODY, sqlite::Sqlite,
};

/// Where databases are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseLocation {
    /// A folder with a SQLite file a module.
    Folder(PathBuf),
    /// A PostgreSQL database with a schema a module.
    Url(String),
}

/// Makes a folder that its owner alone may look into: passwords' hashes and signing keys are in there.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A module's own database: nobody else reads it or writes to it. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    engine: Engine,
    told: Arc<Notify>,
    counts_changes: Arc<AtomicBool>,
    changed: Arc<OnceLock<Changed>>,
}

/// Told, after a commit of this process, whose things it changed.
pub type Changed = Box<dyn Fn(HouseholdId) + Send + Sync>;

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Database {
    /// Opens the database of the module `name`, made and migrated first where needed.
    ///
    /// # Errors
    /// [`MigrateError`] when it cannot be reached or its history is not a prefix of `migrations`.
    pub async fn open(
        location: &DatabaseLocation,
        name: &'static str,
        migrations: &[Migration],
        connections: usize,
        statement_timeout: Duration,
    ) -> Result<Self, MigrateError> {
        let migrations = migrate::with_platform(name, migrations);
        let engine = match location {
            DatabaseLocation::Folder(folder) => {
                private_folder(folder).map_err(MigrateError::database)?;
                let path = folder.join(format!("{name}.db"));
                Engine::Sqlite(Arc::new(Sqlite::open(&path, &migrations, statement_timeout)?))
            }
            DatabaseLocation::Url(url) => Engine::Postgres(Arc::new(
                Postgres::open(url, name, &migrations, connections, statement_timeout).await?,
            )),
        };
        Ok(Self {
            engine,
            told: Arc::new(Notify::new()),
            counts_changes: Arc::default(),
            changed: Arc::default(),
        })
    }

    /// From now on every batch says whose things it changes ([`Batch::of`], [`Batch::unseen`]), whoever applies it, so
    /// that [`revision`](Self::revision) tells whether what was remembered of a household still holds.
    pub fn count_changes(&self) {
        self.counts_changes.store(true, Ordering::Relaxed);
    }

    /// From now on `changed` is told of every household that a batch of this process concerned. It must be quick. Only
    /// the first one is told.
    pub fn on_change(&self, changed: Changed) {
        let _ = self.changed.set(changed);
    }

    /// How often what belongs to a household has been changed. What is read after this is at least as new; what was
    /// written before it was asked for is counted.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn revision(&self, household: HouseholdId) -> Result<i64, DbError> {
        match &self.engine {
            Engine::Sqlite(sqlite) => Ok(i64::try_from(sqlite.revision(household.uuid())).unwrap_or(0)),
            Engine::Postgres(_) => {
                let counted = self.optional::<(i64,)>(crate::sql!(
                    "SELECT CAST(coalesce(sum(revision), 0) AS BIGINT) FROM revisions
                     WHERE household_id IN ($1, $2)",
                    household,
                    EVERYBODY
                ));
                Ok(counted.await?.map_or(0, |(revision,)| revision))
            }
        }
    }

    /// Whether other processes may be using it at the same moment.
    pub fn is_shared(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Wakes whoever relays events, when some were written.
    pub fn told(&self) -> Arc<Notify> {
        Arc::clone(&self.told)
    }

    /// All rows of a query, which bounds their number itself.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn all<T: FromRow>(&self, statement: Statement) -> Result<Vec<T>, DbError> {
        crate::context::count_statement();
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.all(&statement),
            Engine::Postgres(postgres) => postgres.all(&statement).await,
        }
    }

    /// The first row of a query, if it has any.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn optional<T: FromRow>(&self, statement: Statement) -> Result<Option<T>, DbError> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    /// Applies a batch, whole or not at all. An error leaves nothing behind, except that after
    /// [`DbError::Unavailable`] it may have been applied all the same: the answer was lost, not the write.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn apply(&self, batch: Batch) -> Result<(), DbError> {
        if batch.is_empty() {
            return Ok(());
        }
        crate::context::count_statement();
        let has_events = batch.has_events();
        let concerned = batch.households();
        let unsaid =
            concerned.is_none() && self.counts_changes.load(Ordering::Relaxed) && batch.changes_rows();
        debug_assert!(!unsaid, "a batch does not say whose things it changes: {batch:?}");
        // Where no test has gone, what is remembered of anybody is forgotten: that costs time, and nothing else.
        let concerned = concerned.unwrap_or_else(|| if unsaid { vec![EVERYBODY] } else { Vec::new() });
        let heard = self.changed.get().map(|changed| (changed, concerned.clone()));
        let locking = batch.locking();
        let mut steps = batch.into_steps();
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.apply(steps, concerned).await?,
            Engine::Postgres(postgres) => {
                steps.splice(0..0, locking);
                steps.extend(concerned.into_iter().map(count_change));
                postgres.apply(&steps).await?;
            }
        }
        if has_events {
            self.told.notify_one();
        }
        if let Some((changed, households)) = heard {
            households.into_iter().map(HouseholdId::from_uuid).for_each(changed);
        }
        Ok(())
    }

    /// Does one writing statement and returns the rows of its `RETURNING`: the way to claim due work.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn claim<T: FromRow>(&self, statement: Statement) -> Result<Vec<T>, DbError> {
        crate::context::count_statement();
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.returning(statement).await,
            Engine::Postgres(postgres) => postgres.all(&statement).await,
        }
    }

    /// Puts everything into one file where that is how it is kept, so that a stopped program leaves nothing beside it.
    ///
    /// # Errors
    /// [`DbError`]; nothing is lost then.
    pub async fn close(&self) -> Result<(), DbError> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.checkpoint().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// [`DbError`] says why it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.all::<(i64,)>(crate::sql!("SELECT count(*) FROM outbox WHERE sequence < 0")).await.map(|_| ())
    }
}

/// The step that counts a change of a household's things, where processes share a database. It stands last, so that its
/// row is locked for as short as can be, and every batch locks in the same order.
fn count_change(household: Uuid) -> Step {
    Step::any(crate::sql!(
        "INSERT INTO revisions (household_id, part, revision) VALUES ($1, pg_backend_pid() % 64, 1)
         ON CONFLICT (household_id, part) DO UPDATE SET revision = revisions.revision + 1",
        household
    ))
}
