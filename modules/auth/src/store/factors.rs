//! Second factors, and log-ins that owe one.

use jiff::Timestamp;
use kernel::{SessionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use super::SessionKind;
use crate::domain::Methods;

/// The secret that somebody's app shares with us, sealed.
#[derive(Debug, Clone)]
pub(crate) struct KeptTotp {
    pub(crate) secret: Vec<u8>,
    /// Which log-in asked for it.
    pub(crate) session: SessionId,
    pub(crate) created_at: Timestamp,
    /// Since when it counts.
    pub(crate) confirmed_at: Option<Timestamp>,
    /// The step of the newest code that was used.
    pub(crate) last_step: i64,
}

impl FromRow for KeptTotp {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            secret: row.take()?,
            session: row.take()?,
            created_at: row.take()?,
            confirmed_at: row.take()?,
            last_step: row.take()?,
        })
    }
}

pub(crate) async fn totp(database: &Database, user: UserId) -> Result<Option<KeptTotp>, DbError> {
    database
        .optional(sql!(
            "SELECT secret, session_id, created_at, confirmed_at, last_step FROM totp WHERE user_id = $1",
            user
        ))
        .await
}

/// Keeps a secret that does not count yet, instead of another that did not; a conflict when there is one that does.
pub(crate) fn begin_totp(
    batch: &mut Batch,
    user: UserId,
    sealed: Vec<u8>,
    session: SessionId,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "INSERT INTO totp (user_id, secret, session_id, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id) DO UPDATE SET
                 secret = excluded.secret, session_id = excluded.session_id, created_at = excluded.created_at
             WHERE totp.confirmed_at IS NULL",
            user,
            sealed,
            session,
            now
        ),
    );
}

/// From now on it counts; a conflict when it did already, or was exchanged meanwhile.
pub(crate) fn confirm_totp(batch: &mut Batch, user: UserId, kept: &KeptTotp, step: i64, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE totp SET confirmed_at = $3, last_step = $4
             WHERE user_id = $1 AND secret = $2 AND confirmed_at IS NULL",
            user,
            kept.secret.clone(),
            now,
            step
        ),
    );
}

/// Uses a code up, and all before it; a conflict when that was done already.
pub(crate) fn use_totp_step(batch: &mut Batch, user: UserId, step: i64) {
    batch.expect(
        1,
        sql!(
            "UPDATE totp SET last_step = $2
             WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL",
            user,
            step
        ),
    );
}

/// Takes the app and the recovery codes away.
pub(crate) fn delete_totp(batch: &mut Batch, user: UserId) {
    batch.add(sql!("DELETE FROM totp WHERE user_id = $1", user));
    batch.add(sql!("DELETE FROM recovery_codes WHERE user_id = $1", user));
}

/// Puts codes in the place of those that there were.
pub(crate) fn replace_recovery_codes(batch: &mut Batch, user: UserId, hashes: Vec<Vec<u8>>) {
    batch.add(sql!("DELETE FROM recovery_codes WHERE user_id = $1", user));
    for hash in hashes {
        batch.add(sql!("INSERT INTO recovery_codes (hash, user_id) VALUES ($1, $2)", hash, user));
    }
}

/// Whether a code is the user's and was not used.
pub(crate) async fn has_recovery_code(
    database: &Database,
    user: UserId,
    hash: &[u8],
) -> Result<bool, DbError> {
    let found: Option<(UserId,)> = database
        .optional(sql!(
            "SELECT user_id FROM recovery_codes WHERE user_id = $1 AND hash = $2 AND used_at IS NULL",
            user,
            hash.to_vec()
        ))
        .await?;
    Ok(found.is_some())
}

/// Uses a code up; a conflict when that was done already.
pub(crate) fn use_recovery_code(batch: &mut Batch, user: UserId, hash: Vec<u8>, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND hash = $2 AND used_at IS NULL",
            user,
            hash,
            now
        ),
    );
}

/// How many codes are not used yet.
pub(crate) async fn recovery_codes_left(database: &Database, user: UserId) -> Result<i64, DbError> {
    let left: Option<(i64,)> = database
        .optional(sql!("SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL", user))
        .await?;
    Ok(left.map_or(0, |(left,)| left))
}

/// A log-in that owes a factor.
#[derive(Debug, Clone)]
pub(crate) struct PendingLogIn {
    pub(crate) user: UserId,
    pub(crate) methods: Methods,
}

impl FromRow for PendingLogIn {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { user: row.take()?, methods: row.parse()? })
    }
}

pub(crate) fn insert_pending_log_in(
    batch: &mut Batch,
    pending: &PendingLogIn,
    kind: SessionKind,
    hash: Vec<u8>,
    expires_at: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO pending_log_ins (hash, user_id, kind, methods, expires_at) VALUES ($1, $2, $3, $4, $5)",
        hash,
        pending.user,
        kind.as_str(),
        pending.methods.to_string(),
        expires_at
    ));
}

pub(crate) async fn pending_log_in(
    database: &Database,
    hash: &[u8],
    kind: SessionKind,
    now: Timestamp,
) -> Result<Option<PendingLogIn>, DbError> {
    database
        .optional(sql!(
            "SELECT user_id, methods FROM pending_log_ins WHERE hash = $1 AND kind = $2 AND expires_at > $3",
            hash.to_vec(),
            kind.as_str(),
            now
        ))
        .await
}

/// Carries a log-in on to its end; a conflict when somebody was faster.
pub(crate) fn use_pending_log_in(batch: &mut Batch, user: UserId, hash: Vec<u8>) {
    batch.expect(1, sql!("DELETE FROM pending_log_ins WHERE hash = $1 AND user_id = $2", hash, user));
}

pub(crate) fn delete_pending_log_ins(batch: &mut Batch, user: UserId) {
    batch.add(sql!("DELETE FROM pending_log_ins WHERE user_id = $1", user));
}

/// Forgets up to `limit` log-ins that were not carried on in time; how many it were.
pub(crate) async fn forget_pending_log_ins(
    database: &Database,
    now: Timestamp,
    limit: i64,
) -> Result<usize, DbError> {
    let gone: Vec<(UserId,)> = database
        .claim(sql!(
            "DELETE FROM pending_log_ins
             WHERE hash IN (SELECT hash FROM pending_log_ins WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
             RETURNING user_id",
            now,
            limit
        ))
        .await?;
    Ok(gone.len())
}
