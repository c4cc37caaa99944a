//! Telling a consumer once more what it was told, from any point of what is kept: to rebuild what it made of it.

use jiff::Timestamp;
use kernel::Event;

use super::Consumer;
use crate::db::{Batch, Database, DbError, Json, Value};

/// Events that are looked at at once.
const PAGE: i64 = 500;

/// Which events.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// That happened at this instant or after it.
    pub from: Timestamp,
    /// That happened before it.
    pub to: Timestamp,
}

/// Gives `consumer`, whose seen events are in `database`, the events of `sources` once more that it listens to and
/// that were told already; says how many. Whichever process runs the consumer takes them within a second or so, in
/// their order, each with all its tries ahead of it.
///
/// What still waits to be taken stays as it is. Done twice, it tells twice; what the consumer does must bear that, as it
/// has to bear being told late.
///
/// # Errors
/// [`DbError`]. What was given before is given, in whole pages; it may be begun again.
pub async fn replay(
    consumer: &Consumer,
    database: &Database,
    sources: &[Database],
    period: Period,
    now: Timestamp,
) -> Result<u64, DbError> {
    let kinds = consumer.handler.kinds();
    let mut count = 0;
    for source in sources {
        let mut last = 0;
        loop {
            let page = told(source, last, period).await?;
            let Some((end, _)) = page.last() else { break };
            last = *end;
            let events = page.iter().map(|(_, Json(event))| event);
            let listened: Vec<&Event> = events.filter(|event| kinds.contains(&event.kind.as_str())).collect();
            give(consumer.name, database, &listened, now).await?;
            count += listened.len() as u64;
        }
    }
    Ok(count)
}

async fn told(source: &Database, last: i64, period: Period) -> Result<Vec<(i64, Json<Event>)>, DbError> {
    let statement = crate::sql!(
        "SELECT sequence, event FROM outbox
         WHERE sequence > $1 AND recorded_at >= $2 AND recorded_at < $3 AND published_at IS NOT NULL
         ORDER BY sequence LIMIT $4",
        last,
        period.from,
        period.to,
        PAGE
    );
    source.all(statement).await
}

async fn give(
    consumer: &'static str,
    database: &Database,
    events: &[&Event],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut batch = Batch::new();
    for event in events {
        batch.add(crate::sql!(
            "DELETE FROM inbox WHERE consumer = $1 AND event_id = $2 AND state = 'done'",
            consumer,
            event.id
        ));
        batch.add(crate::sql!(
            "INSERT INTO inbox (consumer, event_id, subject, state, tries, event, error, received_at, next_try_at)
             VALUES ($1, $2, $3, 'waiting', 0, $4, $5, $6, $6) ON CONFLICT (consumer, event_id) DO NOTHING",
            consumer,
            event.id,
            &event.subject,
            Value::json(event),
            "told once more",
            now
        ));
    }
    database.apply(batch).await
}
