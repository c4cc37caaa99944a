//! `/v1/webhooks`: addresses that are told of what happens in a household.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{EventId, Invalid, UserId, WebhookId, WebhookMessageId};
use platform::http::{
    Caller, ETag, IfMatch, IfNoneMatch, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query,
};
use serde::{Deserialize, Serialize};

use super::bodies::AttemptBody;
use crate::{
    domain::ChannelState,
    service::{Herald, WebhookChange},
    store::{DeliveryState, KeptAttempt, KeptMessage, KeptWebhook},
};

/// An address that is told of what happens in your household.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct WebhookBody {
    id: WebhookId,
    /// What it is called.
    name: String,
    url: String,
    /// Of what it is told; of everything where none is named.
    #[schema(example = json!(["payment.paid", "subscription.created"]))]
    events: Vec<String>,
    /// `broken` when it was turned off because it took nothing for three days, or answered that it is gone.
    state: ChannelState,
    /// Why it was turned off.
    reason: Option<String>,
    /// How often in a row it did not take something.
    failures: i64,
    /// Until when it is left alone, because it failed.
    #[schema(value_type = Option<String>, format = DateTime)]
    rests_until: Option<Timestamp>,
    /// Who set it up.
    created_by: UserId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// What requests are signed with; only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_secret: Option<String>,
}

impl WebhookBody {
    fn new(herald: &Herald, kept: &KeptWebhook) -> Self {
        Self {
            id: kept.id,
            name: kept.name.clone(),
            // What a lost key keeps shut does not keep anybody from seeing the rest.
            url: herald.webhook_address(kept).unwrap_or_default(),
            events: kept.kinds.clone(),
            state: kept.state,
            reason: kept.reason.clone(),
            failures: kept.failures,
            rests_until: kept.rests_until,
            created_by: kept.user,
            created_at: kept.created_at,
            updated_at: kept.updated_at,
            signing_secret: None,
        }
    }
}

fn etag(kept: &KeptWebhook) -> ETag {
    ETag::of(&[&kept.version])
}

/// List the webhooks of your household
#[utoipa::path(get, path = "/v1/webhooks", tag = "notifications", responses(
    (status = 200, description = "All of them; there is no second page", body = Page<WebhookBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn list(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
) -> Result<Json<Page<WebhookBody>>, Problem> {
    let kept = herald.webhooks(&actor).await?;
    Ok(Json(Page {
        data: kept.iter().map(|each| WebhookBody::new(&herald, each)).collect(),
        next_cursor: None,
    }))
}

/// A webhook to set up.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWebhook {
    /// It gets a POST with JSON for every event.
    #[schema(example = "https://example.org/hooks/perennial", max_length = 4000)]
    url: String,
    /// What to call it.
    #[serde(default)]
    #[schema(max_length = 60)]
    name: Option<String>,
    /// Of what it is told: the kinds that `/asyncapi.json` describes. Left out: everything.
    #[serde(default)]
    events: Option<Vec<String>>,
}

/// Set a webhook up
///
/// Requests are signed as [Standard Webhooks](https://www.standardwebhooks.com/); the secret is in this answer alone.
#[utoipa::path(post, path = "/v1/webhooks", tag = "notifications", request_body = NewWebhook, responses(
    (status = 201, description = "It is set up, and on", body = WebhookBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You may only look", body = ProblemBody),
    (status = 409, description = "Your household has as many as one can have", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
pub(super) async fn add(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    Json(body): Json<NewWebhook>,
) -> Result<Response, Problem> {
    let new = WebhookChange { name: body.name, url: Some(body.url), kinds: body.events, on: None };
    let (kept, secret) = herald.add_webhook(&actor, &new).await?;
    let answer = WebhookBody { signing_secret: Some(secret), ..WebhookBody::new(&herald, &kept) };
    let place = [(LOCATION, format!("/v1/webhooks/{}", kept.id))];
    Ok((StatusCode::CREATED, place, etag(&kept), Json(answer)).into_response())
}

/// Read a webhook
#[utoipa::path(get, path = "/v1/webhooks/{id}", tag = "notifications", params(("id" = WebhookId, Path)), responses(
    (status = 200, description = "The webhook", body = WebhookBody),
    (status = 304, description = "You have it already"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is none of that id", body = ProblemBody),
))]
pub(super) async fn one(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let kept = herald.webhook(&actor, id).await?;
    Ok(has.answer(etag(&kept), Json(WebhookBody::new(&herald, &kept))))
}

/// What to change; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookPatch {
    /// What to call it.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(max_length = 60)]
    name: Option<String>,
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(max_length = 4000)]
    url: Option<String>,
    /// Of what it is told; an empty list is everything.
    #[serde(default, deserialize_with = "platform::http::present")]
    events: Option<Vec<String>>,
    /// `on` or `off`.
    #[serde(default, deserialize_with = "platform::http::present")]
    state: Option<ChannelState>,
}

/// Change a webhook, or turn it on or off
#[utoipa::path(patch, path = "/v1/webhooks/{id}", tag = "notifications", params(("id" = WebhookId, Path)),
    request_body(content = WebhookPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The webhook as it is now", body = WebhookBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You may only look", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn change(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
    seen: IfMatch,
    Json(body): Json<WebhookPatch>,
) -> Result<Response, Problem> {
    let on = match body.state {
        None => None,
        Some(ChannelState::On) => Some(true),
        Some(ChannelState::Off) => Some(false),
        Some(ChannelState::Broken) => return Err(Invalid::field("/state", "must be on or off").into()),
    };
    let change = WebhookChange { name: body.name, url: body.url, kinds: body.events, on };
    let kept = herald.change_webhook::<Problem>(&actor, id, |kept| seen.check(&etag(kept)), &change).await?;
    Ok((etag(&kept), Json(WebhookBody::new(&herald, &kept))).into_response())
}

/// Take a webhook away
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "notifications", params(("id" = WebhookId, Path)),
    responses(
        (status = 204, description = "It is gone, with what it was told and what it was still to be told"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You may only look", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
pub(super) async fn remove(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    herald.remove_webhook::<Problem>(&actor, id, |kept| seen.check(&etag(kept))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A secret that holds from now on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = WebhookSecret)]
pub(crate) struct SecretBody {
    /// Only in this answer.
    signing_secret: String,
    /// Until then requests are signed with the one before too.
    #[schema(value_type = String, format = DateTime)]
    previous_until: Timestamp,
}

/// Sign with a new secret
///
/// For a day requests bear the signatures of both, so that nothing is missed while you exchange it.
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate-secret", tag = "notifications", params(("id" = WebhookId, Path)),
    responses(
        (status = 200, description = "The new secret", body = SecretBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You may only look", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed meanwhile: ask again", body = ProblemBody),
    ))]
pub(super) async fn rotate(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
) -> Result<Json<SecretBody>, Problem> {
    let (_, signing_secret, previous_until) = herald.rotate_webhook(&actor, id).await?;
    Ok(Json(SecretBody { signing_secret, previous_until }))
}

/// Something an address was told, or is to be.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = WebhookMessage)]
pub(crate) struct MessageBody {
    /// What `webhook-id` says, at every try.
    id: WebhookMessageId,
    event_id: EventId,
    /// What happened.
    #[schema(example = "payment.paid")]
    event: String,
    state: DeliveryState,
    /// Why it was not taken.
    reason: Option<String>,
    /// How often it was tried.
    tries: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was taken, given up or left.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// What is sent; only where one is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    body: Option<serde_json::Value>,
    /// Every try; only where one is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<Vec<AttemptBody>>,
}

impl MessageBody {
    fn new(kept: KeptMessage) -> Self {
        Self {
            id: kept.id,
            event_id: kept.event,
            event: kept.kind,
            state: kept.state,
            reason: kept.reason,
            tries: kept.tried,
            created_at: kept.created_at,
            finished_at: kept.finished_at,
            body: None,
            attempts: None,
        }
    }
}

async fn read(
    herald: &Herald,
    actor: &kernel::Actor,
    id: WebhookId,
    message: WebhookMessageId,
) -> Result<MessageBody, Problem> {
    let (kept, attempts) = herald.webhook_message(actor, id, message).await?;
    let body = serde_json::from_str(&kept.body).ok();
    let attempts = Some(attempts.into_iter().map(AttemptBody::from).collect());
    Ok(MessageBody { body, attempts, ..MessageBody::new(kept) })
}

/// Send a test
///
/// It goes the very same way as the real thing, behind what is still to be told.
#[utoipa::path(post, path = "/v1/webhooks/{id}/test", tag = "notifications", params(("id" = WebhookId, Path)),
    responses(
        (status = 201, description = "It is on its way", body = MessageBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You may only look", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "The webhook is off", body = ProblemBody),
        (status = 412, description = "It was changed meanwhile: ask again", body = ProblemBody),
    ))]
pub(super) async fn test(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
) -> Result<Response, Problem> {
    let message = herald.test_webhook(&actor, id).await?;
    let place = [(LOCATION, format!("/v1/webhooks/{id}/messages/{message}"))];
    Ok((StatusCode::CREATED, place, Json(read(&herald, &actor, id, message).await?)).into_response())
}

/// Send everything again that was not taken
///
/// In the order in which it happened, each with all its tries ahead of it. What happened more than thirty days ago is
/// forgotten.
#[utoipa::path(post, path = "/v1/webhooks/{id}/resend", tag = "notifications", params(("id" = WebhookId, Path)),
    responses(
        (status = 204, description = "It is on its way"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You may only look", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "The webhook is off", body = ProblemBody),
        (status = 412, description = "It was changed meanwhile: ask again", body = ProblemBody),
    ))]
pub(super) async fn resend_missed(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
) -> Result<StatusCode, Problem> {
    herald.resend_missed(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A try to tell an address of something.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = WebhookAttempt)]
pub(crate) struct WebhookAttemptBody {
    message_id: WebhookMessageId,
    #[serde(flatten)]
    attempt: AttemptBody,
}

/// List the tries at a webhook, the newest first
#[utoipa::path(get, path = "/v1/webhooks/{id}/attempts", tag = "notifications",
    params(("id" = WebhookId, Path), PageQuery), responses(
        (status = 200, description = "A page of them", body = Page<WebhookAttemptBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn attempts(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<WebhookAttemptBody>>, Problem> {
    let (limit, before) = page.read::<i64>()?;
    let found = herald.webhook_attempts(&actor, id, before, limit).await?;
    let show = |KeptAttempt { message, attempt, .. }| WebhookAttemptBody {
        message_id: message,
        attempt: AttemptBody::from(attempt),
    };
    Ok(Json(Page::from_rows(found, limit, |kept| kept.sequence, show)))
}

/// Which messages to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessageQuery {
    /// Those in one state.
    #[param(value_type = Option<DeliveryState>)]
    state: Option<String>,
}

/// List what a webhook was told, the newest first
#[utoipa::path(get, path = "/v1/webhooks/{id}/messages", tag = "notifications",
    params(("id" = WebhookId, Path), PageQuery, MessageQuery), responses(
        (status = 200, description = "A page of it", body = Page<MessageBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn messages(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<WebhookId>,
    Query(page): Query<PageQuery>,
    Query(only): Query<MessageQuery>,
) -> Result<Json<Page<MessageBody>>, Problem> {
    let (limit, before) = page.read::<i64>()?;
    let mut invalid = Invalid::new();
    let state = only.state.and_then(|word| invalid.check("/state", word.parse::<DeliveryState>()));
    invalid.into_result()?;
    let found = herald.webhook_messages(&actor, id, state, before, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |kept| kept.sequence, MessageBody::new)))
}

/// Read what a webhook was told, with every try and what was answered
#[utoipa::path(get, path = "/v1/webhooks/{id}/messages/{message_id}", tag = "notifications",
    params(("id" = WebhookId, Path), ("message_id" = WebhookMessageId, Path)), responses(
        (status = 200, description = "The message", body = MessageBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn message(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf((id, message)): PathOf<(WebhookId, WebhookMessageId)>,
) -> Result<Json<MessageBody>, Problem> {
    Ok(Json(read(&herald, &actor, id, message).await?))
}

/// Send one again
///
/// By the same `webhook-id`, with all its tries ahead of it.
#[utoipa::path(post, path = "/v1/webhooks/{id}/messages/{message_id}/resend", tag = "notifications",
    params(("id" = WebhookId, Path), ("message_id" = WebhookMessageId, Path)), responses(
        (status = 204, description = "It is on its way"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You may only look", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "The webhook is off, or it is on its way already", body = ProblemBody),
        (status = 412, description = "It was changed meanwhile: ask again", body = ProblemBody),
    ))]
pub(super) async fn resend(
    State(herald): State<Arc<Herald>>,
    Caller(actor): Caller,
    PathOf((id, message)): PathOf<(WebhookId, WebhookMessageId)>,
) -> Result<StatusCode, Problem> {
    herald.resend(&actor, id, message).await?;
    Ok(StatusCode::NO_CONTENT)
}
