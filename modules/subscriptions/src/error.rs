//! What can go wrong, and how it is told.

use contracts::CallError;
use kernel::Invalid;
use platform::{db::DbError, http::Problem};

use crate::domain::{DecisionError, PaymentError, PaymentRefused, Refused, Unmatched};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum TrackerError {
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Its state does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// There is none of that id, or it is somebody else's.
    #[error("There is no such subscription.")]
    NotFound,
    /// What is to be taken away is in use.
    #[error("{0} of your subscriptions use it. Say where they are to go with ?move_to=, or \"none\".")]
    InUse(usize),
    /// The household has set no such rate by hand.
    #[error("You have set no rate for these currencies, or none from that day.")]
    NoOwnRate,
    /// There is no payment of that id, or it is somebody else's.
    #[error("There is no such payment.")]
    NoPayment,
    /// There is no document of that id, or it is somebody else's.
    #[error("There is no such document.")]
    NoDocument,
    /// A payment's state does not allow it.
    #[error(transparent)]
    PaymentRefused(#[from] PaymentRefused),
    /// Nothing in the ledger is what was told of.
    #[error(transparent)]
    Unmatched(#[from] Unmatched),
    /// A file has more bytes than are kept.
    #[error("A document has at most 10 MB.")]
    TooLarge,
    /// No more documents are kept.
    #[error("{0}")]
    Full(String),
    /// There is no such budget, or it is somebody else's.
    #[error("There is no such budget.")]
    NoBudget,
    /// There is no such calendar address, or it is somebody else's.
    #[error("There is no such calendar address.")]
    NoFeed,
    /// There is no such import, or it is somebody else's.
    #[error("There is no such import. Imports are kept for 30 days.")]
    NoImport,
    /// How far an import has come does not allow it.
    #[error("{0}")]
    ImportState(&'static str),
    /// The client has seen an older state.
    #[error("Read it again, and make your change to what it is now.")]
    Changed,
    /// Others kept changing it.
    #[error("It is being changed by several at this moment; try again.")]
    Contended,
    /// How the household counts is not known.
    #[error("Your account is still being made; try again in a moment.")]
    NoHousehold,
    /// Another module is away.
    #[error("{0}")]
    Away(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<DecisionError> for TrackerError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Invalid(invalid) => Self::Invalid(invalid),
            DecisionError::Refused(refused) => Self::Refused(refused),
        }
    }
}

impl From<PaymentError> for TrackerError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Invalid(invalid) => Self::Invalid(invalid),
            PaymentError::Refused(refused) => Self::PaymentRefused(refused),
        }
    }
}

impl From<TrackerError> for Problem {
    fn from(error: TrackerError) -> Self {
        let said = error.to_string();
        match error {
            TrackerError::Invalid(invalid) => Self::invalid(&invalid),
            TrackerError::Refused(_)
            | TrackerError::InUse(_)
            | TrackerError::PaymentRefused(_)
            | TrackerError::Unmatched(_)
            | TrackerError::ImportState(_)
            | TrackerError::Full(_) => Self::conflict(said),
            TrackerError::TooLarge => Self::too_large(said),
            TrackerError::NotFound
            | TrackerError::NoOwnRate
            | TrackerError::NoPayment
            | TrackerError::NoImport
            | TrackerError::NoDocument
            | TrackerError::NoBudget
            | TrackerError::NoFeed => Self::not_found(said),
            TrackerError::Changed => Self::precondition_failed(said),
            TrackerError::Contended => Self::conflict(said),
            TrackerError::NoHousehold => Self::unavailable(said).retry_after(1),
            TrackerError::Away(cause) => {
                tracing::error!(cause, "another module is away");
                Self::unavailable("A part of the system is away; try again in a moment.").retry_after(1)
            }
            TrackerError::Database(error) => error.into(),
        }
    }
}

impl From<TrackerError> for CallError {
    fn from(error: TrackerError) -> Self {
        let said = error.to_string();
        match error {
            TrackerError::Invalid(invalid) => Self::Invalid(invalid),
            TrackerError::Refused(_)
            | TrackerError::InUse(_)
            | TrackerError::PaymentRefused(_)
            | TrackerError::Unmatched(_)
            | TrackerError::Full(_)
            | TrackerError::TooLarge
            | TrackerError::Changed
            | TrackerError::ImportState(_)
            | TrackerError::Contended => Self::Conflict(said),
            TrackerError::NotFound
            | TrackerError::NoOwnRate
            | TrackerError::NoPayment
            | TrackerError::NoImport
            | TrackerError::NoDocument
            | TrackerError::NoBudget
            | TrackerError::NoFeed => Self::NotFound,
            TrackerError::NoHousehold | TrackerError::Away(_) | TrackerError::Database(_) => {
                Self::Unavailable(said)
            }
        }
    }
}
