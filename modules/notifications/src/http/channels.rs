//! `/v1/channels`

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{ChannelId, Invalid};
use platform::http::{CallerAsSelf, ETag, IfMatch, IfNoneMatch, Json, Page, PathOf, Problem, ProblemBody};
use serde::{Deserialize, Serialize};

use super::bodies::DeliveryBody;
use crate::{
    channels::Config,
    domain::{ChannelKind, ChannelState},
    service::{ChannelChange, Herald},
    store::KeptChannel,
};

/// A way by which you are told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Channel)]
pub(crate) struct ChannelBody {
    id: ChannelId,
    kind: ChannelKind,
    /// What you call it.
    name: String,
    /// What you answered to its provider's questions, but for secrets.
    config: BTreeMap<String, String>,
    /// Which secrets it has. They are never shown again.
    secrets: Vec<String>,
    state: ChannelState,
    /// Why it stopped working, in its provider's words.
    reason: Option<String>,
    /// How often it failed in a row.
    failures: i64,
    /// Until when nothing is tried, because it failed.
    #[schema(value_type = Option<String>, format = DateTime)]
    rests_until: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// What a webhook's requests are signed with; only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_secret: Option<String>,
}

impl ChannelBody {
    fn new(herald: &Herald, kept: &KeptChannel) -> Self {
        // What a lost key keeps shut does not keep its owner from seeing the rest, and from setting it up anew.
        let config = herald.config(kept).unwrap_or_default();
        let is_secret = |name: &String| {
            let mut questions = Herald::questions(kept.kind).iter();
            questions.any(|question| question.name == name.as_str() && question.shape.is_secret())
        };
        // What nobody was asked is ours.
        let asked = |name: &String| {
            Herald::questions(kept.kind).iter().any(|question| question.name == name.as_str())
        };
        let config = config.into_iter().filter(|(name, _)| asked(name));
        let (secret, open): (Config, Config) = config.partition(|(name, _)| is_secret(name));
        Self {
            id: kept.id,
            kind: kept.kind,
            name: kept.name.clone(),
            config: open,
            secrets: secret.into_keys().collect(),
            state: kept.state,
            reason: kept.reason.clone(),
            failures: kept.failures,
            rests_until: kept.rests_until,
            created_at: kept.created_at,
            updated_at: kept.updated_at,
            signing_secret: None,
        }
    }
}

fn etag(kept: &KeptChannel) -> ETag {
    ETag::of(&[&kept.version])
}

/// List your channels
#[utoipa::path(get, path = "/v1/channels", tag = "notifications", responses(
    (status = 200, description = "All of them; there is no second page", body = Page<ChannelBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn list(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
) -> Result<Json<Page<ChannelBody>>, Problem> {
    let kept = herald.channels(&actor).await?;
    let data = kept.iter().map(|each| ChannelBody::new(&herald, each)).collect();
    Ok(Json(Page { data, next_cursor: None }))
}

/// A channel to set up.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewChannel {
    kind: ChannelKind,
    /// What to call it; what its provider calls itself when left out.
    #[serde(default)]
    #[schema(max_length = 60)]
    name: String,
    /// What its provider asks: `GET /v1/channel-kinds` lists the questions.
    config: BTreeMap<String, String>,
}

/// Set a channel up
#[utoipa::path(post, path = "/v1/channels", tag = "notifications", request_body = NewChannel, responses(
    (status = 201, description = "It is set up, and on", body = ChannelBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 409, description = "You have as many as one can have", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
pub(super) async fn add(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    Json(body): Json<NewChannel>,
) -> Result<Response, Problem> {
    let kept = herald.add_channel(&actor, body.kind, &body.name, &body.config).await?;
    let mut answer = ChannelBody::new(&herald, &kept);
    if kept.kind == ChannelKind::Webhook {
        answer.signing_secret = herald.config(&kept)?.remove("secret");
    }
    let place = [(LOCATION, format!("/v1/channels/{}", kept.id))];
    Ok((StatusCode::CREATED, place, etag(&kept), Json(answer)).into_response())
}

/// Read a channel
#[utoipa::path(get, path = "/v1/channels/{id}", tag = "notifications", params(("id" = ChannelId, Path)), responses(
    (status = 200, description = "The channel", body = ChannelBody),
    (status = 304, description = "You have it already"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is none of that id", body = ProblemBody),
))]
pub(super) async fn one(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<ChannelId>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let kept = herald.channel(&actor, id).await?;
    Ok(has.answer(etag(&kept), Json(ChannelBody::new(&herald, &kept))))
}

/// What to change; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelPatch {
    /// What to call it.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    #[schema(max_length = 60)]
    name: Option<String>,
    /// Other answers; `null` takes one back. The channel is on again with them.
    #[serde(default)]
    config: BTreeMap<String, Option<String>>,
    /// `on` or `off`.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    state: Option<ChannelState>,
}

/// Change a channel, or turn it on or off
#[utoipa::path(patch, path = "/v1/channels/{id}", tag = "notifications", params(("id" = ChannelId, Path)),
    request_body(content = ChannelPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The channel as it is now", body = ChannelBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn change(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<ChannelId>,
    seen: IfMatch,
    Json(body): Json<ChannelPatch>,
) -> Result<Response, Problem> {
    let on = match body.state {
        None => None,
        Some(ChannelState::On) => Some(true),
        Some(ChannelState::Off) => Some(false),
        Some(ChannelState::Broken) => return Err(Invalid::field("/state", "must be on or off").into()),
    };
    let config = body.config.into_iter().map(|(name, answer)| (name, answer.unwrap_or_default())).collect();
    let change = ChannelChange { name: body.name, config, on };
    let kept = herald.change_channel::<Problem>(&actor, id, |kept| seen.check(&etag(kept)), &change).await?;
    Ok((etag(&kept), Json(ChannelBody::new(&herald, &kept))).into_response())
}

/// Take a channel away
#[utoipa::path(delete, path = "/v1/channels/{id}", tag = "notifications", params(("id" = ChannelId, Path)),
    responses(
        (status = 204, description = "It is gone, with what was still to go by it"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
pub(super) async fn remove(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<ChannelId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    herald.remove_channel::<Problem>(&actor, id, |kept| seen.check(&etag(kept))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try a channel
///
/// A test goes the very same way as the real thing. What came of it is at `/v1/deliveries/{id}`, with its provider's
/// words.
#[utoipa::path(post, path = "/v1/channels/{id}/test", tag = "notifications", params(("id" = ChannelId, Path)),
    responses(
        (status = 201, description = "It is on its way", body = DeliveryBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "The channel is off, or stopped working", body = ProblemBody),
    ))]
pub(super) async fn test(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<ChannelId>,
) -> Result<Response, Problem> {
    let delivery = herald.test_channel(&actor, id).await?;
    let (kept, attempts) = herald.delivery(&actor, delivery).await?;
    let place = [(LOCATION, format!("/v1/deliveries/{delivery}"))];
    Ok((StatusCode::CREATED, place, Json(DeliveryBody::new(kept).with(attempts))).into_response())
}

/// A kind of channel that can be set up here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ChannelKindOffered)]
pub(crate) struct KindBody {
    kind: ChannelKind,
    /// What it calls itself.
    label: &'static str,
    questions: Vec<QuestionBody>,
    /// By what a browser knows who may tell it things: its `applicationServerKey`, in base64url. Of `web_push` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    application_server_key: Option<String>,
}

/// What its provider asks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ChannelQuestion)]
pub(crate) struct QuestionBody {
    /// Its name in `config`.
    name: &'static str,
    label: &'static str,
    /// Where the answer is found.
    hint: &'static str,
    needed: bool,
    /// Whether the answer is never shown again.
    secret: bool,
    /// What is meant without an answer.
    default: Option<&'static str>,
}

/// List the kinds of channels that can be set up, with what each needs to know
#[utoipa::path(get, path = "/v1/channel-kinds", tag = "notifications", responses(
    (status = 200, description = "All of them; there is no second page", body = Page<KindBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn kinds(State(herald): State<Arc<Herald>>, _caller: CallerAsSelf) -> Json<Page<KindBody>> {
    let body = |kind: ChannelKind| KindBody {
        kind,
        label: kind.label(),
        application_server_key: (kind == ChannelKind::WebPush).then(|| herald.web_push.public_key()),
        questions: Herald::questions(kind)
            .iter()
            .map(|question| QuestionBody {
                name: question.name,
                label: question.label,
                hint: question.hint,
                needed: question.default.is_none(),
                secret: question.shape.is_secret(),
                default: question.default.filter(|text| !text.is_empty()),
            })
            .collect(),
    };
    Json(Page { data: herald.offered().into_iter().map(body).collect(), next_cursor: None })
}
