//! Whether dates keep a rhythm: the cycle and the anchor whose charge dates they are, give or take weekends and the
//! days a bank needs.

use jiff::civil::Date;
use kernel::{Cycle, Unit};

use super::days_between;
use crate::domain::{MonthEnd, Schedule};

/// The cycles that are looked for, how many days off a date may be, and how many dates show one.
const CYCLES: [(i64, Unit, i64, usize); 8] = [
    (1, Unit::Week, 1, 4),
    (2, Unit::Week, 2, 3),
    (4, Unit::Week, 2, 4),
    (1, Unit::Month, 4, 3),
    (2, Unit::Month, 5, 3),
    (3, Unit::Month, 6, 3),
    (6, Unit::Month, 8, 3),
    (1, Unit::Year, 12, 2),
];

/// A cycle that dates keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rhythm {
    pub(super) cycle: Cycle,
    pub(super) last_day: bool,
    pub(super) anchor: Date,
    /// The charge date that each of the dates stands for.
    pub(super) due: Vec<Date>,
    /// How many days the dates are off, all together.
    pub(super) deviation: usize,
    /// How many charge dates between them have none.
    pub(super) missing: usize,
}

impl Rhythm {
    pub(super) fn schedule(&self) -> Schedule {
        schedule(self.anchor, self.cycle, self.last_day)
    }

    /// The rhythm of dates in order, when they keep one; of several the one with the fewest gaps, then the one that
    /// fits best.
    ///
    /// Of a service that is `known` to be paid again and again two charges are enough, where they are months or years
    /// apart: two that are days apart are as likely two purchases.
    pub(super) fn of(dates: &[Date], known: bool) -> Option<Self> {
        let enough = |unit: Unit, least: usize| {
            let two = known && matches!(unit, Unit::Month | Unit::Year);
            dates.len() >= if two { 2 } else { least }
        };
        let fits = CYCLES.iter().filter(|(_, unit, _, least)| enough(*unit, *least)).filter_map(|cycle| {
            let (every, unit, tolerance, _) = *cycle;
            best(dates, Cycle::new(every, unit).ok()?, tolerance)
        });
        fits.min_by_key(|rhythm| (rhythm.missing, rhythm.deviation))
    }
}

fn schedule(anchor: Date, cycle: Cycle, last_day: bool) -> Schedule {
    Schedule::new(anchor, Some(cycle), if last_day { MonthEnd::LastDay } else { MonthEnd::AnchorDay })
}

fn best(dates: &[Date], cycle: Cycle, tolerance: i64) -> Option<Rhythm> {
    let (first, last) = (*dates.first()?, *dates.last()?);
    // Dates that are too few for their time, or too many, need no closer look.
    let strides = days_between(first, last) / days_of(cycle);
    let count = i64::try_from(dates.len()).ok()?;
    if strides + 2 < count || strides > count * 4 / 3 + 1 {
        return None;
    }
    anchors(dates, cycle)
        .into_iter()
        .filter_map(|(anchor, last_day)| fit(dates, anchor, cycle, last_day, tolerance))
        .min_by_key(|rhythm| (rhythm.missing, rhythm.deviation, rhythm.last_day, exact(rhythm, dates)))
}

/// Of anchors that fit as well, the one on which most dates fall.
fn exact(rhythm: &Rhythm, dates: &[Date]) -> std::cmp::Reverse<usize> {
    std::cmp::Reverse(rhythm.due.iter().zip(dates).filter(|(due, date)| due == date).count())
}

fn days_of(cycle: Cycle) -> i64 {
    let every = i64::from(cycle.every());
    match cycle.unit() {
        Unit::Day => every,
        Unit::Week => every * 7,
        Unit::Month => every * 30,
        Unit::Year => every * 365,
    }
}

/// The anchors from which these dates may come: as many as there are different days among them.
fn anchors(dates: &[Date], cycle: Cycle) -> Vec<(Date, bool)> {
    let first = dates[0];
    let mut found: Vec<(Date, bool)> = match cycle.unit() {
        Unit::Day | Unit::Week => {
            let stride = days_of(cycle);
            let offset =
                |date: &Date| (days_between(first, *date) + stride / 2).rem_euclid(stride) - stride / 2;
            dates.iter().filter_map(|date| later(first, offset(date))).map(|anchor| (anchor, false)).collect()
        }
        Unit::Month | Unit::Year => {
            let mut found: Vec<_> = dates
                .iter()
                .filter_map(|date| near(first, date.day()))
                .map(|anchor| (anchor, false))
                .collect();
            // In a short month the last day says nothing: only all of them together do.
            if dates.iter().all(|date| *date == date.last_of_month())
                && dates.iter().any(|date| date.day() < 31)
            {
                found.push((first, true));
            }
            found
        }
    };
    found.sort_unstable();
    found.dedup();
    found
}

fn later(date: Date, days: i64) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The date with that day of a month which is nearest to `date`, or, where those months lack it, the next before.
fn near(date: Date, day: i8) -> Option<Date> {
    let month = |months: i64| {
        let first = date.first_of_month().checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
        Date::new(first.year(), first.month(), day).ok()
    };
    [month(0), month(-1), month(1), month(-2)].into_iter().flatten().min_by_key(|candidate| {
        let distance = days_between(*candidate, date);
        // One that lies ahead of the first charge only counts where it is a matter of a few days.
        (distance.abs() > 15, distance.abs())
    })
}

fn fit(dates: &[Date], anchor: Date, cycle: Cycle, last_day: bool, tolerance: i64) -> Option<Rhythm> {
    let schedule = schedule(anchor, cycle, last_day);
    let mut due = Vec::with_capacity(dates.len());
    let mut deviation = 0_i64;
    let mut before: Option<u32> = None;
    let mut first = None;
    for date in dates {
        let (k, on) = nearest(schedule, *date)?;
        let off = days_between(on, *date).abs();
        if off > tolerance || before.is_some_and(|before| k <= before) {
            return None;
        }
        deviation += off;
        first = first.or(Some(k));
        before = Some(k);
        due.push(on);
    }
    let spanned = usize::try_from(before? - first? + 1).ok()?;
    let missing = spanned - dates.len();
    // One charge in four may be absent: paid from elsewhere, or skipped.
    (missing * 4 <= dates.len()).then(|| Rhythm {
        cycle,
        last_day,
        anchor,
        due,
        deviation: usize::try_from(deviation).unwrap_or(usize::MAX),
        missing,
    })
}

/// The charge nearest to a date.
fn nearest(schedule: Schedule, date: Date) -> Option<(u32, Date)> {
    let next = schedule.index_from(date)?;
    [next.checked_sub(1), Some(next)]
        .into_iter()
        .flatten()
        .filter_map(|k| schedule.charge(k).map(|on| (k, on)))
        .min_by_key(|(_, on)| days_between(*on, date).abs())
}
