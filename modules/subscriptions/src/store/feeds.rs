use kernel::{CalendarFeedId, HouseholdId, MemberId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::{
    Category, Name,
    feed::{Feed, MOST_FEEDS},
};

impl FromRow for Feed {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            household: row.take()?,
            created_by: row.take()?,
            name: Name::stored(row.take()?),
            category: row.take_with(|slug: Option<String>| {
                slug.map(|slug| slug.parse()).transpose().map_err(|_| "no category".to_owned())
            })?,
            member: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// Those of a household, in the order in which they were made.
pub(crate) async fn feeds(database: &Database, household: HouseholdId) -> Result<Vec<Feed>, DbError> {
    database
        .all(sql!(
            "SELECT id, household_id, created_by, name, category, member_id, created_at FROM calendar_feeds
             WHERE household_id = $1 ORDER BY id LIMIT $2",
            household,
            MOST_FEEDS
        ))
        .await
}

/// The one whose secret has this hash: the secret says whose data it is.
pub(crate) async fn feed_of_token(database: &Database, hash: Vec<u8>) -> Result<Option<Feed>, DbError> {
    database
        .optional(sql!(
            "SELECT id, household_id, created_by, name, category, member_id, created_at FROM calendar_feeds WHERE token_hash = $1",
            hash
        ))
        .await
}

/// Keeps a new one, where its household has not as many as it can have: else it is a conflict.
pub(crate) fn insert_feed(batch: &mut Batch, feed: &Feed, hash: Vec<u8>) {
    batch.expect(
        1,
        sql!(
            "INSERT INTO calendar_feeds (id, household_id, created_by, name, category, token_hash, created_at, member_id)
             SELECT $1, $2, $3, $4, $5, $6, $7, $9
             WHERE (SELECT count(*) FROM calendar_feeds c WHERE c.household_id = $2) < $8",
            feed.id,
            feed.household,
            feed.created_by,
            feed.name.as_str(),
            feed.category.map(Category::slug),
            hash,
            feed.created_at,
            MOST_FEEDS,
            feed.member
        ),
    );
}

/// Takes one away: its address leads nowhere from then on. A conflict when the household has none of that id.
pub(crate) fn delete_feed(batch: &mut Batch, household: HouseholdId, id: CalendarFeedId) {
    batch.expect(1, sql!("DELETE FROM calendar_feeds WHERE id = $1 AND household_id = $2", id, household));
}

/// Takes those away that tell of a member's part.
pub(crate) fn delete_feeds_about(batch: &mut Batch, household: HouseholdId, member: MemberId) {
    batch.add(sql!(
        "DELETE FROM calendar_feeds WHERE household_id = $1 AND member_id = $2",
        household,
        member
    ));
}

/// Takes all of somebody's away.
pub(crate) fn delete_feeds_of(batch: &mut Batch, household: HouseholdId, user: UserId) {
    batch.add(sql!(
        "DELETE FROM calendar_feeds WHERE household_id = $1 AND created_by = $2",
        household,
        user
    ));
}
