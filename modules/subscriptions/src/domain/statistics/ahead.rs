//! Days until which one should have decided.

use jiff::{ToSpan, civil::Date};
use kernel::{Money, SubscriptionId};

use crate::domain::Subscription;
use contracts::subscriptions::Status;

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// The trial: from that day on it costs something.
    Trial,
    /// The last day on which it can be cancelled before it renews for another term.
    CancelBy,
}

/// A day to decide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The day.
    pub on: Date,
    /// Of which.
    pub subscription: SubscriptionId,
    /// What ends.
    pub kind: NoticeKind,
    /// What a charge costs afterwards.
    pub price: Money,
}

/// The days from `today` to `days` later by which one should have decided, in their order.
pub fn notices(today: Date, days: i64, subscriptions: &[Subscription]) -> Vec<Notice> {
    let last = today.saturating_add(days.days());
    let mut notices: Vec<Notice> = subscriptions
        .iter()
        .flat_map(|subscription| of_one(subscription, today))
        .filter(|notice| (today..=last).contains(&notice.on))
        .collect();
    notices.sort_by_key(|notice| (notice.on, notice.kind, notice.subscription));
    notices
}

fn of_one(subscription: &Subscription, today: Date) -> impl Iterator<Item = Notice> {
    let trial = subscription.trial_ends_on.filter(|_| subscription.status == Status::Trial);
    let cancel_by = subscription.bound(today).and_then(|bound| bound.cancel_by);
    let notice = |on: Option<Date>, kind| {
        on.map(|on| Notice { on, subscription: subscription.id, kind, price: subscription.price_on(on) })
    };
    [notice(trial, NoticeKind::Trial), notice(cancel_by, NoticeKind::CancelBy)].into_iter().flatten()
}
