//! What is handed over to a person, and what is said of it.

use jiff::Timestamp;
use kernel::{Actor, HelpSessionId, Invalid, Locale, TicketId};
use platform::db::{Batch, DbError};

use super::Guide;
use crate::{
    domain::{ESCALATED, Facts, Session, Step, TicketStatus},
    error::HelpError,
    store::{self, Message, Ticket},
};

/// The longest message, in characters.
pub(crate) const MOST_TEXT: usize = 4000;

/// How much of a conversation is shown.
pub(super) const CONVERSATION: i64 = 200;

impl Guide {
    /// Opens a ticket with the path, what was found out, and the ids, as they are now. Possible at every step.
    pub(crate) async fn escalate(
        &self,
        actor: &Actor,
        id: HelpSessionId,
        message: &str,
    ) -> Result<Session, HelpError> {
        let text = sound(message)?;
        let session = self.open(actor, id).await?;
        let (ticket, now, locale) = (self.ids.next(), self.now(), self.locale(actor).await);
        let mut batch = Batch::new();
        // Where it was handed over is the last that was seen.
        let last = Step { node: session.node.clone(), what: ESCALATED.into(), answered: false, at: now };
        let handed = Ticket {
            tree: session.tree.clone(),
            tree_version: session.tree_version.clone(),
            object: session.object.clone(),
            facts: session.facts.clone(),
            path: session.path.iter().cloned().chain([last]).collect(),
            ..blank(actor, (ticket, now), locale)
        };
        store::insert_ticket(&mut batch, &handed);
        let said = Message { id: self.ids.next(), author: actor.user, text, created_at: now };
        store::insert_message(&mut batch, actor.user, ticket, &said);
        self.hand_over(session, ticket, batch).await
    }

    /// Opens a ticket about what no tree is about: it carries the words alone.
    pub(crate) async fn hand_in(&self, actor: &Actor, message: &str) -> Result<Ticket, HelpError> {
        let text = sound(message)?;
        let (ticket, now) = (self.ids.next(), self.now());
        let handed = blank(actor, (ticket, now), self.locale(actor).await);
        let mut batch = Batch::new();
        store::insert_ticket(&mut batch, &handed);
        let said = Message { id: self.ids.next(), author: actor.user, text, created_at: now };
        store::insert_message(&mut batch, actor.user, ticket, &said);
        self.database.apply(batch).await?;
        Ok(handed)
    }

    /// How somebody reads, for whoever answers them; it is no reason to hand nothing over.
    async fn locale(&self, actor: &Actor) -> Option<Locale> {
        self.account(actor).await.ok().map(|account| account.profile.locale)
    }

    /// Is done with one's own ticket, and gives it as it is then.
    pub(crate) async fn close(&self, actor: &Actor, id: TicketId) -> Result<Ticket, HelpError> {
        let (found, _) = self.ticket(actor, id).await?;
        self.support.close_as(None, found.id).await?;
        Ok(self.ticket(actor, id).await?.0)
    }

    /// Somebody's own tickets, the newest first, and one more when another page follows.
    pub(crate) async fn tickets(
        &self,
        actor: &Actor,
        after: Option<TicketId>,
        limit: u16,
    ) -> Result<Vec<Ticket>, HelpError> {
        Ok(store::tickets(&self.database, actor.user, after, i64::from(limit) + 1).await?)
    }

    /// One of somebody's own, with what was said.
    pub(crate) async fn ticket(
        &self,
        actor: &Actor,
        id: TicketId,
    ) -> Result<(Ticket, Vec<Message>), HelpError> {
        let found = store::ticket(&self.database, actor.user, id).await?.ok_or(HelpError::NotFound)?;
        Ok((found, store::messages(&self.database, actor.user, id, CONVERSATION).await?))
    }

    /// Says something more of one's own ticket.
    pub(crate) async fn say(&self, actor: &Actor, id: TicketId, text: &str) -> Result<(), HelpError> {
        let text = sound(text)?;
        let (_, said) = self.ticket(actor, id).await?;
        if i64::try_from(said.len()).is_ok_and(|count| count >= CONVERSATION) {
            return Err(HelpError::Refused("This conversation is full: begin another one."));
        }
        let now = self.now();
        let mut batch = Batch::new();
        store::await_answer(&mut batch, (actor.user, id), now);
        let message = Message { id: self.ids.next(), author: actor.user, text, created_at: now };
        store::insert_message(&mut batch, actor.user, id, &message);
        match self.database.apply(batch).await {
            Ok(()) => Ok(()),
            Err(DbError::Conflict) => Err(HelpError::NotFound),
            Err(error) => Err(error.into()),
        }
    }
}

/// A ticket of somebody's that carries nothing yet.
fn blank(actor: &Actor, (id, now): (TicketId, Timestamp), locale: Option<Locale>) -> Ticket {
    Ticket {
        id,
        user: actor.user,
        household: actor.household,
        tree: String::new(),
        tree_version: String::new(),
        object: String::new(),
        facts: Facts::default(),
        path: Vec::new(),
        status: TicketStatus::Open,
        created_at: now,
        updated_at: now,
        locale,
        claimed_by: None,
        answered_at: None,
        closed_at: None,
    }
}

pub(super) fn sound(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Invalid::field("/message", "must say something")),
        1..=MOST_TEXT if !text.contains('\0') => Ok(text.to_owned()),
        1..=MOST_TEXT => Err(Invalid::field("/message", "must be text")),
        _ => Err(Invalid::field("/message", format!("must be at most {MOST_TEXT} characters"))),
    }
}
