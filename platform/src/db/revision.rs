//! How often what belongs to a household has been changed: what was remembered of it holds while this does.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Places that households share. Two that share one forget together what was remembered, and nothing worse.
const PLACES: usize = 1 << 14;

/// The counts of a database that this process alone writes to. They begin anew with the process, as does what it
/// remembers.
pub(super) struct Revisions(Box<[AtomicU64]>);

impl Revisions {
    pub(super) fn new() -> Self {
        Self((0..PLACES).map(|_| AtomicU64::new(0)).collect())
    }

    fn place(&self, household: Uuid) -> &AtomicU64 {
        // Ids of one moment differ in their last bytes.
        let [.., high, low] = household.into_bytes();
        &self.0[usize::from(u16::from_be_bytes([high, low])) % PLACES]
    }

    /// Said after a commit and before anybody hears of it.
    pub(super) fn changed(&self, households: &[Uuid]) {
        for household in households {
            self.place(*household).fetch_add(1, Ordering::Release);
        }
    }

    pub(super) fn of(&self, household: Uuid) -> u64 {
        self.place(household).load(Ordering::Acquire)
    }
}
