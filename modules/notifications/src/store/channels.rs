use jiff::Timestamp;
use kernel::{ChannelId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::{ChannelKind, ChannelState};

/// A channel as it is kept.
#[derive(Debug, Clone)]
#[expect(dead_code, reason = "what the senders read")]
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
    /// Grows with everything that is planned for it.
    pub(crate) rung: i64,
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
            rung: row.take()?,
        })
    }
}

/// The most channels that somebody can have.
const MOST: i64 = 30;

pub(crate) async fn channels(database: &Database, user: UserId) -> Result<Vec<KeptChannel>, DbError> {
    database
        .all(sql!(
            "SELECT id, user_id, kind, name, config, state, reason, version, created_at, updated_at, failures,
                    rests_until, rung
             FROM channels WHERE user_id = $1 ORDER BY id LIMIT $2",
            user,
            MOST
        ))
        .await
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
