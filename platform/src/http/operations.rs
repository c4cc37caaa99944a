//! `/livez`, `/readyz`, `/metrics`.

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use http::{StatusCode, header};
use jiff::Timestamp;
use kernel::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use super::Json;
use crate::{
    db::Database,
    dependencies::Dependencies,
    events::{DeadLetters, Nats},
    jobs::JobHealth,
    redis::Redis,
};

/// What `/readyz` looks at.
pub struct Health {
    /// The modules' databases.
    pub databases: Vec<(&'static str, Database)>,
    /// The jobs of this process.
    pub jobs: Vec<Arc<JobHealth>>,
    /// What time it is, for ages.
    pub clock: Arc<dyn Clock>,
    /// Where processes count together.
    pub redis: Option<Arc<Redis>>,
    /// What carries events between processes.
    pub nats: Option<Arc<Nats>>,
    /// Who is asked outside, and how they do.
    pub dependencies: Dependencies,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
}

/// The routes for those who run the process.
pub fn operations(health: Arc<Health>) -> Router {
    Router::new()
        .route("/livez", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(health)
}

/// 200 when every database answers and no job is late that must not be; else 503. Either way it says what it found.
async fn ready(State(health): State<Arc<Health>>) -> impl IntoResponse {
    let mut all_well = true;
    let mut databases = serde_json::Map::new();
    for (name, database) in &health.databases {
        let well = matches!(tokio::time::timeout(Duration::from_secs(2), database.ping()).await, Ok(Ok(())));
        all_well &= well;
        databases.insert((*name).to_owned(), json!(if well { "ok" } else { "does not answer" }));
    }
    let mut jobs = serde_json::Map::new();
    for job in &health.jobs {
        all_well &= !job.is_amiss();
        let said = json!({"seconds_since_done": job.age().as_secs(), "late": job.is_late()});
        jobs.insert(job.name().to_owned(), said);
    }
    let status = if all_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut said = json!({"ready": all_well, "databases": databases, "jobs": jobs});
    if let Some(redis) = &health.redis {
        // Without it the door goes on by itself, so that is no reason to send people elsewhere.
        said["redis"] = json!(if redis.is_there() {
            "ok"
        } else {
            "does not answer: limits are counted by each process alone"
        });
    }
    if let Some(nats) = &health.nats {
        // What was asked for is done and written down all the same, and told when it is back.
        said["nats"] =
            json!(if nats.is_away() { "does not answer: events wait where they are" } else { "ok" });
    }
    (status, Json(said))
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; there are never that many")]
fn dead_letters(module: &'static str, count: i64, oldest: Option<Timestamp>, now: Timestamp) {
    metrics::gauge!("perennial_dead_letters", "module" => module).set(count as f64);
    let age = oldest.map_or(0.0, |oldest| (now - oldest).total(jiff::Unit::Second).unwrap_or(0.0));
    metrics::gauge!("perennial_dead_letters_age_seconds", "module" => module).set(age.max(0.0));
}

async fn metrics(State(health): State<Arc<Health>>) -> impl IntoResponse {
    for job in &health.jobs {
        metrics::gauge!("perennial_job_age_seconds", "job" => job.name().to_owned())
            .set(job.age().as_secs_f64());
    }
    for (module, database) in &health.databases {
        let letters = DeadLetters::new(database.clone());
        let counted = tokio::time::timeout(Duration::from_secs(2), letters.count()).await;
        if let Ok(Ok((count, oldest))) = counted {
            dead_letters(module, count, oldest, health.clock.now());
        }
    }
    health.metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], health.metrics.render())
}
