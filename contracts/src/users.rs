//! users: people and households.

use async_trait::async_trait;
use kernel::{Currency, EventPayload, HouseholdId, Locale, UserId, Zone};
use serde::{Deserialize, Serialize};

use crate::CallError;

/// What others ask of users.
#[async_trait]
pub trait Users: Send + Sync {
    /// Makes the profile and the household of a new user. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`CallError::Unavailable`]; the same then follows from `user.registered`.
    async fn open_account(&self, account: &Account) -> Result<(), CallError>;

    /// How a household counts time and money; `None` when there is no such household (yet).
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn household(&self, household: HouseholdId) -> Result<Option<Household>, CallError>;

    /// A person, as their pages greet them; `None` when their account is still being made.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError>;
}

/// Somebody with a log-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Who.
    pub user: UserId,
    /// Where they can be written to.
    pub email: String,
    /// What they said of themselves.
    pub profile: Profile,
}

/// What a person says of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// How they want to be called; may be empty.
    pub name: String,
    /// How they read and write.
    pub locale: Locale,
    /// Where their days begin.
    pub time_zone: Zone,
    /// What an amount without a mark is in, and what totals are shown in.
    pub currency: Currency,
}

/// How a household counts time and money: as its owner does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Where its days begin.
    pub time_zone: Zone,
    /// What its totals are shown in.
    pub currency: Currency,
    /// How its amounts and dates are read and written.
    pub locale: Locale,
}

/// `household.changed`: how a household counts time and money, as a whole; the newest holds. Also said of a new
/// household. Its subject is the household's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdChanged {
    /// Which.
    pub household: HouseholdId,
    /// From now on. Its members stand beside the id on the wire.
    #[serde(flatten)]
    pub settings: Household,
    /// Grows with every change; a consumer keeps the highest it has seen.
    pub version: i64,
}

impl EventPayload for HouseholdChanged {
    const TYPE: &'static str = "household.changed";
    const SOURCE: &'static str = "/users";
}
