//! What a date phrase says before it is known whether it looks back or ahead, and the day it turns out to be.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// A date as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum When {
    /// One day and no other. The doubt is in thousandths.
    On(Date, u16),
    /// "kal": so many days ahead or behind, whichever the sentence speaks of.
    Beside(i64),
    /// "5 June".
    MonthDay(i8, i8),
    /// "12/06", which is another day to people elsewhere.
    ShortMonthDay(i8, i8),
    /// "June": its first day.
    Month(i8),
    /// "the 5th".
    Day(i8),
    /// "friday".
    Weekday(Weekday),
    /// "next friday": the one after today, though some mean the one after that.
    NextWeekday(Weekday),
    /// "every friday": today, if it is one.
    EveryWeekday(Weekday),
}

/// Which of the days a phrase could mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum Toward {
    /// Today or after it.
    Future,
    /// Today or before it.
    Past,
    /// The one nearest to today.
    Nearest,
}

impl When {
    /// The day, and the doubt in thousandths.
    pub(in crate::domain) fn resolve(self, today: Date, toward: Toward) -> Option<(Date, u16)> {
        match self {
            Self::On(date, doubt) => Some((date, doubt)),
            Self::Beside(days) => {
                let days = if toward == Toward::Future { days } else { -days };
                let doubt = if toward == Toward::Nearest { 100 } else { 40 };
                today.checked_add(days.days()).ok().map(|date| (date, doubt))
            }
            Self::MonthDay(month, day) => in_year(today, month, day, toward).map(|date| (date, 0)),
            Self::ShortMonthDay(month, day) => {
                let doubt = if day <= 12 && day != month { 30 } else { 0 };
                in_year(today, month, day, toward).map(|date| (date, doubt))
            }
            Self::Month(month) => in_month(today, month, toward).map(|date| (date, 20)),
            Self::Day(day) => in_days(today, day, toward).map(|date| (date, 0)),
            Self::Weekday(weekday) => {
                let occurrence = if toward == Toward::Past { -1 } else { 1 };
                today.nth_weekday(occurrence, weekday).ok().map(|date| (date, 0))
            }
            Self::NextWeekday(weekday) => today.nth_weekday(1, weekday).ok().map(|date| (date, 60)),
            Self::EveryWeekday(weekday) if today.weekday() == weekday => Some((today, 0)),
            Self::EveryWeekday(weekday) => today.nth_weekday(1, weekday).ok().map(|date| (date, 0)),
        }
    }
}

/// The days of three years that a day without a year could be; 29 February is looked for in leap years.
fn in_year(today: Date, month: i8, day: i8, toward: Toward) -> Option<Date> {
    let years = today.year().saturating_sub(4)..=today.year().saturating_add(4);
    pick(today, toward, years.filter_map(|year| Date::new(year, month, day).ok()))
}

/// The first of a month; the month that runs counts as ahead and as behind.
fn in_month(today: Date, month: i8, toward: Toward) -> Option<Date> {
    if month == today.month() {
        return Some(today.first_of_month());
    }
    in_year(today, month, 1, toward)
}

fn in_days(today: Date, day: i8, toward: Toward) -> Option<Date> {
    let first = today.first_of_month();
    let months = (-1_i64..=1).filter_map(|offset| first.checked_add(offset.months()).ok());
    pick(
        today,
        toward,
        months.filter_map(|first| first.with().day(day.min(first.days_in_month())).build().ok()),
    )
}

fn pick(today: Date, toward: Toward, days: impl Iterator<Item = Date>) -> Option<Date> {
    match toward {
        Toward::Future => days.filter(|day| *day >= today).min(),
        Toward::Past => days.filter(|day| *day <= today).max(),
        Toward::Nearest => days.min_by_key(|day| distance(today, *day)),
    }
}

fn distance(today: Date, day: Date) -> i32 {
    today.until(day).map_or(i32::MAX, |span| span.get_days().abs())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_looked_for_ahead_and_behind() {
        let today = date(2026, 5, 5);
        for (when, toward, expected) in [
            (When::Day(5), Toward::Future, date(2026, 5, 5)),
            (When::Day(4), Toward::Future, date(2026, 6, 4)),
            (When::Day(4), Toward::Past, date(2026, 5, 4)),
            (When::Day(31), Toward::Future, date(2026, 5, 31)),
            (When::MonthDay(6, 12), Toward::Future, date(2026, 6, 12)),
            (When::MonthDay(3, 1), Toward::Future, date(2027, 3, 1)),
            (When::MonthDay(3, 1), Toward::Nearest, date(2026, 3, 1)),
            (When::MonthDay(2, 29), Toward::Future, date(2028, 2, 29)),
            (When::Month(5), Toward::Future, date(2026, 5, 1)),
            (When::Month(1), Toward::Past, date(2026, 1, 1)),
            (When::NextWeekday(Weekday::Friday), Toward::Future, date(2026, 5, 8)),
            (When::Weekday(Weekday::Tuesday), Toward::Future, date(2026, 5, 12)),
            (When::EveryWeekday(Weekday::Tuesday), Toward::Future, date(2026, 5, 5)),
            (When::Weekday(Weekday::Friday), Toward::Past, date(2026, 5, 1)),
        ] {
            assert_eq!(
                when.resolve(today, toward).map(|(day, _)| day),
                Some(expected),
                "{when:?} {toward:?}"
            );
        }
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        for today in [Date::MIN, Date::MAX] {
            for toward in [Toward::Future, Toward::Past, Toward::Nearest] {
                for when in
                    [When::Day(31), When::MonthDay(2, 29), When::Month(3), When::Weekday(Weekday::Monday)]
                {
                    let _ = when.resolve(today, toward);
                }
            }
        }
    }
}
