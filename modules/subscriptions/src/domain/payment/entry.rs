//! A payment in the ledger: changed by people, each change kept so that it can be taken back.

use std::ops::Deref;

use jiff::{Timestamp, civil::Date};
use kernel::{Invalid, Money, UserId};

use super::{ChangeKind, Payment, PaymentError, PaymentRefused, PaymentSource, PaymentState, PaymentStatus};
use crate::domain::{Fact, Notes, read_date};

/// A payment as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub payment: Payment,
    /// Who entered it; `None` where its charge date arrived.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
    /// When it last changed.
    pub changed_at: Option<Timestamp>,
    /// Grows by one with every change.
    pub version: i64,
}

impl Deref for Entry {
    type Target = Payment;

    fn deref(&self) -> &Payment {
        &self.payment
    }
}

/// All of a payment that can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// What became of it.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// How we know of it.
    pub source: PaymentSource,
    /// What is kept with it.
    pub note: Notes,
    /// Whether the amount was only expected.
    pub expected: bool,
}

/// A change that was made, and what it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The version that it led to.
    pub version: i64,
    /// What kind of change.
    pub kind: ChangeKind,
    /// Whose act it was.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What it was before.
    pub before: Memory,
}

/// What to change of a payment; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentChange {
    /// What it is to become.
    pub status: Option<PaymentStatus>,
    /// The day the money moved; today when it becomes paid and no day is given.
    pub paid_on: Option<Date>,
    /// What it really was.
    pub amount: Option<Money>,
    /// What to keep with it.
    pub note: Option<String>,
}

impl Entry {
    /// What can change of it, as it is now.
    pub fn memory(&self) -> Memory {
        let Payment { state, amount, source, expected, ref note, .. } = self.payment;
        Memory { state, amount, source, note: note.clone(), expected }
    }

    /// Changes all that `change` names, or nothing when any of it cannot be. Gives no fact when nobody else needs to
    /// know.
    ///
    /// # Errors
    /// [`PaymentError::Invalid`] when a rule forbids the input, [`PaymentError::Refused`] when its state does.
    pub fn change(&mut self, change: &PaymentChange, today: Date) -> Result<Vec<Fact>, PaymentError> {
        let mut invalid = Invalid::new();
        let mut next = self.payment.clone();
        let moved_on = change.paid_on.and_then(|day| read_past(day, today, "/paid_on", &mut invalid));
        if let Some(amount) = change.amount.and_then(|amount| same_currency(amount, self, &mut invalid)) {
            (next.amount, next.expected) = (amount, false);
        }
        if let Some(note) = &change.note {
            next.note = invalid.check("/note", Notes::parse(note)).unwrap_or(next.note);
        }
        if let Some(to) = change.status.filter(|to| *to != self.state.status()) {
            next.become_status(to, moved_on.unwrap_or(today))?;
        }
        if let Some(day) = moved_on {
            move_day(&mut next, day, &mut invalid);
        }
        invalid.into_result()?;
        Ok(self.become_next(next))
    }

    /// Takes the last change back, `last` being the newest one there was.
    ///
    /// # Errors
    /// [`PaymentRefused::NothingToUndo`] when there was none, or it was taken back already.
    pub fn undo(&mut self, last: Option<&Past>) -> Result<Vec<Fact>, PaymentRefused> {
        let last = last.filter(|last| last.version == self.version && last.kind != ChangeKind::Undone);
        let Some(Past { before: past, .. }) = last else { return Err(PaymentRefused::NothingToUndo) };
        let Memory { state, amount, source, note, expected } = past.clone();
        let told = (self.state, self.amount) != (state, amount);
        let before = self.payment.clone();
        self.payment = Payment { state, amount, source, note, expected, ..self.payment.clone() };
        self.forget_conversion(&before);
        Ok(told.then(|| self.payment.changed()).into_iter().collect())
    }

    /// Whether somebody entered it and has not changed it since: then undoing means taking it away.
    pub fn is_as_entered(&self) -> bool {
        self.recorded_by.is_some() && self.version == 1
    }

    /// Whether it may be taken away. `open_from` is the first day that its subscription has not settled, and
    /// `recorded_on` the day on which it was entered. A charge date that passed while it stood here keeps it, for
    /// nothing else was recorded then.
    ///
    /// # Errors
    /// [`PaymentRefused::Stays`].
    pub fn check_removal(&self, open_from: Date, recorded_on: Date) -> Result<(), PaymentRefused> {
        let never_settled = self.extra || self.due_on >= open_from || recorded_on > self.due_on;
        if self.recorded_by.is_some() && never_settled { Ok(()) } else { Err(PaymentRefused::Stays) }
    }

    /// Marks it as changed, once for each time it is stored. Gives the version that the store must find.
    pub fn revise(&mut self, now: Timestamp) -> i64 {
        let found = self.version;
        self.version += 1;
        self.changed_at = Some(now);
        found
    }

    /// Another amount, or another day, comes to something else.
    fn forget_conversion(&mut self, before: &Payment) {
        if (before.amount, before.rate_day()) != (self.amount, self.rate_day()) {
            self.payment.converted = None;
        }
    }

    /// Becomes `next`, and says what is news of it to others: a note is not.
    pub(super) fn become_next(&mut self, next: Payment) -> Vec<Fact> {
        let before = std::mem::replace(&mut self.payment, next);
        self.forget_conversion(&before);
        let fact = if before.state.status() != self.state.status() {
            Some(self.payment.became())
        } else if (before.state, before.amount) != (self.state, self.amount) {
            Some(self.payment.changed())
        } else {
            None
        };
        fact.into_iter().collect()
    }
}

/// A day on which money has moved.
pub(super) fn read_past(day: Date, today: Date, pointer: &str, invalid: &mut Invalid) -> Option<Date> {
    let day = read_date(day, pointer, invalid)?;
    if day > today {
        invalid.add(pointer, "must not lie in the future");
        return None;
    }
    Some(day)
}

fn same_currency(amount: Money, payment: &Payment, invalid: &mut Invalid) -> Option<Money> {
    let own = payment.amount.currency();
    if amount.currency() != own {
        invalid.add("/amount/currency", format!("must be {own}, as the subscription is"));
        return None;
    }
    Some(amount)
}

/// Corrects the day the money moved.
fn move_day(payment: &mut Payment, day: Date, invalid: &mut Invalid) {
    match &mut payment.state {
        PaymentState::Paid { on: kept } | PaymentState::Refunded { paid_on: kept } => *kept = day,
        PaymentState::Due | PaymentState::Failed | PaymentState::Skipped => {
            invalid.add("/paid_on", "only a payment that is paid or refunded has such a day");
        }
    }
}
