//! `cargo xtask bench renewals`: how long the sweep takes when many charges fall due on one day.
//!
//! The program itself makes one subscription; its row is copied, with fresh ids and households, until there are as
//! many as asked for, each charged once before, and the program is started again on the day on which all of them are
//! charged. It is watched from outside: its own count of charges, and its memory.

mod fill_postgres;
mod fill_sqlite;
mod watch;

use std::path::Path;

use crate::{failure::Failure, postgres, say};

use super::{
    instance::{Instance, Place},
    load::Load,
};
use watch::Swept;

/// The day on which the one is made that the others are copies of.
const BORN: &str = "2026-05-05T06:30:00Z";
/// The day on which all of them are charged again.
const DUE: &str = "2026-06-05T06:30:00Z";
/// Every reminder before it was told on its day: a household is reminded at nine, and charged at midnight.
const TOLD_UNTIL: &str = "2026-07-02T09:00:00Z";
/// Subscriptions of one household.
const A_HOUSEHOLD: usize = 10;

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many are due, one measurement each
    #[arg(long, value_delimiter = ',', default_values_t = [50_000, 2_000_000])]
    pub(crate) due: Vec<usize>,
    /// Only on this engine: sqlite or postgres
    #[arg(long)]
    pub(crate) only: Option<String>,
}

/// Measures.
pub(crate) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let wants = |engine: &str| arguments.only.as_deref().is_none_or(|only| only == engine);
    let mut measured = Vec::new();
    for due in &arguments.due {
        if wants("sqlite") {
            measured.push(("SQLite", *due, on_sqlite(*due).await?));
        }
        if wants("postgres") {
            match postgres::find().await? {
                Some(server) => {
                    let swept = on_postgres(*due, server.url()).await;
                    server.clean_up().await;
                    measured.push(("PostgreSQL", *due, swept?));
                }
                None => say!("no PostgreSQL: its part is left out"),
            }
        }
    }
    watch::print(&measured);
    Ok(())
}

async fn on_sqlite(due: usize) -> Result<Swept, Failure> {
    let folder = std::env::temp_dir().join(format!("perennial-renewals-{}-{due}", std::process::id()));
    let outcome = sqlite_in(&folder, due).await;
    std::fs::remove_dir_all(&folder)?;
    outcome
}

async fn sqlite_in(folder: &Path, due: usize) -> Result<Swept, Failure> {
    let place = || Place::Folder(folder.to_owned());
    make_one(place()).await?;
    fill_sqlite::fill(&folder.join("subscriptions.db"), due)?;
    watch::sweep(&Instance::start_at(&place(), DUE)?, due).await
}

async fn on_postgres(due: usize, url: &str) -> Result<Swept, Failure> {
    let place = || Place::Url(url.to_owned());
    make_one(place()).await?;
    fill_postgres::fill(url, due).await?;
    watch::sweep(&Instance::start_at(&place(), DUE)?, due).await
}

/// The subscription that the others are copies of. Everything that was to be told of it is told.
async fn make_one(place: Place) -> Result<(), Failure> {
    let mut instance = Instance::start_at(&place, BORN)?;
    Load::prepare(&instance, 1).await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    instance.end()
}
