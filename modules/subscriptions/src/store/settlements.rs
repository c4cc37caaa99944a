//! What members gave one another to be even.

use kernel::{HouseholdId, MemberId, Money, SettlementId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::Given;

/// More pairs of members and currencies than a household has.
const PAIRS: i64 = 100_000;

impl FromRow for Given {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, household, from, to) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let currency = row.parse()?;
        Ok(Self {
            id,
            household,
            from,
            to,
            amount: Money::from_minor(row.take()?, currency),
            paid_on: row.take()?,
            note: row.take()?,
            created_by: row.take()?,
            created_at: row.take()?,
        })
    }
}

pub(crate) fn insert_settlement(batch: &mut Batch, settlement: &Given) {
    batch.add(sql!(
        "INSERT INTO settlements (id, household_id, from_id, to_id, amount, currency, paid_on, note, created_by,
                                  created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        settlement.id,
        settlement.household,
        settlement.from,
        settlement.to,
        settlement.amount.minor(),
        settlement.amount.currency().code(),
        settlement.paid_on,
        &settlement.note,
        settlement.created_by,
        settlement.created_at
    ));
}

pub(crate) async fn settlement(
    database: &Database,
    household: HouseholdId,
    id: SettlementId,
) -> Result<Option<Given>, DbError> {
    database
        .optional(sql!(
            "SELECT id, household_id, from_id, to_id, currency, amount, paid_on, note, created_by, created_at
             FROM settlements WHERE household_id = $1 AND id = $2",
            household,
            id
        ))
        .await
}

/// A household's, the newest first, those before `before`.
pub(crate) async fn settlements(
    database: &Database,
    household: HouseholdId,
    before: Option<SettlementId>,
    limit: i64,
) -> Result<Vec<Given>, DbError> {
    database
        .all(sql!(
            "SELECT id, household_id, from_id, to_id, currency, amount, paid_on, note, created_by, created_at
             FROM settlements WHERE household_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            household,
            before.unwrap_or(SettlementId::from_uuid(uuid::Uuid::max())),
            limit
        ))
        .await
}

struct Pair(MemberId, MemberId, Money);

impl FromRow for Pair {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (from, to) = (row.take()?, row.take()?);
        let currency = row.parse()?;
        Ok(Self(from, to, Money::from_minor(row.take()?, currency)))
    }
}

/// All that one member of a household gave another, by currency.
pub(crate) async fn settlements_summed(
    database: &Database,
    household: HouseholdId,
) -> Result<Vec<(MemberId, MemberId, Money)>, DbError> {
    let pairs: Vec<Pair> = database
        .all(sql!(
            "SELECT from_id, to_id, currency, CAST(SUM(amount) AS bigint) FROM settlements
             WHERE household_id = $1 GROUP BY from_id, to_id, currency LIMIT $2",
            household,
            PAIRS
        ))
        .await?;
    Ok(pairs.into_iter().map(|Pair(from, to, amount)| (from, to, amount)).collect())
}

pub(crate) fn delete_settlement(batch: &mut Batch, household: HouseholdId, id: SettlementId) {
    batch.expect(1, sql!("DELETE FROM settlements WHERE household_id = $1 AND id = $2", household, id));
}

/// Everything that a household's members gave one another, in the order in which it was entered.
pub(crate) async fn all_settlements(
    database: &Database,
    household: HouseholdId,
) -> Result<Vec<Given>, DbError> {
    database
        .all(sql!(
            "SELECT id, household_id, from_id, to_id, currency, amount, paid_on, note, created_by, created_at
             FROM settlements WHERE household_id = $1 ORDER BY id LIMIT $2",
            household,
            PAIRS
        ))
        .await
}
