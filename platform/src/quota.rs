//! How many in how long, and the decision: the generic cell rate algorithm (GCRA), which is a bucket that is refilled
//! evenly, kept as one number.
//!
//! What is kept is the **backlog**: how long it takes until the bucket is full again. Each request that is let in adds
//! the time in which one flows back; a bucket whose backlog would be longer than its whole window is empty. Nothing
//! has to be done while time passes, and nothing is kept of a bucket that is full.

use std::time::Duration;

use crate::settings::{Setting, Span, TomlValue};

/// So many requests in so long, which may all come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    count: u32,
    window: Span,
}

/// What came of asking, in microseconds and whole requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether one more was let in.
    pub allowed: bool,
    /// Until the bucket is full again, this request included where it was let in.
    pub backlog: u64,
    /// Of what.
    pub quota: Quota,
}

impl Quota {
    /// In how many microseconds one flows back.
    pub fn interval(self) -> u64 {
        let window = u64::try_from(self.window().as_micros()).unwrap_or(u64::MAX);
        (window / u64::from(self.count)).max(1)
    }

    /// The longest backlog there may be, in microseconds.
    pub fn depth(self) -> u64 {
        self.interval().saturating_mul(u64::from(self.count))
    }

    /// How many.
    pub fn count(self) -> u32 {
        self.count
    }

    /// In how long.
    pub fn window(self) -> Duration {
        self.window.duration()
    }

    /// Whether one more is let in where the bucket lacks `backlog`.
    pub fn decide(self, backlog: u64) -> Decision {
        let next = backlog.saturating_add(self.interval());
        let allowed = next <= self.depth();
        Decision { allowed, backlog: if allowed { next } else { backlog }, quota: self }
    }
}

impl Decision {
    /// How many more would be let in at this moment.
    pub fn remaining(self) -> u64 {
        self.quota.depth().saturating_sub(self.backlog) / self.quota.interval()
    }

    /// In how many whole seconds the bucket is full again.
    pub fn reset(self) -> u64 {
        self.backlog.div_ceil(1_000_000)
    }

    /// In how many microseconds one more would be let in.
    pub fn wait(self) -> u64 {
        self.backlog.saturating_add(self.quota.interval()).saturating_sub(self.quota.depth())
    }

    /// Whether this one is nearer to its end than that one.
    pub fn is_tighter_than(self, other: Self) -> bool {
        let (ours, theirs) = (u64::from(self.quota.count), u64::from(other.quota.count));
        self.remaining().saturating_mul(theirs) < other.remaining().saturating_mul(ours)
    }
}

/// A quota, or none: `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub Option<Quota>);

impl Setting for Limit {
    fn read(value: &TomlValue) -> Result<Self, String> {
        let text = value.as_str().unwrap_or_default();
        if text == "off" {
            return Ok(Self(None));
        }
        let read = || {
            let (count, window) = text.split_once('/')?;
            let count = count.parse().ok().filter(|count| *count > 0)?;
            let window = Span::read(&TomlValue::String(window.to_owned())).ok()?;
            let day = Duration::from_hours(24);
            (window.duration() >= Duration::from_secs(1) && window.duration() <= day)
                .then_some(Quota { count, window })
        };
        let quota =
            read().ok_or("must be a number and a length of time from 1s to 1d, such as 600/1m, or off")?;
        Ok(Self(Some(quota)))
    }

    fn show(&self) -> String {
        match self.0 {
            None => "\"off\"".into(),
            Some(quota) => format!("\"{}/{}\"", quota.count, quota.window.show().trim_matches('"')),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quota(text: &str) -> Quota {
        Limit::read(&TomlValue::String(text.into())).unwrap().0.unwrap()
    }

    /// A bucket at a time: the backlog, as the stores keep it.
    struct Bucket {
        quota: Quota,
        full_at: u64,
    }

    impl Bucket {
        fn ask(&mut self, now: u64) -> Decision {
            let decision = self.quota.decide(self.full_at.saturating_sub(now));
            self.full_at = now + decision.backlog;
            decision
        }
    }

    fn bucket(quota: Quota) -> Bucket {
        Bucket { quota, full_at: 0 }
    }

    #[test]
    fn sixty_a_minute_are_sixty_at_once_and_one_a_second() {
        let mut bucket = bucket(quota("60/1m"));
        let now = 1_000_000_000;
        for left in (0..60).rev() {
            let decision = bucket.ask(now);
            assert!(decision.allowed && decision.remaining() == left);
        }
        let refused = bucket.ask(now);
        assert!(!refused.allowed && refused.remaining() == 0);
        assert_eq!((refused.wait(), refused.reset()), (1_000_000, 60));
        assert!(!bucket.ask(now + 999_999).allowed);
        assert!(bucket.ask(now + 1_000_000).allowed);
        assert!(!bucket.ask(now + 1_000_001).allowed);
    }

    #[test]
    fn a_limit_is_written_as_a_number_and_a_length_of_time() {
        let read = |text: &str| Limit::read(&TomlValue::String(text.into()));
        for right in ["600/1m", "1/1s", "100000/1h", "off"] {
            assert_eq!(read(right).unwrap().show(), format!("\"{right}\""));
        }
        for wrong in ["", "600", "0/1m", "-1/1m", "600/0s", "600/2d", "600/minute", "on", "1.5/1m"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    prop_compose! {
        fn quotas()(count in 1_u32..5_000, seconds in 1_u32..7_200) -> Quota {
            quota(&format!("{count}/{seconds}s"))
        }
    }

    proptest! {
        /// In no stretch of time more are let in than the bucket holds and flow back meanwhile.
        #[test]
        fn never_more_than_the_bucket_and_what_flows_back(
            quota in quotas(), steps in prop::collection::vec(0_u64..3_000_000, 1..400),
        ) {
            let (mut bucket, mut now, mut let_in) = (bucket(quota), 7_000_000, Vec::new());
            for step in steps {
                now += step;
                if bucket.ask(now).allowed {
                    let_in.push(now);
                }
            }
            for (at, first) in let_in.iter().enumerate() {
                for (more, last) in let_in[at..].iter().enumerate() {
                    let allowed = u64::from(quota.count()) + (last - first) / quota.interval();
                    prop_assert!((more as u64) < allowed);
                }
            }
        }

        /// Whoever asks no faster than it flows back is never refused.
        #[test]
        fn who_asks_in_measure_is_never_refused(
            quota in quotas(), late in prop::collection::vec(0_u64..10_000, 1..300),
        ) {
            let (mut bucket, mut now) = (bucket(quota), 0);
            for late in late {
                now += quota.interval() + late;
                prop_assert!(bucket.ask(now).allowed);
            }
        }

        /// Who waits as long as they are told is let in, and not a microsecond earlier.
        #[test]
        fn what_is_said_of_waiting_is_exact(quota in quotas(), backlog in 0_u64..10_000_000_000) {
            let decision = quota.decide(backlog.min(quota.depth()));
            if !decision.allowed {
                let wait = decision.wait();
                prop_assert!(quota.decide(decision.backlog - wait).allowed);
                prop_assert!(!quota.decide(decision.backlog - (wait - 1)).allowed);
            }
        }

        /// A refusal costs nothing, and being let in costs exactly one.
        #[test]
        fn each_takes_one(quota in quotas(), backlog in 0_u64..10_000_000_000) {
            let before = Decision { allowed: true, backlog: backlog.min(quota.depth()), quota };
            let after = quota.decide(before.backlog);
            prop_assert_eq!(after.allowed, before.remaining() > 0);
            prop_assert_eq!(after.remaining(), before.remaining().saturating_sub(1));
        }
    }
}
