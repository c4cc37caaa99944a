//! `/v1/messages`

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{Invalid, LearntNameId, MessageId};
use platform::http::{Caller, CallerToForward, Json, PathOf, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Reader,
    answer::{Answer, AnswerStatus},
    forwarding::{Forwarded, MOST},
    service::{Channel, Incoming},
    store::LearntName,
};

pub(crate) fn routes(reader: Arc<Reader>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(post))
        .routes(routes!(read))
        .routes(routes!(hear))
        .routes(routes!(forward))
        .routes(routes!(learnt))
        .routes(routes!(forget))
        .with_state(reader)
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

/// A message as it came to a phone or a mailbox.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ForwardedBody {
    /// By what the program knows it: sent again, it is not acted upon again. Without one its words and when it was sent
    /// tell it apart.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    id: Option<String>,
    /// The words. More than 20000 bytes are `wrong`, and stop no other message.
    #[schema(example = "Rs.499.00 debited from A/c XX1234 towards NETFLIX on 05-05-26")]
    text: String,
    /// Where they come from; a phone's messages when left out.
    #[serde(default = "phone")]
    channel: Channel,
    /// When they came; now when left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<String>,
}

const fn phone() -> Channel {
    Channel::Sms
}

/// Messages, in the order in which they came.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchBody {
    #[schema(min_items = 1, max_items = 50)]
    messages: Vec<ForwardedBody>,
}

impl BatchBody {
    fn read(self) -> Result<Vec<Forwarded>, Invalid> {
        let mut invalid = Invalid::new();
        if self.messages.is_empty() || self.messages.len() > MOST {
            invalid.add("/messages", format!("must be 1 to {MOST}"));
            return invalid.into_result().map(|()| Vec::new());
        }
        let mut read = Vec::with_capacity(self.messages.len());
        for (at, body) in self.messages.into_iter().enumerate() {
            let length = body.id.as_ref().map_or(1, |id| id.chars().count());
            if length == 0 || length > 200 {
                invalid.add(format!("/messages/{at}/id"), "must have 1 to 200 characters");
            }
            let sent_at = body.sent_at.and_then(|text| {
                let read =
                    text.parse::<Timestamp>().map_err(|_| "must be a time such as 2026-05-05T06:30:00Z");
                invalid.check(format!("/messages/{at}/sent_at"), read)
            });
            let incoming = Incoming { text: body.text, channel: body.channel, sent_at };
            read.push(Forwarded { key: body.id, incoming });
        }
        invalid.into_result().map(|()| read)
    }
}

/// What became of one message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ForwardedResult {
    /// `read`; `known`, as it was read before; `later`: send it again; `wrong`: it cannot be read as it is.
    outcome: &'static str,
    /// The answer, where it was read.
    message: Option<Answer>,
    /// What was wrong, in words.
    detail: Option<String>,
}

/// What became of messages, in their order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct BatchResult {
    data: Vec<ForwardedResult>,
}

/// Forward messages
///
/// For programs that forward what comes to a phone or a mailbox. Each message is acted upon once, however often it is
/// sent. A key of scope `messages` may do this and nothing else.
#[utoipa::path(post, path = "/v1/messages/batch", tag = "words", request_body = BatchBody, responses(
    (status = 200, description = "What became of each, in order", body = BatchResult),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by this key", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn forward(
    State(reader): State<Arc<Reader>>,
    CallerToForward(actor): CallerToForward,
    Json(body): Json<BatchBody>,
) -> Result<Json<BatchResult>, Problem> {
    let messages = body.read()?;
    let became = reader.forward(&actor, &messages).await;
    let data = became.into_iter().map(|became| {
        let outcome = became.as_str();
        let (message, detail) = became.parts();
        ForwardedResult { outcome, message, detail }
    });
    Ok(Json(BatchResult { data: data.collect() }))
}

/// What the household calls what it says: learnt when a subscription that words made was named or sorted otherwise.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LearntNameBody {
    id: LearntNameId,
    /// What is said, folded: without capitals and accents.
    words: String,
    /// What that is called.
    name: String,
    /// A built-in category's slug, where that was learnt, too.
    category: Option<String>,
}

impl From<LearntName> for LearntNameBody {
    fn from(LearntName { id, words, name, category }: LearntName) -> Self {
        Self { id, words, name, category }
    }
}

/// What a household has taught: at most 500 names, in the order of the words.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LearntNames {
    data: Vec<LearntNameBody>,
}

/// List learnt names
#[utoipa::path(get, path = "/v1/learnt-names", tag = "words", responses(
    (status = 200, description = "All of them", body = LearntNames),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
async fn learnt(
    State(reader): State<Arc<Reader>>,
    Caller(actor): Caller,
) -> Result<Json<LearntNames>, Problem> {
    let data = reader.learnt(&actor).await?.into_iter().map(LearntNameBody::from).collect();
    Ok(Json(LearntNames { data }))
}

/// Forget a learnt name
#[utoipa::path(delete, path = "/v1/learnt-names/{id}", tag = "words", params(("id" = LearntNameId, Path)), responses(
    (status = 204, description = "It is forgotten; what was tracked by it stays as it is"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You may only look", body = ProblemBody),
    (status = 404, description = "There is no such name", body = ProblemBody),
))]
async fn forget(
    State(reader): State<Arc<Reader>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<LearntNameId>,
) -> Result<StatusCode, Problem> {
    reader.unlearn(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was said, and what came of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Heard {
    /// The words.
    transcript: String,
    message: Answer,
}

/// Say it aloud
///
/// A recording of a minute or so is written down by the service that this installation has set up, and read as words are.
#[utoipa::path(post, path = "/v1/messages/audio", tag = "words",
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "WebM, Ogg, MP4, WAV, FLAC or MP3; which, its first bytes tell"),
    responses(
        (status = 200, description = "Written down and read", body = Heard),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 409, description = "Nothing is set up that writes down what is said", body = ProblemBody),
        (status = 413, description = "It is too long", body = ProblemBody),
        (status = 415, description = "It is no recording", body = ProblemBody),
        (status = 429, description = "The share of today is used up", body = ProblemBody),
        (status = 503, description = "It cannot be written down just now", body = ProblemBody),
    ))]
async fn hear(
    State(reader): State<Arc<Reader>>,
    Caller(actor): Caller,
    body: Bytes,
) -> Result<Json<Heard>, Problem> {
    let transcript = reader.written(&actor, body).await?;
    let incoming = Incoming { text: transcript.clone(), channel: Channel::Voice, sent_at: None };
    let message = reader.commit(&actor, &incoming).await?;
    Ok(Json(Heard { transcript, message }))
}
