//! When something that did not work is tried again.

use std::time::Duration;

/// Tries before a delivery is given up: with growing pauses, some seven hours.
pub const TRIES: i64 = 12;
/// The pause after the first failure; it doubles with each.
const FIRST: Duration = Duration::from_secs(15);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(3 * 3600);
/// The longest that a provider is believed when it asks to be left alone.
const BELIEVED: Duration = Duration::from_secs(24 * 3600);

/// The pause after so many failures in a row: growing, up to a fifth longer by `chance` (from 0 to 999), so that not
/// everybody comes back at once, and not shorter than what the provider asked for.
pub fn pause(failures: i64, asked: Option<Duration>, chance: u32) -> Duration {
    let doublings = u32::try_from(failures.clamp(1, 20)).unwrap_or(1) - 1;
    let pause = FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
    let pause = pause + pause / 5 * chance.min(999) / 1000;
    asked.map_or(pause, |asked| pause.max(asked.min(BELIEVED)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_keep_what_was_asked_for_and_end() {
        let seconds = |failures, asked: Option<u64>, chance| {
            pause(failures, asked.map(Duration::from_secs), chance).as_secs()
        };
        assert_eq!([1, 2, 3, 4].map(|failures| seconds(failures, None, 0)), [15, 30, 60, 120]);
        assert_eq!(seconds(40, None, 0), 3 * 3600);
        assert!((15..=18).contains(&seconds(1, None, 999)) && seconds(4, None, 999) > 140);
        assert_eq!(seconds(1, Some(35), 0), 35);
        assert_eq!(seconds(4, Some(35), 0), 120);
        assert_eq!(seconds(1, Some(1_000_000), 0), 24 * 3600);
        let whole: u64 = (1..TRIES).map(|failures| seconds(failures, None, 0)).sum();
        assert!((7 * 3600..8 * 3600).contains(&whole), "{whole}");
    }
}
