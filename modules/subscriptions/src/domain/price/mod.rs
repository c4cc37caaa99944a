//! What one charge costs, and from when: a trial, a promotion, a rise and the history are all steps.

use jiff::civil::Date;
use kernel::{Currency, Money};

mod stored;
#[cfg(test)]
mod tests;

pub use stored::StoredPrices;

/// From a day on, this price holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceStep {
    /// The first day.
    pub from: Date,
    /// The price.
    pub price: Money,
}

/// The price on every day: at least one step, ordered by day, in one currency.
///
/// A step that costs what the one before it costs is kept, for it says what holds when the one before changes:
/// who takes a promotion's price up and down again still pays the full one after it. It is no step to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    currency: Currency,
    steps: Vec<(Date, i64)>,
}

/// Why steps make no prices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PricesError {
    /// Not a single step.
    #[error("there is no price")]
    Empty,
    /// Two on one day, or a later one before an earlier one.
    #[error("the prices are out of order at {0}")]
    Order(Date),
    /// Less than nought, or more than can be kept.
    #[error("{0} is no price")]
    Amount(Money),
    /// Prices stay in the currency they began in.
    #[error("must stay in {0}: end this one and add it again in the other currency")]
    Currency(Currency),
    /// Above [`Prices::MAX_STEPS`].
    #[error("has changed {} times: no more changes can be kept", Prices::MAX_STEPS)]
    TooMany,
}

impl Prices {
    /// The most steps kept: a change every month for eighty years.
    pub const MAX_STEPS: usize = 1_000;

    /// `price` from `from` on, until it changes.
    pub fn constant(from: Date, price: Money) -> Self {
        Self { currency: price.currency(), steps: vec![(from, price.minor())] }
    }

    /// Nothing until the day before `trial_ends_on`, then `price`. A trial that ends no later than `from` is
    /// none.
    pub fn with_trial(from: Date, trial_ends_on: Date, price: Money) -> Self {
        let mut prices = Self::constant(trial_ends_on, price);
        if from < trial_ends_on {
            prices.steps.insert(0, (from, 0));
        }
        prices
    }

    /// The currency of every step.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The price on `date`: of the newest step that does not begin after it. Before the first step, the first.
    pub fn on(&self, date: Date) -> Money {
        let begun = self.steps.partition_point(|(from, _)| *from <= date);
        let step = self.steps.get(begun.saturating_sub(1));
        Money::from_minor(step.map_or(0, |(_, minor)| *minor), self.currency)
    }

    /// Another price from `from` until the next step that is already there. Gives the price that held on that
    /// day before, or `None` when it is the same.
    ///
    /// # Errors
    /// [`PricesError::Currency`], [`PricesError::Amount`] or [`PricesError::TooMany`]; then nothing is changed.
    pub fn change(&mut self, from: Date, price: Money) -> Result<Option<Money>, PricesError> {
        if price.currency() != self.currency {
            return Err(PricesError::Currency(self.currency));
        }
        check_amount(price)?;
        let before = self.on(from);
        if before == price {
            return Ok(None);
        }
        match self.steps.binary_search_by_key(&from, |(day, _)| *day) {
            Ok(at) => self.steps[at].1 = price.minor(),
            Err(_) if self.steps.len() >= Self::MAX_STEPS => return Err(PricesError::TooMany),
            Err(at) => self.steps.insert(at, (from, price.minor())),
        }
        Ok(Some(before))
    }

    /// One more step, of a draft that has been looked at: after all others, in their currency.
    pub(in crate::domain) fn append(&mut self, step: PriceStep) {
        self.steps.push((step.from, step.price.minor()));
    }

    /// `later` instead of every step after `day`; what has begun by then stays.
    ///
    /// # Errors
    /// [`PricesError`]; then nothing is changed.
    pub fn replan(&mut self, day: Date, later: &[PriceStep]) -> Result<(), PricesError> {
        let mut next = self.clone();
        next.steps.truncate(next.steps.partition_point(|(from, _)| *from <= day));
        for step in later {
            if step.price.currency() != next.currency {
                return Err(PricesError::Currency(next.currency));
            }
            check_amount(step.price)?;
            next.steps.push((step.from, step.price.minor()));
        }
        next.steps.sort_unstable_by_key(|(from, _)| *from);
        if let Some(pair) = next.steps.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(PricesError::Order(pair[1].0));
        }
        if next.steps.len() > Self::MAX_STEPS {
            return Err(PricesError::TooMany);
        }
        *self = next;
        Ok(())
    }

    /// The trial that ended on `before` ends on `after` instead; what it costs then, and every later step, stay.
    pub fn move_trial(&mut self, before: Date, after: Date) {
        let start = self.steps.first().map_or(after, |(from, _)| *from);
        let settled = before.max(after);
        let later = self.steps.split_off(self.steps.partition_point(|(from, _)| *from <= settled));
        let price = self.on(settled).minor();
        self.steps = if start < after { vec![(start, 0), (after, price)] } else { vec![(start, price)] };
        self.steps.extend(later);
    }

    /// The same steps at what `change` makes of each price.
    #[must_use]
    pub fn map(&self, change: impl Fn(Money) -> Money) -> Self {
        let price = |minor| change(Money::from_minor(minor, self.currency)).minor();
        let steps = self.steps.iter().map(|(from, minor)| (*from, price(*minor))).collect();
        Self { currency: self.currency, steps }
    }

    /// The first step after `date`: the end of a trial or a promotion, or a rise to come.
    pub fn next_after(&self, date: Date) -> Option<PriceStep> {
        self.steps().find(|step| step.from > date)
    }

    /// Every step at which the price changes, the oldest first; those that have passed are the history.
    pub fn steps(&self) -> impl Iterator<Item = PriceStep> {
        let mut before = None;
        self.steps.iter().filter_map(move |&(from, minor)| {
            let differs = before.replace(minor) != Some(minor);
            differs.then_some(PriceStep { from, price: Money::from_minor(minor, self.currency) })
        })
    }
}

fn check_amount(price: Money) -> Result<(), PricesError> {
    if (0..=Money::MAX_MINOR).contains(&price.minor()) { Ok(()) } else { Err(PricesError::Amount(price)) }
}
