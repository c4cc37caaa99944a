//! Changes, what they tell, and the way back.

use jiff::civil::Date;
use kernel::Invalid;

use super::{DUE, LATER, STATES, entry};
use crate::domain::{
    ChangeKind, Entry, Fact, Past, PaymentChange, PaymentError, PaymentRefused, PaymentState, PaymentStatus,
    testing::{id, money},
};

fn to(status: PaymentStatus) -> PaymentChange {
    PaymentChange { status: Some(status), ..PaymentChange::default() }
}

fn types(facts: &[Fact]) -> Vec<String> {
    let at = "2026-05-05T06:30:00Z".parse().unwrap();
    facts.iter().map(|fact| fact.event(id(1), at).kind).collect()
}

/// Stores a change as the ledger does.
fn changed(
    entry: &mut Entry,
    change: &PaymentChange,
    today: Date,
) -> Result<(Past, Vec<Fact>), PaymentError> {
    let before = entry.memory();
    let facts = entry.change(change, today)?;
    let at = "2026-05-09T06:30:00Z".parse().unwrap();
    entry.revise(at);
    Ok((Past { version: entry.version, kind: ChangeKind::Changed, by: id(7), at, before }, facts))
}

fn wrong(entry: &Entry, change: &PaymentChange) -> Invalid {
    let mut tried = entry.clone();
    match tried.change(change, LATER) {
        Err(PaymentError::Invalid(invalid)) => {
            assert_eq!(&tried, entry, "a refusal changes nothing");
            invalid
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_change_tells_what_it_became_and_can_be_taken_back() {
    let mut allowed = 0;
    for from in STATES {
        for status in PaymentStatus::ALL.into_iter().filter(|status| *status != from.status()) {
            let before = entry(from);
            let mut it = before.clone();
            let Ok((past, facts)) = changed(&mut it, &to(status), LATER) else {
                assert!(!before.ways().contains(&status) && it == before);
                continue;
            };
            allowed += 1;
            assert_eq!(types(&facts), [format!("payment.{}", status.as_str())]);
            let facts = it.undo(Some(&past)).unwrap();
            assert_eq!((types(&facts), it.memory()), (vec!["payment.changed".to_owned()], before.memory()));
        }
    }
    assert_eq!(allowed, 6);
}

#[test]
fn a_change_is_taken_back_once_and_only_the_last_one() {
    let mut it = entry(PaymentState::Due);
    assert_eq!(it.undo(None), Err(PaymentRefused::NothingToUndo));
    let (first, _) = changed(&mut it, &to(PaymentStatus::Paid), LATER).unwrap();
    let amount = PaymentChange { amount: Some(money("INR 512.00")), ..PaymentChange::default() };
    let (second, facts) = changed(&mut it, &amount, LATER).unwrap();
    assert_eq!(types(&facts), ["payment.changed"]);
    assert_eq!(it.undo(Some(&first)), Err(PaymentRefused::NothingToUndo), "an older one");
    it.undo(Some(&second)).unwrap();
    assert_eq!((it.amount, it.state), (money("INR 499.00"), PaymentState::Paid { on: LATER }));
    it.revise("2026-05-09T07:00:00Z".parse().unwrap());
    let undone = Past { version: it.version, kind: ChangeKind::Undone, ..second };
    assert_eq!(it.undo(Some(&undone)), Err(PaymentRefused::NothingToUndo), "an undo is not undone");
}

#[test]
fn the_day_and_the_amount_can_be_corrected_in_one_go() {
    let mut it = entry(PaymentState::Due);
    let change = PaymentChange {
        status: Some(PaymentStatus::Paid),
        paid_on: Some(DUE),
        amount: Some(money("INR 530.50")),
        note: Some(" by card ".into()),
    };
    let (_, facts) = changed(&mut it, &change, LATER).unwrap();
    assert_eq!(types(&facts), ["payment.paid"]);
    assert_eq!((it.state, it.amount, it.due_on), (PaymentState::Paid { on: DUE }, money("INR 530.50"), DUE));
    assert_eq!(it.note.as_str(), "by card");
    let moved = PaymentChange { paid_on: Some(LATER), ..PaymentChange::default() };
    assert_eq!(types(&changed(&mut it, &moved, LATER).unwrap().1), ["payment.changed"]);
    let noted = PaymentChange { note: Some("by bank".into()), ..PaymentChange::default() };
    assert_eq!(types(&changed(&mut it, &noted, LATER).unwrap().1), [""; 0], "a note is nobody's news");
}

#[test]
fn wrong_changes_name_their_field() {
    let due = entry(PaymentState::Due);
    let tomorrow = LATER.tomorrow().unwrap();
    for (change, pointer) in [
        (PaymentChange { paid_on: Some(tomorrow), ..to(PaymentStatus::Paid) }, "/paid_on"),
        (PaymentChange { paid_on: Some(DUE), ..PaymentChange::default() }, "/paid_on"),
        (PaymentChange { paid_on: Some(DUE), ..to(PaymentStatus::Skipped) }, "/paid_on"),
        (PaymentChange { amount: Some(money("USD 4.99")), ..to(PaymentStatus::Paid) }, "/amount/currency"),
        (PaymentChange { note: Some("\u{0}".into()), ..PaymentChange::default() }, "/note"),
    ] {
        let invalid = wrong(&due, &change);
        assert_eq!(invalid.errors().len(), 1, "{invalid}");
        assert_eq!(invalid.errors()[0].pointer, pointer, "{invalid}");
    }
}

#[test]
fn what_somebody_entered_can_be_taken_away_until_its_charge_date_has_passed() {
    let (before, after) = (DUE.yesterday().unwrap(), DUE.tomorrow().unwrap());
    let mut it = entry(PaymentState::Paid { on: before });
    assert_eq!(it.check_removal(DUE, before), Err(PaymentRefused::Stays), "nobody entered it");
    it.recorded_by = Some(id(7));
    assert_eq!(it.check_removal(DUE, before), Ok(()), "still ahead");
    assert_eq!(it.check_removal(after, before), Err(PaymentRefused::Stays), "it stood for its charge date");
    assert_eq!(it.check_removal(after, LATER), Ok(()), "entered for a date that had been left out");
    it.payment.extra = true;
    assert_eq!(it.check_removal(after, before), Ok(()), "beside the charge dates");
}
