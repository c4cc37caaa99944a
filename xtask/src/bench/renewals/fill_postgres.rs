//! Copies of one subscription, in PostgreSQL.

use tokio_postgres::Client;

use super::{A_HOUSEHOLD, TOLD_UNTIL};
use crate::{bench::raw_postgres, failure::Failure};

/// Makes `due` copies in place of the one there is.
pub(super) async fn fill(url: &str, due: usize) -> Result<(), Failure> {
    let client = raw_postgres::connect(url).await?;
    // An id is the number of its row behind a fixed start, so that a copy finds its household without a look.
    let id = |kind: &str, number: &str| {
        format!("('0197f3c2a5b07{kind}8' || lpad(to_hex({number}), 16, '0'))::uuid")
    };
    let household = id("a0", &format!("(i - 1) / {A_HOUSEHOLD}"));
    let households = vec![("household_id", id("a0", "i - 1"))];
    let told = format!("'{TOLD_UNTIL}'::timestamptz");
    let subscriptions =
        vec![("id", id("b0", "i")), ("household_id", household.clone()), ("reminds_at", told)];
    let payments =
        vec![("id", id("c0", "i")), ("subscription_id", id("b0", "i")), ("household_id", household)];
    copy(&client, "households", due.div_ceil(A_HOUSEHOLD), &households).await?;
    copy(&client, "subscriptions", due, &subscriptions).await?;
    copy(&client, "payments", due, &payments).await?;
    client.batch_execute("ANALYZE; CHECKPOINT").await?;
    Ok(())
}

async fn copy(
    client: &Client,
    table: &str,
    count: usize,
    replaced: &[(&str, String)],
) -> Result<(), Failure> {
    let columns = client
        .query(
            "SELECT column_name::text FROM information_schema.columns
             WHERE table_schema = 'subscriptions' AND table_name = $1 ORDER BY ordinal_position",
            &[&table],
        )
        .await?;
    let columns: Vec<String> = columns.iter().map(|row| row.get(0)).collect();
    let values: Vec<&str> = columns
        .iter()
        .map(|column| {
            let fresh = replaced.iter().find(|(name, _)| name == column);
            fresh.map_or(column.as_str(), |(_, expression)| expression)
        })
        .collect();
    let text = format!(
        "CREATE TEMP TABLE one AS SELECT * FROM {table} LIMIT 1; DELETE FROM {table};
         INSERT INTO {table} ({}) SELECT {} FROM one, generate_series(1, {count}) AS i; DROP TABLE one",
        columns.join(", "),
        values.join(", "),
    );
    Ok(client.batch_execute(&text).await?)
}
