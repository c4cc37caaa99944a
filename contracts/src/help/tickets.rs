//! What help says of what was handed over.

use kernel::{EventPayload, TicketId, UserId};
use serde::{Deserialize, Serialize};

/// `ticket.answered`: whoever answers wrote to somebody who handed something over. Its subject is the ticket's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TicketAnswered {
    /// Which.
    pub ticket: TicketId,
    /// Whose it is.
    pub recipient: UserId,
    /// How the answer begins: at most [`TicketAnswered::MOST`] characters.
    pub said: String,
}

impl TicketAnswered {
    /// How much of an answer is said, in characters. The whole of it stands in the conversation.
    pub const MOST: usize = 300;
}

impl EventPayload for TicketAnswered {
    const TYPE: &'static str = "ticket.answered";
    const SOURCE: &'static str = "/help";
}
