//! `/v1/help/desk` and what lies under it: for those who answer.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::IntoResponse,
};
use jiff::Timestamp;
use kernel::{AnswerTemplateId, HouseholdId, Locale, TicketId, TicketMessageId, UserId};
use platform::http::{
    CallerAsAgent, IfMatch, Json, Origin, Page, PageQuery, PathOf, Problem, ProblemBody, Query, present,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{MessageBody, bodies::TakenBody};
use crate::{
    domain::{Language, Spread, TicketStatus},
    service::{DeskTicket, Figures, Guide, Queue, TemplateInput},
    store::{Message, Template},
};

type Known = State<Arc<Guide>>;

pub(super) fn routes() -> OpenApiRouter<Arc<Guide>> {
    OpenApiRouter::new()
        .routes(routes!(figures))
        .routes(routes!(queue))
        .routes(routes!(show))
        .routes(routes!(claim, release))
        .routes(routes!(answer))
        .routes(routes!(close))
        .routes(routes!(templates, add))
        .routes(routes!(template, change, delete))
}

/// How long people wait.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeskFigures)]
struct FiguresBody {
    /// How many tickets wait for an answer.
    waiting: i64,
    /// When the oldest of them was handed over.
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_waiting_since: Option<Timestamp>,
    /// The rest is of tickets that were handed over since then, of the newest 5,000 at most.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// From handing over to the first answer.
    first_answer: Option<SpreadBody>,
    /// From handing over to being done with.
    resolution: Option<SpreadBody>,
}

/// How a number of waits spread.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeskSpread)]
struct SpreadBody {
    count: usize,
    /// Half of them were no longer.
    median_seconds: i64,
    /// Nine in ten of them were no longer.
    p90_seconds: i64,
}

impl From<Spread> for SpreadBody {
    fn from(spread: Spread) -> Self {
        Self { count: spread.count, median_seconds: spread.median, p90_seconds: spread.ninety }
    }
}

/// Show how long people wait
#[utoipa::path(get, path = "/v1/help/desk/figures", tag = "help", responses(
    (status = 200, description = "The figures", body = FiguresBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You do not answer", body = ProblemBody),
))]
async fn figures(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
) -> Result<Json<FiguresBody>, Problem> {
    let Figures { waiting, oldest, since, first_answer, resolution } = guide.desk_figures().await?;
    Ok(Json(FiguresBody {
        waiting,
        oldest_waiting_since: oldest,
        since,
        first_answer: first_answer.map(Into::into),
        resolution: resolution.map(Into::into),
    }))
}

/// Which tickets are listed.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeskQueue)]
enum Wanted {
    /// Those that wait for an answer.
    #[default]
    Open,
    /// Those that you have taken on and are not done with.
    Mine,
    /// Those that were answered.
    Answered,
    /// Those that are done with.
    Closed,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct QueueQuery {
    /// Those that wait for an answer when left out.
    #[serde(default)]
    #[param(inline)]
    queue: Wanted,
    /// How many entries, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A ticket in the queue: that it is there, and nothing of what stands in it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeskTicket)]
struct TicketBody {
    id: TicketId,
    /// Whose it is.
    user_id: UserId,
    /// The topic it comes from; empty where it comes from none.
    tree: String,
    /// `open`, `answered` or `closed`.
    status: &'static str,
    /// How whoever handed it over reads, where that is known.
    locale: Option<Locale>,
    /// Who has taken it on.
    claimed_by: Option<UserId>,
    /// What they are called.
    claimed_by_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When something was last said.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<&DeskTicket> for TicketBody {
    fn from(DeskTicket { ticket, claimer }: &DeskTicket) -> Self {
        Self {
            id: ticket.id,
            user_id: ticket.user,
            tree: ticket.tree.clone(),
            status: ticket.status.as_str(),
            locale: ticket.locale.clone(),
            claimed_by: ticket.claimed_by,
            claimed_by_name: claimer.clone(),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
        }
    }
}

/// List what is to be answered, the oldest first
#[utoipa::path(get, path = "/v1/help/desk/tickets", tag = "help", params(QueueQuery), responses(
    (status = 200, description = "A page of them", body = Page<TicketBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You do not answer", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
async fn queue(
    State(guide): Known,
    CallerAsAgent(agent): CallerAsAgent,
    Query(asked): Query<QueueQuery>,
) -> Result<Json<Page<TicketBody>>, Problem> {
    let page = PageQuery { limit: asked.limit, cursor: asked.cursor };
    let (limit, after) = page.read::<TicketId>()?;
    let queue = match asked.queue {
        Wanted::Open => Queue::Of(TicketStatus::Open),
        Wanted::Mine => Queue::Mine,
        Wanted::Answered => Queue::Of(TicketStatus::Answered),
        Wanted::Closed => Queue::Of(TicketStatus::Closed),
    };
    let found = guide.queue(&agent, queue, after, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |each| each.ticket.id, |each| TicketBody::from(&each))))
}

/// Something that was said.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeskMessage)]
struct SaidBody {
    id: TicketMessageId,
    text: String,
    /// Whether whoever handed it over said it.
    theirs: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A ticket with all that it carries, and nothing else of whose it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeskTicketDetail)]
struct DetailBody {
    #[serde(flatten)]
    ticket: TicketBody,
    household_id: HouseholdId,
    /// The id that was looked at; may be empty.
    object: String,
    /// Which version of the topic it was.
    tree_version: String,
    /// The steps that were taken.
    path: Vec<TakenBody>,
    /// What was found out, in words.
    facts: BTreeMap<String, String>,
    /// What was said, the earliest first, at most 200.
    messages: Vec<SaidBody>,
}

impl DetailBody {
    fn new(found: &DeskTicket, said: Vec<Message>, locale: &Locale) -> Self {
        let ticket = &found.ticket;
        let message = |message: Message| SaidBody {
            id: message.id,
            theirs: message.author == ticket.user,
            text: message.text,
            created_at: message.created_at,
        };
        Self {
            household_id: ticket.household,
            object: ticket.object.clone(),
            tree_version: ticket.tree_version.clone(),
            path: ticket.path.iter().map(TakenBody::from).collect(),
            facts: ticket.facts.told(Language::of(locale), locale).into_iter().collect(),
            messages: said.into_iter().map(message).collect(),
            ticket: TicketBody::from(found),
        }
    }
}

/// Open a ticket
///
/// It shows what the ticket carries. That you opened it stands in your audit log and in that of whose it is.
#[utoipa::path(get, path = "/v1/help/desk/tickets/{id}", tag = "help", params(("id" = TicketId, Path)), responses(
    (status = 200, description = "The ticket", body = DetailBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You do not answer", body = ProblemBody),
    (status = 404, description = "There is none of that id", body = ProblemBody),
    (status = 503, description = "It cannot be written down that you open it, or your profile is still being made",
        body = ProblemBody),
))]
async fn show(
    State(guide): Known,
    CallerAsAgent(agent): CallerAsAgent,
    origin: Origin,
    PathOf(id): PathOf<TicketId>,
) -> Result<Json<DetailBody>, Problem> {
    let locale = guide.account(&agent).await?.profile.locale;
    let (found, said) = guide.open_ticket(&agent, &origin, id).await?;
    Ok(Json(DetailBody::new(&found, said, &locale)))
}

/// Take a ticket on
///
/// Nobody else answers it from then on.
#[utoipa::path(put, path = "/v1/help/desk/tickets/{id}/claim", tag = "help", params(("id" = TicketId, Path)),
    responses(
        (status = 204, description = "It is yours"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not answer", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "Somebody else has it", body = ProblemBody),
    ))]
async fn claim(
    State(guide): Known,
    CallerAsAgent(agent): CallerAsAgent,
    PathOf(id): PathOf<TicketId>,
) -> Result<StatusCode, Problem> {
    guide.claim(&agent, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a ticket back, whoever has taken it on
#[utoipa::path(delete, path = "/v1/help/desk/tickets/{id}/claim", tag = "help", params(("id" = TicketId, Path)),
    responses(
        (status = 204, description = "Nobody has it"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not answer", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
async fn release(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    PathOf(id): PathOf<TicketId>,
) -> Result<StatusCode, Problem> {
    guide.release(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answer a ticket
///
/// Whoever handed it over is told, and reads it in the conversation.
#[utoipa::path(post, path = "/v1/help/desk/tickets/{id}/messages", tag = "help", params(("id" = TicketId, Path)),
    request_body = MessageBody, responses(
        (status = 204, description = "It is answered"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not answer", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "Somebody else has it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn answer(
    State(guide): Known,
    CallerAsAgent(agent): CallerAsAgent,
    PathOf(id): PathOf<TicketId>,
    Json(body): Json<MessageBody>,
) -> Result<StatusCode, Problem> {
    guide.answer_ticket(&agent, id, &body.message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Be done with a ticket
///
/// It waits again when whoever handed it over says more.
#[utoipa::path(post, path = "/v1/help/desk/tickets/{id}/close", tag = "help", params(("id" = TicketId, Path)),
    responses(
        (status = 204, description = "It is closed"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not answer", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "Somebody else has it", body = ProblemBody),
    ))]
async fn close(
    State(guide): Known,
    CallerAsAgent(agent): CallerAsAgent,
    PathOf(id): PathOf<TicketId>,
) -> Result<StatusCode, Problem> {
    guide.close_ticket(&agent, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An answer that is kept to be given again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AnswerTemplate)]
struct TemplateBody {
    id: AnswerTemplateId,
    /// What it is called at the desk.
    name: String,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<&Template> for TemplateBody {
    fn from(template: &Template) -> Self {
        let Template { id, name, text, updated_at, .. } = template.clone();
        Self { id, name, text, updated_at }
    }
}

fn told(template: &Template) -> impl IntoResponse + use<> {
    (template.etag(), Json(TemplateBody::from(template)))
}

/// List the desk's templates
#[utoipa::path(get, path = "/v1/help/desk/templates", tag = "help", params(PageQuery), responses(
    (status = 200, description = "A page of them, in the order in which they were made", body = Page<TemplateBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You do not answer", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
async fn templates(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<TemplateBody>>, Problem> {
    let (limit, after) = page.read::<AnswerTemplateId>()?;
    let found = guide.templates(after, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |each| each.id, |each| TemplateBody::from(&each))))
}

/// Something to answer with again.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAnswerTemplate)]
struct NewTemplateBody {
    /// What it is called at the desk.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
}

/// Keep an answer to give it again
#[utoipa::path(post, path = "/v1/help/desk/templates", tag = "help", request_body = NewTemplateBody, responses(
    (status = 201, description = "It is kept", body = TemplateBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You do not answer", body = ProblemBody),
    (status = 409, description = "There is no room for another", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn add(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    Json(body): Json<NewTemplateBody>,
) -> Result<impl IntoResponse, Problem> {
    let input = TemplateInput { name: Some(body.name), text: Some(body.text) };
    let made = guide.add_template(&input).await?;
    let location = [(LOCATION, format!("/v1/help/desk/templates/{}", made.id))];
    Ok((StatusCode::CREATED, location, told(&made)))
}

/// Read a template
#[utoipa::path(get, path = "/v1/help/desk/templates/{id}", tag = "help", params(("id" = AnswerTemplateId, Path)),
    responses(
        (status = 200, description = "The template", body = TemplateBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not answer", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
async fn template(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    PathOf(id): PathOf<AnswerTemplateId>,
) -> Result<impl IntoResponse, Problem> {
    Ok(told(&guide.template(id).await?))
}

/// What to change about it (JSON Merge Patch).
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnswerTemplateChange)]
struct ChangeTemplateBody {
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 80)]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 4000)]
    text: Option<String>,
}

/// Change a template
#[utoipa::path(patch, path = "/v1/help/desk/templates/{id}", tag = "help",
    params(("id" = AnswerTemplateId, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag it was read with")),
    request_body(content = ChangeTemplateBody, content_type = "application/merge-patch+json"), responses(
        (status = 200, description = "The template as it is now", body = TemplateBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not answer", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn change(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    PathOf(id): PathOf<AnswerTemplateId>,
    seen: IfMatch,
    Json(body): Json<ChangeTemplateBody>,
) -> Result<impl IntoResponse, Problem> {
    let input = TemplateInput { name: body.name, text: body.text };
    Ok(told(&guide.change_template(id, &seen, &input).await?))
}

/// Delete a template
#[utoipa::path(delete, path = "/v1/help/desk/templates/{id}", tag = "help",
    params(("id" = AnswerTemplateId, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag it was read with")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not answer", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
async fn delete(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    PathOf(id): PathOf<AnswerTemplateId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    guide.delete_template(id, &seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
