use jiff::Timestamp;
use kernel::{ChannelId, DeliveryId, NotificationId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row},
    sql,
};
use uuid::Uuid;

use crate::domain::{Facts, Kind};

/// The inbox, where channels are named by id.
pub(crate) const INBOX: ChannelId = ChannelId::from_uuid(Uuid::nil());

/// Where a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DeliveryState {
    /// To come, for the first time or again.
    Planned,
    /// Taken by the provider.
    Sent,
    /// Given up.
    Failed,
    /// Not to be sent.
    Cancelled,
}

impl DeliveryState {
    /// Every one.
    pub(crate) const ALL: [Self; 4] = [Self::Planned, Self::Sent, Self::Failed, Self::Cancelled];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A text that names no state.
#[derive(Debug, thiserror::Error)]
#[error("must be one of planned, sent, failed, cancelled")]
pub(crate) struct DeliveryStateError;

impl std::str::FromStr for DeliveryState {
    type Err = DeliveryStateError;

    fn from_str(text: &str) -> Result<Self, DeliveryStateError> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(DeliveryStateError)
    }
}

/// A notification that is to go by one channel, or why it is not.
#[derive(Debug, Clone)]
pub(crate) struct NewDelivery {
    pub(crate) id: DeliveryId,
    pub(crate) user: UserId,
    pub(crate) notification: NotificationId,
    pub(crate) channel: ChannelId,
    pub(crate) channel_kind: &'static str,
    pub(crate) round: i64,
    pub(crate) digest: bool,
    pub(crate) state: DeliveryState,
    pub(crate) reason: Option<String>,
    pub(crate) planned_for: Timestamp,
    pub(crate) now: Timestamp,
}

pub(crate) fn insert_delivery(batch: &mut Batch, new: &NewDelivery) {
    let open = new.state == DeliveryState::Planned;
    batch.add(sql!(
        "INSERT INTO deliveries (id, user_id, notification_id, channel_id, channel_kind, round, digest, state, reason,
                                 planned_for, wakes_at, tries, created_at, finished_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13)",
        new.id,
        new.user,
        new.notification,
        new.channel,
        new.channel_kind,
        new.round,
        new.digest,
        new.state.as_str(),
        new.reason.clone(),
        new.planned_for,
        open.then_some(new.planned_for),
        new.now,
        (!open).then_some(new.now)
    ));
}

/// A delivery as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct KeptDelivery {
    pub(crate) id: DeliveryId,
    pub(crate) notification: NotificationId,
    pub(crate) channel: ChannelId,
    pub(crate) channel_kind: String,
    pub(crate) round: i64,
    pub(crate) digest: bool,
    pub(crate) state: DeliveryState,
    pub(crate) reason: Option<String>,
    pub(crate) planned_for: Timestamp,
    pub(crate) next_try_at: Option<Timestamp>,
    pub(crate) tries: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) finished_at: Option<Timestamp>,
    /// Of the notification.
    pub(crate) kind: Kind,
    pub(crate) facts: Facts,
}

impl FromRow for KeptDelivery {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let mut delivery = Self {
            id: row.take()?,
            notification: row.take()?,
            channel: row.take()?,
            channel_kind: row.take()?,
            round: row.take()?,
            digest: row.take()?,
            state: row.parse()?,
            reason: row.take()?,
            planned_for: row.take()?,
            next_try_at: row.take()?,
            tries: row.take()?,
            created_at: row.take()?,
            finished_at: row.take()?,
            kind: row.parse()?,
            facts: row.take::<Json<Facts>>()?.0,
        };
        // That it waits says the state; when for, only after a first try.
        delivery.next_try_at = delivery.next_try_at.filter(|_| delivery.tries > 0);
        Ok(delivery)
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.notification_id, d.channel_id, d.channel_kind, d.round, d.digest, d.state, d.reason, ",
            "d.planned_for, d.wakes_at, d.tries, d.created_at, d.finished_at, n.kind, n.facts ",
            "FROM deliveries AS d JOIN notifications AS n ON n.id = d.notification_id ",
            $rest
        )
    };
}

/// The place of a delivery in the log, the newest first.
pub(crate) type DeliveryPlace = DeliveryId;

/// Somebody's log, of one channel where one is named.
pub(crate) async fn deliveries(
    database: &Database,
    user: UserId,
    channel: Option<ChannelId>,
    state: Option<DeliveryState>,
    after: Option<DeliveryPlace>,
    limit: i64,
) -> Result<Vec<KeptDelivery>, DbError> {
    let after = after.unwrap_or(DeliveryId::from_uuid(Uuid::max()));
    let state = state.map(DeliveryState::as_str).unwrap_or_default();
    match channel {
        Some(channel) => {
            database
                .all(sql!(
                    select!(
                    "WHERE d.user_id = $1 AND d.id < $2 AND ($3 = '' OR d.state = $3) AND d.channel_id = $5
                         ORDER BY d.id DESC LIMIT $4"
                ),
                    user,
                    after,
                    state,
                    limit,
                    channel
                ))
                .await
        }
        None => {
            database
                .all(sql!(
                    select!(
                        "WHERE d.user_id = $1 AND d.id < $2 AND ($3 = '' OR d.state = $3)
                         ORDER BY d.id DESC LIMIT $4"
                    ),
                    user,
                    after,
                    state,
                    limit
                ))
                .await
        }
    }
}

/// What became of one notification, in the order in which it was planned.
pub(crate) async fn deliveries_of(
    database: &Database,
    user: UserId,
    notification: NotificationId,
) -> Result<Vec<KeptDelivery>, DbError> {
    database
        .all(sql!(
            select!("WHERE d.notification_id = $2 AND d.user_id = $1 ORDER BY d.id LIMIT 200"),
            user,
            notification
        ))
        .await
}

pub(crate) async fn delivery(
    database: &Database,
    user: UserId,
    id: DeliveryId,
) -> Result<Option<KeptDelivery>, DbError> {
    database.optional(sql!(select!("WHERE d.id = $2 AND d.user_id = $1"), user, id)).await
}

/// The last round in which a notification was sent.
pub(crate) async fn last_round(
    database: &Database,
    user: UserId,
    notification: NotificationId,
) -> Result<i64, DbError> {
    let found: Option<(Option<i64>,)> = database
        .optional(sql!(
            "SELECT max(round) FROM deliveries WHERE notification_id = $2 AND user_id = $1",
            user,
            notification
        ))
        .await?;
    Ok(found.and_then(|(round,)| round).unwrap_or(0))
}

/// What is open of a notification is not sent any more; after that somebody decided so.
pub(crate) fn cancel_deliveries(
    batch: &mut Batch,
    user: UserId,
    notification: NotificationId,
    reason: &str,
    now: Timestamp,
) {
    batch.add(sql!(
        "UPDATE deliveries SET state = 'cancelled', reason = $3, wakes_at = NULL, finished_at = $4
         WHERE notification_id = $2 AND user_id = $1 AND state = 'planned'",
        user,
        notification,
        reason,
        now
    ));
}

/// One try, and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) number: i64,
    pub(crate) outcome: String,
    pub(crate) said: String,
    pub(crate) began_at: Timestamp,
    pub(crate) took_ms: i64,
}

impl FromRow for Attempt {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (number, outcome, said, began_at) = (row.take()?, row.take()?, row.take()?, row.take()?);
        Ok(Self { number, outcome, said, began_at, took_ms: row.take()? })
    }
}

pub(crate) async fn attempts(
    database: &Database,
    user: UserId,
    delivery: DeliveryId,
) -> Result<Vec<Attempt>, DbError> {
    database
        .all(sql!(
            "SELECT number, outcome, said, began_at, took_ms FROM attempts
             WHERE delivery_id = $2 AND user_id = $1 ORDER BY number LIMIT 100",
            user,
            delivery
        ))
        .await
}

pub(crate) fn insert_attempt(batch: &mut Batch, user: UserId, delivery: DeliveryId, attempt: &Attempt) {
    batch.add(sql!(
        "INSERT INTO attempts (delivery_id, number, user_id, outcome, said, began_at, took_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        delivery,
        attempt.number,
        user,
        &attempt.outcome,
        &attempt.said,
        attempt.began_at,
        attempt.took_ms
    ));
}

/// What is due on a channel, with the notification it is of.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) id: DeliveryId,
    pub(crate) user: UserId,
    pub(crate) notification: NotificationId,
    pub(crate) digest: bool,
    pub(crate) tries: i64,
    pub(crate) kind: Kind,
    pub(crate) facts: Facts,
    pub(crate) subscription: Option<kernel::SubscriptionId>,
    pub(crate) urgent: bool,
}

impl FromRow for Due {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            notification: row.take()?,
            digest: row.take()?,
            tries: row.take()?,
            kind: row.parse()?,
            facts: row.take::<Json<Facts>>()?.0,
            subscription: row.take()?,
            urgent: row.take()?,
        })
    }
}

/// What is due on a channel, the longest first. What belongs to a digest comes whole or not at all, up to the limit.
pub(crate) async fn due_deliveries(
    database: &Database,
    channel: ChannelId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>, DbError> {
    database
        .all(sql!(
            "SELECT d.id, d.user_id, d.notification_id, d.digest, d.tries, n.kind, n.facts, n.subscription_id, n.urgent
             FROM deliveries AS d JOIN notifications AS n ON n.id = d.notification_id
             WHERE d.channel_id = $1 AND d.state = 'planned' AND d.wakes_at <= $2
             ORDER BY d.wakes_at, d.id LIMIT $3",
            channel,
            now,
            limit
        ))
        .await
}

/// It is over with a delivery.
pub(crate) fn finish_delivery(
    batch: &mut Batch,
    id: DeliveryId,
    tries: i64,
    (state, reason): (DeliveryState, Option<&str>),
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE deliveries SET state = $3, reason = $4, tries = $2, wakes_at = NULL, finished_at = $5
             WHERE id = $1 AND state = 'planned'",
            id,
            tries,
            state.as_str(),
            reason.map(str::to_owned),
            now
        ),
    );
}

/// It is tried again.
pub(crate) fn retry_delivery(batch: &mut Batch, id: DeliveryId, tries: i64, reason: &str, at: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE deliveries SET reason = $3, tries = $2, wakes_at = $4 WHERE id = $1 AND state = 'planned'",
            id,
            tries,
            reason,
            at
        ),
    );
}
