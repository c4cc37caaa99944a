//! `cargo xtask bench events`: how fast what was written is heard, how late it is at a steady rate, and how fast it goes
//! to those outside.
//!
//! Everything is the program's own: events that it once wrote are copied with fresh ids into its outbox while it is
//! stopped, and it is watched from outside, by its own counts, while it carries them to every consumer that listens. At
//! the steady rate it is asked by people who change their settings, each change an event; how late each consumer takes
//! it, the program says itself. What goes outside goes to a provider on this machine that says yes to everything.
#![expect(
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "it prints rates"
)]

mod backlog;
mod outside;
mod steady;

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use super::instance::{Instance, Place};
use crate::{failure::Failure, nats, postgres, say};

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Events that wait to be carried
    #[arg(long, default_value_t = 50_000)]
    events: usize,
    /// Events a second at the steady rate
    #[arg(long, default_value_t = 1_000)]
    rate: u64,
    /// How long that lasts, in seconds
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// Reminders that each of 32 channels is sent
    #[arg(long, default_value_t = 250)]
    reminders: usize,
}

/// What is asked of it: events a second, and how late 99 of a hundred may be.
const ASKED: (f64, Duration) = (5_000.0, Duration::from_millis(250));

/// An installation under measurement.
struct Stage {
    name: &'static str,
    place: Place,
    variables: Vec<(&'static str, String)>,
}

impl Stage {
    fn start(&self, options: &[&str]) -> Result<Instance, Failure> {
        let settings: Vec<_> = self.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Instance::start_with(&self.place, options, &settings)
    }
}

/// Measures, each time where nothing is yet.
pub(super) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    println!("{:<22} {:<34} {:>12}", "on", "what", "");
    let folder = std::env::temp_dir().join(format!("perennial-events-{}", std::process::id()));
    let place = Place::Folder(folder.clone());
    let outcome = measure(arguments, &Stage { name: "SQLite", place, variables: local() }).await;
    std::fs::remove_dir_all(&folder)?;
    outcome?;
    on_postgres(arguments, "PostgreSQL", local()).await?;
    match nats::find().await? {
        Some(nats) => {
            on_postgres(arguments, "PostgreSQL, JetStream", over_nats(nats.address())).await?;
        }
        None => say!("no NATS: its part is left out"),
    }
    Ok(())
}

async fn on_postgres(
    arguments: &Arguments,
    name: &'static str,
    variables: Vec<(&'static str, String)>,
) -> Result<(), Failure> {
    let Some(server) = postgres::find().await? else {
        say!("no PostgreSQL: its part is left out");
        return Ok(());
    };
    let place = Place::Url(server.url().to_owned());
    let outcome = measure(arguments, &Stage { name, place, variables }).await;
    server.clean_up().await;
    outcome
}

/// What goes outside stays on this machine.
fn local() -> Vec<(&'static str, String)> {
    vec![
        ("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true".into()),
        // Those who make everything are not to be told that the machine is busy.
        ("PERENNIAL_LOAD_IN_FLIGHT", "0".into()),
    ]
}

fn over_nats(server: &str) -> Vec<(&'static str, String)> {
    let stream = format!("BENCH_{:x}", RandomState::new().hash_one("stream"));
    let over = [
        ("PERENNIAL_NATS_URL", format!("nats://{server}")),
        ("PERENNIAL_NATS_STREAM", stream),
        ("PERENNIAL_EVENTS_KEEP", "1h".into()),
    ];
    local().into_iter().chain(over).collect()
}

async fn measure(arguments: &Arguments, stage: &Stage) -> Result<(), Failure> {
    let line = |what: &str, figure: String| println!("{:<22} {what:<34} {figure:>12}", stage.name);
    let verdict = |holds: bool| if holds { "" } else { "  LESS THAN ASKED" };
    let carried = backlog::carry(stage, arguments.events).await?;
    line("events a second, each to all", format!("{carried:.0}{}", verdict(carried >= ASKED.0)));
    let steady = steady::ask(stage, arguments.rate, Duration::from_secs(arguments.seconds)).await?;
    line("at a steady rate of, a second", format!("{:.0}", steady.rate));
    let late = steady.late.map_or("over 10 s".into(), |late| format!("{} ms", late.as_millis()));
    let holds = steady.late.is_some_and(|late| late <= ASKED.1);
    line("  99 of 100 are heard within", format!("{late}{}", verdict(holds)));
    let sent = outside::send(stage, arguments.reminders).await?;
    line("messages a second to the outside", format!("{sent:.0}"));
    Ok(())
}
