//! What belongs to those who answer: who opened what, their templates, and how long people wait.

use jiff::Timestamp;
use kernel::{AnswerTemplateId, TicketId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};
use uuid::Uuid;

/// When somebody who answers last opened a ticket.
pub(crate) async fn opened_at(
    database: &Database,
    agent: UserId,
    ticket: TicketId,
) -> Result<Option<Timestamp>, DbError> {
    let statement =
        sql!("SELECT opened_at FROM ticket_openings WHERE ticket_id = $1 AND agent_id = $2", ticket, agent);
    Ok(database.optional::<(Timestamp,)>(statement).await?.map(|(at,)| at))
}

/// Keeps that somebody who answers opened a ticket.
pub(crate) fn note_opening(batch: &mut Batch, agent: UserId, ticket: TicketId, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO ticket_openings (ticket_id, agent_id, opened_at) VALUES ($1, $2, $3)
         ON CONFLICT (ticket_id, agent_id) DO UPDATE SET opened_at = $3",
        ticket,
        agent,
        now
    ));
}

/// An answer that is kept to be given again.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) id: AnswerTemplateId,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) version: i64,
    pub(crate) updated_at: Timestamp,
}

impl FromRow for Template {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, name, text) = (row.take()?, row.take()?, row.take()?);
        Ok(Self { id, name, text, version: row.take()?, updated_at: row.take()? })
    }
}

/// The desk's templates behind one, in the order in which they were made.
pub(crate) async fn templates(
    database: &Database,
    after: Option<AnswerTemplateId>,
    limit: i64,
) -> Result<Vec<Template>, DbError> {
    let after = after.unwrap_or(AnswerTemplateId::from_uuid(Uuid::nil()));
    database
        .all(sql!(
            "SELECT id, name, text, version, updated_at FROM answer_templates WHERE id > $1 ORDER BY id LIMIT $2",
            after,
            limit
        ))
        .await
}

pub(crate) async fn template(database: &Database, id: AnswerTemplateId) -> Result<Option<Template>, DbError> {
    database
        .optional(sql!("SELECT id, name, text, version, updated_at FROM answer_templates WHERE id = $1", id))
        .await
}

pub(crate) fn insert_template(batch: &mut Batch, new: &Template) {
    batch.add(sql!(
        "INSERT INTO answer_templates (id, name, text, version, updated_at) VALUES ($1, $2, $3, $4, $5)",
        new.id,
        new.name.clone(),
        new.text.clone(),
        new.version,
        new.updated_at
    ));
}

/// Stores one where it is still as it was read; it has its new version already.
pub(crate) fn change_template(batch: &mut Batch, changed: &Template) {
    batch.expect(
        1,
        sql!(
            "UPDATE answer_templates SET name = $3, text = $4, version = $2, updated_at = $5
             WHERE id = $1 AND version + 1 = $2",
            changed.id,
            changed.version,
            changed.name.clone(),
            changed.text.clone(),
            changed.updated_at
        ),
    );
}

pub(crate) fn delete_template(batch: &mut Batch, gone: &Template) {
    batch.expect(
        1,
        sql!("DELETE FROM answer_templates WHERE id = $1 AND version = $2", gone.id, gone.version),
    );
}

/// How long a ticket waited: when it was handed over, answered for the first time, and done with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    pub(crate) created_at: Timestamp,
    pub(crate) answered_at: Option<Timestamp>,
    pub(crate) closed_at: Option<Timestamp>,
}

impl FromRow for Waits {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { created_at: row.take()?, answered_at: row.take()?, closed_at: row.take()? })
    }
}

/// Of the newest tickets since an instant.
pub(crate) async fn waits(database: &Database, since: Timestamp, limit: i64) -> Result<Vec<Waits>, DbError> {
    database
        .all(sql!(
            "SELECT created_at, answered_at, closed_at FROM tickets
             WHERE created_at >= $1 ORDER BY created_at DESC LIMIT $2",
            since,
            limit
        ))
        .await
}

/// How many tickets wait for an answer, and since when the oldest has been there.
pub(crate) async fn waiting(database: &Database) -> Result<(i64, Option<Timestamp>), DbError> {
    let statement = sql!("SELECT count(*), min(created_at) FROM tickets WHERE status = 'open'");
    Ok(database.optional::<(i64, Option<Timestamp>)>(statement).await?.unwrap_or((0, None)))
}
