//! `cargo xtask test`: every test there is, on SQLite and on PostgreSQL, with Redis and with NATS.

mod runner;

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use crate::{cargo, failure::Failure, say, servers::Servers};

/// What the command line says.
#[derive(clap::Args)]
#[command(after_help = "\
Environment:
  PERENNIAL_TEST_POSTGRES      a server to use: postgres://user@host:port/database
  PERENNIAL_TEST_POSTGRES_OWN  1: start a private server even where one is running
  PERENNIAL_TEST_REDIS         a Redis to use: host:port
  PERENNIAL_TEST_NATS          a NATS with JetStream to use: host:port
  CI                           true: a test that is left out is a failure")]
pub(crate) struct Arguments {
    /// For the test runner (cargo-nextest where it is installed, else cargo test); documentation tests are then
    /// left out
    #[arg(last = true)]
    runner: Vec<String>,
}

/// Runs them.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let servers = Servers::find().await?;
    servers.leave_out_loudly()?;
    let outcome = all(&arguments.runner, &servers).await;
    servers.leave_out_loudly()?;
    servers.clean_up().await;
    outcome
}

/// The documentation's tests first: the runner's summary is to be the last thing seen.
async fn all(extra: &[String], servers: &Servers) -> Result<ExitCode, Failure> {
    let program = tokio::task::block_in_place(cargo::build_program)?;
    let documented = if extra.is_empty() {
        passes(cargo::cargo(&["test", "--workspace", "--doc", "--quiet"]), &program, servers).await?
    } else {
        true
    };
    if !documented {
        say!("documentation tests FAILED, see above; going on with the others");
    }
    let tested = passes(runner::command(extra), &program, servers).await?;
    Ok(if documented && tested { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn passes(mut command: Command, program: &Path, servers: &Servers) -> Result<bool, Failure> {
    command.env(cargo::PROGRAM, program);
    servers.tell(&mut command);
    Ok(cargo::run(command).await?.success())
}
