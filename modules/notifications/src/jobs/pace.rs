//! What keeps us from being a trouble to providers.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Keeps requests to a provider apart.
#[derive(Debug)]
pub(super) struct Pace {
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    pub(super) const fn new(gap: Duration) -> Self {
        Self { gap, next: Mutex::new(None) }
    }

    /// How long to wait before the next request; the place is taken with asking.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        if self.gap.is_zero() {
            return Duration::ZERO;
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let at = next.unwrap_or(now).max(now);
        *next = Some(at + self.gap);
        at - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_their_distance() {
        let (pace, now) = (Pace::new(Duration::from_millis(40)), Instant::now());
        let waits: Vec<_> = (0..3).map(|_| pace.wait(now).as_millis()).collect();
        assert_eq!(waits, [0, 40, 80]);
        assert_eq!(pace.wait(now + Duration::from_secs(1)).as_millis(), 0);
        assert_eq!(Pace::new(Duration::ZERO).wait(now), Duration::ZERO);
    }
}
