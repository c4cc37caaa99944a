//! The desk: those who answer see what waits, take it on, open it, answer it and are done with it.

use std::collections::BTreeMap;

use contracts::auth::Deed;
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, AnswerTemplateId, Invalid, TicketId, UserId};
use platform::{
    db::{Batch, DbError},
    http::{ETag, IfMatch, Origin},
};

use super::{
    Guide,
    tickets::{CONVERSATION, MOST_TEXT},
};
use crate::{
    domain::{Spread, TicketStatus},
    error::HelpError,
    store::{self, Message, Template, Ticket},
};

/// The longest name of a template, in characters.
pub(crate) const MOST_NAME: usize = 80;
/// The most templates.
const MOST_TEMPLATES: usize = 200;
/// For how long a look at a ticket counts as one.
const LOOK: SignedDuration = SignedDuration::from_hours(1);
/// How far back waits are told of.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Of how many tickets at most, the newest.
const MOST_WAITS: i64 = 5_000;

/// Which tickets of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    /// Those of a status.
    Of(TicketStatus),
    /// Those that whoever asks has taken on and is not done with.
    Mine,
}

/// A ticket as those who answer see it.
#[derive(Debug)]
pub(crate) struct DeskTicket {
    pub(crate) ticket: Ticket,
    /// What whoever has taken it on is called.
    pub(crate) claimer: Option<String>,
}

/// How long people wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// How many tickets wait for an answer.
    pub(crate) waiting: i64,
    /// Since when the oldest of them has been there.
    pub(crate) oldest: Option<Timestamp>,
    /// From when on the rest is counted.
    pub(crate) since: Timestamp,
    /// For a first answer.
    pub(crate) first_answer: Option<Spread>,
    /// Until it was done with.
    pub(crate) resolution: Option<Spread>,
}

/// What is said of a template, in whole or in part.
#[derive(Debug, Clone, Default)]
pub(crate) struct TemplateInput {
    pub(crate) name: Option<String>,
    pub(crate) text: Option<String>,
}

impl Template {
    /// What identifies the state that is shown.
    pub(crate) fn etag(&self) -> ETag {
        ETag::of(&[&self.version])
    }
}

impl Guide {
    /// What is to be done, the oldest first, and one more when another page follows. Of what people wrote and what was
    /// found out it shows nothing: that is opened.
    pub(crate) async fn queue(
        &self,
        agent: &Actor,
        queue: Queue,
        after: Option<TicketId>,
        limit: u16,
    ) -> Result<Vec<DeskTicket>, HelpError> {
        let limit = i64::from(limit) + 1;
        let found = match queue {
            Queue::Of(status) => store::tickets_for_support(&self.database, status, after, limit).await?,
            Queue::Mine => store::tickets_of_agent(&self.database, agent.user, after, limit).await?,
        };
        let mut names: BTreeMap<UserId, Option<String>> = BTreeMap::new();
        let mut shown = Vec::with_capacity(found.len());
        for ticket in found {
            let claimer = match ticket.claimed_by {
                Some(by) if !names.contains_key(&by) => {
                    let name = self.name_of(by).await;
                    names.insert(by, name.clone());
                    name
                }
                Some(by) => names.get(&by).cloned().flatten(),
                None => None,
            };
            shown.push(DeskTicket { ticket, claimer });
        }
        Ok(shown)
    }

    /// What somebody who answers is called by the others.
    async fn name_of(&self, agent: UserId) -> Option<String> {
        let account = self.users.account(agent).await.ok().flatten()?;
        Some(account.profile.name).filter(|name| !name.is_empty()).or(Some(account.email))
    }

    /// Opens a ticket, with what was said: it is written down first, in the log of whoever opens it and in that of whose
    /// it is, once an hour.
    pub(crate) async fn open_ticket(
        &self,
        agent: &Actor,
        origin: &Origin,
        id: TicketId,
    ) -> Result<(DeskTicket, Vec<Message>), HelpError> {
        let ticket = self.support.found(id).await?;
        let now = self.now();
        let last = store::opened_at(&self.database, agent.user, id).await?;
        if last.is_none_or(|last| now.duration_since(last) >= LOOK) {
            let whence = (origin.address, origin.device.as_str());
            let (deed, which) = (Deed::TicketOpened(ticket.user), id.to_string());
            let written = self.audit.write_down(agent, deed, &which, whence).await;
            written.map_err(|error| HelpError::Unlogged(error.to_string()))?;
            let mut batch = Batch::new();
            store::note_opening(&mut batch, agent.user, id, now);
            self.database.apply(batch).await?;
        }
        let said = store::messages(&self.database, ticket.user, id, CONVERSATION).await?;
        let claimer = match ticket.claimed_by {
            Some(by) => self.name_of(by).await,
            None => None,
        };
        Ok((DeskTicket { ticket, claimer }, said))
    }

    /// Takes a ticket on.
    pub(crate) async fn claim(&self, agent: &Actor, id: TicketId) -> Result<(), HelpError> {
        self.support.claim(agent.user, id).await
    }

    /// Gives one back, whoever has it.
    pub(crate) async fn release(&self, id: TicketId) -> Result<(), HelpError> {
        self.support.release(id).await
    }

    /// Answers one, and takes it on with that.
    pub(crate) async fn answer_ticket(
        &self,
        agent: &Actor,
        id: TicketId,
        text: &str,
    ) -> Result<(), HelpError> {
        self.support.answer_as(Some(agent.user), id, text).await
    }

    /// Is done with one.
    pub(crate) async fn close_ticket(&self, agent: &Actor, id: TicketId) -> Result<(), HelpError> {
        self.support.close_as(Some(agent.user), id).await
    }

    /// How long people wait.
    pub(crate) async fn desk_figures(&self) -> Result<Figures, HelpError> {
        let since = self.now().saturating_sub(LOOKED_BACK).unwrap_or(Timestamp::UNIX_EPOCH);
        let (waiting, oldest) = store::waiting(&self.database).await?;
        let waits = store::waits(&self.database, since, MOST_WAITS).await?;
        let of = |end: fn(&store::Waits) -> Option<Timestamp>| {
            let long = waits.iter().filter_map(|it| Some(end(it)?.duration_since(it.created_at).as_secs()));
            Spread::of(long.collect())
        };
        Ok(Figures {
            waiting,
            oldest,
            since,
            first_answer: of(|it| it.answered_at),
            resolution: of(|it| it.closed_at),
        })
    }

    /// Says how many wait, for whoever watches.
    pub(crate) async fn measure_waiting(&self) -> Result<(), DbError> {
        let (waiting, _) = store::waiting(&self.database).await?;
        #[expect(clippy::cast_precision_loss, reason = "nobody has that many tickets")]
        metrics::gauge!("perennial_help_tickets_waiting").set(waiting as f64);
        Ok(())
    }

    /// The desk's templates, and one more when another page follows.
    pub(crate) async fn templates(
        &self,
        after: Option<AnswerTemplateId>,
        limit: u16,
    ) -> Result<Vec<Template>, HelpError> {
        Ok(store::templates(&self.database, after, i64::from(limit) + 1).await?)
    }

    pub(crate) async fn template(&self, id: AnswerTemplateId) -> Result<Template, HelpError> {
        store::template(&self.database, id).await?.ok_or(HelpError::NotFound)
    }

    /// Keeps another one.
    pub(crate) async fn add_template(&self, input: &TemplateInput) -> Result<Template, HelpError> {
        let (name, text) = read(input, "", "")?;
        let most = u16::try_from(MOST_TEMPLATES).unwrap_or(u16::MAX);
        if self.templates(None, most).await?.len() >= MOST_TEMPLATES {
            return Err(HelpError::Refused("There is no room for another template: delete one first."));
        }
        let new = Template { id: self.ids.next(), name, text, version: 1, updated_at: self.now() };
        let mut batch = Batch::new();
        store::insert_template(&mut batch, &new);
        self.database.apply(batch).await?;
        Ok(new)
    }

    /// Changes what is given of one.
    pub(crate) async fn change_template(
        &self,
        id: AnswerTemplateId,
        seen: &IfMatch,
        input: &TemplateInput,
    ) -> Result<Template, HelpError> {
        let kept = self.template(id).await?;
        let (name, text) = read(input, &kept.name, &kept.text)?;
        seen.check(&kept.etag()).map_err(|_| HelpError::Stale)?;
        let changed = Template { id, name, text, version: kept.version + 1, updated_at: self.now() };
        let mut batch = Batch::new();
        store::change_template(&mut batch, &changed);
        self.where_unchanged(batch).await?;
        Ok(changed)
    }

    pub(crate) async fn delete_template(
        &self,
        id: AnswerTemplateId,
        seen: &IfMatch,
    ) -> Result<(), HelpError> {
        let kept = self.template(id).await?;
        seen.check(&kept.etag()).map_err(|_| HelpError::Stale)?;
        let mut batch = Batch::new();
        store::delete_template(&mut batch, &kept);
        self.where_unchanged(batch).await
    }

    async fn where_unchanged(&self, batch: Batch) -> Result<(), HelpError> {
        match self.database.apply(batch).await {
            Ok(()) => Ok(()),
            Err(DbError::Conflict) => Err(HelpError::Stale),
            Err(error) => Err(error.into()),
        }
    }
}

/// The name and the text of a template, those it has where none are given.
fn read(input: &TemplateInput, name: &str, text: &str) -> Result<(String, String), Invalid> {
    let mut invalid = Invalid::new();
    let mut one = |pointer: &str, given: Option<&String>, kept: &str, most: usize| {
        let value = given.map_or(kept, |given| given.trim()).to_owned();
        if value.is_empty() {
            invalid.add(pointer, "must say something");
        } else if value.chars().count() > most {
            invalid.add(pointer, format!("must be at most {most} characters"));
        } else if value.contains('\0') {
            invalid.add(pointer, "must be text");
        }
        value
    };
    let name = one("/name", input.name.as_ref(), name, MOST_NAME);
    let text = one("/text", input.text.as_ref(), text, MOST_TEXT);
    invalid.into_result()?;
    Ok((name, text))
}
