//! `/livez`, `/readyz`, `/metrics`.

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use super::Json;
use crate::{db::Database, jobs::JobHealth};

/// What `/readyz` looks at.
pub struct Health {
    /// The modules' databases.
    pub databases: Vec<(&'static str, Database)>,
    /// The jobs of this process.
    pub jobs: Vec<Arc<JobHealth>>,
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

/// 200 when every database answers and no job is late; else 503. Either way it says what it found.
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
        all_well &= !job.is_late();
        let said = json!({"seconds_since_done": job.age().as_secs(), "late": job.is_late()});
        jobs.insert(job.name().to_owned(), said);
    }
    let status = if all_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"ready": all_well, "databases": databases, "jobs": jobs})))
}

async fn metrics(State(health): State<Arc<Health>>) -> impl IntoResponse {
    for job in &health.jobs {
        metrics::gauge!("perennial_job_age_seconds", "job" => job.name().to_owned())
            .set(job.age().as_secs_f64());
    }
    health.metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], health.metrics.render())
}
