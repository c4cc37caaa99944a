//! Checks, measurements and chores: `cargo xtask --help`. A file or a folder a command.

mod bench;
mod cargo;
mod chaos;
mod environment;
mod failure;
#[cfg(test)]
mod layout;
mod nats;
mod packages;
mod postgres;
mod redis;
mod servers;
mod terminal;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks, measurements and chores")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures speed and memory, beside the raw engines
    Bench(bench::Arguments),
    /// Kills the program again and again while reminders fall due, and looks at what became of them
    Chaos(chaos::Arguments),
    /// Runs every test, on SQLite and on PostgreSQL, with Redis and with NATS
    Test(test::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Bench(arguments) => bench::run(arguments).await,
        Command::Chaos(arguments) => chaos::run(arguments).await,
        Command::Test(arguments) => test::run(arguments).await,
    };
    outcome.unwrap_or_else(|failure| {
        say!("error: {failure}");
        ExitCode::FAILURE
    })
}
