//! Erasing an account. auth leads it and counts who is done; every module erases its own part.
//!
//! 1. auth keeps the account out and says `account.closing`.
//! 2. users decides what becomes of the person's households, takes them out of them, and says `account.parted`.
//! 3. auth says `account.erasing`; every module erases what it has and says `account.part_erased` in the same batch.
//! 4. A while later auth says it once more, for what was under way; then it erases what it has itself.
//!
//! Whoever has not answered is asked again. Their subject is the erasure, which names nobody.

use jiff::Timestamp;
use kernel::{ErasureId, Event, EventId, EventPayload, HouseholdId, UserId};
use serde::{Deserialize, Serialize};

use crate::schemas::Described;

/// The modules that have a part to erase, auth apart.
pub const MODULES: [&str; 6] = ["gateway", "help", "llm", "notifications", "subscriptions", "users"];

/// The round in which everything is erased for the last time.
pub const LAST_ROUND: i64 = 2;

/// `account.closing`: somebody's account is on its way out, and nobody uses it any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AccountClosing {
    /// Which erasure.
    pub erasure: ErasureId,
    /// Whose account.
    pub user: UserId,
    /// Whether the household of their own ends for the others in it too, where none of them owns it.
    pub ends_home: bool,
}

impl EventPayload for AccountClosing {
    const TYPE: &'static str = "account.closing";
    const SOURCE: &'static str = "/auth";
}

/// What becomes of a household that somebody belonged to, or once did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Parting {
    /// Which.
    pub household: HouseholdId,
    /// Who looks after what they added to it. Without anybody it has ended, with everything in it.
    pub heir: Option<UserId>,
}

/// `account.parted`: somebody belongs to no household any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AccountParted {
    /// Which erasure.
    pub erasure: ErasureId,
    /// Whose account.
    pub user: UserId,
    /// All that they belonged to.
    pub households: Vec<Parting>,
}

impl EventPayload for AccountParted {
    const TYPE: &'static str = "account.parted";
    const SOURCE: &'static str = "/users";
}

/// `account.erasing`: everything of somebody is to be erased, and everything of the households that ended with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AccountErasing {
    /// Which erasure.
    pub erasure: ErasureId,
    /// Whose account.
    pub user: UserId,
    /// 1, then 2: once more, for what was under way.
    pub round: i64,
    /// All that they belonged to.
    pub households: Vec<Parting>,
}

impl EventPayload for AccountErasing {
    const TYPE: &'static str = "account.erasing";
    const SOURCE: &'static str = "/auth";
}

impl AccountErasing {
    /// The households of which nothing is to be left.
    pub fn ended(&self) -> impl Iterator<Item = HouseholdId> {
        self.households.iter().filter(|parting| parting.heir.is_none()).map(|parting| parting.household)
    }

    /// The households that go on without them, each with who looks after what they added.
    pub fn staying(&self) -> impl Iterator<Item = (HouseholdId, UserId)> {
        self.households.iter().filter_map(|parting| Some((parting.household, parting.heir?)))
    }

    /// Whether nothing may be left after it.
    pub const fn is_last(&self) -> bool {
        self.round >= LAST_ROUND
    }

    /// What a module says in the batch in which it has erased its part.
    pub fn confirmed(&self, module: &str, id: EventId, now: Timestamp) -> Event {
        let payload =
            AccountPartErased { erasure: self.erasure, module: module.to_owned(), round: self.round };
        Event::new(id, self.erasure.to_string(), now, &payload)
    }
}

/// `account.part_erased`: a module has erased its part. It does not say whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AccountPartErased {
    /// Which erasure.
    pub erasure: ErasureId,
    /// Which module.
    pub module: String,
    /// In which round.
    pub round: i64,
}

impl EventPayload for AccountPartErased {
    const TYPE: &'static str = "account.part_erased";
    // Each module says it.
    const SOURCE: &'static str = "/modules";
}

/// What is said when an account is erased.
pub(crate) fn described() -> Vec<Described> {
    vec![
        Described::of::<AccountClosing>(),
        Described::of::<AccountParted>(),
        Described::of::<AccountErasing>(),
        Described::of::<AccountPartErased>(),
    ]
}
