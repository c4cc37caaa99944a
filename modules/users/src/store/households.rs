//! Households.

use contracts::users::Household;
use kernel::HouseholdId;
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use super::reminders;

struct Settings(Household);

impl FromRow for Settings {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self(Household {
            time_zone: row.parse()?,
            currency: row.parse()?,
            locale: row.parse()?,
            reminders: reminders(row)?,
        }))
    }
}

pub(crate) async fn household(
    database: &Database,
    household: HouseholdId,
) -> Result<Option<Household>, DbError> {
    let row: Option<Settings> = database
        .optional(sql!(
            "SELECT p.time_zone, p.currency, p.locale, p.reminder_days, p.reminder_time
             FROM households h JOIN people p ON p.user_id = h.owner_id WHERE h.id = $1",
            household
        ))
        .await?;
    Ok(row.map(|Settings(household)| household))
}

struct Version(i64);

impl FromRow for Version {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self(row.take()?))
    }
}

/// Which version of a household's roster is the newest; `None` when there is no such household.
pub(crate) async fn roster_version(
    database: &Database,
    household: HouseholdId,
) -> Result<Option<i64>, DbError> {
    let row: Option<Version> =
        database.optional(sql!("SELECT version FROM households WHERE id = $1", household)).await?;
    Ok(row.map(|Version(version)| version))
}

/// Lets a batch through only when nobody changed who belongs to the household since that version was read.
pub(crate) fn revise_roster(batch: &mut Batch, household: HouseholdId, found: i64) {
    batch.expect(
        1,
        sql!("UPDATE households SET version = version + 1 WHERE id = $1 AND version = $2", household, found),
    );
}

pub(crate) fn rename_household(batch: &mut Batch, household: HouseholdId, name: &str) {
    batch.expect(1, sql!("UPDATE households SET name = $2 WHERE id = $1", household, name));
}
