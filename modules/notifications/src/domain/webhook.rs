//! What addresses can be told of, and when one that did not take something is tried again.

use std::time::Duration;

use contracts::{
    subscriptions::{
        BudgetPassed, PaymentChanged, PaymentFailed, PaymentPaid, PaymentRecorded, PaymentRefunded,
        PaymentRemoved, PaymentSkipped, ReminderDue, SubscriptionCancelled, SubscriptionChanged,
        SubscriptionCreated, SubscriptionDeleted, SubscriptionEnded, SubscriptionPaused,
        SubscriptionPriceChanged, SubscriptionReactivated, SubscriptionResumed,
    },
    users::{HouseholdChanged, HouseholdMemberAdded, HouseholdMemberChanged, HouseholdMemberRemoved},
};
use kernel::EventPayload;

/// The kinds of events that addresses can be told of.
pub const HEARD: [&str; 22] = [
    SubscriptionCreated::TYPE,
    SubscriptionChanged::TYPE,
    SubscriptionPriceChanged::TYPE,
    SubscriptionPaused::TYPE,
    SubscriptionResumed::TYPE,
    SubscriptionCancelled::TYPE,
    SubscriptionReactivated::TYPE,
    SubscriptionEnded::TYPE,
    SubscriptionDeleted::TYPE,
    PaymentRecorded::TYPE,
    PaymentPaid::TYPE,
    PaymentFailed::TYPE,
    PaymentRefunded::TYPE,
    PaymentSkipped::TYPE,
    PaymentChanged::TYPE,
    PaymentRemoved::TYPE,
    BudgetPassed::TYPE,
    ReminderDue::TYPE,
    HouseholdChanged::TYPE,
    HouseholdMemberAdded::TYPE,
    HouseholdMemberChanged::TYPE,
    HouseholdMemberRemoved::TYPE,
];

/// What a test is called.
pub const TEST: &str = "webhook.test";

/// The pauses after each try, as the Standard Webhooks propose them: three days and some hours in all.
const PAUSES: [u64; 9] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600];
/// Tries before it is given up.
pub const TRIES_OF_MESSAGES: i64 = PAUSES.len() as i64 + 1;
/// The longest that an address is believed when it asks to be left alone.
const BELIEVED: Duration = Duration::from_secs(24 * 3600);

/// The pause after so many tries in vain: up to a tenth longer by `chance` (from 0 to 999), and not shorter than what was
/// asked for. `None` when it is given up.
pub fn pause_of_messages(tries: i64, asked: Option<Duration>, chance: u32) -> Option<Duration> {
    let at = usize::try_from(tries - 1).unwrap_or(0);
    let pause = Duration::from_secs(*PAUSES.get(at)?);
    let pause = pause + pause / 10 * chance.min(999) / 1000;
    Some(asked.map_or(pause, |asked| pause.max(asked.min(BELIEVED))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_tried_for_three_days_and_then_given_up() {
        let whole: Duration =
            (1..TRIES_OF_MESSAGES).filter_map(|tries| pause_of_messages(tries, None, 0)).sum();
        assert!((72..80).contains(&(whole.as_secs() / 3600)), "{whole:?}");
        assert_eq!(pause_of_messages(TRIES_OF_MESSAGES, None, 0), None);
        assert_eq!(pause_of_messages(1, Some(Duration::from_secs(60)), 0), Some(Duration::from_secs(60)));
        assert_eq!(pause_of_messages(1, Some(Duration::from_secs(1_000_000)), 0), Some(BELIEVED));
        let most = pause_of_messages(3, None, 999).unwrap();
        assert!(most > Duration::from_secs(30 * 60) && most < Duration::from_secs(33 * 60), "{most:?}");
    }

    #[test]
    fn every_kind_is_published_and_what_is_only_ours_is_not_told() {
        let known: Vec<_> = contracts::schemas::events().into_iter().map(|each| each.kind).collect();
        assert!(HEARD.iter().all(|kind| known.contains(kind)));
        let left: Vec<_> = known.into_iter().filter(|kind| !HEARD.contains(kind)).collect();
        // What concerns one person alone.
        let own = |kind: &&str| {
            kind.starts_with("account.") || ["ticket.answered", "user.registered"].contains(kind)
        };
        assert!(left.iter().all(own), "{left:?}");
    }
}
