//! How often what belongs to a household has been changed: what was remembered of it holds while this does.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Places that households share. Two that share one forget together what was remembered, and nothing worse.
const PLACES: usize = 1 << 14;

/// Stands for all households, where it was not said whose things were changed.
pub(super) const EVERYBODY: Uuid = Uuid::nil();

/// The counts of a database that this process alone writes to. They begin anew with the process, as does what it
/// remembers.
pub(super) struct Revisions {
    places: Box<[AtomicU64]>,
    everybody: AtomicU64,
}

impl Revisions {
    pub(super) fn new() -> Self {
        let places = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Self { places, everybody: AtomicU64::new(0) }
    }

    fn place(&self, household: Uuid) -> &AtomicU64 {
        if household == EVERYBODY {
            return &self.everybody;
        }
        // Ids of one moment differ in their last bytes.
        let [.., high, low] = household.into_bytes();
        &self.places[usize::from(u16::from_be_bytes([high, low])) % PLACES]
    }

    /// Said after a commit and before anybody hears of it.
    pub(super) fn changed(&self, households: &[Uuid]) {
        for household in households {
            self.place(*household).fetch_add(1, Ordering::Release);
        }
    }

    pub(super) fn of(&self, household: Uuid) -> u64 {
        self.place(household).load(Ordering::Acquire) + self.everybody.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_counted_for_its_household_and_one_of_nobody_knows_whom_for_all() {
        let (asha, ravi) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let revisions = Revisions::new();
        let counts = || (revisions.of(asha), revisions.of(ravi));
        revisions.changed(&[asha]);
        assert_eq!(counts(), (1, 0));
        revisions.changed(&[EVERYBODY]);
        assert_eq!(counts(), (2, 1));
    }
}
