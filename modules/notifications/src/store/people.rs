use kernel::{Locale, UserId, Zone};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::domain::Preferences;

/// A person, as far as telling them things goes.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) user: UserId,
    pub(crate) locale: Locale,
    pub(crate) zone: Zone,
    /// The version of what users told.
    pub(crate) version: i64,
    pub(crate) preferences: Preferences,
    pub(crate) preferences_version: i64,
}

impl FromRow for Known {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (user, locale, zone, version) = (row.take()?, row.parse()?, row.parse()?, row.take()?);
        let Json(preferences) = row.take()?;
        Ok(Self { user, locale, zone, version, preferences, preferences_version: row.take()? })
    }
}

pub(crate) async fn person(database: &Database, user: UserId) -> Result<Option<Known>, DbError> {
    database
        .optional(sql!(
            "SELECT user_id, locale, time_zone, known_version, preferences, preferences_version
             FROM people WHERE user_id = $1",
            user
        ))
        .await
}

/// Keeps somebody who is not known yet; nothing changes when another was faster.
pub(crate) fn insert_person(batch: &mut Batch, known: &Known) {
    batch.add(sql!(
        "INSERT INTO people (user_id, locale, time_zone, known_version, revision, preferences, preferences_version)
         VALUES ($1, $2, $3, $4, 0, $5, $6) ON CONFLICT (user_id) DO NOTHING",
        known.user,
        known.locale.as_str(),
        known.zone.name(),
        known.version,
        Value::json(&known.preferences),
        known.preferences_version
    ));
}

/// Keeps how somebody reads and where their days begin, unless something newer is known.
pub(crate) fn keep_person(batch: &mut Batch, user: UserId, locale: &Locale, zone: &Zone, version: i64) {
    batch.add(sql!(
        "INSERT INTO people (user_id, locale, time_zone, known_version, revision, preferences, preferences_version)
         VALUES ($1, $2, $3, $4, 0, $5, 1)
         ON CONFLICT (user_id) DO UPDATE SET locale = excluded.locale, time_zone = excluded.time_zone,
             known_version = excluded.known_version
         WHERE people.known_version < excluded.known_version",
        user,
        locale.as_str(),
        zone.name(),
        version,
        Value::json(&Preferences::default())
    ));
}

/// Stores preferences where they are still as they were read.
pub(crate) fn set_preferences(batch: &mut Batch, user: UserId, version: i64, preferences: &Preferences) {
    batch.expect(
        1,
        sql!(
            "UPDATE people SET preferences = $3, preferences_version = preferences_version + 1
             WHERE user_id = $1 AND preferences_version = $2",
            user,
            version,
            Value::json(preferences)
        ),
    );
}

/// Begins a change of somebody's notifications. It holds their row until the batch is applied, so that what watches
/// them never sees a later change before an earlier one.
pub(crate) fn bump_revision(batch: &mut Batch, user: UserId) {
    batch.add(sql!("UPDATE people SET revision = revision + 1 WHERE user_id = $1", user));
}

/// The newest change of somebody's notifications.
pub(crate) async fn revision(database: &Database, user: UserId) -> Result<i64, DbError> {
    let found: Option<(i64,)> =
        database.optional(sql!("SELECT revision FROM people WHERE user_id = $1", user)).await?;
    Ok(found.map_or(0, |(revision,)| revision))
}
