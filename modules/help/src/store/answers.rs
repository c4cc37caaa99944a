//! Short answers: what waits to be looked for, and what was found, each somebody's own.

use jiff::Timestamp;
use kernel::{Language, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::domain::{ShortAnswer, ShortStatus};

/// What is kept of one.
pub(crate) struct KeptShort {
    pub(crate) status: ShortStatus,
    pub(crate) answer: Option<ShortAnswer>,
    pub(crate) asked_at: Timestamp,
}

impl FromRow for KeptShort {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let status = row.parse()?;
        let answer = row.take::<Option<Json<ShortAnswer>>>()?.map(|Json(answer)| answer);
        Ok(Self { status, answer, asked_at: row.take()? })
    }
}

pub(crate) async fn short_answer(
    database: &Database,
    user: UserId,
    hash: &[u8],
) -> Result<Option<KeptShort>, DbError> {
    database
        .optional(sql!(
            "SELECT status, answer, asked_at FROM short_answers WHERE user_id = $1 AND hash = $2",
            user,
            hash.to_vec()
        ))
        .await
}

/// Has one looked for, unless it is already; one that failed is looked for anew.
pub(crate) fn ask_short(
    user: UserId,
    hash: &[u8],
    (question, language): (&str, Language),
    now: Timestamp,
) -> Batch {
    let mut batch = Batch::new();
    batch.add(sql!(
        "INSERT INTO short_answers (user_id, hash, question, language, status, tries, due_at, asked_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $6)
         ON CONFLICT (user_id, hash) DO UPDATE
         SET question = $3, status = $5, answer = NULL, tries = 0, due_at = $6, asked_at = $6
         WHERE short_answers.status = $7",
        user,
        hash.to_vec(),
        question,
        language.code(),
        ShortStatus::Waiting.as_str(),
        now,
        ShortStatus::Failed.as_str()
    ));
    batch
}

/// One that is to be looked for.
pub(crate) struct AskedShort {
    pub(crate) user: UserId,
    pub(crate) hash: Vec<u8>,
    pub(crate) question: String,
    pub(crate) language: String,
    pub(crate) tries: i64,
}

impl FromRow for AskedShort {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (user, hash, question) = (row.take()?, row.take()?, row.take()?);
        Ok(Self { user, hash, question, language: row.take()?, tries: row.take()? })
    }
}

/// Takes some that wait, until then: who dies with one is followed.
pub(crate) async fn claim_short(
    database: &Database,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<AskedShort>, DbError> {
    database
        .claim(sql!(
            "UPDATE short_answers SET due_at = $2, tries = tries + 1
             WHERE (user_id, hash) IN
                 (SELECT user_id, hash FROM short_answers WHERE status = $4 AND due_at <= $1 ORDER BY due_at LIMIT $3
                  FOR UPDATE SKIP LOCKED)
             RETURNING user_id, hash, question, language, tries",
            now,
            until,
            limit,
            ShortStatus::Waiting.as_str()
        ))
        .await
}

/// Keeps what came of one; its question is no longer needed.
pub(crate) fn settle_short(
    user: UserId,
    hash: &[u8],
    status: ShortStatus,
    answer: Option<&ShortAnswer>,
) -> Batch {
    let mut batch = Batch::new();
    batch.add(sql!(
        "UPDATE short_answers SET question = '', status = $3, answer = $4 WHERE user_id = $1 AND hash = $2",
        user,
        hash.to_vec(),
        status.as_str(),
        answer.map(Value::json)
    ));
    batch
}

/// Forgets those that were asked for before then.
pub(crate) fn forget_short(before: Timestamp) -> Batch {
    let mut batch = Batch::new();
    batch.add(sql!("DELETE FROM short_answers WHERE asked_at < $1", before));
    batch
}
