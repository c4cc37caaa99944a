//! `perennial`: one binary for a home and for many.

mod accounts;
mod cli;
mod dead_letters;
mod demo;
mod events;
mod output;
mod serve;
mod settings;
mod tickets;
mod ways;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

/// What one worker allocates another often frees. The system's allocator has both wait for one lock then: a third of
/// the time of a short request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return cli::failed(&error),
    };
    match runtime.block_on(cli::run(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<output::NobodyReads>() => ExitCode::SUCCESS,
        Err(error) => cli::failed(error.as_ref()),
    }
}
