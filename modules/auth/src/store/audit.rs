//! What was done with accounts.

use jiff::Timestamp;
use kernel::{AuditEntryId, SessionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::Act;

/// An act, with when, by which session, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: AuditEntryId,
    pub(crate) act: Act,
    /// What of it: the name of a key, a role. May be empty.
    pub(crate) detail: String,
    pub(crate) session: Option<SessionId>,
    pub(crate) address: String,
    pub(crate) device: String,
    pub(crate) at: Timestamp,
}

impl FromRow for Entry {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            act: row.parse()?,
            detail: row.take()?,
            session: row.take()?,
            address: row.take()?,
            device: row.take()?,
            at: row.take()?,
        })
    }
}

pub(crate) fn insert_entry(batch: &mut Batch, user: UserId, entry: &Entry) {
    batch.add(sql!(
        "INSERT INTO audit_log (id, user_id, act, detail, session_id, address, device, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        entry.id,
        user,
        entry.act.as_str(),
        &entry.detail,
        entry.session,
        &entry.address,
        &entry.device,
        entry.at
    ));
}

/// The newest first, those before `before`, and one more than asked for.
pub(crate) async fn entries(
    database: &Database,
    user: UserId,
    before: Option<AuditEntryId>,
    limit: u16,
) -> Result<Vec<Entry>, DbError> {
    // Every id is smaller than this one.
    let before = before.unwrap_or(AuditEntryId::from_uuid(uuid::Uuid::max()));
    database
        .all(sql!(
            "SELECT id, act, detail, session_id, address, device, at FROM audit_log
             WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            user,
            before,
            u32::from(limit) + 1
        ))
        .await
}

/// Forgets up to `limit` entries from before an instant; how many it were.
pub(crate) async fn forget_entries(
    database: &Database,
    before: Timestamp,
    limit: i64,
) -> Result<usize, DbError> {
    let gone: Vec<(AuditEntryId,)> = database
        .claim(sql!(
            "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < $1 ORDER BY at LIMIT $2)
             RETURNING id",
            before,
            limit
        ))
        .await?;
    Ok(gone.len())
}
