//! Finite ones, contracts, weekends, prices that vary and prices to come.

use contracts::subscriptions::Status;
use kernel::{Cycle, Unit};

use super::{edit, next, told, types, up_to};
use crate::domain::{
    Amendment, DecisionError, PaymentState, PricePlan, PriceStep, Proposal, Subscription, Term, Weekend,
    testing::{cycle, day, made, money, netflix},
};

fn finite(charges: i64) -> Subscription {
    made(Proposal { charges_left: Some(charges), ..netflix() }, "2026-05-05").0
}

fn left(charges: Option<i64>) -> Amendment {
    Amendment { charges_left: Some(charges), ..Amendment::default() }
}

fn ends(it: &Subscription) -> Option<String> {
    it.ends_on.map(|date| date.to_string())
}

fn plan(steps: &[(&str, &str)]) -> PricePlan {
    let step = |(from, price): &(&str, &str)| PriceStep { from: day(from), price: money(price) };
    PricePlan { steps: steps.iter().map(step).collect(), pointer: "/steps" }
}

fn pointers(error: DecisionError) -> Vec<String> {
    let DecisionError::Invalid(invalid) = error else { panic!("{error}") };
    invalid.errors().iter().map(|error| error.pointer.clone()).collect()
}

#[test]
fn month_end_of_the_29th_30th_31st() {
    for (anchor, expected) in [
        ("2026-01-29", ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"]),
        ("2026-01-30", ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]),
        ("2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
    ] {
        let (mut it, first) = made(netflix(), anchor);
        let mut dates: Vec<_> = first.charges.iter().map(|charge| charge.due_on.to_string()).collect();
        // Looked at every day, or not for months: the dates are the same.
        for today in ["2026-02-27", "2026-02-28", "2026-04-30"] {
            dates.extend(up_to(&mut it, today).iter().map(ToString::to_string));
        }
        assert_eq!(dates, expected, "{anchor}");
    }
}

#[test]
fn leap_day_yearly() {
    let yearly = Proposal { cycle: Some(Cycle::YEARLY), ..netflix() };
    let (mut it, _) = made(yearly, "2024-02-29");
    let dates: Vec<_> = up_to(&mut it, "2028-12-31").iter().map(ToString::to_string).collect();
    assert_eq!(dates, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]);
}

#[test]
fn a_due_date_that_is_today_after_downtime() {
    let (mut it, _) = made(netflix(), "2026-01-05");
    let dates: Vec<_> = up_to(&mut it, "2026-05-05").iter().map(ToString::to_string).collect();
    assert_eq!(dates, ["2026-02-05", "2026-03-05", "2026-04-05", "2026-05-05"]);
    assert_eq!(next(&it).as_deref(), Some("2026-06-05"));
}

#[test]
fn a_lifetime_purchase_among_renewing_ones() {
    let (mut forever, first) = made(Proposal { cycle: None, ..netflix() }, "2026-05-05");
    let (mut monthly, _) = made(netflix(), "2026-05-05");
    assert_eq!(told(&first), ["2026-05-05 499.00"]);
    assert!(up_to(&mut forever, "2027-05-05").is_empty());
    assert_eq!(up_to(&mut monthly, "2027-05-05").len(), 12);
    assert_eq!((next(&forever), forever.status), (None, Status::Active));
    assert_eq!(forever.monthly_equivalent(day("2026-06-01")), None);
    assert_eq!(forever.wakes_on(), None);
}

#[test]
fn a_finite_one_ends_when_the_next_charge_would_have_been() {
    let mut it = finite(3);
    assert_eq!((it.charges_left, ends(&it)), (Some(2), None));
    assert_eq!(it.charges_from(day("2026-07-01")).count(), 1, "what comes before is counted, too");
    assert_eq!(up_to(&mut it, "2026-07-05").len(), 2);
    assert_eq!((it.charges_left, ends(&it).as_deref()), (Some(0), Some("2026-08-05")));
    assert_eq!((it.status, next(&it)), (Status::Active, None), "it is paid until then");
    assert!(up_to(&mut it, "2026-12-05").is_empty());
    assert_eq!(it.status, Status::Ended);
}

#[test]
fn an_end_before_the_last_charge_stays() {
    let proposal = Proposal { charges_left: Some(1), ends_on: Some(day("2026-05-20")), ..netflix() };
    assert_eq!(ends(&made(proposal, "2026-05-05").0).as_deref(), Some("2026-05-20"));
}

#[test]
fn skipped_charges_do_not_count() {
    let mut it = finite(3);
    it.pause().unwrap();
    it.resume(day("2026-08-01")).unwrap();
    assert_eq!(it.charges_left, Some(2));
    assert_eq!(up_to(&mut it, "2027-01-01").len(), 2);
}

#[test]
fn more_charges_take_the_end_back_that_came_of_the_last() {
    let mut it = finite(1);
    assert_eq!(ends(&it).as_deref(), Some("2026-06-05"));
    // The form sends the end along as it is.
    let again = Amendment { ends_on: Some(it.ends_on), ..left(Some(2)) };
    edit(&mut it, again, "2026-05-10").unwrap();
    assert_eq!((ends(&it), next(&it).as_deref()), (None, Some("2026-06-05")));
    edit(&mut it, left(Some(0)), "2026-05-10").unwrap();
    assert_eq!((ends(&it).as_deref(), next(&it)), (Some("2026-06-05"), None));
}

#[test]
fn charges_that_passed_while_none_was_left_are_not_made_up_for() {
    let mut it = finite(1);
    edit(&mut it, Amendment { ends_on: Some(None), ..Amendment::default() }, "2026-05-10").unwrap();
    assert!(up_to(&mut it, "2026-07-10").is_empty());
    edit(&mut it, left(None), "2026-07-10").unwrap();
    assert!(up_to(&mut it, "2026-07-10").is_empty());
    assert_eq!(next(&it).as_deref(), Some("2026-08-05"));
}

#[test]
fn what_is_over_keeps_its_end_whatever_is_said_of_its_charges() {
    let mut it = finite(1);
    up_to(&mut it, "2026-06-05");
    assert_eq!(it.status, Status::Ended);
    edit(&mut it, left(None), "2026-06-06").unwrap();
    assert_eq!((it.status, ends(&it).as_deref()), (Status::Ended, Some("2026-06-05")));
}

#[test]
fn reactivated_after_its_last_charge_it_goes_on_without_counting() {
    let mut it = finite(1);
    up_to(&mut it, "2026-06-05");
    it.reactivate(day("2026-06-10")).unwrap();
    assert_eq!((it.charges_left, next(&it).as_deref()), (None, Some("2026-07-05")));
    let mut halfway = finite(5);
    halfway.cancel(None, day("2026-05-10")).unwrap();
    halfway.reactivate(day("2026-05-11")).unwrap();
    assert_eq!(halfway.charges_left, Some(4));
}

#[test]
fn bought_once_has_neither_a_count_nor_a_term() {
    let term = Term { length: Cycle::YEARLY, renews_for: None, notice: None, from: None };
    let wrong = Proposal { cycle: None, charges_left: Some(2), term: Some(term), ..netflix() };
    let invalid = wrong.check(day("2026-05-05")).unwrap_err();
    assert_eq!(pointers(invalid.into()), ["/charges_left", "/term"]);
    for charges in [-1, 0, 10_000] {
        assert!(Proposal { charges_left: Some(charges), ..netflix() }.check(day("2026-05-05")).is_err());
    }
}

#[test]
fn a_term_that_does_not_renew_is_the_end_and_one_that_does_is_none() {
    let term = Term { length: cycle(12, Unit::Month), renews_for: None, notice: None, from: None };
    let (it, _) = made(Proposal { term: Some(term), ..netflix() }, "2026-03-15");
    assert_eq!(ends(&it).as_deref(), Some("2027-03-15"));
    assert_eq!(it.bound(day("2026-05-05")).unwrap().cancel_by, None);

    let (mut it, _) = made(netflix(), "2026-03-15");
    edit(
        &mut it,
        Amendment { term: Some(Some(term)), ends_on: Some(None), ..Amendment::default() },
        "2026-04-01",
    )
    .unwrap();
    assert_eq!(ends(&it).as_deref(), Some("2027-03-15"));
    // Saved again as it stands, nothing is different.
    let same = Amendment { term: Some(it.term), ends_on: Some(it.ends_on), ..Amendment::default() };
    assert!(edit(&mut it, same, "2026-04-01").unwrap().is_empty());

    let renewing =
        Term { renews_for: Some(cycle(12, Unit::Month)), notice: Some(cycle(1, Unit::Month)), ..term };
    let (mut it, _) = made(Proposal { term: Some(renewing), ..netflix() }, "2026-03-15");
    let bound = it.bound(day("2027-02-15")).unwrap();
    assert_eq!((ends(&it), bound.cancel_by), (None, Some(day("2027-02-15"))));
    it.cancel(None, day("2026-03-20")).unwrap();
    assert_eq!(it.bound(day("2026-03-20")), None, "it is cancelled already");
}

#[test]
fn money_moves_around_a_weekend_and_the_charge_date_stays() {
    for (weekend, moves_on) in
        [(Weekend::Keep, "2026-05-09"), (Weekend::Before, "2026-05-08"), (Weekend::After, "2026-05-11")]
    {
        // 9 May 2026 is a Saturday.
        let (it, advance) = made(Proposal { weekend, ..netflix() }, "2026-05-09");
        let charge = advance.charges[0];
        assert_eq!(
            (charge.due_on, charge.state),
            (day("2026-05-09"), PaymentState::Paid { on: day(moves_on) })
        );
        assert_eq!((it.first_charge_on, next(&it).as_deref()), (day("2026-05-09"), Some("2026-06-09")));
    }
}

#[test]
fn payments_of_what_varies_are_expected_and_the_mean_is_what_is_to_come() {
    let (it, advance) = made(Proposal { price_varies: true, ..netflix() }, "2026-05-05");
    assert!(advance.charges[0].expected);
    let usual = it.clone().usually(money("INR 1000.00"), 3);
    assert_eq!(usual.charges_from(day("2026-05-06")).next().unwrap().1, money("INR 333.33"));
    assert_eq!(it.usually(money("INR 0.00"), 0).forecast_on(day("2026-06-05")), money("INR 499.00"));
    let (fixed, advance) = made(netflix(), "2026-05-05");
    assert!(!advance.charges[0].expected);
    assert_eq!(fixed.usually(money("INR 1.00"), 1).forecast_on(day("2026-06-05")), money("INR 499.00"));
}

#[test]
fn a_promotion_is_planned_changed_and_taken_back() {
    let (mut it, _) = made(netflix(), "2026-05-05");
    let today = day("2026-05-06");
    let facts =
        it.plan_prices(&plan(&[("2026-09-05", "INR 499.00"), ("2026-06-05", "INR 199.00")]), today).unwrap();
    assert_eq!(types(&facts), ["subscription.price_changed"]);
    let prices: Vec<_> = it.charges_from(today).take(5).map(|(_, amount)| amount.amount_text()).collect();
    assert_eq!(prices, ["199.00", "199.00", "199.00", "499.00", "499.00"]);
    assert_eq!(it.planned_prices(today).len(), 2);
    // What has begun is history, and stays.
    it.advance(day("2026-06-05"), 10);
    let facts = it.plan_prices(&plan(&[]), day("2026-06-05")).unwrap();
    assert_eq!(types(&facts), ["subscription.changed"]);
    assert_eq!(it.price_on(day("2026-12-05")), money("INR 199.00"));
    assert!(it.plan_prices(&plan(&[]), day("2026-06-05")).unwrap().is_empty());
}

#[test]
fn every_wrong_step_of_a_plan_is_named_and_nothing_is_changed() {
    let (mut it, _) = made(netflix(), "2026-05-05");
    let before = it.clone();
    let wrong = plan(&[
        ("2026-05-06", "INR 1.00"),
        ("2026-06-01", "EUR 1.00"),
        ("2026-06-01", "INR 2.00"),
        ("2200-01-01", "INR 2.00"),
    ]);
    let invalid = it.plan_prices(&wrong, day("2026-05-06")).unwrap_err();
    assert_eq!(
        pointers(invalid.into()),
        ["/steps/0/from", "/steps/1/price/currency", "/steps/2/from", "/steps/3/from"]
    );
    assert_eq!(it, before);
}

#[test]
fn a_plan_does_not_reach_into_a_trial() {
    let (mut it, _) = made(Proposal { trial_ends_on: Some(day("2026-06-05")), ..netflix() }, "2026-05-05");
    assert!(it.plan_prices(&plan(&[("2026-06-05", "INR 1.00")]), day("2026-05-06")).is_err());
    it.plan_prices(&plan(&[("2026-06-06", "INR 1.00")]), day("2026-05-06")).unwrap();
    assert_eq!(it.price_on(day("2026-06-05")), money("INR 499.00"));
}

#[test]
fn a_promotion_can_be_there_from_the_beginning() {
    let step = PriceStep { from: day("2026-08-05"), price: money("INR 499.00") };
    let proposal = Proposal { price: money("INR 99.00"), later_prices: vec![step], ..netflix() };
    let (it, _) = made(proposal.clone(), "2026-05-05");
    let prices: Vec<_> =
        it.charges_from(day("2026-05-06")).take(4).map(|(_, price)| price.amount_text()).collect();
    assert_eq!(prices, ["99.00", "99.00", "499.00", "499.00"]);
    let wrong = Proposal { later_prices: vec![PriceStep { from: day("2026-05-05"), ..step }], ..proposal };
    assert_eq!(pointers(wrong.check(day("2026-05-05")).unwrap_err().into()), ["/later_prices/0/from"]);
}
