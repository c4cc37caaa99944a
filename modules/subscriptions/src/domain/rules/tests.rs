use kernel::{Currency, Cycle};

use super::*;
use crate::domain::{
    CategoryChoice, MonthEnd,
    testing::{day, money, netflix},
};

fn pointers(invalid: &Invalid) -> Vec<&str> {
    invalid.errors().iter().map(|error| error.pointer.as_str()).collect()
}

fn wrong(proposal: Proposal) -> Invalid {
    proposal.check(day("2026-05-05")).unwrap_err()
}

#[test]
fn everything_wrong_is_named_at_once() {
    let invalid = wrong(Proposal {
        name: " ".into(),
        plan: Some("p".repeat(81)),
        service: Some("No Slug".into()),
        price: Money::from_minor(-1, Currency::INR),
        first_charge_on: Some(day("1969-12-31")),
        trial_ends_on: Some(day("2200-01-01")),
        ends_on: Some(day("9999-12-31")),
        category: Some("streaming".into()),
        url: Some("javascript:alert(1)".into()),
        notes: "\u{0}".into(),
        ..netflix()
    });
    assert_eq!(
        pointers(&invalid),
        [
            "/name",
            "/plan",
            "/service",
            "/price/amount",
            "/trial_ends_on",
            "/first_charge_on",
            "/ends_on",
            "/category",
            "/url",
            "/notes"
        ]
    );
    assert_eq!(invalid.errors()[5].detail, "must be a day from 1970-01-01 to 2199-12-31");
}

#[test]
fn what_the_caller_found_stays_beside_it() {
    let mut invalid = Invalid::field("/cycle/every", "must be a whole number from 1 to 999");
    let read = Proposal { name: String::new(), ..netflix() }.read(day("2026-05-05"), &mut invalid);
    assert_eq!((read, pointers(&invalid)), (None, vec!["/cycle/every", "/name"]));
}

#[test]
fn name_price_and_cycle_are_enough() {
    let draft = Proposal { service: None, category: None, ..netflix() }.check(day("2026-05-05")).unwrap();
    assert_eq!(draft.first_charge_on, day("2026-05-05"));
    assert_eq!((draft.category, draft.cycle), (CategoryChoice::OTHER, Some(Cycle::MONTHLY)));
}

#[test]
fn the_first_charge_is_at_the_end_of_the_trial_unless_told_otherwise() {
    let trial = Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() };
    assert_eq!(trial.clone().check(day("2026-05-05")).unwrap().first_charge_on, day("2026-05-19"));
    let told = Proposal { first_charge_on: Some(day("2026-05-31")), ..trial };
    assert_eq!(told.check(day("2026-05-05")).unwrap().first_charge_on, day("2026-05-31"));
}

#[test]
fn it_ends_after_the_first_charge() {
    for (ends_on, right) in [("2026-05-04", false), ("2026-05-05", false), ("2026-05-06", true)] {
        let finite = Proposal { ends_on: Some(day(ends_on)), ..netflix() };
        assert_eq!(finite.check(day("2026-05-05")).is_ok(), right, "{ends_on}");
    }
    let invalid = wrong(Proposal { ends_on: Some(day("2026-05-05")), ..netflix() });
    assert_eq!(pointers(&invalid), ["/ends_on"]);
    assert_eq!(invalid.errors()[0].detail, "must be after the first charge on 2026-05-05");
}

#[test]
fn nothing_is_a_price_and_the_first_and_last_days_are_days() {
    let free = Proposal {
        price: money("INR 0.00"),
        first_charge_on: Some(day("1970-01-01")),
        ends_on: Some(day("2199-12-31")),
        ..netflix()
    };
    assert!(free.check(day("2026-05-05")).is_ok());
    let invalid =
        wrong(Proposal { price: Money::from_minor(Money::MAX_MINOR + 1, Currency::INR), ..netflix() });
    assert_eq!(invalid.errors()[0].detail, "must be from 0 to 90000000000.00");
}

#[test]
fn spaces_alone_are_no_plan_and_no_link() {
    let spaces =
        Proposal { plan: Some(" ".into()), url: Some(String::new()), service: Some(" ".into()), ..netflix() };
    let draft = spaces.check(day("2026-05-05")).unwrap();
    assert_eq!((draft.plan, draft.url, draft.service), (None, None, None));
}

#[test]
fn everything_wrong_with_a_change_is_named_at_once() {
    let amendment = Amendment {
        name: Some(String::new()),
        plan: Some(Some("\u{202e}".into())),
        category: Some(Some("nothing".into())),
        url: Some(Some("x".into())),
        notes: Some("n".repeat(4_001)),
        first_charge_on: Some(day("2200-01-01")),
        ends_on: Some(Some(day("1969-01-01"))),
        price: Some(Money::from_minor(-5, Currency::INR)),
        ..Amendment::default()
    };
    let invalid = amendment.check().unwrap_err();
    assert_eq!(
        pointers(&invalid),
        ["/price/amount", "/name", "/plan", "/category", "/url", "/notes", "/first_charge_on", "/ends_on"]
    );
}

#[test]
fn a_day_for_a_price_needs_the_price() {
    let amendment = Amendment { price_from: Some(day("2026-06-01")), ..Amendment::default() };
    assert_eq!(pointers(&amendment.check().unwrap_err()), ["/price_from"]);
}

#[test]
fn a_change_keeps_what_is_left_out_and_takes_away_what_is_null() {
    let amendment = Amendment {
        plan: Some(None),
        category: Some(None),
        ends_on: Some(None),
        month_end: Some(MonthEnd::LastDay),
        ..Amendment::default()
    };
    let expected = Change {
        plan: Some(None),
        category: Some(CategoryChoice::OTHER),
        ends_on: Some(None),
        month_end: Some(MonthEnd::LastDay),
        ..Change::default()
    };
    assert_eq!(amendment.check(), Ok(expected));
}
