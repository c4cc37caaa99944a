//! Prices that went up, and those that will.

use jiff::{ToSpan, civil::Date};
use kernel::{Money, SubscriptionId};

use crate::domain::{Converter, Subscription, yearly};

/// A price that rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    /// Of which.
    pub subscription: SubscriptionId,
    /// From which day on.
    pub from: Date,
    /// What a charge cost before.
    pub before: Money,
    /// What it costs from then on.
    pub after: Money,
    /// What that comes to a year.
    pub a_year: Money,
    /// The same in the household's currency by the newest rate.
    pub at_home: Option<Money>,
}

/// How far back and ahead one looks.
const MONTHS: i64 = 12;

/// The rises of the last twelve months and of those to come, the newest first. The end of a trial is none; that of a
/// promotion is one.
pub fn rises(today: Date, subscriptions: &[Subscription], converter: &Converter) -> Vec<Rise> {
    let (first, last) = (today.saturating_sub(MONTHS.months()), today.saturating_add(MONTHS.months()));
    let mut rises: Vec<Rise> = subscriptions
        .iter()
        .filter(|subscription| subscription.renews())
        .flat_map(|subscription| rises_of(subscription, today, converter))
        .filter(|rise| (first..=last).contains(&rise.from))
        .collect();
    rises.sort_by_key(|rise| (std::cmp::Reverse(rise.from), rise.subscription));
    rises
}

fn rises_of(subscription: &Subscription, today: Date, converter: &Converter) -> Vec<Rise> {
    let Some(cycle) = subscription.cycle else { return Vec::new() };
    let steps: Vec<_> = subscription.prices.steps().collect();
    let pairs = steps.windows(2).filter_map(|pair| match pair {
        [before, after] if !before.price.is_zero() && after.price.minor() > before.price.minor() => {
            Some((before.price, after))
        }
        _ => None,
    });
    pairs
        .map(|(before, after)| {
            let more = Money::from_minor(after.price.minor() - before.minor(), before.currency());
            let a_year = yearly(more, cycle);
            Rise {
                subscription: subscription.id,
                from: after.from,
                before,
                after: after.price,
                a_year,
                at_home: converter.at_home(a_year, today),
            }
        })
        .collect()
}
