//! `cargo xtask bench`: how fast it is, beside the raw engine doing the same statements without us.
//!
//! Everything is measured on this machine, in this run, in turns; what counts is the ratio.

mod events;
mod figures;
mod help;
mod instance;
mod load;
mod outage;
mod overload;
mod raw_postgres;
mod raw_sqlite;
mod renewals;
mod report;

use std::{process::ExitCode, time::Duration};

use crate::{cargo, failure::Failure, postgres, say};
use instance::{Instance, Place};
use load::Load;
use report::Report;

/// Connections that ask at the same time.
const CONNECTIONS: usize = 64;
/// Subscriptions in the household that is listed.
const LISTED: usize = 1_000;

/// What the command line says.
#[derive(clap::Args)]
// One of what is measured is called help; `--help` says what there is.
#[command(disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// How long each measurement takes, in seconds
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// How often each is taken, in turns
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// With what is built for debugging: it tells whether the measurement works, and no figure worth keeping
    #[arg(long)]
    rough: bool,
}

#[derive(clap::Subcommand)]
enum What {
    /// How long the sweep takes when many charges fall due at once
    Renewals(renewals::Arguments),
    /// Whether figures take longer the more there is behind them
    Figures(figures::Arguments),
    /// How fast and how late what was written is heard, and how fast it goes to the outside
    Events(events::Arguments),
    /// How long a step of guided help takes, and what open sessions cost
    Help(help::Arguments),
    /// What becomes of it when three times as many come as can be served
    Overload(overload::Arguments),
    /// What becomes of requests while the Redis that processes share is stopped, slow or emptied
    Outage(outage::Arguments),
}

/// Measures.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    if cfg!(debug_assertions) && !arguments.rough {
        // A slow client would measure itself.
        return optimised().await;
    }
    let mut built = cargo::cargo(&["build", "--workspace", "--bins"]);
    if !cfg!(debug_assertions) {
        built = cargo::cargo(&["build", "--release", "-p", "perennial"]);
    }
    if !cargo::run(built).await?.success() {
        return Err(Failure::new("it does not build"));
    }
    match &arguments.what {
        None => requests(&arguments).await?,
        Some(What::Renewals(renewing)) => renewals::run(renewing).await?,
        Some(What::Figures(asked)) => figures::run(asked).await?,
        Some(What::Events(carried)) => events::run(carried).await?,
        Some(What::Help(asked)) => help::run(asked, arguments.rough).await?,
        Some(What::Overload(storm)) => overload::run(storm).await?,
        Some(What::Outage(asked)) => outage::run(asked).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn requests(arguments: &Arguments) -> Result<(), Failure> {
    let mut report = Report::new(CONNECTIONS);
    sqlite(arguments, &mut report).await?;
    match postgres::find().await? {
        Some(server) => {
            let measured = on_postgres(arguments, server.url(), &mut report).await;
            server.clean_up().await;
            measured?;
        }
        None => say!("no PostgreSQL: its part is left out"),
    }
    report.print();
    Ok(())
}

/// The very same command, built to be fast.
async fn optimised() -> Result<ExitCode, Failure> {
    let mut again = cargo::cargo(&["run", "--quiet", "--release", "-p", "xtask", "--"]);
    again.args(std::env::args_os().skip(1));
    let done = cargo::run(again).await?;
    Ok(if done.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn sqlite(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("perennial-bench-{}", std::process::id()));
    let instance = Instance::start(&Place::Folder(folder.clone()))?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    report.memory("idle", instance.resident_kilobytes()?);
    let load = Load::prepare(&instance, LISTED).await?;
    let duration = Duration::from_secs(arguments.seconds);
    for _ in 0..arguments.rounds {
        let file = folder.join("subscriptions.db");
        report.ours("SQLite", "nothing", load.nothing(CONNECTIONS, duration).await?);
        report.ours("SQLite", "me", load.me(CONNECTIONS, duration).await?);
        report.ours("SQLite", "read", load.list(CONNECTIONS, duration).await?);
        report.raw("SQLite", "read", blocking(file.clone(), duration, raw_sqlite::read).await?);
        report.ours("SQLite", "write", load.create(CONNECTIONS, duration).await?);
        report.raw("SQLite", "write", blocking(file.clone(), duration, raw_sqlite::write).await?);
        report.raw(
            "SQLite",
            "write in groups of 64",
            blocking(file, duration, raw_sqlite::write_grouped).await?,
        );
    }
    report.memory("after the load", instance.resident_kilobytes()?);
    drop(instance);
    Ok(std::fs::remove_dir_all(folder)?)
}

async fn blocking(
    file: std::path::PathBuf,
    duration: Duration,
    measure: fn(&std::path::Path, usize, Duration) -> Result<load::Measured, Failure>,
) -> Result<load::Measured, Failure> {
    let measured = tokio::task::spawn_blocking(move || measure(&file, CONNECTIONS, duration));
    measured.await.map_err(|error| Failure::new(error.to_string()))?
}

async fn on_postgres(arguments: &Arguments, url: &str, report: &mut Report) -> Result<(), Failure> {
    let instance = Instance::start(&Place::Url(url.to_owned()))?;
    let load = Load::prepare(&instance, LISTED).await?;
    let duration = Duration::from_secs(arguments.seconds);
    for _ in 0..arguments.rounds {
        report.ours("PostgreSQL", "nothing", load.nothing(CONNECTIONS, duration).await?);
        report.ours("PostgreSQL", "me", load.me(CONNECTIONS, duration).await?);
        report.ours("PostgreSQL", "read", load.list(CONNECTIONS, duration).await?);
        report.raw("PostgreSQL", "read", raw_postgres::read(url, CONNECTIONS, duration).await?);
        report.ours("PostgreSQL", "write", load.create(CONNECTIONS, duration).await?);
        report.raw("PostgreSQL", "write", raw_postgres::write(url, CONNECTIONS, duration).await?);
    }
    Ok(())
}
