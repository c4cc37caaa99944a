//! The other side of a ticket: whoever runs the installation reads what waits, and answers it.

use std::sync::Arc;

use contracts::help::TicketAnswered;
use jiff::Timestamp;
use kernel::{Clock, Event, Ids, Locale, TicketId, UserId};
use platform::db::{Batch, Database, DbError};

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

    /// Answers one, as whoever runs the installation. Whoever asked reads it in the conversation, and is told of it.
    ///
    /// # Errors
    /// [`HelpError::NotFound`], text that is none, or a failing database.
    pub async fn answer(&self, id: TicketId, text: &str) -> Result<(), HelpError> {
        self.answer_as(None, id, text).await
    }

    /// Is done with one, as whoever runs the installation.
    ///
    /// # Errors
    /// [`HelpError::NotFound`] or a failing database.
    pub async fn close(&self, id: TicketId) -> Result<(), HelpError> {
        self.close_as(None, id).await
    }

    /// Answers one as an agent, who takes it on with that; as nobody in particular where there is none.
    pub(crate) async fn answer_as(
        &self,
        agent: Option<UserId>,
        id: TicketId,
        text: &str,
    ) -> Result<(), HelpError> {
        let (text, found, now) = (sound(text)?, self.found(id).await?, self.clock.now());
        let mut batch = Batch::new();
        store::answer_ticket(&mut batch, (found.user, id), agent, now);
        batch.tell(&self.answered(&found, &text, now));
        // Whoever runs the installation is no user of it.
        let author = agent.unwrap_or(UserId::from_uuid(uuid::Uuid::nil()));
        let message = Message { id: self.ids.next(), author, text, created_at: now };
        store::insert_message(&mut batch, found.user, id, &message);
        self.apply(batch).await?;
        if found.answered_at.is_none() {
            took("perennial_help_first_answer_seconds", found.created_at, now);
        }
        Ok(())
    }

    fn answered(&self, found: &Ticket, text: &str, now: Timestamp) -> Event {
        let said = text.chars().take(TicketAnswered::MOST).collect();
        let payload = TicketAnswered { ticket: found.id, recipient: found.user, said };
        Event::new(self.ids.next(), found.id.to_string(), now, &payload)
            .with_household(found.user.own_household())
            .with_audience(Some(found.user))
    }

    /// Is done with one, where nobody else answers it.
    pub(crate) async fn close_as(&self, agent: Option<UserId>, id: TicketId) -> Result<(), HelpError> {
        let (found, now) = (self.found(id).await?, self.clock.now());
        let mut batch = Batch::new();
        store::close_ticket(&mut batch, (found.user, id), agent, now);
        self.apply(batch).await?;
        if found.closed_at.is_none() {
            took("perennial_help_resolution_seconds", found.created_at, now);
        }
        Ok(())
    }

    /// Takes one on.
    pub(crate) async fn claim(&self, agent: UserId, id: TicketId) -> Result<(), HelpError> {
        let found = self.found(id).await?;
        let mut batch = Batch::new();
        store::claim_ticket(&mut batch, (found.user, id), agent);
        self.apply(batch).await
    }

    /// Has nobody answer one any more: whoever has it may have gone home.
    pub(crate) async fn release(&self, id: TicketId) -> Result<(), HelpError> {
        let found = self.found(id).await?;
        let mut batch = Batch::new();
        store::release_ticket(&mut batch, (found.user, id));
        self.apply(batch).await
    }

    async fn apply(&self, batch: Batch) -> Result<(), HelpError> {
        match self.database.apply(batch).await {
            Ok(()) => Ok(()),
            Err(DbError::Conflict) => Err(HelpError::Refused(
                "Somebody else has taken this on. Have it given back before you answer it.",
            )),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn found(&self, id: TicketId) -> Result<Ticket, HelpError> {
        store::ticket_for_support(&self.database, id).await?.ok_or(HelpError::NotFound)
    }
}

/// Measures how long somebody waited.
fn took(what: &'static str, since: Timestamp, now: Timestamp) {
    metrics::histogram!(what).record(now.duration_since(since).as_secs_f64());
}
