//! One charge, and what became of it.

mod by_hand;
mod confirm;
mod entry;
mod refused;
#[cfg(test)]
mod tests;
mod words;

use contracts::subscriptions::{
    PaymentChanged, PaymentFailed, PaymentPaid, PaymentRecorded, PaymentRefunded, PaymentRemoved,
    PaymentSkipped,
};
use jiff::civil::Date;
use kernel::{HouseholdId, Money, PaymentId, SubscriptionId};

use super::{Conversion, Converter, Fact, Notes};

pub use by_hand::ByHand;
pub use confirm::{Known, Meant, NEAR_DAYS, Told, Unmatched};
pub use entry::{Entry, Memory, Past, PaymentChange};
pub use refused::{PaymentError, PaymentRefused};
pub use words::{ChangeKind, PaymentSource, PaymentStatus, PaymentWordError};

/// What became of a charge, with the day the money moved where it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentState {
    /// To be paid by hand.
    Due,
    /// The money has moved.
    Paid {
        /// When.
        on: Date,
    },
    /// It was tried, and did not go through.
    Failed,
    /// It will not be paid.
    Skipped,
    /// The money came back.
    Refunded {
        /// When it had been paid.
        paid_on: Date,
    },
}

impl PaymentState {
    /// The word for it.
    pub const fn status(self) -> PaymentStatus {
        match self {
            Self::Due => PaymentStatus::Due,
            Self::Paid { .. } => PaymentStatus::Paid,
            Self::Failed => PaymentStatus::Failed,
            Self::Skipped => PaymentStatus::Skipped,
            Self::Refunded { .. } => PaymentStatus::Refunded,
        }
    }

    /// The day the money moved.
    pub const fn paid_on(self) -> Option<Date> {
        match self {
            Self::Paid { on: day } | Self::Refunded { paid_on: day } => Some(day),
            Self::Due | Self::Failed | Self::Skipped => None,
        }
    }

    /// From the two columns that keep it.
    ///
    /// # Errors
    /// [`UnlikelyPayment`] when one contradicts the other.
    pub fn stored(status: PaymentStatus, paid_on: Option<Date>) -> Result<Self, UnlikelyPayment> {
        match (status, paid_on) {
            (PaymentStatus::Due, None) => Ok(Self::Due),
            (PaymentStatus::Failed, None) => Ok(Self::Failed),
            (PaymentStatus::Skipped, None) => Ok(Self::Skipped),
            (PaymentStatus::Paid, Some(on)) => Ok(Self::Paid { on }),
            (PaymentStatus::Refunded, Some(paid_on)) => Ok(Self::Refunded { paid_on }),
            (PaymentStatus::Due | PaymentStatus::Failed | PaymentStatus::Skipped, Some(_))
            | (PaymentStatus::Paid | PaymentStatus::Refunded, None) => {
                Err(UnlikelyPayment { status, paid_on })
            }
        }
    }
}

/// A stored payment that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a payment is {} and was paid on {paid_on:?}", .status.as_str())]
pub struct UnlikelyPayment {
    status: PaymentStatus,
    paid_on: Option<Date>,
}

/// One charge of one subscription, identified by its charge date; or an extra one, beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Whose.
    pub household: HouseholdId,
    /// The charge date; the day of an extra charge.
    pub due_on: Date,
    /// What became of it.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// How we know of it.
    pub source: PaymentSource,
    /// Whether it stands beside the charge dates: a charge date has one payment, and any number of extra ones.
    pub extra: bool,
    /// Anything to keep with it.
    pub note: Notes,
    /// Whether the amount is only what was expected, because the price varies, until the real one is given.
    pub expected: bool,
    /// What it came to in the household's currency of its time; `None` where it was in that, and until the rate of
    /// its day is known.
    pub converted: Option<Conversion>,
}

impl Payment {
    /// The day whose rate it is converted by: that on which the money moved, else the charge date.
    pub fn rate_day(&self) -> Date {
        self.state.paid_on().unwrap_or(self.due_on)
    }

    /// What it comes to in the converter's currency: what it was kept as, else by the rate of its day. `None` where
    /// there is none.
    pub fn at_home(&self, converter: &Converter) -> Option<Money> {
        let kept = self.converted.as_ref().map(|kept| kept.amount);
        let kept = kept
            .filter(|kept| kept.currency() == converter.home() && self.amount.currency() != converter.home());
        kept.or_else(|| converter.at_home(self.amount, self.rate_day()))
    }

    /// Makes it `to`; `on` is the day the money moved, where it is paid. An early or late payment never moves the
    /// schedule.
    ///
    /// # Errors
    /// [`PaymentRefused`] for all but: due or failed becomes paid or skipped, paid becomes refunded or failed.
    pub fn become_status(&mut self, to: PaymentStatus, on: Date) -> Result<(), PaymentRefused> {
        self.state = match (self.state, to) {
            (PaymentState::Due | PaymentState::Failed, PaymentStatus::Paid) => PaymentState::Paid { on },
            (PaymentState::Due | PaymentState::Failed, PaymentStatus::Skipped) => PaymentState::Skipped,
            (PaymentState::Paid { .. }, PaymentStatus::Failed) => PaymentState::Failed,
            (PaymentState::Paid { on: paid_on }, PaymentStatus::Refunded) => {
                PaymentState::Refunded { paid_on }
            }
            (from, to) => return Err(PaymentRefused::Arrow { from: from.status(), to }),
        };
        Ok(())
    }

    /// What it can become.
    pub fn ways(&self) -> Vec<PaymentStatus> {
        let goes = |to: &PaymentStatus| self.clone().become_status(*to, self.due_on).is_ok();
        PaymentStatus::ALL.into_iter().filter(goes).collect()
    }

    /// Whether the money has yet to move.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, PaymentState::Due | PaymentState::Failed)
    }

    /// The fact that it exists.
    pub fn recorded(&self) -> PaymentRecorded {
        PaymentRecorded {
            payment: self.id,
            subscription: self.subscription,
            due_on: self.due_on,
            amount: self.amount,
            status: self.state.status().as_str().into(),
        }
    }

    /// The fact that it exists no more.
    pub fn removed(&self) -> Fact {
        PaymentRemoved { payment: self.id, subscription: self.subscription, due_on: self.due_on }.into()
    }

    /// The fact of what it has become.
    fn became(&self) -> Fact {
        let (payment, subscription, due_on, amount) = (self.id, self.subscription, self.due_on, self.amount);
        match self.state {
            PaymentState::Paid { on: paid_on } => {
                PaymentPaid { payment, subscription, due_on, paid_on, amount }.into()
            }
            PaymentState::Failed => PaymentFailed { payment, subscription, due_on, amount }.into(),
            PaymentState::Refunded { .. } => PaymentRefunded { payment, subscription, due_on, amount }.into(),
            PaymentState::Skipped => PaymentSkipped { payment, subscription, due_on, amount }.into(),
            PaymentState::Due => self.changed(),
        }
    }

    /// The fact that it is not as it was told.
    fn changed(&self) -> Fact {
        PaymentChanged {
            payment: self.id,
            subscription: self.subscription,
            due_on: self.due_on,
            paid_on: self.state.paid_on(),
            amount: self.amount,
            status: self.state.status().as_str().into(),
        }
        .into()
    }
}
