//! Prices as one column keeps them.

use jiff::civil::Date;
use kernel::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::{Prices, PricesError, check_amount};

/// The steps as a JSON array of pairs, the first day and the count of minor units, the oldest first:
/// `[["2026-05-05",0],["2026-06-05",49900]]`. The currency is a column of its own, because queries ask for it.
///
/// What a step may learn later (a kind, an expected amount) becomes a third member of its pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredPrices(Vec<(Date, i64)>);

impl From<&Prices> for StoredPrices {
    fn from(prices: &Prices) -> Self {
        Self(prices.steps.clone())
    }
}

impl StoredPrices {
    /// Every step: the first day, and the count of minor units.
    pub fn pairs(&self) -> impl Iterator<Item = (Date, i64)> {
        self.0.iter().copied()
    }

    /// Steps that are not known yet to be right.
    pub const fn from_pairs(pairs: Vec<(Date, i64)>) -> Self {
        Self(pairs)
    }

    /// The prices in the currency that stands beside them.
    ///
    /// # Errors
    /// [`PricesError`] says why a row makes no sense.
    pub fn into_prices(self, currency: Currency) -> Result<Prices, PricesError> {
        if self.0.is_empty() {
            return Err(PricesError::Empty);
        }
        if let Some(pair) = self.0.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
            return Err(PricesError::Order(pair[1].0));
        }
        for (_, minor) in &self.0 {
            check_amount(Money::from_minor(*minor, currency))?;
        }
        Ok(Prices { currency, steps: self.0 })
    }
}
