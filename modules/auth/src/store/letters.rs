//! Mail about accounts, and the secrets in it.

use jiff::Timestamp;
use kernel::{LetterId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::LetterKind;

/// A letter on its way.
#[derive(Debug, Clone)]
pub(crate) struct KeptLetter {
    pub(crate) id: LetterId,
    /// To whom; perhaps to nobody.
    pub(crate) user: UserId,
    pub(crate) kind: LetterKind,
    /// From where it was asked for, and with what.
    pub(crate) address: String,
    pub(crate) device: String,
    pub(crate) tries: i64,
}

impl FromRow for KeptLetter {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            kind: row.parse()?,
            address: row.take()?,
            device: row.take()?,
            tries: row.take()?,
        })
    }
}

pub(crate) fn insert_letter(batch: &mut Batch, letter: &KeptLetter, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO letters (id, user_id, kind, address, device, due_at, tries)
         VALUES ($1, $2, $3, $4, $5, $6, 0)",
        letter.id,
        letter.user,
        letter.kind.as_str(),
        &letter.address,
        &letter.device,
        now
    ));
}

/// Takes letters that are due, the longest due first. They are due again at `until`, should whoever takes them die.
pub(crate) async fn claim_letters(
    database: &Database,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<KeptLetter>, DbError> {
    database
        .claim(sql!(
            "UPDATE letters SET due_at = $2, tries = tries + 1
             WHERE id IN (SELECT id FROM letters WHERE due_at <= $1 ORDER BY due_at LIMIT $3
                          FOR UPDATE SKIP LOCKED)
             RETURNING id, user_id, kind, address, device, tries",
            now,
            until,
            limit
        ))
        .await
}

pub(crate) fn delay_letter(batch: &mut Batch, id: LetterId, until: Timestamp) {
    batch.add(sql!("UPDATE letters SET due_at = $2 WHERE id = $1", id, until));
}

pub(crate) fn delete_letter(batch: &mut Batch, id: LetterId) {
    batch.add(sql!("DELETE FROM letters WHERE id = $1", id));
}

pub(crate) fn insert_proof(
    batch: &mut Batch,
    user: UserId,
    kind: LetterKind,
    hash: Vec<u8>,
    expires_at: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO proofs (hash, user_id, kind, expires_at) VALUES ($1, $2, $3, $4)",
        hash,
        user,
        kind.as_str(),
        expires_at
    ));
}

/// Whose secret it is, when it is still good.
pub(crate) async fn proof_by_hash(
    database: &Database,
    kind: LetterKind,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<UserId>, DbError> {
    let found: Option<(UserId,)> = database
        .optional(sql!(
            "SELECT user_id FROM proofs WHERE hash = $1 AND kind = $2 AND expires_at > $3",
            hash.to_vec(),
            kind.as_str(),
            now
        ))
        .await?;
    Ok(found.map(|(user,)| user))
}

/// Uses a secret up, a conflict when somebody was faster; and all others of its kind with it.
pub(crate) fn use_proof(batch: &mut Batch, user: UserId, kind: LetterKind, hash: Vec<u8>) {
    batch.expect(1, sql!("DELETE FROM proofs WHERE hash = $1 AND user_id = $2", hash, user));
    delete_proofs(batch, user, kind);
}

pub(crate) fn delete_proofs(batch: &mut Batch, user: UserId, kind: LetterKind) {
    batch.add(sql!("DELETE FROM proofs WHERE user_id = $1 AND kind = $2", user, kind.as_str()));
}

/// Forgets up to `limit` secrets that are good no more; how many it were.
pub(crate) async fn forget_proofs(database: &Database, now: Timestamp, limit: i64) -> Result<usize, DbError> {
    let gone: Vec<(UserId,)> = database
        .claim(sql!(
            "DELETE FROM proofs WHERE hash IN (SELECT hash FROM proofs WHERE expires_at <= $1
                                               ORDER BY expires_at LIMIT $2)
             RETURNING user_id",
            now,
            limit
        ))
        .await?;
    Ok(gone.len())
}
