//! Rhythms in statements.

use jiff::{Span, civil::Date};
use kernel::{Currency, Unit};
use proptest::prelude::*;

use super::*;
use crate::domain::testing::{any_date, cycle, dates, day};

fn charge(line: u32, on: Date, minor: i64, text: &str) -> StatementLine {
    StatementLine {
        line,
        booked_on: on,
        minor: -minor,
        currency: Currency::EUR,
        counterparty: String::new(),
        text: text.into(),
    }
}

fn offers(lines: &[StatementLine]) -> Vec<Offer> {
    find(&lines.iter().collect::<Vec<_>>())
}

/// A line a date, at one price.
fn at(days: &str, minor: i64) -> Vec<StatementLine> {
    (1..).zip(dates(days)).map(|(line, on)| charge(line, on, minor, "NETFLIX.COM 1234")).collect()
}

fn only(lines: &[StatementLine]) -> Offer {
    let mut found = offers(lines);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_monthly_charge_that_moves_with_weekends() {
    let found = only(&at("2026-01-05 2026-02-05 2026-03-05 2026-04-07 2026-05-05", 999));
    assert_eq!(
        (found.cycle, found.anchor, found.last_day),
        (cycle(1, Unit::Month), day("2026-01-05"), false)
    );
    assert_eq!(found.charges[3].due_on, day("2026-04-05"));
    assert_eq!((found.name.as_str(), found.price().minor()), ("Netflix", 999));
    assert!(found.confidence >= 90 && found.silent_since.is_none());
}

#[test]
fn the_end_of_the_month_in_its_three_kinds() {
    let last = only(&at("2026-01-31 2026-02-28 2026-03-31 2026-04-30", 999));
    // The 31st, or the last day: both give these dates; the anchor's day is the plainer one.
    assert_eq!((last.anchor, last.last_day), (day("2026-01-31"), false));
    let from_february = only(&at("2026-02-28 2026-03-31 2026-04-30 2026-05-31", 999));
    let due: Vec<_> = from_february.charges.iter().map(|charge| charge.due_on).collect();
    assert_eq!(due, dates("2026-02-28 2026-03-31 2026-04-30 2026-05-31"));
    let thirtieth = only(&at("2026-01-30 2026-02-28 2026-03-30 2026-04-30", 999));
    assert_eq!((thirtieth.anchor, thirtieth.last_day), (day("2026-01-30"), false));
}

#[test]
fn every_usual_rhythm_is_told_apart() {
    for (days, every, unit) in [
        ("2026-01-05 2026-01-12 2026-01-19 2026-01-26", 1, Unit::Week),
        ("2026-01-05 2026-01-19 2026-02-02", 2, Unit::Week),
        ("2026-01-05 2026-02-02 2026-03-02 2026-03-30 2026-04-27", 4, Unit::Week),
        ("2026-01-05 2026-03-05 2026-05-05", 2, Unit::Month),
        ("2025-07-05 2025-10-05 2026-01-05", 3, Unit::Month),
        ("2025-01-05 2025-07-05 2026-01-05", 6, Unit::Month),
        ("2025-01-05 2026-01-05", 1, Unit::Year),
        ("2024-02-29 2025-02-28 2026-02-28", 1, Unit::Year),
    ] {
        assert_eq!(only(&at(days, 999)).cycle, cycle(every, unit), "{days}");
    }
}

#[test]
fn a_price_that_rose_is_one_offer_with_a_step() {
    let mut lines = at("2026-01-05 2026-02-05 2026-03-05", 999);
    lines.extend(
        (4..).zip(dates("2026-04-05 2026-05-05")).map(|(line, on)| charge(line, on, 1_299, "NETFLIX.COM 9")),
    );
    let found = only(&lines);
    assert_eq!(found.steps, [(day("2026-01-05"), 999), (day("2026-04-05"), 1_299)]);
    assert!(!found.varies);
}

#[test]
fn two_things_of_one_merchant_are_two_offers() {
    let mut lines = at("2026-01-05 2026-02-05 2026-03-05 2026-04-05", 999);
    lines.extend(at("2026-01-20 2026-02-20 2026-03-20 2026-04-20", 299));
    let found = offers(&lines);
    assert_eq!(found.iter().map(|offer| offer.price().minor()).collect::<Vec<_>>(), [999, 299]);
}

#[test]
fn amounts_that_vary_are_said_to() {
    let lines: Vec<_> = (1..)
        .zip(
            dates("2026-01-05 2026-02-05 2026-03-05 2026-04-05 2026-05-05")
                .into_iter()
                .zip([500, 510, 495, 505, 512]),
        )
        .map(|(line, (on, minor))| charge(line, on, minor, "ENERGY CO"))
        .collect();
    let found = only(&lines);
    assert!(found.varies);
    assert_eq!(found.steps, [(day("2026-01-05"), 512)]);
}

#[test]
fn what_ended_long_before_the_statement_did_is_said_to_be_silent() {
    let mut lines = at("2026-01-05 2026-02-05 2026-03-05", 999);
    lines.push(charge(9, day("2026-06-30"), 100, "BAKERY"));
    assert_eq!(only(&lines).silent_since, Some(day("2026-03-05")));
}

#[test]
fn what_keeps_no_rhythm_is_not_offered() {
    assert_eq!(offers(&at("2026-01-05 2026-01-09 2026-02-20 2026-02-21 2026-04-01", 350)), []);
    let twice = ["2026-01-05", "2026-02-05"].map(|on| charge(1, day(on), 350, "CORNER SHOP 12"));
    assert_eq!(offers(&twice), [], "two are enough for a known service alone");
    let income = StatementLine { minor: 999, ..charge(1, day("2026-01-05"), 1, "SALARY") };
    assert_eq!(offers(&[income]), []);
    assert_eq!(offers(&[]), []);
}

proptest! {
    /// What a schedule makes, with the shifts of weekends, is found again with every one of its dates.
    #[test]
    fn the_dates_of_a_schedule_are_found_again(anchor in any_date(), weekends: bool, pick in 0_usize..5, count in 5_u32..14) {
        let (every, unit) = [(1, Unit::Week), (2, Unit::Week), (1, Unit::Month), (3, Unit::Month), (1, Unit::Year)][pick];
        let made = Schedule::new(anchor, Some(cycle(every, unit)), MonthEnd::AnchorDay);
        let lines: Vec<StatementLine> = (0..count).filter_map(|k| {
            let due = made.charge(k)?;
            let weekday = due.weekday().to_monday_one_offset();
            let late = if weekends && unit != Unit::Week && weekday > 5 { 8 - weekday } else { 0 };
            Some(charge(k + 1, due.checked_add(Span::new().days(late)).ok()?, 999, "GYM"))
        }).collect();
        let found = only(&lines);
        prop_assert_eq!(found.cycle, cycle(every, unit));
        prop_assert_eq!(found.charges.len(), lines.len());
        prop_assert!(found.charges.windows(2).all(|pair| pair[0].due_on < pair[1].due_on));
        for charge in &found.charges {
            prop_assert!(found.schedule().index_of(charge.due_on).is_some());
        }
    }
}
