//! This module's tables. Every function's first argument after the database is whose data it is.

use jiff::Timestamp;
use kernel::{Actor, HouseholdId, MessageId};
use platform::{
    db::{Batch, Database, DbError, Json, Value},
    sql,
};

use crate::{answer::Answer, service::Incoming};

pub(crate) fn insert_message(
    batch: &mut Batch,
    actor: &Actor,
    id: MessageId,
    incoming: &Incoming,
    text: &str,
    answer: &Answer,
    now: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO messages (id, household_id, user_id, channel, text, sent_at, answer, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        actor.household,
        actor.user,
        incoming.channel.as_str(),
        text,
        incoming.sent_at.unwrap_or(now),
        Value::json(answer),
        now
    ));
}

pub(crate) async fn answer(
    database: &Database,
    household: HouseholdId,
    id: MessageId,
) -> Result<Option<Answer>, DbError> {
    let row: Option<(Json<Answer>,)> = database
        .optional(sql!("SELECT answer FROM messages WHERE id = $1 AND household_id = $2", id, household))
        .await?;
    Ok(row.map(|(Json(answer),)| answer))
}
