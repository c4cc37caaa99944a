use jiff::Timestamp;
use kernel::{EventId, HouseholdId, UserId, WebhookId, WebhookMessageId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};
use uuid::Uuid;

use super::{Attempt, DeliveryState};
use crate::domain::ChannelState;

/// The most that a household can have.
pub(crate) const MOST_WEBHOOKS: i64 = 20;

/// An address that is told of events, as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct KeptWebhook {
    pub(crate) id: WebhookId,
    pub(crate) household: HouseholdId,
    /// Who set it up: what is theirs alone is told to it too.
    pub(crate) user: UserId,
    pub(crate) name: String,
    /// Sealed.
    pub(crate) config: Vec<u8>,
    /// Of what it is told; of everything where none is named.
    pub(crate) kinds: Vec<String>,
    pub(crate) state: ChannelState,
    /// Why it was turned off.
    pub(crate) reason: Option<String>,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// How often in a row it did not take something.
    pub(crate) failures: i64,
    /// Until when it is left alone.
    pub(crate) rests_until: Option<Timestamp>,
}

impl FromRow for KeptWebhook {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            household: row.take()?,
            user: row.take()?,
            name: row.take()?,
            config: row.take()?,
            kinds: row.take::<Json<_>>()?.0,
            state: row.parse()?,
            reason: row.take()?,
            version: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
            failures: row.take()?,
            rests_until: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, household_id, user_id, name, config, kinds, state, reason, version, created_at, updated_at, failures, rests_until"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM webhooks ", $rest)
    };
}

pub(crate) async fn webhooks(
    database: &Database,
    household: HouseholdId,
) -> Result<Vec<KeptWebhook>, DbError> {
    database
        .all(sql!(select!("WHERE household_id = $1 ORDER BY id LIMIT $2"), household, MOST_WEBHOOKS))
        .await
}

/// Those of a household that somebody set up.
pub(crate) async fn webhooks_of(
    database: &Database,
    household: HouseholdId,
    user: UserId,
) -> Result<Vec<KeptWebhook>, DbError> {
    let statement = sql!(
        select!("WHERE household_id = $1 AND user_id = $2 ORDER BY id LIMIT $3"),
        household,
        user,
        MOST_WEBHOOKS
    );
    database.all(statement).await
}

pub(crate) async fn webhook(
    database: &Database,
    household: HouseholdId,
    id: WebhookId,
) -> Result<Option<KeptWebhook>, DbError> {
    database.optional(sql!(select!("WHERE id = $2 AND household_id = $1"), household, id)).await
}

/// One of anybody's, for whoever tells it.
pub(crate) async fn webhook_for_all(
    database: &Database,
    id: WebhookId,
) -> Result<Option<KeptWebhook>, DbError> {
    database.optional(sql!(select!("WHERE id = $1"), id)).await
}

pub(crate) fn insert_webhook(batch: &mut Batch, new: &KeptWebhook) {
    batch.add(sql!(
        "INSERT INTO webhooks (id, household_id, user_id, name, config, kinds, state, reason, version, created_at,
                               updated_at, rung, failures)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 1, $8, $8, 0, 0)",
        new.id,
        new.household,
        new.user,
        &new.name,
        new.config.clone(),
        Value::json(&new.kinds),
        new.state.as_str(),
        new.created_at
    ));
}

/// Stores one where it is still as it was found. What rested is tried again: it may be mended.
pub(crate) fn update_webhook(batch: &mut Batch, webhook: &KeptWebhook, found: i64, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE webhooks SET name = $4, config = $5, kinds = $6, state = $7, reason = $8, version = version + 1,
                    updated_at = $9, failures = 0, rests_until = NULL
             WHERE id = $2 AND household_id = $1 AND version = $3",
            webhook.household,
            webhook.id,
            found,
            &webhook.name,
            webhook.config.clone(),
            Value::json(&webhook.kinds),
            webhook.state.as_str(),
            webhook.reason.clone(),
            now
        ),
    );
}

/// Takes one away, and all it was told.
pub(crate) fn delete_webhook(batch: &mut Batch, household: HouseholdId, id: WebhookId, found: i64) {
    batch.expect(
        1,
        sql!(
            "DELETE FROM webhooks WHERE id = $2 AND household_id = $1 AND version = $3",
            household,
            id,
            found
        ),
    );
    batch.add(sql!(
        "DELETE FROM webhook_messages WHERE webhook_id = $2 AND household_id = $1",
        household,
        id
    ));
    batch.add(sql!(
        "DELETE FROM webhook_attempts WHERE webhook_id = $2 AND household_id = $1",
        household,
        id
    ));
}

/// It is turned off, and what was still to be told is not.
pub(crate) fn break_webhook(batch: &mut Batch, webhook: &KeptWebhook, reason: &str, now: Timestamp) {
    batch.add(sql!(
        "UPDATE webhooks SET state = 'broken', reason = $3, version = version + 1, updated_at = $4
         WHERE id = $2 AND household_id = $1",
        webhook.household,
        webhook.id,
        reason,
        now
    ));
    stop_messages(batch, webhook.household, webhook.id, "the webhook was turned off", now);
}

/// Something is to be told. Whoever holds it at this moment finds out when they give it back.
pub(crate) fn ring_webhook(batch: &mut Batch, household: HouseholdId, id: WebhookId, at: Timestamp) {
    batch.add(sql!(
        "UPDATE webhooks SET rung = rung + 1,
                wakes_at = CASE WHEN wakes_at IS NULL OR wakes_at > $3 THEN $3 ELSE wakes_at END
         WHERE id = $2 AND household_id = $1",
        household,
        id,
        at
    ));
}

/// The right to tell an address, until it runs out.
#[derive(Debug, Clone)]
pub(crate) struct HeldWebhook {
    pub(crate) webhook: KeptWebhook,
    pub(crate) lease: Uuid,
}

/// Takes those for which something is due, the longest waiting first. `now` is the time of what is planned; leases go by
/// the machine's clock.
pub(crate) async fn claim_webhooks(
    database: &Database,
    now: Timestamp,
    (wall, until): (Timestamp, Timestamp),
    lease: Uuid,
    limit: i64,
) -> Result<Vec<HeldWebhook>, DbError> {
    let found: Vec<KeptWebhook> = database
        .claim(sql!(
            concat!(
                "UPDATE webhooks SET lease = $1, leased_until = $2
                 WHERE id IN (SELECT id FROM webhooks
                              WHERE wakes_at <= $3 AND (rests_until IS NULL OR rests_until <= $3)
                                AND (leased_until IS NULL OR leased_until <= $4)
                              ORDER BY wakes_at LIMIT $5 FOR UPDATE SKIP LOCKED)
                 RETURNING ",
                columns!()
            ),
            lease,
            until,
            now,
            wall,
            limit
        ))
        .await?;
    Ok(found.into_iter().map(|webhook| HeldWebhook { webhook, lease }).collect())
}

/// What `rung` is, and whether there is something left to tell.
pub(crate) async fn settle_webhook(
    database: &Database,
    id: WebhookId,
) -> Result<Option<(i64, bool)>, DbError> {
    let found: Option<(i64, Option<i64>)> = database
        .optional(sql!(
            "SELECT rung, (SELECT min(sequence) FROM webhook_messages
                           WHERE webhook_id = webhooks.id AND state = 'planned')
             FROM webhooks WHERE id = $1",
            id
        ))
        .await?;
    Ok(found.map(|(rung, first)| (rung, first.is_some())))
}

/// Gives one back. When something was added since `rung` was read, it is looked at again at once.
pub(crate) fn release_webhook(
    batch: &mut Batch,
    held: &HeldWebhook,
    (rung, left): (i64, bool),
    (failures, rests_until): (i64, Option<Timestamp>),
    now: Timestamp,
) {
    batch.add(sql!(
        "UPDATE webhooks SET lease = NULL, leased_until = NULL, failures = $3, rests_until = $4, wakes_at = $5
         WHERE id = $1 AND lease = $2 AND rung = $6",
        held.webhook.id,
        held.lease,
        failures,
        rests_until,
        left.then_some(now),
        rung
    ));
    // The first has given it back, unless it was rung.
    batch.add(sql!(
        "UPDATE webhooks SET lease = NULL, leased_until = NULL, failures = $3, rests_until = $4, wakes_at = $5
         WHERE id = $1 AND lease = $2",
        held.webhook.id,
        held.lease,
        failures,
        rests_until,
        now
    ));
}

/// What somebody held who is gone is nobody's.
pub(crate) fn give_back_webhooks(batch: &mut Batch, lease: Uuid) {
    batch.add(sql!(
        "UPDATE webhooks SET lease = NULL, leased_until = NULL WHERE wakes_at IS NOT NULL AND lease = $1",
        lease
    ));
}

/// Something to tell an address.
#[derive(Debug, Clone)]
pub(crate) struct NewMessage {
    pub(crate) id: WebhookMessageId,
    pub(crate) household: HouseholdId,
    pub(crate) webhook: WebhookId,
    pub(crate) event: EventId,
    pub(crate) kind: String,
    pub(crate) body: String,
    /// Why it is not told, where it is not.
    pub(crate) missed: Option<&'static str>,
    pub(crate) now: Timestamp,
}

/// Writes one down; nothing changes when that event was written down already.
pub(crate) fn insert_message(batch: &mut Batch, new: &NewMessage) {
    let state = if new.missed.is_some() { DeliveryState::Cancelled } else { DeliveryState::Planned };
    batch.add(sql!(
        "INSERT INTO webhook_messages (id, household_id, webhook_id, event_id, kind, body, state, reason, tries, tried,
                                       created_at, finished_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, $10) ON CONFLICT (webhook_id, event_id) DO NOTHING",
        new.id,
        new.household,
        new.webhook,
        new.event,
        &new.kind,
        &new.body,
        state.as_str(),
        new.missed.map(str::to_owned),
        new.now,
        new.missed.map(|_| new.now)
    ));
}

/// What is to be told next.
#[derive(Debug, Clone)]
pub(crate) struct NextMessage {
    pub(crate) id: WebhookMessageId,
    pub(crate) kind: String,
    pub(crate) body: String,
    pub(crate) tries: i64,
    pub(crate) tried: i64,
}

impl FromRow for NextMessage {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, kind, body, tries) = (row.take()?, row.take()?, row.take()?, row.take()?);
        Ok(Self { id, kind, body, tries, tried: row.take()? })
    }
}

/// The first that is still to be told: nothing overtakes it.
pub(crate) async fn next_message(database: &Database, id: WebhookId) -> Result<Option<NextMessage>, DbError> {
    database
        .optional(sql!(
            "SELECT id, kind, body, tries, tried FROM webhook_messages
             WHERE webhook_id = $1 AND state = 'planned' ORDER BY sequence LIMIT 1",
            id
        ))
        .await
}

/// It was taken.
pub(crate) fn finish_message(batch: &mut Batch, id: WebhookMessageId, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE webhook_messages SET state = 'sent', reason = NULL, tries = tries + 1, tried = tried + 1,
                    finished_at = $2
             WHERE id = $1 AND state = 'planned'",
            id,
            now
        ),
    );
}

/// It is given up.
pub(crate) fn fail_message(batch: &mut Batch, id: WebhookMessageId, reason: &str, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE webhook_messages SET state = 'failed', reason = $2, tries = tries + 1, tried = tried + 1,
                    finished_at = $3
             WHERE id = $1 AND state = 'planned'",
            id,
            reason,
            now
        ),
    );
}

/// It is tried again.
pub(crate) fn put_off_message(batch: &mut Batch, id: WebhookMessageId, reason: &str) {
    batch.expect(
        1,
        sql!(
            "UPDATE webhook_messages SET reason = $2, tries = tries + 1, tried = tried + 1
             WHERE id = $1 AND state = 'planned'",
            id,
            reason
        ),
    );
}

/// What was still to be told is not.
pub(crate) fn stop_messages(
    batch: &mut Batch,
    household: HouseholdId,
    id: WebhookId,
    reason: &str,
    now: Timestamp,
) {
    batch.add(sql!(
        "UPDATE webhook_messages SET state = 'cancelled', reason = $3, finished_at = $4
         WHERE webhook_id = $2 AND household_id = $1 AND state = 'planned'",
        household,
        id,
        reason,
        now
    ));
}

/// One is told once more, with all tries ahead of it.
pub(crate) fn plan_again(batch: &mut Batch, household: HouseholdId, id: WebhookMessageId) {
    batch.expect(
        1,
        sql!(
            "UPDATE webhook_messages SET state = 'planned', reason = NULL, tries = 0, finished_at = NULL
             WHERE id = $2 AND household_id = $1 AND state <> 'planned'",
            household,
            id
        ),
    );
}

/// All that an address has not taken are told once more, in their order.
pub(crate) fn plan_missed_again(batch: &mut Batch, household: HouseholdId, id: WebhookId) {
    batch.add(sql!(
        "UPDATE webhook_messages SET state = 'planned', reason = NULL, tries = 0, finished_at = NULL
         WHERE webhook_id = $2 AND household_id = $1 AND state IN ('failed', 'cancelled')",
        household,
        id
    ));
}

/// What an address was told, or is to be.
#[derive(Debug, Clone)]
pub(crate) struct KeptMessage {
    pub(crate) sequence: i64,
    pub(crate) id: WebhookMessageId,
    pub(crate) event: EventId,
    pub(crate) kind: String,
    pub(crate) body: String,
    pub(crate) state: DeliveryState,
    pub(crate) reason: Option<String>,
    pub(crate) tried: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) finished_at: Option<Timestamp>,
}

impl FromRow for KeptMessage {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            sequence: row.take()?,
            id: row.take()?,
            event: row.take()?,
            kind: row.take()?,
            body: row.take()?,
            state: row.parse()?,
            reason: row.take()?,
            tried: row.take()?,
            created_at: row.take()?,
            finished_at: row.take()?,
        })
    }
}

/// Those of an address, the newest first, behind a place.
pub(crate) async fn messages(
    database: &Database,
    household: HouseholdId,
    id: WebhookId,
    state: Option<DeliveryState>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<KeptMessage>, DbError> {
    database
        .all(sql!(
            "SELECT sequence, id, event_id, kind, body, state, reason, tried, created_at, finished_at
             FROM webhook_messages
             WHERE webhook_id = $2 AND household_id = $1 AND sequence < $3 AND ($4 = '' OR state = $4)
             ORDER BY sequence DESC LIMIT $5",
            household,
            id,
            before.unwrap_or(i64::MAX),
            state.map(DeliveryState::as_str).unwrap_or_default(),
            limit
        ))
        .await
}

pub(crate) async fn message(
    database: &Database,
    household: HouseholdId,
    webhook: WebhookId,
    id: WebhookMessageId,
) -> Result<Option<KeptMessage>, DbError> {
    database
        .optional(sql!(
            "SELECT sequence, id, event_id, kind, body, state, reason, tried, created_at, finished_at
             FROM webhook_messages WHERE id = $3 AND webhook_id = $2 AND household_id = $1",
            household,
            webhook,
            id
        ))
        .await
}

pub(crate) fn insert_message_attempt(
    batch: &mut Batch,
    webhook: &KeptWebhook,
    message: WebhookMessageId,
    attempt: &Attempt,
) {
    batch.add(sql!(
        "INSERT INTO webhook_attempts (household_id, webhook_id, message_id, number, outcome, said, began_at, took_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        webhook.household,
        webhook.id,
        message,
        attempt.number,
        &attempt.outcome,
        &attempt.said,
        attempt.began_at,
        attempt.took_ms
    ));
}

/// The tries of one message, in their order.
pub(crate) async fn message_attempts(
    database: &Database,
    household: HouseholdId,
    message: WebhookMessageId,
) -> Result<Vec<Attempt>, DbError> {
    database
        .all(sql!(
            "SELECT number, outcome, said, began_at, took_ms FROM webhook_attempts
             WHERE message_id = $2 AND household_id = $1 ORDER BY number LIMIT 100",
            household,
            message
        ))
        .await
}

/// A try, and of which message.
#[derive(Debug, Clone)]
pub(crate) struct KeptAttempt {
    pub(crate) sequence: i64,
    pub(crate) message: WebhookMessageId,
    pub(crate) attempt: Attempt,
}

impl FromRow for KeptAttempt {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (sequence, message) = (row.take()?, row.take()?);
        Ok(Self { sequence, message, attempt: Attempt::from_row(row)? })
    }
}

/// The tries at an address, the newest first, behind a place.
pub(crate) async fn webhook_attempts(
    database: &Database,
    household: HouseholdId,
    id: WebhookId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<KeptAttempt>, DbError> {
    database
        .all(sql!(
            "SELECT sequence, message_id, number, outcome, said, began_at, took_ms FROM webhook_attempts
             WHERE webhook_id = $2 AND household_id = $1 AND sequence < $3 ORDER BY sequence DESC LIMIT $4",
            household,
            id,
            before.unwrap_or(i64::MAX),
            limit
        ))
        .await
}

/// Forgets what is old, but for what is still to be told; whether there may be more.
pub(crate) async fn forget_messages(
    database: &Database,
    before: Timestamp,
    limit: i64,
) -> Result<bool, DbError> {
    let messages: Vec<(i64,)> = database
        .claim(sql!(
            "DELETE FROM webhook_messages WHERE sequence IN
                 (SELECT sequence FROM webhook_messages WHERE created_at < $1 AND state <> 'planned'
                  ORDER BY created_at LIMIT $2)
             RETURNING sequence",
            before,
            limit
        ))
        .await?;
    let attempts: Vec<(i64,)> = database
        .claim(sql!(
            "DELETE FROM webhook_attempts WHERE sequence IN
                 (SELECT sequence FROM webhook_attempts WHERE began_at < $1 ORDER BY began_at LIMIT $2)
             RETURNING sequence",
            before,
            limit
        ))
        .await?;
    Ok([messages.len(), attempts.len()].iter().any(|gone| i64::try_from(*gone) == Ok(limit)))
}
