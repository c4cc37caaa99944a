//! What a payment came to in the household's currency: kept with it, by the rate of its day.

use jiff::civil::Date;
use kernel::Money;

use super::{Converter, RateSource};

/// What a payment of another currency came to, and by which rate. Once kept it stays, whatever rates do later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// How much.
    pub amount: Money,
    /// How much of it one of the payment's currency bought, to eight digits.
    pub rate: String,
    /// The day the rate is of.
    pub rate_on: Date,
    /// Who said so.
    pub source: RateSource,
}

/// What is to be done about a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// This is to be kept; nothing, where the payment is in the household's own currency.
    Settled(Option<Conversion>),
    /// The bank has not published the rates of its day yet: they are hours away, or days over a holiday.
    Soon,
    /// There is no rate, and none is to be expected; one set by hand would do.
    Missing,
}

impl Settlement {
    /// What is to be done about a payment of `amount`, for which the rate of the day `on` counts.
    ///
    /// Only a rate that can no longer become another is kept: one set by hand, or one of the bank's once it has
    /// published that day or a later one. So the same payment is converted the same however early it is looked at.
    pub fn of(amount: Money, on: Date, converter: &Converter) -> Self {
        if amount.currency() == converter.home() {
            return Self::Settled(None);
        }
        let Some(converted) = converter.convert(amount, on) else { return Self::Missing };
        let published = converter.newest().is_some_and(|newest| newest.day() >= on);
        match converted.quote.source {
            RateSource::Ecb | RateSource::Combined if !published => Self::Soon,
            source @ (RateSource::Ecb | RateSource::Combined | RateSource::Own) => {
                Self::Settled(Some(Conversion {
                    amount: converted.amount,
                    rate: converted.quote.ratio.to_string(),
                    rate_on: converted.quote.on,
                    source,
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::Currency;

    use super::*;
    use crate::domain::{
        OwnRate,
        testing::{day, money, reference},
    };

    fn converter(own: Vec<OwnRate>) -> Converter {
        let days = [reference("2026-05-01", "USD 1.25 INR 100"), reference("2026-05-04", "USD 1.25 INR 110")];
        Converter::new(Currency::INR, day("2026-05-10"), Arc::new(days.into_iter().collect()), own)
    }

    fn kept(amount: &str, rate: &str, on: &str, source: RateSource) -> Settlement {
        let amount = money(amount);
        Settlement::Settled(Some(Conversion { amount, rate: rate.into(), rate_on: day(on), source }))
    }

    #[test]
    fn a_payment_keeps_the_rate_of_its_day_once_no_other_can_come() {
        let converter = converter(vec![]);
        let of = |amount: &str, on: &str| Settlement::of(money(amount), day(on), &converter);
        assert_eq!(of("INR 10.00", "2026-05-03"), Settlement::Settled(None));
        assert_eq!(of("USD 10.00", "2026-05-01"), kept("INR 800.00", "80", "2026-05-01", RateSource::Ecb));
        assert_eq!(of("USD 10.00", "2026-05-03"), kept("INR 800.00", "80", "2026-05-01", RateSource::Ecb));
        assert_eq!(of("USD 10.00", "2026-05-04"), kept("INR 880.00", "88", "2026-05-04", RateSource::Ecb));
        assert_eq!(of("USD 10.00", "2026-05-05"), Settlement::Soon);
        assert_eq!(of("RUB 10.00", "2026-05-04"), Settlement::Missing);
        assert_eq!(of("USD 10.00", "2026-04-01"), Settlement::Missing);
    }

    #[test]
    fn a_rate_set_by_hand_is_final_at_once() {
        let own = OwnRate::check(Currency::USD, Currency::INR, day("2026-05-05"), "85").unwrap();
        let converter = converter(vec![own]);
        let of = |on: &str| Settlement::of(money("USD 10.00"), day(on), &converter);
        assert_eq!(of("2026-05-06"), kept("INR 850.00", "85", "2026-05-05", RateSource::Own));
        assert_eq!(of("2026-05-04"), kept("INR 880.00", "88", "2026-05-04", RateSource::Ecb));
    }
}
