use contracts::subscriptions::Status;
use kernel::{Cycle, Invalid};

use super::{edit, next, types, up_to};
use crate::domain::{
    Amendment, DecisionError, Fact, MonthEnd, Proposal, Subscription,
    testing::{dates, day, made, money, netflix},
};

/// Charged on 05-05, next on 06-05.
fn active() -> Subscription {
    made(netflix(), "2026-05-05").0
}

/// Free until 05-19.
fn trial() -> Subscription {
    made(Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() }, "2026-05-05").0
}

fn steps(it: &Subscription) -> Vec<String> {
    it.prices.steps().map(|step| format!("{} {}", step.from, step.price.amount_text())).collect()
}

fn pointer(result: Result<Vec<Fact>, DecisionError>) -> String {
    let Err(DecisionError::Invalid(invalid)) = result else { panic!("not invalid: {result:?}") };
    Invalid::errors(&invalid)[0].pointer.clone()
}

#[test]
fn words_change_and_dates_stay() {
    let mut it = active();
    let facts = edit(
        &mut it,
        Amendment {
            name: Some(" Netflix Premium ".into()),
            plan: Some(Some("Premium".into())),
            service: Some(None),
            category: Some(None),
            url: Some(Some("https://netflix.com".into())),
            notes: Some("shared".into()),
            auto_renew: Some(false),
            ..Amendment::default()
        },
        "2026-05-20",
    );
    assert_eq!(types(&facts.unwrap()), ["subscription.changed"]);
    assert_eq!((it.name.as_str(), it.notes.as_str()), ("Netflix Premium", "shared"));
    assert_eq!((it.service.as_ref(), it.auto_renew), (None, false));
    assert_eq!(next(&it).as_deref(), Some("2026-06-05"));
}

#[test]
fn nothing_different_is_no_fact() {
    let mut it = active();
    let before = it.clone();
    let same = Amendment {
        name: Some("Netflix".into()),
        cycle: Some(Some(Cycle::MONTHLY)),
        first_charge_on: Some(day("2026-05-05")),
        trial_ends_on: Some(None),
        ends_on: Some(None),
        price: Some(money("INR 499.00")),
        ..Amendment::default()
    };
    assert_eq!(edit(&mut it, same, "2026-09-20"), Ok(vec![]));
    assert_eq!(it, before);
}

#[test]
fn another_anchor_never_charges_twice_or_before_today() {
    for (anchor, expected) in [
        ("2026-05-20", "2026-05-20 2026-06-20 2026-07-20"),
        ("2026-05-31", "2026-05-31 2026-06-30 2026-07-31"),
        ("2026-05-04", "2026-06-04 2026-07-04"),
        ("2020-01-05", "2026-06-05 2026-07-05"),
        ("2026-07-01", "2026-07-01"),
    ] {
        let mut it = active();
        let moved = Amendment { first_charge_on: Some(day(anchor)), ..Amendment::default() };
        edit(&mut it, moved, "2026-05-20").unwrap();
        assert_eq!(up_to(&mut it, "2026-07-31"), dates(expected), "from {anchor}");
    }
}

#[test]
fn a_first_charge_to_come_can_be_brought_forward() {
    let (mut it, _) = made(Proposal { first_charge_on: Some(day("2026-07-05")), ..netflix() }, "2026-05-05");
    let sooner = Amendment { first_charge_on: Some(day("2026-05-12")), ..Amendment::default() };
    edit(&mut it, sooner, "2026-05-06").unwrap();
    assert_eq!(up_to(&mut it, "2026-06-12"), dates("2026-05-12 2026-06-12"));
}

#[test]
fn an_anchor_moved_away_and_back_charges_nothing_again() {
    let mut it = active();
    for anchor in ["2026-05-20", "2026-05-05", "2026-04-05"] {
        let moved = Amendment { first_charge_on: Some(day(anchor)), ..Amendment::default() };
        edit(&mut it, moved, "2026-05-05").unwrap();
    }
    assert_eq!(up_to(&mut it, "2026-06-05"), dates("2026-06-05"));
}

#[test]
fn another_cycle_goes_on_from_the_same_anchor() {
    let mut it = active();
    let weekly = Amendment { cycle: Some(Some(Cycle::WEEKLY)), ..Amendment::default() };
    edit(&mut it, weekly, "2026-05-19").unwrap();
    assert_eq!(up_to(&mut it, "2026-06-02"), dates("2026-05-19 2026-05-26 2026-06-02"));
    let once = Amendment { cycle: Some(None), ..Amendment::default() };
    edit(&mut it, once, "2026-06-02").unwrap();
    assert_eq!((next(&it), it.wakes_on()), (None, None));
}

#[test]
fn another_month_end_holds_from_the_next_charge() {
    let (mut it, _) = made(netflix(), "2026-04-30");
    let last = Amendment { month_end: Some(MonthEnd::LastDay), ..Amendment::default() };
    edit(&mut it, last, "2026-05-01").unwrap();
    assert_eq!(up_to(&mut it, "2026-06-30"), dates("2026-05-31 2026-06-30"));
}

#[test]
fn edited_in_a_pause_it_resumes_on_the_new_dates() {
    let mut it = active();
    it.pause().unwrap();
    let moved = Amendment { first_charge_on: Some(day("2026-05-12")), ..Amendment::default() };
    edit(&mut it, moved, "2026-05-10").unwrap();
    assert_eq!(next(&it), None);
    it.resume(day("2026-06-13")).unwrap();
    assert_eq!(next(&it).as_deref(), Some("2026-07-12"));
}

#[test]
fn a_price_changes_from_a_day_on() {
    let mut it = active();
    let rise = Amendment {
        price: Some(money("INR 599.00")),
        price_from: Some(day("2026-06-05")),
        ..Amendment::default()
    };
    let facts = edit(&mut it, rise, "2026-05-20").unwrap();
    let [Fact::PriceChanged(told)] = facts.as_slice() else { panic!("{facts:?}") };
    assert_eq!((told.before, told.after), (money("INR 499.00"), money("INR 599.00")));
    assert_eq!(told.from, day("2026-06-05"));
    let charges: Vec<_> = it.charges_from(day("2026-05-20")).take(1).collect();
    assert_eq!(charges, [(day("2026-06-05"), money("INR 599.00"))]);

    let today = Amendment { price: Some(money("INR 549.00")), ..Amendment::default() };
    edit(&mut it, today, "2026-05-20").unwrap();
    assert_eq!(steps(&it), ["2026-05-05 499.00", "2026-05-20 549.00", "2026-06-05 599.00"]);
}

#[test]
fn a_price_in_another_currency_is_refused_at_its_place() {
    let mut it = active();
    let before = it.clone();
    let dollars =
        Amendment { name: Some("Other".into()), price: Some(money("USD 5.00")), ..Amendment::default() };
    assert_eq!(pointer(edit(&mut it, dollars, "2026-05-20")), "/price/currency");
    assert_eq!(it, before, "all or nothing");
}

#[test]
fn a_price_told_in_a_trial_is_what_is_paid_after_it() {
    let mut it = trial();
    let told = Amendment { price: Some(money("INR 199.00")), ..Amendment::default() };
    edit(&mut it, told, "2026-05-10").unwrap();
    assert_eq!(steps(&it), ["2026-05-05 0.00", "2026-05-19 199.00"]);
}

#[test]
fn a_longer_trial_moves_the_first_charge_with_it() {
    let mut it = trial();
    let longer = Amendment { trial_ends_on: Some(Some(day("2026-06-02"))), ..Amendment::default() };
    edit(&mut it, longer, "2026-05-10").unwrap();
    assert_eq!((it.status, it.first_charge_on), (Status::Trial, day("2026-06-02")));
    assert_eq!(steps(&it), ["2026-05-05 0.00", "2026-06-02 499.00"]);
    assert_eq!(up_to(&mut it, "2026-06-02"), dates("2026-06-02"));
}

#[test]
fn a_first_charge_of_its_own_does_not_move_with_the_trial() {
    let own = Proposal {
        trial_ends_on: Some(day("2026-05-19")),
        first_charge_on: Some(day("2026-05-31")),
        ..netflix()
    };
    let (mut it, _) = made(own, "2026-05-05");
    let longer = Amendment { trial_ends_on: Some(Some(day("2026-05-25"))), ..Amendment::default() };
    edit(&mut it, longer, "2026-05-10").unwrap();
    assert_eq!(it.first_charge_on, day("2026-05-31"));
}

#[test]
fn a_trial_that_ends_today_is_charged_today() {
    let mut it = trial();
    let today = Amendment { trial_ends_on: Some(Some(day("2026-05-10"))), ..Amendment::default() };
    edit(&mut it, today, "2026-05-10").unwrap();
    assert_eq!(it.status, Status::Active);
    let charges = it.advance(day("2026-05-10"), 10).charges;
    assert_eq!((charges[0].due_on, charges[0].amount), (day("2026-05-10"), money("INR 499.00")));
}

#[test]
fn what_is_no_trial_costs_from_today_and_is_charged_when_it_would_have_been() {
    let mut it = trial();
    let none = Amendment { trial_ends_on: Some(None), ..Amendment::default() };
    edit(&mut it, none, "2026-05-10").unwrap();
    assert_eq!((it.status, next(&it).as_deref()), (Status::Active, Some("2026-05-19")));
    assert_eq!(steps(&it), ["2026-05-05 0.00", "2026-05-10 499.00"]);
}

#[test]
fn only_a_running_trial_can_be_moved() {
    let mut it = active();
    let trial = Amendment { trial_ends_on: Some(Some(day("2026-06-05"))), ..Amendment::default() };
    let refused = edit(&mut it, trial, "2026-05-10").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Only a trial that still runs can end on another day. This one is active."
    );
}

#[test]
fn a_trial_whose_charges_were_edited_away_still_ends() {
    let free = Proposal {
        first_charge_on: Some(day("2026-05-05")),
        trial_ends_on: Some(day("2026-07-01")),
        ends_on: Some(day("2026-12-31")),
        ..netflix()
    };
    let (mut it, _) = made(free, "2026-05-05");
    up_to(&mut it, "2026-06-10");
    let shorter = Amendment { ends_on: Some(Some(day("2026-07-03"))), ..Amendment::default() };
    edit(&mut it, shorter, "2026-06-10").unwrap();
    assert_eq!(it.wakes_on(), Some(day("2026-07-01")));
    let advance = it.advance(day("2026-07-01"), 10);
    assert_eq!((it.status, types(&advance.facts)), (Status::Active, vec!["subscription.changed".into()]));
}

#[test]
fn bought_once_is_not_charged_within_its_trial() {
    let mut it = trial();
    let within =
        Amendment { cycle: Some(None), first_charge_on: Some(day("2026-05-12")), ..Amendment::default() };
    assert_eq!(pointer(edit(&mut it, within, "2026-05-10")), "/first_charge_on");
    let after = Amendment { cycle: Some(None), ..Amendment::default() };
    assert!(edit(&mut it, after, "2026-05-10").is_ok());
}

#[test]
fn an_end_comes_goes_and_moves() {
    let end = |date: Option<&str>| Amendment { ends_on: Some(date.map(day)), ..Amendment::default() };
    let mut it = active();
    edit(&mut it, end(Some("2026-06-05")), "2026-05-10").unwrap();
    assert_eq!(next(&it), None);
    edit(&mut it, end(None), "2026-05-10").unwrap();
    assert_eq!(next(&it).as_deref(), Some("2026-06-05"));
    assert_eq!(pointer(edit(&mut it, end(Some("2026-05-05")), "2026-05-10")), "/ends_on");
    let facts = edit(&mut it, end(Some("2026-05-10")), "2026-05-10").unwrap();
    assert_eq!(types(&facts), ["subscription.changed", "subscription.ended"]);
    assert_eq!(it.status, Status::Ended);
    for gone in [None, Some("2027-01-01")] {
        assert!(matches!(edit(&mut it, end(gone), "2026-05-11"), Err(DecisionError::Refused(_))));
    }
}

#[test]
fn the_end_of_a_cancelled_one_moves_but_does_not_go() {
    let end = |date: Option<&str>| Amendment { ends_on: Some(date.map(day)), ..Amendment::default() };
    let mut it = active();
    it.cancel(None, day("2026-05-10")).unwrap();
    edit(&mut it, end(Some("2026-07-01")), "2026-05-10").unwrap();
    assert_eq!((it.status, it.ends_on), (Status::Cancelled, Some(day("2026-07-01"))));
    let refused = edit(&mut it, end(None), "2026-05-10").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "To go on past its end, a cancelled or ended subscription is reactivated first. This one is cancelled."
    );
    edit(&mut it, end(Some("2026-05-10")), "2026-05-10").unwrap();
    assert_eq!(it.status, Status::Ended);
}

#[test]
fn one_cancelled_before_its_first_charge_can_be_renamed() {
    let (mut it, _) = made(Proposal { first_charge_on: Some(day("2026-06-01")), ..netflix() }, "2026-05-05");
    it.cancel(Some(day("2026-05-20")), day("2026-05-05")).unwrap();
    let renamed = Amendment { name: Some("Old Netflix".into()), ..Amendment::default() };
    assert!(edit(&mut it, renamed, "2026-05-06").is_ok());
}
