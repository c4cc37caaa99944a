//! `/v1/messages`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{Invalid, MessageId};
use platform::http::{Caller, Json, PathOf, Problem, ProblemBody};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Reader,
    answer::{Answer, AnswerStatus},
    service::{Channel, Incoming},
};

pub(crate) fn routes(reader: Arc<Reader>) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(post)).routes(routes!(read)).with_state(reader)
}

/// What to do with the words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// What they say, where that is sure.
    #[default]
    Commit,
    /// Nothing; only show how they are read.
    Preview,
}

/// Words about subscriptions. `text` is enough.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageBody {
    /// The words.
    #[schema(max_length = 20000, example = "Netflix ₹499 monthly")]
    text: String,
    /// Where they come from; typed when left out.
    #[serde(default)]
    channel: Channel,
    /// What to do with them; what they say, when left out.
    #[serde(default)]
    mode: Mode,
    /// When they were said: "tomorrow" is read from there; now when left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<String>,
}

impl MessageBody {
    fn read(self) -> Result<Incoming, Invalid> {
        let mut invalid = Invalid::new();
        let sent_at = self.sent_at.and_then(|text| {
            let read = text.parse::<Timestamp>().map_err(|_| "must be a time such as 2026-05-05T06:30:00Z");
            invalid.check("/sent_at", read)
        });
        invalid.into_result().map(|()| Incoming { text: self.text, channel: self.channel, sent_at })
    }
}

/// Say it in words
#[utoipa::path(post, path = "/v1/messages", tag = "words", request_body = MessageBody, responses(
    (status = 200, description = "Read; nothing was made", body = Answer),
    (status = 201, description = "Read, and something was made", body = Answer),
    (status = 202, description = "A language model is being asked; fetch the answer at Location", body = Answer),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn post(
    State(reader): State<Arc<Reader>>,
    Caller(actor): Caller,
    Json(body): Json<MessageBody>,
) -> Result<Response, Problem> {
    let mode = body.mode;
    let incoming = body.read()?;
    if mode == Mode::Preview {
        return Ok(Json(reader.preview(&actor, &incoming).await?).into_response());
    }
    let answer = reader.commit(&actor, &incoming).await?;
    let made = answer
        .readings
        .iter()
        .any(|each| each.event == "subscription.created" && each.subscription_id.is_some());
    match answer.id {
        Some(id) if answer.status == AnswerStatus::Processing => {
            let location = [(header::LOCATION, format!("/v1/messages/{id}"))];
            Ok((StatusCode::ACCEPTED, location, Json(answer)).into_response())
        }
        Some(id) if made => {
            let location = [(header::LOCATION, format!("/v1/messages/{id}"))];
            Ok((StatusCode::CREATED, location, Json(answer)).into_response())
        }
        _ => Ok(Json(answer).into_response()),
    }
}

/// What was answered
#[utoipa::path(get, path = "/v1/messages/{id}", tag = "words", params(("id" = MessageId, Path)), responses(
    (status = 200, description = "The answer of then", body = Answer),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is no such message", body = ProblemBody),
))]
async fn read(
    State(reader): State<Arc<Reader>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<MessageId>,
) -> Result<Json<Answer>, Problem> {
    Ok(Json(reader.answer(&actor, id).await?))
}
