use contracts::users::Household;
use kernel::HouseholdId;
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use super::reminders::{days_text, preferences};

/// How a household counts, and which news of it that was.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) settings: Household,
    pub(crate) version: i64,
}

impl FromRow for Known {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            settings: Household {
                time_zone: row.parse()?,
                currency: row.parse()?,
                locale: row.parse()?,
                reminders: preferences(row)?,
            },
            version: row.take()?,
        })
    }
}

pub(crate) async fn household(database: &Database, household: HouseholdId) -> Result<Option<Known>, DbError> {
    database
        .optional(sql!(
            "SELECT time_zone, currency, locale, reminder_days, reminder_time, version
             FROM households WHERE household_id = $1",
            household
        ))
        .await
}

/// Keeps the news, unless it is older than what is known.
pub(crate) fn upsert_household(batch: &mut Batch, household: HouseholdId, known: &Known) {
    let Known { settings, version } = known;
    batch.add(sql!(
        "INSERT INTO households (household_id, time_zone, currency, locale, version, reminder_days, reminder_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (household_id) DO UPDATE
         SET time_zone = excluded.time_zone, currency = excluded.currency, locale = excluded.locale,
             version = excluded.version, reminder_days = excluded.reminder_days,
             reminder_time = excluded.reminder_time
         WHERE households.version < excluded.version",
        household,
        settings.time_zone.name(),
        settings.currency.code(),
        settings.locale.as_str(),
        *version,
        days_text(&settings.reminders.days),
        kernel::time_text(settings.reminders.time)
    ));
}
