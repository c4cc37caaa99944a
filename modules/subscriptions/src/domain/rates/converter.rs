//! The one way from an amount in any currency to the household's own.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::{Currency, Money};

use super::{OwnRate, RateSource, Ratio, ReferenceDays, ReferenceRates};

/// How many days before a day its rate may be: banks rest on weekends and holidays, never for a whole week.
const REST: i32 = 7;

/// A rate for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// How much one buys of the other.
    pub ratio: Ratio,
    /// The day it is of.
    pub on: Date,
    /// Who says so.
    pub source: RateSource,
}

/// An amount in the household's currency, and how it came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Converted {
    /// How much.
    pub amount: Money,
    /// By which rate.
    pub quote: Quote,
}

/// Converts amounts into a household's currency, by the rates it was given.
///
/// For a day, the newest rate on or before it holds, and none older than a week; after the newest day that is known,
/// that one's. What has no rate is not converted: never one to one, never to nought.
#[derive(Debug, Clone)]
pub struct Converter {
    home: Currency,
    /// No rate after it is looked at.
    today: Date,
    days: Arc<ReferenceDays>,
    own: Vec<OwnRate>,
}

impl Converter {
    /// With the reference rates of the days that will be asked for, the week before them included, and the
    /// household's own.
    pub fn new(home: Currency, today: Date, days: Arc<ReferenceDays>, mut own: Vec<OwnRate>) -> Self {
        own.sort_by_key(|rate| (std::cmp::Reverse(rate.since), rate.from.code(), rate.to.code()));
        Self { home, today, days, own }
    }

    /// Without any rates, for those who have to do with one currency only.
    pub fn of_one(home: Currency, today: Date) -> Self {
        Self::new(home, today, Arc::default(), Vec::new())
    }

    /// What it converts into.
    pub const fn home(&self) -> Currency {
        self.home
    }

    /// The rates set by hand, the newest first.
    pub fn own(&self) -> &[OwnRate] {
        &self.own
    }

    /// Every currency that there may be a rate of against `base`, by code.
    pub fn quotable(&self, base: Currency) -> Vec<Currency> {
        let bank = self.newest().into_iter().flat_map(ReferenceRates::currencies);
        let own = self.own.iter().flat_map(|own| [own.from, own.to]);
        let mut all: Vec<Currency> = bank.chain(own).filter(|currency| *currency != base).collect();
        all.sort_by_key(|currency| currency.code());
        all.dedup();
        all
    }

    /// The newest reference rates by today.
    pub fn newest(&self) -> Option<&ReferenceRates> {
        self.days.by(self.today)
    }

    /// The reference rates that hold on a day.
    fn reference(&self, on: Date) -> Option<&ReferenceRates> {
        let set = self.days.by(on.min(self.today))?;
        let newest = self.newest().is_some_and(|newest| newest.day() == set.day());
        let age = on.since(set.day()).map_or(i32::MAX, |span| span.get_days());
        (newest || age <= REST).then_some(set)
    }

    /// How much of `to` one of `from` buys on a day. Both may be any currencies, and must be two.
    ///
    /// What was set by hand wins; where the bank has no rate of one of them, a rate set by hand leads to one that it
    /// has.
    pub fn quote(&self, from: Currency, to: Currency, on: Date) -> Option<Quote> {
        let own = || self.own.iter().filter(|rate| rate.since <= on);
        let by_hand = own().find_map(|rate| {
            let ratio = rate.between(from, to)?;
            Some(Quote { ratio, on: rate.since, source: RateSource::Own })
        });
        by_hand.or_else(|| {
            let set = self.reference(on)?;
            let told =
                set.cross(from, to).map(|ratio| Quote { ratio, on: set.day(), source: RateSource::Ecb });
            told.or_else(|| own().find_map(|rate| combined(rate, set, from, to)))
        })
    }

    /// An amount of another currency in the household's, by the rate of a day. `None` where there is no rate, and
    /// for what is in the household's own already.
    pub fn convert(&self, money: Money, on: Date) -> Option<Converted> {
        self.convert_part(money, 1, 1, on)
    }

    /// The same of `money × times ÷ per`, rounded once.
    pub fn convert_part(&self, money: Money, times: i128, per: i128, on: Date) -> Option<Converted> {
        if money.currency() == self.home {
            return None;
        }
        let quote = self.quote(money.currency(), self.home, on)?;
        Some(Converted { amount: quote.ratio.convert_part(money, self.home, times, per)?, quote })
    }

    /// An amount in the household's currency: as it is where it is in that already, else converted. `None` where
    /// there is no rate.
    pub fn at_home(&self, money: Money, on: Date) -> Option<Money> {
        if money.currency() == self.home {
            return Some(money);
        }
        self.convert(money, on).map(|converted| converted.amount)
    }
}

/// A rate set by hand as far as it leads, and the bank's for the rest.
fn combined(rate: &OwnRate, set: &ReferenceRates, from: Currency, to: Currency) -> Option<Quote> {
    let first = rate.other(from).and_then(|middle| rate.between(from, middle)?.then(set.cross(middle, to)?));
    let last = || {
        let middle = rate.other(to)?;
        set.cross(from, middle)?.then(rate.between(middle, to)?)
    };
    let ratio = first.or_else(last)?;
    Some(Quote { ratio, on: set.day(), source: RateSource::Combined })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::testing::{day, money, reference};

    fn own(from: &str, to: &str, since: &str, rate: &str) -> OwnRate {
        OwnRate::check(from.parse().unwrap(), to.parse().unwrap(), day(since), rate).unwrap()
    }

    /// 1 May 2026 is a Friday.
    fn converter(own: Vec<OwnRate>) -> Converter {
        let days = [
            reference("2026-01-02", "USD 1.10 INR 90"),
            reference("2026-04-30", "USD 1.20 INR 96"),
            reference("2026-05-01", "USD 1.25 INR 100"),
            reference("2026-05-04", "USD 1.25 INR 110"),
        ];
        Converter::new(Currency::INR, day("2026-05-10"), Arc::new(days.into_iter().collect()), own)
    }

    fn at(converter: &Converter, amount: &str, on: &str) -> Option<(Money, Date, RateSource)> {
        let converted = converter.convert(money(amount), day(on))?;
        Some((converted.amount, converted.quote.on, converted.quote.source))
    }

    #[test]
    fn the_newest_rate_on_or_before_a_day_holds() {
        let converter = converter(vec![]);
        for (on, amount, of) in [
            ("2026-04-30", "INR 800.00", "2026-04-30"),
            ("2026-05-01", "INR 800.00", "2026-05-01"),
            ("2026-05-03", "INR 800.00", "2026-05-01"),
            ("2026-05-04", "INR 880.00", "2026-05-04"),
            ("2026-05-10", "INR 880.00", "2026-05-04"),
            ("2027-01-01", "INR 880.00", "2026-05-04"),
        ] {
            assert_eq!(
                at(&converter, "USD 10.00", on),
                Some((money(amount), day(of), RateSource::Ecb)),
                "{on}"
            );
        }
    }

    #[test]
    fn a_missing_exchange_rate_is_missing() {
        let converter = converter(vec![]);
        assert_eq!(at(&converter, "USD 10.00", "2026-01-01"), None, "older than what is known");
        assert_eq!(at(&converter, "USD 10.00", "2026-02-01"), None, "in a gap");
        assert!(at(&converter, "USD 10.00", "2026-01-09").is_some(), "within a week");
        assert_eq!(at(&converter, "RUB 10.00", "2026-05-05"), None, "a currency the bank has not");
        assert_eq!(converter.at_home(money("RUB 10.00"), day("2026-05-05")), None);
        assert_eq!(converter.at_home(money("INR 10.00"), day("1999-01-01")), Some(money("INR 10.00")));
        let nothing = Converter::of_one(Currency::INR, day("2026-05-10"));
        assert_eq!((at(&nothing, "USD 10.00", "2026-05-10"), nothing.newest().is_none()), (None, true));
    }

    #[test]
    fn an_old_rate_is_used_when_the_bank_is_out_of_reach_and_tells_its_day() {
        let months_later = Converter { today: day("2026-09-01"), ..converter(vec![]) };
        let told = at(&months_later, "USD 10.00", "2026-09-01");
        assert_eq!(told, Some((money("INR 880.00"), day("2026-05-04"), RateSource::Ecb)));
    }

    #[test]
    fn rates_after_today_are_not_known_yet() {
        let before = Converter { today: day("2026-05-01"), ..converter(vec![]) };
        assert_eq!(
            at(&before, "USD 10.00", "2026-05-04"),
            Some((money("INR 800.00"), day("2026-05-01"), RateSource::Ecb))
        );
    }

    #[test]
    fn a_rate_set_by_hand_wins_from_its_day_on() {
        let converter = converter(vec![
            own("USD", "INR", "2026-05-02", "85"),
            own("USD", "INR", "2026-05-06", "86.5"),
            own("INR", "GBP", "2026-05-01", "0.008"),
        ]);
        for (amount, on, expected, of, source) in [
            ("USD 10.00", "2026-05-01", "INR 800.00", "2026-05-01", RateSource::Ecb),
            ("USD 10.00", "2026-05-05", "INR 850.00", "2026-05-02", RateSource::Own),
            ("USD 10.00", "2026-05-09", "INR 865.00", "2026-05-06", RateSource::Own),
            ("GBP 10.00", "2026-05-09", "INR 1250.00", "2026-05-01", RateSource::Own),
        ] {
            assert_eq!(at(&converter, amount, on), Some((money(expected), day(of), source)), "{amount} {on}");
        }
    }

    #[test]
    fn a_rate_set_by_hand_leads_to_the_banks() {
        // Taka are not the bank's: ten to the dollar, either way round, and so to rupees.
        for taka in [own("BDT", "USD", "2026-05-01", "0.1"), own("USD", "BDT", "2026-05-01", "10")] {
            let known = converter(vec![taka]);
            let told = at(&known, "BDT 1000.00", "2026-05-05");
            assert_eq!(told, Some((money("INR 8800.00"), day("2026-05-04"), RateSource::Combined)));
            let home = Converter { home: "BDT".parse().unwrap(), ..known };
            let told = at(&home, "EUR 1.00", "2026-05-05");
            assert_eq!(told, Some((money("BDT 12.50"), day("2026-05-04"), RateSource::Combined)));
            assert_eq!(at(&home, "EUR 1.00", "2026-04-30"), None, "before it holds");
        }
    }

    proptest! {
        /// Whatever is asked, the same amount is never nought, one to one or in another currency.
        #[test]
        fn what_is_converted_is_converted(minor in 100_i64..1_000_000, ahead in -200_i64..400, known in any::<bool>()) {
            let converter = converter(if known { vec![own("RUB", "INR", "2026-03-01", "1.05")] } else { vec![] });
            let on = day("2026-05-10").saturating_add(jiff::ToSpan::days(ahead));
            for code in ["USD", "RUB", "EUR", "INR"] {
                let money = Money::from_minor(minor, code.parse().unwrap());
                if let Some(converted) = converter.convert(money, on) {
                    prop_assert_eq!(converted.amount.currency(), Currency::INR);
                    prop_assert!(converted.amount.minor() > 0 && converted.amount.minor() != minor);
                    prop_assert!(converted.quote.on <= on);
                } else {
                    prop_assert_eq!(converter.at_home(money, on).is_some(), code == "INR");
                }
            }
        }
    }
}
