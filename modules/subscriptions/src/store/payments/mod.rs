//! The ledger: payments, and what they were before they were changed.

use jiff::{Timestamp, civil::Date};
use kernel::{Currency, HouseholdId, Money, PaymentId, SubscriptionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use super::Onlooker;
use crate::domain::{Conversion, Entry, Notes, Payment, PaymentState};

/// The columns of a payment, then those of its entry.
macro_rules! select {
    ($($rest:tt)*) => {
        concat!(
            "SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source, extra, note,
                    expected, converted_of, converted_for, converted, converted_currency, rate, rate_on, rate_source,
                    recorded_by, created_at, changed_at, version FROM payments ",
            $($rest)*
        )
    };
}

// After the columns, which they share.
mod changes;
mod held;
mod list;

pub(crate) use changes::{changes_of, insert_change, last_change};
pub(crate) use held::{changes, documents, documents_size, entries, insert_held, shares_kept};
pub(crate) use list::{LedgerPlace, LedgerQuery, ledger};

/// More than any household has open or pays in a month.
const MONTH_LIMIT: i64 = 20_000;

/// What was paid for one so far, in its own currency's minor units.
pub(crate) async fn paid_for(
    database: &Database,
    household: HouseholdId,
    subscription: SubscriptionId,
) -> Result<i64, DbError> {
    let found: Option<(i64,)> = database
        .optional(sql!(
            "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM payments
             WHERE subscription_id = $1 AND household_id = $2 AND status = 'paid'",
            subscription,
            household
        ))
        .await?;
    Ok(found.map_or(0, |(sum,)| sum))
}

impl FromRow for Payment {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, subscription, household, due_on) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let status = row.parse()?;
        let state = row.take_with(|paid_on: Option<Date>| {
            PaymentState::stored(status, paid_on).map_err(|error| error.to_string())
        })?;
        let currency: Currency = row.parse()?;
        let amount = Money::from_minor(row.take()?, currency);
        let (source, extra) = (row.parse()?, row.take()?);
        let note = Notes::stored(row.take()?);
        let expected = row.take()?;
        let converted = conversion(row, amount, state.paid_on().unwrap_or(due_on))?;
        Ok(Self {
            id,
            subscription,
            household,
            due_on,
            state,
            amount,
            source,
            extra,
            note,
            expected,
            converted,
        })
    }
}

impl FromRow for Entry {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            payment: Payment::from_row(row)?,
            recorded_by: row.take()?,
            recorded_at: row.take()?,
            changed_at: row.take()?,
            version: row.take()?,
        })
    }
}

/// What it came to, unless its amount or its day has changed since.
fn conversion(row: &mut Row<'_>, amount: Money, day: Date) -> Result<Option<Conversion>, ColumnError> {
    let (of, on): (Option<i64>, Option<Date>) = (row.take()?, row.take()?);
    let Some(minor) = row.take::<Option<i64>>()? else {
        for _ in 0..2 {
            row.take::<Option<String>>()?;
        }
        row.take::<Option<Date>>()?;
        return row.take::<Option<String>>().map(|_| None);
    };
    let converted = Money::from_minor(minor, row.parse()?);
    let (rate, rate_on, source) = (row.take()?, row.take()?, row.parse()?);
    let current = of == Some(amount.minor()) && on == Some(day);
    Ok(current.then_some(Conversion { amount: converted, rate, rate_on, source }))
}

/// Records a charge, unless its charge date is recorded already. One of another currency than its household's is to be
/// converted.
pub(crate) fn insert_payment(batch: &mut Batch, payment: &Payment, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO payments (id, household_id, subscription_id, due_on, paid_on, status, amount, currency, source,
                               extra, note, created_at, expected, rate_wakes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                 CASE WHEN (SELECT h.currency FROM households h WHERE h.household_id = $2) = $8 THEN NULL ELSE 0 END)
         ON CONFLICT (subscription_id, due_on) WHERE NOT extra DO NOTHING",
        payment.id,
        payment.household,
        payment.subscription,
        payment.due_on,
        payment.state.paid_on(),
        payment.state.status().as_str(),
        payment.amount.minor(),
        payment.amount.currency().code(),
        payment.source.as_str(),
        payment.extra,
        payment.note.as_str(),
        now,
        payment.expected
    ));
}

/// Which index refuses a second payment of a charge date.
pub(crate) const ONE_A_CHARGE_DATE: &str = "payments_one_a_charge_date";

/// Records what somebody entered; [`ONE_A_CHARGE_DATE`] refuses it when its charge date has its payment.
pub(crate) fn insert_by_hand(batch: &mut Batch, payment: &Payment, by: UserId, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO payments (id, household_id, subscription_id, due_on, paid_on, status, amount, currency, source,
                               extra, note, created_at, recorded_by, expected,
                               rate_wakes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                 CASE WHEN (SELECT h.currency FROM households h WHERE h.household_id = $2) = $8 THEN NULL ELSE 0 END)",
        payment.id,
        payment.household,
        payment.subscription,
        payment.due_on,
        payment.state.paid_on(),
        payment.state.status().as_str(),
        payment.amount.minor(),
        payment.amount.currency().code(),
        payment.source.as_str(),
        payment.extra,
        payment.note.as_str(),
        now,
        by,
        payment.expected
    ));
}

/// Stores one anew where it is still as it was found, `found` being its version then.
pub(crate) fn update_entry(batch: &mut Batch, entry: &Entry, found: i64) {
    batch.expect(
        1,
        sql!(
            "UPDATE payments SET status = $4, paid_on = $5, amount = $6, source = $7, note = $8, changed_at = $9,
                 version = $10, expected = $11,
                 rate_wakes = CASE WHEN (SELECT h.currency FROM households h WHERE h.household_id = $2) = currency
                                   THEN NULL ELSE 0 END
             WHERE id = $1 AND household_id = $2 AND version = $3",
            entry.id,
            entry.household,
            found,
            entry.state.status().as_str(),
            entry.state.paid_on(),
            entry.amount.minor(),
            entry.source.as_str(),
            entry.note.as_str(),
            entry.changed_at,
            entry.version,
            entry.expected
        ),
    );
}

pub(crate) async fn entry(
    database: &Database,
    eyes: impl Into<Onlooker>,
    id: PaymentId,
) -> Result<Option<Entry>, DbError> {
    let Onlooker { household, user } = eyes.into();
    let statement = sql!(
        select!(
            "WHERE id = $1 AND household_id = $2
             AND NOT EXISTS (SELECT 1 FROM subscriptions s
                             WHERE s.id = subscription_id AND s.private AND s.created_by <> $3)"
        ),
        id,
        household,
        user
    );
    database.optional(statement).await
}

/// The payment of a charge date.
pub(crate) async fn entry_of_charge_date(
    database: &Database,
    household: HouseholdId,
    subscription: SubscriptionId,
    due_on: Date,
) -> Result<Option<Entry>, DbError> {
    database
        .optional(sql!(
            select!("WHERE household_id = $1 AND subscription_id = $2 AND due_on = $3 AND NOT extra"),
            household,
            subscription,
            due_on
        ))
        .await
}

/// What a household paid from `first` to `last`, and what is open with a charge date no later than that.
pub(crate) async fn payments_of_month(
    database: &Database,
    eyes: impl Into<Onlooker>,
    first: Date,
    last: Date,
) -> Result<Vec<Payment>, DbError> {
    let Onlooker { household, user } = eyes.into();
    database
        .all(sql!(
            "SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source, extra, note,
                    expected, converted_of, converted_for, converted, converted_currency, rate, rate_on, rate_source
             FROM payments WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3
               AND NOT EXISTS (SELECT 1 FROM subscriptions s
                               WHERE s.id = subscription_id AND s.private AND s.created_by <> $5)
             UNION ALL
             SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source, extra, note,
                    expected, converted_of, converted_for, converted, converted_currency, rate, rate_on, rate_source
             FROM payments WHERE household_id = $1 AND paid_on IS NULL AND due_on <= $3
               AND NOT EXISTS (SELECT 1 FROM subscriptions s
                               WHERE s.id = subscription_id AND s.private AND s.created_by <> $5)
             LIMIT $4",
            household,
            first,
            last,
            MONTH_LIMIT,
            user
        ))
        .await
}

/// The payments of a household with a charge date from `first` to `last`.
pub(crate) async fn payments_due_in(
    database: &Database,
    household: HouseholdId,
    (first, last): (Date, Date),
) -> Result<Vec<Payment>, DbError> {
    database
        .all(sql!(
            select!("WHERE household_id = $1 AND due_on BETWEEN $2 AND $3 ORDER BY due_on, id LIMIT $4"),
            household,
            first,
            last,
            MONTH_LIMIT
        ))
        .await
}

/// The payments made from `first` to `last` that no kept conversion into `home` holds for.
pub(crate) async fn loose_payments(
    database: &Database,
    household: HouseholdId,
    (first, last): (Date, Date),
    home: Currency,
) -> Result<Vec<Payment>, DbError> {
    database
        .all(sql!(
            select!(
                "WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3 AND status = 'paid' AND currency <> $4
                 AND (converted_currency IS NULL OR converted_currency <> $4 OR converted_of <> amount
                      OR converted_for <> paid_on)
                 ORDER BY paid_on, id LIMIT $5"
            ),
            household,
            first,
            last,
            home.code(),
            MONTH_LIMIT
        ))
        .await
}

/// Takes one away that is still as it was found, with all that is kept with it.
pub(crate) fn delete_entry(batch: &mut Batch, entry: &Entry) {
    let (id, household) = (entry.id, entry.household);
    batch.expect(
        1,
        sql!(
            "DELETE FROM payments WHERE id = $1 AND household_id = $2 AND version = $3",
            id,
            household,
            entry.version
        ),
    );
    batch.add(sql!("DELETE FROM payment_changes WHERE payment_id = $1 AND household_id = $2", id, household));
    batch.add(sql!(
        "DELETE FROM payment_documents WHERE payment_id = $1 AND household_id = $2",
        id,
        household
    ));
}

/// Takes all of a subscription away, with all that is kept with them.
pub(crate) fn delete_payments(batch: &mut Batch, household: HouseholdId, subscription: SubscriptionId) {
    batch.add(sql!(
        "DELETE FROM payment_documents WHERE household_id = $2
             AND payment_id IN (SELECT id FROM payments WHERE subscription_id = $1 AND household_id = $2)",
        subscription,
        household
    ));
    batch.add(sql!(
        "DELETE FROM payment_changes WHERE household_id = $2
             AND payment_id IN (SELECT id FROM payments WHERE subscription_id = $1 AND household_id = $2)",
        subscription,
        household
    ));
    batch.add(sql!(
        "DELETE FROM payments WHERE subscription_id = $1 AND household_id = $2",
        subscription,
        household
    ));
}
