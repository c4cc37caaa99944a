//! The other side of a ticket: whoever runs the installation reads what waits, and answers it.

use std::sync::Arc;

use jiff::Timestamp;
use kernel::{Clock, Ids, Locale, TicketId, UserId};
use platform::db::{Batch, Database};

use super::tickets::{CONVERSATION, sound};
use crate::{
    domain::{Language, TicketStatus},
    error::HelpError,
    store::{self, Message, Ticket},
};

/// Answers tickets. It sees what they carry, and no more of anybody.
pub struct Support {
    database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// A ticket as whoever answers it sees it.
#[derive(Debug)]
pub struct SupportTicket {
    /// Which.
    pub id: TicketId,
    /// Whose.
    pub user: UserId,
    /// From which topic.
    pub tree: String,
    /// About what: an id; may be empty.
    pub object: String,
    /// Whose turn it is.
    pub status: TicketStatus,
    /// When something was last said.
    pub updated_at: Timestamp,
    /// What was found out, by name, in English.
    pub facts: Vec<(String, String)>,
    /// The steps that were taken: where, and what came of it.
    pub path: Vec<(String, String)>,
}

impl From<Ticket> for SupportTicket {
    fn from(ticket: Ticket) -> Self {
        let facts = "en".parse::<Locale>().map(|locale| ticket.facts.told(Language::En, &locale));
        Self {
            id: ticket.id,
            user: ticket.user,
            tree: ticket.tree,
            object: ticket.object,
            status: ticket.status,
            updated_at: ticket.updated_at,
            facts: facts.unwrap_or_default(),
            path: ticket.path.into_iter().map(|step| (step.node, step.what)).collect(),
        }
    }
}

impl Support {
    /// For the tickets of a database.
    pub fn new(database: Database, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { database, clock, ids }
    }

    /// Those of a status that come behind one, the oldest first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn tickets(
        &self,
        status: TicketStatus,
        after: Option<TicketId>,
        limit: i64,
    ) -> Result<Vec<SupportTicket>, HelpError> {
        let found = store::tickets_for_support(&self.database, status, after, limit).await?;
        Ok(found.into_iter().map(SupportTicket::from).collect())
    }

    /// One, with what was said: whether whoever asked said it, and the words.
    ///
    /// # Errors
    /// [`HelpError::NotFound`] or a failing database.
    pub async fn ticket(&self, id: TicketId) -> Result<(SupportTicket, Vec<(bool, String)>), HelpError> {
        let found = self.found(id).await?;
        let said = store::messages(&self.database, found.user, id, CONVERSATION).await?;
        let said = said.into_iter().map(|message| (message.author == found.user, message.text)).collect();
        Ok((found.into(), said))
    }

    /// Answers one. Whoever asked reads it in the conversation.
    ///
    /// # Errors
    /// [`HelpError::NotFound`], text that is none, or a failing database.
    pub async fn answer(&self, id: TicketId, text: &str) -> Result<(), HelpError> {
        let (text, found, now) = (sound(text)?, self.found(id).await?, self.clock.now());
        let mut batch = Batch::new();
        store::touch_ticket(&mut batch, (found.user, id), TicketStatus::Answered, now);
        // Whoever runs the installation is no user of it.
        let nobody = UserId::from_uuid(uuid::Uuid::nil());
        let message = Message { id: self.ids.next(), author: nobody, text, created_at: now };
        store::insert_message(&mut batch, found.user, id, &message);
        Ok(self.database.apply(batch).await?)
    }

    /// Is done with one.
    ///
    /// # Errors
    /// [`HelpError::NotFound`] or a failing database.
    pub async fn close(&self, id: TicketId) -> Result<(), HelpError> {
        let found = self.found(id).await?;
        let mut batch = Batch::new();
        store::touch_ticket(&mut batch, (found.user, id), TicketStatus::Closed, self.clock.now());
        Ok(self.database.apply(batch).await?)
    }

    async fn found(&self, id: TicketId) -> Result<Ticket, HelpError> {
        store::ticket_for_support(&self.database, id).await?.ok_or(HelpError::NotFound)
    }
}
