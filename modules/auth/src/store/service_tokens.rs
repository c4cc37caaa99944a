//! What services carry that have shown a key.

use jiff::Timestamp;
use kernel::{ApiKeyId, Scope, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// Whose a token is, how far it goes, and until when.
#[derive(Debug, Clone)]
pub(crate) struct FoundServiceToken {
    pub(crate) key: ApiKeyId,
    /// The hash of the secret that it was given for.
    pub(crate) secret: Vec<u8>,
    pub(crate) user: UserId,
    pub(crate) scope: Scope,
    pub(crate) expires_at: Timestamp,
}

impl FromRow for FoundServiceToken {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            key: row.take()?,
            secret: row.take()?,
            user: row.take()?,
            scope: row.parse()?,
            expires_at: row.take()?,
        })
    }
}

pub(crate) fn insert_service_token(
    batch: &mut Batch,
    key: ApiKeyId,
    (hash, secret): (Vec<u8>, Vec<u8>),
    scope: Scope,
    expires_at: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO service_tokens (hash, key_id, secret_hash, scope, expires_at) VALUES ($1, $2, $3, $4, $5)",
        hash,
        key,
        secret,
        scope.as_str(),
        expires_at
    ));
}

/// One that is good, as its key, the secret that it was given for and their owner's account are.
pub(crate) async fn service_token(
    database: &Database,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<FoundServiceToken>, DbError> {
    database
        .optional(sql!(
            "SELECT t.key_id, t.secret_hash, k.user_id, t.scope, t.expires_at
             FROM service_tokens t JOIN api_keys k ON k.id = t.key_id JOIN accounts a ON a.user_id = k.user_id
             WHERE t.hash = $1 AND t.expires_at > $2 AND a.suspended_at IS NULL
               AND (k.hash = t.secret_hash OR (k.former_hash = t.secret_hash AND k.former_until > $2))",
            hash.to_vec(),
            now
        ))
        .await
}

/// Forgets up to `limit` that are good no more; how many it were.
pub(crate) async fn forget_service_tokens(
    database: &Database,
    now: Timestamp,
    limit: i64,
) -> Result<usize, DbError> {
    let gone: Vec<(ApiKeyId,)> = database
        .claim(sql!(
            "DELETE FROM service_tokens
             WHERE hash IN (SELECT hash FROM service_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
             RETURNING key_id",
            now,
            limit
        ))
        .await?;
    Ok(gone.len())
}
