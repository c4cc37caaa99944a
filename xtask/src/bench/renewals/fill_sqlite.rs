//! Copies of one subscription, in SQLite.

use std::path::Path;

use rusqlite::Connection;

use super::{A_HOUSEHOLD, TOLD_UNTIL};
use crate::failure::Failure;

/// Tables with rows that hang together by their household.
const TABLES: [&str; 3] = ["households", "subscriptions", "payments"];

/// Makes `due` copies in place of the one there is.
pub(super) fn fill(file: &Path, due: usize) -> Result<(), Failure> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.execute_batch("BEGIN")?;
    let [households, subscriptions, payments] = TABLES.map(|table| columns(&connection, table));
    let numbers = |count: usize| {
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})")
    };
    // An id is the number of its row behind a fixed start, so that a copy finds its household without a look.
    let id = |kind: &str, number: &str| {
        format!("CAST(unhex(printf('0197f3c2a5b07{kind}8%016x', {number})) AS BLOB)")
    };
    let household = id("a0", &format!("(n.i - 1) / {A_HOUSEHOLD}"));
    let told = format!("unixepoch('{TOLD_UNTIL}') * 1000000");
    let of_one = vec![("id", id("b0", "n.i")), ("household_id", household.clone()), ("reminds_at", told)];
    let of_payment =
        vec![("id", id("c0", "n.i")), ("subscription_id", id("b0", "n.i")), ("household_id", household)];
    let copies = [
        ("households", households?, due.div_ceil(A_HOUSEHOLD), vec![("household_id", id("a0", "n.i - 1"))]),
        ("subscriptions", subscriptions?, due, of_one),
        ("payments", payments?, due, of_payment),
    ];
    for (table, columns, count, replaced) in copies {
        let values: Vec<&str> = columns
            .iter()
            .map(|column| {
                let fresh = replaced.iter().find(|(name, _)| name == column);
                fresh.map_or(column.as_str(), |(_, expression)| expression)
            })
            .collect();
        connection.execute_batch(&format!(
            "CREATE TEMP TABLE one AS SELECT * FROM {table} LIMIT 1; DELETE FROM {table};
             {} INSERT INTO {table} ({}) SELECT {} FROM n, one; DROP TABLE one;",
            numbers(count),
            columns.join(", "),
            values.join(", "),
        ))?;
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")?;
    // Of what was filled alone: a count of tables that are to grow would say that they are small.
    for table in TABLES {
        connection.execute_batch(&format!("ANALYZE {table}"))?;
    }
    Ok(())
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<String>, Failure> {
    let mut listed = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = listed.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
