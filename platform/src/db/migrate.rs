//! Migrations: embedded, one append-only list a module, with its own history.
//!
//! Only column type names differ between the databases (`dialect.rs`). A migration runs in a transaction of its
//! own; what has run is known by its checksum, and a list that does not continue the history is refused.

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::dialect::Dialect;

/// One step of a schema, written once and never changed after it has been released.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// A short name: `0001_subscriptions`.
    pub name: &'static str,
    /// Statements in the neutral types of `dialect.rs`.
    pub text: &'static str,
}

/// The migrations of a folder, in the order given: `migrations!["0001_first", "0002_second"]`.
#[macro_export]
macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$($crate::db::Migration {
            name: $name,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
        }),*]
    };
}

/// What every module's database has: the outbox, the inbox, dead letters, leases, counts of changes.
const PLATFORM: &[Migration] = crate::migrations!["0001_events", "0002_revisions"];

/// Why a database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// It cannot be reached, or refuses a statement.
    #[error("{0}")]
    Database(String),
    /// A migration that has run is not the one this program knows.
    #[error(
        "migration {name} of {owner} has run in another form than this program knows: \
         it is not a database of this version or an earlier one"
    )]
    Changed {
        /// Whose.
        owner: String,
        /// Which.
        name: String,
    },
    /// The database is ahead of this program.
    #[error(
        "migration {name} of {owner} has run, but this program does not know it: start the newer version"
    )]
    Newer {
        /// Whose.
        owner: String,
        /// Which.
        name: String,
    },
    /// A migration failed.
    #[error("migration {name} of {owner} failed: {cause}")]
    Failed {
        /// Whose.
        owner: String,
        /// Which.
        name: String,
        /// What the database said.
        cause: String,
    },
}

impl MigrateError {
    #[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
    pub(super) fn database(error: impl ToString) -> Self {
        Self::Database(error.to_string())
    }
}

/// A list and whose it is.
pub(super) struct Owned<'m> {
    owner: &'m str,
    list: &'m [Migration],
}

pub(super) fn with_platform<'m>(module: &'m str, list: &'m [Migration]) -> [Owned<'m>; 2] {
    [Owned { owner: "platform", list: PLATFORM }, Owned { owner: module, list }]
}

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS migrations (
    owner TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
    PRIMARY KEY (owner, position)
) STRICT";
const DONE: &str = "SELECT name, checksum FROM migrations WHERE owner = $1 ORDER BY position";
const RECORD: &str = "INSERT INTO migrations (owner, position, name, checksum) VALUES ($1, $2, $3, $4)";

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Owned<'_> {
    /// Those still to run, with their positions, when the history is what it should be.
    fn outstanding(&self, done: &[(String, String)]) -> Result<Vec<(usize, Migration)>, MigrateError> {
        for (position, (name, checksum_then)) in done.iter().enumerate() {
            let owner = self.owner.to_owned();
            match self.list.get(position) {
                Some(known) if known.name == name && checksum(known.text) == *checksum_then => {}
                Some(_) => return Err(MigrateError::Changed { owner, name: name.clone() }),
                None => return Err(MigrateError::Newer { owner, name: name.clone() }),
            }
        }
        Ok(self.list.iter().copied().enumerate().skip(done.len()).collect())
    }

    fn failed(&self, migration: Migration, cause: &impl ToString) -> MigrateError {
        MigrateError::Failed {
            owner: self.owner.to_owned(),
            name: migration.name.to_owned(),
            cause: cause.to_string(),
        }
    }
}

pub(super) fn sqlite(connection: &mut Connection, lists: &[Owned<'_>]) -> Result<(), MigrateError> {
    let dialect = Dialect::Sqlite;
    connection.execute_batch(&dialect.migration(HISTORY)).map_err(MigrateError::database)?;
    for list in lists {
        // Immediate: two processes that start at once take turns, and the second finds the work done.
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(MigrateError::database)?;
        let done = {
            let mut statement =
                transaction.prepare(dialect.statement(DONE)).map_err(MigrateError::database)?;
            let rows = statement
                .query_map([list.owner], |row| Ok((row.get(0)?, row.get(1)?)))
                .map_err(MigrateError::database)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(MigrateError::database)?
        };
        for (position, migration) in list.outstanding(&done)? {
            transaction
                .execute_batch(&dialect.migration(migration.text))
                .and_then(|()| {
                    let row = (list.owner, position as i64, migration.name, checksum(migration.text));
                    transaction.execute(dialect.statement(RECORD), row)
                })
                .map_err(|error| list.failed(migration, &error))?;
        }
        transaction.commit().map_err(MigrateError::database)?;
    }
    Ok(())
}

pub(super) async fn postgres(
    client: &mut tokio_postgres::Client,
    schema: &str,
    lists: &[Owned<'_>],
) -> Result<(), MigrateError> {
    let dialect = Dialect::Postgres;
    let transaction = client.transaction().await.map_err(MigrateError::database)?;
    // Processes that start at once take turns; the lock goes with the transaction.
    let prologue = format!(
        "SELECT pg_advisory_xact_lock(hashtext('perennial:{schema}'));
         CREATE SCHEMA IF NOT EXISTS \"{schema}\"; {}",
        dialect.migration(HISTORY)
    );
    transaction.batch_execute(&prologue).await.map_err(postgres_said)?;
    for list in lists {
        let done: Vec<(String, String)> = transaction
            .query(DONE, &[&list.owner])
            .await
            .map_err(postgres_said)?
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        for (position, migration) in list.outstanding(&done)? {
            transaction
                .batch_execute(&dialect.migration(migration.text))
                .await
                .map_err(|error| list.failed(migration, &postgres_said(error)))?;
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            transaction
                .execute(RECORD, &[&list.owner, &position, &migration.name, &checksum(migration.text)])
                .await
                .map_err(|error| list.failed(migration, &postgres_said(error)))?;
        }
    }
    transaction.commit().await.map_err(postgres_said)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn postgres_said(error: tokio_postgres::Error) -> MigrateError {
    MigrateError::Database(error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration { name: "0001_first", text: "CREATE TABLE a (id ID) STRICT;" };
    const SECOND: Migration = Migration { name: "0002_second", text: "CREATE TABLE b (id ID) STRICT;" };

    fn run(connection: &mut Connection, list: &[Migration]) -> Result<(), MigrateError> {
        sqlite(connection, &[Owned { owner: "test", list }])
    }

    fn schema(connection: &Connection) -> Vec<String> {
        let mut statement = connection.prepare("SELECT sql FROM sqlite_schema ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        rows.map(|row| row.unwrap().unwrap_or_default()).collect()
    }

    #[test]
    fn a_migrated_schema_equals_a_fresh_one_and_running_again_changes_nothing() {
        let mut migrated = Connection::open_in_memory().unwrap();
        run(&mut migrated, &[FIRST]).unwrap();
        run(&mut migrated, &[FIRST, SECOND]).unwrap();
        run(&mut migrated, &[FIRST, SECOND]).unwrap();
        let mut fresh = Connection::open_in_memory().unwrap();
        run(&mut fresh, &[FIRST, SECOND]).unwrap();
        assert_eq!(schema(&migrated), schema(&fresh));
    }

    #[test]
    fn a_history_that_is_not_ours_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, &[FIRST, SECOND]).unwrap();
        assert!(matches!(run(&mut connection, &[FIRST]), Err(MigrateError::Newer { .. })));
        let changed = Migration { text: "CREATE TABLE b (id TEXT) STRICT;", ..SECOND };
        assert!(matches!(run(&mut connection, &[FIRST, changed]), Err(MigrateError::Changed { .. })));
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing_behind() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken = Migration { name: "0002_broken", text: "CREATE TABLE c (id ID) STRICT; NONSENSE;" };
        assert!(matches!(run(&mut connection, &[FIRST, broken]), Err(MigrateError::Failed { .. })));
        assert!(schema(&connection).iter().all(|sql| !sql.contains("TABLE c")));
    }
}
