//! What payments were before they were changed.

use kernel::{Currency, HouseholdId, Money, PaymentId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::{Entry, Memory, Notes, Past, PaymentState};

impl FromRow for Past {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (version, kind, by, at) = (row.take()?, row.parse()?, row.take()?, row.take()?);
        let status = row.parse()?;
        let state = row
            .take_with(|paid_on| PaymentState::stored(status, paid_on).map_err(|error| error.to_string()))?;
        let currency: Currency = row.parse()?;
        let amount = Money::from_minor(row.take()?, currency);
        let (source, note) = (row.parse()?, Notes::stored(row.take()?));
        let before = Memory { state, amount, source, note, expected: row.take()? };
        Ok(Self { version, kind, by, at, before })
    }
}

/// Keeps what `entry` was before the change that led to its version.
pub(crate) fn insert_change(batch: &mut Batch, entry: &Entry, past: &Past) {
    batch.add(sql!(
        "INSERT INTO payment_changes (payment_id, version, household_id, kind, changed_by, changed_at, status, paid_on,
                                      amount, source, note, expected)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        entry.id,
        past.version,
        entry.household,
        past.kind.as_str(),
        past.by,
        past.at,
        past.before.state.status().as_str(),
        past.before.state.paid_on(),
        past.before.amount.minor(),
        past.before.source.as_str(),
        past.before.note.as_str(),
        past.before.expected
    ));
}

/// The changes of one, the newest first.
pub(crate) async fn changes_of(
    database: &Database,
    household: HouseholdId,
    payment: PaymentId,
    limit: i64,
) -> Result<Vec<Past>, DbError> {
    database
        .all(sql!(
            "SELECT c.version, c.kind, c.changed_by, c.changed_at, c.status, c.paid_on, p.currency, c.amount, c.source,
                    c.note, c.expected
             FROM payment_changes c JOIN payments p ON p.id = c.payment_id AND p.household_id = c.household_id
             WHERE c.payment_id = $1 AND c.household_id = $2 ORDER BY c.version DESC LIMIT $3",
            payment,
            household,
            limit
        ))
        .await
}

/// The newest change of one.
pub(crate) async fn last_change(
    database: &Database,
    household: HouseholdId,
    payment: PaymentId,
) -> Result<Option<Past>, DbError> {
    Ok(changes_of(database, household, payment, 1).await?.pop())
}
