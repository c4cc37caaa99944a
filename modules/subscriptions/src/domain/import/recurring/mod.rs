//! What is paid again and again, found in the lines of a statement.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Currency, Cycle, Money};
use serde::{Deserialize, Serialize};

use super::{StatementLine, shortened};
use crate::domain::{MonthEnd, Name, Schedule};

mod merchant;
mod rhythm;
mod strand;
#[cfg(test)]
mod tests;

pub(super) use merchant::{Merchant, close};
use rhythm::Rhythm;
use strand::Strand;

/// The most that are offered of one statement.
const MOST: usize = 500;
/// The most charges of all of them together.
const MOST_CHARGES: usize = 20_000;
/// More charges at one place than any subscription makes in a statement: ten years of weeks.
const BUSIEST: usize = 600;
/// Amounts that differ more often than this are taken as varying, not as a price that was raised.
const MOST_STEPS: usize = 3;

/// Something that a statement shows to be paid again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What to call it: the merchant.
    pub name: String,
    /// Of every amount.
    pub currency: Currency,
    /// From which day it cost how many minor units, the oldest first.
    pub steps: Vec<(Date, i64)>,
    /// How often.
    pub cycle: Cycle,
    /// Whether it is always the last day of a month.
    pub last_day: bool,
    /// The anchor. It may lie before the first charge that is shown, where that fell into a shorter month.
    pub anchor: Date,
    /// The charges, the oldest first.
    pub charges: Vec<ShownCharge>,
    /// How sure this is, of a hundred.
    pub confidence: u8,
    /// The day after which another charge should have been in the statement and was not.
    pub silent_since: Option<Date>,
    /// Whether its amounts differ from charge to charge.
    pub varies: bool,
}

/// A line that shows a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCharge {
    /// Where it stands in the file.
    pub line: u32,
    /// The charge date it stands for.
    pub due_on: Date,
    /// The day on which it was booked.
    pub booked_on: Date,
    /// How many minor units.
    pub minor: i64,
    /// What the bank says.
    pub text: String,
}

impl Offer {
    /// When it is charged.
    pub fn schedule(&self) -> Schedule {
        let month_end = if self.last_day { MonthEnd::LastDay } else { MonthEnd::AnchorDay };
        Schedule::new(self.anchor, Some(self.cycle), month_end)
    }

    /// What it costs now.
    pub fn price(&self) -> Money {
        Money::from_minor(self.steps.last().map_or(0, |(_, minor)| *minor), self.currency)
    }

    /// The first charge that is shown.
    pub fn first(&self) -> Option<&ShownCharge> {
        self.charges.first()
    }

    /// The last charge that is shown.
    pub fn last(&self) -> Option<&ShownCharge> {
        self.charges.last()
    }
}

/// What is paid again and again, the surest first. `lines` are those that belong to nothing that is tracked.
pub(super) fn find(lines: &[&StatementLine]) -> Vec<Offer> {
    let Some(until) = lines.iter().map(|line| line.booked_on).max() else { return Vec::new() };
    let mut places: BTreeMap<(String, Currency2), Vec<&StatementLine>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.minor < 0) {
        let merchant = Merchant::of(line);
        if let Some(key) = merchant.key() {
            places.entry((key, Currency2(line.currency))).or_default().push(line);
        }
    }
    let mut offers: Vec<Offer> = places
        .into_values()
        .filter(|charges| charges.len() <= BUSIEST)
        .flat_map(|charges| strand::strands(&charges))
        .filter_map(|strand| offer(&strand, until))
        .collect();
    // The order must not depend on anything but the file: the numbers of offers are kept.
    offers.sort_by(|one, other| {
        let key =
            |offer: &Offer| (std::cmp::Reverse(offer.confidence), offer.name.clone(), offer.charges[0].line);
        key(one).cmp(&key(other))
    });
    offers.truncate(MOST);
    let mut charges = 0;
    offers.retain(|offer| {
        charges += offer.charges.len();
        charges <= MOST_CHARGES
    });
    offers
}

/// A currency that can be sorted by.
#[derive(PartialEq, Eq)]
struct Currency2(Currency);

impl PartialOrd for Currency2 {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency2 {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.code().cmp(other.0.code())
    }
}

/// The service that a line is about, where the catalogue knows how it appears on statements.
fn service(line: &StatementLine) -> Option<&'static catalogue::Service> {
    catalogue::on_statement(&line.said())
}

fn offer(strand: &Strand<'_>, until: Date) -> Option<Offer> {
    let rhythm = strand.rhythm.as_ref()?;
    let first = strand.lines.first()?;
    let charges: Vec<ShownCharge> = strand
        .lines
        .iter()
        .zip(&rhythm.due)
        .map(|(line, due_on)| ShownCharge {
            line: line.line,
            due_on: *due_on,
            booked_on: line.booked_on,
            minor: -line.minor,
            text: shortened(&line.said(), 120),
        })
        .collect();
    let (steps, varies) = steps(&charges, rhythm.anchor);
    let name = service(first).map_or_else(|| Merchant::of(first).name(), |service| service.name().to_owned());
    Some(Offer {
        name: Name::parse(&name).map_or_else(|_| "Unnamed charge".to_owned(), |name| name.to_string()),
        currency: first.currency,
        steps,
        cycle: rhythm.cycle,
        last_day: rhythm.last_day,
        anchor: rhythm.anchor,
        confidence: confidence(rhythm, &charges),
        silent_since: silent_since(rhythm, &charges, until),
        charges,
        varies,
    })
}

/// The prices: one a change, or only the last one where there is a change with almost every charge.
fn steps(charges: &[ShownCharge], anchor: Date) -> (Vec<(Date, i64)>, bool) {
    let mut steps: Vec<(Date, i64)> = Vec::new();
    for charge in charges {
        if steps.last().is_none_or(|(_, minor)| *minor != charge.minor) {
            steps.push((charge.due_on, charge.minor));
        }
    }
    let varies = steps.len() > MOST_STEPS && steps.len() * 2 > charges.len();
    if varies {
        let last = charges.last().map_or(0, |charge| charge.minor);
        return (vec![(anchor, last)], true);
    }
    if let Some(first) = steps.first_mut() {
        first.0 = anchor.min(first.0);
    }
    (steps, false)
}

/// When the next charge is overdue by half a cycle at the end of the statement: the day of the last one.
fn silent_since(rhythm: &Rhythm, charges: &[ShownCharge], until: Date) -> Option<Date> {
    let last = charges.last()?.due_on;
    let schedule = rhythm.schedule();
    let next = schedule.first_from(last.tomorrow().ok()?)?;
    let after = schedule.first_from(next.tomorrow().ok()?)?;
    let half = days_between(next, after) / 2;
    (days_between(next, until) > half).then_some(last)
}

fn confidence(rhythm: &Rhythm, charges: &[ShownCharge]) -> u8 {
    let hits = charges.len();
    let mut sure: usize = match hits {
        0..=2 => 60,
        3 => 75,
        4 => 82,
        5 => 88,
        _ => 92,
    };
    if charges.iter().all(|charge| charge.minor == charges[0].minor) {
        sure += 6;
    }
    sure = sure.saturating_sub(rhythm.missing * 6).saturating_sub(rhythm.deviation * 3 / hits.max(1));
    u8::try_from(sure.clamp(30, 99)).unwrap_or(30)
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
