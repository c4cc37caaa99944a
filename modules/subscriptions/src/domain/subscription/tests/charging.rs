use contracts::subscriptions::Status;
use kernel::{Cycle, Unit};

use super::{next, told, types, up_to};
use crate::domain::{
    PaymentSource, PaymentState, Proposal,
    testing::{cycle, dates, day, id, made, money, netflix},
};

#[test]
fn netflix_499_monthly_is_charged_today_and_next_month() {
    let (netflix, advance) = made(netflix(), "2026-05-05");
    assert_eq!(told(&advance), ["2026-05-05 499.00"]);
    assert_eq!(advance.charges[0].state, PaymentState::Paid { on: day("2026-05-05") });
    assert_eq!(advance.charges[0].source, PaymentSource::Renewal);
    assert_eq!(types(&advance.facts), ["subscription.created"]);
    assert_eq!((netflix.status, next(&netflix).as_deref()), (Status::Active, Some("2026-06-05")));
    assert_eq!(netflix.monthly_equivalent(day("2026-05-05")), Some(money("INR 499.00")));

    let summary = netflix.summary(day("2026-05-05"));
    assert_eq!((summary.name.as_str(), summary.price), ("Netflix", money("INR 499.00")));
    let payment = advance.charges[0].payment(id(9), &netflix);
    assert_eq!((payment.subscription, payment.due_on), (netflix.id, day("2026-05-05")));
}

#[test]
fn half_a_year_of_downtime_leaves_no_charge_out() {
    let (mut monthly, created) = made(netflix(), "2026-01-31");
    assert_eq!(told(&created), ["2026-01-31 499.00"]);
    let expected = dates("2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31");
    assert_eq!(up_to(&mut monthly, "2026-08-02"), expected);
    assert_eq!(next(&monthly).as_deref(), Some("2026-08-31"));
    assert_eq!(up_to(&mut monthly, "2026-08-02"), [], "a sweep that runs twice changes nothing");
}

#[test]
fn a_due_date_that_is_today_after_downtime_is_charged() {
    let (mut monthly, _) = made(netflix(), "2026-01-31");
    assert_eq!(up_to(&mut monthly, "2026-03-31"), dates("2026-02-28 2026-03-31"));
}

#[test]
fn a_first_charge_to_come_waits_for_its_day() {
    let later = Proposal { first_charge_on: Some(day("2026-05-20")), ..netflix() };
    let (mut later, advance) = made(later, "2026-05-05");
    assert_eq!((told(&advance), next(&later).as_deref()), (vec![], Some("2026-05-20")));
    assert_eq!(up_to(&mut later, "2026-05-19"), []);
    assert_eq!(up_to(&mut later, "2026-05-20"), dates("2026-05-20"));
}

#[test]
fn past_charges_are_assumed_to_be_paid_and_todays_is_not() {
    let past = Proposal { first_charge_on: Some(day("2026-03-05")), auto_renew: false, ..netflix() };
    let (_, advance) = made(past, "2026-05-05");
    let states: Vec<_> =
        advance.charges.iter().map(|c| (c.due_on.to_string(), c.source, c.state.status())).collect();
    use crate::domain::PaymentStatus::{Due, Paid};
    assert_eq!(
        states,
        [
            ("2026-03-05".into(), PaymentSource::Assumed, Paid),
            ("2026-04-05".into(), PaymentSource::Assumed, Paid),
            ("2026-05-05".into(), PaymentSource::Renewal, Due),
        ]
    );
}

#[test]
fn without_auto_renew_a_charge_is_due() {
    let (mut by_hand, _) = made(Proposal { auto_renew: false, ..netflix() }, "2026-05-05");
    let advance = by_hand.advance(day("2026-06-05"), 10);
    assert_eq!(advance.charges[0].state, PaymentState::Due);
}

#[test]
fn declined_backfill_leaves_past_charges_out_but_not_todays() {
    let past = Proposal { first_charge_on: Some(day("2026-03-05")), backfill: false, ..netflix() };
    let (_, advance) = made(past.clone(), "2026-05-05");
    assert_eq!(told(&advance), ["2026-05-05 499.00"]);
    let (subscription, advance) = made(past, "2026-05-06");
    assert_eq!((told(&advance), next(&subscription).as_deref()), (vec![], Some("2026-06-05")));
}

#[test]
fn a_weekly_one_since_1990_comes_in_pieces() {
    let since =
        Proposal { first_charge_on: Some(day("1990-01-01")), cycle: Some(Cycle::WEEKLY), ..netflix() };
    let draft = since.check(day("2026-05-05")).unwrap();
    let birth = crate::domain::testing::birth(1, day("2026-05-05"));
    let (mut weekly, first) = super::Subscription::create(draft, birth, 100);
    assert_eq!((first.charges.len(), first.more), (100, true));
    assert_eq!(weekly.wakes_on(), Some(day("1991-12-02")), "the sweep finds it at once");
    let (mut charges, mut more) = (first.charges, first.more);
    while more {
        let piece = weekly.advance(day("2026-05-05"), 100);
        assert!(piece.charges.len() <= 100);
        charges.extend(piece.charges);
        more = piece.more;
    }
    assert_eq!(charges.len(), 1_897);
    assert!(charges.windows(2).all(|pair| pair[0].due_on < pair[1].due_on));
    assert_eq!(next(&weekly).as_deref(), Some("2026-05-11"));
}

#[test]
fn bought_once_is_charged_once_and_stays() {
    let (mut once, advance) = made(Proposal { cycle: None, ..netflix() }, "2026-05-05");
    assert_eq!(told(&advance), ["2026-05-05 499.00"]);
    assert_eq!((once.status, next(&once), once.wakes_on()), (Status::Active, None, None));
    assert_eq!(once.monthly_equivalent(day("2026-05-05")), None);
    assert_eq!(up_to(&mut once, "2099-05-05"), []);
}

#[test]
fn a_finite_one_is_never_charged_on_its_end_or_after() {
    let finite = Proposal { ends_on: Some(day("2026-07-05")), ..netflix() };
    let (mut finite, _) = made(finite, "2026-05-05");
    assert_eq!(up_to(&mut finite, "2026-06-20"), dates("2026-06-05"));
    assert_eq!((next(&finite), finite.wakes_on()), (None, Some(day("2026-07-05"))));
    let end = finite.advance(day("2026-07-05"), 10);
    assert_eq!((told(&end), types(&end.facts)), (vec![], vec!["subscription.ended".into()]));
    assert_eq!((finite.status, finite.wakes_on()), (Status::Ended, None));
    assert_eq!(types(&finite.advance(day("2026-08-05"), 10).facts), [""; 0]);
}

#[test]
fn one_that_is_long_over_is_recorded_whole() {
    let over =
        Proposal { first_charge_on: Some(day("2025-01-31")), ends_on: Some(day("2025-04-01")), ..netflix() };
    let (over, advance) = made(over, "2026-05-05");
    assert_eq!(told(&advance), ["2025-01-31 499.00", "2025-02-28 499.00", "2025-03-31 499.00"]);
    assert_eq!(types(&advance.facts), ["subscription.created", "subscription.ended"]);
    assert_eq!((over.status, over.wakes_on()), (Status::Ended, None));
}

#[test]
fn a_trial_is_free_and_its_first_charge_makes_it_active() {
    let trial = Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() };
    let (mut trial, created) = made(trial, "2026-05-05");
    assert_eq!((trial.status, told(&created)), (Status::Trial, vec![]));
    assert_eq!((trial.first_charge_on, next(&trial).as_deref()), (day("2026-05-19"), Some("2026-05-19")));
    assert_eq!(trial.monthly_equivalent(day("2026-05-18")), Some(money("INR 0.00")));
    assert_eq!(trial.monthly_equivalent(day("2026-05-19")), Some(money("INR 499.00")));
    assert_eq!(up_to(&mut trial, "2026-05-18"), []);
    let over = trial.advance(day("2026-05-19"), 10);
    assert_eq!(told(&over), ["2026-05-19 499.00"]);
    assert_eq!((trial.status, types(&over.facts)), (Status::Active, vec!["subscription.changed".into()]));
}

#[test]
fn charges_within_a_trial_cost_nothing_and_do_not_end_it() {
    let trial = Proposal {
        first_charge_on: Some(day("2026-05-05")),
        trial_ends_on: Some(day("2026-05-20")),
        cycle: Some(cycle(2, Unit::Week)),
        ..netflix()
    };
    let (mut trial, created) = made(trial, "2026-05-05");
    assert_eq!((trial.status, told(&created)), (Status::Trial, vec!["2026-05-05 0.00".to_owned()]));
    let rest = trial.advance(day("2026-06-03"), 10);
    assert_eq!(told(&rest), ["2026-05-19 0.00", "2026-06-02 499.00"]);
    assert_eq!(trial.status, Status::Active);
}

#[test]
fn a_trial_that_is_over_when_it_is_added_is_active() {
    let over = Proposal { trial_ends_on: Some(day("2026-04-19")), ..netflix() };
    let (over, advance) = made(over, "2026-05-05");
    assert_eq!((over.status, told(&advance)), (Status::Active, vec!["2026-04-19 499.00".to_owned()]));
    let today = Proposal { trial_ends_on: Some(day("2026-05-05")), ..netflix() };
    let (today, advance) = made(today, "2026-05-05");
    assert_eq!((today.status, told(&advance)), (Status::Active, vec!["2026-05-05 499.00".to_owned()]));
}

#[test]
fn a_trial_may_end_before_it_is_charged() {
    let trial = Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() };
    let (mut trial, _) = made(trial, "2026-05-05");
    trial.cancel(Some(day("2026-05-12")), day("2026-05-06")).unwrap();
    assert_eq!(trial.wakes_on(), Some(day("2026-05-12")));
    assert_eq!(up_to(&mut trial, "2026-06-19"), []);
    assert_eq!(trial.status, Status::Ended);
}
