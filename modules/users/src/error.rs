//! What can go wrong, and how it is told.

use kernel::Invalid;
use platform::{db::DbError, http::Problem};

use crate::domain::Refused;

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
    /// A member was changed since they were read.
    #[error("this member was changed meanwhile: look at them again")]
    MemberChanged,
    /// Not there, or another household's.
    #[error("There is nothing of that id.")]
    NotFound,
    /// The state of the household forbids it, or the actor may not.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Its secret opens nothing (any more).
    #[error(
        "This invitation is not good any more: it was used, taken back, or is older than a week. Ask for another."
    )]
    InvitationOver,
    /// Others changed the same thing again and again.
    #[error("The household is being changed by others at this moment: try again.")]
    Contended,
    /// Something only an operator can mend.
    #[error("{0}")]
    Internal(String),
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
            UsersError::Changed | UsersError::MemberChanged => Self::precondition_failed(said),
            UsersError::NotFound | UsersError::InvitationOver => Self::not_found(said),
            UsersError::Refused(Refused::NotAnOwner) => Self::forbidden(said),
            UsersError::Refused(
                Refused::LastOwner
                | Refused::AtHome
                | Refused::OwnHome
                | Refused::NoLogIn
                | Refused::OwnName
                | Refused::HasLogIn
                | Refused::Belongs
                | Refused::Full,
            )
            | UsersError::Contended => Self::conflict(said),
            UsersError::Internal(cause) => {
                tracing::error!(cause, "users failed");
                Self::internal("It has been noted. If trying again does not help, tell us the request id.")
            }
            UsersError::Database(error) => error.into(),
        }
    }
}
