use jiff::{Timestamp, civil::Date};
use kernel::{Currency, HouseholdId, Money, SubscriptionId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use super::Onlooker;
use crate::domain::{Payment, PaymentState};

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
        Ok(Self { id, subscription, household, due_on, state, amount, source: row.parse()? })
    }
}

/// Records a charge, unless its charge date is recorded already.
pub(crate) fn insert_payment(batch: &mut Batch, payment: &Payment, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO payments (id, household_id, subscription_id, due_on, paid_on, status, amount, currency, source,
                               created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
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
        now
    ));
}

/// A subscription's payments, the newest charge date first, those before `before`.
pub(crate) async fn payments_of(
    database: &Database,
    eyes: impl Into<Onlooker>,
    subscription: SubscriptionId,
    before: Option<Date>,
    limit: i64,
) -> Result<Vec<Payment>, DbError> {
    let Onlooker { household, user } = eyes.into();
    database
        .all(sql!(
            "SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source
             FROM payments WHERE subscription_id = $1 AND household_id = $2 AND due_on < $3
               AND NOT EXISTS (SELECT 1 FROM subscriptions s
                               WHERE s.id = subscription_id AND s.private AND s.created_by <> $5)
             ORDER BY due_on DESC LIMIT $4",
            subscription,
            household,
            before.unwrap_or(Date::MAX),
            limit,
            user
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
            "SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source
             FROM payments WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3
               AND NOT EXISTS (SELECT 1 FROM subscriptions s
                               WHERE s.id = subscription_id AND s.private AND s.created_by <> $5)
             UNION ALL
             SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source
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

pub(crate) fn delete_payments(batch: &mut Batch, household: HouseholdId, subscription: SubscriptionId) {
    batch.add(sql!(
        "DELETE FROM payments WHERE subscription_id = $1 AND household_id = $2",
        subscription,
        household
    ));
}
