//! Events that a consumer could not take, for those who run the installation: looked at, sent again, thrown away. By
//! `/v1/admin/dead-letters`, and on pages.

mod api;
mod page;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{Router, routing::get};
use contracts::{
    auth::{AuditLog, Deed},
    users::Users,
};
use kernel::{Actor, Clock, DeadLetterId};
use platform::{
    events::{DeadLetter, DeadLetterOffice, DeadLetterPlace},
    http::{Health, Origin, Problem},
};

pub(crate) use api::api;

/// How many are sent again, or thrown away, by one request.
const AT_ONCE: usize = 1_000;
/// How many are read at once.
const PAGE: usize = 100;

/// What they are read from, and where what is done with them is written down.
pub(crate) struct Source {
    office: DeadLetterOffice,
    clock: Arc<dyn Clock>,
    audit: Arc<dyn AuditLog>,
    users: Arc<dyn Users>,
}

/// What is done with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Its consumer is given it once more.
    Replay,
    /// Its consumer will never have taken it.
    Discard,
}

impl Fate {
    const fn deed(self) -> Deed {
        match self {
            Self::Replay => Deed::DeadLettersReplayed,
            Self::Discard => Deed::DeadLettersDiscarded,
        }
    }
}

/// A dead letter, and in which module.
type Found = (&'static str, DeadLetter);

pub(crate) fn pages(source: Arc<Source>) -> Router {
    Router::new()
        .route("/admin/dead-letters", get(page::list))
        .route("/admin/dead-letters/all", get(page::ask_of_all).post(page::act_on_all))
        .route("/admin/dead-letters/{id}", get(page::show).post(page::act))
        .route("/admin/dead-letters/{id}/discard", get(page::ask_to_discard))
        .with_state(source)
}

impl Source {
    pub(crate) fn new(health: &Health, audit: Arc<dyn AuditLog>, users: Arc<dyn Users>) -> Self {
        let office = DeadLetterOffice::new(health.databases.clone());
        Self { office, clock: Arc::clone(&health.clock), audit, users }
    }

    /// The oldest first, and one more than asked for.
    async fn list(
        &self,
        consumer: Option<&str>,
        after: Option<DeadLetterPlace>,
        limit: u16,
    ) -> Result<Vec<Found>, Problem> {
        Ok(self.office.list(consumer, after, usize::from(limit) + 1).await?)
    }

    async fn find(&self, id: DeadLetterId) -> Result<Found, Problem> {
        self.office.find(id).await?.ok_or_else(gone)
    }

    /// It is written down before it is done: what happened without a trace would be worse than a trace of what did not.
    async fn act(&self, actor: &Actor, origin: &Origin, id: DeadLetterId, fate: Fate) -> Result<(), Problem> {
        let found = self.find(id).await?;
        let (_, letter) = &found;
        let detail = format!("{}: {} of {}", letter.consumer, letter.event.kind, letter.event.subject);
        self.note(actor, origin, fate, &detail).await?;
        if self.meet(&found, fate).await? { Ok(()) } else { Err(gone()) }
    }

    /// All of them, or those of one consumer, the oldest first, up to [`AT_ONCE`]: how many, and whether there are more.
    async fn act_on_all(
        &self,
        actor: &Actor,
        origin: &Origin,
        consumer: Option<&str>,
        fate: Fate,
    ) -> Result<(usize, bool), Problem> {
        self.note(actor, origin, fate, consumer.unwrap_or("all of them")).await?;
        let (mut count, mut last) = (0, None);
        loop {
            let page = self.office.list(consumer, last, PAGE).await?;
            let Some((_, end)) = page.last() else { return Ok((count, false)) };
            if count >= AT_ONCE {
                return Ok((count, true));
            }
            last = Some(end.place());
            for found in &page {
                count += usize::from(self.meet(found, fate).await?);
            }
        }
    }

    /// Whether it was still there.
    async fn meet(&self, (module, letter): &Found, fate: Fate) -> Result<bool, Problem> {
        let Some(letters) = self.office.of(module) else { return Ok(false) };
        Ok(match fate {
            Fate::Replay => letters.replay(letter).await?,
            Fate::Discard => letters.discard(letter).await?,
        })
    }

    async fn note(&self, actor: &Actor, origin: &Origin, fate: Fate, detail: &str) -> Result<(), Problem> {
        let whence = (origin.address, origin.device.as_str());
        self.audit.write_down(actor, fate.deed(), detail, whence).await.map_err(|error| {
            tracing::error!(%error, "what an administrator does cannot be written down");
            Problem::unavailable(
                "What you do here is written down, which is not possible right now. Nothing was done.",
            )
            .retry_after(1)
        })
    }
}

fn gone() -> Problem {
    Problem::not_found("There is no dead letter of that id: it was sent again or thrown away.")
}
