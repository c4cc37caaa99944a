//! `/v1/admin/dead-letters`

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::Timestamp;
use kernel::{DeadLetterId, EventId, HouseholdId, Invalid};
use platform::{
    events::DeadLetterPlace,
    http::{CallerAsAdministrator, Json, Origin, Page, PageQuery, PathOf, Problem, ProblemBody, Query},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Fate, Found, Source};

pub(crate) fn api() -> OpenApiRouter<Arc<Source>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, discard))
        .routes(routes!(replay))
        .routes(routes!(replay_all))
        .routes(routes!(discard_all))
}

/// An event that a consumer could not take.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeadLetter)]
pub(crate) struct LetterBody {
    id: DeadLetterId,
    /// Whose consumer it is.
    #[schema(example = "subscriptions")]
    module: &'static str,
    /// Who could not take it.
    #[schema(example = "subscriptions.keep_household")]
    consumer: String,
    event_id: EventId,
    /// What the event is called.
    #[schema(example = "household.changed")]
    kind: String,
    /// What it is about.
    subject: String,
    household_id: Option<HouseholdId>,
    /// What was met at the last try.
    error: String,
    /// How often it was tried.
    tries: i64,
    /// The trace it belongs to, as the log has it.
    traceparent: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    happened_at: Timestamp,
    /// When it was given up.
    #[schema(value_type = String, format = DateTime)]
    died_at: Timestamp,
    /// The whole of it, in the envelope of `CloudEvents`; only where one is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    event: Option<serde_json::Value>,
}

impl LetterBody {
    fn new((module, letter): Found) -> Self {
        Self {
            id: letter.id,
            module,
            consumer: letter.consumer,
            event_id: letter.event.id,
            kind: letter.event.kind,
            subject: letter.event.subject,
            household_id: letter.event.household,
            error: letter.error,
            tries: letter.tries,
            traceparent: letter.event.traceparent,
            happened_at: letter.event.time,
            died_at: letter.died_at,
            event: None,
        }
    }
}

/// Which are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LetterQuery {
    /// Those of one consumer.
    #[param(max_length = 200)]
    consumer: Option<String>,
}

/// List events that could not be taken
#[utoipa::path(get, path = "/v1/admin/dead-letters", tag = "administration", params(PageQuery, LetterQuery), responses(
    (status = 200, description = "A page of them, the oldest first", body = Page<LetterBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You are no administrator", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
async fn list(
    State(source): State<Arc<Source>>,
    CallerAsAdministrator(_administrator): CallerAsAdministrator,
    Query(page): Query<PageQuery>,
    Query(only): Query<LetterQuery>,
) -> Result<Json<Page<LetterBody>>, Problem> {
    let (limit, after) = page.read::<DeadLetterPlace>()?;
    named(only.consumer.as_deref())?;
    let found = source.list(only.consumer.as_deref(), after, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |(_, letter)| letter.place(), LetterBody::new)))
}

/// Look at an event that could not be taken, with all it says
#[utoipa::path(get, path = "/v1/admin/dead-letters/{id}", tag = "administration",
    params(("id" = DeadLetterId, Path)), responses(
        (status = 200, description = "The dead letter", body = LetterBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You are no administrator", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
async fn show(
    State(source): State<Arc<Source>>,
    CallerAsAdministrator(_administrator): CallerAsAdministrator,
    PathOf(id): PathOf<DeadLetterId>,
) -> Result<Json<LetterBody>, Problem> {
    let found = source.find(id).await?;
    // An event came from JSON, and always has a JSON form.
    let event = serde_json::to_value(&found.1.event).unwrap_or_default();
    Ok(Json(LetterBody { event: Some(event), ..LetterBody::new(found) }))
}

/// Send an event again
///
/// Its consumer takes it within a second or so, behind what waits of the same subject, with all tries ahead of it. It
/// stands in your audit log.
#[utoipa::path(post, path = "/v1/admin/dead-letters/{id}/replay", tag = "administration",
    params(("id" = DeadLetterId, Path)), responses(
        (status = 204, description = "It is on its way"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You are no administrator", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
async fn replay(
    State(source): State<Arc<Source>>,
    CallerAsAdministrator(administrator): CallerAsAdministrator,
    origin: Origin,
    PathOf(id): PathOf<DeadLetterId>,
) -> Result<StatusCode, Problem> {
    source.act(&administrator, &origin, id, Fate::Replay).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Throw an event away
///
/// Its consumer will never have taken it. It stands in your audit log.
#[utoipa::path(delete, path = "/v1/admin/dead-letters/{id}", tag = "administration",
    params(("id" = DeadLetterId, Path)), responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You are no administrator", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
async fn discard(
    State(source): State<Arc<Source>>,
    CallerAsAdministrator(administrator): CallerAsAdministrator,
    origin: Origin,
    PathOf(id): PathOf<DeadLetterId>,
) -> Result<StatusCode, Problem> {
    source.act(&administrator, &origin, id, Fate::Discard).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Those of one consumer, or all: one of the two is said.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeadLetterChoice)]
pub(crate) struct Choice {
    /// Those of this consumer.
    #[serde(default)]
    #[schema(max_length = 200)]
    consumer: Option<String>,
    /// All there are.
    #[serde(default)]
    all: bool,
}

/// No consumer has a longer name, in characters.
const LONGEST: usize = 200;

fn named(consumer: Option<&str>) -> Result<(), Invalid> {
    match consumer {
        Some(name) if name.chars().count() > LONGEST => {
            Err(Invalid::field("/consumer", format!("must be at most {LONGEST} characters long")))
        }
        Some(_) | None => Ok(()),
    }
}

impl Choice {
    fn read(self) -> Result<Option<String>, Invalid> {
        named(self.consumer.as_deref())?;
        match (self.consumer, self.all) {
            (None, true) => Ok(None),
            (Some(consumer), false) => Ok(Some(consumer)),
            (None, false) => Err(Invalid::field("/consumer", "is needed, or all")),
            (Some(_), true) => Err(Invalid::field("/all", "must be left out where a consumer is named")),
        }
    }
}

/// What was done with them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeadLettersDone)]
pub(crate) struct DoneBody {
    /// With how many.
    count: usize,
    /// Whether there are more: ask again.
    more: bool,
}

/// Send events again
///
/// Those of one consumer, or all, the oldest first: up to a thousand or so by one request.
#[utoipa::path(post, path = "/v1/admin/dead-letters/replay", tag = "administration", request_body = Choice, responses(
    (status = 200, description = "They are on their way", body = DoneBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You are no administrator", body = ProblemBody),
    (status = 422, description = "Which is not said", body = ProblemBody),
))]
async fn replay_all(
    State(source): State<Arc<Source>>,
    CallerAsAdministrator(administrator): CallerAsAdministrator,
    origin: Origin,
    Json(choice): Json<Choice>,
) -> Result<Json<DoneBody>, Problem> {
    let consumer = choice.read()?;
    let (count, more) = source.act_on_all(&administrator, &origin, consumer.as_deref(), Fate::Replay).await?;
    Ok(Json(DoneBody { count, more }))
}

/// Throw events away
///
/// Those of one consumer, or all, the oldest first: up to a thousand or so by one request. Their consumers will never
/// have taken them.
#[utoipa::path(post, path = "/v1/admin/dead-letters/discard", tag = "administration", request_body = Choice, responses(
    (status = 200, description = "They are gone", body = DoneBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You are no administrator", body = ProblemBody),
    (status = 422, description = "Which is not said", body = ProblemBody),
))]
async fn discard_all(
    State(source): State<Arc<Source>>,
    CallerAsAdministrator(administrator): CallerAsAdministrator,
    origin: Origin,
    Json(choice): Json<Choice>,
) -> Result<Json<DoneBody>, Problem> {
    let consumer = choice.read()?;
    let (count, more) =
        source.act_on_all(&administrator, &origin, consumer.as_deref(), Fate::Discard).await?;
    Ok(Json(DoneBody { count, more }))
}
