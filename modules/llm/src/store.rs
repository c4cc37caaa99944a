//! This module's tables. Every function's first argument after the database is whose data it is.

use contracts::erasure::AccountErasing;
use jiff::{Timestamp, civil::Date};
use kernel::{Actor, HouseholdId, MessageId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::{
    answer::Answer,
    service::{Channel, Incoming},
};

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

/// Words that a language model is asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking {
    pub(crate) message: MessageId,
    pub(crate) household: HouseholdId,
    pub(crate) user: UserId,
    /// With this one.
    pub(crate) tries: i64,
}

impl FromRow for Asking {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { message: row.take()?, household: row.take()?, user: row.take()?, tries: row.take()? })
    }
}

pub(crate) fn insert_asking(batch: &mut Batch, actor: &Actor, message: MessageId, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO askings (message_id, household_id, user_id, due_at, tries) VALUES ($1, $2, $3, $4, 0)",
        message,
        actor.household,
        actor.user,
        now
    ));
}

/// Takes words that are due, the longest due first. They are due again at `until`, should whoever takes them die.
pub(crate) async fn claim_askings(
    database: &Database,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Asking>, DbError> {
    database
        .claim(sql!(
            "UPDATE askings SET due_at = $2, tries = tries + 1
             WHERE message_id IN (SELECT message_id FROM askings WHERE due_at <= $1 ORDER BY due_at LIMIT $3
                          FOR UPDATE SKIP LOCKED)
             RETURNING message_id, household_id, user_id, tries",
            now,
            until,
            limit
        ))
        .await
}

pub(crate) fn delay_asking(batch: &mut Batch, household: HouseholdId, message: MessageId, until: Timestamp) {
    batch.add(sql!(
        "UPDATE askings SET due_at = $3 WHERE message_id = $1 AND household_id = $2",
        message,
        household,
        until
    ));
}

pub(crate) fn delete_asking(batch: &mut Batch, household: HouseholdId, message: MessageId) {
    batch.add(sql!("DELETE FROM askings WHERE message_id = $1 AND household_id = $2", message, household));
}

/// Words as they came in.
pub(crate) async fn words(
    database: &Database,
    household: HouseholdId,
    id: MessageId,
) -> Result<Option<Incoming>, DbError> {
    let row: Option<(String, String, Timestamp)> = database
        .optional(sql!(
            "SELECT text, channel, sent_at FROM messages WHERE id = $1 AND household_id = $2",
            id,
            household
        ))
        .await?;
    Ok(row.map(|(text, channel, sent_at)| Incoming {
        text,
        channel: Channel::named(&channel),
        sent_at: Some(sent_at),
    }))
}

pub(crate) fn update_message(
    batch: &mut Batch,
    household: HouseholdId,
    id: MessageId,
    text: &str,
    answer: &Answer,
) {
    batch.add(sql!(
        "UPDATE messages SET answer = $3, text = $4 WHERE id = $1 AND household_id = $2",
        id,
        household,
        Value::json(answer),
        text
    ));
}

/// What a model said to somebody about these words before.
pub(crate) async fn model_answer(
    database: &Database,
    user: UserId,
    hash: &[u8],
) -> Result<Option<String>, DbError> {
    let row: Option<(String,)> = database
        .optional(sql!(
            "SELECT answer FROM model_answers WHERE user_id = $1 AND hash = $2",
            user,
            hash.to_vec()
        ))
        .await?;
    Ok(row.map(|(answer,)| answer))
}

pub(crate) fn insert_model_answer(
    batch: &mut Batch,
    user: UserId,
    hash: &[u8],
    answer: &str,
    now: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO model_answers (user_id, hash, answer, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        user,
        hash.to_vec(),
        answer,
        now
    ));
}

/// Takes tokens from what somebody may use on a day; whether there were as many.
pub(crate) async fn take_tokens(
    database: &Database,
    user: UserId,
    day: Date,
    tokens: i64,
    limit: i64,
) -> Result<bool, DbError> {
    let taken: Vec<(i64,)> = database
        .claim(sql!(
            "INSERT INTO model_days (user_id, day, tokens) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, day) DO UPDATE SET tokens = model_days.tokens + $3
             WHERE model_days.tokens + $3 <= $4
             RETURNING tokens",
            user,
            day,
            tokens,
            limit
        ))
        .await?;
    Ok(!taken.is_empty())
}

/// Gives back what was taken too much.
pub(crate) fn return_tokens(batch: &mut Batch, user: UserId, day: Date, tokens: i64) {
    batch.add(sql!(
        "UPDATE model_days SET tokens = tokens - $3 WHERE user_id = $1 AND day = $2",
        user,
        day,
        tokens
    ));
}

/// Erases the words of messages that came in before then, at most `limit` of them; how many.
pub(crate) async fn erase_words(
    database: &Database,
    before: Timestamp,
    limit: i64,
) -> Result<usize, DbError> {
    let erased: Vec<(MessageId,)> = database
        .claim(sql!(
            "UPDATE messages SET text = ''
             WHERE id IN (SELECT id FROM messages WHERE created_at < $1 AND text <> '' ORDER BY created_at LIMIT $2
                          FOR UPDATE SKIP LOCKED)
             RETURNING id",
            before,
            limit
        ))
        .await?;
    Ok(erased.len())
}

/// Forgets what models said before then, and what was used before that day.
pub(crate) fn forget_models(batch: &mut Batch, before: Timestamp, day: Date) {
    batch.add(sql!("DELETE FROM model_answers WHERE created_at < $1", before));
    batch.add(sql!("DELETE FROM model_days WHERE day < $1", day));
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

/// Forgets the words of somebody wherever they said them, and all of households that ended with them.
pub(crate) fn erase(batch: &mut Batch, erasing: &AccountErasing) {
    for statement in [
        sql!("DELETE FROM askings WHERE user_id = $1", erasing.user),
        sql!("DELETE FROM model_answers WHERE user_id = $1", erasing.user),
        sql!("DELETE FROM model_days WHERE user_id = $1", erasing.user),
    ] {
        batch.add(statement);
    }
    for household in erasing.ended() {
        batch.add(sql!("DELETE FROM askings WHERE household_id = $1", household));
        batch.add(sql!("DELETE FROM messages WHERE household_id = $1", household));
    }
    for (household, _) in erasing.staying() {
        batch.add(sql!(
            "DELETE FROM messages WHERE household_id = $1 AND user_id = $2",
            household,
            erasing.user
        ));
    }
}
