//! Accounts on their way out. What is asked here names an erasure or nobody: it is for whoever sees it through.

use contracts::erasure::Parting;
use jiff::Timestamp;
use kernel::{ErasureId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use super::people::literal;

/// More modules than there are.
const PARTS: i64 = 32;

/// One that is under way.
#[derive(Debug, Clone)]
pub(crate) struct Erasure {
    pub(crate) id: ErasureId,
    pub(crate) user: UserId,
    pub(crate) ends_home: bool,
    /// What became of their households, once users has said it.
    pub(crate) households: Option<Vec<Parting>>,
    pub(crate) round: i64,
    pub(crate) asked_at: Timestamp,
}

impl FromRow for Erasure {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            ends_home: row.take()?,
            households: row.take::<Option<Json<_>>>()?.map(|Json(households)| households),
            round: row.take()?,
            asked_at: row.take()?,
        })
    }
}

/// Begins one. That an account has one at most is a unique index.
pub(crate) fn insert_erasure(batch: &mut Batch, erasure: &Erasure, begun_by: &str) {
    batch.add(sql!(
        "INSERT INTO erasures (id, user_id, begun_by, ends_home, round, begun_at, asked_at)
         VALUES ($1, $2, $3, $4, 0, $5, $5)",
        erasure.id,
        erasure.user,
        begun_by,
        erasure.ends_home,
        erasure.asked_at
    ));
}

/// Those under way, whoever waited longest first.
pub(crate) async fn erasures_under_way(database: &Database, limit: i64) -> Result<Vec<Erasure>, DbError> {
    database
        .all(sql!(
            "SELECT id, user_id, ends_home, households, round, asked_at FROM erasures
             WHERE finished_at IS NULL ORDER BY asked_at LIMIT $1",
            limit
        ))
        .await
}

pub(crate) async fn erasure(database: &Database, id: ErasureId) -> Result<Option<Erasure>, DbError> {
    database
        .optional(sql!(
            "SELECT id, user_id, ends_home, households, round, asked_at FROM erasures
             WHERE id = $1 AND finished_at IS NULL",
            id
        ))
        .await
}

/// Whether an account is on its way out.
pub(crate) async fn is_being_erased(database: &Database, user: UserId) -> Result<bool, DbError> {
    let found: Option<(ErasureId,)> =
        database.optional(sql!("SELECT id FROM erasures WHERE user_id = $1", user)).await?;
    Ok(found.is_some())
}

/// Asks in a round, where it still stands as it was read.
pub(crate) fn ask(
    batch: &mut Batch,
    erasure: &Erasure,
    round: i64,
    households: Option<&Vec<Parting>>,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE erasures SET round = $4, households = $5, asked_at = $6
             WHERE id = $1 AND round = $2 AND asked_at = $3 AND finished_at IS NULL",
            erasure.id,
            erasure.round,
            erasure.asked_at,
            round,
            households.map_or(Value::Null, Value::json),
            now
        ),
    );
}

/// Notes that a module is done with a round.
pub(crate) fn confirm_part(batch: &mut Batch, id: ErasureId, module: &str, round: i64, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO erasure_parts (erasure_id, module, round, confirmed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (erasure_id, module) DO UPDATE SET round = excluded.round, confirmed_at = excluded.confirmed_at
         WHERE erasure_parts.round < excluded.round",
        id,
        module,
        round,
        now
    ));
}

/// The modules that are done with a round.
pub(crate) async fn confirmed(
    database: &Database,
    id: ErasureId,
    round: i64,
) -> Result<Vec<String>, DbError> {
    let found: Vec<(String,)> = database
        .all(sql!(
            "SELECT module FROM erasure_parts WHERE erasure_id = $1 AND round >= $2 ORDER BY module LIMIT $3",
            id,
            round,
            PARTS
        ))
        .await?;
    Ok(found.into_iter().map(|(module,)| module).collect())
}

/// How many administrators there are who are let in, but for one.
pub(crate) async fn other_administrators(database: &Database, user: UserId) -> Result<i64, DbError> {
    let found: Option<(i64,)> = database
        .optional(sql!(
            "SELECT count(*) FROM accounts
             WHERE role = 'administrator' AND suspended_at IS NULL AND user_id <> $1",
            user
        ))
        .await?;
    Ok(found.map_or(0, |(count,)| count))
}

/// Forgets an account with all that opens it, and writes down that it is gone.
pub(crate) fn finish(batch: &mut Batch, erasure: &Erasure, email: &str, now: Timestamp) {
    let user = erasure.user;
    batch.expect(
        1,
        sql!(
            "UPDATE erasures SET finished_at = $3, households = NULL, asked_at = $3
             WHERE id = $1 AND user_id = $2 AND finished_at IS NULL",
            erasure.id,
            user,
            now
        ),
    );
    for statement in [
        sql!("DELETE FROM service_tokens WHERE key_id IN (SELECT id FROM api_keys WHERE user_id = $1)", user),
        sql!("DELETE FROM tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)", user),
        sql!(
            "DELETE FROM passkey_challenges WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
            user
        ),
        sql!("DELETE FROM api_keys WHERE user_id = $1", user),
        sql!("DELETE FROM sessions WHERE user_id = $1", user),
        sql!("DELETE FROM letters WHERE user_id = $1", user),
        sql!("DELETE FROM proofs WHERE user_id = $1", user),
        sql!("DELETE FROM totp WHERE user_id = $1", user),
        sql!("DELETE FROM recovery_codes WHERE user_id = $1", user),
        sql!("DELETE FROM pending_log_ins WHERE user_id = $1", user),
        sql!("DELETE FROM identities WHERE user_id = $1", user),
        sql!("DELETE FROM provider_trips WHERE user_id = $1", user),
        sql!("DELETE FROM passkeys WHERE user_id = $1", user),
        sql!("DELETE FROM audit_log WHERE user_id = $1", user),
        // What administrators did with it stays done, without whose it was: an address, or one with what follows it.
        sql!(
            "UPDATE audit_log SET detail = '' WHERE detail = $1 OR detail LIKE $2 ESCAPE '!'",
            email,
            format!("{}:%", literal(email))
        ),
        sql!("DELETE FROM accounts WHERE user_id = $1", user),
    ] {
        batch.add(statement);
    }
}
