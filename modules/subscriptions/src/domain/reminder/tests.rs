//! Every kind of reminder, by examples.

use contracts::users::ReminderDays;
use jiff::{
    Timestamp,
    civil::{Time, date, time},
};
use kernel::{Cycle, Invalid, Unit, Zone};

use super::*;
use crate::domain::{Proposal, Subscription, Term, Weekend, testing::*};

const NINE: Time = time(9, 0, 0, 0);

fn days(days: &[i64]) -> ReminderDays {
    ReminderDays::read(days, "", &mut Invalid::new()).unwrap()
}

fn tracked(proposal: Proposal) -> Subscription {
    made(proposal, "2026-05-05").0
}

/// What is told from one day to another with a lead of 3 and 1: `2026-06-02 renewal_near 2026-06-05 -3`.
fn told(subscription: &Subscription, from: &str, to: &str) -> Vec<String> {
    told_with(subscription, from, to, &ReminderDays::default())
}

fn told_with(subscription: &Subscription, from: &str, to: &str, preferred: &ReminderDays) -> Vec<String> {
    let reminders = subscription.reminders(&(day(from)..=day(to)), preferred);
    let line = |Reminder { kind, about_on, lead, on, .. }: &Reminder| {
        format!("{on} {} {about_on} {lead}", kind.as_str())
    };
    reminders.iter().map(line).collect()
}

#[test]
fn a_renewal_is_told_three_days_ahead_and_one() {
    let netflix = tracked(netflix());
    assert_eq!(
        told(&netflix, "2026-05-06", "2026-07-05"),
        [
            "2026-06-02 renewal_near 2026-06-05 3",
            "2026-06-04 renewal_near 2026-06-05 1",
            "2026-07-02 renewal_near 2026-07-05 3",
            "2026-07-04 renewal_near 2026-07-05 1",
        ]
    );
    let amounts = netflix.reminders(&(day("2026-06-02")..=day("2026-06-02")), &ReminderDays::default());
    assert_eq!(amounts[0].amount, money("INR 499.00"));
}

#[test]
fn the_day_itself_can_be_wanted_and_is_told_though_the_charge_is_entered_by_then() {
    let mut netflix = tracked(netflix());
    netflix.advance(day("2026-06-05"), 9);
    assert_eq!(
        told_with(&netflix, "2026-06-05", "2026-06-05", &days(&[0])),
        ["2026-06-05 renewal_near 2026-06-05 0"]
    );
}

#[test]
fn a_subscription_has_its_own_days_and_none_at_all_is_never() {
    let mut proposal = netflix();
    proposal.auto_renew = false;
    proposal.particulars.reminder_days = Some(Some(vec![10]));
    let own = tracked(proposal.clone());
    assert_eq!(
        told(&own, "2026-05-20", "2026-06-05"),
        ["2026-05-26 payment_due 2026-06-05 10", "2026-06-05 payment_due 2026-06-05 0"]
    );
    proposal.particulars.reminder_days = Some(Some(vec![]));
    let never = tracked(proposal);
    assert!(told(&never, "2026-05-06", "2027-05-06").is_empty());
}

#[test]
fn the_end_of_a_trial_is_told_on_the_day_too_and_the_renewal_of_that_day_is_not() {
    let mut trial = tracked(Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() });
    let expected = [
        "2026-05-16 trial_ends 2026-05-19 3",
        "2026-05-18 trial_ends 2026-05-19 1",
        "2026-05-19 trial_ends 2026-05-19 0",
    ];
    assert_eq!(told(&trial, "2026-05-06", "2026-06-01"), expected);
    // By nine in the morning the first charge has ended the trial.
    trial.advance(day("2026-05-19"), 9);
    let found = trial.reminders(&(day("2026-05-19")..=day("2026-05-19")), &ReminderDays::default());
    assert_eq!((found.len(), found[0].is_urgent(), found[0].amount), (1, true, money("INR 499.00")));
}

#[test]
fn what_is_free_renews_unnoticed() {
    let free = tracked(Proposal { price: money("INR 0.00"), ..netflix() });
    assert!(told(&free, "2026-05-06", "2027-05-06").is_empty());
    assert_eq!(free.reminds_on(day("2026-05-06"), &ReminderDays::default()), Some(day("2027-06-10")));
}

#[test]
fn nothing_is_told_of_what_is_paused_cancelled_or_ended() {
    let today = day("2026-05-05");
    let mut paused = tracked(netflix());
    let (mut cancelled, mut ended) = (paused.clone(), paused.clone());
    paused.pause().unwrap();
    cancelled.cancel(None, today).unwrap();
    ended.cancel(Some(today), today).unwrap();
    for each in [paused, cancelled, ended] {
        assert!(told(&each, "2026-05-06", "2027-05-06").is_empty(), "{:?}", each.status);
        assert_eq!(each.reminds_on(today, &ReminderDays::default()), None);
    }
}

#[test]
fn what_is_bought_once_does_not_renew_but_is_due_when_paid_by_hand() {
    let once = Proposal { cycle: None, first_charge_on: Some(day("2026-06-05")), ..netflix() };
    assert!(told(&tracked(once.clone()), "2026-05-06", "2027-05-06").is_empty());
    let by_hand = tracked(Proposal { auto_renew: false, ..once });
    assert_eq!(told(&by_hand, "2026-06-04", "2026-06-05").len(), 2);
}

#[test]
fn what_is_paid_by_hand_is_told_when_due_and_when_overdue() {
    let rent = tracked(Proposal { auto_renew: false, first_charge_on: Some(day("2026-05-20")), ..netflix() });
    assert_eq!(
        told(&rent, "2026-05-06", "2026-06-01"),
        [
            "2026-05-17 payment_due 2026-05-20 3",
            "2026-05-19 payment_due 2026-05-20 1",
            "2026-05-20 payment_due 2026-05-20 0",
            "2026-05-21 payment_overdue 2026-05-20 -1",
            "2026-05-27 payment_overdue 2026-05-20 -7",
        ]
    );
}

#[test]
fn a_promotion_that_ends_and_a_price_that_rises_are_told_apart_and_one_that_falls_is_not_told() {
    let mut netflix = tracked(netflix());
    let today = day("2026-05-05");
    for (from, price) in [
        ("2026-06-01", "INR 199.00"),
        ("2026-08-01", "INR 499.00"),
        ("2026-10-01", "INR 649.00"),
        ("2026-12-01", "INR 599.00"),
    ] {
        let change = crate::domain::Amendment {
            price: Some(money(price)),
            price_from: Some(day(from)),
            ..Default::default()
        };
        netflix.edit(change.check().unwrap(), today).unwrap();
    }
    let told = told_with(&netflix, "2026-05-06", "2026-12-31", &days(&[3]));
    let changes: Vec<_> = told.iter().filter(|line| !line.contains("renewal_near")).collect();
    assert_eq!(changes, ["2026-07-29 promotion_ends 2026-08-01 3", "2026-09-28 price_rises 2026-10-01 3"]);
}

#[test]
fn the_last_day_for_cancelling_is_told_term_after_term() {
    let year = Cycle::new(12, Unit::Month).unwrap();
    let term = Term { length: year, renews_for: Some(year), notice: Some(Cycle::MONTHLY), from: None };
    let first_charge_on = Some(day("2026-03-15"));
    let gym = tracked(Proposal { term: Some(term), first_charge_on, ..netflix() });
    let told = told_with(&gym, "2026-05-06", "2028-03-01", &days(&[14]));
    let notices: Vec<_> = told.iter().filter(|line| line.contains("cancel_by")).collect();
    assert_eq!(
        notices,
        ["2027-02-01 cancel_by_near 2027-02-15 14", "2028-02-01 cancel_by_near 2028-02-15 14"]
    );
    let bound_once = Term { renews_for: None, ..term };
    let ends = tracked(Proposal { term: Some(bound_once), first_charge_on, ..netflix() });
    assert!(!told_with(&ends, "2026-05-06", "2028-03-01", &days(&[14])).concat().contains("cancel_by"));
}

#[test]
fn the_lead_is_counted_from_the_day_the_money_moves_where_that_is_earlier() {
    // 9 May 2026 is a Saturday.
    let first_charge_on = Some(day("2026-05-09"));
    let before = tracked(Proposal { weekend: Weekend::Before, first_charge_on, ..netflix() });
    assert_eq!(
        told_with(&before, "2026-05-06", "2026-05-09", &days(&[1])),
        ["2026-05-07 renewal_near 2026-05-09 1"]
    );
    let after = tracked(Proposal { weekend: Weekend::After, first_charge_on, ..netflix() });
    assert_eq!(
        told_with(&after, "2026-05-06", "2026-05-09", &days(&[1])),
        ["2026-05-08 renewal_near 2026-05-09 1"]
    );
}

#[test]
fn the_next_day_is_the_first_on_which_something_is_told() {
    let yearly = tracked(Proposal { cycle: Some(Cycle::new(3, Unit::Year).unwrap()), ..netflix() });
    let preferred = ReminderDays::default();
    let mut from = day("2026-05-06");
    let mut looked = 0;
    while yearly.reminders(&(from..=from), &preferred).is_empty() {
        let next = yearly.reminds_on(from, &preferred).unwrap();
        assert!(yearly.reminders(&(from..=next.yesterday().unwrap()), &preferred).is_empty());
        from = if next == from { next.tomorrow().unwrap() } else { next };
        looked += 1;
    }
    assert_eq!((from, looked), (day("2029-05-02"), 3));
}

#[test]
fn a_payment_decides_what_is_still_to_be_told() {
    let reminder = |kind, lead| Reminder {
        kind,
        about_on: date(2026, 6, 5),
        lead,
        on: date(2026, 6, 5).saturating_sub(lead.days()),
        amount: money("INR 499.00"),
    };
    use PaymentStatus::{Due, Failed, Paid, Skipped};
    use ReminderKind::{PaymentDue, PaymentFailed, PaymentOverdue, RenewalNear, TrialEnds};
    use Verdict::{Moot, Send, TooLate};
    for (kind, lead, today, payment, expected) in [
        (RenewalNear, 3, "2026-06-02", None, Send),
        (RenewalNear, 3, "2026-06-02", Some(Paid), Moot),
        (RenewalNear, 3, "2026-06-05", Some(Paid), Send),
        (RenewalNear, 3, "2026-06-06", Some(Paid), TooLate),
        (TrialEnds, 0, "2026-06-05", Some(Paid), Send),
        (TrialEnds, 1, "2026-06-06", None, TooLate),
        (PaymentDue, 1, "2026-06-04", None, Send),
        (PaymentDue, 0, "2026-06-05", Some(Due), Send),
        (PaymentDue, 0, "2026-06-05", Some(Skipped), Moot),
        (PaymentDue, 0, "2026-06-06", Some(Due), TooLate),
        (PaymentOverdue, -1, "2026-06-06", Some(Due), Send),
        (PaymentOverdue, -1, "2026-06-06", Some(Paid), Moot),
        (PaymentOverdue, -1, "2026-06-06", None, Moot),
        (PaymentOverdue, -1, "2026-06-12", Some(Due), Send),
        (PaymentOverdue, -1, "2026-06-13", Some(Due), TooLate),
        (PaymentFailed, 0, "2026-06-05", Some(Failed), Send),
        (PaymentFailed, 0, "2026-06-05", Some(Paid), Moot),
    ] {
        assert_eq!(reminder(kind, lead).verdict(day(today), payment), expected, "{kind:?} {lead} {today}");
    }
}

fn ahead(now: &str, at: Time, zone: &str) -> String {
    let zone: Zone = zone.parse().unwrap();
    first_day_ahead(now.parse::<Timestamp>().unwrap(), at, &zone).to_string()
}

#[test]
fn a_user_at_utc_plus_14_and_one_at_utc_minus_11() {
    let now = "2026-06-01T19:00:00Z";
    // Nine in the morning of the 2nd in Kiritimati, eight of the 1st in Pago Pago.
    assert_eq!(ahead(now, NINE, "Pacific/Kiritimati"), "2026-06-03");
    assert_eq!(ahead("2026-06-01T18:59:59Z", NINE, "Pacific/Kiritimati"), "2026-06-02");
    assert_eq!(ahead(now, NINE, "Pacific/Pago_Pago"), "2026-06-01");
    assert_eq!(ahead("2026-06-01T20:00:00Z", NINE, "Pacific/Pago_Pago"), "2026-06-02");
}

#[test]
fn half_past_two_on_a_day_when_it_does_not_exist() {
    let half_past_two = time(2, 30, 0, 0);
    // Clocks in Berlin go from 02:00 to 03:00, which is 01:00 UTC: it is told at three.
    assert_eq!(ahead("2026-03-29T00:59:59Z", half_past_two, "Europe/Berlin"), "2026-03-29");
    assert_eq!(ahead("2026-03-29T01:00:00Z", half_past_two, "Europe/Berlin"), "2026-03-30");
}

#[test]
fn half_past_two_on_a_day_that_has_it_twice() {
    let half_past_two = time(2, 30, 0, 0);
    // It is told at the first of the two, 00:30 UTC, and not again at the second.
    assert_eq!(ahead("2026-10-25T00:29:59Z", half_past_two, "Europe/Berlin"), "2026-10-25");
    for later in ["2026-10-25T00:30:00Z", "2026-10-25T01:15:00Z", "2026-10-25T01:30:00Z"] {
        assert_eq!(ahead(later, half_past_two, "Europe/Berlin"), "2026-10-26", "{later}");
    }
}
