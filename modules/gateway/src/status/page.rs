//! `/admin/status`

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use platform::http::{Problem, VisitorAsAdministrator};
use web::{Shell, Tone};

use super::{DependencyBody, JobBody, ServerBody, Source, Status};
use crate::frame::{self, span};

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    shell: Shell,
    told: Line,
    parts: Vec<Line>,
    jobs: Vec<Line>,
    dependencies: Vec<Line>,
}

/// One thing, how it does, and a badge that says it in a word.
struct Line {
    name: String,
    detail: String,
    badge: (&'static str, Tone),
}

const WELL: (&str, Tone) = ("Well", Tone::Good);
const AWAY: (&str, Tone) = ("Away", Tone::Bad);

impl Line {
    fn new(name: &str, detail: impl Into<String>, badge: (&'static str, Tone)) -> Self {
        Self { name: name.to_owned(), detail: detail.into(), badge }
    }

    fn server(name: &str, server: &ServerBody) -> Self {
        Self::new(name, server.detail, if server.ok { WELL } else { AWAY })
    }

    fn job(job: &JobBody) -> Self {
        let badge = if job.late { ("Late", Tone::Bad) } else { WELL };
        Self::new(&job.name, format!("done {} ago", span(job.seconds_since_done)), badge)
    }

    fn dependency(one: &DependencyBody) -> Self {
        let mut detail = format!("{} answered, {} failed", one.answered, one.failed);
        if let (Some(said), true) = (one.last_failure, one.failures > 0) {
            detail = format!("{detail} · {said}");
        }
        let badge = match one.resting_seconds {
            Some(_) => ("Left alone", Tone::Bad),
            None if one.failures > 0 => ("Failing", Tone::Careful),
            None => WELL,
        };
        Self::new(&one.name, detail, badge)
    }
}

fn parts(status: &Status) -> Vec<Line> {
    let requests = match status.requests.limit {
        Some(limit) => format!("{} being answered, {limit} let in at once", status.requests.in_flight),
        None => format!("{} being answered", status.requests.in_flight),
    };
    let mut lines = vec![Line::new("Requests", requests, WELL)];
    for database in &status.databases {
        let (detail, badge) = match database.dead_letters {
            None => ("does not answer".to_owned(), AWAY),
            Some(0) => ("no event was given up".to_owned(), WELL),
            Some(count) => (format!("{count} events were given up"), ("Look at it", Tone::Careful)),
        };
        lines.push(Line::new(&format!("Database of {}", database.module), detail, badge));
    }
    lines.extend(status.redis.as_ref().map(|redis| Line::server("Redis", redis)));
    lines.extend(status.nats.as_ref().map(|nats| Line::server("NATS", nats)));
    lines
}

pub(super) async fn show(
    State(source): State<Arc<Source>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
) -> Result<Response, Problem> {
    let shell = frame::shell(&*source.users, &*source.health.clock, &actor, "Status").await?;
    let status = source.read().await;
    let badge = if status.ready { WELL } else { ("Something is wrong", Tone::Bad) };
    let page = StatusPage {
        shell,
        told: Line::new("Perennial", format!("version {}", status.version), badge),
        parts: parts(&status),
        jobs: status.jobs.iter().map(Line::job).collect(),
        dependencies: status.dependencies.iter().map(Line::dependency).collect(),
    };
    web::page(&page).map_err(|error| {
        tracing::error!(%error, "the status cannot be shown");
        Problem::internal("It has been noted. The same is at /v1/admin/status.")
    })
}
