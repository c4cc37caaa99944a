//! Through whose eyes something is looked at.

use kernel::{Actor, HouseholdId, UserId};

/// Somebody of a household: sees what is the household's, and of what is private their own. Every finder that serves
/// people takes one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Onlooker {
    pub(crate) household: HouseholdId,
    pub(crate) user: UserId,
}

impl From<&Actor> for Onlooker {
    fn from(actor: &Actor) -> Self {
        Self { household: actor.household, user: actor.user }
    }
}

/// Whose home it is, for tests that know a household and nobody in it.
#[cfg(test)]
impl From<HouseholdId> for Onlooker {
    fn from(household: HouseholdId) -> Self {
        Self { household, user: UserId::from_uuid(household.uuid()) }
    }
}
