use jiff::Timestamp;
use kernel::{HouseholdId, TicketId, TicketMessageId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};
use uuid::Uuid;

use crate::domain::{Facts, Step, TicketStatus};

/// What was handed over.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) id: TicketId,
    pub(crate) user: UserId,
    pub(crate) household: HouseholdId,
    pub(crate) tree: String,
    pub(crate) tree_version: String,
    pub(crate) object: String,
    pub(crate) facts: Facts,
    pub(crate) path: Vec<Step>,
    pub(crate) status: TicketStatus,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl FromRow for Ticket {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, user, household, tree) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let (tree_version, object) = (row.take()?, row.take()?);
        let (Json(facts), Json(path)) = (row.take()?, row.take()?);
        Ok(Self {
            id,
            user,
            household,
            tree,
            tree_version,
            object,
            facts,
            path,
            status: row.parse()?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

/// What was said of a ticket.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: TicketMessageId,
    pub(crate) author: UserId,
    pub(crate) text: String,
    pub(crate) created_at: Timestamp,
}

impl FromRow for Message {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { id: row.take()?, author: row.take()?, text: row.take()?, created_at: row.take()? })
    }
}

pub(crate) fn insert_ticket(batch: &mut Batch, ticket: &Ticket) {
    batch.add(sql!(
        "INSERT INTO tickets (id, user_id, household_id, tree, tree_version, object, facts, path, status, created_at,
                              updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        ticket.id,
        ticket.user,
        ticket.household,
        ticket.tree.clone(),
        ticket.tree_version.clone(),
        ticket.object.clone(),
        Value::json(&ticket.facts),
        Value::json(&ticket.path),
        ticket.status.as_str(),
        ticket.created_at,
        ticket.updated_at
    ));
}

pub(crate) fn insert_message(batch: &mut Batch, user: UserId, ticket: TicketId, message: &Message) {
    batch.add(sql!(
        "INSERT INTO ticket_messages (id, user_id, ticket_id, author_id, text, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        message.id,
        user,
        ticket,
        message.author,
        message.text.clone(),
        message.created_at
    ));
}

/// Says that something was added to somebody's ticket, and how it stands with it since.
pub(crate) fn touch_ticket(
    batch: &mut Batch,
    (user, id): (UserId, TicketId),
    status: TicketStatus,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE tickets SET status = $3, updated_at = $4 WHERE user_id = $1 AND id = $2",
            user,
            id,
            status.as_str(),
            now
        ),
    );
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, household_id, tree, tree_version, object, facts, path, status, created_at, updated_at
             FROM tickets ",
            $rest
        )
    };
}

/// Somebody's tickets, the newest first.
pub(crate) async fn tickets(
    database: &Database,
    user: UserId,
    after: Option<TicketId>,
    limit: i64,
) -> Result<Vec<Ticket>, DbError> {
    let before = after.unwrap_or(TicketId::from_uuid(Uuid::max()));
    database
        .all(sql!(select!("WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"), user, before, limit))
        .await
}

/// Everybody's tickets of a status, the oldest first: for whoever answers them.
pub(crate) async fn tickets_for_support(
    database: &Database,
    status: TicketStatus,
    after: Option<TicketId>,
    limit: i64,
) -> Result<Vec<Ticket>, DbError> {
    let after = after.unwrap_or(TicketId::from_uuid(Uuid::nil()));
    let statement =
        sql!(select!("WHERE status = $1 AND id > $2 ORDER BY id LIMIT $3"), status.as_str(), after, limit);
    database.all(statement).await
}

/// Whosever it is: for whoever answers it.
pub(crate) async fn ticket_for_support(database: &Database, id: TicketId) -> Result<Option<Ticket>, DbError> {
    database.optional(sql!(select!("WHERE id = $1"), id)).await
}

pub(crate) async fn ticket(
    database: &Database,
    user: UserId,
    id: TicketId,
) -> Result<Option<Ticket>, DbError> {
    database.optional(sql!(select!("WHERE user_id = $1 AND id = $2"), user, id)).await
}

/// What was said of a ticket, in its order.
pub(crate) async fn messages(
    database: &Database,
    user: UserId,
    ticket: TicketId,
    limit: i64,
) -> Result<Vec<Message>, DbError> {
    database
        .all(sql!(
            "SELECT id, author_id, text, created_at FROM ticket_messages
             WHERE user_id = $1 AND ticket_id = $2 ORDER BY id LIMIT $3",
            user,
            ticket,
            limit
        ))
        .await
}
