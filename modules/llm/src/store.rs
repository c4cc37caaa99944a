//! This module's tables. Every function's first argument after the database is whose data it is.

use contracts::erasure::AccountErasing;
use jiff::{Timestamp, civil::Date};
use kernel::{Actor, HouseholdId, LearntNameId, MessageId, SubscriptionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::{
    answer::Answer,
    mail::address::Addressee,
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

/// Takes a message that a program forwards: the id under which it is to be read, unless it was taken before, by somebody
/// who may still be at it.
pub(crate) async fn take_forwarded(
    database: &Database,
    actor: &Actor,
    hash: &[u8],
    message: MessageId,
    (now, abandoned): (Timestamp, Timestamp),
) -> Result<Option<MessageId>, DbError> {
    let taken: Vec<(MessageId,)> = database
        .claim(sql!(
            "INSERT INTO forwarded (household_id, user_id, hash, message_id, claimed_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (household_id, user_id, hash) DO UPDATE SET claimed_at = $5
             WHERE forwarded.claimed_at < $6
             RETURNING message_id",
            actor.household,
            actor.user,
            hash.to_vec(),
            message,
            now,
            abandoned
        ))
        .await?;
    Ok(taken.into_iter().next().map(|(message,)| message))
}

/// Under which id a forwarded message was taken.
pub(crate) async fn forwarded(
    database: &Database,
    actor: &Actor,
    hash: &[u8],
) -> Result<Option<MessageId>, DbError> {
    let row: Option<(MessageId,)> = database
        .optional(sql!(
            "SELECT message_id FROM forwarded WHERE household_id = $1 AND user_id = $2 AND hash = $3",
            actor.household,
            actor.user,
            hash.to_vec()
        ))
        .await?;
    Ok(row.map(|(message,)| message))
}

/// Forgets which messages were forwarded before then.
pub(crate) fn forget_forwarded(batch: &mut Batch, before: Timestamp) {
    batch.add(sql!("DELETE FROM forwarded WHERE claimed_at < $1", before));
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

/// How a subscription that words made was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadName {
    /// What was said, normalised.
    pub(crate) words: String,
    pub(crate) name: String,
    pub(crate) category: Option<String>,
}

impl FromRow for ReadName {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { words: row.take()?, name: row.take()?, category: row.take()? })
    }
}

/// What a household calls what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LearntName {
    pub(crate) id: LearntNameId,
    pub(crate) words: String,
    pub(crate) name: String,
    pub(crate) category: Option<String>,
}

impl FromRow for LearntName {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { id: row.take()?, words: row.take()?, name: row.take()?, category: row.take()? })
    }
}

pub(crate) fn insert_read_name(
    batch: &mut Batch,
    household: HouseholdId,
    subscription: SubscriptionId,
    read: &ReadName,
) {
    batch.add(sql!(
        "INSERT INTO read_names (household_id, subscription_id, words, name, category)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        household,
        subscription,
        &read.words,
        &read.name,
        read.category.clone()
    ));
}

pub(crate) async fn read_name(
    database: &Database,
    household: HouseholdId,
    subscription: SubscriptionId,
) -> Result<Option<ReadName>, DbError> {
    database
        .optional(sql!(
            "SELECT words, name, category FROM read_names WHERE household_id = $1 AND subscription_id = $2",
            household,
            subscription
        ))
        .await
}

pub(crate) fn delete_read_name(batch: &mut Batch, household: HouseholdId, subscription: SubscriptionId) {
    batch.add(sql!(
        "DELETE FROM read_names WHERE household_id = $1 AND subscription_id = $2",
        household,
        subscription
    ));
}

/// What a household has taught, in the order of the words.
pub(crate) async fn learnt_names(
    database: &Database,
    household: HouseholdId,
    limit: u16,
) -> Result<Vec<LearntName>, DbError> {
    database
        .all(sql!(
            "SELECT id, words, name, category FROM learnt_names WHERE household_id = $1 ORDER BY words LIMIT $2",
            household,
            i64::from(limit)
        ))
        .await
}

pub(crate) async fn learnt_name(
    database: &Database,
    household: HouseholdId,
    id: LearntNameId,
) -> Result<Option<LearntName>, DbError> {
    database
        .optional(sql!(
            "SELECT id, words, name, category FROM learnt_names WHERE household_id = $1 AND id = $2",
            household,
            id
        ))
        .await
}

/// The last word on what the same words mean.
pub(crate) fn put_learnt_name(batch: &mut Batch, household: HouseholdId, name: &LearntName, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO learnt_names (id, household_id, words, name, category, learnt_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (household_id, words) DO UPDATE SET name = $4, category = $5, learnt_at = $6",
        name.id,
        household,
        &name.words,
        &name.name,
        name.category.clone(),
        now
    ));
}

pub(crate) fn delete_learnt_name(batch: &mut Batch, household: HouseholdId, id: LearntNameId) {
    batch.add(sql!("DELETE FROM learnt_names WHERE household_id = $1 AND id = $2", household, id));
}

/// When somebody's address for the mail of a household was made.
pub(crate) async fn mail_address(
    database: &Database,
    household: HouseholdId,
    user: UserId,
) -> Result<Option<Timestamp>, DbError> {
    let row: Option<(Timestamp,)> = database
        .optional(sql!(
            "SELECT made_at FROM mail_addresses WHERE household_id = $1 AND user_id = $2",
            household,
            user
        ))
        .await?;
    Ok(row.map(|(made_at,)| made_at))
}

/// The one before ends.
pub(crate) fn put_mail_address(
    batch: &mut Batch,
    household: HouseholdId,
    user: UserId,
    hash: &[u8],
    now: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO mail_addresses (household_id, user_id, hash, made_at, hour, taken)
         VALUES ($1, $2, $3, $4, 0, 0)
         ON CONFLICT (household_id, user_id) DO UPDATE SET hash = $3, made_at = $4",
        household,
        user,
        hash.to_vec(),
        now
    ));
}

pub(crate) fn delete_mail_address(batch: &mut Batch, household: HouseholdId, user: UserId) {
    batch.add(sql!("DELETE FROM mail_addresses WHERE household_id = $1 AND user_id = $2", household, user));
}

/// Whose an address is. Whoever brings mail is nobody: what they know of the address says for whom it is.
pub(crate) async fn mail_addressee(database: &Database, hash: &[u8]) -> Result<Option<Addressee>, DbError> {
    let row: Option<(UserId, HouseholdId)> = database
        .optional(sql!("SELECT user_id, household_id FROM mail_addresses WHERE hash = $1", hash.to_vec()))
        .await?;
    Ok(row.map(|(user, household)| Addressee { user, household }))
}

/// Counts a mail for an address in an hour; whether there may be another.
pub(crate) async fn count_mail(
    database: &Database,
    hash: &[u8],
    hour: i64,
    limit: i64,
) -> Result<bool, DbError> {
    let counted: Vec<(i64,)> = database
        .claim(sql!(
            "UPDATE mail_addresses SET taken = CASE WHEN hour = $2 THEN taken + 1 ELSE 1 END, hour = $2
             WHERE hash = $1 AND (hour <> $2 OR taken < $3)
             RETURNING taken",
            hash.to_vec(),
            hour,
            limit
        ))
        .await?;
    Ok(!counted.is_empty())
}

/// A message that came by some way, and the answer to it.
#[derive(Debug)]
pub(crate) struct ByMail {
    pub(crate) id: MessageId,
    pub(crate) came_at: Timestamp,
    pub(crate) answer: Answer,
}

/// What came to somebody by a way, the newest first.
pub(crate) async fn by_channel(
    database: &Database,
    household: HouseholdId,
    user: UserId,
    channel: &str,
    limit: u16,
) -> Result<Vec<ByMail>, DbError> {
    let rows: Vec<(MessageId, Timestamp, Json<Answer>)> = database
        .all(sql!(
            "SELECT id, created_at, answer FROM messages
             WHERE household_id = $1 AND user_id = $2 AND channel = $3
             ORDER BY created_at DESC LIMIT $4",
            household,
            user,
            channel,
            i64::from(limit)
        ))
        .await?;
    Ok(rows.into_iter().map(|(id, came_at, Json(answer))| ByMail { id, came_at, answer }).collect())
}

/// Forgets the words of somebody wherever they said them, and all of households that ended with them.
pub(crate) fn erase(batch: &mut Batch, erasing: &AccountErasing) {
    for statement in [
        sql!("DELETE FROM askings WHERE user_id = $1", erasing.user),
        sql!("DELETE FROM model_answers WHERE user_id = $1", erasing.user),
        sql!("DELETE FROM model_days WHERE user_id = $1", erasing.user),
        sql!("DELETE FROM forwarded WHERE user_id = $1", erasing.user),
        sql!("DELETE FROM mail_addresses WHERE user_id = $1", erasing.user),
    ] {
        batch.add(statement);
    }
    for household in erasing.ended() {
        batch.add(sql!("DELETE FROM askings WHERE household_id = $1", household));
        batch.add(sql!("DELETE FROM messages WHERE household_id = $1", household));
        batch.add(sql!("DELETE FROM forwarded WHERE household_id = $1", household));
        batch.add(sql!("DELETE FROM mail_addresses WHERE household_id = $1", household));
        batch.add(sql!("DELETE FROM read_names WHERE household_id = $1", household));
        batch.add(sql!("DELETE FROM learnt_names WHERE household_id = $1", household));
    }
    for (household, _) in erasing.staying() {
        batch.add(sql!(
            "DELETE FROM messages WHERE household_id = $1 AND user_id = $2",
            household,
            erasing.user
        ));
    }
}
