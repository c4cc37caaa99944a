//! How this process and all it needs are doing, for those who run the installation: `/v1/admin/status`, and the page of it.

mod page;
mod reading;

use std::sync::Arc;

use axum::{Router, extract::State, routing::get};
use contracts::users::Users;
use jiff::Timestamp;
use platform::http::{CallerAsAdministrator, Health, Json, ProblemBody};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::door::Door;

/// What the status is read from.
pub(crate) struct Source {
    pub(crate) health: Arc<Health>,
    pub(crate) door: Arc<Door>,
    /// Who looks at the page.
    pub(crate) users: Arc<dyn Users>,
}

pub(crate) fn api() -> OpenApiRouter<Arc<Source>> {
    OpenApiRouter::new().routes(routes!(status))
}

pub(crate) fn pages(source: Arc<Source>) -> Router {
    Router::new().route("/admin/status", get(page::show)).with_state(source)
}

/// How a process and what it needs are doing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SystemStatus)]
pub(crate) struct Status {
    /// What it is a version of.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Whether every database answers and no job is late.
    ready: bool,
    requests: RequestsBody,
    /// One a module.
    databases: Vec<DatabaseBody>,
    /// What several processes count together in; nothing where there is none.
    redis: Option<ServerBody>,
    /// What carries events between processes; nothing where there is none.
    nats: Option<ServerBody>,
    jobs: Vec<JobBody>,
    /// Whoever this process asked outside, those in trouble first; at most a hundred.
    dependencies: Vec<DependencyBody>,
}

/// What is being done for people.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StatusRequests)]
pub(crate) struct RequestsBody {
    /// Requests that are being answered.
    in_flight: u32,
    /// How many are let in at once, as it was learnt; nothing where that is not limited.
    limit: Option<u32>,
}

/// A module's database.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StatusDatabase)]
pub(crate) struct DatabaseBody {
    module: &'static str,
    /// Whether it answers.
    ok: bool,
    /// Events that its consumers could not handle.
    dead_letters: Option<i64>,
    /// When the oldest of them was given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_dead_letter_at: Option<Timestamp>,
}

/// A server that processes share.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StatusServer)]
pub(crate) struct ServerBody {
    /// Whether it answers.
    ok: bool,
    /// What that means for people.
    detail: &'static str,
}

/// Something that is done by itself.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StatusJob)]
pub(crate) struct JobBody {
    name: String,
    /// How long ago it was last done.
    seconds_since_done: u64,
    /// Whether that is too long.
    late: bool,
}

/// Somebody outside who is asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StatusDependency)]
pub(crate) struct DependencyBody {
    /// A host, with its port where that is not the usual one.
    #[schema(example = "www.ecb.europa.eu")]
    name: String,
    /// Questions that are on their way to it.
    in_flight: usize,
    /// How many can be at once; more wait for their turn.
    at_once: usize,
    /// How much longer it is left alone, because it failed again and again.
    resting_seconds: Option<u64>,
    /// How often it failed in a row.
    failures: u32,
    /// How often it answered since the process began.
    answered: u64,
    /// How often it did not.
    failed: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    failed_at: Option<Timestamp>,
    /// What was met when it last did not answer.
    last_failure: Option<&'static str>,
}

/// Look at how it is doing
///
/// Of the process that answers; where there are several, each has its own.
#[utoipa::path(get, path = "/v1/admin/status", tag = "administration", responses(
    (status = 200, description = "How it is doing", body = Status),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You are no administrator", body = ProblemBody),
))]
async fn status(
    State(source): State<Arc<Source>>,
    CallerAsAdministrator(_administrator): CallerAsAdministrator,
) -> Json<Status> {
    Json(source.read().await)
}
