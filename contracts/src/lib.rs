//! All that modules know of one another: a file a module, with a trait of a few methods, the types it speaks in
//! and the events it tells. No IO here, and no module's inner types.

pub mod auth;
pub mod erasure;
pub mod help;
pub mod schemas;
pub mod subscriptions;
pub mod users;

use kernel::Invalid;

/// Why another module gave no answer, as its caller needs to know it.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The input breaks a rule of the callee; the fields are named as the callee names them.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not there, or somebody else's.
    #[error("not found")]
    NotFound,
    /// The state of the thing does not allow it; the text is for the user.
    #[error("{0}")]
    Conflict(String),
    /// The callee is away or too late; the text is for the operator.
    #[error("unavailable: {0}")]
    Unavailable(String),
}
