//! What a calendar outside shows: the charges of a household, its trials' ends and its ends, as all-day events.
//!
//! A calendar's own rules for repetition cannot say "the 31st, else the last day", and calendars disagree about
//! what they do say. So every date is computed here, by the one function that computes dates; a rule stands for
//! several of them only where it means exactly these dates in every calendar ([`Run`]).

mod ics;
mod run;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use contracts::subscriptions::Status;
use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{CalendarFeedId, HouseholdId, MemberId, Money, SubscriptionId, UserId};

use super::{Category, CategoryChoice, Name, Payment, PaymentState, Subscription};

pub use ics::{Calendar, Event};
pub use run::{Rule, Run, runs};

/// How many years ahead a calendar is told of.
pub const YEARS_AHEAD: i16 = 10;
/// How many years back.
pub const YEARS_BACK: i16 = 1;
/// The most entries a calendar is given; the nearest ones come first.
pub const MOST_ENTRIES: usize = 5_000;
/// How many addresses a household can have.
pub const MOST_FEEDS: i64 = 20;

/// An address at which a calendar reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its id.
    pub id: CalendarFeedId,
    /// Whose dates it tells.
    pub household: HouseholdId,
    /// Who made it: what is private of theirs is told there, and of nobody else's.
    pub created_by: UserId,
    /// What its owner calls it, and the calendar is called.
    pub name: Name,
    /// Only what is of this category.
    pub category: Option<Category>,
    /// Only what this member bears, at their part of it; everybody's, without one.
    pub member: Option<MemberId>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Feed {
    /// Whether it tells of this one.
    pub fn tells(&self, subscription: &Subscription) -> bool {
        self.category.is_none_or(|category| CategoryChoice::BuiltIn(category) == subscription.category)
    }
}

/// What happens on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happening {
    /// It is to be charged.
    Charge,
    /// It was charged, and is paid.
    Paid,
    /// It was charged, and is not paid, or no more.
    Open,
    /// The first day that is not free.
    TrialEnds,
    /// The first day on which it can no longer be used.
    Ends,
    /// The last day on which it can be cancelled before it binds anew.
    CancelBy,
}

impl Happening {
    /// The word in the entry's id.
    const fn word(self) -> &'static str {
        match self {
            Self::Charge | Self::Paid | Self::Open => "charge",
            Self::TrialEnds => "trial",
            Self::Ends => "end",
            Self::CancelBy => "notice",
        }
    }
}

/// One event, or several that one rule tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// What happens.
    pub what: Happening,
    /// By which charge date it is known, whatever day its money moves on.
    pub identity: Date,
    /// When.
    pub run: Run,
    /// What is charged.
    pub amount: Option<Money>,
}

impl Entry {
    /// Its id for calendars: the same as long as it is the same charge.
    pub fn uid(&self) -> String {
        format!("{}-{}-{}@perennial", self.subscription, self.identity.strftime("%Y%m%d"), self.what.word())
    }
}

/// All entries of these subscriptions, the nearest first: from a year before `today` what was charged, to ten years
/// after it what will be.
pub fn entries(subscriptions: &[Subscription], payments: &[Payment], today: Date) -> Vec<Entry> {
    let (from, to) = window(today);
    let told: HashMap<SubscriptionId, &Subscription> =
        subscriptions.iter().map(|subscription| (subscription.id, subscription)).collect();
    let past = payments.iter().filter(|payment| payment.due_on >= from);
    let mut entries: Vec<Entry> =
        past.filter_map(|payment| charged(payment, told.get(&payment.subscription)?)).collect();
    for subscription in subscriptions {
        entries.extend(to_come(subscription, today, to));
        entries.extend(turns(subscription, today, (from, to)));
    }
    entries.sort_by_key(|entry| ((entry.run.first - today).get_days().abs(), entry.subscription));
    entries.truncate(MOST_ENTRIES);
    entries
}

/// The first and the last day that a calendar is told of.
pub fn window(today: Date) -> (Date, Date) {
    (today.saturating_sub(YEARS_BACK.years()), today.saturating_add(YEARS_AHEAD.years()))
}

/// What was charged; what was skipped has not happened.
fn charged(payment: &Payment, subscription: &Subscription) -> Option<Entry> {
    let what = match payment.state {
        PaymentState::Paid { .. } => Happening::Paid,
        PaymentState::Due | PaymentState::Failed | PaymentState::Refunded { .. } => Happening::Open,
        PaymentState::Skipped => return None,
    };
    Some(Entry {
        subscription: payment.subscription,
        what,
        identity: payment.due_on,
        run: Run::once(subscription.moves_on(payment.due_on)),
        amount: Some(payment.amount),
    })
}

/// The charges to come, on the days on which their money moves, in runs of one price.
fn to_come(subscription: &Subscription, today: Date, to: Date) -> Vec<Entry> {
    let charges: Vec<(Date, Money)> =
        subscription.charges_from(today).take_while(|(on, _)| *on <= to).collect();
    let of_one_price = charges.chunk_by(|(_, one), (_, other)| one == other);
    of_one_price.flat_map(|charges| in_runs(subscription, charges)).collect()
}

/// A run is known by its first charge date; where each date stands for itself, each by its own.
fn in_runs(subscription: &Subscription, charges: &[(Date, Money)]) -> Vec<Entry> {
    let moved: Vec<Date> = charges.iter().map(|(on, _)| subscription.moves_on(*on)).collect();
    let entry = |(run, (on, amount)): (Run, &(Date, Money))| Entry {
        subscription: subscription.id,
        what: Happening::Charge,
        identity: *on,
        run,
        amount: Some(*amount),
    };
    runs(&moved).into_iter().zip(charges).map(entry).collect()
}

/// The end of its trial, its end, and the last day on which it can be cancelled.
fn turns(subscription: &Subscription, today: Date, (from, to): (Date, Date)) -> impl Iterator<Item = Entry> {
    let trial = subscription.trial_ends_on.filter(|_| subscription.status == Status::Trial);
    let cancel_by = subscription.bound(today).and_then(|bound| bound.cancel_by);
    let turns = [
        (Happening::TrialEnds, trial),
        (Happening::Ends, subscription.ends_on),
        (Happening::CancelBy, cancel_by),
    ];
    let subscription = subscription.id;
    turns.into_iter().filter_map(move |(what, on)| {
        let on = on.filter(|on| (from..=to).contains(on))?;
        Some(Entry { subscription, what, identity: on, run: Run::once(on), amount: None })
    })
}
