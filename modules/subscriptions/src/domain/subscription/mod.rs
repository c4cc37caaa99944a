//! Something that is paid for again and again.

use std::ops::Deref;

use contracts::subscriptions::{Source, Status, SubscriptionDeleted, Summary};
use jiff::{Timestamp, civil::Date};
use kernel::{Cycle, HouseholdId, Money, SubscriptionId, UserId};

use super::{
    Category, Fact, Link, MonthEnd, Name, Notes, Plan, Prices, Schedule, Service, Sharing, equivalent,
};

mod act;
mod advance;
mod cancel;
mod create;
mod edit;
mod pause;
mod reactivate;
mod share;
#[cfg(test)]
mod tests;

pub use advance::{Advance, Charge};
pub use create::Birth;

/// All that is kept of a subscription, a column a field. What can be computed from it is not in it: the store
/// keeps [`Subscription::next_charge_on`] and [`Subscription::wakes_on`] beside it, for its indexes alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose.
    pub household: HouseholdId,
    /// Who began to track it.
    pub created_by: UserId,
    /// What people call it.
    pub name: Name,
    /// Which of its plans.
    pub plan: Option<Plan>,
    /// Its slug in the catalogue.
    pub service: Option<Service>,
    /// Where it is in its life.
    pub status: Status,
    /// What one charge costs, and from when.
    pub prices: Prices,
    /// How often; `None` is bought once.
    pub cycle: Option<Cycle>,
    /// Which day of a month.
    pub month_end: MonthEnd,
    /// The anchor.
    pub first_charge_on: Date,
    /// Charge dates before this day are done with: recorded, skipped, or never asked for. It only ever moves on,
    /// which is why no edit, pause or return can bring a charge date back.
    pub open_from: Date,
    /// The first day that is not free.
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Date>,
    /// Whether charges are paid without anybody's doing.
    pub auto_renew: bool,
    /// What kind of thing it is.
    pub category: Category,
    /// Where it lives on the web.
    pub url: Option<Link>,
    /// Anything its owner keeps with it.
    pub notes: Notes,
    /// Who sees it, pays it and shares it.
    pub sharing: Sharing,
    /// Where it came from.
    pub source: Source,
    /// The owner's civil date when it began to be tracked: charges before it are assumed.
    pub created_on: Date,
    /// When it began to be tracked.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Grows by one with every change that is stored.
    pub version: i64,
}

/// A subscription whose [`Record`] makes sense. Its fields can be read through it and are changed by its methods
/// alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    record: Record,
}

impl Deref for Subscription {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.record
    }
}

/// A stored subscription that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Inconsistent {
    /// Cancelled and ended ones have an end.
    #[error("{0} is cancelled or ended and has no end")]
    NoEnd(SubscriptionId),
    /// A trial ends.
    #[error("{0} is in a trial that never ends")]
    EndlessTrial(SubscriptionId),
}

impl Subscription {
    /// The subscription that a stored record tells of.
    ///
    /// # Errors
    /// [`Inconsistent`] when it tells of none.
    pub fn restore(record: Record) -> Result<Self, Inconsistent> {
        match record.status {
            Status::Trial if record.trial_ends_on.is_none() => Err(Inconsistent::EndlessTrial(record.id)),
            Status::Cancelled | Status::Ended if record.ends_on.is_none() => {
                Err(Inconsistent::NoEnd(record.id))
            }
            Status::Trial | Status::Active | Status::Paused | Status::Cancelled | Status::Ended => {
                Ok(Self { record })
            }
        }
    }

    /// Marks it as changed at `now`, once for each time it is stored. Gives the version that the store must find.
    pub fn revise(&mut self, now: Timestamp) -> i64 {
        let found = self.record.version;
        self.record.version += 1;
        self.record.updated_at = now;
        found
    }

    /// When it is charged.
    pub fn schedule(&self) -> Schedule {
        Schedule::new(self.first_charge_on, self.cycle, self.month_end)
    }

    /// Whether charge dates are charged as they come: in a trial (what that costs) and while active.
    pub fn renews(&self) -> bool {
        matches!(self.status, Status::Trial | Status::Active)
    }

    /// The first charge date not yet processed; `None` when none will be, as things stand: bought once and paid,
    /// over before it, paused, cancelled or ended.
    pub fn next_charge_on(&self) -> Option<Date> {
        self.charges_from(Date::MIN).next().map(|(date, _)| date)
    }

    /// The charges to come on or after `date`, as things stand, each with its price on its day. It may be
    /// endless: take what is needed.
    pub fn charges_from(&self, date: Date) -> impl Iterator<Item = (Date, Money)> {
        let from = self.renews().then(|| self.open_from.max(date));
        let dates = from.into_iter().flat_map(|from| self.schedule().dates_from(from));
        dates
            .take_while(|date| self.ends_on.is_none_or(|ends_on| *date < ends_on))
            .map(|date| (date, self.prices.on(date)))
    }

    /// The next day on which [`advance`](Self::advance) has something to do; `None` when it never will.
    pub fn wakes_on(&self) -> Option<Date> {
        let end = self.ends_on.filter(|_| self.status != Status::Ended);
        [self.next_charge_on(), end, self.chargeless_trial_ends_on()].into_iter().flatten().min()
    }

    /// What a charge costs on `date`.
    pub fn price_on(&self, date: Date) -> Money {
        self.prices.on(date)
    }

    /// What its price on `date` comes to a month; `None` for what is bought once. Nothing in a trial.
    pub fn monthly_equivalent(&self, date: Date) -> Option<Money> {
        self.cycle.map(|cycle| equivalent::monthly(self.prices.on(date), cycle))
    }

    /// What its price on `date` comes to a year; `None` for what is bought once.
    pub fn yearly_equivalent(&self, date: Date) -> Option<Money> {
        self.cycle.map(|cycle| equivalent::yearly(self.prices.on(date), cycle))
    }

    /// What others see of it.
    pub fn summary(&self, today: Date) -> Summary {
        Summary {
            id: self.id,
            name: self.name.to_string(),
            service: self.service.as_ref().map(ToString::to_string),
            status: self.status,
            price: self.prices.on(today),
            cycle: self.cycle,
            next_charge_on: self.next_charge_on(),
            trial_ends_on: self.trial_ends_on,
            ends_on: self.ends_on,
        }
    }

    /// The fact that it is tracked no more.
    pub fn deleted(&self) -> Fact {
        SubscriptionDeleted { subscription: self.id }.into()
    }

    /// The first charge date that is not done with, whether or not it will be charged: until then it is paid.
    fn open_charge(&self) -> Option<Date> {
        self.schedule().first_from(self.open_from)
    }

    /// Charge dates before `today` will not be charged any more.
    fn skip_to(&mut self, today: Date) {
        self.record.open_from = self.open_from.max(today);
    }
}
