//! The chaos run as a program: `cargo xtask chaos` finds what it needs and starts it.
#![expect(clippy::print_stdout, reason = "this is how it tells what became of it")]

use std::{process::ExitCode, time::Duration};

use e2e::chaos::{self, On, Plan};

/// Kills the program again and again while reminders fall due, and looks at what became of them.
#[derive(clap::Parser)]
#[command(name = "cargo xtask chaos")]
struct Arguments {
    /// On what: sqlite, postgres, or two processes on PostgreSQL and NATS
    #[arg(long, value_enum)]
    on: Place,
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
    /// Where chance begins
    #[arg(long)]
    seed: u64,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Place {
    Sqlite,
    Postgres,
    Two,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = <Arguments as clap::Parser>::parse();
    let on = match arguments.on {
        Place::Sqlite => On::Sqlite,
        Place::Postgres => On::Postgres,
        Place::Two => On::Two,
    };
    let Arguments { due, people, kills, seed, .. } = arguments;
    let plan = Plan { on, due, people, kills, life: Duration::from_secs(arguments.life), seed };
    match chaos::run(plan).await {
        Some(report) => {
            print!("{report}");
            if report.broken().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        None => ExitCode::FAILURE,
    }
}
