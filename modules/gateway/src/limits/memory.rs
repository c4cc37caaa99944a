//! What this process counts by itself: a table of a fixed size, so that no flood of addresses takes more memory.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

use platform::quota::Decision;

use super::ask::Ask;

/// Counts that share a lock, and of which the least telling one makes room. Their keys lie side by side in memory.
const SIDE_BY_SIDE: usize = 8;

/// One bucket: when it is full again, in the microseconds of whoever asks. Nought is full.
#[derive(Clone, Copy, Default)]
struct Slot {
    key: u64,
    full_at: u64,
}

/// Many buckets.
pub(super) struct Memory {
    rows: Box<[Mutex<[Slot; SIDE_BY_SIDE]>]>,
    /// Keyed by chance, so that nobody can choose whom they push out.
    hasher: RandomState,
}

impl Memory {
    /// Room for so many.
    pub(super) fn new(entries: usize) -> Self {
        let rows = entries.div_ceil(SIDE_BY_SIDE).max(1);
        Self { rows: (0..rows).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }

    /// Takes one, where there is one.
    pub(super) fn take(&self, ask: &Ask, now: u64) -> Decision {
        let (mut row, key) = self.row(ask);
        let at = place(&row, key);
        let slot = &mut row[at];
        let backlog = if slot.key == key { slot.full_at.saturating_sub(now) } else { 0 };
        let decision = ask.quota.decide(backlog.min(ask.quota.depth()));
        if decision.allowed {
            *slot = Slot { key, full_at: now + decision.backlog };
        }
        decision
    }

    /// What taking one would give.
    pub(super) fn look(&self, ask: &Ask, now: u64) -> Decision {
        let (row, key) = self.row(ask);
        let known = row.iter().find(|slot| slot.key == key);
        let backlog = known.map_or(0, |slot| slot.full_at.saturating_sub(now));
        ask.quota.decide(backlog.min(ask.quota.depth()))
    }

    /// Keeps what others know of a bucket, unless more is known here.
    pub(super) fn learn(&self, ask: &Ask, now: u64, backlog: u64) {
        let (mut row, key) = self.row(ask);
        let at = place(&row, key);
        let known = if row[at].key == key { row[at].full_at } else { 0 };
        row[at] = Slot { key, full_at: known.max(now + backlog) };
    }

    fn row(&self, ask: &Ask) -> (MutexGuard<'_, [Slot; SIDE_BY_SIDE]>, u64) {
        let key = self.hasher.hash_one((ask.name as u8, ask.whose));
        // The row by the upper half; a remainder of less than 2³² rows fits.
        let row = usize::try_from(key >> 32).unwrap_or(0) % self.rows.len();
        // Numbers are right whoever panicked beside them.
        (self.rows[row].lock().unwrap_or_else(PoisonError::into_inner), key)
    }
}

/// Where a key is, or else may be put: where the bucket is the fullest, which is nearest to not being there.
fn place(row: &[Slot; SIDE_BY_SIDE], key: u64) -> usize {
    let mut fullest = 0;
    for (at, slot) in row.iter().enumerate() {
        if slot.key == key {
            return at;
        }
        if slot.full_at < row[fullest].full_at {
            fullest = at;
        }
    }
    fullest
}

#[cfg(test)]
mod tests {
    use super::{
        super::{ask::Name, quota},
        *,
    };

    #[test]
    fn a_flood_of_others_takes_no_memory_and_frees_nobody_who_is_at_their_limit() {
        let memory = Memory::new(64);
        let of = |whose| Ask { name: Name::LogIn, whose, quota: quota("30/1m") };
        for _ in 0..30 {
            assert!(memory.take(&of(7), 1_000).allowed);
        }
        for other in 100..100_000 {
            assert!(memory.take(&of(other), 2_000).allowed);
        }
        assert!(!memory.take(&of(7), 3_000).allowed);
        assert_eq!(memory.rows.len() * SIDE_BY_SIDE, 64);
    }

    #[test]
    fn looking_takes_nothing_and_learning_never_gives_back() {
        let memory = Memory::new(64);
        let ask = Ask { name: Name::User, whose: 7, quota: quota("3/3s") };
        for _ in 0..10 {
            assert_eq!(memory.look(&ask, 1).remaining(), 2);
        }
        memory.learn(&ask, 1, 2_000_000);
        assert_eq!(memory.look(&ask, 1).remaining(), 0);
        memory.learn(&ask, 1, 0);
        assert!(memory.take(&ask, 1).allowed && !memory.take(&ask, 1).allowed);
    }

    #[test]
    fn many_at_once_are_let_in_as_often_as_one() {
        let memory = Memory::new(64);
        let ask = Ask { name: Name::User, whose: 7, quota: quota("1000/1h") };
        let let_in: usize = std::thread::scope(|scope| {
            let count = || (0..1_000).filter(|_| memory.take(&ask, 5).allowed).count();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(let_in, 1_000);
    }
}
