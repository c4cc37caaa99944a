use jiff::Timestamp;
use kernel::{HouseholdId, Locale, TicketId, TicketMessageId, UserId};
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
    /// How its owner read when it was handed over, where that was known.
    pub(crate) locale: Option<Locale>,
    /// Who answers it.
    pub(crate) claimed_by: Option<UserId>,
    /// When it was answered for the first time.
    pub(crate) answered_at: Option<Timestamp>,
    /// When it was done with; nothing where more was said since.
    pub(crate) closed_at: Option<Timestamp>,
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
            // A locale that this program does not know any more is none.
            locale: row.take::<Option<String>>()?.and_then(|locale| locale.parse().ok()),
            claimed_by: row.take()?,
            answered_at: row.take()?,
            closed_at: row.take()?,
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
                              updated_at, locale)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
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
        ticket.updated_at,
        ticket.locale.as_ref().map(Locale::to_string)
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

/// Says that its owner waits for an answer, again where it was done with.
pub(crate) fn await_answer(batch: &mut Batch, (user, id): (UserId, TicketId), now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE tickets SET status = 'open', closed_at = NULL, updated_at = $3 WHERE user_id = $1 AND id = $2",
            user,
            id,
            now
        ),
    );
}

/// Says that it was answered, where nobody else of those who answer has it; by nobody in particular where `agent` is none.
pub(crate) fn answer_ticket(
    batch: &mut Batch,
    (user, id): (UserId, TicketId),
    agent: Option<UserId>,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE tickets SET status = 'answered', closed_at = NULL, updated_at = $3,
                                answered_at = COALESCE(answered_at, $3), claimed_by = COALESCE($4, claimed_by)
             WHERE user_id = $1 AND id = $2 AND (claimed_by = $4 OR claimed_by IS NULL OR $4 IS NULL)",
            user,
            id,
            now,
            agent
        ),
    );
}

/// Says that it is done with, where nobody else of those who answer has it.
pub(crate) fn close_ticket(
    batch: &mut Batch,
    (user, id): (UserId, TicketId),
    agent: Option<UserId>,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE tickets SET status = 'closed', closed_at = COALESCE(closed_at, $3), updated_at = $3
             WHERE user_id = $1 AND id = $2 AND (claimed_by = $4 OR claimed_by IS NULL OR $4 IS NULL)",
            user,
            id,
            now,
            agent
        ),
    );
}

/// Says who answers it, where nobody does.
pub(crate) fn claim_ticket(batch: &mut Batch, (user, id): (UserId, TicketId), agent: UserId) {
    batch.expect(
        1,
        sql!(
            "UPDATE tickets SET claimed_by = $3
             WHERE user_id = $1 AND id = $2 AND (claimed_by IS NULL OR claimed_by = $3)",
            user,
            id,
            agent
        ),
    );
}

/// Says that nobody answers it any more.
pub(crate) fn release_ticket(batch: &mut Batch, (user, id): (UserId, TicketId)) {
    batch.expect(1, sql!("UPDATE tickets SET claimed_by = NULL WHERE user_id = $1 AND id = $2", user, id));
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, household_id, tree, tree_version, object, facts, path, status, created_at, updated_at,
                    locale, claimed_by, answered_at, closed_at
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

/// What somebody answers and is not done with, the oldest first.
pub(crate) async fn tickets_of_agent(
    database: &Database,
    agent: UserId,
    after: Option<TicketId>,
    limit: i64,
) -> Result<Vec<Ticket>, DbError> {
    let after = after.unwrap_or(TicketId::from_uuid(Uuid::nil()));
    let statement = sql!(
        select!("WHERE claimed_by = $1 AND status IN ('open', 'answered') AND id > $2 ORDER BY id LIMIT $3"),
        agent,
        after,
        limit
    );
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
