//! What became of the households of whoever is on their way out.

use contracts::erasure::Parting;
use jiff::Timestamp;
use kernel::{ErasureId, UserId};
use platform::{
    db::{Batch, Database, DbError, Json, Value},
    sql,
};

/// What was decided, when it was.
pub(crate) async fn parted(
    database: &Database,
    user: UserId,
    erasure: ErasureId,
) -> Result<Option<Vec<Parting>>, DbError> {
    let found: Option<(Json<Vec<Parting>>,)> = database
        .optional(sql!(
            "SELECT households FROM partings WHERE erasure_id = $1 AND user_id = $2",
            erasure,
            user
        ))
        .await?;
    Ok(found.map(|(Json(households),)| households))
}

pub(crate) fn insert_partings(
    batch: &mut Batch,
    user: UserId,
    erasure: ErasureId,
    households: &Vec<Parting>,
    now: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO partings (erasure_id, user_id, households, parted_at) VALUES ($1, $2, $3, $4)",
        erasure,
        user,
        Value::json(households),
        now
    ));
}

pub(crate) fn delete_partings(batch: &mut Batch, user: UserId, erasure: ErasureId) {
    batch.add(sql!("DELETE FROM partings WHERE erasure_id = $1 AND user_id = $2", erasure, user));
}
