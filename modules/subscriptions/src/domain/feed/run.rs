//! Dates that one rule tells of.

use jiff::civil::Date;
use kernel::Unit;

/// A date, or the first of several that a rule tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first.
    pub first: Date,
    /// How it goes on.
    pub rule: Option<Rule>,
}

/// Every so many of a unit, so many times, the first counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Of what.
    pub unit: Unit,
    /// How many of it from one to the next.
    pub every: i32,
    /// How many dates there are.
    pub count: usize,
}

/// Fewer dates stand for themselves.
const FEW: usize = 3;
/// Every month has this day.
const LAST_SURE_DAY: i8 = 28;

impl Run {
    /// One date.
    pub const fn once(on: Date) -> Self {
        Self { first: on, rule: None }
    }
}

/// Dates, in order, as runs. They are looked at, not how they came about: one rule stands for them where they are
/// equally many days apart, or the same day of months that all have it, or of years; else each stands for itself.
///
/// ```
/// use jiff::civil::date;
/// use subscriptions::domain::feed::runs;
/// assert_eq!(runs(&[date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5)]).len(), 1);
/// assert_eq!(runs(&[date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]).len(), 3);
/// ```
pub fn runs(dates: &[Date]) -> Vec<Run> {
    let one_rule = match dates {
        [first, _, ..] if dates.len() >= FEW => {
            rule(dates).map(|rule| Run { first: *first, rule: Some(rule) })
        }
        _ => None,
    };
    one_rule.map_or_else(|| dates.iter().copied().map(Run::once).collect(), |run| vec![run])
}

fn rule(dates: &[Date]) -> Option<Rule> {
    let (unit, every) = months(dates).or_else(|| days(dates))?;
    Some(Rule { unit, every, count: dates.len() })
}

/// The step from each to the next, where it is always the same.
fn step(dates: &[Date], between: impl Fn(Date, Date) -> i32) -> Option<i32> {
    let mut steps = dates.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(between(*one, *next)),
        _ => None,
    });
    let first = steps.next().filter(|step| *step > 0)?;
    steps.all(|step| step == first).then_some(first)
}

fn days(dates: &[Date]) -> Option<(Unit, i32)> {
    let days = step(dates, |one, next| (next - one).get_days())?;
    Some(if days % 7 == 0 { (Unit::Week, days / 7) } else { (Unit::Day, days) })
}

fn months(dates: &[Date]) -> Option<(Unit, i32)> {
    let first = dates.first()?;
    if dates.iter().any(|date| date.day() != first.day()) {
        return None;
    }
    let months = step(dates, |one, next| {
        12 * i32::from(next.year() - one.year()) + i32::from(next.month()) - i32::from(one.month())
    })?;
    // The same month every time has the same day every time, but for the 29th of February.
    let leap_day = first.month() == 2 && first.day() == 29;
    match (months % 12 == 0, first.day() <= LAST_SURE_DAY) {
        (true, _) if !leap_day => Some((Unit::Year, months / 12)),
        (false, true) => Some((Unit::Month, months)),
        _ => None,
    }
}
