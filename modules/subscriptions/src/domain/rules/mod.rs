//! What may come in. Everything wrong with an input is named at once, each at its JSON pointer.

use jiff::civil::{Date, date};
use kernel::{Invalid, Money};

use super::{Term, text::TextError};

mod amendment;
mod plan;
mod proposal;

pub use amendment::{Amendment, Change, PriceChange};
pub use plan::PricePlan;
pub use proposal::{Draft, Proposal};

const FIRST_DAY: Date = date(1970, 1, 1);
const LAST_DAY: Date = date(2199, 12, 31);

/// The date, when it is one that a subscription may have: from 1970 to 2199.
pub fn read_date(date: Date, pointer: &str, invalid: &mut Invalid) -> Option<Date> {
    if (FIRST_DAY..=LAST_DAY).contains(&date) {
        return Some(date);
    }
    invalid.add(pointer, format!("must be a day from {FIRST_DAY} to {LAST_DAY}"));
    None
}

/// The optional date, when there is none or it is a right one.
fn read_optional_date(date: Option<Date>, pointer: &str, invalid: &mut Invalid) -> Option<Option<Date>> {
    match date {
        Some(date) => read_date(date, pointer, invalid).map(Some),
        None => Some(None),
    }
}

/// The price, when it can be one; nothing is a price too.
pub(in crate::domain) fn read_price(price: Money, pointer: &str, invalid: &mut Invalid) -> Option<Money> {
    if (0..=Money::MAX_MINOR).contains(&price.minor()) {
        return Some(price);
    }
    let most = Money::from_minor(Money::MAX_MINOR, price.currency());
    invalid.add(format!("{pointer}/amount"), format!("must be from 0 to {}", most.amount_text()));
    None
}

/// The optional text, when there is none or it is a right one. A text of spaces alone is none: forms send it.
pub(super) fn read_optional<T>(
    text: Option<&str>,
    parse: fn(&str) -> Result<T, TextError>,
    pointer: &str,
    invalid: &mut Invalid,
) -> Option<Option<T>> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => invalid.check(pointer, parse(text)).map(Some),
        None => Some(None),
    }
}

/// The most charges that something finite can have to come.
const MOST_CHARGES: i64 = 9_999;

/// How many charges remain, from `least` on.
fn read_charges_left(charges: i64, least: i64, invalid: &mut Invalid) -> Option<u32> {
    if (least..=MOST_CHARGES).contains(&charges) {
        return u32::try_from(charges).ok();
    }
    invalid.add("/charges_left", format!("must be from {least} to {MOST_CHARGES}"));
    None
}

/// The term, when it begins on a day that it may begin on.
fn read_term(term: Option<Term>, invalid: &mut Invalid) -> Option<Option<Term>> {
    let from = read_optional_date(term.and_then(|term| term.from), "/term/from", invalid);
    from.map(|_| term)
}

/// The dates of a subscription, for the rules that none of them breaks by itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dates {
    pub(super) bought_once: bool,
    pub(super) first_charge_on: Date,
    pub(super) trial_ends_on: Option<Date>,
    pub(super) ends_on: Option<Date>,
    pub(super) charges_left: Option<u32>,
    pub(super) term: Option<Term>,
}

impl Dates {
    /// Notes the rules they break.
    pub(super) fn check(&self, invalid: &mut Invalid) {
        let first = self.first_charge_on;
        if self.ends_on.is_some_and(|ends_on| ends_on <= first) {
            invalid.add("/ends_on", format!("must be after the first charge on {first}"));
        }
        if self.bought_once && self.charges_left.is_some() {
            invalid.add("/charges_left", "must be left out where it is bought once");
        }
        match self.term {
            Some(_) if self.bought_once => invalid.add("/term", "must be left out where it is bought once"),
            Some(term) => term.check(first, invalid),
            None => {}
        }
        // The only charge would be free, and the price would never be asked for.
        if self.bought_once && self.trial_ends_on.is_some_and(|trial_ends_on| first < trial_ends_on) {
            invalid.add("/first_charge_on", "must not be before the trial ends, because it is charged once");
        }
    }
}

#[cfg(test)]
mod tests;
