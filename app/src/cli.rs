//! The command line.
#![expect(clippy::print_stderr, reason = "a command line talks to its terminal")]

use std::{error::Error, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use kernel::Clock;
use platform::{settings::Mistake, system::SystemClock};

use crate::{accounts, dead_letters, demo, events, output::say, serve, settings::Settings, tickets, wiring};

/// Keeps track of everything a household pays for again and again.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

/// What every command takes.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Options {
    /// Read settings from this TOML file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Keep the databases in this folder
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Listen on this address and port
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Begin at this time and run on from there (RFC 3339); not in production
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) clock: Option<Timestamp>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and the API (this is also what happens without a command)
    Serve,
    /// Bring the databases up to date, and stop
    Migrate,
    /// Show the settings in force, secrets hidden, or every mistake in them
    CheckConfig,
    /// Print the OpenAPI document
    Openapi,
    /// Work with accounts
    User {
        #[command(subcommand)]
        command: accounts::UserCommand,
    },
    /// Work with events that could not be taken
    DeadLetters {
        #[command(subcommand)]
        command: dead_letters::DeadLettersCommand,
    },
    /// Work with what modules tell one another
    Events {
        #[command(subcommand)]
        command: events::EventsCommand,
    },
    /// Work with what people handed over from help
    Tickets {
        #[command(subcommand)]
        command: tickets::TicketsCommand,
    },
    /// Fill a believable household and serve it
    Demo,
}

/// Anything that ends the program, for the operator to read.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// Says why the program ends.
pub(crate) fn failed(error: &dyn Error) -> ExitCode {
    eprintln!("perennial: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        eprintln!("  because: {inner}");
        cause = inner.source();
    }
    ExitCode::FAILURE
}

pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    let options = cli.options;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let settings = load(&options)?;
            let clock = clock(&options, &settings)?;
            serve::serve(settings, clock, announce).await
        }
        Command::Migrate => migrate(&load(&options)?).await,
        Command::CheckConfig => check_config(&options),
        Command::Openapi => say(wiring::openapi().await?),
        Command::User { command } => {
            let settings = load(&options)?;
            let clock = clock(&options, &settings)?;
            accounts::run(command, settings, clock).await
        }
        Command::DeadLetters { command } => dead_letters::run(command, &load(&options)?).await,
        Command::Events { command } => {
            let settings = load(&options)?;
            let clock = clock(&options, &settings)?;
            events::run(command, &settings, clock).await
        }
        Command::Tickets { command } => {
            let settings = load(&options)?;
            let clock = clock(&options, &settings)?;
            tickets::run(command, &settings, clock).await
        }
        Command::Demo => demo::run(options).await,
    }
}

/// Said once requests are answered, for people and for scripts that wait for it.
pub(crate) fn announce(address: SocketAddr) {
    // It serves whether or not anybody reads that.
    let _ = say(format!("listening on http://{address}"));
}

pub(crate) fn load(options: &Options) -> Result<Settings, Failure> {
    Settings::load(options).map(|(settings, _)| settings).map_err(|mistakes| said(&mistakes).into())
}

fn said(mistakes: &[Mistake]) -> String {
    let lines: Vec<String> = mistakes.iter().map(|mistake| format!("\n  {mistake}")).collect();
    format!("the settings are not right:{}", lines.concat())
}

/// The clock of the process: the machine's, unless another time was asked for where that is allowed.
pub(crate) fn clock(options: &Options, settings: &Settings) -> Result<Arc<dyn Clock>, Failure> {
    match options.clock {
        None => Ok(Arc::new(SystemClock::new())),
        Some(_) if settings.general.environment.is_production() => {
            Err("--clock is for staging and tests: it is refused where environment is production".into())
        }
        Some(start) => Ok(Arc::new(SystemClock::starting_at(start))),
    }
}

async fn migrate(settings: &Settings) -> Result<(), Failure> {
    for (name, _) in wiring::databases(settings).await?.named() {
        say(format!("{name}: up to date"))?;
    }
    Ok(())
}

fn check_config(options: &Options) -> Result<(), Failure> {
    let (_, known) = Settings::load(options).map_err(|mistakes| said(&mistakes))?;
    for setting in known {
        say(format!("{} = {}  # {}", setting.name, setting.value, setting.origin))?;
    }
    Ok(())
}
