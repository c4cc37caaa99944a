//! The sending end: tells what the outbox holds, in order.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use kernel::{Clock, Event};

use super::Bus;
use crate::{
    db::{Batch, Database, DbError, Json, Lease},
    jobs::{Progress, Work},
};

/// Events taken at once.
const PASS: i64 = 1024;
/// Events that are told before it is noted that they were: a process that is killed leaves no more than two times that
/// many to be told once more.
const PIECE: usize = 256;

/// Publishes one module's events. One process at a time does it for a database, so that order is kept.
pub struct Relay {
    database: Database,
    bus: Arc<dyn Bus>,
    clock: Arc<dyn Clock>,
    lease: Lease,
}

/// What is to be told next. That sequences are above nought every row knows; it has SQLite walk the index of what is
/// unpublished from its beginning and stop, where it would else sort all of it.
macro_rules! unpublished {
    () => {
        "SELECT sequence, event FROM outbox WHERE published_at IS NULL AND sequence > $1 ORDER BY sequence LIMIT $2"
    };
}

/// Notes what was told. The bounds have it look among what is unpublished between them, also where the planner takes
/// the outbox, which was small when it was counted, for a table to be walked from end to end.
macro_rules! mark_published {
    () => {
        "UPDATE outbox SET published_at = $1
         WHERE published_at IS NULL AND sequence >= $2 AND sequence <= $3 AND sequence = ANY($4)"
    };
}

impl Relay {
    /// The relay of a module's database.
    pub fn new(database: Database, bus: Arc<dyn Bus>, clock: Arc<dyn Clock>, lease: Lease) -> Self {
        Self { database, bus, clock, lease }
    }

    async fn unpublished(&self) -> Result<Vec<(i64, Json<Event>)>, DbError> {
        self.database.all(crate::sql!(unpublished!(), 0_i64, PASS)).await
    }

    /// Publishes events in their order, a piece after the other, and notes that one was told while the next is on its way;
    /// returns how many were told. One who is killed has noted what was done with, so that whoever comes after it goes on
    /// from there, however much there is.
    async fn tell(&self, events: &[(i64, Json<Event>)]) -> Result<usize, DbError> {
        let (mut told, mut published, mut stuck) = (0, Vec::new(), HashSet::new());
        for piece in events.chunks(PIECE) {
            if !self.lease.acquire().await? {
                break;
            }
            let (noted, next) = tokio::join!(self.mark_published(published), self.publish(piece, &mut stuck));
            noted?;
            told += next.len();
            published = next;
        }
        self.mark_published(published).await?;
        Ok(told)
    }

    /// Publishes events in their order, but for those of stuck subjects; returns the places of those that were. A subject
    /// is stuck with the first of its events that was not: what stands behind it must not overtake it.
    async fn publish<'e>(&self, events: &'e [(i64, Json<Event>)], stuck: &mut HashSet<&'e str>) -> Vec<i64> {
        let free: Vec<(i64, &Event)> = events
            .iter()
            .map(|(sequence, Json(event))| (*sequence, event))
            .filter(|(_, event)| !stuck.contains(event.subject.as_str()))
            .collect();
        let told: Vec<&Event> = free.iter().map(|(_, event)| *event).collect();
        let outcomes = self.bus.publish_all(&told).await;
        let mut published = Vec::with_capacity(events.len());
        let mut first_not = None;
        for ((sequence, event), outcome) in free.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => published.push(sequence),
                Err(error) => {
                    stuck.insert(&event.subject);
                    first_not.get_or_insert((event, error));
                }
            }
        }
        if let Some((event, error)) = first_not {
            let count = events.len() - published.len();
            tracing::warn!(event = %event.id, kind = event.kind, %error, count, "not published yet");
        }
        published
    }

    async fn mark_published(&self, sequences: Vec<i64>) -> Result<(), DbError> {
        let (Some(first), Some(last)) = (sequences.iter().min().copied(), sequences.iter().max().copied())
        else {
            return Ok(());
        };
        let mut batch = Batch::new();
        batch.add(crate::sql!(mark_published!(), self.clock.now(), first, last, sequences));
        self.database.apply(batch).await
    }
}

#[async_trait]
impl Work for Relay {
    async fn run(&self) -> Result<Progress, String> {
        let failed = |error: DbError| error.to_string();
        // A process that reaches the bus may have the lease meanwhile.
        if self.bus.is_away() {
            return Ok(Progress::Idle);
        }
        if !self.lease.acquire().await.map_err(failed)? {
            return Ok(Progress::Idle);
        }
        let events = self.unpublished().await.map_err(failed)?;
        let taken = events.len();
        let told = self.tell(&events).await.map_err(failed)?;
        // With everything stuck, the next look is on the period: looking at once would spin.
        Ok(if told > 0 && taken == usize::try_from(PASS).unwrap_or(usize::MAX) {
            Progress::More
        } else {
            Progress::Idle
        })
    }

    async fn stop(&self) {
        // At worst the lease runs out by itself.
        let _ = self.lease.release().await;
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        db::{Batch, ColumnError, FromRow, Row},
        sql,
        testing::sqlite,
    };

    struct Step(String);

    impl FromRow for Step {
        fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
            for _ in 0..3 {
                row.take::<i64>()?;
            }
            row.take().map(Self)
        }
    }

    /// A backlog of a million events costs a pass no more than one of a few, whatever was counted when.
    #[tokio::test]
    async fn a_pass_looks_at_nothing_but_what_it_tells() {
        let (database, _folder) = sqlite("test", &[]).await;
        for counted_when_small in [false, true] {
            if counted_when_small {
                let mut batch = Batch::new();
                for number in 1..=2_u128 {
                    batch.add(sql!(
                        "INSERT INTO outbox (event_id, event, recorded_at, published_at) VALUES ($1, $2, $3, $3)",
                        uuid::Uuid::from_u128(number),
                        crate::db::Value::Json("{}".into()),
                        jiff::Timestamp::UNIX_EPOCH
                    ));
                }
                batch.add(sql!("ANALYZE"));
                database.apply(batch).await.unwrap();
            }
            let (next, now) = (0_i64, jiff::Timestamp::UNIX_EPOCH);
            for statement in [
                sql!(concat!("EXPLAIN QUERY PLAN ", unpublished!()), next, 256_i64),
                sql!(concat!("EXPLAIN QUERY PLAN ", mark_published!()), now, next, next, vec![next]),
            ] {
                let plan: Vec<Step> = database.all(statement).await.unwrap();
                let plan: Vec<String> = plan.into_iter().map(|Step(step)| step).collect();
                assert!(
                    plan[0].starts_with("SEARCH outbox USING")
                        && !plan.iter().any(|step| step.contains("TEMP")),
                    "{plan:?}"
                );
            }
        }
    }
}
