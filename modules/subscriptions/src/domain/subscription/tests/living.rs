use contracts::subscriptions::{Act, Status};

use super::{super::Inconsistent, Subscription, next, types, up_to};
use crate::domain::{
    DecisionError, Fact, Proposal, Refused, Sharing,
    testing::{dates, day, id, made, money, netflix},
};

/// Charged on 05-05, next on 06-05, and then brought into `status` on 05-10.
fn in_status(status: Status) -> Subscription {
    let trial_ends_on = (status == Status::Trial).then(|| day("2026-06-05"));
    let (mut it, _) = made(Proposal { trial_ends_on, ..netflix() }, "2026-05-05");
    let today = day("2026-05-10");
    match status {
        Status::Trial | Status::Active => {}
        Status::Paused => drop(it.pause().unwrap()),
        Status::Cancelled => drop(it.cancel(None, today).unwrap()),
        Status::Ended => drop(it.cancel(Some(today), today).unwrap()),
    }
    assert_eq!(it.status, status);
    it
}

const ALL: [Status; 5] = [Status::Trial, Status::Active, Status::Paused, Status::Cancelled, Status::Ended];

/// Tries `verb` from every status: where the picture has an arrow it leads to `to`, else nothing changes.
fn arrows(verb: fn(&mut Subscription) -> Result<Vec<Fact>, Refused>, from: &[Status], to: Status) {
    for status in ALL {
        let mut it = in_status(status);
        let before = it.clone();
        let done = verb(&mut it).is_ok();
        assert_eq!(done, from.contains(&status), "{status:?}");
        assert_eq!(it.status, if done { to } else { status });
        assert!(done || it == before, "a refusal changes nothing");
    }
}

#[test]
fn only_the_arrows_of_the_picture_exist() {
    arrows(|it| it.pause(), &[Status::Active], Status::Paused);
    arrows(|it| it.resume(day("2026-05-10")), &[Status::Paused], Status::Active);
    let running = [Status::Trial, Status::Active, Status::Paused];
    arrows(|it| it.cancel(None, day("2026-05-10")), &running, Status::Cancelled);
    let stopped = [Status::Cancelled, Status::Ended];
    arrows(|it| it.reactivate(day("2026-05-10")), &stopped, Status::Active);
}

#[test]
fn what_does_not_renew_has_no_next_charge() {
    for (status, wakes_on) in [
        (Status::Trial, Some("2026-06-05")),
        (Status::Active, Some("2026-06-05")),
        (Status::Paused, None),
        (Status::Cancelled, Some("2026-06-05")),
        (Status::Ended, None),
    ] {
        let it = in_status(status);
        let renews = matches!(status, Status::Trial | Status::Active);
        assert_eq!(next(&it).as_deref(), renews.then_some("2026-06-05"), "{status:?}");
        assert_eq!(it.wakes_on(), wakes_on.map(day), "{status:?}");
        assert_eq!(it.charges_from(day("2026-05-10")).next().is_some(), renews);
    }
}

#[test]
fn cancelled_it_may_be_used_to_the_end_of_what_is_paid() {
    let (mut it, _) = made(netflix(), "2026-05-05");
    let facts = it.cancel(None, day("2026-05-20")).unwrap();
    assert_eq!(types(&facts), ["subscription.cancelled"]);
    assert_eq!((it.status, it.ends_on), (Status::Cancelled, Some(day("2026-06-05"))));
    assert_eq!(up_to(&mut it, "2026-06-04"), []);
    assert_eq!(it.status, Status::Cancelled);
    let end = it.advance(day("2026-06-05"), 10);
    assert_eq!((end.charges.len(), types(&end.facts)), (0, vec!["subscription.ended".into()]));
}

#[test]
fn cancelled_to_a_day_that_has_come_it_is_over_at_once() {
    for ends_on in ["2026-05-20", "2026-05-01"] {
        let (mut it, _) = made(netflix(), "2026-05-05");
        let facts = it.cancel(Some(day(ends_on)), day("2026-05-20")).unwrap();
        assert_eq!(types(&facts), ["subscription.cancelled", "subscription.ended"], "{ends_on}");
        assert_eq!((it.status, it.ends_on), (Status::Ended, Some(day(ends_on))));
    }
}

#[test]
fn cancelled_to_a_later_day_it_is_not_charged_until_then() {
    let (mut it, _) = made(netflix(), "2026-05-05");
    it.cancel(Some(day("2026-12-31")), day("2026-05-20")).unwrap();
    assert_eq!(up_to(&mut it, "2026-12-30"), []);
    assert_eq!(it.status, Status::Cancelled);
}

#[test]
fn bought_once_is_over_when_it_is_cancelled() {
    let (mut once, _) = made(Proposal { cycle: None, ..netflix() }, "2026-05-05");
    once.cancel(None, day("2026-05-20")).unwrap();
    assert_eq!((once.status, once.ends_on), (Status::Ended, Some(day("2026-05-20"))));
}

#[test]
fn cancelling_never_lengthens_what_has_an_end() {
    let finite = Proposal { ends_on: Some(day("2026-06-01")), ..netflix() };
    let (mut finite, _) = made(finite, "2026-05-05");
    finite.cancel(None, day("2026-05-20")).unwrap();
    assert_eq!(finite.ends_on, Some(day("2026-06-01")));
}

#[test]
fn cancelled_while_paused_it_ends_with_what_was_paid() {
    let mut it = in_status(Status::Paused);
    it.cancel(None, day("2026-05-20")).unwrap();
    assert_eq!(it.ends_on, Some(day("2026-06-05")));
    let mut late = in_status(Status::Paused);
    late.cancel(None, day("2026-07-20")).unwrap();
    assert_eq!((late.status, late.ends_on), (Status::Ended, Some(day("2026-07-20"))));
}

#[test]
fn dates_that_passed_in_a_pause_are_skipped() {
    let mut it = in_status(Status::Paused);
    assert_eq!(up_to(&mut it, "2026-08-20"), []);
    let facts = it.resume(day("2026-08-20")).unwrap();
    assert_eq!(types(&facts), ["subscription.resumed"]);
    assert_eq!(up_to(&mut it, "2026-10-05"), dates("2026-09-05 2026-10-05"));
}

#[test]
fn resumed_on_a_charge_date_it_is_charged_that_day() {
    let mut it = in_status(Status::Paused);
    it.resume(day("2026-07-05")).unwrap();
    assert_eq!(up_to(&mut it, "2026-07-05"), dates("2026-07-05"));
}

#[test]
fn paused_and_resumed_on_its_charge_date_it_is_charged_once() {
    let (mut it, created) = made(netflix(), "2026-05-05");
    assert_eq!(created.charges.len(), 1);
    it.pause().unwrap();
    it.resume(day("2026-05-05")).unwrap();
    it.cancel(None, day("2026-05-05")).unwrap();
    it.reactivate(day("2026-05-05")).unwrap();
    assert_eq!(up_to(&mut it, "2026-05-05"), []);
    assert_eq!(next(&it).as_deref(), Some("2026-06-05"));
}

#[test]
fn a_pause_does_not_outlast_the_end() {
    let finite = Proposal { ends_on: Some(day("2026-07-01")), ..netflix() };
    let (mut finite, _) = made(finite, "2026-05-05");
    finite.pause().unwrap();
    assert_eq!(finite.wakes_on(), Some(day("2026-07-01")));
    assert_eq!(types(&finite.advance(day("2026-07-01"), 10).facts), ["subscription.ended"]);
}

#[test]
fn reactivated_it_goes_on_where_it_was_or_today() {
    let mut soon = in_status(Status::Cancelled);
    let facts = soon.reactivate(day("2026-05-20")).unwrap();
    assert_eq!(types(&facts), ["subscription.reactivated"]);
    assert_eq!((soon.ends_on, next(&soon).as_deref()), (None, Some("2026-06-05")));

    let mut late = in_status(Status::Cancelled);
    assert_eq!(up_to(&mut late, "2026-09-01"), []);
    late.reactivate(day("2026-09-01")).unwrap();
    assert_eq!((late.status, next(&late).as_deref()), (Status::Active, Some("2026-09-05")));
}

#[test]
fn a_finite_one_that_ended_may_be_reactivated() {
    let finite = Proposal { ends_on: Some(day("2026-06-01")), ..netflix() };
    let (mut finite, _) = made(finite, "2026-05-05");
    up_to(&mut finite, "2026-06-01");
    assert_eq!(finite.status, Status::Ended);
    finite.reactivate(day("2026-06-10")).unwrap();
    assert_eq!(up_to(&mut finite, "2026-08-05"), dates("2026-07-05 2026-08-05"));
}

#[test]
fn a_trial_that_is_taken_back_to_life_stays_free_until_it_would_have_ended() {
    let mut trial = in_status(Status::Trial);
    trial.cancel(None, day("2026-05-10")).unwrap();
    assert_eq!(trial.ends_on, Some(day("2026-06-05")));
    trial.reactivate(day("2026-05-12")).unwrap();
    assert_eq!(trial.status, Status::Active);
    assert_eq!(trial.monthly_equivalent(day("2026-06-04")), Some(money("INR 0.00")));
    assert_eq!(up_to(&mut trial, "2026-06-05"), dates("2026-06-05"));
}

#[test]
fn the_contract_acts_as_by_hand() {
    let today = day("2026-05-10");
    let mut it = in_status(Status::Active);
    for (act, status) in [
        (Act::Pause, Status::Paused),
        (Act::Resume, Status::Active),
        (Act::Cancel { ends_on: None }, Status::Cancelled),
        (Act::Reactivate, Status::Active),
        (Act::ChangePrice { price: money("INR 599.00"), from: None }, Status::Active),
        (Act::Cancel { ends_on: Some(today) }, Status::Ended),
    ] {
        it.act(&act, today).unwrap();
        assert_eq!(it.status, status, "{act:?}");
    }
    assert_eq!(it.price_on(today), money("INR 599.00"));
    let refused = it.act(&Act::Pause, today).unwrap_err();
    assert_eq!(refused.to_string(), "Only an active subscription can be paused. This one is over.");
    let far = Act::Cancel { ends_on: Some(day("2200-01-01")) };
    assert!(matches!(in_status(Status::Active).act(&far, today), Err(DecisionError::Invalid(_))));
}

#[test]
fn it_reads_back_as_it_was_and_nonsense_does_not() {
    for status in ALL {
        let it = in_status(status);
        assert_eq!(Subscription::restore((*it).clone()).as_ref(), Ok(&it));
    }
    for status in [Status::Cancelled, Status::Ended] {
        let mut record = (*in_status(status)).clone();
        record.ends_on = None;
        assert_eq!(Subscription::restore(record.clone()), Err(Inconsistent::NoEnd(record.id)));
    }
    let mut record = (*in_status(Status::Trial)).clone();
    record.trial_ends_on = None;
    assert_eq!(Subscription::restore(record.clone()), Err(Inconsistent::EndlessTrial(record.id)));
}

#[test]
fn a_revision_asks_for_the_version_it_read() {
    let mut it = in_status(Status::Active);
    let later = "2026-05-06T00:00:00Z".parse().unwrap();
    assert_eq!((it.revise(later), it.version, it.updated_at), (1, 2, later));
    assert_eq!(it.revise(later), 2);
    assert_eq!(types(&[it.deleted()]), ["subscription.deleted"]);
}

#[test]
fn what_somebody_added_who_left_is_handed_over_and_what_they_kept_to_themselves_rests() {
    let (gone, heir, today) = (id(1), id(9), day("2026-05-20"));
    let secret = |it: Subscription| {
        let mut it = it;
        it.share(Sharing { private: true, ..Sharing::default() });
        it
    };
    let (common, _) = made(netflix(), "2026-05-05");
    let (trial, _) = made(Proposal { trial_ends_on: Some(day("2026-06-19")), ..netflix() }, "2026-05-05");

    let mut shared = common.clone();
    assert_eq!(types(&shared.hand_over(gone, heir, today)), ["subscription.changed"]);
    assert_eq!((shared.created_by, shared.status), (heir, Status::Active));
    assert_eq!(shared.hand_over(gone, heir, today), [], "it is nothing of theirs any more");

    let mut private = secret(common);
    assert_eq!(types(&private.hand_over(gone, heir, today)), ["subscription.paused"]);
    assert_eq!((private.created_by, private.status), (gone, Status::Paused));
    assert_eq!(private.hand_over(gone, heir, today), [], "it rests already");

    let mut tried = secret(trial);
    assert_eq!(types(&tried.hand_over(gone, heir, today)), ["subscription.cancelled"]);
    assert_eq!((tried.created_by, tried.ends_on), (gone, Some(day("2026-06-19"))));
}
