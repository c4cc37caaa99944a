//! By what somebody is told something, and when.

use jiff::{Timestamp, ToSpan, civil::DateTime};
use kernel::{HouseholdId, SubscriptionId, Zone};

use super::{Digest, Kind, Preferences, Way, preferences::QuietHours};

/// What becomes of a notification on one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// It is sent, not before that instant.
    Send {
        /// The instant.
        at: Timestamp,
        /// Whether it shares a message with what else waits for it.
        digest: bool,
        /// What it waits for.
        wait: Wait,
    },
    /// It is not sent: the reason, for its reader.
    Leave(&'static str),
}

/// Why something is not sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// It is.
    Nothing,
    /// It is quiet.
    QuietHours,
    /// It comes with the digest.
    Digest,
}

/// What becomes of something that is to be told now. The inbox makes no noise, so it waits for nothing.
pub fn plan(
    preferences: &Preferences,
    zone: &Zone,
    now: Timestamp,
    (kind, urgent): (Kind, bool),
    (household, subscription): (HouseholdId, Option<SubscriptionId>),
    way: Way,
) -> Plan {
    if kind.can_be_off() && preferences.muted_households.contains(&household) {
        return Plan::Leave("you turned this household off");
    }
    if kind.can_be_off() && subscription.is_some_and(|id| preferences.muted_subscriptions.contains(&id)) {
        return Plan::Leave("you turned this subscription off");
    }
    if !preferences.tells(kind, way) {
        return Plan::Leave("you turned this kind off for this channel");
    }
    if urgent || way == Way::Inbox {
        return Plan::Send { at: now, digest: false, wait: Wait::Nothing };
    }
    let (gathered, digest) = match next_digest(preferences.digest, zone, now) {
        Some(at) => (at, true),
        None => (now, false),
    };
    let at = preferences.quiet_hours.map_or(gathered, |quiet| after_quiet(quiet, zone, gathered));
    let wait = match (digest, at == now) {
        (true, _) => Wait::Digest,
        (false, true) => Wait::Nothing,
        (false, false) => Wait::QuietHours,
    };
    Plan::Send { at, digest, wait }
}

/// The next instant at which a digest is sent, after `now`.
fn next_digest(digest: Digest, zone: &Zone, now: Timestamp) -> Option<Timestamp> {
    let (on, at) = match digest {
        Digest::Off => return None,
        Digest::Day { at } => (None, at),
        Digest::Week { on, at } => (Some(on), at),
    };
    let today = zone.date_at(now);
    // Eight days: today's may have passed, and so may this week's.
    let days = (0..=8_i64).map(|ahead| today.saturating_add(ahead.days()));
    days.filter(|day| on.is_none_or(|on| day.weekday() == on))
        .map(|day| zone.instant(day, at))
        .find(|instant| *instant > now)
}

/// The instant itself, or the end of the quiet hours it falls into.
fn after_quiet(quiet: QuietHours, zone: &Zone, instant: Timestamp) -> Timestamp {
    let local: DateTime = zone.datetime_at(instant);
    if !quiet.hold_at(local.time()) {
        return instant;
    }
    let over_midnight = quiet.from > quiet.to && local.time() >= quiet.from;
    let day = if over_midnight { local.date().saturating_add(1.day()) } else { local.date() };
    // Where clocks go back, the end may come twice; the first is before an instant within the second hour.
    zone.instant(day, quiet.to).max(instant)
}

#[cfg(test)]
mod tests;
