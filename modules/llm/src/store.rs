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

/// Words that somebody typed or sent, and how they were read: those of that id, else the newest.
pub(crate) async fn read_words(
    database: &Database,
    actor: &Actor,
    id: Option<MessageId>,
) -> Result<Option<(MessageId, String, Answer)>, DbError> {
    let (household, user) = (actor.household, actor.user);
    let row: Option<(MessageId, String, Json<Answer>)> = match id {
        Some(id) => database
            .optional(sql!(
                "SELECT id, text, answer FROM messages WHERE id = $1 AND household_id = $2 AND user_id = $3",
                id,
                household,
                user
            ))
            .await?,
        None => {
            database
                .optional(sql!(
                    "SELECT id, text, answer FROM messages WHERE household_id = $1 AND user_id = $2
                     ORDER BY id DESC LIMIT 1",
                    household,
                    user
                ))
                .await?
        }
    };
    Ok(row.map(|(id, text, Json(answer))| (id, text, answer)))
}
