//! Pages of the ledger, the newest charge date first.

use jiff::civil::Date;
use kernel::{PaymentId, SubscriptionId};
use platform::db::{Database, DbError, Statement, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::Onlooker;
use crate::domain::{Entry, PaymentStatus};

/// Where a payment stands in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerPlace(Date, PaymentId);

impl LedgerPlace {
    pub(crate) fn of(entry: &Entry) -> Self {
        Self(entry.due_on, entry.id)
    }
}

/// Which payments, and from where on.
#[derive(Debug, Clone)]
pub(crate) struct LedgerQuery {
    /// Of one subscription only.
    pub(crate) subscription: Option<SubscriptionId>,
    /// Only those that are one of these; any, when empty.
    pub(crate) statuses: Vec<PaymentStatus>,
    /// The first charge date.
    pub(crate) from: Date,
    /// The last charge date.
    pub(crate) to: Date,
    /// Those after this one.
    pub(crate) after: Option<LedgerPlace>,
}

impl Default for LedgerQuery {
    fn default() -> Self {
        Self {
            subscription: None,
            statuses: Vec::new(),
            from: jiff::civil::date(1, 1, 1),
            to: Date::MAX,
            after: None,
        }
    }
}

/// What every page asks beside whose it is. Each word of a status has its place; where fewer are asked for, they
/// are repeated.
macro_rules! asked {
    () => {
        "AND due_on BETWEEN $2 AND $3 AND (due_on, id) < ($4, $5) AND status IN ($6, $7, $8, $9, $10)
         AND NOT EXISTS (SELECT 1 FROM subscriptions s
                         WHERE s.id = subscription_id AND s.private AND s.created_by <> $12)
         ORDER BY due_on DESC, id DESC LIMIT $11"
    };
}

const OF_HOUSEHOLD: &str = select!("WHERE household_id = $1 ", asked!());
const OPEN_OF_HOUSEHOLD: &str = select!("WHERE household_id = $1 AND paid_on IS NULL ", asked!());
const OF_SUBSCRIPTION: &str = select!("WHERE household_id = $1 AND subscription_id = $13 ", asked!());

impl LedgerQuery {
    /// In words that let the database use the index made for the question.
    fn statement(&self, eyes: Onlooker, limit: i64) -> (&'static str, Vec<Value>) {
        let text = match self.subscription {
            Some(_) => OF_SUBSCRIPTION,
            None if self.is_unpaid() => OPEN_OF_HOUSEHOLD,
            None => OF_HOUSEHOLD,
        };
        let LedgerPlace(day, id) =
            self.after.unwrap_or(LedgerPlace(Date::MAX, PaymentId::from_uuid(Uuid::max())));
        let mut values: Vec<Value> =
            vec![eyes.household.into(), self.from.into(), self.to.into(), day.into(), id.into()];
        values.extend(self.words().map(Value::from));
        values.extend([limit.into(), eyes.user.into()]);
        values.extend(self.subscription.map(Value::from));
        (text, values)
    }

    /// Whether it asks only for what has no day on which it was paid.
    fn is_unpaid(&self) -> bool {
        let unpaid = |status: &PaymentStatus| match status {
            PaymentStatus::Due | PaymentStatus::Failed | PaymentStatus::Skipped => true,
            PaymentStatus::Paid | PaymentStatus::Refunded => false,
        };
        !self.statuses.is_empty() && self.statuses.iter().all(unpaid)
    }

    fn words(&self) -> [&'static str; PaymentStatus::ALL.len()] {
        let asked = if self.statuses.is_empty() { &PaymentStatus::ALL } else { self.statuses.as_slice() };
        let mut words = asked.iter().cycle().map(|status| status.as_str());
        std::array::from_fn(|_| words.next().unwrap_or_default())
    }
}

/// A page of a household's payments.
pub(crate) async fn ledger(
    database: &Database,
    eyes: impl Into<Onlooker>,
    query: &LedgerQuery,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let (text, values) = query.statement(eyes.into(), limit);
    database.all(Statement::new(text, values)).await
}

#[cfg(test)]
mod tests {
    use platform::db::{ColumnError, FromRow, Row};

    use super::*;
    use crate::{MIGRATIONS, domain::testing::id};

    struct Step(String);

    impl FromRow for Step {
        fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
            for _ in 0..3 {
                row.take::<i64>()?;
            }
            row.take().map(Self)
        }
    }

    #[tokio::test]
    async fn every_question_to_the_ledger_walks_an_index_made_for_it() {
        let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
        let open = LedgerQuery { statuses: PaymentStatus::OPEN.to_vec(), ..LedgerQuery::default() };
        let one = LedgerQuery { subscription: Some(id(1)), ..LedgerQuery::default() };
        for (query, index) in [
            (LedgerQuery::default(), "payments_by_household"),
            (open, "payments_open"),
            (one, "payments_by_subscription"),
        ] {
            let (text, values) = query.statement(Onlooker::from(id::<kernel::kinds::Household>(1)), 20);
            let explained = Box::leak(format!("EXPLAIN QUERY PLAN {text}").into_boxed_str());
            let plan: Vec<Step> = database.all(Statement::new(explained, values)).await.unwrap();
            let steps: Vec<_> = plan.iter().map(|step| step.0.as_str()).collect();
            assert!(steps.iter().any(|step| step.contains(index)), "{query:?}: {steps:?}");
            assert!(!steps.contains(&"USE TEMP B-TREE FOR ORDER BY"), "{query:?}: {steps:?}");
        }
    }
}
