//! Households.

use contracts::users::Household;
use kernel::{HouseholdId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use super::reminders;

/// More households than were ever handed on to anybody.
const MOST: i64 = 200;

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

/// Which version of a household's roster is the newest, and whose home it is; `None` when there is no such household.
pub(crate) async fn roster_version(
    database: &Database,
    household: HouseholdId,
) -> Result<Option<(i64, UserId)>, DbError> {
    database.optional(sql!("SELECT version, owner_id FROM households WHERE id = $1", household)).await
}

/// The households that count as somebody does: that of their own, and those that were handed on to them.
pub(crate) async fn households_of_owner(
    database: &Database,
    owner: UserId,
) -> Result<Vec<HouseholdId>, DbError> {
    let found: Vec<(HouseholdId,)> = database
        .all(sql!("SELECT id FROM households WHERE owner_id = $1 ORDER BY id LIMIT $2", owner, MOST))
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Makes it another's home.
pub(crate) fn hand_household_on(batch: &mut Batch, household: HouseholdId, heir: UserId) {
    batch.expect(1, sql!("UPDATE households SET owner_id = $2 WHERE id = $1", household, heir));
}

/// Ends a household: with its members and the ways into it.
pub(crate) fn delete_household(batch: &mut Batch, household: HouseholdId) {
    batch.add(sql!("DELETE FROM invitations WHERE household_id = $1", household));
    batch.add(sql!("DELETE FROM members WHERE household_id = $1", household));
    batch.add(sql!("DELETE FROM households WHERE id = $1", household));
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
