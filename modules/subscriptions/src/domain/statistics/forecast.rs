//! What is to come, month by month.

use jiff::civil::Date;
use kernel::{Money, SubscriptionId};

use super::months_from;
use crate::domain::{Converter, Subscription, Sum};

/// A charge that is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Of which.
    pub subscription: SubscriptionId,
    /// Its charge date.
    pub on: Date,
    /// How much, as far as one can tell.
    pub amount: Money,
    /// The same in the household's currency by the newest rate.
    pub at_home: Option<Money>,
}

/// What is to come in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastMonth {
    /// Its first day.
    pub month: Date,
    /// How much.
    pub sum: Sum,
    /// In how many charges.
    pub charges: usize,
}

/// What is to come from `today` on, in its month and those after it: each charge date that is not processed, at the
/// price that will hold then. `row` is shown every charge, of every subscription in turn.
pub fn forecast(
    today: Date,
    months: usize,
    subscriptions: &[Subscription],
    converter: &Converter,
    mut row: impl FnMut(Expected),
) -> Vec<ForecastMonth> {
    let home = converter.home();
    let mut forecast: Vec<ForecastMonth> = months_from(today, months)
        .into_iter()
        .map(|month| ForecastMonth { month, sum: Sum::nothing(home), charges: 0 })
        .collect();
    let end = months_from(today, months + 1).pop().unwrap_or(today);
    for subscription in subscriptions {
        let charges = subscription.charges_from(today).take_while(|(on, _)| *on < end);
        let mut at = 0;
        // One price costs the same on every day to come: it is converted once.
        let mut known: Option<(Money, Option<Money>)> = None;
        for (on, amount) in charges {
            let at_home = match known {
                Some((of, at_home)) if of == amount => at_home,
                Some(_) | None => converter.at_home(amount, today),
            };
            known = Some((amount, at_home));
            row(Expected { subscription: subscription.id, on, amount, at_home });
            while forecast.get(at).is_some_and(|each| each.month.last_of_month() < on) {
                at += 1;
            }
            if let Some(month) = forecast.get_mut(at) {
                month.sum.add(amount, at_home);
                month.charges += 1;
            }
        }
    }
    forecast
}
