use jiff::civil::Date;
use kernel::{BudgetId, Currency, Cycle, HouseholdId, MemberId, Money, Unit};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::{Budget, CategoryChoice};

impl FromRow for Budget {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, household) = (row.take()?, row.take()?);
        let category = row.take_with(|text: Option<String>| {
            text.map(|text| text.parse::<CategoryChoice>()).transpose().map_err(|error| error.to_string())
        })?;
        let currency: Currency = row.parse()?;
        let amount = Money::from_minor(row.take()?, currency);
        let every: i64 = row.take()?;
        let period = row.take_with(|unit: String| {
            let unit: Unit = unit.parse().map_err(|_| format!("{unit} is no unit"))?;
            Cycle::new(every, unit).map_err(|error| error.to_string())
        })?;
        let (begins_on, passed_for, version) = (row.take()?, row.take()?, row.take()?);
        let member = row.take()?;
        Ok(Self { id, household, category, member, amount, period, begins_on, passed_for, version })
    }
}

pub(crate) async fn budgets(database: &Database, household: HouseholdId) -> Result<Vec<Budget>, DbError> {
    database
        .all(sql!(
            "SELECT id, household_id, category, currency, amount, period_every, period_unit, begins_on, passed_for,
                    version, member_id
             FROM budgets WHERE household_id = $1 ORDER BY id LIMIT $2",
            household,
            i64::try_from(Budget::MOST).unwrap_or(i64::MAX)
        ))
        .await
}

pub(crate) async fn budget(
    database: &Database,
    household: HouseholdId,
    id: BudgetId,
) -> Result<Option<Budget>, DbError> {
    database
        .optional(sql!(
            "SELECT id, household_id, category, currency, amount, period_every, period_unit, begins_on, passed_for,
                    version, member_id
             FROM budgets WHERE id = $1 AND household_id = $2",
            id,
            household
        ))
        .await
}

pub(crate) fn insert_budget(batch: &mut Batch, budget: &Budget) {
    batch.add(sql!(
        "INSERT INTO budgets (id, household_id, category, amount, currency, period_every, period_unit, begins_on,
                              passed_for, version, member_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        budget.id,
        budget.household,
        budget.category.map(|category| category.to_string()),
        budget.amount.minor(),
        budget.amount.currency().code(),
        budget.period.every(),
        budget.period.unit().as_str(),
        budget.begins_on,
        budget.passed_for,
        budget.version,
        budget.member
    ));
}

/// Stores it anew where it is still as it was found, `found` being its version then.
pub(crate) fn update_budget(batch: &mut Batch, budget: &Budget, found: i64) {
    batch.expect(
        1,
        sql!(
            "UPDATE budgets SET category = $4, amount = $5, currency = $6, period_every = $7, period_unit = $8,
                    begins_on = $9, passed_for = $10, version = $11, member_id = $12
             WHERE id = $1 AND household_id = $2 AND version = $3",
            budget.id,
            budget.household,
            found,
            budget.category.map(|category| category.to_string()),
            budget.amount.minor(),
            budget.amount.currency().code(),
            budget.period.every(),
            budget.period.unit().as_str(),
            budget.begins_on,
            budget.passed_for,
            budget.version,
            budget.member
        ),
    );
}

pub(crate) fn delete_budget(batch: &mut Batch, household: HouseholdId, id: BudgetId, found: i64) {
    batch.expect(
        1,
        sql!(
            "DELETE FROM budgets WHERE id = $1 AND household_id = $2 AND version = $3",
            id,
            household,
            found
        ),
    );
}

/// Those of a member who has left.
pub(crate) fn delete_budgets_of(batch: &mut Batch, household: HouseholdId, member: MemberId) {
    batch.add(sql!("DELETE FROM budgets WHERE household_id = $1 AND member_id = $2", household, member));
}

/// Whether a household has any budget at all.
pub(crate) async fn has_budgets(database: &Database, household: HouseholdId) -> Result<bool, DbError> {
    let any: Option<(i64,)> = database
        .optional(sql!("SELECT version FROM budgets WHERE household_id = $1 LIMIT 1", household))
        .await?;
    Ok(any.is_some())
}

/// The day from which on what was paid matters to any of them.
pub(crate) fn earliest(budgets: &[Budget], today: Date) -> Date {
    budgets.iter().map(|budget| budget.period_of(today).0).min().unwrap_or(today)
}
