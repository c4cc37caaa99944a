//! What is left of a person among what modules have told one another, and how it is taken away.

use kernel::{DeadLetterId, Event, HouseholdId, UserId};
use serde_json::Value as Document;

use crate::db::{Batch, Database, DbError, Json, Value};

/// Rows that are looked at at once.
const PAGE: i64 = 500;
/// What an erasure itself says; it is told until it is over.
const OF_ERASURES: &str = "account.";

/// By what somebody is known among events: their id, and those of the households that ended with them.
#[derive(Debug, Clone)]
pub struct Traces {
    /// Their ids as every text form has them, by whatever prefix.
    ids: Vec<String>,
    ended: Vec<HouseholdId>,
    last: bool,
}

impl Traces {
    /// Those of a person and of the households that ended with them. When it is the `last` look, what was not told or
    /// taken yet goes too.
    pub fn new(user: UserId, ended: impl IntoIterator<Item = HouseholdId>, last: bool) -> Self {
        let ended: Vec<HouseholdId> = ended.into_iter().collect();
        let households = ended.iter().map(|household| household.uuid());
        let ids = std::iter::once(user.uuid()).chain(households).map(|id| id.simple().to_string()).collect();
        Self { ids, ended, last }
    }

    /// What takes them out of a module's database: events that were told, those that wait, dead letters, and the subjects
    /// of what was taken. That it was taken stays known, so that nothing is taken twice.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn removing(&self, database: &Database) -> Result<Batch, DbError> {
        let mut batch = Batch::unseen();
        self.remove_told(database, &mut batch).await?;
        self.remove_heard(database, &mut batch).await?;
        self.remove_dead(database, &mut batch).await?;
        if self.last {
            for household in &self.ended {
                batch.add(crate::sql!("DELETE FROM revisions WHERE household_id = $1", *household));
            }
        }
        Ok(batch)
    }

    async fn remove_told(&self, database: &Database, batch: &mut Batch) -> Result<(), DbError> {
        let (mut after, mut theirs) = (0, Vec::new());
        loop {
            let page: Vec<(i64, Json<Document>, bool)> = database
                .all(crate::sql!(
                    "SELECT sequence, event, published_at IS NOT NULL FROM outbox
                     WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                    after,
                    PAGE
                ))
                .await?;
            let Some((last, ..)) = page.last() else { break };
            after = *last;
            let told = page.iter().filter(|(_, Json(event), told)| (*told || self.last) && self.marks(event));
            theirs.extend(told.map(|(sequence, ..)| *sequence));
        }
        if !theirs.is_empty() {
            batch.add(crate::sql!("DELETE FROM outbox WHERE sequence = ANY($1)", theirs));
        }
        Ok(())
    }

    async fn remove_heard(&self, database: &Database, batch: &mut Batch) -> Result<(), DbError> {
        let (mut after, mut taken, mut waiting) = (0, Vec::new(), Vec::new());
        loop {
            let page: Vec<(i64, String, Option<Json<Event>>)> = database
                .all(crate::sql!(
                    "SELECT sequence, subject, event FROM inbox WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                    after,
                    PAGE
                ))
                .await?;
            let Some((last, ..)) = page.last() else { break };
            after = *last;
            for (sequence, subject, event) in page {
                match event {
                    None if self.names(&subject) => taken.push(sequence),
                    Some(Json(event)) if !event.kind.starts_with(OF_ERASURES) => match self.left_of(event) {
                        Left::Untouched => {}
                        Left::Without(event) => batch.add(crate::sql!(
                            "UPDATE inbox SET event = $2 WHERE sequence = $1 AND state = 'waiting'",
                            sequence,
                            Value::json(&event)
                        )),
                        Left::Nothing => waiting.push(sequence),
                    },
                    None | Some(_) => {}
                }
            }
        }
        if !taken.is_empty() {
            batch.add(crate::sql!("UPDATE inbox SET subject = '' WHERE sequence = ANY($1)", taken));
        }
        if !waiting.is_empty() {
            batch.add(crate::sql!(
                "DELETE FROM inbox WHERE sequence = ANY($1) AND state = 'waiting'",
                waiting
            ));
        }
        Ok(())
    }

    async fn remove_dead(&self, database: &Database, batch: &mut Batch) -> Result<(), DbError> {
        let mut after = DeadLetterId::from_uuid(uuid::Uuid::nil());
        loop {
            let page: Vec<(DeadLetterId, Json<Event>)> = database
                .all(crate::sql!(
                    "SELECT id, event FROM dead_letters WHERE id > $1 ORDER BY id LIMIT $2",
                    after,
                    PAGE
                ))
                .await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            for (id, Json(event)) in page {
                match self.left_of(event) {
                    Left::Untouched => {}
                    Left::Without(event) => batch.add(crate::sql!(
                        "UPDATE dead_letters SET event = $2 WHERE id = $1",
                        id,
                        Value::json(&event)
                    )),
                    Left::Nothing => batch.add(crate::sql!("DELETE FROM dead_letters WHERE id = $1", id)),
                }
            }
        }
    }

    /// What of an event is for others to know: one that only says who did it stands without that.
    fn left_of(&self, event: Event) -> Left {
        let marked = |event: &Event| serde_json::to_value(event).is_ok_and(|event| self.marks(&event));
        if !marked(&event) {
            return Left::Untouched;
        }
        let nameless = Event { user: None, ..event };
        if marked(&nameless) { Left::Nothing } else { Left::Without(Box::new(nameless)) }
    }

    fn marks(&self, document: &Document) -> bool {
        match document {
            Document::String(text) => self.names(text),
            Document::Array(all) => all.iter().any(|each| self.marks(each)),
            Document::Object(members) => members.values().any(|each| self.marks(each)),
            Document::Null | Document::Bool(_) | Document::Number(_) => false,
        }
    }

    fn names(&self, text: &str) -> bool {
        self.ids.iter().any(|id| text.contains(id.as_str()))
    }
}

enum Left {
    /// It has nothing to do with them.
    Untouched,
    /// It is of others, and they did it.
    Without(Box<Event>),
    /// It is theirs.
    Nothing,
}
