//! What can go wrong, and how it is told.

use contracts::CallError;
use kernel::Invalid;
use platform::{db::DbError, http::Problem};

/// Why help did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum HelpError {
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not there, over, or somebody else's.
    #[error("There is nothing of that id, or it has expired.")]
    NotFound,
    /// It is not where one thought.
    #[error("{0}")]
    Refused(&'static str),
    /// Somebody changed it since it was read.
    #[error("It was changed meanwhile. Look at it again before you change it.")]
    Stale,
    /// The log of what is opened is away, and nothing is opened without it; the text is for the operator.
    #[error("the audit log gave no answer: {0}")]
    Unlogged(String),
    /// Another device was faster.
    #[error("Another step was taken meanwhile: look at it again.")]
    Overtaken,
    /// The person's profile is still being made.
    #[error("Your profile is still being made: try again in a moment.")]
    NoProfile,
    /// Users is away; the text is for the operator.
    #[error("users gave no answer: {0}")]
    Away(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<CallError> for HelpError {
    fn from(error: CallError) -> Self {
        Self::Away(error.to_string())
    }
}

impl From<HelpError> for Problem {
    fn from(error: HelpError) -> Self {
        let said = error.to_string();
        match error {
            HelpError::Invalid(invalid) => Self::invalid(&invalid),
            HelpError::NotFound => Self::not_found(said),
            HelpError::Refused(_) | HelpError::Overtaken => Self::conflict(said),
            HelpError::Stale => Self::precondition_failed(said),
            HelpError::Unlogged(cause) => {
                tracing::error!(cause, "what an agent opens could not be written down");
                Self::unavailable("What you open is written down, and that cannot be done right now. Try again in a moment.").retry_after(1)
            }
            HelpError::NoProfile => Self::unavailable(said).retry_after(1),
            HelpError::Away(cause) => {
                tracing::error!(cause, "users gave no answer");
                Self::unavailable("Nothing was lost; try again in a moment.").retry_after(1)
            }
            HelpError::Database(error) => error.into(),
        }
    }
}
