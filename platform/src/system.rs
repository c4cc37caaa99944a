//! The only places that ask the operating system for time and chance.
#![expect(clippy::disallowed_methods, reason = "this is where the rule leads")]

use std::{
    cell::RefCell,
    sync::{Arc, Mutex},
    time::{Instant, SystemTime},
};

use jiff::{Timestamp, Unit};
use kernel::{Clock, Ids};
use uuid::{ContextV7, Uuid};

/// The machine's clock, whatever `--clock` says: for leases, which processes must agree on, and nothing else.
pub fn wall_clock() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The machine's clock, or one that was set once and runs on from there.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: Option<(Timestamp, Instant)>,
}

impl SystemClock {
    /// The machine's clock.
    pub const fn new() -> Self {
        Self { started: None }
    }

    /// A clock that shows `start` now and runs on.
    pub fn starting_at(start: Timestamp) -> Self {
        Self { started: Some((start, Instant::now())) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = match self.started {
            None => wall_clock(),
            Some((start, since)) => start.checked_add(since.elapsed()).unwrap_or(Timestamp::MAX),
        };
        // Databases keep microseconds; a finer instant would not equal itself after a round trip.
        now.round(Unit::Microsecond).unwrap_or(now)
    }
}

/// `UUIDv7`s of a clock's time and the operating system's randomness. Those of one millisecond count up, so that the
/// order of ids is the order in which they were made here.
pub struct SystemIds {
    clock: Arc<dyn Clock>,
    context: Mutex<ContextV7>,
}

impl SystemIds {
    /// Ids that bear the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, context: Mutex::new(ContextV7::new()) }
    }
}

impl Ids for SystemIds {
    fn uuid(&self) -> Uuid {
        let now = self.clock.now();
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(&self.context, seconds, nanoseconds))
    }
}

/// Bytes nobody can guess.
///
/// # Errors
/// When the operating system has none to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// How many bytes are drawn from the operating system at once.
const DRAWN: usize = 1024;

thread_local! {
    /// Bytes that were drawn, and how many of them are used up.
    static POOL: RefCell<([u8; DRAWN], usize)> = const { RefCell::new(([0; DRAWN], DRAWN)) };
}

/// Bytes for what must be unlike and need not be secret, such as the ids of requests: the same chance as
/// [`random_bytes`], without a call of the operating system for each. They lie in memory before they are used, so keys
/// and tokens are made of the others.
///
/// # Errors
/// When the operating system has none to give.
pub fn drawn_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    const { assert!(N <= DRAWN, "more than are drawn at once") };
    POOL.with_borrow_mut(|(pool, used)| {
        if DRAWN - *used < N {
            getrandom::fill(pool)?;
            *used = 0;
        }
        let mut bytes = [0; N];
        bytes.copy_from_slice(&pool[*used..*used + N]);
        *used += N;
        Ok(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_made_at_one_instant_are_in_the_order_of_their_making() {
        let ids = SystemIds::new(crate::testing::SetClock::at("2026-05-05T06:30:00Z"));
        let made: Vec<Uuid> = (0..1_000).map(|_| ids.uuid()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }
}
