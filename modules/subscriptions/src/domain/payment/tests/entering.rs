//! Payments that somebody enters.

use kernel::Invalid;

use crate::domain::{
    ByHand, Payment, PaymentSource, PaymentState, Proposal, Subscription,
    testing::{day, id, made, money, netflix},
};

const TODAY: &str = "2026-05-10";

fn by_hand(due_on: &str) -> ByHand {
    ByHand {
        due_on: Some(day(due_on)),
        extra: false,
        paid_on: None,
        amount: None,
        note: String::new(),
        source: PaymentSource::Manual,
    }
}

/// 499 rupees on the 5th of every month since May.
fn subscription() -> Subscription {
    made(netflix(), "2026-05-05").0
}

fn entered(by_hand: &ByHand) -> Result<Payment, Invalid> {
    by_hand.payment(id(9), &subscription(), day(TODAY))
}

fn pointers(by_hand: &ByHand) -> Vec<String> {
    entered(by_hand).unwrap_err().errors().iter().map(|error| error.pointer.clone()).collect()
}

#[test]
fn the_next_charge_is_paid_ahead_when_nothing_else_is_said() {
    let payment = entered(&ByHand { due_on: None, ..by_hand(TODAY) }).unwrap();
    assert_eq!((payment.due_on, payment.amount), (day("2026-06-05"), money("INR 499.00")));
    assert_eq!(payment.state, PaymentState::Paid { on: day(TODAY) });
    assert!(!payment.extra);
}

#[test]
fn a_charge_falls_on_a_charge_date_or_is_extra() {
    assert!(entered(&by_hand("2026-07-05")).is_ok());
    let wrong = by_hand("2026-07-04");
    let invalid = entered(&wrong).unwrap_err();
    assert_eq!(
        invalid.errors()[0].detail,
        "must be a charge date of it, such as 2026-07-05; a charge beside them is extra"
    );
    let extra = ByHand { extra: true, amount: Some(money("INR 150.00")), ..by_hand("2026-05-07") };
    let payment = entered(&extra).unwrap();
    assert!(payment.extra && payment.due_on == day("2026-05-07"));
    let paid_before = ByHand { due_on: None, paid_on: Some(day("2026-05-06")), ..extra };
    assert_eq!(entered(&paid_before).unwrap().due_on, day("2026-05-06"));
}

#[test]
fn a_charge_after_the_end_is_none() {
    let finite = Proposal { ends_on: Some(day("2026-07-01")), ..netflix() };
    let (finite, _) = made(finite, "2026-05-05");
    let at = |due_on| by_hand(due_on).payment(id(9), &finite, day(TODAY));
    assert!(at("2026-06-05").is_ok());
    assert!(at("2026-07-05").is_err());
}

#[test]
fn wrong_ones_name_their_field() {
    let extra = ByHand { extra: true, ..by_hand("2026-05-07") };
    for (wrong, pointer) in [
        (ByHand { paid_on: Some(day("2026-05-11")), ..by_hand("2026-06-05") }, "/paid_on"),
        (ByHand { amount: Some(money("USD 1.00")), ..by_hand("2026-06-05") }, "/amount/currency"),
        (ByHand { note: "\u{202e}".into(), ..by_hand("2026-06-05") }, "/note"),
        (by_hand("2031-06-05"), "/due_on"),
        (by_hand("2026-04-05"), "/due_on"),
        (extra.clone(), "/amount"),
        (ByHand { due_on: Some(day("2026-05-11")), amount: Some(money("INR 1.00")), ..extra }, "/due_on"),
    ] {
        assert_eq!(pointers(&wrong), [pointer], "{wrong:?}");
    }
}
