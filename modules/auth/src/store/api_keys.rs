//! By what programs act for somebody.

use jiff::Timestamp;
use kernel::{ApiKeyId, Scope, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// A secret of a key, as its owner tells it from others.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    /// Its last letters.
    pub(crate) hint: String,
    pub(crate) used_at: Option<Timestamp>,
}

/// A key as its owner sees it.
#[derive(Debug, Clone)]
pub(crate) struct KeptApiKey {
    pub(crate) id: ApiKeyId,
    pub(crate) name: String,
    pub(crate) scope: Scope,
    pub(crate) secret: Trace,
    pub(crate) made_at: Timestamp,
    /// The secret before, and until when it is good.
    pub(crate) former: Option<(Trace, Timestamp)>,
    pub(crate) created_at: Timestamp,
}

impl FromRow for KeptApiKey {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            scope: row.parse()?,
            secret: Trace { hint: row.take()?, used_at: row.take()? },
            made_at: row.take()?,
            former: {
                let (hint, used_at, until): (Option<String>, _, Option<Timestamp>) =
                    (row.take()?, row.take()?, row.take()?);
                hint.zip(until).map(|(hint, until)| (Trace { hint, used_at }, until))
            },
            created_at: row.take()?,
        })
    }
}

/// Whose key a secret opens, and how far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundKey {
    pub(crate) id: ApiKeyId,
    pub(crate) user: UserId,
    pub(crate) scope: Scope,
}

impl FromRow for FoundKey {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { id: row.take()?, user: row.take()?, scope: row.parse()? })
    }
}

pub(crate) async fn api_key_by_hash(
    database: &Database,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<FoundKey>, DbError> {
    database
        .optional(sql!(
            "SELECT k.id, k.user_id, k.scope FROM api_keys k JOIN accounts a ON a.user_id = k.user_id
             WHERE (k.hash = $1 OR (k.former_hash = $1 AND k.former_until > $2)) AND a.suspended_at IS NULL",
            hash.to_vec(),
            now
        ))
        .await
}

/// The newest first, and one more than asked for.
pub(crate) async fn api_keys(
    database: &Database,
    user: UserId,
    before: Option<ApiKeyId>,
    limit: u16,
) -> Result<Vec<KeptApiKey>, DbError> {
    let before = before.unwrap_or(ApiKeyId::from_uuid(uuid::Uuid::max()));
    database
        .all(sql!(
            "SELECT id, name, scope, hint, used_at, made_at, former_hint, former_used_at, former_until, created_at
             FROM api_keys WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            user,
            before,
            u32::from(limit) + 1
        ))
        .await
}

pub(crate) async fn api_key(
    database: &Database,
    user: UserId,
    id: ApiKeyId,
) -> Result<Option<KeptApiKey>, DbError> {
    database
        .optional(sql!(
            "SELECT id, name, scope, hint, used_at, made_at, former_hint, former_used_at, former_until, created_at
             FROM api_keys WHERE user_id = $1 AND id = $2",
            user,
            id
        ))
        .await
}

pub(crate) fn insert_api_key(batch: &mut Batch, user: UserId, key: &KeptApiKey, hash: Vec<u8>) {
    batch.add(sql!(
        "INSERT INTO api_keys (id, user_id, name, scope, hash, hint, made_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        key.id,
        user,
        &key.name,
        key.scope.as_str(),
        hash,
        &key.secret.hint,
        key.made_at,
        key.created_at
    ));
}

/// Gives a key another secret; the one before is good until `until`, and the one before that no more. A conflict when
/// there is no such key, or it was just given one.
pub(crate) fn rotate_api_key(
    batch: &mut Batch,
    user: UserId,
    key: &KeptApiKey,
    (hash, hint): (Vec<u8>, &str),
    (now, until): (Timestamp, Timestamp),
) {
    batch.expect(
        1,
        sql!(
            "UPDATE api_keys SET former_hash = hash, former_hint = hint, former_used_at = used_at, former_until = $7,
                 hash = $4, hint = $5, made_at = $6, used_at = NULL
             WHERE id = $1 AND user_id = $2 AND made_at = $3",
            key.id,
            user,
            key.made_at,
            hash,
            hint,
            now,
            until
        ),
    );
}

/// Takes a key away; a conflict when there is none.
pub(crate) fn delete_api_key(batch: &mut Batch, user: UserId, id: ApiKeyId) {
    batch.expect(1, sql!("DELETE FROM api_keys WHERE id = $1 AND user_id = $2", id, user));
}

/// Notes that a secret was used.
pub(crate) fn see_api_key(batch: &mut Batch, id: ApiKeyId, hash: &[u8], at: Timestamp) {
    batch.add(sql!(
        "UPDATE api_keys SET used_at = CASE WHEN hash = $2 THEN $3 ELSE used_at END,
             former_used_at = CASE WHEN former_hash = $2 THEN $3 ELSE former_used_at END
         WHERE id = $1",
        id,
        hash.to_vec(),
        at
    ));
}
