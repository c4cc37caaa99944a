//! Who is acting.

use serde::{Deserialize, Serialize};

use crate::{HouseholdId, MemberId, SessionId, UserId};

/// What a person may do beyond their own things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Their own things.
    User,
    /// Also tickets that were handed over.
    Agent,
    /// Also the running of the installation.
    Administrator,
}

impl Role {
    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "agent",
            Self::Administrator => "administrator",
        }
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of user, agent, administrator")]
pub struct RoleError;

impl std::str::FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        match text {
            "user" => Ok(Self::User),
            "agent" => Ok(Self::Agent),
            "administrator" => Ok(Self::Administrator),
            _ => Err(RoleError),
        }
    }
}

/// How far somebody's requests go: a program that bears a key may be allowed less than its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = KeyScope)]
pub enum Scope {
    /// Look.
    Read,
    /// Look, add and change.
    Write,
    /// Forward messages, and nothing else: not even look.
    Messages,
    /// All that the person may: who has logged in. No key has it.
    #[default]
    #[serde(skip)]
    Everything,
}

impl Scope {
    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Messages => "messages",
            Self::Everything => "everything",
        }
    }

    /// Whether something may be changed.
    pub const fn may_change(self) -> bool {
        match self {
            Self::Read | Self::Messages => false,
            Self::Write | Self::Everything => true,
        }
    }
}

/// A text that names no scope of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of read, write, messages")]
pub struct ScopeError;

impl std::str::FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            "messages" => Ok(Self::Messages),
            _ => Err(ScopeError),
        }
    }
}

/// What a member may do in a household.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Look.
    Viewer,
    /// Look, add and change.
    Editor,
    /// All of that, and decide who belongs to it.
    Owner,
}

impl Access {
    /// Every one, from the least to the most.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Owner];

    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    /// Whether things of the household may be added and changed.
    pub const fn may_change(self) -> bool {
        match self {
            Self::Viewer => false,
            Self::Editor | Self::Owner => true,
        }
    }
}

/// A text that names no access.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of owner, editor, viewer")]
pub struct AccessError;

impl std::str::FromStr for Access {
    type Err = AccessError;

    fn from_str(text: &str) -> Result<Self, AccessError> {
        Self::ALL.into_iter().find(|access| access.as_str() == text).ok_or(AccessError)
    }
}

/// A person who was recognised at the door, and the household they act for.
///
/// Every use case takes one, and every query starts from its household: an id that is not theirs is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// For which household.
    pub household: HouseholdId,
    /// As which of its members.
    pub member: MemberId,
    /// What they may do there.
    pub access: Access,
    /// With what rights beyond households.
    pub role: Role,
    /// By which log-in.
    pub session: SessionId,
    /// How far what they ask goes.
    #[serde(skip)]
    pub scope: Scope,
}

impl Actor {
    /// Somebody who acts for the household of their own, which is where everybody begins.
    pub const fn at_home(user: UserId, role: Role, session: SessionId) -> Self {
        let (household, member) = (user.own_household(), user.own_member());
        Self { user, household, member, access: Access::Owner, role, session, scope: Scope::Everything }
    }

    /// The same person, by something that goes no further than that.
    #[must_use]
    pub const fn limited_to(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// The same person, acting for a household that they are a member of.
    #[must_use]
    pub const fn acting_for(self, household: HouseholdId, member: MemberId, access: Access) -> Self {
        Self { household, member, access, ..self }
    }
}
