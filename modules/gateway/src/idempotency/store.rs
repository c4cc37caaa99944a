//! What became of writes that may be repeated.

use jiff::Timestamp;
use kernel::UserId;
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// A write that came before by the same key.
pub(super) struct Before {
    pub(super) fingerprint: Vec<u8>,
    /// Its status and its answer, sealed; nothing while it is being worked on.
    pub(super) answer: Option<(i64, Vec<u8>)>,
}

impl FromRow for Before {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (fingerprint, status, answer) =
            (row.take()?, row.take::<Option<i64>>()?, row.take::<Option<Vec<u8>>>()?);
        Ok(Self { fingerprint, answer: status.zip(answer) })
    }
}

/// Since when things count: what began before is over, or was given up by a process that is no more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    pub(super) kept: Timestamp,
    pub(super) worked_on: Timestamp,
}

/// Takes a key for a write that begins now; whether it was free. It is where nothing holds it that still counts.
pub(super) async fn claim(
    database: &Database,
    user: UserId,
    key: &str,
    fingerprint: &[u8],
    now: Timestamp,
    since: Since,
) -> Result<bool, DbError> {
    let claimed: Vec<(String,)> = database
        .claim(sql!(
            "INSERT INTO repeatable (user_id, key, fingerprint, begun_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, key) DO UPDATE SET
                 fingerprint = excluded.fingerprint, begun_at = excluded.begun_at, status = NULL, answer = NULL
             WHERE repeatable.begun_at < $5
                OR (repeatable.status IS NULL AND repeatable.begun_at < $6
                    AND repeatable.fingerprint = excluded.fingerprint)
             RETURNING key",
            user,
            key,
            fingerprint.to_vec(),
            now,
            since.kept,
            since.worked_on
        ))
        .await?;
    Ok(!claimed.is_empty())
}

pub(super) async fn before(database: &Database, user: UserId, key: &str) -> Result<Option<Before>, DbError> {
    database
        .optional(sql!(
            "SELECT fingerprint, status, answer FROM repeatable WHERE user_id = $1 AND key = $2",
            user,
            key
        ))
        .await
}

/// Keeps the answer of the write that took the key at `begun`.
pub(super) fn answered(
    batch: &mut Batch,
    user: UserId,
    key: &str,
    begun: Timestamp,
    status: u16,
    answer: Vec<u8>,
) {
    batch.add(sql!(
        "UPDATE repeatable SET status = $4, answer = $5 WHERE user_id = $1 AND key = $2 AND begun_at = $3",
        user,
        key,
        begun,
        i64::from(status),
        answer
    ));
}

/// Gives back the key that was taken at `begun`: nothing came of the write.
pub(super) fn release(batch: &mut Batch, user: UserId, key: &str, begun: Timestamp) {
    batch.add(sql!(
        "DELETE FROM repeatable WHERE user_id = $1 AND key = $2 AND begun_at = $3 AND status IS NULL",
        user,
        key,
        begun
    ));
}

/// Forgets up to `limit` of what began before an instant; how many it were.
pub(super) async fn forget(database: &Database, before: Timestamp, limit: i64) -> Result<usize, DbError> {
    let gone: Vec<(String,)> = database
        .claim(sql!(
            "DELETE FROM repeatable WHERE (user_id, key) IN
                 (SELECT user_id, key FROM repeatable WHERE begun_at < $1 ORDER BY begun_at LIMIT $2)
             RETURNING key",
            before,
            limit
        ))
        .await?;
    Ok(gone.len())
}

/// Forgets all of somebody.
pub(super) fn erase(batch: &mut Batch, user: UserId) {
    batch.add(sql!("DELETE FROM repeatable WHERE user_id = $1", user));
}
