//! The statements that run all day each have their index, on either database: no table is walked, nothing is sorted.

use jiff::{Timestamp, civil::date};
use platform::{
    db::{ColumnError, Database, FromRow, Row},
    sql,
};
use uuid::Uuid;

use crate::MIGRATIONS;

/// Each hot statement behind `explain`, with the index that it is to be answered from.
macro_rules! hot {
    ($explain:literal) => {{
        let (somebody, then) = (Uuid::from_u128(7), Timestamp::UNIX_EPOCH);
        let (first, last) = (date(2026, 1, 1), date(2026, 2, 1));
        [
            ("subscriptions_by_household", sql!(
                concat!($explain, "SELECT * FROM subscriptions WHERE household_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
                somebody, somebody, 20_i64)),
            ("subscriptions_that_wake", sql!(
                concat!($explain, "SELECT * FROM subscriptions WHERE wakes_at <= $1 ORDER BY wakes_at LIMIT $2"),
                then, 20_i64)),
            ("payments_by_subscription", sql!(
                concat!($explain, "SELECT * FROM payments WHERE subscription_id = $1 AND household_id = $2 AND due_on < $3 ORDER BY due_on DESC LIMIT $4"),
                somebody, somebody, first, 20_i64)),
            ("payments_paid", sql!(
                concat!($explain, "SELECT * FROM payments WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3"),
                somebody, first, last)),
            ("payments_open", sql!(
                concat!($explain, "SELECT * FROM payments WHERE household_id = $1 AND paid_on IS NULL AND due_on <= $2"),
                somebody, first)),
            ("payments_to_convert", sql!(
                concat!($explain, "SELECT p.id FROM payments p LEFT JOIN households h ON h.household_id = p.household_id WHERE p.rate_wakes <= $1 ORDER BY p.rate_wakes LIMIT $2"),
                0_i64, 20_i64)),
            ("reference_rates", sql!(
                concat!($explain, "SELECT day, rates FROM reference_rates WHERE day >= $1 AND day <= $2 ORDER BY day LIMIT $3"),
                first, last, 20_i64)),
            ("own_rates", sql!(
                concat!($explain, "SELECT rate FROM own_rates WHERE household_id = $1 ORDER BY from_currency, to_currency, since LIMIT $2"),
                somebody, 20_i64)),
            ("subscriptions_that_remind", sql!(
                concat!($explain, "SELECT * FROM subscriptions WHERE reminds_at <= $1 ORDER BY reminds_at LIMIT $2"),
                then, 20_i64)),
            ("subscriptions_unplanned", sql!(
                concat!($explain, "SELECT * FROM subscriptions WHERE reminds_at IS NULL AND status IN ('trial', 'active') ORDER BY id LIMIT $1"),
                20_i64)),
            ("reminders_told_once", sql!(
                concat!($explain, "SELECT * FROM reminders WHERE subscription_id = $1 AND household_id = $2 AND recipient_id = $3 AND about_on >= $4 ORDER BY about_on LIMIT $5"),
                somebody, somebody, somebody, first, 20_i64)),
            ("reminders_by_state", sql!(
                concat!($explain, "SELECT * FROM reminders WHERE household_id = $1 AND state = $2 AND planned_for >= $3 AND (planned_for, id) < ($4, $5) ORDER BY planned_for DESC, id DESC LIMIT $6"),
                somebody, "sent", then, then, somebody, 20_i64)),
            ("outbox_unpublished", sql!(
                concat!($explain, "SELECT * FROM outbox WHERE published_at IS NULL AND sequence > $1 ORDER BY sequence LIMIT $2"),
                0_i64, 20_i64)),
        ]
    }};
}

/// A step of SQLite's plan.
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
async fn hot_statements_use_their_indexes_on_sqlite() {
    let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
    for (index, statement) in hot!("EXPLAIN QUERY PLAN ") {
        let plan: Vec<Step> = database.all(statement).await.unwrap();
        let plan: Vec<_> = plan.into_iter().map(|Step(step)| step).collect();
        let walked = plan.iter().any(|step| step.starts_with("SCAN") && !step.contains("USING INDEX"));
        let sorted = plan.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(!walked && !sorted && uses(&plan, index), "{index}: {plan:?}");
    }
}

/// PostgreSQL walks what is small whatever indexes there are, so here it is told not to where it need not. Which of
/// several indexes it takes depends on what the tables hold, and they hold nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hot_statements_use_their_indexes_on_postgres() {
    let Some(database) = platform::testing::postgres("test", MIGRATIONS).await else { return };
    reluctant(&database).await;
    for (index, statement) in hot!("EXPLAIN ") {
        let plan: Vec<(String,)> = database.all(statement).await.unwrap();
        let plan: Vec<_> = plan.into_iter().map(|(step,)| step).collect();
        let walked = plan.iter().any(|step| step.contains("Seq Scan on"));
        let sorted = plan.iter().any(|step| step.contains("Sort Key"));
        assert!(!walked && !sorted, "{index}: {plan:#?}");
    }
}

/// On its one connection, for as long as statements come one after the other.
async fn reluctant(database: &Database) {
    for setting in ["enable_seqscan", "enable_sort", "enable_bitmapscan"] {
        let set = sql!("SELECT set_config($1, 'off', false)", setting);
        assert_eq!(database.all::<(String,)>(set).await.unwrap(), [("off".to_owned(),)]);
    }
}

/// Whether a plan names the index, or the primary key where the name is that of a table.
fn uses(plan: &[String], index: &str) -> bool {
    let names = [format!("INDEX {index} "), format!("INDEX sqlite_autoindex_{index}_1 ")];
    plan.iter().any(|step| names.iter().any(|name| format!("{step} ").contains(name.as_str())))
}
