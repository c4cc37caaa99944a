//! What payments came to in their households' currencies.

use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use kernel::{Currency, HouseholdId, Money, PaymentId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::Conversion;

/// A payment that is to be looked at, and its household's currency, where that is known.
#[derive(Debug, Clone)]
pub(crate) struct Unconverted {
    pub(crate) id: PaymentId,
    pub(crate) household: HouseholdId,
    /// How much; `None` when its currency makes no sense.
    pub(crate) amount: Option<Money>,
    /// The day whose rate counts: that on which the money moved, else the charge date.
    pub(crate) on: Date,
    pub(crate) home: Option<Currency>,
}

impl FromRow for Unconverted {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, household, minor) = (row.take()?, row.take()?, row.take()?);
        // One that cannot be read must not keep the others from being converted.
        let amount = row.take::<String>()?.parse().ok().map(|currency| Money::from_minor(minor, currency));
        let on = row.take()?;
        let home = row.take::<Option<String>>()?.and_then(|code| code.parse().ok());
        Ok(Self { id, household, amount, on, home })
    }
}

/// Those that are to be looked at by `now`, the longest overdue first.
pub(crate) async fn unconverted(
    database: &Database,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Unconverted>, DbError> {
    database
        .all(sql!(
            "SELECT p.id, p.household_id, p.amount, p.currency, coalesce(p.paid_on, p.due_on), h.currency
             FROM payments p LEFT JOIN households h ON h.household_id = p.household_id
             WHERE p.rate_wakes <= $1 ORDER BY p.rate_wakes LIMIT $2",
            now.as_second(),
            limit
        ))
        .await
}

/// Looks at a payment no more: there is nothing to convert.
pub(crate) fn dismiss_conversion(batch: &mut Batch, payment: &Unconverted) {
    batch.add(sql!(
        "UPDATE payments SET rate_wakes = NULL WHERE id = $1 AND household_id = $2",
        payment.id,
        payment.household
    ));
}

/// Keeps what a payment of `amount` came to, unless it has changed meanwhile.
pub(crate) fn keep_conversion(batch: &mut Batch, payment: &Unconverted, amount: Money, kept: &Conversion) {
    batch.add(sql!(
        "UPDATE payments
         SET converted = $4, converted_currency = $5, converted_of = $3, converted_for = $6, rate = $7, rate_on = $8,
             rate_source = $9, rate_wakes = NULL
         WHERE id = $1 AND household_id = $2 AND amount = $3 AND coalesce(paid_on, due_on) = $6",
        payment.id,
        payment.household,
        amount.minor(),
        kept.amount.minor(),
        kept.amount.currency().code(),
        payment.on,
        kept.rate.as_str(),
        kept.rate_on,
        kept.source.as_str()
    ));
}

/// Looks at a payment again after a while.
pub(crate) fn postpone_conversion(batch: &mut Batch, payment: &Unconverted, now: Timestamp, by: Duration) {
    batch.add(sql!(
        "UPDATE payments SET rate_wakes = $3 WHERE id = $1 AND household_id = $2 AND rate_wakes IS NOT NULL",
        payment.id,
        payment.household,
        (now + by).as_second()
    ));
}

/// Looks at once at what waits for a rate in a household: it has set one.
pub(crate) fn wake_conversions(batch: &mut Batch, household: HouseholdId) {
    batch.add(sql!(
        "UPDATE payments SET rate_wakes = 0 WHERE household_id = $1 AND rate_wakes IS NOT NULL",
        household
    ));
}

/// Looks at once at everything that waits for a rate: the bank has told new ones.
pub(crate) fn wake_all_conversions(batch: &mut Batch) {
    batch.add(sql!("UPDATE payments SET rate_wakes = 0 WHERE rate_wakes IS NOT NULL"));
}
