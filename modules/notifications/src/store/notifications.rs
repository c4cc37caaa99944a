use jiff::Timestamp;
use kernel::{HouseholdId, NotificationId, SubscriptionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{Facts, Kind};

/// Something to keep for one person.
#[derive(Debug, Clone)]
pub(crate) struct NewNotification {
    pub(crate) id: NotificationId,
    pub(crate) user: UserId,
    pub(crate) household: HouseholdId,
    pub(crate) kind: Kind,
    /// What it was told by.
    pub(crate) about: Uuid,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) facts: Facts,
    pub(crate) urgent: bool,
    pub(crate) in_inbox: bool,
    pub(crate) now: Timestamp,
}

/// A notification as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) id: NotificationId,
    pub(crate) household: HouseholdId,
    pub(crate) kind: Kind,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) facts: Facts,
    pub(crate) urgent: bool,
    pub(crate) revision: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) shown_at: Timestamp,
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) done_at: Option<Timestamp>,
    pub(crate) snoozed_until: Option<Timestamp>,
}

impl FromRow for Told {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, household, kind, subscription) = (row.take()?, row.take()?, row.parse()?, row.take()?);
        let Json(facts) = row.take()?;
        Ok(Self {
            id,
            household,
            kind,
            subscription,
            facts,
            urgent: row.take()?,
            revision: row.take()?,
            created_at: row.take()?,
            shown_at: row.take()?,
            read_at: row.take()?,
            done_at: row.take()?,
            snoozed_until: row.take()?,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, household_id, kind, subscription_id, facts, urgent, revision, created_at, shown_at, read_at, ",
            "done_at, snoozed_until FROM notifications ",
            $rest
        )
    };
}

/// Which of somebody's notifications are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Listed {
    /// Whatever was shown and is not asleep.
    #[default]
    All,
    /// What has not been read.
    Unread,
    /// What is asleep.
    Snoozed,
    /// What is done with.
    Done,
}

/// The place of a notification in a list, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NotificationPlace(pub(crate) Timestamp, pub(crate) NotificationId);

pub(crate) async fn notifications(
    database: &Database,
    user: UserId,
    listed: Listed,
    after: Option<NotificationPlace>,
    limit: i64,
) -> Result<Vec<Told>, DbError> {
    let NotificationPlace(before, id) =
        after.unwrap_or(NotificationPlace(Timestamp::MAX, NotificationId::from_uuid(Uuid::max())));
    // Beyond what PostgreSQL can keep.
    let before = before.min(FAR);
    let text = match listed {
        Listed::All => select!(
            "WHERE user_id = $1 AND in_inbox AND done_at IS NULL AND snoozed_until IS NULL
               AND (shown_at, id) < ($2, $3) ORDER BY shown_at DESC, id DESC LIMIT $4"
        ),
        Listed::Unread => select!(
            "WHERE user_id = $1 AND in_inbox AND read_at IS NULL AND done_at IS NULL AND snoozed_until IS NULL
               AND (shown_at, id) < ($2, $3) ORDER BY shown_at DESC, id DESC LIMIT $4"
        ),
        Listed::Snoozed => select!(
            "WHERE user_id = $1 AND in_inbox AND snoozed_until IS NOT NULL
               AND (shown_at, id) < ($2, $3) ORDER BY shown_at DESC, id DESC LIMIT $4"
        ),
        Listed::Done => select!(
            "WHERE user_id = $1 AND in_inbox AND done_at IS NOT NULL
               AND (shown_at, id) < ($2, $3) ORDER BY shown_at DESC, id DESC LIMIT $4"
        ),
    };
    database.all(sql!(text, user, before, id, limit)).await
}

/// Later than anything.
const FAR: Timestamp = Timestamp::constant(253_370_764_800, 0);

pub(crate) async fn notification(
    database: &Database,
    user: UserId,
    id: NotificationId,
) -> Result<Option<Told>, DbError> {
    database.optional(sql!(select!("WHERE id = $2 AND user_id = $1"), user, id)).await
}

/// What changed after a place in the changes, the earliest first.
pub(crate) async fn changed_since(
    database: &Database,
    user: UserId,
    (revision, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Told>, DbError> {
    database
        .all(sql!(
            select!(
                "WHERE user_id = $1 AND in_inbox AND (revision, id) > ($2, $3) ORDER BY revision, id LIMIT $4"
            ),
            user,
            revision,
            id,
            limit
        ))
        .await
}

/// How many somebody has not read, counted up to a hundred: beyond that nobody counts.
pub(crate) async fn unread(database: &Database, user: UserId) -> Result<i64, DbError> {
    let found: Option<(i64,)> = database
        .optional(sql!(
            "SELECT count(*) FROM (
                 SELECT 1 FROM notifications
                 WHERE user_id = $1 AND in_inbox AND read_at IS NULL AND done_at IS NULL AND snoozed_until IS NULL
                 LIMIT 100) AS counted",
            user
        ))
        .await?;
    Ok(found.map_or(0, |(count,)| count))
}

/// By which notification somebody was told of it, if they were.
pub(crate) async fn told_of(
    database: &Database,
    user: UserId,
    kind: Kind,
    about: Uuid,
) -> Result<Option<NotificationId>, DbError> {
    let found: Option<(NotificationId,)> = database
        .optional(sql!(
            "SELECT id FROM notifications WHERE user_id = $1 AND kind = $2 AND about = $3",
            user,
            kind.as_str(),
            about
        ))
        .await?;
    Ok(found.map(|(id,)| id))
}

/// After [`bump_revision`](super::bump_revision).
pub(crate) fn insert_notification(batch: &mut Batch, new: &NewNotification) {
    batch.add(sql!(
        "INSERT INTO notifications (id, user_id, household_id, kind, about, subscription_id, facts, urgent, in_inbox,
                                    revision, created_at, shown_at)
         SELECT $2, user_id, $3, $4, $5, $6, $7, $8, $9, revision, $10, $10 FROM people WHERE user_id = $1",
        new.user,
        new.id,
        new.household,
        new.kind.as_str(),
        new.about,
        new.subscription,
        Value::json(&new.facts),
        new.urgent,
        new.in_inbox,
        new.now
    ));
}

/// Marks them as read, or everything that was shown by then; after [`bump_revision`](super::bump_revision).
pub(crate) fn mark_read(batch: &mut Batch, user: UserId, ids: Option<&[NotificationId]>, now: Timestamp) {
    match ids {
        Some(ids) => {
            for id in ids {
                batch.add(sql!(
                    "UPDATE notifications
                     SET read_at = $3, revision = (SELECT revision FROM people WHERE people.user_id = $1)
                     WHERE id = $2 AND user_id = $1 AND read_at IS NULL",
                    user,
                    *id,
                    now
                ));
            }
        }
        None => batch.add(sql!(
            "UPDATE notifications
             SET read_at = $2, revision = (SELECT revision FROM people WHERE people.user_id = $1)
             WHERE user_id = $1 AND in_inbox AND read_at IS NULL AND done_at IS NULL AND snoozed_until IS NULL
               AND shown_at <= $2",
            user,
            now
        )),
    }
}

/// Puts one away, or takes it out again; after [`bump_revision`](super::bump_revision).
pub(crate) fn mark_done(
    batch: &mut Batch,
    user: UserId,
    id: NotificationId,
    done_at: Option<Timestamp>,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE notifications SET done_at = $3, snoozed_until = NULL,
                 read_at = CASE WHEN read_at IS NULL THEN $4 ELSE read_at END,
                 revision = (SELECT revision FROM people WHERE people.user_id = $1)
             WHERE id = $2 AND user_id = $1",
            user,
            id,
            done_at,
            now
        ),
    );
}

/// Puts one to sleep; after [`bump_revision`](super::bump_revision).
pub(crate) fn snooze(batch: &mut Batch, user: UserId, id: NotificationId, until: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE notifications SET snoozed_until = $3, done_at = NULL,
                 revision = (SELECT revision FROM people WHERE people.user_id = $1)
             WHERE id = $2 AND user_id = $1",
            user,
            id,
            until
        ),
    );
}

/// Brings one to the top of the inbox, unread; after [`bump_revision`](super::bump_revision).
pub(crate) fn surface(batch: &mut Batch, user: UserId, id: NotificationId, now: Timestamp) {
    batch.add(sql!(
        "UPDATE notifications SET shown_at = $3, snoozed_until = NULL, read_at = NULL, done_at = NULL,
             revision = (SELECT revision FROM people WHERE people.user_id = $1)
         WHERE id = $2 AND user_id = $1",
        user,
        id,
        now
    ));
}
