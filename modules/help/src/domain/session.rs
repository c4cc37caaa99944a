//! Where somebody is in a tree.

use jiff::Timestamp;
use kernel::{HelpSessionId, HouseholdId, TicketId, UserId};

use super::{Facts, Step};

/// How far somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// On the way.
    Open,
    /// It was solved.
    Resolved,
    /// A person has it.
    Escalated,
}

impl SessionState {
    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Escalated => "escalated",
        }
    }
}

/// A text that names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no state of a help session")]
pub struct SessionStateError;

impl std::str::FromStr for SessionState {
    type Err = SessionStateError;

    fn from_str(text: &str) -> Result<Self, SessionStateError> {
        let all = [Self::Open, Self::Resolved, Self::Escalated];
        all.into_iter().find(|state| state.as_str() == text).ok_or(SessionStateError)
    }
}

/// A way through a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: HelpSessionId,
    /// Whose.
    pub user: UserId,
    /// For which household.
    pub household: HouseholdId,
    /// Through which tree.
    pub tree: String,
    /// Which version of it.
    pub tree_version: String,
    /// From which screen it began; may be empty.
    pub screen: String,
    /// About what: an id; may be empty.
    pub object: String,
    /// Where they are.
    pub node: String,
    /// What was found out.
    pub facts: Facts,
    /// How they came there.
    pub path: Vec<Step>,
    /// How far they are.
    pub state: SessionState,
    /// Who took it over.
    pub ticket: Option<TicketId>,
    /// Grows with every step.
    pub version: i64,
    /// When it began.
    pub created_at: Timestamp,
}

impl Session {
    /// Goes back to what was answered last; `false` when nothing was.
    pub fn back(&mut self) -> bool {
        let Some(last) = self.path.iter().rposition(|step| step.answered) else { return false };
        self.path.truncate(last + 1);
        let Some(step) = self.path.pop() else { return false };
        self.node = step.node;
        self.state = SessionState::Open;
        true
    }

    /// Whether there is something to go back to.
    pub fn can_go_back(&self) -> bool {
        self.state == SessionState::Open && self.path.iter().any(|step| step.answered)
    }
}
