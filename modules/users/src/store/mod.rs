//! This module's tables. Every function's first argument after the database is whose data it is.

mod households;
mod invitations;
mod members;
mod partings;
#[cfg(test)]
mod tests;

use contracts::users::{Account, Profile, Reminders};
use jiff::Timestamp;
use kernel::{Access, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

pub(crate) use households::{
    delete_household, hand_household_on, household, households_of_owner, rename_household, revise_roster,
    roster_version,
};
pub(crate) use invitations::{
    Invitation, delete_invitation, delete_invitations_of, delete_invitations_of_user, insert_invitation,
    invitation_by_hash, open_invitations, use_invitation,
};
pub(crate) use members::{Kept, homes, households_ever, insert_member, members, membership, update_member};
pub(crate) use partings::{delete_partings, insert_partings, parted};

/// A person as they are kept.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) user: UserId,
    pub(crate) email: String,
    pub(crate) profile: Profile,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) version: i64,
}

impl FromRow for Person {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            user: row.take()?,
            email: row.take()?,
            profile: Profile {
                name: row.take()?,
                locale: row.parse()?,
                time_zone: row.parse()?,
                currency: row.parse()?,
                reminders: reminders(row)?,
            },
            created_at: row.take()?,
            updated_at: row.take()?,
            version: row.take()?,
        })
    }
}

/// The days, and the time as `HH:MM`.
fn reminders(row: &mut Row<'_>) -> Result<Reminders, ColumnError> {
    let Json(days) = row.take()?;
    let time = row.take_with(|text: String| kernel::parse_time(&text).map_err(|error| error.to_string()))?;
    Ok(Reminders { days, time })
}

pub(crate) async fn person(database: &Database, user: UserId) -> Result<Option<Person>, DbError> {
    database
        .optional(sql!(
            "SELECT user_id, email, name, locale, time_zone, currency, reminder_days, reminder_time, created_at,
                    updated_at, version
             FROM people WHERE user_id = $1",
            user
        ))
        .await
}

pub(crate) fn insert_person(batch: &mut Batch, account: &Account, now: Timestamp) {
    let profile = &account.profile;
    batch.add(sql!(
        "INSERT INTO people (user_id, email, name, locale, time_zone, currency, created_at, updated_at, version,
                             reminder_days, reminder_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1, $8, $9)",
        account.user,
        &account.email,
        &profile.name,
        profile.locale.as_str(),
        profile.time_zone.name(),
        profile.currency.code(),
        now,
        Value::json(&profile.reminders.days),
        kernel::time_text(profile.reminders.time)
    ));
    batch.add(sql!(
        "INSERT INTO households (id, owner_id, created_at) VALUES ($1, $2, $3)",
        account.user.own_household(),
        account.user,
        now
    ));
    let (household, member) = (account.user.own_household(), account.user.own_member());
    insert_member(batch, household, member, Some(account.user), "", Access::Owner, now);
}

/// Changes a profile that is still as it was read.
pub(crate) fn update_profile(
    batch: &mut Batch,
    user: UserId,
    version: i64,
    profile: &Profile,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE people SET name = $3, locale = $4, time_zone = $5, currency = $6, updated_at = $7,
                               version = version + 1, reminder_days = $8, reminder_time = $9
             WHERE user_id = $1 AND version = $2",
            user,
            version,
            &profile.name,
            profile.locale.as_str(),
            profile.time_zone.name(),
            profile.currency.code(),
            now,
            Value::json(&profile.reminders.days),
            kernel::time_text(profile.reminders.time)
        ),
    );
}

/// Raises the version of a profile that is still as it was read, so that what is told of it next is newer than what was
/// told of a household that is theirs now.
pub(crate) fn raise_version(batch: &mut Batch, user: UserId, found: i64, version: i64) {
    batch.expect(
        1,
        sql!("UPDATE people SET version = $3 WHERE user_id = $1 AND version = $2", user, found, version),
    );
}

/// Forgets somebody, and their invitations wherever they made or used one.
pub(crate) fn delete_person(batch: &mut Batch, user: UserId) {
    batch.add(sql!("DELETE FROM people WHERE user_id = $1", user));
    batch.add(sql!("DELETE FROM invitations WHERE invited_by = $1 OR accepted_by = $1", user));
    batch.add(sql!("UPDATE members SET user_id = NULL, name = '' WHERE user_id = $1", user));
}
