//! What a command says on its standard output.

use std::{
    fmt::Display,
    io::{ErrorKind, Write},
};

use crate::cli::Failure;

/// Whoever was to read it has gone, as `head` does once it has seen enough. That is no failure: the command ends.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads any longer what this command says")]
pub(crate) struct NobodyReads;

/// Says one thing, with the end of the line.
///
/// # Errors
/// [`NobodyReads`], or why it cannot be written.
pub(crate) fn say(said: impl Display) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{said}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(NobodyReads.into()),
        outcome => Ok(outcome?),
    }
}
