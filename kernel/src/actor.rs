//! Who is acting.

use serde::{Deserialize, Serialize};

use crate::{HouseholdId, SessionId, UserId};

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

/// A person who was recognised at the door, and the household they act for.
///
/// Every use case takes one, and every query starts from its household: an id that is not theirs is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// For which household.
    pub household: HouseholdId,
    /// With what rights.
    pub role: Role,
    /// By which log-in.
    pub session: SessionId,
}
