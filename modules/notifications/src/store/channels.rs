use jiff::Timestamp;
use kernel::{ChannelId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};
use uuid::Uuid;

use crate::domain::{ChannelKind, ChannelState};

/// A channel as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct KeptChannel {
    pub(crate) id: ChannelId,
    pub(crate) user: UserId,
    pub(crate) kind: ChannelKind,
    pub(crate) name: String,
    /// Sealed.
    pub(crate) config: Vec<u8>,
    pub(crate) state: ChannelState,
    /// Why it is broken, in its provider's words.
    pub(crate) reason: Option<String>,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// How often in a row it failed.
    pub(crate) failures: i64,
    /// Until when nothing is tried.
    pub(crate) rests_until: Option<Timestamp>,
}

impl FromRow for KeptChannel {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            kind: row.parse()?,
            name: row.take()?,
            config: row.take()?,
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

/// The most channels that somebody can have.
pub(crate) const MOST: i64 = 30;

pub(crate) async fn channels(database: &Database, user: UserId) -> Result<Vec<KeptChannel>, DbError> {
    database
        .all(sql!(
            "SELECT id, user_id, kind, name, config, state, reason, version, created_at, updated_at, failures,
                    rests_until
             FROM channels WHERE user_id = $1 ORDER BY id LIMIT $2",
            user,
            MOST
        ))
        .await
}

pub(crate) async fn channel(
    database: &Database,
    user: UserId,
    id: ChannelId,
) -> Result<Option<KeptChannel>, DbError> {
    database
        .optional(sql!(
            "SELECT id, user_id, kind, name, config, state, reason, version, created_at, updated_at, failures,
                    rests_until
             FROM channels WHERE id = $2 AND user_id = $1",
            user,
            id
        ))
        .await
}

/// One of anybody's, for whoever proves otherwise that they may.
pub(crate) async fn channel_for_all(
    database: &Database,
    id: ChannelId,
) -> Result<Option<KeptChannel>, DbError> {
    database
        .optional(sql!(
            "SELECT id, user_id, kind, name, config, state, reason, version, created_at, updated_at, failures,
                    rests_until
             FROM channels WHERE id = $1",
            id
        ))
        .await
}

/// Keeps a new one; nothing changes when it is there already.
pub(crate) fn insert_channel(batch: &mut Batch, channel: &KeptChannel) {
    batch.add(sql!(
        "INSERT INTO channels (id, user_id, kind, name, config, state, reason, version, created_at, updated_at, rung,
                               failures)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, 0) ON CONFLICT (id) DO NOTHING",
        channel.id,
        channel.user,
        channel.kind.as_str(),
        &channel.name,
        channel.config.clone(),
        channel.state.as_str(),
        channel.reason.clone(),
        channel.version,
        channel.created_at
    ));
}

/// Stores one where it is still as it was found. What rested is looked at again: it may be mended.
pub(crate) fn update_channel(batch: &mut Batch, channel: &KeptChannel, found: i64, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE channels SET name = $4, config = $5, state = $6, reason = $7, version = version + 1, updated_at = $8,
                    failures = 0, rests_until = NULL
             WHERE id = $2 AND user_id = $1 AND version = $3",
            channel.user,
            channel.id,
            found,
            &channel.name,
            channel.config.clone(),
            channel.state.as_str(),
            channel.reason.clone(),
            now
        ),
    );
}

/// Takes one away, and what was still to go by it.
pub(crate) fn delete_channel(batch: &mut Batch, user: UserId, id: ChannelId, found: i64, now: Timestamp) {
    batch.expect(
        1,
        sql!("DELETE FROM channels WHERE id = $2 AND user_id = $1 AND version = $3", user, id, found),
    );
    cancel_all(batch, id, "you took the channel away", now);
}

/// A channel rests no longer.
pub(crate) fn wake_channel(batch: &mut Batch, user: UserId, id: ChannelId) {
    batch.add(sql!("UPDATE channels SET rests_until = NULL WHERE id = $2 AND user_id = $1", user, id));
}

/// What is still to go by a channel is not sent.
pub(crate) fn cancel_all(batch: &mut Batch, id: ChannelId, reason: &str, now: Timestamp) {
    batch.add(sql!(
        "UPDATE deliveries SET state = 'cancelled', reason = $2, wakes_at = NULL, finished_at = $3
         WHERE channel_id = $1 AND state = 'planned'",
        id,
        reason,
        now
    ));
}

/// Says that something is planned for a channel. Whoever holds it at this moment finds out when they give it back.
pub(crate) fn ring_channel(batch: &mut Batch, user: UserId, id: ChannelId, at: Timestamp) {
    batch.add(sql!(
        "UPDATE channels SET rung = rung + 1,
                wakes_at = CASE WHEN wakes_at IS NULL OR wakes_at > $3 THEN $3 ELSE wakes_at END
         WHERE id = $2 AND user_id = $1",
        user,
        id,
        at
    ));
}

/// Of which kinds there are channels on which something is due.
pub(crate) async fn due_kinds(database: &Database, now: Timestamp) -> Result<Vec<ChannelKind>, DbError> {
    let found: Vec<DueKind> = database
        .all(sql!(
            "SELECT kind FROM channels WHERE wakes_at <= $1 AND (rests_until IS NULL OR rests_until <= $1)
             GROUP BY kind LIMIT 100",
            now
        ))
        .await?;
    Ok(found.into_iter().map(|DueKind(kind)| kind).collect())
}

struct DueKind(ChannelKind);

impl FromRow for DueKind {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        row.parse().map(Self)
    }
}

/// The right to work on a channel, until it runs out.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) channel: KeptChannel,
    pub(crate) lease: Uuid,
}

/// Takes channels of a kind on which something is due, the longest waiting first, for as long as a lease holds. `now`
/// is the time of what is planned; leases go by the machine's clock.
pub(crate) async fn claim_channels(
    database: &Database,
    kind: ChannelKind,
    now: Timestamp,
    (wall, until): (Timestamp, Timestamp),
    lease: Uuid,
    limit: i64,
) -> Result<Vec<Held>, DbError> {
    let found: Vec<KeptChannel> = database
        .claim(sql!(
            "UPDATE channels SET lease = $1, leased_until = $2
             WHERE id IN (SELECT id FROM channels
                          WHERE kind = $3 AND wakes_at <= $4 AND (rests_until IS NULL OR rests_until <= $4)
                            AND (leased_until IS NULL OR leased_until <= $5)
                          ORDER BY wakes_at LIMIT $6 FOR UPDATE SKIP LOCKED)
             RETURNING id, user_id, kind, name, config, state, reason, version, created_at, updated_at, failures,
                       rests_until",
            lease,
            until,
            kind.as_str(),
            now,
            wall,
            limit
        ))
        .await?;
    Ok(found.into_iter().map(|channel| Held { channel, lease }).collect())
}

/// Gives a channel back. `rung` is what it was when `wakes_at` was found out: when something was planned since, it is
/// looked at again at once instead.
pub(crate) fn release_channel(
    batch: &mut Batch,
    held: &Held,
    rung: i64,
    (failures, rests_until): (i64, Option<Timestamp>),
    (wakes_at, now): (Option<Timestamp>, Timestamp),
) {
    let give_back = |rung: Option<i64>, wakes_at: Option<Timestamp>| {
        match rung {
        Some(rung) => sql!(
            "UPDATE channels SET lease = NULL, leased_until = NULL, failures = $3, rests_until = $4, wakes_at = $5
             WHERE id = $1 AND lease = $2 AND rung = $6",
            held.channel.id,
            held.lease,
            failures,
            rests_until,
            wakes_at,
            rung
        ),
        None => sql!(
            "UPDATE channels SET lease = NULL, leased_until = NULL, failures = $3, rests_until = $4, wakes_at = $5
             WHERE id = $1 AND lease = $2",
            held.channel.id,
            held.lease,
            failures,
            rests_until,
            wakes_at
        ),
    }
    };
    batch.add(give_back(Some(rung), wakes_at));
    // The first has given it back, unless it was rung.
    batch.add(give_back(None, Some(now)));
}

/// What somebody held who is gone is nobody's.
pub(crate) fn give_back_channels(batch: &mut Batch, lease: Uuid) {
    batch.add(sql!(
        "UPDATE channels SET lease = NULL, leased_until = NULL WHERE wakes_at IS NOT NULL AND lease = $1",
        lease
    ));
}

/// When there is next something to send by a channel, and what it had been rung to when that was so.
pub(crate) async fn next_wake(
    database: &Database,
    id: ChannelId,
) -> Result<Option<(i64, Option<Timestamp>)>, DbError> {
    database
        .optional(sql!(
            "SELECT rung, (SELECT min(wakes_at) FROM deliveries
                           WHERE channel_id = channels.id AND state = 'planned')
             FROM channels WHERE id = $1",
            id
        ))
        .await
}

/// A channel works no more, by its provider's word: what was still to go by it is not sent.
pub(crate) fn break_channel(batch: &mut Batch, user: UserId, id: ChannelId, reason: &str, now: Timestamp) {
    batch.add(sql!(
        "UPDATE channels SET state = 'broken', reason = $3, version = version + 1, updated_at = $4
         WHERE id = $2 AND user_id = $1",
        user,
        id,
        reason,
        now
    ));
    cancel_all(batch, id, "the channel stopped working", now);
}
