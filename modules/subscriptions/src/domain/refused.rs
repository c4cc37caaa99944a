//! What cannot be done, in words for the person who asked.

use contracts::subscriptions::Status;
use kernel::Invalid;

/// The picture of a subscription's life has no such arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} This one is {}.", .asked.rule(), state(*.status))]
pub struct Refused {
    pub(super) asked: Asked,
    pub(super) status: Status,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Pause,
    Resume,
    Cancel,
    Reactivate,
    MoveTrial,
    MoveEnd,
}

impl Asked {
    const fn rule(self) -> &'static str {
        match self {
            Self::Pause => "Only an active subscription can be paused.",
            Self::Resume => "Only a paused subscription can be resumed.",
            Self::Cancel => "Only a subscription that still runs can be cancelled.",
            Self::Reactivate => "Only a cancelled or ended subscription can be reactivated.",
            Self::MoveTrial => "Only a trial that still runs can end on another day.",
            Self::MoveEnd => "To go on past its end, a cancelled or ended subscription is reactivated first.",
        }
    }
}

const fn state(status: Status) -> &'static str {
    match status {
        Status::Trial => "in its trial",
        Status::Active => "active",
        Status::Paused => "paused",
        Status::Cancelled => "cancelled",
        Status::Ended => "over",
    }
}

/// Why a decision was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// A rule forbids the input: 422.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The state of the subscription forbids it: 409.
    #[error(transparent)]
    Refused(#[from] Refused),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_sentence() {
        let refused = Refused { asked: Asked::Pause, status: Status::Trial };
        assert_eq!(
            refused.to_string(),
            "Only an active subscription can be paused. This one is in its trial."
        );
    }
}
