//! Time passing: charge dates arrive, trials and subscriptions end.

use contracts::subscriptions::{Status, SubscriptionChanged, SubscriptionEnded};
use jiff::civil::Date;
use kernel::{Money, PaymentId};

use super::Subscription;
use crate::domain::{Fact, Notes, Payment, PaymentSource, PaymentState};

/// A charge date that has arrived: exactly one payment is to be recorded for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// The charge date, which identifies the payment.
    pub due_on: Date,
    /// The price on that day.
    pub amount: Money,
    /// Paid or due.
    pub state: PaymentState,
    /// A renewal, or assumed.
    pub source: PaymentSource,
    /// Whether the amount is only what was expected.
    pub expected: bool,
}

impl Charge {
    /// The payment to record for it.
    pub fn payment(self, id: PaymentId, subscription: &Subscription) -> Payment {
        Payment {
            id,
            subscription: subscription.id,
            household: subscription.household,
            due_on: self.due_on,
            state: self.state,
            amount: self.amount,
            source: self.source,
            expected: self.expected,
            converted: None,
            extra: false,
            note: Notes::none(),
        }
    }
}

/// What happened up to a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advance {
    /// The charge dates that arrived, the oldest first.
    pub charges: Vec<Charge>,
    /// What else is to be told; the payments tell of themselves.
    pub facts: Vec<Fact>,
    /// Whether more charge dates have arrived than the limit allowed for: advance again.
    pub more: bool,
}

impl Subscription {
    /// Processes what has arrived by `today`, the oldest first and at most `limit` charges, so that a weekly one
    /// since 1990 comes in pieces. Doing it again changes nothing; after downtime nothing is left out.
    ///
    /// Any other change is decided on a subscription that is up to date: advance first.
    pub fn advance(&mut self, today: Date, limit: usize) -> Advance {
        let was = self.status;
        let mut advance = Advance::default();
        while advance.charges.len() < limit
            && let Some(due_on) = self.arrived(today)
        {
            // What was paid ahead has its payment.
            if !self.is_settled_ahead(due_on) {
                advance.charges.push(self.charge(due_on));
            }
            self.settle(due_on);
        }
        advance.more = self.arrived(today).is_some();
        self.end_chargeless_trial(today);
        if self.status != was {
            advance.facts.push(self.changed());
        }
        if !advance.more {
            advance.facts.extend(self.end_when_over(today));
        }
        advance
    }

    fn arrived(&self, today: Date) -> Option<Date> {
        self.dates_to_come(Date::MIN).next().filter(|due_on| *due_on <= today)
    }

    fn charge(&self, due_on: Date) -> Charge {
        let assumed = due_on < self.created_on;
        let paid = assumed || self.auto_renew;
        Charge {
            due_on,
            amount: self.prices.on(due_on),
            state: if paid { PaymentState::Paid { on: self.moves_on(due_on) } } else { PaymentState::Due },
            source: if assumed { PaymentSource::Assumed } else { PaymentSource::Renewal },
            expected: self.price_varies,
        }
    }

    /// A charge date is done with. The first one that is not free ends a trial.
    fn settle(&mut self, due_on: Date) {
        self.open_on(due_on.tomorrow().unwrap_or(Date::MAX));
        if let Some(left) = self.record.charges_left {
            self.count_down(left.saturating_sub(1));
        }
        if self.status == Status::Trial && self.trial_ends_on.is_none_or(|ends_on| ends_on <= due_on) {
            self.record.status = Status::Active;
        }
    }

    /// With the last charge, it ends when the next would have been, unless it ends before.
    pub(super) fn count_down(&mut self, left: u32) {
        self.record.charges_left = Some(left);
        if left == 0 {
            let over = self.open_charge().unwrap_or(self.open_from);
            self.record.ends_on = Some(self.ends_on.map_or(over, |ends_on| ends_on.min(over)));
        }
    }

    /// A trial that no charge will end, because its last one was edited away, ends with its last day.
    fn end_chargeless_trial(&mut self, today: Date) {
        if self.chargeless_trial_ends_on().is_some_and(|ends_on| ends_on <= today) {
            self.record.status = Status::Active;
        }
    }

    pub(super) fn chargeless_trial_ends_on(&self) -> Option<Date> {
        self.trial_ends_on
            .filter(|_| self.status == Status::Trial && self.dates_to_come(Date::MIN).next().is_none())
    }

    /// Ends it when its last day has passed; gives the fact when that is news.
    pub(super) fn end_when_over(&mut self, today: Date) -> Option<Fact> {
        let over = self.ends_on.is_some_and(|ends_on| ends_on <= today);
        if !over || self.status == Status::Ended {
            return None;
        }
        self.record.status = Status::Ended;
        Some(SubscriptionEnded { subscription: self.id }.into())
    }

    pub(super) fn changed(&self) -> Fact {
        SubscriptionChanged {
            subscription: self.id,
            name: self.name.to_string(),
            next_charge_on: self.next_charge_on(),
            category: Some(self.category.to_string()),
        }
        .into()
    }
}
