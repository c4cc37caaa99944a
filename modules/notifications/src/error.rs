//! What can go wrong, and how it is told.

use contracts::CallError;
use kernel::Invalid;
use platform::{db::DbError, events::HandlerError, http::Problem};

/// Why notifications did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum HeraldError {
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not there, or somebody else's.
    #[error("There is nothing of that id.")]
    NotFound,
    /// The state of the thing does not allow it.
    #[error("{0}")]
    Refused(&'static str),
    /// It was changed since it was read.
    #[error("It was changed meanwhile: look at it again.")]
    Changed,
    /// The person's profile is still being made.
    #[error("Your profile is still being made: try again in a moment.")]
    NoProfile,
    /// Users is away; the text is for the operator.
    #[error("users gave no answer: {0}")]
    Away(String),
    /// What was sealed cannot be opened, or nothing can be sealed; the text is for the operator.
    #[error("what is sealed cannot be used: {0}")]
    Sealed(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<CallError> for HeraldError {
    fn from(error: CallError) -> Self {
        Self::Away(error.to_string())
    }
}

impl From<HeraldError> for CallError {
    fn from(error: HeraldError) -> Self {
        let said = error.to_string();
        match error {
            HeraldError::Invalid(invalid) => Self::Invalid(invalid),
            HeraldError::NotFound => Self::NotFound,
            HeraldError::Refused(_) | HeraldError::Changed => Self::Conflict(said),
            HeraldError::NoProfile
            | HeraldError::Away(_)
            | HeraldError::Sealed(_)
            | HeraldError::Database(_) => Self::Unavailable(said),
        }
    }
}

impl From<HeraldError> for HandlerError {
    fn from(error: HeraldError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<HeraldError> for Problem {
    fn from(error: HeraldError) -> Self {
        let said = error.to_string();
        match error {
            HeraldError::Invalid(invalid) => Self::invalid(&invalid),
            HeraldError::NotFound => Self::not_found(said),
            HeraldError::Refused(_) => Self::conflict(said),
            HeraldError::Changed => Self::precondition_failed(said),
            HeraldError::NoProfile => Self::unavailable(said).retry_after(1),
            HeraldError::Away(cause) => {
                tracing::error!(cause, "users gave no answer");
                Self::unavailable("Nothing was lost; try again in a moment.").retry_after(1)
            }
            HeraldError::Sealed(cause) => {
                tracing::error!(cause, "a channel's answers cannot be sealed or opened");
                Self::internal("It has been noted. Whoever runs this Perennial has to look at its key.")
            }
            HeraldError::Database(error) => error.into(),
        }
    }
}
