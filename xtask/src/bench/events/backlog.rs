//! A backlog of events, as one that is written while the program is away.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::Stage;
use crate::{
    bench::{
        instance::{Instance, Place},
        load::{self, Person},
        raw_postgres,
    },
    failure::Failure,
};

/// How often the program is asked how far it is.
const LOOK: Duration = Duration::from_millis(50);
/// When it is given up: far more than any limit.
const PATIENCE: Duration = Duration::from_secs(900);
/// The event that is copied.
const COPIED: &str = "household.changed";
/// Those who listen to the event that is copied.
const LISTENERS: [&str; 3] =
    ["subscriptions.keep_household", "notifications.keep_person", "notifications.tell_webhooks"];

/// How many a second it carries to everybody who listens.
pub(super) async fn carry(stage: &Stage, events: usize) -> Result<f64, Failure> {
    let mut instance = stage.start(&[])?;
    let email = "backlog@example.org";
    Person::register(&instance.address, email).await?;
    // What it says of them is told before it stops.
    wait(&instance, 1).await?;
    instance.end()?;
    match &stage.place {
        Place::Folder(folder) => fill_sqlite(&folder.join("users.db"), events)?,
        Place::Url(url) => fill_postgres(url, events).await?,
    }
    let instance = stage.start(&[])?;
    let already = heard(&instance).await?;
    let elapsed = wait(&instance, events).await?;
    Ok((events - already.min(events)) as f64 / elapsed.as_secs_f64())
}

/// Until everybody who listens has taken so many.
async fn wait(instance: &Instance, events: usize) -> Result<Duration, Failure> {
    let began = Instant::now();
    loop {
        let heard = heard(instance).await?;
        if heard >= events {
            return Ok(began.elapsed());
        }
        if began.elapsed() > PATIENCE {
            return Err(Failure::new(format!("only {heard} of {events} events were heard")));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// What the one who has taken the fewest has taken since the program was started.
async fn heard(instance: &Instance) -> Result<usize, Failure> {
    let metrics = load::get(&instance.address, "/metrics").await?;
    let by = |listener: &str| {
        let name = format!("perennial_events_handled_total{{consumer=\"{listener}\"}} ");
        let number = metrics.lines().find_map(|line| line.strip_prefix(&name)?.trim().parse().ok());
        number.unwrap_or(0)
    };
    Ok(LISTENERS.into_iter().map(by).min().unwrap_or(0))
}

/// An id is the number of its event behind a fixed start.
fn fill_sqlite(file: &Path, events: usize) -> Result<(), Failure> {
    let connection = Connection::open(file)?;
    connection.execute_batch(&format!(
        "CREATE TEMP TABLE one AS SELECT event, recorded_at FROM outbox
         WHERE json_extract(event, '$.type') = '{COPIED}' ORDER BY sequence LIMIT 1;
         INSERT INTO outbox (event_id, event, recorded_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {events})
         SELECT unhex(printf('0197f3c2a5b07e08%016x', i)),
                json_replace(event, '$.id', 'evt_' || printf('0197f3c2a5b07e08%016x', i),
                    '$.subject', 'hou_' || printf('0197f3c2a5b07f08%016x', i),
                    '$.householdid', 'hou_' || printf('0197f3c2a5b07f08%016x', i),
                    '$.data.household', 'hou_' || printf('0197f3c2a5b07f08%016x', i)), recorded_at
         FROM n, one;
         DROP TABLE one"
    ))?;
    Ok(())
}

async fn fill_postgres(url: &str, events: usize) -> Result<(), Failure> {
    let client = raw_postgres::connect(url).await?;
    let id = |kind: &str| format!("'0197f3c2a5b07{kind}8' || lpad(to_hex(i), 16, '0')");
    let (event, household) = (id("e0"), format!("'hou_' || {}", id("f0")));
    let text = format!(
        "INSERT INTO users.outbox (event_id, event, recorded_at)
         SELECT ({event})::uuid,
                one.event || jsonb_build_object('id', 'evt_' || {event}, 'subject', {household},
                    'householdid', {household},
                    'data', one.event -> 'data' || jsonb_build_object('household', {household})),
                one.recorded_at
         FROM (SELECT event, recorded_at FROM users.outbox
               WHERE event ->> 'type' = '{COPIED}' ORDER BY sequence LIMIT 1) AS one,
              generate_series(1, {events}) AS i"
    );
    client.batch_execute(&text).await?;
    Ok(())
}
