//! Passkeys, and what was given to be signed by one.

use jiff::Timestamp;
use kernel::{PasskeyId, SessionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// A passkey as its owner sees it.
#[derive(Debug, Clone)]
pub(crate) struct KeptPasskey {
    pub(crate) id: PasskeyId,
    pub(crate) name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl FromRow for KeptPasskey {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { id: row.take()?, name: row.take()?, created_at: row.take()?, last_used_at: row.take()? })
    }
}

/// What it takes to check what a passkey signed.
#[derive(Debug, Clone)]
pub(crate) struct FoundPasskey {
    pub(crate) id: PasskeyId,
    pub(crate) user: UserId,
    pub(crate) public_key: Vec<u8>,
    pub(crate) counter: i64,
    pub(crate) name: String,
}

impl FromRow for FoundPasskey {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            public_key: row.take()?,
            counter: row.take()?,
            name: row.take()?,
        })
    }
}

/// The newest first, at most `limit`.
pub(crate) async fn passkeys(
    database: &Database,
    user: UserId,
    limit: u16,
) -> Result<Vec<KeptPasskey>, DbError> {
    database
        .all(sql!(
            "SELECT id, name, created_at, last_used_at FROM passkeys
             WHERE user_id = $1 ORDER BY id DESC LIMIT $2",
            user,
            u32::from(limit)
        ))
        .await
}

/// What the passkeys of somebody call themselves: a device that has one of them makes no other.
pub(crate) async fn credentials(
    database: &Database,
    user: UserId,
    limit: u16,
) -> Result<Vec<Vec<u8>>, DbError> {
    let found: Vec<(Vec<u8>,)> = database
        .all(sql!(
            "SELECT credential FROM passkeys WHERE user_id = $1 ORDER BY id LIMIT $2",
            user,
            u32::from(limit)
        ))
        .await?;
    Ok(found.into_iter().map(|(credential,)| credential).collect())
}

/// The one of that name for itself, whosever it is: who it is, is what is asked.
pub(crate) async fn passkey_by_credential(
    database: &Database,
    credential: &[u8],
) -> Result<Option<FoundPasskey>, DbError> {
    database
        .optional(sql!(
            "SELECT id, user_id, public_key, counter, name FROM passkeys WHERE credential = $1",
            credential.to_vec()
        ))
        .await
}

pub(crate) fn insert_passkey(
    batch: &mut Batch,
    user: UserId,
    kept: &KeptPasskey,
    (credential, public_key, counter): (Vec<u8>, Vec<u8>, u32),
) {
    batch.add(sql!(
        "INSERT INTO passkeys (id, user_id, credential, public_key, counter, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        kept.id,
        user,
        credential,
        public_key,
        counter,
        &kept.name,
        kept.created_at
    ));
}

/// Notes that it signed; a conflict when it did meanwhile, or is gone.
pub(crate) fn use_passkey(
    batch: &mut Batch,
    user: UserId,
    found: &FoundPasskey,
    counter: u32,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE passkeys SET counter = $4, last_used_at = $5
             WHERE user_id = $1 AND id = $2 AND counter = $3",
            user,
            found.id,
            found.counter,
            counter,
            now
        ),
    );
}

/// A conflict when there is none of that id.
pub(crate) fn delete_passkey(batch: &mut Batch, user: UserId, id: PasskeyId) {
    batch.expect(1, sql!("DELETE FROM passkeys WHERE user_id = $1 AND id = $2", user, id));
}

/// Gives something to be signed: for a session that adds a passkey, or for nobody in particular.
pub(crate) fn insert_challenge(
    batch: &mut Batch,
    session: Option<SessionId>,
    hash: Vec<u8>,
    expires_at: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO passkey_challenges (hash, session_id, expires_at) VALUES ($1, $2, $3)",
        hash,
        session,
        expires_at
    ));
}

/// Takes it back, for whoever asks first: whether it was given, and for which session.
pub(crate) async fn end_challenge(
    database: &Database,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<Option<SessionId>>, DbError> {
    let ended: Vec<(Option<SessionId>,)> = database
        .claim(sql!(
            "DELETE FROM passkey_challenges WHERE hash = $1 AND expires_at > $2 RETURNING session_id",
            hash.to_vec(),
            now
        ))
        .await?;
    Ok(ended.into_iter().next().map(|(session,)| session))
}

/// Forgets up to `limit` that nobody signed in time; how many it were.
pub(crate) async fn forget_challenges(
    database: &Database,
    now: Timestamp,
    limit: i64,
) -> Result<usize, DbError> {
    let gone: Vec<(Option<SessionId>,)> = database
        .claim(sql!(
            "DELETE FROM passkey_challenges
             WHERE hash IN (SELECT hash FROM passkey_challenges WHERE expires_at <= $1
                            ORDER BY expires_at LIMIT $2)
             RETURNING session_id",
            now,
            limit
        ))
        .await?;
    Ok(gone.len())
}
