//! `cargo xtask test`: every test there is, on SQLite and on PostgreSQL, with Redis and with NATS.

mod runner;

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    cargo, environment,
    failure::Failure,
    nats,
    postgres::{self, Server},
    redis, say,
};

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

/// The servers there are.
struct Servers {
    postgres: Option<Server>,
    redis: Option<redis::Server>,
    nats: Option<nats::Server>,
}

/// Runs them.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let servers =
        Servers { postgres: postgres::find().await?, redis: redis::find().await?, nats: nats::find().await? };
    if let Some(server) = &servers.postgres {
        say!("PostgreSQL: {}", server.origin());
    }
    if let Some(server) = &servers.redis {
        say!("Redis: {}", server.origin());
    }
    if let Some(server) = &servers.nats {
        say!("NATS: {}", server.origin());
    }
    servers.leave_out_loudly()?;
    let outcome = all(&arguments.runner, &servers).await;
    servers.leave_out_loudly()?;
    if let Some(server) = servers.postgres {
        server.clean_up().await;
    }
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
    command.env("PERENNIAL_TEST_BINARY", program);
    let places = [
        (postgres::VARIABLE, servers.postgres.as_ref().map(Server::url)),
        (redis::VARIABLE, servers.redis.as_ref().map(redis::Server::address)),
        (nats::VARIABLE, servers.nats.as_ref().map(nats::Server::address)),
    ];
    for (variable, place) in places {
        match place {
            Some(place) => command.env(variable, place),
            None => command.env_remove(variable),
        };
    }
    Ok(cargo::run(command).await?.success())
}

impl Servers {
    /// Says which tests are left out for want of a server.
    fn leave_out_loudly(&self) -> Result<(), Failure> {
        if self.postgres.is_none() {
            say!("****************************************************************************");
            say!("* NO POSTGRESQL: every test that needs it is LEFT OUT (their names end in  *");
            say!("* `postgres`). Install PostgreSQL, or say where one is:                    *");
            say!("* PERENNIAL_TEST_POSTGRES=postgres://user@host/database cargo xtask test   *");
            say!("****************************************************************************");
        }
        if self.redis.is_none() {
            say!("****************************************************************************");
            say!("* NO REDIS: what processes count together is LEFT OUT. Install Redis, or   *");
            say!("* say where one is: PERENNIAL_TEST_REDIS=127.0.0.1:6379 cargo xtask test   *");
            say!("****************************************************************************");
        }
        if self.nats.is_none() {
            say!("****************************************************************************");
            say!("* NO NATS: what several processes tell one another is LEFT OUT. Install    *");
            say!("* nats-server, or say where one with JetStream is:                         *");
            say!("* PERENNIAL_TEST_NATS=127.0.0.1:4222 cargo xtask test                      *");
            say!("****************************************************************************");
        }
        let left_out = self.postgres.is_none() || self.redis.is_none() || self.nats.is_none();
        if environment::is_ci() && left_out {
            return Err(Failure::new("under CI=true no test may be left out"));
        }
        Ok(())
    }
}
