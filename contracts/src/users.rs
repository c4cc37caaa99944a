//! users: people and households.

use async_trait::async_trait;
use jiff::{
    Timestamp,
    civil::{Time, time},
};
use kernel::{Access, Actor, Currency, EventPayload, HouseholdId, Invalid, Locale, MemberId, UserId, Zone};
use serde::{Deserialize, Serialize};

use crate::{CallError, schemas::Described};

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

    /// As which member somebody belongs to a household, and what they may do there; `None` when they do not.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn membership(&self, user: UserId, household: HouseholdId)
    -> Result<Option<Membership>, CallError>;

    /// Everybody who belongs to a household or did, in the order in which they joined.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn members(&self, household: HouseholdId) -> Result<Vec<Member>, CallError>;

    /// The households somebody belongs to: first their own, then by when they joined.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn households(&self, user: UserId) -> Result<Vec<Home>, CallError>;
}

/// What others have done to who belongs to a household.
#[async_trait]
pub trait Rosters: Send + Sync {
    /// Has people without a log-in belong to the actor's household, as one of its owners brings them along from
    /// elsewhere. Whoever is called like one who belongs to it, or like one who has left where they have too, is that
    /// one. Gives who each is, in order, and those who are new: all of them, or none.
    ///
    /// # Errors
    /// [`CallError::Conflict`] where the actor is no owner, or there is no room for them; [`CallError::Invalid`] for a
    /// name that is none; [`CallError::Unavailable`].
    async fn bring(&self, actor: &Actor, people: &[Newcomer]) -> Result<Brought, CallError>;

    /// Has people leave the actor's household again, those of them who still belong to it and have no log-in.
    ///
    /// # Errors
    /// [`CallError::Conflict`] where the actor is no owner; [`CallError::Unavailable`].
    async fn send_away(&self, actor: &Actor, members: &[MemberId]) -> Result<(), CallError>;
}

/// Somebody as a file from elsewhere knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// What they are called; 1 to 120 characters.
    pub name: String,
    /// Whether they had left already, and are only named in the books.
    pub left: bool,
}

/// Who somebody is in a household now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brought {
    /// The member that each of them is, in the order in which they were named.
    pub members: Vec<MemberId>,
    /// Those of them who did not belong to it before.
    pub new: Vec<MemberId>,
}

/// The names of the cookie by which the pages know which of a person's households they look at, as of the one that keeps
/// them signed in. Its value is the household's id; whether they belong to it is looked up.
pub const HOUSEHOLD_COOKIE: [&str; 2] = ["__Host-perennial-household", "perennial-household"];

/// A person's place in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// As which of its members.
    pub member: MemberId,
    /// What they may do.
    pub access: Access,
}

/// A person in a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their id in this household.
    pub id: MemberId,
    /// By which log-in; `None` for somebody without one.
    pub user: Option<UserId>,
    /// What they are called; never empty.
    pub name: String,
    /// What they may do.
    pub access: Access,
    /// When they left; `None` while they belong to it.
    pub left_at: Option<Timestamp>,
}

/// One of the households somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Which.
    pub household: HouseholdId,
    /// What it is called; never empty.
    pub name: String,
    /// As whom.
    pub member: MemberId,
    /// What they may do there.
    pub access: Access,
}

/// Somebody with a log-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Account {
    /// Who.
    pub user: UserId,
    /// Where they can be written to.
    pub email: String,
    /// What they said of themselves.
    pub profile: Profile,
}

/// What a person says of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Profile {
    /// How they want to be called; may be empty.
    pub name: String,
    /// How they read and write.
    pub locale: Locale,
    /// Where their days begin.
    pub time_zone: Zone,
    /// What an amount without a mark is in, and what totals are shown in.
    pub currency: Currency,
    /// When they want to be reminded.
    #[serde(default)]
    pub reminders: Reminders,
}

/// When somebody wants to be reminded of what is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reminders {
    /// How many days ahead.
    pub days: ReminderDays,
    /// At which time of those days.
    #[schema(value_type = String, pattern = "^[0-9]{2}:[0-9]{2}:[0-9]{2}", example = "09:00:00")]
    pub time: Time,
}

impl Default for Reminders {
    fn default() -> Self {
        Self { days: ReminderDays::default(), time: time(9, 0, 0, 0) }
    }
}

/// How many days ahead one wants to be reminded, the farthest first, each once; none at all is never.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct ReminderDays(Vec<u8>);

impl Default for ReminderDays {
    fn default() -> Self {
        Self(vec![3, 1])
    }
}

impl ReminderDays {
    /// The most reminders of one charge.
    pub const MOST: usize = 5;
    /// The farthest ahead.
    pub const FARTHEST: i64 = 60;

    /// The days ahead, the farthest first.
    pub fn days(&self) -> &[u8] {
        &self.0
    }

    /// Reads what somebody gave as the member at `pointer`, or notes what is wrong with it.
    pub fn read(days: &[i64], pointer: &str, invalid: &mut Invalid) -> Option<Self> {
        let read = |(at, days): (usize, &i64)| match u8::try_from(*days) {
            Ok(right) if *days <= Self::FARTHEST => Some(right),
            _ => {
                invalid.add(format!("{pointer}/{at}"), format!("must be from 0 to {}", Self::FARTHEST));
                None
            }
        };
        let read: Vec<_> = days.iter().enumerate().map(read).collect();
        let mut days = read.into_iter().collect::<Option<Vec<_>>>()?;
        days.sort_unstable_by(|one, other| other.cmp(one));
        days.dedup();
        if days.len() > Self::MOST {
            invalid.add(pointer, format!("must be at most {} days", Self::MOST));
            return None;
        }
        Some(Self(days))
    }
}

/// How a household counts time and money: as its owner does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Household {
    /// Where its days begin.
    pub time_zone: Zone,
    /// What its totals are shown in.
    pub currency: Currency,
    /// How its amounts and dates are read and written.
    pub locale: Locale,
    /// When it is reminded of what is to come. Events from before there was a choice lack it.
    #[serde(default)]
    pub reminders: Reminders,
}

/// `household.changed`: how a household counts time and money, as a whole; the newest holds. Also said of a new
/// household. Its subject is the household's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
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

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $type:literal { $($(#[$field_doc:meta])* $field:ident: $of:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        pub struct $name { $($(#[$field_doc])* pub $field: $of,)* }
        impl EventPayload for $name {
            const TYPE: &'static str = $type;
            const SOURCE: &'static str = "/users";
        }
    )*

        /// What users says.
        pub(crate) fn described() -> Vec<Described> {
            vec![Described::of::<HouseholdChanged>(), $(Described::of::<$name>(),)*]
        }
    };
}

// The subject of all of these is the household's id, so that they stay in order.
facts! {
    /// `household.member_added`: somebody belongs to a household from now on, for the first time or again.
    HouseholdMemberAdded = "household.member_added" {
        /// Which.
        household: HouseholdId,
        /// Who, in it.
        member: MemberId,
        /// Their log-in, if they have one.
        user: Option<UserId>,
        /// What they may do.
        access: Access,
    }
    /// `household.member_changed`: what a member is called, may do, or logs in with is different.
    HouseholdMemberChanged = "household.member_changed" {
        /// Which.
        household: HouseholdId,
        /// Who, in it.
        member: MemberId,
        /// Their log-in, if they have one.
        user: Option<UserId>,
        /// What they may do.
        access: Access,
    }
    /// `household.member_removed`: somebody has left a household, or was put out of it.
    HouseholdMemberRemoved = "household.member_removed" {
        /// Which.
        household: HouseholdId,
        /// Who, in it.
        member: MemberId,
        /// Their log-in, if they had one.
        user: Option<UserId>,
        /// Who looks after what they added from then on: whose home it is. Events from before homes could be handed on
        /// lack it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heir: Option<UserId>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_from_before_there_was_a_choice_of_reminders_is_still_read() {
        let older = serde_json::json!({
            "household": "hou_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f", "version": 3,
            "time_zone": "Asia/Kolkata", "currency": "INR", "locale": "en-IN",
        });
        let read: HouseholdChanged = serde_json::from_value(older).unwrap();
        let reminders = &read.settings.reminders;
        assert_eq!((reminders.days.days(), reminders.time), ([3, 1].as_slice(), time(9, 0, 0, 0)));
        let again: HouseholdChanged = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }
}
