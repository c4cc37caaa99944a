//! `cargo xtask test`: every test there is, on SQLite and on PostgreSQL.

mod runner;

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    cargo, environment,
    failure::Failure,
    postgres::{self, Server},
    say,
};

/// What the command line says.
#[derive(clap::Args)]
#[command(after_help = "\
Environment:
  PERENNIAL_TEST_POSTGRES      a server to use: postgres://user@host:port/database
  PERENNIAL_TEST_POSTGRES_OWN  1: start a private server even where one is running
  CI                           true: a test that is left out is a failure")]
pub(crate) struct Arguments {
    /// For the test runner (cargo-nextest where it is installed, else cargo test); documentation tests are then
    /// left out
    #[arg(last = true)]
    runner: Vec<String>,
}

/// Runs them.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let server = postgres::find().await?;
    if let Some(server) = &server {
        say!("PostgreSQL: {}", server.origin());
    } else {
        leave_out_loudly()?;
    }
    let outcome = all(&arguments.runner, server.as_ref()).await;
    match server {
        Some(server) => server.clean_up().await,
        None => leave_out_loudly()?,
    }
    outcome
}

/// The documentation's tests first: the runner's summary is to be the last thing seen.
async fn all(extra: &[String], server: Option<&Server>) -> Result<ExitCode, Failure> {
    let program = tokio::task::block_in_place(cargo::build_program)?;
    let documented = if extra.is_empty() {
        passes(cargo::cargo(&["test", "--workspace", "--doc", "--quiet"]), &program, server).await?
    } else {
        true
    };
    if !documented {
        say!("documentation tests FAILED, see above; going on with the others");
    }
    let tested = passes(runner::command(extra), &program, server).await?;
    Ok(if documented && tested { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn passes(mut command: Command, program: &Path, server: Option<&Server>) -> Result<bool, Failure> {
    command.env("PERENNIAL_TEST_BINARY", program);
    match server {
        Some(server) => command.env(postgres::VARIABLE, server.url()),
        None => command.env_remove(postgres::VARIABLE),
    };
    Ok(cargo::run(command).await?.success())
}

fn leave_out_loudly() -> Result<(), Failure> {
    say!("****************************************************************************");
    say!("* NO POSTGRESQL: every test that needs it is LEFT OUT (their names end in  *");
    say!("* `postgres`). Install PostgreSQL, or say where one is:                    *");
    say!("* PERENNIAL_TEST_POSTGRES=postgres://user@host/database cargo xtask test   *");
    say!("****************************************************************************");
    if environment::is_ci() {
        return Err(Failure::new("under CI=true no test may be left out"));
    }
    Ok(())
}
