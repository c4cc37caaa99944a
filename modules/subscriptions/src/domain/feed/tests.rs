//! The entries are the dates of the domain, whatever stands for them.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use kernel::{Cycle, Unit};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    MonthEnd, Proposal, Schedule, Term, Weekend,
    testing::{any_cycle, any_date, any_month_end, cycle, dates, day, made, money, netflix},
};

const TODAY: &str = "2026-05-05";

/// The dates a run stands for, by what RFC 5545 says of its rule.
fn expanded(run: &Run) -> Vec<Date> {
    let Some(rule) = run.rule else { return vec![run.first] };
    let step = |k: i64| match rule.unit {
        Unit::Day => (i64::from(rule.every) * k).days(),
        Unit::Week => (i64::from(rule.every) * k).weeks(),
        Unit::Month => (i64::from(rule.every) * k).months(),
        Unit::Year => (i64::from(rule.every) * k).years(),
    };
    // Calendars leave out a day that a month lacks: such a date must not be asked for.
    let exact = |date: &Date| matches!(rule.unit, Unit::Day | Unit::Week) || date.day() == run.first.day();
    (0..)
        .take(rule.count)
        .map(|k| run.first + step(k))
        .inspect(|date| assert!(exact(date), "{date}"))
        .collect()
}

fn all(runs: &[Run]) -> Vec<Date> {
    runs.iter().flat_map(expanded).collect()
}

fn ten_years(proposal: Proposal) -> Vec<Entry> {
    let (subscription, advance) = made(proposal, TODAY);
    let payments: Vec<Payment> = advance
        .charges
        .iter()
        .zip(1..)
        .map(|(charge, number)| charge.payment(crate::domain::testing::id(number), &subscription))
        .collect();
    entries(&[subscription], &payments, day(TODAY))
}

#[test]
fn one_rule_stands_where_every_calendar_means_the_same() {
    for (given, unit, every) in [
        ("2026-05-05 2026-05-12 2026-05-19", Unit::Week, 1),
        ("2026-05-05 2026-06-19 2026-08-03", Unit::Day, 45),
        ("2026-01-28 2026-02-28 2026-03-28 2026-04-28", Unit::Month, 1),
        ("2026-02-15 2026-05-15 2026-08-15 2026-11-15", Unit::Month, 3),
        ("2026-01-31 2027-01-31 2028-01-31", Unit::Year, 1),
        ("2024-02-28 2025-02-28 2026-02-28", Unit::Year, 1),
    ] {
        let given = dates(given);
        let rule = Rule { unit, every, count: given.len() };
        assert_eq!(runs(&given), [Run { first: given[0], rule: Some(rule) }]);
    }
}

#[test]
fn dates_that_calendars_would_get_wrong_stand_for_themselves() {
    for given in [
        "2026-01-31 2026-02-28 2026-03-31 2026-04-30",
        "2026-01-29 2026-02-28 2026-03-29",
        "2026-01-31 2026-03-31 2026-05-31",
        "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29",
        "2026-05-05 2026-06-05",
        "2026-05-05 2026-06-05 2026-08-05",
    ] {
        let given = dates(given);
        assert_eq!(runs(&given), given.iter().copied().map(Run::once).collect::<Vec<_>>());
    }
    assert_eq!(runs(&[]), []);
}

#[test]
fn a_rise_begins_another_run() {
    let (mut subscription, _) = made(netflix(), TODAY);
    let rise = crate::domain::Amendment {
        price: Some(money("INR 649.00")),
        price_from: Some(date(2026, 9, 5)),
        ..crate::domain::Amendment::default()
    };
    subscription.edit(rise.check().unwrap(), day(TODAY)).unwrap();
    let told = entries(&[subscription], &[], day(TODAY));
    let said: Vec<_> =
        told.iter().map(|entry| (entry.run.first, entry.amount, entry.run.rule.unwrap().count)).collect();
    assert_eq!(
        said,
        [
            (date(2026, 6, 5), Some(money("INR 499.00")), 3),
            (date(2026, 9, 5), Some(money("INR 649.00")), 117),
        ]
    );
}

#[test]
fn a_trial_and_an_end_are_told_and_what_is_paused_is_not() {
    let trial =
        Proposal { trial_ends_on: Some(date(2026, 5, 19)), ends_on: Some(date(2026, 7, 19)), ..netflix() };
    let told: Vec<_> = ten_years(trial).iter().map(|entry| (entry.what, entry.run.first)).collect();
    assert_eq!(
        told,
        [
            (Happening::Charge, date(2026, 5, 19)),
            (Happening::TrialEnds, date(2026, 5, 19)),
            (Happening::Charge, date(2026, 6, 19)),
            (Happening::Ends, date(2026, 7, 19)),
        ]
    );
    let (mut paused, _) = made(netflix(), TODAY);
    paused.pause().unwrap();
    assert_eq!(entries(&[paused], &[], day(TODAY)), []);
}

#[test]
fn a_weekend_moves_the_event_and_not_what_it_is_known_by() {
    let moved = Proposal {
        first_charge_on: Some(date(2026, 5, 9)),
        weekend: Weekend::After,
        ends_on: Some(date(2026, 8, 1)),
        ..netflix()
    };
    let told = ten_years(moved);
    let charges: Vec<_> = told.iter().filter(|entry| entry.what == Happening::Charge).collect();
    let days: Vec<_> = charges.iter().map(|entry| (entry.identity, entry.run)).collect();
    assert_eq!(
        days,
        [
            (date(2026, 5, 9), Run::once(date(2026, 5, 11))),
            (date(2026, 6, 9), Run::once(date(2026, 6, 9))),
            (date(2026, 7, 9), Run::once(date(2026, 7, 9))),
        ]
    );
    assert!(charges[0].uid().ends_with("-20260509-charge@perennial"));
    // Saturday's, Sunday's and Monday's money moves on one day, and they are three.
    let daily = Proposal { cycle: Some(cycle(1, Unit::Day)), weekend: Weekend::After, ..netflix() };
    let told = ten_years(daily);
    let ids: std::collections::HashSet<_> = told.iter().map(Entry::uid).collect();
    assert_eq!(ids.len(), told.len());
}

#[test]
fn the_last_day_to_cancel_is_told() {
    let year = cycle(1, Unit::Year);
    let term = Term { length: year, renews_for: Some(year), notice: Some(Cycle::MONTHLY), from: None };
    let told =
        ten_years(Proposal { term: Some(term), first_charge_on: Some(date(2026, 3, 15)), ..netflix() });
    let days: Vec<_> =
        told.iter().filter(|entry| entry.what == Happening::CancelBy).map(|entry| entry.run.first).collect();
    assert_eq!(days, [date(2027, 2, 15)]);
}

#[test]
fn a_year_back_is_told_from_the_payments() {
    let since = Proposal { first_charge_on: Some(date(2024, 1, 31)), ..netflix() };
    let past: Vec<_> = ten_years(since).into_iter().filter(|entry| entry.what == Happening::Paid).collect();
    assert_eq!(past.len(), 12);
    assert_eq!(past.last().unwrap().run.first, date(2025, 5, 31));
}

#[test]
fn there_are_never_more_than_calendars_take_and_the_nearest_stay() {
    let (one, _) = made(Proposal { first_charge_on: Some(date(2026, 5, 31)), ..netflix() }, TODAY);
    let many = vec![one; 60];
    let told = entries(&many, &[], day(TODAY));
    assert_eq!(told.len(), MOST_ENTRIES);
    assert!(told.windows(2).all(|pair| pair[0].run.first <= pair[1].run.first));
}

#[test]
fn ids_are_of_the_charge_and_each_is_another() {
    let trial = Proposal { trial_ends_on: Some(date(2026, 5, 31)), ..netflix() };
    let told = ten_years(trial);
    let ids: std::collections::HashSet<_> = told.iter().map(Entry::uid).collect();
    assert_eq!(ids.len(), told.len());
    assert_eq!(told[0].uid(), "sub_0197f3c2a5b07c3e8d1f2a3b00000001-20260531-charge@perennial");
}

proptest! {
    #[test]
    fn runs_stand_for_exactly_the_dates_of_the_schedule(
        anchor in any_date(), cycle in any_cycle(), month_end in any_month_end(), count in 0_usize..130,
    ) {
        let schedule = Schedule::new(anchor, Some(cycle), month_end);
        let dates: Vec<Date> = schedule.dates_from(anchor).take(count).take_while(|on| on.year() < 2400).collect();
        prop_assert_eq!(all(&runs(&dates)), dates);
    }
}

#[test]
fn ten_years_are_those_of_the_schedule() {
    for (first, every, month_end) in [
        (date(2026, 5, 31), Cycle::MONTHLY, MonthEnd::AnchorDay),
        (date(2026, 5, 28), Cycle::MONTHLY, MonthEnd::AnchorDay),
        (date(2026, 6, 30), Cycle::MONTHLY, MonthEnd::LastDay),
        (date(2026, 5, 6), cycle(45, Unit::Day), MonthEnd::AnchorDay),
    ] {
        let proposal = Proposal { first_charge_on: Some(first), cycle: Some(every), month_end, ..netflix() };
        let told: Vec<Date> = ten_years(proposal).iter().flat_map(|entry| expanded(&entry.run)).collect();
        let last = day("2036-05-05");
        let expected: Vec<Date> = Schedule::new(first, Some(every), month_end)
            .dates_from(first)
            .take_while(|on| *on <= last)
            .collect();
        assert_eq!(told, expected);
    }
}
