//! Databases for tests: one body, run on SQLite and on PostgreSQL.
//!
//! PostgreSQL is the server at `PERENNIAL_TEST_POSTGRES`, which `cargo xtask test` finds or starts. Without it such
//! a test says so and passes, except under `CI=true`, where it fails.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that cannot be set up has failed, and says so where the runner shows it"
)]

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use kernel::{Clock, Ids};

use crate::{
    db::{Database, DatabaseLocation, Migration},
    dependencies::Dependencies,
    outbound::{Outbound, Reach},
    system::{SystemClock, SystemIds},
};

/// The variable that tells tests where PostgreSQL is.
pub const POSTGRES: &str = "PERENNIAL_TEST_POSTGRES";
/// The variable that tells tests where Redis is.
pub const REDIS: &str = "PERENNIAL_TEST_REDIS";

/// The variable that tells tests where NATS is.
pub const NATS: &str = "PERENNIAL_TEST_NATS";

/// The URL of a PostgreSQL server for tests, or `None` when the test is to be left out.
///
/// # Panics
/// Under `CI=true`, where leaving a test out is a failure.
pub fn postgres_url() -> Option<String> {
    server(POSTGRES)
}

/// Where a Redis for tests is, `127.0.0.1:6379`, or `None` when the test is to be left out.
///
/// # Panics
/// Under `CI=true`, where leaving a test out is a failure.
pub fn redis_address() -> Option<String> {
    server(REDIS)
}

/// Where a NATS with JetStream for tests is, `127.0.0.1:4222`, or `None` when the test is to be left out.
///
/// # Panics
/// Under `CI=true`, where leaving a test out is a failure.
pub fn nats_address() -> Option<String> {
    server(NATS)
}

/// The NATS server itself, for tests that start one of their own to stop it, or `None` when they are to be left out.
///
/// # Panics
/// Under `CI=true`, where leaving a test out is a failure.
pub fn nats_program() -> Option<std::path::PathBuf> {
    nats_address()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let program = folders.map(|folder| folder.join("nats-server")).find(|file| file.is_file());
    if program.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "there is no nats-server to start");
        eprintln!("left out: there is no nats-server to start");
    }
    program
}

fn server(variable: &str) -> Option<String> {
    let place = std::env::var(variable).ok();
    if place.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{variable} is not set: run `cargo xtask test`"
        );
        eprintln!("left out: {variable} is not set; `cargo xtask test` finds or starts a server");
    }
    place
}

/// A SQLite database in a folder that goes with the test.
pub async fn sqlite(name: &'static str, migrations: &[Migration]) -> (Database, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let location = DatabaseLocation::Folder(folder.path().to_owned());
    (open(&location, name, migrations).await, folder)
}

/// A PostgreSQL schema of its own, or `None` when there is no server.
pub async fn postgres(name: &'static str, migrations: &[Migration]) -> Option<Database> {
    let url = postgres_url()?;
    let schema = format!("test_{name}_{}", ids().uuid().simple());
    Some(open(&DatabaseLocation::Url(url), Box::leak(schema.into_boxed_str()), migrations).await)
}

async fn open(location: &DatabaseLocation, name: &'static str, migrations: &[Migration]) -> Database {
    Database::open(location, name, migrations, 4, Duration::from_secs(10)).await.unwrap()
}

/// Real ids.
pub fn ids() -> Arc<dyn Ids> {
    Arc::new(SystemIds::new(Arc::new(SystemClock::new())))
}

/// A way out, to anywhere.
pub fn outbound() -> Outbound {
    Outbound::new(Reach::Anywhere, &Dependencies::new())
}

/// A clock that a test sets.
#[derive(Debug)]
pub struct SetClock(std::sync::Mutex<Timestamp>);

impl SetClock {
    /// Shows that instant until it is set.
    pub fn at(instant: &str) -> Arc<Self> {
        Arc::new(Self(std::sync::Mutex::new(instant.parse().unwrap())))
    }

    /// Shows that instant from now on.
    pub fn set(&self, instant: &str) {
        *self.0.lock().unwrap() = instant.parse().unwrap();
    }

    /// Goes on by that much.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap();
        *now += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Turns each body into two tests, one a database.
///
/// ```text
/// both_databases! { MIGRATIONS,
///     async fn a_row_is_read_back(database: Database) { … }
/// }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($migrations:expr, $($(#[$meta:meta])* async fn $name:ident($database:ident: Database) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn body($database: $crate::db::Database) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let (database, _folder) = $crate::testing::sqlite("test", $migrations).await;
                body(database).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = $crate::testing::postgres("test", $migrations).await {
                    body(database).await;
                }
            }
        }
    )*};
}
