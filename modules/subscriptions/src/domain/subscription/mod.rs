//! Something that is paid for again and again.

use std::ops::Deref;

use contracts::subscriptions::{Source, Status, SubscriptionDeleted, Summary};
use jiff::{Timestamp, civil::Date};
use kernel::{Cycle, HouseholdId, Money, SubscriptionId, UserId};

use super::{
    Bound, CategoryChoice, Fact, Link, MonthEnd, Name, Notes, Particulars, Plan, Prices, Schedule, Service,
    Sharing, Term, Weekend, equivalent,
};

mod act;
mod advance;
mod ahead;
mod cancel;
mod create;
mod edit;
mod pause;
mod plan;
mod reactivate;
mod share;
mod sort;
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
    /// Whether that is only what is expected, and each payment asks for the real amount.
    pub price_varies: bool,
    /// How often; `None` is bought once.
    pub cycle: Option<Cycle>,
    /// Which day of a month.
    pub month_end: MonthEnd,
    /// On which day the money of a charge on a Saturday or Sunday moves.
    pub weekend: Weekend,
    /// The anchor.
    pub first_charge_on: Date,
    /// Charge dates before this day are done with: recorded, skipped, or never asked for. It only ever moves on,
    /// which is why no edit, pause or return can bring a charge date back.
    pub open_from: Date,
    /// Charge dates from then on that have their payment already, in order: paid ahead of their time.
    pub settled_ahead: Vec<Date>,
    /// The first day that is not free.
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Date>,
    /// When somebody cancelled it; nobody did where its end was agreed from the start, or its charges ran out.
    pub cancelled_on: Option<Date>,
    /// How many charges remain from `open_from` on; each that is processed takes one away, one that is skipped
    /// does not. With the last of them it ends when the next would have been.
    pub charges_left: Option<u32>,
    /// How long one is bound.
    pub term: Option<Term>,
    /// Whether charges are paid without anybody's doing.
    pub auto_renew: bool,
    /// What kind of thing it is.
    pub category: CategoryChoice,
    /// Where it lives on the web.
    pub url: Option<Link>,
    /// Anything its owner keeps with it.
    pub notes: Notes,
    /// Who sees it, pays it and shares it.
    pub sharing: Sharing,
    /// What else is kept with it.
    pub particulars: Particulars,
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
    /// What it has cost lately, where the price varies: read from its payments, and kept nowhere else.
    usual: Option<Money>,
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
                Ok(Self { record, usual: None })
            }
        }
    }

    /// With what it has cost lately: the mean of `sum` over the last `count` real payments, if there are any.
    #[must_use]
    pub fn usually(mut self, sum: Money, count: u8) -> Self {
        self.usual = (self.price_varies && count > 0).then(|| sum.scaled(1, count.into()));
        self
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

    /// The charges to come on or after `date`, as things stand, each with its price on its day; not those that are
    /// paid ahead. It may be endless: take what is needed.
    pub fn charges_from(&self, date: Date) -> impl Iterator<Item = (Date, Money)> {
        self.dates_to_come(date)
            .filter(|date| !self.is_settled_ahead(*date))
            .map(|date| (date, self.forecast_on(date)))
    }

    /// The charge dates to come, those that are paid ahead among them.
    fn dates_to_come(&self, date: Date) -> impl Iterator<Item = Date> {
        // What is finite is counted from its first open charge, wherever one begins to look.
        let first = if self.charges_left.is_some() { self.open_from } else { self.open_from.max(date) };
        let from = self.renews().then_some(first);
        let dates = from.into_iter().flat_map(|from| self.schedule().dates_from(from));
        let most = self.charges_left.and_then(|left| usize::try_from(left).ok()).unwrap_or(usize::MAX);
        dates
            .take(most)
            .take_while(|date| self.ends_on.is_none_or(|ends_on| *date < ends_on))
            .skip_while(move |charge_date| *charge_date < date)
    }

    /// The day on which the money of the charge of `charge_date` moves.
    pub fn moves_on(&self, charge_date: Date) -> Date {
        self.weekend.moves_on(charge_date)
    }

    /// What a charge on `date` will cost, as far as one can tell: the price of that day, and for what varies the mean
    /// of what was really paid lately.
    pub fn forecast_on(&self, date: Date) -> Money {
        let free = self.trial_ends_on.is_some_and(|ends_on| date < ends_on);
        self.usual.filter(|_| self.price_varies && !free).unwrap_or_else(|| self.prices.on(date))
    }

    /// The term that one is in, and until when it can still be cancelled for its end; `None` without a term, and
    /// once it is cancelled.
    pub fn bound(&self, today: Date) -> Option<Bound> {
        let running = matches!(self.status, Status::Trial | Status::Active | Status::Paused);
        self.term.filter(|_| running)?.on(self.first_charge_on, today)
    }

    /// The next day on which [`advance`](Self::advance) has something to do; `None` when it never will.
    pub fn wakes_on(&self) -> Option<Date> {
        let end = self.ends_on.filter(|_| self.status != Status::Ended);
        [self.dates_to_come(Date::MIN).next(), end, self.chargeless_trial_ends_on()]
            .into_iter()
            .flatten()
            .min()
    }

    /// What a charge costs on `date`.
    pub fn price_on(&self, date: Date) -> Money {
        self.prices.on(date)
    }

    /// What its price on `date`, or where it varies what is usual, comes to a month; `None` for what is bought once.
    /// Nothing in a trial.
    pub fn monthly_equivalent(&self, date: Date) -> Option<Money> {
        self.cycle.map(|cycle| equivalent::monthly(self.forecast_on(date), cycle))
    }

    /// What its price on `date` comes to a year; `None` for what is bought once.
    pub fn yearly_equivalent(&self, date: Date) -> Option<Money> {
        self.cycle.map(|cycle| equivalent::yearly(self.forecast_on(date), cycle))
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
        self.schedule().dates_from(self.open_from).find(|date| !self.is_settled_ahead(*date))
    }

    /// Charge dates before `today` will not be charged any more.
    fn skip_to(&mut self, today: Date) {
        self.open_on(self.open_from.max(today));
    }
}
