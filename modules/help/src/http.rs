//! `/v1/help` and what lies under it, `/v1/tickets`.

mod bodies;
mod desk;
mod funnel;

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::IntoResponse,
};
use kernel::{Actor, HelpSessionId, Invalid, TicketId};
use platform::http::{CallerAsSelf, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use bodies::{SearchBody, StepBody, TicketBody, TicketDetailBody, TicketPage, TopicBody, TopicsBody};

use crate::{
    domain::{Language, Session},
    error::HelpError,
    service::{Beginning, Guide},
};

pub(crate) fn routes(guide: Arc<Guide>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(topics))
        .routes(routes!(search))
        .routes(routes!(begin))
        .routes(routes!(look))
        .routes(routes!(answer))
        .routes(routes!(back))
        .routes(routes!(escalate))
        .routes(routes!(tickets, hand_in))
        .routes(routes!(ticket, close))
        .routes(routes!(say))
        .merge(desk::routes())
        .merge(funnel::routes())
        .with_state(guide)
}

/// Where help is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TopicsQuery {
    /// The screen, whose topics come first: `add`, `payment`, `subscription` …
    #[serde(default)]
    screen: String,
}

/// List what help can solve
#[utoipa::path(get, path = "/v1/help/topics", tag = "help", params(TopicsQuery), responses(
    (status = 200, description = "Every topic, those of the screen first", body = TopicsBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
async fn topics(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    Query(asked): Query<TopicsQuery>,
) -> Result<Json<TopicsBody>, Problem> {
    let language = Language::of(&guide.account(&actor).await?.profile.locale);
    let forest = guide.forest();
    let topics = forest.for_screen(&asked.screen).into_iter();
    Ok(Json(TopicsBody { data: topics.map(|tree| TopicBody::new(tree, language, &asked.screen)).collect() }))
}

/// What somebody wants to know.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// In your own words; more than 200 characters are left out.
    q: String,
}

/// Ask how something works
///
/// What help can solve comes first, then the sections of the manual that answer, whole and with where they are. Without
/// any the manual does not know.
///
/// Where whoever runs the installation has set up a language model, it looks through the manual for a short answer. While
/// `short.status` is `waiting`, ask the same again in a few seconds.
#[utoipa::path(get, path = "/v1/help/search", tag = "help", params(SearchQuery), responses(
    (status = 200, description = "What was found", body = SearchBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "There is no question", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
async fn search(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    Query(asked): Query<SearchQuery>,
) -> Result<Json<SearchBody>, Problem> {
    if asked.q.trim().is_empty() {
        return Err(HelpError::Invalid(Invalid::field("/q", "must say what you want to know")).into());
    }
    let language = Language::of(&guide.account(&actor).await?.profile.locale);
    Ok(Json(SearchBody::new(guide.search(&actor, &asked.q, language).await)))
}

/// With what to begin.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HelpBeginning)]
struct BeginBody {
    /// A topic; that of the screen when left out.
    #[schema(example = "payment_failed")]
    tree: Option<String>,
    /// The screen it is asked for from.
    #[serde(default)]
    #[schema(example = "payment", max_length = 64)]
    screen: String,
    /// The id of what is looked at there.
    #[serde(default)]
    #[schema(max_length = 64)]
    object: String,
}

/// A step, as its reader reads it.
async fn told(guide: &Guide, actor: &Actor, session: &Session) -> Result<Json<StepBody>, Problem> {
    let locale = guide.account(actor).await?.profile.locale;
    let forest = guide.forest();
    let tree = forest.tree(&session.tree).ok_or(HelpError::NotFound)?;
    Ok(Json(StepBody::new(tree, session, &locale)?))
}

/// Begin to be helped
///
/// What can be looked at is looked at first: the answer is the first step that needs you.
#[utoipa::path(post, path = "/v1/help/sessions", tag = "help", request_body = BeginBody, responses(
    (status = 201, description = "The first step", body = StepBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "The topic was taken away meanwhile", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
async fn begin(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    Json(body): Json<BeginBody>,
) -> Result<impl IntoResponse, Problem> {
    let asked = Beginning { tree: body.tree, screen: body.screen, object: body.object };
    let session = guide.begin(&actor, asked).await?;
    let location = [(LOCATION, format!("/v1/help/sessions/{}", session.id))];
    Ok((StatusCode::CREATED, location, told(&guide, &actor, &session).await?))
}

/// Come back to where you are
#[utoipa::path(get, path = "/v1/help/sessions/{id}", tag = "help", params(("id" = HelpSessionId, Path)), responses(
    (status = 200, description = "The step", body = StepBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is none of that id, or it has expired", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
async fn look(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
) -> Result<Json<StepBody>, Problem> {
    let session = guide.session(&actor, id).await?;
    told(&guide, &actor, &session).await
}

/// What is answered.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HelpAnswer)]
struct AnswerBody {
    /// One of the options of the step.
    option: String,
}

/// Answer a step
#[utoipa::path(post, path = "/v1/help/sessions/{id}/answers", tag = "help", params(("id" = HelpSessionId, Path)),
    request_body = AnswerBody, responses(
        (status = 200, description = "The next step", body = StepBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id, or it has expired", body = ProblemBody),
        (status = 409, description = "It is over, or another step was taken meanwhile", body = ProblemBody),
        (status = 422, description = "It is none of the options", body = ProblemBody),
        (status = 503, description = "Your profile is still being made", body = ProblemBody),
    ))]
async fn answer(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
    Json(body): Json<AnswerBody>,
) -> Result<Json<StepBody>, Problem> {
    let session = guide.answer(&actor, id, &body.option).await?;
    told(&guide, &actor, &session).await
}

/// Go back to what you answered last
#[utoipa::path(post, path = "/v1/help/sessions/{id}/back", tag = "help", params(("id" = HelpSessionId, Path)),
    responses(
        (status = 200, description = "The step before", body = StepBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id, or it has expired", body = ProblemBody),
        (status = 409, description = "There is nothing to go back to", body = ProblemBody),
        (status = 503, description = "Your profile is still being made", body = ProblemBody),
    ))]
async fn back(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
) -> Result<Json<StepBody>, Problem> {
    let session = guide.back(&actor, id).await?;
    told(&guide, &actor, &session).await
}

/// What a person should know.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HelpMessage)]
struct MessageBody {
    /// In your own words.
    #[schema(min_length = 1, max_length = 4000)]
    message: String,
}

/// Hand it over to a person
///
/// Possible at every step. The ticket carries the steps you took, what was found out, and the ids involved.
#[utoipa::path(post, path = "/v1/help/sessions/{id}/escalate", tag = "help", params(("id" = HelpSessionId, Path)),
    request_body = MessageBody, responses(
        (status = 200, description = "It is handed over", body = StepBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id, or it has expired", body = ProblemBody),
        (status = 409, description = "It is over, or another step was taken meanwhile", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
        (status = 503, description = "Your profile is still being made", body = ProblemBody),
    ))]
async fn escalate(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
    Json(body): Json<MessageBody>,
) -> Result<Json<StepBody>, Problem> {
    let session = guide.escalate(&actor, id, &body.message).await?;
    told(&guide, &actor, &session).await
}

/// List your tickets, the newest first
#[utoipa::path(get, path = "/v1/tickets", tag = "help", params(PageQuery), responses(
    (status = 200, description = "A page of them", body = TicketPage),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
async fn tickets(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    Query(page): Query<PageQuery>,
) -> Result<Json<TicketPage>, Problem> {
    let (limit, after) = page.read::<TicketId>()?;
    let found = guide.tickets(&actor, after, limit).await?;
    let Page { data, next_cursor } =
        Page::from_rows(found, limit, |ticket| ticket.id, |ticket| TicketBody::new(&ticket));
    Ok(Json(TicketPage { data, next_cursor }))
}

/// Hand something over to a person that no topic is about
#[utoipa::path(post, path = "/v1/tickets", tag = "help", request_body = MessageBody, responses(
    (status = 201, description = "It is handed over", body = TicketBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn hand_in(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    Json(body): Json<MessageBody>,
) -> Result<impl IntoResponse, Problem> {
    let ticket = guide.hand_in(&actor, &body.message).await?;
    let location = [(LOCATION, format!("/v1/tickets/{}", ticket.id))];
    Ok((StatusCode::CREATED, location, Json(TicketBody::new(&ticket))))
}

/// What a ticket can be made by whose it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Done {
    /// Done with. Saying something more opens it again.
    Closed,
}

/// What becomes of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketChange)]
struct ChangeBody {
    #[schema(inline)]
    status: Done,
}

/// Be done with a ticket of yours
#[utoipa::path(patch, path = "/v1/tickets/{id}", tag = "help", params(("id" = TicketId, Path)),
    request_body(content = ChangeBody, content_type = "application/merge-patch+json"), responses(
        (status = 200, description = "The ticket as it is now", body = TicketBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn close(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<TicketId>,
    Json(ChangeBody { status: Done::Closed }): Json<ChangeBody>,
) -> Result<Json<TicketBody>, Problem> {
    Ok(Json(TicketBody::new(&guide.close(&actor, id).await?)))
}

/// Read a ticket of yours, with all that it carries and what was said
#[utoipa::path(get, path = "/v1/tickets/{id}", tag = "help", params(("id" = TicketId, Path)), responses(
    (status = 200, description = "The ticket", body = TicketDetailBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is none of that id", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
async fn ticket(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<TicketId>,
) -> Result<Json<TicketDetailBody>, Problem> {
    let (found, said) = guide.ticket(&actor, id).await?;
    let locale = guide.account(&actor).await?.profile.locale;
    Ok(Json(TicketDetailBody::new(&found, said, &locale)))
}

/// Say something more of a ticket
#[utoipa::path(post, path = "/v1/tickets/{id}/messages", tag = "help", params(("id" = TicketId, Path)),
    request_body = MessageBody, responses(
        (status = 204, description = "It is said"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "The conversation is full", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn say(
    State(guide): State<Arc<Guide>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<TicketId>,
    Json(body): Json<MessageBody>,
) -> Result<StatusCode, Problem> {
    guide.say(&actor, id, &body.message).await?;
    Ok(StatusCode::NO_CONTENT)
}
