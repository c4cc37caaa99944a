//! News of a charge from a message or a statement: which payment it speaks of.

use contracts::subscriptions::ChargeOutcome;
use jiff::{ToSpan, civil::Date};
use kernel::Money;

use super::{Entry, Payment, PaymentError, PaymentSource, PaymentState, PaymentStatus, entry::PaymentChange};
use crate::domain::{Fact, Subscription};

/// How far from its charge date a charge may be told of.
pub const NEAR_DAYS: i64 = 4;
/// An amount may differ by one part in this many.
const NEAR_PARTS: u64 = 20;

/// What was told of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What became of it.
    pub outcome: ChargeOutcome,
    /// How much, where it was said.
    pub amount: Option<Money>,
    /// On which day, where it was said.
    pub on: Option<Date>,
    /// Who told of it.
    pub source: PaymentSource,
}

/// What a subscription's ledger holds around the day that is told of.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The subscription, up to date.
    pub subscription: &'a Subscription,
    /// Its newest payments.
    pub entries: &'a [Entry],
    /// The household's day.
    pub today: Date,
}

/// Which payment is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant<'a> {
    /// One that is in the ledger.
    Entry(&'a Entry),
    /// That of a charge date ahead.
    Ahead(Date),
}

/// Why no payment is meant, in words for the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmatched {
    /// Nothing was to be charged around that day.
    #[error("No charge of {name} falls within {NEAR_DAYS} days of {on}.")]
    NoCharge {
        /// The subscription's name.
        name: String,
        /// The day.
        on: Date,
    },
    /// The amount is another.
    #[error("The charge of {name} on {due_on} is {expected}, which is not near {told}.")]
    Amount {
        /// The subscription's name.
        name: String,
        /// The charge date.
        due_on: Date,
        /// What it costs.
        expected: Money,
        /// What was told.
        told: Money,
    },
    /// No payment that could have come back, or failed.
    #[error("There is no payment of {name} in the ledger that fits.")]
    NoPayment {
        /// The subscription's name.
        name: String,
    },
}

impl Told {
    /// The payment that is meant: for a charge the nearest within [`NEAR_DAYS`] days whose amount is within a
    /// twentieth; else, where no day was said, the oldest that waits to be paid. For what failed or came back, the
    /// newest that fits.
    ///
    /// # Errors
    /// [`Unmatched`] when there is none.
    pub fn meant<'a>(&self, known: Known<'a>) -> Result<Meant<'a>, Unmatched> {
        match self.outcome {
            ChargeOutcome::Paid => self.paid(known),
            ChargeOutcome::Failed => self.failed(known),
            ChargeOutcome::Refunded => self.refunded(known),
        }
    }

    fn paid<'a>(&self, known: Known<'a>) -> Result<Meant<'a>, Unmatched> {
        let on = self.on.unwrap_or(known.today);
        let near = known.entries.iter().filter(|entry| is_live(entry) && is_near(entry.due_on, on));
        let near = near.map(|entry| (entry.due_on, entry.amount, Meant::Entry(entry)));
        let first = on.saturating_sub(NEAR_DAYS.days());
        let ahead = known.subscription.charges_from(first).take_while(|(date, _)| is_near(*date, on));
        let ahead = ahead.map(|(date, price)| (date, price, Meant::Ahead(date)));
        let mut near: Vec<_> = near.chain(ahead).collect();
        near.sort_by_key(|(date, ..)| (days_apart(*date, on), *date));
        let expected = near.first().map(|(date, amount, _)| (*date, *amount));
        if let Some((.., meant)) = near.into_iter().find(|(_, amount, _)| self.is_about(*amount)) {
            return Ok(meant);
        }
        let waits = |entry: &&Entry| entry.is_open() && entry.due_on <= on && self.is_about(entry.amount);
        let late = known.entries.iter().filter(waits).min_by_key(|entry| entry.due_on);
        match late.filter(|_| self.on.is_none()) {
            Some(entry) => Ok(Meant::Entry(entry)),
            None => Err(self.unmatched(known.subscription, on, expected)),
        }
    }

    fn failed<'a>(&self, known: Known<'a>) -> Result<Meant<'a>, Unmatched> {
        let fits = |entry: &&Entry| {
            is_live(entry)
                && self.is_about(entry.amount)
                && self.on.map_or(entry.due_on <= known.today, |on| is_near(entry.due_on, on))
        };
        let on = self.on.unwrap_or(known.today);
        let found = known.entries.iter().filter(fits).min_by_key(|entry| days_apart(entry.due_on, on));
        found.map(Meant::Entry).ok_or_else(|| no_payment(known.subscription))
    }

    fn refunded<'a>(&self, known: Known<'a>) -> Result<Meant<'a>, Unmatched> {
        let on = self.on.unwrap_or(known.today);
        // One that came back already is what is told of again, not a reason to give an older one back.
        let moved = |entry: &&Entry| entry.state.paid_on().is_some_and(|paid_on| paid_on <= on);
        let fits = |entry: &&Entry| moved(entry) && self.is_about(entry.amount);
        let found = known.entries.iter().filter(fits).max_by_key(|entry| entry.due_on);
        found.map(Meant::Entry).ok_or_else(|| no_payment(known.subscription))
    }

    fn unmatched(&self, subscription: &Subscription, on: Date, expected: Option<(Date, Money)>) -> Unmatched {
        let name = subscription.name.to_string();
        match (expected, self.amount) {
            (Some((due_on, expected)), Some(told)) => Unmatched::Amount { name, due_on, expected, told },
            (None | Some(_), _) => Unmatched::NoCharge { name, on },
        }
    }

    /// Whether the amount that was said, if one was, may be `expected`.
    fn is_about(&self, expected: Money) -> bool {
        self.amount.is_none_or(|told| {
            let apart = told.minor().abs_diff(expected.minor());
            told.currency() == expected.currency()
                && apart.saturating_mul(NEAR_PARTS) <= expected.minor().unsigned_abs()
        })
    }

    /// Makes `entry` what was told of it. One that is as it was told stays as it is; where only its source or its
    /// amount was not known, that is noted.
    ///
    /// # Errors
    /// [`PaymentError::Refused`] when it does not go from what it is to what was told.
    pub fn confirm(&self, entry: &mut Entry, today: Date) -> Result<Vec<Fact>, PaymentError> {
        let to = match self.outcome {
            ChargeOutcome::Paid => PaymentStatus::Paid,
            ChargeOutcome::Failed => PaymentStatus::Failed,
            ChargeOutcome::Refunded => PaymentStatus::Refunded,
        };
        let moves = entry.state.status() != to;
        let mut next = entry.clone();
        let paid_on = self.on.filter(|_| moves && to == PaymentStatus::Paid);
        let amount = self.amount.filter(|_| to == PaymentStatus::Paid);
        next.change(&PaymentChange { status: Some(to), paid_on, amount, note: None }, today)?;
        let source = if to == PaymentStatus::Paid { self.source } else { entry.source };
        Ok(entry.become_next(Payment { source, ..next.payment }))
    }
}

/// Whether it can be what somebody speaks of: it was not skipped, and has not come back.
fn is_live(entry: &Entry) -> bool {
    match entry.state {
        PaymentState::Due | PaymentState::Paid { .. } | PaymentState::Failed => true,
        PaymentState::Skipped | PaymentState::Refunded { .. } => false,
    }
}

fn is_near(date: Date, on: Date) -> bool {
    days_apart(date, on) <= NEAR_DAYS
}

fn days_apart(one: Date, other: Date) -> i64 {
    (one.duration_since(other).as_hours() / 24).abs()
}

fn no_payment(subscription: &Subscription) -> Unmatched {
    Unmatched::NoPayment { name: subscription.name.to_string() }
}
