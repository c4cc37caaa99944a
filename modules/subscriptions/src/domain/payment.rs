//! One charge, and what became of it.

use std::str::FromStr;

use contracts::subscriptions::PaymentRecorded;
use jiff::civil::Date;
use kernel::{HouseholdId, Money, PaymentId, SubscriptionId};

use super::{Conversion, Converter};

/// A text that is none of the words of a payment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {0}")]
pub struct PaymentWordError(&'static str);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $all:literal { $($(#[$variant_doc:meta])* $variant:ident $word:literal)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl FromStr for $name {
            type Err = PaymentWordError;

            fn from_str(text: &str) -> Result<Self, PaymentWordError> {
                Self::ALL.into_iter().find(|each| each.as_str() == text).ok_or(PaymentWordError($all))
            }
        }
    };
}

words! {
    /// What became of a charge, in a word.
    PaymentStatus, "due, paid, failed, skipped, refunded" {
        /// To be paid by hand.
        Due "due"
        /// The money has moved.
        Paid "paid"
        /// It was tried, and did not go through.
        Failed "failed"
        /// It will not be paid.
        Skipped "skipped"
        /// The money came back.
        Refunded "refunded"
    }
}

words! {
    /// How we know of a charge.
    PaymentSource, "renewal, manual, assumed, message, statement" {
        /// Its charge date arrived.
        Renewal "renewal"
        /// Somebody entered it.
        Manual "manual"
        /// It fell due before the subscription was tracked, and will have been paid.
        Assumed "assumed"
        /// Words told of it.
        Message "message"
        /// A bank statement told of it.
        Statement "statement"
    }
}

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

/// One charge of one subscription, identified by its charge date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Whose.
    pub household: HouseholdId,
    /// The charge date.
    pub due_on: Date,
    /// What became of it.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// How we know of it.
    pub source: PaymentSource,
    /// Whether the amount is only what was expected, because the price varies, until the real one is given.
    pub expected: bool,
    /// What it came to in the household's currency of its time; `None` where it was in that, and until the rate of
    /// its day is known.
    pub converted: Option<Conversion>,
}

/// A payment does not go from the one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A payment that is {} cannot become {}.", .from.as_str(), .to.as_str())]
pub struct PaymentRefused {
    from: PaymentStatus,
    to: PaymentStatus,
}

impl Payment {
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
            (from, to) => return Err(PaymentRefused { from: from.status(), to }),
        };
        Ok(())
    }

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
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::testing::{id, money};

    const DUE: Date = date(2026, 5, 5);
    const LATER: Date = date(2026, 5, 9);

    fn payment(state: PaymentState) -> Payment {
        Payment {
            id: id(1),
            subscription: id(2),
            household: id(3),
            due_on: DUE,
            state,
            amount: money("INR 499.00"),
            source: PaymentSource::Renewal,
            expected: false,
            converted: None,
        }
    }

    #[test]
    fn only_the_arrows_of_the_picture_exist() {
        let states = [
            PaymentState::Due,
            PaymentState::Paid { on: DUE },
            PaymentState::Failed,
            PaymentState::Skipped,
            PaymentState::Refunded { paid_on: DUE },
        ];
        let allowed = [
            (PaymentState::Due, PaymentState::Paid { on: LATER }),
            (PaymentState::Due, PaymentState::Skipped),
            (PaymentState::Failed, PaymentState::Paid { on: LATER }),
            (PaymentState::Failed, PaymentState::Skipped),
            (PaymentState::Paid { on: DUE }, PaymentState::Refunded { paid_on: DUE }),
            (PaymentState::Paid { on: DUE }, PaymentState::Failed),
        ];
        for from in states {
            for to in PaymentStatus::ALL {
                let mut moved = payment(from);
                let result = moved.become_status(to, LATER);
                let arrow = allowed.iter().find(|(start, end)| *start == from && end.status() == to);
                let expected = arrow.map_or(from, |(_, end)| *end);
                assert_eq!((result.is_ok(), moved), (arrow.is_some(), payment(expected)), "{from:?} {to:?}");
            }
        }
    }

    #[test]
    fn a_refusal_is_a_sentence() {
        let refused = payment(PaymentState::Skipped).become_status(PaymentStatus::Paid, DUE);
        assert_eq!(refused.unwrap_err().to_string(), "A payment that is skipped cannot become paid.");
    }

    #[test]
    fn words_and_columns_read_back() {
        for status in PaymentStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            let state = [None, Some(DUE)].map(|paid_on| PaymentState::stored(status, paid_on));
            let [without, with] = state;
            assert!(without.is_ok() != with.is_ok(), "{status:?} has a day or has none");
            let state = without.or(with).unwrap();
            assert_eq!(PaymentState::stored(state.status(), state.paid_on()), Ok(state));
        }
        for source in PaymentSource::ALL {
            assert_eq!(source.as_str().parse(), Ok(source));
        }
        let wrong = "lost".parse::<PaymentStatus>().unwrap_err();
        assert_eq!(wrong.to_string(), "must be one of due, paid, failed, skipped, refunded");
    }

    #[test]
    fn what_is_told_of_it() {
        let told = payment(PaymentState::Paid { on: DUE }).recorded();
        assert_eq!((told.due_on, told.status.as_str()), (DUE, "paid"));
    }
}
