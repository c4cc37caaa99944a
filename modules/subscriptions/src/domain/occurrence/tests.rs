use jiff::{ToSpan, civil::date};
use proptest::prelude::*;

use super::*;
use crate::domain::testing::{any_cycle, any_date, any_month_end, cycle, dates};

fn schedule(anchor: &str, every: i64, unit: Unit) -> Schedule {
    Schedule::new(anchor.parse().unwrap(), Some(cycle(every, unit)), MonthEnd::AnchorDay)
}

fn first(schedule: Schedule, count: u32) -> Vec<Date> {
    (0..count).filter_map(|k| schedule.charge(k)).collect()
}

#[test]
fn monthly_from_the_31st_of_january() {
    let expected = dates(
        "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31 2026-08-31 2026-09-30 \
         2026-10-31 2026-11-30 2026-12-31 2027-01-31 2027-02-28",
    );
    assert_eq!(first(schedule("2026-01-31", 1, Unit::Month), 14), expected);
}

#[test]
fn yearly_from_the_29th_of_february() {
    let expected = dates("2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29");
    assert_eq!(first(schedule("2024-02-29", 1, Unit::Year), 5), expected);
}

#[test]
fn every_three_months_from_the_30th_of_november() {
    let expected = dates("2025-11-30 2026-02-28 2026-05-30 2026-08-30 2026-11-30");
    assert_eq!(first(schedule("2025-11-30", 3, Unit::Month), 5), expected);
}

#[test]
fn every_two_weeks() {
    let expected = dates("2026-05-05 2026-05-19 2026-06-02 2026-06-16");
    assert_eq!(first(schedule("2026-05-05", 2, Unit::Week), 4), expected);
}

#[test]
fn the_last_day_of_every_month_from_the_30th_of_april() {
    let last_day = Schedule::new(date(2026, 4, 30), Some(Cycle::MONTHLY), MonthEnd::LastDay);
    assert_eq!(first(last_day, 3), dates("2026-04-30 2026-05-31 2026-06-30"));
}

#[test]
fn the_last_day_is_asked_for_from_the_middle_of_a_month() {
    let last_day = Schedule::new(date(2026, 4, 15), Some(Cycle::MONTHLY), MonthEnd::LastDay);
    assert_eq!(first(last_day, 2), dates("2026-04-30 2026-05-31"));
}

#[test]
fn the_last_day_of_february_every_year() {
    let last_day = Schedule::new(date(2025, 2, 28), Some(Cycle::YEARLY), MonthEnd::LastDay);
    assert_eq!(first(last_day, 4), dates("2025-02-28 2026-02-28 2027-02-28 2028-02-29"));
}

#[test]
fn weeks_and_days_know_no_month_end() {
    for unit in [Unit::Day, Unit::Week] {
        let asked = Schedule::new(date(2026, 4, 15), Some(cycle(1, unit)), MonthEnd::LastDay);
        assert_eq!(first(asked, 9), first(schedule("2026-04-15", 1, unit), 9));
    }
}

#[test]
fn bought_once_is_charged_once() {
    let once = Schedule::new(date(2026, 5, 31), None, MonthEnd::LastDay);
    assert_eq!(first(once, 5), dates("2026-05-31"));
    assert_eq!(once.first_from(date(2026, 5, 31)), Some(date(2026, 5, 31)));
    assert_eq!(once.first_from(date(2026, 6, 1)), None);
    assert_eq!(once.dates_from(date(1970, 1, 1)).count(), 1);
}

/// Days 28 to 31 of every month, through a leap day and a common one.
#[test]
fn late_days_of_every_month_come_back() {
    for year in [2023, 2024] {
        for month in 1..=12 {
            for day in 28..=Date::new(year, month, 1).unwrap().days_in_month() {
                let anchor = date(year, month, day);
                let monthly = Schedule::new(anchor, Some(Cycle::MONTHLY), MonthEnd::AnchorDay);
                for (k, found) in first(monthly, 60).into_iter().enumerate() {
                    let k = i8::try_from(k).unwrap();
                    let expected_month = (month - 1 + k) % 12 + 1;
                    let expected_year = year + i16::from((month - 1 + k) / 12);
                    let expected_day =
                        day.min(Date::new(expected_year, expected_month, 1).unwrap().days_in_month());
                    assert_eq!(found, date(expected_year, expected_month, expected_day), "{anchor} + {k}");
                }
            }
        }
    }
}

#[test]
fn a_leap_day_every_four_years_is_always_a_leap_day_but_in_centuries() {
    let expected = dates("2088-02-29 2092-02-29 2096-02-29 2100-02-28 2104-02-29");
    assert_eq!(first(schedule("2088-02-29", 4, Unit::Year), 5), expected);
}

#[test]
fn the_longest_cycles() {
    assert_eq!(first(schedule("2026-01-01", 999, Unit::Day), 2), dates("2026-01-01 2028-09-26"));
    assert_eq!(first(schedule("2026-01-01", 999, Unit::Week), 2), dates("2026-01-01 2045-02-23"));
    assert_eq!(first(schedule("2026-01-31", 999, Unit::Month), 2), dates("2026-01-31 2109-04-30"));
    assert_eq!(first(schedule("2026-01-31", 999, Unit::Year), 2), dates("2026-01-31 3025-01-31"));
}

#[test]
fn a_thousand_years_on() {
    assert_eq!(schedule("2026-01-31", 1, Unit::Month).charge(12_000), Some(date(3026, 1, 31)));
    assert_eq!(schedule("2026-01-31", 1, Unit::Month).charge(12_001), Some(date(3026, 2, 28)));
    assert_eq!(schedule("2024-02-29", 1, Unit::Year).charge(1_000), Some(date(3024, 2, 29)));
    // 1,000 years of the Gregorian calendar from here: two whole rounds of 400 years, and 200 with 48 leap days.
    assert_eq!(schedule("2026-01-31", 1, Unit::Day).charge(365_242), Some(date(3026, 1, 31)));
    assert_eq!(schedule("2026-01-31", 1, Unit::Month).index_of(date(3026, 1, 31)), Some(12_000));
}

#[test]
fn past_the_year_9999_there_is_no_charge() {
    for unit in [Unit::Day, Unit::Week, Unit::Month, Unit::Year] {
        for every in [1, 999] {
            let endless = schedule("2026-01-31", every, unit);
            for k in [10_000_000, u32::MAX - 1, u32::MAX] {
                assert_eq!(endless.charge(k), None, "{k} x {every} {unit}");
            }
        }
    }
    assert_eq!(schedule("2026-01-31", 1, Unit::Month).first_from(Date::MAX), Some(date(9999, 12, 31)));
    assert_eq!(schedule("2026-01-30", 1, Unit::Month).first_from(Date::MAX), None);
    assert_eq!(schedule("2026-01-30", 999, Unit::Year).first_from(Date::MAX), None);
    assert_eq!(schedule("2026-01-30", 1, Unit::Day).dates_from(date(9999, 12, 30)).count(), 2);
}

#[test]
fn dates_in_a_range_include_both_ends() {
    let monthly = schedule("2026-01-31", 1, Unit::Month);
    let range = date(2026, 2, 28)..=date(2026, 4, 30);
    assert_eq!(monthly.dates_in(range).collect::<Vec<_>>(), dates("2026-02-28 2026-03-31 2026-04-30"));
    assert_eq!(monthly.dates_in(date(2026, 3, 1)..=date(2026, 3, 30)).count(), 0);
    assert_eq!(monthly.dates_in(date(2020, 1, 1)..=date(2025, 12, 31)).count(), 0);
}

#[test]
fn month_end_words_read_back() {
    for choice in [MonthEnd::AnchorDay, MonthEnd::LastDay] {
        assert_eq!(choice.as_str().parse(), Ok(choice));
    }
    assert_eq!("Last_day".parse::<MonthEnd>(), Err(MonthEndError));
}

/// Charge `k` by walking there, day by day or month by month, and then trying days from the anchor's down.
fn walked(schedule: Schedule, k: u32) -> Date {
    let cycle = schedule.cycle.unwrap();
    let strides = k * u32::from(cycle.every());
    let (mut year, mut month) = (schedule.anchor.year(), schedule.anchor.month());
    let months = match cycle.unit() {
        Unit::Day => return schedule.anchor + i64::from(strides).days(),
        Unit::Week => return (0..strides).fold(schedule.anchor, |date, _| date + 7.days()),
        Unit::Month => strides,
        Unit::Year => strides * 12,
    };
    for _ in 0..months {
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    let wanted = if schedule.month_end == MonthEnd::LastDay { 31 } else { schedule.anchor.day() };
    (1..=wanted).rev().find_map(|day| Date::new(year, month, day).ok()).unwrap()
}

prop_compose! {
    fn any_schedule()(anchor in any_date(), cycle in any_cycle(), month_end in any_month_end()) -> Schedule {
        Schedule::new(anchor, Some(cycle), month_end)
    }
}

proptest! {
    #[test]
    fn a_charge_is_where_walking_from_the_anchor_leads(schedule in any_schedule(), k in 0_u32..7) {
        prop_assert_eq!(schedule.charge(k), Some(walked(schedule, k)));
    }

    #[test]
    fn later_charges_fall_later(schedule in any_schedule(), k in 0_u32..20_000) {
        if let Some(next) = schedule.charge(k + 1) {
            prop_assert!(schedule.charge(k).is_some_and(|date| date < next));
        }
    }

    #[test]
    fn no_number_of_charges_panics(schedule in any_schedule(), k in any::<u32>()) {
        let found = schedule.charge(k);
        prop_assert!(found.is_none_or(|date| date >= schedule.anchor));
    }

    #[test]
    fn the_anchors_day_comes_back_in_every_month_that_has_it(anchor in any_date(), every in 1_i64..=999, k in 0_u32..1_000) {
        let schedule = Schedule::new(anchor, Some(cycle(every, Unit::Month)), MonthEnd::AnchorDay);
        if let Some(found) = schedule.charge(k) {
            prop_assert_eq!(found.day(), anchor.day().min(found.days_in_month()));
        }
    }

    #[test]
    fn the_last_day_is_always_the_last(anchor in any_date(), every in 1_i64..=999, k in 0_u32..1_000) {
        let schedule = Schedule::new(anchor, Some(cycle(every, Unit::Month)), MonthEnd::LastDay);
        prop_assert!(schedule.charge(k).is_none_or(|found| found == found.last_of_month()));
    }

    #[test]
    fn the_way_back_finds_the_charge(schedule in any_schedule(), k in 0_u32..20_000) {
        if let Some(found) = schedule.charge(k) {
            prop_assert_eq!(schedule.index_of(found), Some(k));
        }
    }

    #[test]
    fn the_first_charge_from_a_date_has_none_between(schedule in any_schedule(), from in any_date()) {
        if let Some(k) = schedule.index_from(from) {
            prop_assert!(schedule.charge(k).is_some_and(|date| date >= from));
            prop_assert!(k == 0 || schedule.charge(k - 1).is_some_and(|date| date < from));
        }
    }

    #[test]
    fn a_range_holds_exactly_the_charges_within(schedule in any_schedule(), from in any_date(), days in 0_i64..2_000) {
        let to = from + days.days();
        let found: Vec<Date> = schedule.dates_in(from..=to).collect();
        let expected: Vec<Date> = (0..)
            .map_while(|k| schedule.charge(k))
            .take_while(|date| *date <= to)
            .filter(|date| *date >= from)
            .collect();
        prop_assert_eq!(found, expected);
    }
}
