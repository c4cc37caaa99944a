use jiff::civil::{Weekday, time};
use proptest::prelude::*;

use super::*;

const HOME: HouseholdId = HouseholdId::from_uuid(uuid::Uuid::nil());
const WAY: Way = Way::Channel(kernel::ChannelId::from_uuid(uuid::Uuid::max()));

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn quiet(from: (i8, i8), to: (i8, i8)) -> Preferences {
    let (from, to) = (time(from.0, from.1, 0, 0), time(to.0, to.1, 0, 0));
    Preferences { quiet_hours: Some(QuietHours { from, to }), ..Preferences::default() }
}

fn planned(preferences: &Preferences, zone: &Zone, now: &str, urgent: bool) -> (String, Wait) {
    match plan(preferences, zone, at(now), (Kind::RenewalNear, urgent), (HOME, None), WAY) {
        Plan::Send { at, wait, .. } => (at.to_string(), wait),
        Plan::Leave(reason) => panic!("{reason}"),
    }
}

#[test]
fn quiet_hours_hold_back_until_they_end_and_no_longer() {
    let (preferences, kolkata) = (quiet((22, 0), (7, 0)), zone("Asia/Kolkata"));
    // 23:30, 06:59, 07:00 and noon in Kolkata.
    for (now, expected, wait) in [
        ("2026-05-05T18:00:00Z", "2026-05-06T01:30:00Z", Wait::QuietHours),
        ("2026-05-06T01:29:00Z", "2026-05-06T01:30:00Z", Wait::QuietHours),
        ("2026-05-06T01:30:00Z", "2026-05-06T01:30:00Z", Wait::Nothing),
        ("2026-05-06T06:30:00Z", "2026-05-06T06:30:00Z", Wait::Nothing),
    ] {
        assert_eq!(planned(&preferences, &kolkata, now, false), (expected.to_owned(), wait), "{now}");
        assert_eq!(
            planned(&preferences, &kolkata, now, true),
            (now.to_owned(), Wait::Nothing),
            "urgent at {now}"
        );
    }
}

#[test]
fn quiet_hours_end_by_the_clock_on_the_wall_on_days_when_it_is_changed() {
    let berlin = zone("Europe/Berlin");
    // 2026-03-29: from 02:00 to 03:00. 23:00 the evening before, until 07:00 summer time: seven hours, not eight.
    assert_eq!(
        planned(&quiet((22, 0), (7, 0)), &berlin, "2026-03-28T22:00:00Z", false).0,
        "2026-03-29T05:00:00Z"
    );
    // 2026-10-25: from 03:00 back to 02:00.
    assert_eq!(
        planned(&quiet((22, 0), (7, 0)), &berlin, "2026-10-24T21:00:00Z", false).0,
        "2026-10-25T06:00:00Z"
    );
    // An end that the clock leaps over is the first instant after the gap.
    assert_eq!(
        planned(&quiet((22, 0), (2, 30)), &berlin, "2026-03-28T22:00:00Z", false).0,
        "2026-03-29T01:00:00Z"
    );
    // An end that comes twice holds nothing back for good: 02:10 the second time is quiet until 02:30, the first of
    // which is an hour ago.
    assert_eq!(
        planned(&quiet((22, 0), (2, 30)), &berlin, "2026-10-25T01:10:00Z", false).0,
        "2026-10-25T01:10:00Z"
    );
}

#[test]
fn a_digest_gathers_until_its_next_time_and_waits_for_quiet_hours_to_end() {
    let berlin = zone("Europe/Berlin");
    let daily = Preferences { digest: Digest::Day { at: time(18, 0, 0, 0) }, ..Preferences::default() };
    assert_eq!(
        planned(&daily, &berlin, "2026-05-05T06:00:00Z", false),
        ("2026-05-05T16:00:00Z".into(), Wait::Digest)
    );
    // At six exactly it has just been sent.
    assert_eq!(planned(&daily, &berlin, "2026-05-05T16:00:00Z", false).0, "2026-05-06T16:00:00Z");
    assert_eq!(
        planned(&daily, &berlin, "2026-05-05T06:00:00Z", true),
        ("2026-05-05T06:00:00Z".into(), Wait::Nothing)
    );
    // 2026-05-05 is a Tuesday.
    let weekly = Digest::Week { on: Weekday::Monday, at: time(6, 0, 0, 0) };
    let weekly = Preferences { digest: weekly, ..quiet((22, 0), (7, 0)) };
    assert_eq!(
        planned(&weekly, &berlin, "2026-05-05T06:00:00Z", false),
        ("2026-05-11T05:00:00Z".into(), Wait::Digest)
    );
    // On a Monday, after its digest: a week on.
    assert_eq!(planned(&weekly, &berlin, "2026-05-11T04:00:00Z", false).0, "2026-05-18T05:00:00Z");
}

#[test]
fn what_was_turned_off_is_left_with_the_reason_and_nothing_silences_a_broken_channel() {
    let subscription = SubscriptionId::from_uuid(uuid::Uuid::max());
    let mut preferences = Preferences::default();
    preferences.set(Kind::RenewalNear, WAY, false);
    let (now, utc) = (at("2026-05-05T06:00:00Z"), Zone::UTC);
    let told = |preferences: &Preferences, kind, way| {
        plan(preferences, &utc, now, (kind, true), (HOME, Some(subscription)), way)
    };
    let sent = Plan::Send { at: now, digest: false, wait: Wait::Nothing };
    assert_eq!(
        told(&preferences, Kind::RenewalNear, WAY),
        Plan::Leave("you turned this kind off for this channel")
    );
    assert_eq!(told(&preferences, Kind::RenewalNear, Way::Inbox), sent);
    assert_eq!(told(&preferences, Kind::TrialEnds, WAY), sent);
    preferences.muted_subscriptions.insert(subscription);
    assert_eq!(
        told(&preferences, Kind::TrialEnds, Way::Inbox),
        Plan::Leave("you turned this subscription off")
    );
    preferences.muted_households.insert(HOME);
    assert_eq!(told(&preferences, Kind::BudgetPassed, WAY), Plan::Leave("you turned this household off"));
    preferences.set(Kind::ChannelBroken, WAY, false);
    assert_eq!(told(&preferences, Kind::ChannelBroken, WAY), sent);
    preferences.set(Kind::RenewalNear, WAY, true);
    assert!(!preferences.off.contains_key(&Kind::RenewalNear), "what is on again leaves nothing behind");
}

#[test]
fn preferences_of_a_version_that_knew_less_are_read() {
    assert_eq!(serde_json::from_str::<Preferences>("{}").unwrap(), Preferences::default());
    let weekly = Preferences {
        digest: Digest::Week { on: Weekday::Sunday, at: time(6, 30, 0, 0) },
        ..quiet((22, 0), (7, 0))
    };
    let kept = serde_json::to_string(&weekly).unwrap();
    assert_eq!(serde_json::from_str::<Preferences>(&kept).unwrap(), weekly, "{kept}");
}

proptest! {
    /// Nothing is ever planned for the past, further ahead than a week and a night, or into quiet hours.
    #[test]
    fn a_plan_is_ahead_and_not_in_quiet_hours(
        seconds in 1_700_000_000_i64..1_900_000_000, from in 0_i8..24, to in 0_i8..24, digest in 0_u8..3, hour in 0_i8..24,
        zone_at in 0_usize..4,
    ) {
        let zone = zone(["Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"][zone_at]);
        let at = time(hour, 0, 0, 0);
        let digest = match digest {
            0 => Digest::Off,
            1 => Digest::Day { at },
            _ => Digest::Week { on: Weekday::Friday, at },
        };
        let preferences = Preferences { digest, ..quiet((from, 0), (to, 0)) };
        let now = Timestamp::from_second(seconds).unwrap();
        let Plan::Send { at, .. } =
            plan(&preferences, &zone, now, (Kind::RenewalNear, false), (HOME, None), WAY) else { panic!("left") };
        prop_assert!(at >= now);
        prop_assert!(at.duration_since(now).as_hours() <= 9 * 24);
        let held = preferences.quiet_hours.unwrap().hold_at(zone.datetime_at(at).time());
        // In a fold an hour comes twice, and the end may be its first time.
        let fold = zone.datetime_at(at - jiff::SignedDuration::from_hours(1)).time() >= zone.datetime_at(at).time();
        prop_assert!(!held || fold, "{at} {preferences:?}");
    }
}
