//! How often something was tried.

use jiff::Timestamp;
use platform::{
    db::{Batch, Database, DbError},
    sql,
};

/// Counts one more, and says how many there were since when. What was counted before `begins` is over.
pub(crate) async fn count_try(
    database: &Database,
    key: &[u8],
    now: Timestamp,
    begins: Timestamp,
) -> Result<(i64, Timestamp), DbError> {
    let counted: Vec<(i64, Timestamp)> = database
        .claim(sql!(
            "INSERT INTO tries (key, count, since) VALUES ($1, 1, $2)
             ON CONFLICT (key) DO UPDATE SET
                 count = CASE WHEN tries.since < $3 THEN 1 ELSE tries.count + 1 END,
                 since = CASE WHEN tries.since < $3 THEN excluded.since ELSE tries.since END
             RETURNING count, since",
            key.to_vec(),
            now,
            begins
        ))
        .await?;
    Ok(counted.into_iter().next().unwrap_or((1, now)))
}

pub(crate) fn forget_tries(batch: &mut Batch, key: &[u8]) {
    batch.add(sql!("DELETE FROM tries WHERE key = $1", key.to_vec()));
}

/// Forgets up to `limit` counts that began before an instant; how many it were.
pub(crate) async fn forget_old_tries(
    database: &Database,
    before: Timestamp,
    limit: i64,
) -> Result<usize, DbError> {
    let gone: Vec<(i64,)> = database
        .claim(sql!(
            "DELETE FROM tries WHERE key IN (SELECT key FROM tries WHERE since < $1 ORDER BY since LIMIT $2)
             RETURNING count",
            before,
            limit
        ))
        .await?;
    Ok(gone.len())
}
