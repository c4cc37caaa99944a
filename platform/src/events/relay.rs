//! The sending end: tells what the outbox holds, in order.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Clock, Event};

use super::Bus;
use crate::{
    db::{Batch, Database, DbError, Json, Lease},
    jobs::{Progress, Work},
};

/// Events taken at once.
const PASS: i64 = 1024;

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

    /// Publishes events in their order; returns the places of those that were.
    async fn publish(&self, events: &[(i64, Json<Event>)]) -> Vec<i64> {
        let told: Vec<&Event> = events.iter().map(|(_, Json(event))| event).collect();
        let outcomes = self.bus.publish_all(&told).await;
        let mut published = Vec::with_capacity(events.len());
        for ((sequence, Json(event)), outcome) in events.iter().zip(outcomes) {
            match outcome {
                Ok(()) => published.push(*sequence),
                Err(error) => {
                    tracing::warn!(event = %event.id, kind = event.kind, %error, "not published yet");
                }
            }
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
        let published = self.publish(&events).await;
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
