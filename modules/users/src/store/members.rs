//! Who belongs to a household.

use contracts::users::{Home, Member, Membership};
use jiff::Timestamp;
use kernel::{Access, HouseholdId, MemberId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// More than a household ever has.
const MOST_EVER: i64 = 1_000;
/// More households than anybody belongs to.
const HOMES: i64 = 200;

/// A member as they are kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) member: Member,
    pub(crate) joined_at: Timestamp,
    pub(crate) version: i64,
}

/// What to call somebody: by the name they have here, else as they call themselves, else by their address.
fn called(name: &str, own: Option<&str>, email: Option<&str>) -> String {
    let address = email.and_then(|email| email.split('@').next());
    let names = [Some(name), own, address].into_iter().flatten();
    names.map(str::trim).find(|name| !name.is_empty()).unwrap_or("Somebody").to_owned()
}

impl FromRow for Kept {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, user): (MemberId, Option<UserId>) = (row.take()?, row.take()?);
        let name: String = row.take()?;
        let (own, email): (Option<String>, Option<String>) = (row.take()?, row.take()?);
        // Whoever has a log-in is called as they say themselves.
        let here = if user.is_some() { "" } else { name.as_str() };
        let access = row.parse()?;
        let joined_at = row.take()?;
        let member = Member {
            id,
            user,
            name: called(here, own.as_deref(), email.as_deref()),
            access,
            left_at: row.take()?,
        };
        Ok(Self { member, joined_at, version: row.take()? })
    }
}

/// Everybody who belongs to a household or did, in the order in which they joined.
pub(crate) async fn members(database: &Database, household: HouseholdId) -> Result<Vec<Kept>, DbError> {
    database
        .all(sql!(
            "SELECT m.id, m.user_id, m.name, p.name, p.email, m.access, m.joined_at, m.left_at, m.version
             FROM members m LEFT JOIN people p ON p.user_id = m.user_id
             WHERE m.household_id = $1 ORDER BY m.joined_at, m.id LIMIT $2",
            household,
            MOST_EVER
        ))
        .await
}

struct Place(Membership);

impl FromRow for Place {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self(Membership { member: row.take()?, access: row.parse()? }))
    }
}

/// Somebody's place in a household that they belong to.
pub(crate) async fn membership(
    database: &Database,
    household: HouseholdId,
    user: UserId,
) -> Result<Option<Membership>, DbError> {
    let found: Option<Place> = database
        .optional(sql!(
            "SELECT id, access FROM members WHERE household_id = $1 AND user_id = $2 AND left_at IS NULL",
            household,
            user
        ))
        .await?;
    Ok(found.map(|Place(membership)| membership))
}

struct Joined(Home);

impl FromRow for Joined {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (household, name): (HouseholdId, String) = (row.take()?, row.take()?);
        let (own, email): (Option<String>, Option<String>) = (row.take()?, row.take()?);
        let owner = called("", own.as_deref(), email.as_deref());
        let name = if name.is_empty() { format!("{owner}’s household") } else { name };
        Ok(Self(Home { household, name, member: row.take()?, access: row.parse()? }))
    }
}

/// The households somebody belongs to, first their own.
pub(crate) async fn homes(database: &Database, user: UserId) -> Result<Vec<Home>, DbError> {
    let found: Vec<Joined> = database
        .all(sql!(
            "SELECT h.id, h.name, p.name, p.email, m.id, m.access
             FROM members m JOIN households h ON h.id = m.household_id
             LEFT JOIN people p ON p.user_id = h.owner_id
             WHERE m.user_id = $1 AND m.left_at IS NULL ORDER BY m.joined_at, m.id LIMIT $2",
            user,
            HOMES
        ))
        .await?;
    let mut homes: Vec<Home> = found.into_iter().map(|Joined(home)| home).collect();
    homes.sort_by_key(|home| home.household != user.own_household());
    Ok(homes)
}

/// The households somebody belongs to or once did.
pub(crate) async fn households_ever(database: &Database, user: UserId) -> Result<Vec<HouseholdId>, DbError> {
    let found: Vec<(HouseholdId,)> = database
        .all(sql!(
            "SELECT household_id FROM members WHERE user_id = $1 ORDER BY household_id LIMIT $2",
            user,
            MOST_EVER
        ))
        .await?;
    Ok(found.into_iter().map(|(household,)| household).collect())
}

/// A member who was not there before.
pub(crate) fn insert_member(
    batch: &mut Batch,
    household: HouseholdId,
    id: MemberId,
    user: Option<UserId>,
    name: &str,
    access: Access,
    now: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO members (id, household_id, user_id, name, access, joined_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, 1)",
        id,
        household,
        user,
        name,
        access.as_str(),
        now
    ));
}

/// Stores a member anew who is still as they were read.
pub(crate) fn update_member(batch: &mut Batch, household: HouseholdId, found: i64, member: &Member) {
    batch.expect(
        1,
        sql!(
            "UPDATE members SET user_id = $4, name = $5, access = $6, left_at = $7, version = version + 1
             WHERE household_id = $1 AND id = $2 AND version = $3",
            household,
            member.id,
            found,
            member.user,
            &member.name,
            member.access.as_str(),
            member.left_at
        ),
    );
}
