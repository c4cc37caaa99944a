//! The sending end: tells what the outbox holds, in order.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use kernel::{Clock, Event};

use super::Bus;
use crate::{
    db::{Batch, Database, DbError, Json, Lease},
    jobs::{Progress, Work},
};

/// Events taken at once.
const PASS: i64 = 1024;
/// Subjects told side by side.
const SIDE_BY_SIDE: usize = 16;

/// Publishes one module's events. One process at a time does it for a database, so that order is kept.
pub struct Relay {
    database: Database,
    bus: Arc<dyn Bus>,
    clock: Arc<dyn Clock>,
    lease: Lease,
}

impl Relay {
    /// The relay of a module's database.
    pub fn new(database: Database, bus: Arc<dyn Bus>, clock: Arc<dyn Clock>, lease: Lease) -> Self {
        Self { database, bus, clock, lease }
    }

    async fn unpublished(&self) -> Result<Vec<(i64, Json<Event>)>, DbError> {
        self.database
            .all(crate::sql!(
                "SELECT sequence, event FROM outbox WHERE published_at IS NULL ORDER BY sequence LIMIT $1",
                PASS
            ))
            .await
    }

    /// Publishes the events of one subject until one cannot be; returns those that were.
    async fn publish_subject(&self, events: Vec<(i64, Event)>) -> Vec<i64> {
        let mut published = Vec::with_capacity(events.len());
        for (sequence, event) in events {
            if let Err(error) = self.bus.publish(&event).await {
                tracing::warn!(event = %event.id, kind = event.kind, %error, "not published yet");
                break;
            }
            published.push(sequence);
        }
        published
    }

    async fn mark_published(&self, sequences: Vec<i64>) -> Result<(), DbError> {
        let mut batch = Batch::new();
        batch.add(crate::sql!(
            "UPDATE outbox SET published_at = $1 WHERE sequence = ANY($2)",
            self.clock.now(),
            sequences
        ));
        self.database.apply(batch).await
    }
}

#[async_trait]
impl Work for Relay {
    async fn run(&self) -> Result<Progress, String> {
        let failed = |error: DbError| error.to_string();
        if !self.lease.acquire().await.map_err(failed)? {
            return Ok(Progress::Idle);
        }
        let events = self.unpublished().await.map_err(failed)?;
        let taken = events.len();
        let mut subjects: HashMap<String, Vec<(i64, Event)>> = HashMap::new();
        for (sequence, Json(event)) in events {
            subjects.entry(event.subject.clone()).or_default().push((sequence, event));
        }
        let published: Vec<i64> = stream::iter(subjects.into_values())
            .map(|events| self.publish_subject(events))
            .buffer_unordered(SIDE_BY_SIDE)
            .concat()
            .await;
        let told = published.len();
        if told > 0 {
            self.mark_published(published).await.map_err(failed)?;
        }
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
