//! What cannot be done to a payment, in words for the person who asked.

use jiff::civil::Date;
use kernel::Invalid;

use super::PaymentStatus;

/// A payment's state does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRefused {
    /// It does not go from the one to the other.
    #[error("A payment that is {} cannot become {}.", .from.as_str(), .to.as_str())]
    Arrow {
        /// What it is.
        from: PaymentStatus,
        /// What it was to become.
        to: PaymentStatus,
    },
    /// The charge date has its payment.
    #[error("The charge of {due_on} is in the ledger already, and is {}: change that payment instead.", .status.as_str())]
    Recorded {
        /// The charge date.
        due_on: Date,
        /// What its payment is.
        status: PaymentStatus,
    },
    /// Nothing was changed, or the last change was taken back already.
    #[error("Nothing was changed that could be undone.")]
    NothingToUndo,
    /// A charge date that has passed keeps its payment.
    #[error(
        "It is the one payment of a charge date that has passed, so it stays. Mark it as failed or skipped instead."
    )]
    Stays,
}

/// Why a decision about a payment was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// A rule forbids the input: 422.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Its state forbids it: 409.
    #[error(transparent)]
    Refused(#[from] PaymentRefused),
}
