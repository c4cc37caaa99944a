//! Figures over time, each made of rows that can be looked at and that add up to it.

mod ahead;
mod calendar;
mod forecast;
mod overlaps;
mod rises;
mod saved;
mod spending;
#[cfg(test)]
mod tests;

pub use ahead::{Notice, NoticeKind, notices};
pub use calendar::{Calendar, CalendarEntry, Happening, calendar};
pub use forecast::{Expected, ForecastMonth, forecast};
pub use overlaps::{Overlap, OverlapKind, overlaps};
pub use rises::{Rise, rises};
pub use saved::{Saved, saved};
pub use spending::{Bearers, By, Group, Key, Spending, Spent, keys};

use jiff::{ToSpan, civil::Date};

/// The first day of the month that many months after `date`'s.
fn month_after(date: Date, months: i32) -> Date {
    date.first_of_month().saturating_add(months.months())
}

/// The first days of `count` months, that of `first` being the first of them.
pub fn months_from(first: Date, count: usize) -> Vec<Date> {
    let months = 0..i32::try_from(count).unwrap_or(i32::MAX);
    months.map(|months| month_after(first, months)).collect()
}
