//! How it stands with what was handed over.

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStatus {
    /// Somebody waits for an answer.
    Open,
    /// It was answered. Whoever asked may say more, and waits again.
    Answered,
    /// It is done with, unless whoever asked says more.
    Closed,
}

impl TicketStatus {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Open, Self::Answered, Self::Closed];

    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }
}

/// A text that names none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be open, answered or closed")]
pub struct TicketStatusError;

impl std::str::FromStr for TicketStatus {
    type Err = TicketStatusError;

    fn from_str(text: &str) -> Result<Self, TicketStatusError> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(TicketStatusError)
    }
}
