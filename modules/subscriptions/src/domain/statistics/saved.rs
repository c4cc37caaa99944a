//! What is no longer paid.

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Money, SubscriptionId};

use crate::domain::{Converter, Subscription};

/// What one that was cancelled would have cost by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// Which.
    pub subscription: SubscriptionId,
    /// Since when it is not paid.
    pub since: Date,
    /// How many charge dates have passed since.
    pub charges: usize,
    /// What they would have cost, at the prices that held.
    pub amount: Money,
    /// The same in the household's currency by the newest rate.
    pub at_home: Option<Money>,
}

/// What each that was cancelled would have been charged since, by `today`: those first that would have cost most.
/// Nothing is saved by what was over by itself, on a day that was agreed or after a number of charges, nor by what was
/// bought once.
pub fn saved(today: Date, subscriptions: &[Subscription], converter: &Converter) -> Vec<Saved> {
    let mut saved: Vec<Saved> =
        subscriptions.iter().filter_map(|subscription| of_one(subscription, today, converter)).collect();
    saved.sort_by_key(|each| {
        (std::cmp::Reverse(each.at_home.unwrap_or(each.amount).minor()), each.subscription)
    });
    saved
}

fn of_one(subscription: &Subscription, today: Date, converter: &Converter) -> Option<Saved> {
    let stopped = matches!(subscription.status, Status::Cancelled | Status::Ended);
    let by_itself = subscription.cancelled_on.is_none() || subscription.charges_left.is_some();
    if !stopped || by_itself || subscription.cycle.is_none() {
        return None;
    }
    let since = subscription.ends_on?;
    let mut amount = Money::zero(subscription.prices.currency());
    let mut charges = 0;
    for date in subscription.schedule().dates_in(since..=today) {
        amount = amount.checked_add(subscription.price_on(date)).unwrap_or(amount);
        charges += 1;
    }
    let at_home = converter.at_home(amount, today);
    (charges > 0).then_some(Saved { subscription: subscription.id, since, charges, amount, at_home })
}
