//! What messages and statements tell of charges.

use contracts::subscriptions::ChargeOutcome;

use super::entry;
use crate::domain::{
    Entry, Known, Meant, Payment, PaymentSource, PaymentState, Subscription, Told,
    testing::{day, id, made, money, netflix},
};

/// 499 rupees on the 5th of every month; today is 10 July, and August is to come.
fn ledger(states: [PaymentState; 3]) -> (Subscription, Vec<Entry>) {
    let (mut subscription, _) = made(netflix(), "2026-05-05");
    subscription.advance(day("2026-07-10"), 10);
    let dates = ["2026-07-05", "2026-06-05", "2026-05-05"];
    let entries = (1..).zip(dates).zip(states).map(|((number, due_on), state)| {
        let payment = Payment {
            id: id(number),
            due_on: day(due_on),
            subscription: subscription.id,
            ..entry(state).payment
        };
        Entry { payment, ..entry(state) }
    });
    let entries = entries.collect();
    (subscription, entries)
}

fn paid(on: &str) -> PaymentState {
    PaymentState::Paid { on: day(on) }
}

fn all_paid() -> [PaymentState; 3] {
    [paid("2026-07-05"), paid("2026-06-05"), paid("2026-05-05")]
}

fn told(outcome: ChargeOutcome, amount: Option<&str>, on: Option<&str>) -> Told {
    Told { outcome, amount: amount.map(money), on: on.map(day), source: PaymentSource::Message }
}

/// The charge date that is meant, or the question.
fn meant(told: Told, states: [PaymentState; 3]) -> Result<String, String> {
    let (subscription, entries) = ledger(states);
    let known = Known { subscription: &subscription, entries: &entries, today: day("2026-07-10") };
    match told.meant(known) {
        Ok(Meant::Entry(entry)) => Ok(entry.due_on.to_string()),
        Ok(Meant::Ahead(date)) => Ok(format!("ahead {date}")),
        Err(unmatched) => Err(unmatched.to_string()),
    }
}

#[test]
fn a_charge_within_five_per_cent_and_four_days_is_that_of_its_date() {
    use ChargeOutcome::Paid;
    for (amount, on, expected) in [
        (Some("INR 499.00"), "2026-06-05", Ok("2026-06-05")),
        (Some("INR 499.00"), "2026-06-09", Ok("2026-06-05")),
        (Some("INR 499.00"), "2026-06-01", Ok("2026-06-05")),
        (Some("INR 499.00"), "2026-06-10", Err("No charge of Netflix falls within 4 days of 2026-06-10.")),
        (Some("INR 523.95"), "2026-06-05", Ok("2026-06-05")),
        (Some("INR 474.05"), "2026-06-05", Ok("2026-06-05")),
        (
            Some("INR 523.96"),
            "2026-06-05",
            Err("The charge of Netflix on 2026-06-05 is INR 499.00, which is not near INR 523.96."),
        ),
        (
            Some("USD 499.00"),
            "2026-06-05",
            Err("The charge of Netflix on 2026-06-05 is INR 499.00, which is not near USD 499.00."),
        ),
        (None, "2026-06-05", Ok("2026-06-05")),
        (Some("INR 499.00"), "2026-08-03", Ok("ahead 2026-08-05")),
    ] {
        let found = meant(told(Paid, amount, Some(on)), all_paid());
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{amount:?} {on}");
    }
}

#[test]
fn without_a_day_the_oldest_that_waits_is_meant() {
    let states = [PaymentState::Due, PaymentState::Failed, paid("2026-05-05")];
    let found = meant(told(ChargeOutcome::Paid, Some("INR 499.00"), None), states);
    assert_eq!(found.as_deref(), Ok("2026-06-05"));
    assert!(meant(told(ChargeOutcome::Paid, Some("INR 499.00"), None), all_paid()).is_err());
    let skipped = [PaymentState::Skipped, paid("2026-06-05"), paid("2026-05-05")];
    assert!(meant(told(ChargeOutcome::Paid, None, Some("2026-07-05")), skipped).is_err());
}

#[test]
fn what_failed_or_came_back_is_the_newest_that_fits() {
    let found = |outcome, amount, on| meant(told(outcome, amount, on), all_paid());
    assert_eq!(found(ChargeOutcome::Failed, None, None).as_deref(), Ok("2026-07-05"));
    assert_eq!(found(ChargeOutcome::Failed, None, Some("2026-06-07")).as_deref(), Ok("2026-06-05"));
    assert_eq!(found(ChargeOutcome::Refunded, Some("INR 499.00"), None).as_deref(), Ok("2026-07-05"));
    assert_eq!(found(ChargeOutcome::Refunded, None, Some("2026-06-20")).as_deref(), Ok("2026-06-05"));
    assert_eq!(
        found(ChargeOutcome::Refunded, Some("INR 9.00"), None),
        Err("There is no payment of Netflix in the ledger that fits.".into())
    );
}

#[test]
fn a_due_payment_becomes_paid_on_the_day_that_was_told_with_what_it_really_was() {
    let mut it = entry(PaymentState::Due);
    let told = told(ChargeOutcome::Paid, Some("INR 512.00"), Some("2026-05-07"));
    let facts = told.confirm(&mut it, day("2026-05-10")).unwrap();
    assert_eq!((facts.len(), it.state, it.amount), (1, paid("2026-05-07"), money("INR 512.00")));
    assert_eq!(it.source, PaymentSource::Message);
    assert_eq!(told.confirm(&mut it, day("2026-05-10")), Ok(vec![]), "told again, it is no news");
}

#[test]
fn a_paid_payment_stays_and_its_source_is_noted() {
    let mut it = entry(paid("2026-05-05"));
    let told = told(ChargeOutcome::Paid, Some("INR 499.00"), Some("2026-05-07"));
    assert_eq!(told.confirm(&mut it, day("2026-05-10")), Ok(vec![]));
    assert_eq!((it.state, it.source), (paid("2026-05-05"), PaymentSource::Message));
}

#[test]
fn told_twice_a_refund_is_one() {
    let mut it = entry(PaymentState::Refunded { paid_on: day("2026-05-05") });
    let before = it.clone();
    let told = told(ChargeOutcome::Refunded, None, None);
    assert_eq!(told.confirm(&mut it, day("2026-05-10")), Ok(vec![]));
    assert_eq!(it, before);
    let mut due = entry(PaymentState::Due);
    assert!(told.confirm(&mut due, day("2026-05-10")).is_err());
}
