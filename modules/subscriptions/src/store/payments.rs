use jiff::{Timestamp, civil::Date};
use kernel::{Currency, HouseholdId, Money, SubscriptionId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::{Conversion, Payment, PaymentState};

/// More than any household has open or pays in a month.
const MONTH_LIMIT: i64 = 20_000;

impl FromRow for Payment {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, subscription, household, due_on) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let status = row.parse()?;
        let state = row.take_with(|paid_on: Option<Date>| {
            PaymentState::stored(status, paid_on).map_err(|error| error.to_string())
        })?;
        let currency: Currency = row.parse()?;
        let amount = Money::from_minor(row.take()?, currency);
        let source = row.parse()?;
        let expected = row.take()?;
        let converted = conversion(row, amount, state.paid_on().unwrap_or(due_on))?;
        Ok(Self { id, subscription, household, due_on, state, amount, source, expected, converted })
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
                               created_at, expected, rate_wakes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                 CASE WHEN (SELECT h.currency FROM households h WHERE h.household_id = $2) = $8 THEN NULL ELSE 0 END)
         ON CONFLICT (subscription_id, due_on) DO NOTHING",
        payment.id,
        payment.household,
        payment.subscription,
        payment.due_on,
        payment.state.paid_on(),
        payment.state.status().as_str(),
        payment.amount.minor(),
        payment.amount.currency().code(),
        payment.source.as_str(),
        now,
        payment.expected
    ));
}

/// A subscription's payments, the newest charge date first, those before `before`.
pub(crate) async fn payments_of(
    database: &Database,
    household: HouseholdId,
    subscription: SubscriptionId,
    before: Option<Date>,
    limit: i64,
) -> Result<Vec<Payment>, DbError> {
    database
        .all(sql!(
            "SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source, expected,
                    converted_of, converted_for, converted, converted_currency, rate, rate_on, rate_source
             FROM payments WHERE subscription_id = $1 AND household_id = $2 AND due_on < $3
             ORDER BY due_on DESC LIMIT $4",
            subscription,
            household,
            before.unwrap_or(Date::MAX),
            limit
        ))
        .await
}

/// What a household paid from `first` to `last`, and what is open with a charge date no later than that.
pub(crate) async fn payments_of_month(
    database: &Database,
    household: HouseholdId,
    first: Date,
    last: Date,
) -> Result<Vec<Payment>, DbError> {
    database
        .all(sql!(
            "SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source, expected,
                    converted_of, converted_for, converted, converted_currency, rate, rate_on, rate_source
             FROM payments WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3
             UNION ALL
             SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source, expected,
                    converted_of, converted_for, converted, converted_currency, rate, rate_on, rate_source
             FROM payments WHERE household_id = $1 AND paid_on IS NULL AND due_on <= $3
             LIMIT $4",
            household,
            first,
            last,
            MONTH_LIMIT
        ))
        .await
}

pub(crate) fn delete_payments(batch: &mut Batch, household: HouseholdId, subscription: SubscriptionId) {
    batch.add(sql!(
        "DELETE FROM payments WHERE subscription_id = $1 AND household_id = $2",
        subscription,
        household
    ));
}
