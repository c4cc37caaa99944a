//! What the European Central Bank says a euro buys on a day.

use std::{collections::BTreeMap, str::FromStr};

use jiff::civil::Date;
use kernel::Currency;

use super::{Rate, Ratio};

/// The reference rates of one day: how much of each currency one euro buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRates {
    day: Date,
    rates: BTreeMap<&'static str, Rate>,
}

impl ReferenceRates {
    /// The rates of a day, by the codes of their currencies.
    pub const fn new(day: Date, rates: BTreeMap<&'static str, Rate>) -> Self {
        Self { day, rates }
    }

    /// From how they are stored: texts by code. What makes no sense is no rate.
    pub fn stored(day: Date, stored: &BTreeMap<String, String>) -> Self {
        let read = |(code, rate): (&String, &String)| {
            let currency: Currency = code.parse().ok()?;
            Some((currency.code(), rate.parse().ok()?))
        };
        Self { day, rates: stored.iter().filter_map(read).collect() }
    }

    /// As they are stored.
    pub fn store(&self) -> BTreeMap<&'static str, String> {
        self.rates.iter().map(|(code, rate)| (*code, rate.to_string())).collect()
    }

    /// Of which day.
    pub const fn day(&self) -> Date {
        self.day
    }

    /// How many currencies there are, besides the euro.
    pub fn len(&self) -> usize {
        self.rates.len()
    }

    /// Whether there are none, which no sheet of the bank's has.
    pub fn is_empty(&self) -> bool {
        self.rates.is_empty()
    }

    /// The currencies that there are rates of, the euro among them.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        let others = self.rates.keys().filter_map(|code| code.parse().ok());
        std::iter::once(Currency::EUR).chain(others)
    }

    /// How much of a currency one euro buys.
    pub fn per_euro(&self, currency: Currency) -> Option<Ratio> {
        if currency == Currency::EUR {
            return Some(Ratio::ONE);
        }
        self.rates.get(currency.code()).copied().map(Ratio::from)
    }

    /// How much of `to` one of `from` buys, by way of the euro.
    pub fn cross(&self, from: Currency, to: Currency) -> Option<Ratio> {
        self.per_euro(from)?.inverse().then(self.per_euro(to)?)
    }
}

/// The reference rates of several days.
#[derive(Debug, Clone, Default)]
pub struct ReferenceDays(BTreeMap<Date, ReferenceRates>);

impl FromIterator<ReferenceRates> for ReferenceDays {
    fn from_iter<I: IntoIterator<Item = ReferenceRates>>(days: I) -> Self {
        Self(days.into_iter().map(|set| (set.day, set)).collect())
    }
}

impl ReferenceDays {
    /// The newest of a day or before it.
    pub fn by(&self, day: Date) -> Option<&ReferenceRates> {
        self.0.range(..=day).next_back().map(|(_, set)| set)
    }
}

/// Where a rate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateSource {
    /// The European Central Bank's reference rates.
    Ecb,
    /// Set by hand.
    Own,
    /// Set by hand as far as the bank has none, then the bank's.
    Combined,
}

/// A text that is no source of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of ecb, own, combined")]
pub struct RateSourceError;

impl RateSource {
    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ecb => "ecb",
            Self::Own => "own",
            Self::Combined => "combined",
        }
    }
}

impl FromStr for RateSource {
    type Err = RateSourceError;

    fn from_str(text: &str) -> Result<Self, RateSourceError> {
        [Self::Ecb, Self::Own, Self::Combined]
            .into_iter()
            .find(|source| source.as_str() == text)
            .ok_or(RateSourceError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{day, reference};

    #[test]
    fn what_is_stored_reads_back() {
        let rates = reference("2026-05-04", "USD 1.1730 INR 98.4215");
        let stored: BTreeMap<String, String> =
            rates.store().into_iter().map(|(code, rate)| (code.to_owned(), rate)).collect();
        assert_eq!(ReferenceRates::stored(day("2026-05-04"), &stored), rates);
        for (code, rate) in [("USD", "none"), ("ABC", "1")] {
            let stored = BTreeMap::from([(code.to_owned(), rate.to_owned())]);
            assert!(ReferenceRates::stored(day("2026-05-04"), &stored).is_empty());
        }
        for source in [RateSource::Ecb, RateSource::Own, RateSource::Combined] {
            assert_eq!(source.as_str().parse(), Ok(source));
        }
    }

    #[test]
    fn the_euro_is_the_way_from_one_to_another() {
        let rates = reference("2026-05-04", "USD 1.25 INR 100");
        let cross = |from, to| rates.cross(from, to).map(|ratio| ratio.to_string());
        assert_eq!(cross(Currency::USD, Currency::INR).as_deref(), Some("80"));
        assert_eq!(cross(Currency::INR, Currency::USD).as_deref(), Some("0.0125"));
        assert_eq!(cross(Currency::EUR, Currency::USD).as_deref(), Some("1.25"));
        assert_eq!(cross(Currency::GBP, Currency::USD), None);
    }
}
