//! What keeps one provider's trouble from costing everybody's time, and us from being a trouble to them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures in a row after which nobody is asked for a while.
const TRIPS: u32 = 8;
/// For how long.
const RESTS: Duration = Duration::from_secs(30);
/// The most providers that are remembered.
const MOST: usize = 2000;

/// Knows which providers do not answer at all. What they say of one person's channel is that channel's affair.
#[derive(Debug, Default)]
pub(super) struct Breakers(Mutex<HashMap<String, Breaker>>);

#[derive(Debug, Clone, Copy, Default)]
struct Breaker {
    failures: u32,
    open_until: Option<Instant>,
}

impl Breakers {
    /// How much longer a provider is left alone. Who asks when that is over is the one who finds out.
    pub(super) fn rests(&self, provider: &str, now: Instant) -> Option<Duration> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let breaker = known.get_mut(provider)?;
        let until = breaker.open_until?;
        if until <= now {
            breaker.open_until = Some(now + RESTS);
            return None;
        }
        Some(until - now)
    }

    /// Whether a provider answered.
    pub(super) fn answered(&self, provider: &str, answered: bool, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answered {
            known.remove(provider);
            return;
        }
        if known.len() >= MOST {
            known.clear();
        }
        let breaker = known.entry(provider.to_owned()).or_default();
        breaker.failures += 1;
        if breaker.failures >= TRIPS {
            breaker.open_until = Some(now + RESTS);
        }
    }
}

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
    fn a_provider_that_is_away_is_left_alone_and_then_asked_by_one() {
        let (breakers, now) = (Breakers::default(), Instant::now());
        for _ in 0..TRIPS {
            assert_eq!(breakers.rests("a", now), None);
            breakers.answered("a", false, now);
        }
        assert_eq!((breakers.rests("a", now), breakers.rests("b", now)), (Some(RESTS), None));
        let later = now + RESTS;
        assert_eq!(breakers.rests("a", later), None, "one finds out");
        assert_eq!(breakers.rests("a", later), Some(RESTS), "and nobody else until then");
        breakers.answered("a", true, later);
        assert_eq!(breakers.rests("a", later), None);
    }

    #[test]
    fn requests_keep_their_distance() {
        let (pace, now) = (Pace::new(Duration::from_millis(40)), Instant::now());
        let waits: Vec<_> = (0..3).map(|_| pace.wait(now).as_millis()).collect();
        assert_eq!(waits, [0, 40, 80]);
        assert_eq!(pace.wait(now + Duration::from_secs(1)).as_millis(), 0);
        assert_eq!(Pace::new(Duration::ZERO).wait(now), Duration::ZERO);
    }
}
