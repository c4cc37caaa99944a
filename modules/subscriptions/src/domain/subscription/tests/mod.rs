//! The life of a subscription in examples, and against a plain model of it.

mod bound;
mod changing;
mod charging;
mod living;
mod model;

use jiff::civil::Date;

use super::{Advance, Subscription};
use crate::domain::{Amendment, DecisionError, Fact, testing::day};

/// The charge dates and amounts of an advance, as text.
fn told(advance: &Advance) -> Vec<String> {
    advance
        .charges
        .iter()
        .map(|charge| format!("{} {}", charge.due_on, charge.amount.amount_text()))
        .collect()
}

/// The types of facts.
fn types(facts: &[Fact]) -> Vec<String> {
    let event = |fact: &Fact| fact.event(crate::domain::testing::id(1), jiff::Timestamp::UNIX_EPOCH).kind;
    facts.iter().map(event).collect()
}

fn edit(
    subscription: &mut Subscription,
    amendment: Amendment,
    today: &str,
) -> Result<Vec<Fact>, DecisionError> {
    subscription.edit(amendment.check()?, day(today))
}

fn next(subscription: &Subscription) -> Option<String> {
    subscription.next_charge_on().map(|date| date.to_string())
}

fn up_to(subscription: &mut Subscription, today: &str) -> Vec<Date> {
    let mut dates = vec![];
    loop {
        let advance = subscription.advance(day(today), 3);
        dates.extend(advance.charges.iter().map(|charge| charge.due_on));
        if !advance.more {
            return dates;
        }
    }
}
