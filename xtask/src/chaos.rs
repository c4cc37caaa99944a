//! `cargo xtask chaos`: the program is killed again and again while reminders fall due and those outside fail, hang and
//! put it off. What it does is in `e2e`, whose tests do less of the same.
//!
//! It builds, and kills, what it was built as itself: `cargo xtask chaos` a program for debugging,
//! `target/release/xtask chaos` one as users run it.

use std::{
    hash::{BuildHasher, RandomState},
    process::{Command, ExitCode},
};

use crate::{cargo, failure::Failure, say, servers::Servers};

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// On these alone: sqlite, postgres, two (two processes on PostgreSQL and NATS)
    #[arg(long, value_delimiter = ',', default_values_t = [On::Sqlite, On::Postgres, On::Two])]
    on: Vec<On>,
    /// Reminders that fall due
    #[arg(long, default_value_t = 20_000)]
    due: usize,
    /// People who share them
    #[arg(long, default_value_t = 100)]
    people: usize,
    /// How often the program is killed
    #[arg(long, default_value_t = 100)]
    kills: usize,
    /// How many seconds it lives at most before that. An answer of those outside takes some 30 ms, so with 10 s one in
    /// 150 would be under way when it is killed
    #[arg(long, default_value_t = 20)]
    life: u64,
    /// Where chance begins; by chance
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum On {
    Sqlite,
    Postgres,
    Two,
}

impl std::fmt::Display for On {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Two => "two",
        })
    }
}

/// Runs it, on one after the other; fails when a promise was broken on any.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut build = cargo::cargo(&["build", "--workspace", "--bins"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    if !cargo::run(build).await?.success() {
        return Err(Failure::new("it does not build"));
    }
    let servers = Servers::find().await?;
    let outcome = all(&arguments, &servers).await;
    servers.clean_up().await;
    outcome
}

async fn all(arguments: &Arguments, servers: &Servers) -> Result<ExitCode, Failure> {
    let seed = arguments.seed.unwrap_or_else(|| RandomState::new().hash_one("seed"));
    let mut kept = true;
    for on in &arguments.on {
        if servers.lack(*on) {
            say!("{on}: its servers are not there, so it is left out");
            kept = false;
            continue;
        }
        say!("{on}: --due {} --kills {} --seed {seed}", arguments.due, arguments.kills);
        kept &= cargo::run(one(arguments, *on, seed, servers)).await?.success();
    }
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn one(arguments: &Arguments, on: On, seed: u64, servers: &Servers) -> Command {
    let program = |name: &str| cargo::built().join(name);
    let mut command = Command::new(program("chaos"));
    command.args(["--on", &on.to_string(), "--seed", &seed.to_string()]);
    command.args(["--due", &arguments.due.to_string(), "--people", &arguments.people.to_string()]);
    command.args(["--kills", &arguments.kills.to_string(), "--life", &arguments.life.to_string()]);
    command.env(cargo::PROGRAM, program("perennial"));
    servers.tell(&mut command);
    command
}

impl Servers {
    fn lack(&self, on: On) -> bool {
        match on {
            On::Sqlite => false,
            On::Postgres => self.postgres.is_none(),
            On::Two => self.postgres.is_none() || self.nats.is_none(),
        }
    }
}
