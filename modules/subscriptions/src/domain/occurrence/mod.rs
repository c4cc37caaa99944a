//! When charges fall: the one function from an anchor to dates, and its way back.

use std::{ops::RangeInclusive, str::FromStr};

use jiff::{Span, civil::Date};
use kernel::{Cycle, Unit};

#[cfg(test)]
mod tests;
mod weekend;

pub use weekend::Weekend;

/// Which day of the month a cycle of months or years falls on. Cycles of days and weeks know no months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MonthEnd {
    /// The anchor's day, or the month's last where the month is shorter.
    #[default]
    AnchorDay,
    /// The last day of every month, whatever the anchor's day: the first charge then falls on the last day of
    /// the anchor's month.
    LastDay,
}

/// A text that names no choice of [`MonthEnd`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of anchor_day, last_day")]
pub struct MonthEndError;

impl MonthEnd {
    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AnchorDay => "anchor_day",
            Self::LastDay => "last_day",
        }
    }
}

impl FromStr for MonthEnd {
    type Err = MonthEndError;

    fn from_str(text: &str) -> Result<Self, MonthEndError> {
        match text {
            "anchor_day" => Ok(Self::AnchorDay),
            "last_day" => Ok(Self::LastDay),
            _ => Err(MonthEndError),
        }
    }
}

/// All that decides on which dates something is charged.
///
/// Charge `k` is computed from the anchor, never from the charge before, so a day that one month lacks comes
/// back in the next that has it:
///
/// ```
/// use jiff::civil::date;
/// use kernel::Cycle;
/// use subscriptions::domain::{MonthEnd, Schedule};
/// let schedule = Schedule::new(date(2026, 1, 31), Some(Cycle::MONTHLY), MonthEnd::AnchorDay);
/// assert_eq!(schedule.charge(1), Some(date(2026, 2, 28)));
/// assert_eq!(schedule.charge(2), Some(date(2026, 3, 31)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    anchor: Date,
    cycle: Option<Cycle>,
    month_end: MonthEnd,
}

/// How far one charge is from the next.
enum Stride {
    Days(u32),
    Months(u32),
}

impl Stride {
    fn of(cycle: Cycle) -> Self {
        let every = u32::from(cycle.every());
        match cycle.unit() {
            Unit::Day => Self::Days(every),
            Unit::Week => Self::Days(every * 7),
            Unit::Month => Self::Months(every),
            Unit::Year => Self::Months(every * 12),
        }
    }
}

impl Schedule {
    /// Charges from `anchor` on, every `cycle`; once, on the anchor, without one.
    pub const fn new(anchor: Date, cycle: Option<Cycle>, month_end: MonthEnd) -> Self {
        Self { anchor, cycle, month_end }
    }

    /// The date of charge `k`, counted from nought. `None` when there is no such charge: after the one of
    /// something bought once, and past the year 9999.
    ///
    /// Every date of every subscription comes from here.
    pub fn charge(self, k: u32) -> Option<Date> {
        let Some(cycle) = self.cycle else { return (k == 0).then_some(self.anchor) };
        self.shifted(&[(cycle, i64::from(k))])
    }

    /// The anchor moved by so many of each cycle, backwards where the number is negative: terms and notices are
    /// counted here too. Months are added up before a day is sought in them, so that a term of 11 months that
    /// renews for one does not lose the 31st on its way through February. `None` past the years that there are.
    pub(in crate::domain) fn shifted(self, spans: &[(Cycle, i64)]) -> Option<Date> {
        let (mut days, mut months) = (0_i64, None);
        for (cycle, times) in spans {
            match Stride::of(*cycle) {
                Stride::Days(stride) => days = days.checked_add(times.checked_mul(stride.into())?)?,
                Stride::Months(stride) => {
                    months = Some(months.unwrap_or(0_i64).checked_add(times.checked_mul(stride.into())?)?);
                }
            }
        }
        let begun = match months {
            Some(months) => self.in_month(month_number(self.anchor) + months)?,
            None => self.anchor,
        };
        begun.checked_add(Span::new().try_days(days).ok()?).ok()
    }

    /// The number of the first charge on or after `date`.
    pub fn index_from(self, date: Date) -> Option<u32> {
        let Some(cycle) = self.cycle else { return (date <= self.anchor).then_some(0) };
        let strides = match Stride::of(cycle) {
            Stride::Days(days) => strides_to(days_between(self.anchor, date), days),
            Stride::Months(months) => strides_to(month_number(date) - month_number(self.anchor), months),
        };
        let k = u32::try_from(strides).ok()?;
        // In the month of `date` itself the charge may have fallen before it; the next one cannot.
        let k = if self.charge(k)? < date { k.checked_add(1)? } else { k };
        self.charge(k).map(|_| k)
    }

    /// The number of the charge that falls on `date`, when one does.
    pub fn index_of(self, date: Date) -> Option<u32> {
        self.index_from(date).filter(|k| self.charge(*k) == Some(date))
    }

    /// The first charge date on or after `date`.
    pub fn first_from(self, date: Date) -> Option<Date> {
        self.charge(self.index_from(date)?)
    }

    /// The charge dates on or after `date`, in order. It ends at the year 9999: take what is needed.
    pub fn dates_from(self, date: Date) -> impl Iterator<Item = Date> {
        self.index_from(date).into_iter().flat_map(move |first| (first..).map_while(move |k| self.charge(k)))
    }

    /// The charge dates from the first day of `range` to its last.
    pub fn dates_in(self, range: RangeInclusive<Date>) -> impl Iterator<Item = Date> {
        let (first, last) = range.into_inner();
        self.dates_from(first).take_while(move |date| *date <= last)
    }

    fn in_month(self, month: i64) -> Option<Date> {
        let year = i16::try_from(month.div_euclid(12)).ok()?;
        let first = Date::new(year, i8::try_from(month.rem_euclid(12) + 1).ok()?, 1).ok()?;
        let last = first.last_of_month();
        match self.month_end {
            MonthEnd::LastDay => Some(last),
            MonthEnd::AnchorDay => Date::new(year, first.month(), self.anchor.day().min(last.day())).ok(),
        }
    }
}

/// Months counted through the years, so that a month and a number of months can be added.
fn month_number(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// The least number of strides that cover `distance`; none for what lies behind.
fn strides_to(distance: i64, stride: u32) -> u64 {
    u64::try_from(distance).unwrap_or(0).div_ceil(u64::from(stride))
}
