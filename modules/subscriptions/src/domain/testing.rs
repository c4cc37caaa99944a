//! Words the tests of the domain share.

use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Cycle, Id, Kind, Money, Unit};
use proptest::prelude::*;

use super::{Advance, Birth, MonthEnd, Proposal, ReferenceRates, Subscription, Weekend};

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn dates(text: &str) -> Vec<Date> {
    text.split_whitespace().map(day).collect()
}

pub(crate) fn cycle(every: i64, unit: Unit) -> Cycle {
    Cycle::new(every, unit).unwrap()
}

/// `money("INR 499.00")`.
pub(crate) fn money(text: &str) -> Money {
    let (code, amount) = text.split_once(' ').unwrap();
    Money::parse(amount, code.parse::<Currency>().unwrap()).unwrap()
}

/// `reference("2026-05-04", "USD 1.1730 INR 98.4215")`: what a euro buys on a day.
pub(crate) fn reference(on: &str, rates: &str) -> ReferenceRates {
    let words: Vec<&str> = rates.split_whitespace().collect();
    let told = words.chunks(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect();
    ReferenceRates::stored(day(on), &told)
}

/// The id of its kind that ends with `number`.
pub(crate) fn id<K: Kind>(number: u32) -> Id<K> {
    format!("{}_0197f3c2a5b07c3e8d1f2a3b{number:08x}", K::PREFIX).parse().unwrap()
}

/// Netflix, 499 rupees a month, with the defaults of the API.
pub(crate) fn netflix() -> Proposal {
    Proposal {
        service: Some("netflix".into()),
        category: Some("entertainment".into()),
        ..Proposal::of("Netflix", money("INR 499.00"), Some(Cycle::MONTHLY))
    }
}

pub(crate) fn birth(number: u32, today: Date) -> Birth {
    Birth {
        id: id(number),
        household: id(1),
        created_by: id(1),
        today,
        now: "2026-05-05T06:30:00Z".parse::<Timestamp>().unwrap(),
    }
}

/// Made from `proposal` on `today`, with everything that was due by then.
pub(crate) fn made(proposal: Proposal, today: &str) -> (Subscription, Advance) {
    let today = day(today);
    Subscription::create(proposal.check(today).unwrap(), birth(1, today), 1_000)
}

pub(crate) fn any_date() -> impl Strategy<Value = Date> {
    (1970_i16..=2199, 1_i8..=12, prop_oneof![1_i8..=31, 28_i8..=31])
        .prop_filter_map("a day that exists", |(year, month, day)| Date::new(year, month, day).ok())
}

pub(crate) fn any_cycle() -> impl Strategy<Value = Cycle> {
    let unit = prop_oneof![Just(Unit::Day), Just(Unit::Week), Just(Unit::Month), Just(Unit::Year)];
    (prop_oneof![1_i64..=12, 1_i64..=999], unit).prop_map(|(every, unit)| cycle(every, unit))
}

pub(crate) fn any_month_end() -> impl Strategy<Value = MonthEnd> {
    prop_oneof![Just(MonthEnd::AnchorDay), Just(MonthEnd::LastDay)]
}

pub(crate) fn any_weekend() -> impl Strategy<Value = Weekend> {
    prop_oneof![Just(Weekend::Keep), Just(Weekend::Before), Just(Weekend::After)]
}
