//! When a key signs, when another is due, and when one is of no use any more.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kernel::SigningKeyId;

/// How long a key is known before it signs: every process has looked by then, and whoever keeps a copy of what is
/// published has fetched it anew.
pub(crate) const LEAD: Duration = Duration::from_secs(600);
/// How much longer than a token lasts a key is kept after it signed the last one.
const SLACK: Duration = Duration::from_secs(300);

/// A key as far as time goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aged {
    pub(crate) id: SigningKeyId,
    pub(crate) made_at: Timestamp,
}

impl Aged {
    fn signs_from(&self) -> Timestamp {
        later(self.made_at, LEAD)
    }
}

/// Which of these, the oldest first, signs: the newest that has been known for long enough. While there is none such,
/// the oldest, for somebody has to.
pub(crate) fn signing(keys: &[Aged], now: Timestamp) -> Option<SigningKeyId> {
    let ready = keys.iter().rev().find(|key| key.signs_from() <= now);
    ready.or(keys.first()).map(|key| key.id)
}

/// The key that another has to follow: the newest, when it has been there for `period`.
pub(crate) fn due(keys: &[Aged], now: Timestamp, period: Duration) -> Option<SigningKeyId> {
    keys.last().filter(|newest| later(newest.made_at, period) <= now).map(|newest| newest.id)
}

/// Those whose last token, good for `lasts`, has expired.
pub(crate) fn spent(keys: &[Aged], now: Timestamp, lasts: Duration) -> Vec<SigningKeyId> {
    let followed = keys.iter().zip(keys.iter().skip(1));
    let over = followed.filter(|(_, next)| later(next.signs_from(), lasts + SLACK) <= now);
    over.map(|(key, _)| key.id).collect()
}

fn later(instant: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    instant.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn key(number: u128, minute: i64) -> Aged {
        let id = SigningKeyId::from_uuid(uuid::Uuid::from_u128(number));
        Aged { id, made_at: at(minute) }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    #[test]
    fn a_new_key_is_known_everywhere_before_it_signs() {
        let keys = [key(1, 0), key(2, 100)];
        assert_eq!(signing(&keys[..1], at(0)), Some(keys[0].id), "the first signs at once");
        assert_eq!(signing(&keys, at(109)), Some(keys[0].id));
        assert_eq!(signing(&keys, at(110)), Some(keys[1].id));
        assert_eq!(signing(&keys, at(-5)), Some(keys[0].id), "whatever a clock says, somebody signs");
        assert_eq!(signing(&[], at(0)), None);
    }

    #[test]
    fn another_is_due_once_a_period() {
        let keys = [key(1, 0), key(2, 100)];
        assert_eq!(due(&keys[..1], at(99), 100 * MINUTE), None);
        assert_eq!(due(&keys[..1], at(100), 100 * MINUTE), Some(keys[0].id));
        assert_eq!(due(&keys, at(150), 100 * MINUTE), None);
    }

    #[test]
    fn a_key_goes_when_nothing_it_signed_is_good_any_more_and_the_last_never_does() {
        let keys = [key(1, 0), key(2, 100)];
        // The second signs from 110 on, so the last token of the first is good until 120.
        assert_eq!(spent(&keys, at(120), 10 * MINUTE), []);
        assert_eq!(spent(&keys, at(125), 10 * MINUTE), [keys[0].id]);
        assert_eq!(spent(&keys[1..], at(9_999), 10 * MINUTE), []);
    }
}
