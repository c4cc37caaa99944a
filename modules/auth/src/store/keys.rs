//! Keys that sign access tokens.

use kernel::SigningKeyId;
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::keys::Aged;

/// A key with its secret.
pub(crate) struct KeptKey {
    pub(crate) aged: Aged,
    pub(crate) secret: Vec<u8>,
}

impl FromRow for KeptKey {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { aged: Aged { id: row.take()?, made_at: row.take()? }, secret: row.take()? })
    }
}

/// All of them, the oldest first.
pub(crate) async fn signing_keys(database: &Database) -> Result<Vec<KeptKey>, DbError> {
    database
        .all(sql!("SELECT id, created_at, secret FROM signing_keys ORDER BY created_at, id LIMIT 100"))
        .await
}

/// Puts a key in behind another one, unless that has been done already.
pub(crate) fn insert_signing_key(batch: &mut Batch, key: &KeptKey, follows: Option<SigningKeyId>) {
    batch.add(sql!(
        "INSERT INTO signing_keys (id, secret, created_at, follows) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        key.aged.id,
        key.secret.clone(),
        key.aged.made_at,
        follows
    ));
}

pub(crate) fn delete_signing_key(batch: &mut Batch, id: SigningKeyId) {
    batch.add(sql!("DELETE FROM signing_keys WHERE id = $1", id));
}
