//! What happens on which day.

use std::ops::RangeInclusive;

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Money, PaymentId, SubscriptionId};

use crate::domain::{Converter, Payment, PaymentStatus, Subscription, Sum};

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// A payment that is in the ledger.
    Payment {
        /// Which.
        id: PaymentId,
        /// What became of it.
        status: PaymentStatus,
    },
    /// A charge that is to come.
    Charge,
    /// The first day that is not free.
    TrialEnds,
    /// The last day on which it can be cancelled before its next term.
    CancelBy,
    /// The first day on which it can no longer be used.
    Ends,
}

/// Something on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The day.
    pub on: Date,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// What.
    pub what: Happening,
    /// How much, where money moves or will.
    pub amount: Option<Money>,
    /// The same in the household's currency, where it is in another and there is a rate.
    pub converted: Option<Money>,
}

/// The days of a range on which something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// In the order of their days.
    pub entries: Vec<CalendarEntry>,
    /// How many more of them there are than were asked for.
    pub left_out: usize,
    /// What the payments and charges come to, those left out among them: what was or is to be paid, not what was
    /// skipped or refunded.
    pub sum: Sum,
}

/// The calendar of `range` with at most `limit` entries. `payments` are those with a charge date in it.
pub fn calendar(
    today: Date,
    range: &RangeInclusive<Date>,
    subscriptions: &[Subscription],
    payments: &[Payment],
    converter: &Converter,
    limit: usize,
) -> Calendar {
    let mut sum = Sum::nothing(converter.home());
    let mut entries: Vec<CalendarEntry> = Vec::new();
    for payment in payments.iter().filter(|payment| range.contains(&payment.due_on)) {
        let status = payment.state.status();
        let at_home = payment.at_home(converter);
        if !matches!(status, PaymentStatus::Skipped | PaymentStatus::Refunded) {
            sum.add(payment.amount, at_home);
        }
        let foreign = payment.amount.currency() != converter.home();
        entries.push(CalendarEntry {
            on: payment.due_on,
            subscription: payment.subscription,
            what: Happening::Payment { id: payment.id, status },
            amount: Some(payment.amount),
            converted: at_home.filter(|_| foreign),
        });
    }
    for subscription in subscriptions {
        let charges = subscription.charges_from(*range.start()).take_while(|(on, _)| on <= range.end());
        for (on, amount) in charges {
            let at_home = converter.at_home(amount, today);
            sum.add(amount, at_home);
            let foreign = amount.currency() != converter.home();
            let converted = at_home.filter(|_| foreign);
            let what = Happening::Charge;
            entries.push(CalendarEntry {
                on,
                subscription: subscription.id,
                what,
                amount: Some(amount),
                converted,
            });
        }
        entries.extend(days_of(subscription, today).filter(|entry| range.contains(&entry.on)));
    }
    entries.sort_by_key(|entry| (entry.on, entry.what, entry.subscription));
    let left_out = entries.len().saturating_sub(limit);
    entries.truncate(limit);
    Calendar { entries, left_out, sum }
}

/// The days of one on which no money moves.
fn days_of(subscription: &Subscription, today: Date) -> impl Iterator<Item = CalendarEntry> {
    let trial = subscription.trial_ends_on.filter(|_| subscription.status == Status::Trial);
    let cancel_by = subscription.bound(today).and_then(|bound| bound.cancel_by);
    let id = subscription.id;
    let entry = move |on: Option<Date>, what| {
        on.map(|on| CalendarEntry { on, subscription: id, what, amount: None, converted: None })
    };
    [
        entry(trial, Happening::TrialEnds),
        entry(cancel_by, Happening::CancelBy),
        entry(subscription.ends_on, Happening::Ends),
    ]
    .into_iter()
    .flatten()
}
