//! What can go wrong with a database, as the code that asked needs to know it.

use super::ColumnError;

/// Why a query or a batch was not done. A batch that fails leaves nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A statement touched another number of rows than it expects: somebody else was first.
    #[error("conflict: a row is not as it was read")]
    Conflict,
    /// A unique index refused a row; its name says what was violated.
    #[error("already there: {0}")]
    Unique(String),
    /// The database cannot be reached, or is too busy to answer in time. Trying again later may work.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A row that makes no sense.
    #[error("inconsistent row: {0}")]
    Inconsistent(#[from] ColumnError),
    /// A statement the database refuses: a mistake in the program, or a schema that is not ours.
    #[error("the database refused a statement: {0}")]
    Refused(String),
}

impl DbError {
    /// Whether the unique index of that name was violated.
    pub fn violates(&self, index: &str) -> bool {
        matches!(self, Self::Unique(name) if name == index)
    }

    /// Whether somebody else was first, so that reading and deciding again may succeed.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }
}
