//! Why a command could not do its work.

use std::{error::Error, fmt};

/// What went wrong, for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// With a text that says what was tried and what came of it.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        // The error itself says only "db error"; what the server or the system said is inside.
        let inside = error.source().map(ToString::to_string).unwrap_or_default();
        Self(format!("{error}: {inside}"))
    }
}
