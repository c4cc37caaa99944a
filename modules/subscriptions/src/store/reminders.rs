//! What was told, and when there is something to tell next.

use contracts::{
    subscriptions::ReminderKind,
    users::{ReminderDays, Reminders},
};
use jiff::{Timestamp, civil::Date};
use kernel::{HouseholdId, Money, ReminderId, SubscriptionId, UserId, Zone};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row, Value},
    sql,
};

use super::Onlooker;
use crate::domain::{PaymentStatus, ReminderKey, ReminderState};

/// More than are told of one subscription in as many days as are looked at together.
const KEYS_LIMIT: i64 = 2_000;
/// More charges than any household has in a week, and has paid ahead.
const CHARGES_LIMIT: i64 = 20_000;

/// One whose reminders' time has come, and how its household counts.
#[derive(Debug)]
pub(crate) struct Ripe {
    pub(crate) id: SubscriptionId,
    pub(crate) household: HouseholdId,
    pub(crate) version: i64,
    /// The first day that is not done with; `None` when nobody has looked yet.
    pub(crate) from: Option<Date>,
    pub(crate) zone: Zone,
    pub(crate) reminders: Reminders,
}

impl FromRow for Ripe {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            household: row.take()?,
            version: row.take()?,
            from: row.take()?,
            zone: row.parse()?,
            reminders: preferences(row)?,
        })
    }
}

/// The days and the time, as [`days_text`] and `HH:MM`.
pub(super) fn preferences(row: &mut Row<'_>) -> Result<Reminders, ColumnError> {
    let days =
        row.take_with(|text: String| serde_json::from_str(&text).map_err(|error| error.to_string()))?;
    let time = row.take_with(|text: String| kernel::parse_time(&text).map_err(|error| error.to_string()))?;
    Ok(Reminders { days, time })
}

/// The days as one text, which two databases compare alike.
pub(super) fn days_text(days: &ReminderDays) -> String {
    let days: Vec<_> = days.days().iter().map(ToString::to_string).collect();
    format!("[{}]", days.join(","))
}

/// One that was found ripe; or a row that makes no sense, and why.
#[derive(Debug)]
pub(crate) struct Ripening {
    pub(crate) id: SubscriptionId,
    pub(crate) found: Result<Ripe, String>,
}

impl FromRow for Ripening {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let id = row.take()?;
        // A row that cannot be read must not keep the others from being told.
        Ok(Self { id, found: Ripe::from_row(row).map_err(|error| error.to_string()) })
    }
}

macro_rules! ripe {
    ($first:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $first,
            "s.id, s.household_id, s.version, s.reminders_from, coalesce(h.time_zone, 'UTC'),
                    coalesce(h.reminder_days, '[3,1]'), coalesce(h.reminder_time, '09:00')
             FROM subscriptions s LEFT JOIN households h ON h.household_id = s.household_id ",
            $rest
        )
    };
}

/// Those with something to tell at `now`, the longest overdue first.
pub(crate) async fn ripe(database: &Database, now: Timestamp, limit: i64) -> Result<Vec<Ripening>, DbError> {
    database
        .all(sql!(ripe!("s.id, ", "WHERE s.reminds_at <= $1 ORDER BY s.reminds_at LIMIT $2"), now, limit))
        .await
}

/// Those that run and of which nobody has looked when there is something to tell.
pub(crate) async fn unplanned(database: &Database, limit: i64) -> Result<Vec<Ripening>, DbError> {
    database
        .all(sql!(
            ripe!(
                "s.id, ",
                "WHERE s.reminds_at IS NULL AND s.status IN ('trial', 'active') ORDER BY s.id LIMIT $1"
            ),
            limit
        ))
        .await
}

/// One, when it has something to tell at `now`.
pub(crate) async fn ripe_one(
    database: &Database,
    household: HouseholdId,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<Option<Ripe>, DbError> {
    let text = ripe!("", "WHERE s.id = $1 AND s.household_id = $2 AND s.reminds_at <= $3");
    database.optional(sql!(text, id, household, now)).await
}

/// The reminders before `from` are done with; the next are looked at at `next`. Where somebody has changed the
/// subscription, or told of those days, since it was found, or where its household counts otherwise by now, that is a
/// conflict.
pub(crate) fn settle_reminders(batch: &mut Batch, found: &Ripe, from: Date, next: Option<Timestamp>) {
    batch.relies_on(found.household);
    batch.expect(
        1,
        sql!(
            "UPDATE subscriptions SET reminders_from = $4, reminds_at = $5
             WHERE id = $1 AND household_id = $2 AND version = $3 AND coalesce(reminders_from, $9) = $9
               AND NOT EXISTS (SELECT 1 FROM households h WHERE h.household_id = $2
                               AND (h.time_zone <> $6 OR h.reminder_days <> $7 OR h.reminder_time <> $8))",
            found.id,
            found.household,
            found.version,
            from,
            next,
            found.zone.name(),
            days_text(&found.reminders.days),
            kernel::time_text(found.reminders.time),
            found.from.unwrap_or(Date::ZERO)
        ),
    );
}

/// The same for one that this batch stores, whose reminders before `from` are done with: the day only ever moves on,
/// wherever its owner moves. Where its household counts otherwise by now than `zone` and `reminders` say, it is looked
/// at again at once, for its charges too.
pub(crate) fn plan_reminders(
    batch: &mut Batch,
    (household, id): (HouseholdId, SubscriptionId),
    (zone, reminders): (&Zone, &Reminders),
    (from, next): (Date, Option<Timestamp>),
    now: Timestamp,
) {
    batch.relies_on(household);
    batch.add(sql!(
        "UPDATE subscriptions
         SET reminders_from = CASE WHEN reminders_from > $3 THEN reminders_from ELSE $3 END, reminds_at = $4
         WHERE id = $1 AND household_id = $2",
        id,
        household,
        from,
        next
    ));
    batch.add(sql!(
        "UPDATE subscriptions
         SET reminds_at = CASE WHEN reminds_at IS NULL THEN reminds_at ELSE $3 END,
             wakes_at = CASE WHEN wakes_at IS NULL THEN wakes_at ELSE $3 END
         WHERE id = $1 AND household_id = $2
           AND EXISTS (SELECT 1 FROM households h WHERE h.household_id = $2
                       AND (h.time_zone <> $4 OR h.reminder_days <> $5 OR h.reminder_time <> $6))",
        id,
        household,
        now,
        zone.name(),
        days_text(&reminders.days),
        kernel::time_text(reminders.time)
    ));
}

/// Has everything of a household that is to be told looked at anew, because it counts otherwise from `now` on. The
/// days before `ahead`, by how it counted until now, are done with where nothing of them is left to be told.
pub(crate) fn replan_reminders(
    batch: &mut Batch,
    household: HouseholdId,
    ahead: Option<Date>,
    now: Timestamp,
) {
    batch.alters(household);
    batch.add(sql!(
        "UPDATE subscriptions
         SET reminders_from = CASE WHEN coalesce(reminds_at > $3, TRUE) AND reminders_from < $2 THEN $2
                                   ELSE reminders_from END,
             reminds_at = CASE WHEN reminds_at IS NULL THEN reminds_at ELSE $3 END
         WHERE household_id = $1",
        household,
        ahead.unwrap_or(Date::ZERO),
        now
    ));
}

/// Leaves the reminders of one alone until `until`.
pub(crate) fn postpone_reminders(batch: &mut Batch, id: SubscriptionId, until: Timestamp) {
    batch.add(sql!("UPDATE subscriptions SET reminds_at = $2 WHERE id = $1", id, until));
}

/// What becomes of the charges of one on the days from `from` on, as far as they have been entered.
pub(crate) async fn charges_entered(
    database: &Database,
    household: HouseholdId,
    subscription: SubscriptionId,
    from: Date,
) -> Result<Vec<(Date, PaymentStatus)>, DbError> {
    struct Entered((Date, PaymentStatus));
    impl FromRow for Entered {
        fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
            Ok(Self((row.take()?, row.parse()?)))
        }
    }
    let rows: Vec<Entered> = database
        .all(sql!(
            "SELECT due_on, status FROM payments
             WHERE subscription_id = $1 AND household_id = $2 AND due_on >= $3 AND NOT extra
             ORDER BY due_on LIMIT $4",
            subscription,
            household,
            from,
            KEYS_LIMIT
        ))
        .await?;
    Ok(rows.into_iter().map(|Entered(entered)| entered).collect())
}

/// The same of everything that a household tracks.
pub(crate) async fn charges_entered_of_all(
    database: &Database,
    household: HouseholdId,
    from: Date,
) -> Result<Vec<(SubscriptionId, Date, PaymentStatus)>, DbError> {
    struct Entered((SubscriptionId, Date, PaymentStatus));
    impl FromRow for Entered {
        fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
            Ok(Self((row.take()?, row.take()?, row.parse()?)))
        }
    }
    let rows: Vec<Entered> = database
        .all(sql!(
            "SELECT subscription_id, due_on, status FROM payments
             WHERE household_id = $1 AND due_on >= $2 AND NOT extra ORDER BY due_on, id LIMIT $3",
            household,
            from,
            CHARGES_LIMIT
        ))
        .await?;
    Ok(rows.into_iter().map(|Entered(entered)| entered).collect())
}

/// Which reminders of one, about days from `from` on, have been decided for a recipient.
pub(crate) async fn reminders_decided(
    database: &Database,
    household: HouseholdId,
    subscription: SubscriptionId,
    recipient: UserId,
    from: Date,
) -> Result<Vec<ReminderKey>, DbError> {
    struct Decided(ReminderKey);
    impl FromRow for Decided {
        fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
            Ok(Self((row.take()?, row.parse()?, row.take()?)))
        }
    }
    let rows: Vec<Decided> = database
        .all(sql!(
            "SELECT about_on, kind, lead FROM reminders
             WHERE subscription_id = $1 AND household_id = $2 AND recipient_id = $3 AND about_on >= $4
             ORDER BY about_on LIMIT $5",
            subscription,
            household,
            recipient,
            from,
            KEYS_LIMIT
        ))
        .await?;
    Ok(rows.into_iter().map(|Decided(key)| key).collect())
}

/// A reminder that was told, or that was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToldReminder {
    pub(crate) id: ReminderId,
    pub(crate) household: HouseholdId,
    pub(crate) recipient: UserId,
    pub(crate) subscription: SubscriptionId,
    /// What people call the subscription; read from it, not kept.
    pub(crate) name: String,
    pub(crate) kind: ReminderKind,
    pub(crate) about_on: Date,
    pub(crate) lead: i64,
    pub(crate) state: ReminderState,
    pub(crate) reason: Option<String>,
    pub(crate) amount: Money,
    /// The day for which it was planned, where the household lived then.
    pub(crate) on: Date,
    pub(crate) planned_for: Timestamp,
    pub(crate) decided_at: Timestamp,
}

impl FromRow for ToldReminder {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            household: row.take()?,
            recipient: row.take()?,
            subscription: row.take()?,
            name: row.take()?,
            kind: row.parse()?,
            about_on: row.take()?,
            lead: row.take()?,
            state: row.parse()?,
            reason: row.take()?,
            amount: {
                let currency = row.parse()?;
                Money::from_minor(row.take()?, currency)
            },
            on: row.take()?,
            planned_for: row.take()?,
            decided_at: row.take()?,
        })
    }
}

/// Keeps what became of a reminder. Where it is kept already, the whole batch is refused: it would be told again.
pub(crate) fn insert_reminder(batch: &mut Batch, told: &ToldReminder) {
    batch.add(sql!(
        "INSERT INTO reminders (id, household_id, recipient_id, subscription_id, kind, about_on, lead, state, reason,
                                amount, currency, told_on, planned_for, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        told.id,
        told.household,
        told.recipient,
        told.subscription,
        told.kind.as_str(),
        told.about_on,
        told.lead,
        told.state.as_str(),
        told.reason.as_deref().map_or(Value::Null, Value::from),
        told.amount.minor(),
        told.amount.currency().code(),
        told.on,
        told.planned_for,
        told.decided_at
    ));
}

/// A household's, of one state and from `from` until before `until`, the newest first, those before a place.
pub(crate) async fn reminders_told(
    database: &Database,
    eyes: impl Into<Onlooker>,
    state: ReminderState,
    (from, until): (Timestamp, Timestamp),
    before: Option<(Timestamp, ReminderId)>,
    limit: i64,
) -> Result<Vec<ToldReminder>, DbError> {
    let Onlooker { household, user } = eyes.into();
    let (instant, id) = before.unwrap_or((until, ReminderId::from_uuid(uuid::Uuid::nil())));
    database
        .all(sql!(
            "SELECT r.id, r.household_id, r.recipient_id, r.subscription_id, s.name, r.kind, r.about_on, r.lead,
                    r.state, r.reason, r.currency, r.amount, r.told_on, r.planned_for, r.decided_at
             FROM reminders r JOIN subscriptions s ON s.id = r.subscription_id AND s.household_id = $1
             WHERE r.household_id = $1 AND r.state = $2 AND r.planned_for >= $3
               AND (r.planned_for, r.id) < ($4, $5) AND (NOT s.private OR s.created_by = $7)
             ORDER BY r.planned_for DESC, r.id DESC LIMIT $6",
            household,
            state.as_str(),
            from,
            instant,
            id,
            limit,
            user
        ))
        .await
}

/// The newest that was told to somebody or left out, of one subscription or of any.
pub(crate) async fn newest_reminder(
    database: &Database,
    household: HouseholdId,
    recipient: UserId,
    subscription: Option<SubscriptionId>,
) -> Result<Option<ToldReminder>, DbError> {
    macro_rules! newest {
        ($one:literal) => {
            concat!(
                "SELECT r.id, r.household_id, r.recipient_id, r.subscription_id, s.name, r.kind, r.about_on, r.lead, ",
                "r.state, r.reason, r.currency, r.amount, r.told_on, r.planned_for, r.decided_at ",
                "FROM reminders r JOIN subscriptions s ON s.id = r.subscription_id AND s.household_id = $1 ",
                "WHERE r.household_id = $1 AND r.recipient_id = $2 AND r.state IN ('sent', 'dropped') ",
                "AND (NOT s.private OR s.created_by = $2) ",
                $one,
                "ORDER BY r.planned_for DESC, r.id DESC LIMIT 1"
            )
        };
    }
    match subscription {
        Some(id) => {
            let text = newest!("AND r.subscription_id = $3 ");
            database.optional(sql!(text, household, recipient, id)).await
        }
        None => database.optional(sql!(newest!(""), household, recipient)).await,
    }
}

pub(crate) fn delete_reminders(batch: &mut Batch, household: HouseholdId, subscription: SubscriptionId) {
    batch.add(sql!(
        "DELETE FROM reminders WHERE subscription_id = $1 AND household_id = $2",
        subscription,
        household
    ));
}
