use contracts::subscriptions::Status;
use jiff::{Timestamp, civil::Date};
use kernel::{Cycle, HouseholdId, Money, SubscriptionId, Unit, Zone};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use super::{
    Onlooker,
    stored::{StoredLinks, particulars, term},
};
use crate::domain::{
    Link, Name, Notes, Plan, Prices, Record, Service, Shares, Sharing, StoredPrices, Subscription, Usage,
};

/// More than any household tracks.
const HOUSEHOLD_LIMIT: i64 = 10_000;

impl FromRow for Subscription {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let record = Record {
            id: row.take()?,
            household: row.take()?,
            created_by: row.take()?,
            name: Name::stored(row.take()?),
            plan: row.take::<Option<_>>()?.map(Plan::stored),
            service: row.take::<Option<_>>()?.map(Service::stored),
            status: row.parse()?,
            prices: prices(row)?,
            price_varies: row.take()?,
            cycle: cycle(row)?,
            month_end: row.parse()?,
            weekend: row.parse()?,
            first_charge_on: row.take()?,
            open_from: row.take()?,
            trial_ends_on: row.take()?,
            ends_on: row.take()?,
            cancelled_on: row.take()?,
            charges_left: row.take_with(|left: Option<i64>| match left.map(u32::try_from).transpose() {
                Ok(left) => Ok(left),
                Err(_) => Err("less than no charges left".to_owned()),
            })?,
            term: term(row)?,
            auto_renew: row.take()?,
            category: row.parse()?,
            url: row.take::<Option<_>>()?.map(Link::stored),
            notes: Notes::stored(row.take()?),
            particulars: particulars(row)?,
            source: row.take::<Json<_>>()?.0,
            sharing: sharing(row)?,
            created_on: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
            version: row.take()?,
            settled_ahead: row.take_with(dates)?,
        };
        let currency = record.prices.currency();
        let lately = Money::from_minor(row.take::<Option<i64>>()?.unwrap_or(0), currency);
        row.take_with(|count: Option<i64>| {
            let count = count.and_then(|count| u8::try_from(count).ok()).unwrap_or(0);
            let restored = Self::restore(record).map_err(|error| error.to_string())?;
            Ok(restored.usually(lately, count))
        })
    }
}

/// The days of one column, in order.
#[expect(clippy::needless_pass_by_value, reason = "it is what a column gives")]
fn dates(text: Option<String>) -> Result<Vec<Date>, String> {
    let words = text.as_deref().unwrap_or_default().split_whitespace();
    let mut dates: Vec<_> =
        words.map(kernel::parse_date).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    dates.sort_unstable();
    Ok(dates)
}

fn prices(row: &mut Row<'_>) -> Result<Prices, ColumnError> {
    let currency = row.parse()?;
    row.take_with(|Json(stored): Json<StoredPrices>| {
        stored.into_prices(currency).map_err(|error| error.to_string())
    })
}

fn cycle(row: &mut Row<'_>) -> Result<Option<Cycle>, ColumnError> {
    let every: Option<i64> = row.take()?;
    row.take_with(|unit: Option<String>| match (every, unit) {
        (Some(every), Some(unit)) => {
            let unit: Unit = unit.parse().map_err(|_| format!("{unit} is no unit"))?;
            Cycle::new(every, unit).map(Some).map_err(|error| error.to_string())
        }
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err("half a cycle".into()),
    })
}

fn sharing(row: &mut Row<'_>) -> Result<Sharing, ColumnError> {
    Ok(Sharing {
        private: row.take()?,
        payer: row.take()?,
        shares: row.take::<Option<Json<Shares>>>()?.map(|Json(shares)| shares),
    })
}

/// The columns of a subscription in the order in which it is read: its own, the dates that are paid ahead, and for
/// one whose price varies the sum and the number of its last three real payments. The household is named although the
/// subscription would do: whichever index a planner that knows the table from before it grew takes, it reads no more
/// than a household's.
macro_rules! columns {
    () => {
        "s.id, s.household_id, s.created_by, s.name, s.plan, s.service, s.status, s.currency, s.prices, s.price_varies,
         s.cycle_every, s.cycle_unit, s.month_end, s.weekend, s.first_charge_on, s.open_from, s.trial_ends_on,
         s.ends_on, s.cancelled_on, s.charges_left, s.term, s.auto_renew, s.category, s.url, s.notes,
         s.payment_method_id, s.tags, s.links, s.account, s.usage, s.usage_marked_on, s.replaced_by, s.reminder_days,
         s.source, s.private, s.payer_id, s.shares, s.created_on, s.created_at, s.updated_at, s.version,
         (SELECT string_agg(CAST(p.due_on AS TEXT), ' ') FROM payments p
          WHERE p.subscription_id = s.id AND p.household_id = s.household_id AND p.due_on >= s.open_from
            AND NOT p.extra),
         CASE WHEN s.price_varies THEN (SELECT CAST(sum(l.amount) AS BIGINT) FROM (
             SELECT p.amount FROM payments p
             WHERE p.subscription_id = s.id AND p.household_id = s.household_id AND p.currency = s.currency
               AND p.status = 'paid' AND NOT p.expected AND NOT p.extra ORDER BY p.due_on DESC LIMIT 3) l) END,
         CASE WHEN s.price_varies THEN (SELECT count(*) FROM (
             SELECT p.amount FROM payments p
             WHERE p.subscription_id = s.id AND p.household_id = s.household_id AND p.currency = s.currency
               AND p.status = 'paid' AND NOT p.expected AND NOT p.extra ORDER BY p.due_on DESC LIMIT 3) l) END"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM subscriptions s ", $rest)
    };
}

/// Whatever it is, for what is done on everybody's behalf: what is told of it goes to whoever may see it.
pub(crate) async fn find_for_all(
    database: &Database,
    household: HouseholdId,
    id: SubscriptionId,
) -> Result<Option<Subscription>, DbError> {
    database.optional(sql!(select!("WHERE s.id = $1 AND s.household_id = $2"), id, household)).await
}

pub(crate) async fn find(
    database: &Database,
    eyes: impl Into<Onlooker>,
    id: SubscriptionId,
) -> Result<Option<Subscription>, DbError> {
    let Onlooker { household, user } = eyes.into();
    let statement = sql!(
        select!("WHERE s.id = $1 AND s.household_id = $2 AND (NOT s.private OR s.created_by = $3)"),
        id,
        household,
        user
    );
    database.optional(statement).await
}

/// A page in the order in which they were added.
pub(crate) async fn list(
    database: &Database,
    eyes: impl Into<Onlooker>,
    status: Option<Status>,
    after: Option<SubscriptionId>,
    limit: i64,
) -> Result<Vec<Subscription>, DbError> {
    let Onlooker { household, user } = eyes.into();
    let after = after.unwrap_or(SubscriptionId::from_uuid(uuid::Uuid::nil()));
    let statement = match status {
        None => {
            sql!(
                select!(
                    "WHERE s.household_id = $1 AND s.id > $2 AND (NOT s.private OR s.created_by = $4)
                     ORDER BY s.id LIMIT $3"
                ),
                household,
                after,
                limit,
                user
            )
        }
        Some(status) => sql!(
            select!(
                "WHERE s.household_id = $1 AND s.id > $2 AND s.status = $3
                   AND (NOT s.private OR s.created_by = $5)
                 ORDER BY s.id LIMIT $4"
            ),
            household,
            after,
            status.as_str(),
            limit,
            user
        ),
    };
    database.all(statement).await
}

/// Everything a household tracks, as one of it sees it.
pub(crate) async fn all(
    database: &Database,
    eyes: impl Into<Onlooker>,
) -> Result<Vec<Subscription>, DbError> {
    let Onlooker { household, user } = eyes.into();
    let statement = sql!(
        select!("WHERE s.household_id = $1 AND (NOT s.private OR s.created_by = $3) ORDER BY s.id LIMIT $2"),
        household,
        HOUSEHOLD_LIMIT,
        user
    );
    database.all(statement).await
}

/// Everything a household tracks, what is private too: for what concerns it whoever sees it.
pub(crate) async fn everything(
    database: &Database,
    household: HouseholdId,
) -> Result<Vec<Subscription>, DbError> {
    let statement =
        sql!(select!("WHERE s.household_id = $1 ORDER BY s.id LIMIT $2"), household, HOUSEHOLD_LIMIT);
    database.all(statement).await
}

/// Those that somebody pays or shares in a way of their own, for when a member has left.
pub(crate) async fn shared(
    database: &Database,
    household: HouseholdId,
) -> Result<Vec<Subscription>, DbError> {
    let statement = sql!(
        select!(
            "WHERE s.household_id = $1 AND (s.payer_id IS NOT NULL OR s.shares IS NOT NULL) ORDER BY s.id LIMIT $2"
        ),
        household,
        HOUSEHOLD_LIMIT
    );
    database.all(statement).await
}

/// When the sweep next looks at it.
fn wakes_at(subscription: &Subscription, zone: &Zone) -> Option<Timestamp> {
    subscription.wakes_on().map(|day| zone.start_of(day))
}

pub(crate) fn insert(batch: &mut Batch, subscription: &Subscription, zone: &Zone) {
    let record: &Record = subscription;
    let kept = &record.particulars;
    batch.add(sql!(
        "INSERT INTO subscriptions (id, household_id, created_by, name, plan, service, status, currency, prices,
             price_varies, cycle_every, cycle_unit, month_end, weekend, first_charge_on, open_from, trial_ends_on,
             ends_on, charges_left, term, auto_renew, category, url, notes, payment_method_id, tags, links, account,
             usage, usage_marked_on, replaced_by, reminder_days, source, created_on, created_at, updated_at, version,
             next_charge_on, wakes_at, cancelled_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)",
        record.id,
        record.household,
        record.created_by,
        record.name.as_str(),
        record.plan.as_ref().map(ToString::to_string),
        record.service.as_ref().map(ToString::to_string),
        record.status.as_str(),
        record.prices.currency().code(),
        Value::json(&StoredPrices::from(&record.prices)),
        record.price_varies,
        record.cycle.map(Cycle::every),
        record.cycle.map(|cycle| cycle.unit().as_str()),
        record.month_end.as_str(),
        record.weekend.as_str(),
        record.first_charge_on,
        record.open_from,
        record.trial_ends_on,
        record.ends_on,
        record.charges_left,
        record.term.as_ref().map(Value::json),
        record.auto_renew,
        record.category.to_string(),
        record.url.as_ref().map(ToString::to_string),
        record.notes.as_str(),
        kept.payment_method,
        Value::json(&kept.tags),
        Value::json(&StoredLinks::from(kept)),
        kept.account.as_ref().map(ToString::to_string),
        kept.usage.map(Usage::as_str),
        kept.usage_marked_on,
        kept.replaced_by,
        kept.reminder_days.as_ref().map(Value::json),
        Value::json(&record.source),
        record.created_on,
        record.created_at,
        record.updated_at,
        record.version,
        subscription.next_charge_on(),
        wakes_at(subscription, zone),
        record.cancelled_on
    ));
}

/// Stores it anew where it is still as it was found, `found` being its version then. When its household's zone has
/// changed since, that is a conflict too: the instants would be the old zone's.
pub(crate) fn update(batch: &mut Batch, subscription: &Subscription, found: i64, zone: &Zone) {
    let record: &Record = subscription;
    let kept = &record.particulars;
    batch.relies_on(record.household);
    batch.expect(
        1,
        sql!(
            "UPDATE subscriptions SET name = $4, plan = $5, service = $6, status = $7, prices = $8, cycle_every = $9,
                 cycle_unit = $10, month_end = $11, first_charge_on = $12, open_from = $13, trial_ends_on = $14,
                 ends_on = $15, auto_renew = $16, category = $17, url = $18, notes = $19, updated_at = $20,
                 version = $21, next_charge_on = $22, wakes_at = $23, price_varies = $25, weekend = $26,
                 charges_left = $27, term = $28, payment_method_id = $29, tags = $30, links = $31, account = $32,
                 usage = $33, usage_marked_on = $34, replaced_by = $35, reminder_days = $36, cancelled_on = $37
             WHERE id = $1 AND household_id = $2 AND version = $3
               AND NOT EXISTS (SELECT 1 FROM households h WHERE h.household_id = $2 AND h.time_zone <> $24)",
            record.id,
            record.household,
            found,
            record.name.as_str(),
            record.plan.as_ref().map(ToString::to_string),
            record.service.as_ref().map(ToString::to_string),
            record.status.as_str(),
            Value::json(&StoredPrices::from(&record.prices)),
            record.cycle.map(Cycle::every),
            record.cycle.map(|cycle| cycle.unit().as_str()),
            record.month_end.as_str(),
            record.first_charge_on,
            record.open_from,
            record.trial_ends_on,
            record.ends_on,
            record.auto_renew,
            record.category.to_string(),
            record.url.as_ref().map(ToString::to_string),
            record.notes.as_str(),
            record.updated_at,
            record.version,
            subscription.next_charge_on(),
            wakes_at(subscription, zone),
            zone.name(),
            record.price_varies,
            record.weekend.as_str(),
            record.charges_left,
            record.term.as_ref().map(Value::json),
            kept.payment_method,
            Value::json(&kept.tags),
            Value::json(&StoredLinks::from(kept)),
            kept.account.as_ref().map(ToString::to_string),
            kept.usage.map(Usage::as_str),
            kept.usage_marked_on,
            kept.replaced_by,
            kept.reminder_days.as_ref().map(Value::json),
            record.cancelled_on
        ),
    );
}

/// Stores what time brought, where it is still as it was found; see [`update`]. Nothing else of it is written: the
/// sweep does this for everybody on one morning.
pub(crate) fn advance(batch: &mut Batch, subscription: &Subscription, found: i64, zone: &Zone) {
    let record: &Record = subscription;
    batch.relies_on(record.household);
    batch.expect(
        1,
        sql!(
            "UPDATE subscriptions SET status = $4, open_from = $5, updated_at = $6, version = $7, next_charge_on = $8,
                 wakes_at = $9, ends_on = $11, charges_left = $12
             WHERE id = $1 AND household_id = $2 AND version = $3
               AND NOT EXISTS (SELECT 1 FROM households h WHERE h.household_id = $2 AND h.time_zone <> $10)",
            record.id,
            record.household,
            found,
            record.status.as_str(),
            record.open_from,
            record.updated_at,
            record.version,
            subscription.next_charge_on(),
            wakes_at(subscription, zone),
            zone.name(),
            record.ends_on,
            record.charges_left
        ),
    );
}

pub(crate) fn delete(batch: &mut Batch, household: HouseholdId, id: SubscriptionId, found: i64) {
    batch.expect(
        1,
        sql!(
            "DELETE FROM subscriptions WHERE id = $1 AND household_id = $2 AND version = $3",
            id,
            household,
            found
        ),
    );
}

/// Those that were replaced by one that is deleted have no successor any more.
pub(crate) fn forget_successor(batch: &mut Batch, household: HouseholdId, id: SubscriptionId) {
    batch.add(sql!(
        "UPDATE subscriptions SET replaced_by = NULL, version = version + 1
         WHERE household_id = $1 AND replaced_by = $2",
        household,
        id
    ));
}

/// One whose time has come, with its household's zone; or one that makes no sense, and why.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) id: SubscriptionId,
    pub(crate) found: Result<(Zone, Subscription), String>,
}

impl FromRow for Due {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let id = row.take()?;
        // A row that cannot be read must not keep the others from being charged.
        let found = row.parse().and_then(|zone| Ok((zone, Subscription::from_row(row)?)));
        Ok(Self { id, found: found.map_err(|error| error.to_string()) })
    }
}

/// Those whose time has come, the longest overdue first.
pub(crate) async fn due(database: &Database, now: Timestamp, limit: i64) -> Result<Vec<Due>, DbError> {
    database
        .all(sql!(
            concat!(
                "SELECT s.id, coalesce(h.time_zone, 'UTC'), ",
                columns!(),
                " FROM subscriptions s LEFT JOIN households h ON h.household_id = s.household_id
             WHERE s.wakes_at <= $1 ORDER BY s.wakes_at LIMIT $2"
            ),
            now,
            limit
        ))
        .await
}

/// Leaves one alone until `until`.
pub(crate) fn postpone(batch: &mut Batch, id: SubscriptionId, until: Timestamp) {
    batch.add(sql!("UPDATE subscriptions SET wakes_at = $2 WHERE id = $1", id, until));
}

/// Has the sweep look at everything of a household that wakes: it lives elsewhere from `now` on, where the same days
/// begin at other instants.
pub(crate) fn reschedule(batch: &mut Batch, household: HouseholdId, now: Timestamp) {
    batch.alters(household);
    batch.add(sql!(
        "UPDATE subscriptions SET wakes_at = $2 WHERE household_id = $1 AND wakes_at IS NOT NULL",
        household,
        now
    ));
}

/// The same where it turns out to live elsewhere than in `zone`, by which this batch has put some in.
pub(crate) fn reschedule_elsewhere(batch: &mut Batch, household: HouseholdId, zone: &Zone, now: Timestamp) {
    batch.relies_on(household);
    batch.add(sql!(
        "UPDATE subscriptions SET wakes_at = $2 WHERE household_id = $1 AND wakes_at IS NOT NULL
           AND EXISTS (SELECT 1 FROM households h WHERE h.household_id = $1 AND h.time_zone <> $3)",
        household,
        now,
        zone.name()
    ));
}
