//! What can go wrong, and how it is told.

use kernel::Invalid;
use platform::{db::DbError, http::Problem};

/// Why users did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UsersError {
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The profile is not there (yet).
    #[error("your profile is still being made: try again in a moment")]
    NoProfile,
    /// It was changed since it was read.
    #[error("your profile was changed meanwhile: read it again")]
    Changed,
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<UsersError> for Problem {
    fn from(error: UsersError) -> Self {
        let said = error.to_string();
        match error {
            UsersError::Invalid(invalid) => Self::invalid(&invalid),
            UsersError::NoProfile => Self::unavailable(said).retry_after(1),
            UsersError::Changed => Self::precondition_failed(said),
            UsersError::Database(error) => error.into(),
        }
    }
}
