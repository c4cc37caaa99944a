//! `Idempotency-Key`: a write that is sent again, because its answer got lost, is done once and answered the same.
//!
//! The key is taken before the write begins and its answer is kept after it, so a process that dies in between leaves a
//! key that is taken; a minute later the write may be sent again. Whether what it did was kept is then for the write
//! itself to find out, as for any that was cut off. A client that goes away does not stop what it began.

mod store;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use contracts::erasure::AccountErasing;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use kernel::{Actor, Clock, Event, EventPayload, Ids, Invalid, UserId};
use platform::{
    context,
    db::{Batch, Database, DbError},
    events::{Consumer, Handler, HandlerError, Traces},
    http::Problem,
    jobs::{Job, Progress, Work},
    lifecycle::Tasks,
    sealing::Sealing,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;
use tracing::Instrument;

use store::Since;

/// What names a write that may be repeated.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest key.
const LONGEST_KEY: usize = 255;
/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3_600);
/// How long a write is believed to be worked on. It goes on when its time limit has cut its client off, and this is far
/// longer than any of ours takes.
const WORKED_ON_FOR: Duration = Duration::from_secs(60);
/// The longest answer that is kept.
const LONGEST: usize = 1 << 20;
/// How often it is looked for what is too old, and how much goes at once.
const FORGETTING: Duration = Duration::from_secs(3_600);
const FORGET: i64 = 1_000;
/// What an answer says of itself beside its body; the rest the door says of every one.
const SAID: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

/// The writes of this installation that may be repeated.
pub(crate) struct Idempotency {
    database: Database,
    clock: Arc<dyn Clock>,
    sealing: Sealing,
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    said: Vec<(String, String)>,
    body: String,
}

/// A write whose key was taken.
struct Claim {
    user: UserId,
    key: String,
    begun: Timestamp,
}

impl Claim {
    fn owner(&self) -> Vec<u8> {
        owner(self.user, &self.key)
    }
}

/// Whose a sealed answer is.
fn owner(user: UserId, key: &str) -> Vec<u8> {
    [user.uuid().as_bytes().as_slice(), key.as_bytes()].concat()
}

impl Idempotency {
    pub(crate) fn new(database: Database, clock: Arc<dyn Clock>, sealing: Sealing) -> Self {
        Self { database, clock, sealing }
    }

    /// Answers a write that bears a key as the first of its key was, and lets one without a key pass.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        actor: &Actor,
        request: Request,
        next: Next,
        tasks: &Tasks,
    ) -> Response {
        let key = match key_of(request.headers()) {
            Ok(Some(key)) => key,
            Ok(None) => return next.run(request).await,
            Err(invalid) => return Problem::invalid(&invalid).into_response(),
        };
        self.once(actor, key, request, next, tasks).await.unwrap_or_else(IntoResponse::into_response)
    }

    async fn once(
        self: &Arc<Self>,
        actor: &Actor,
        key: String,
        request: Request,
        next: Next,
        tasks: &Tasks,
    ) -> Result<Response, Response> {
        let (fingerprint, request) = fingerprint(actor, request).await?;
        let problem = |error: DbError| Problem::from(error).into_response();
        let now = self.clock.now();
        let since = Since { kept: now - KEPT_FOR, worked_on: now - WORKED_ON_FOR };
        let user = actor.user;
        if store::claim(&self.database, user, &key, &fingerprint, now, since).await.map_err(problem)? {
            let claim = Claim { user, key, begun: now };
            return self.work(claim, request, next, tasks).await;
        }
        let before = store::before(&self.database, user, &key).await.map_err(problem)?;
        match before {
            Some(before) if before.fingerprint != fingerprint => {
                Err(invalid("was used for another request: take a new one for each thing that you do")
                    .into_response())
            }
            Some(store::Before { answer: Some((status, sealed)), .. }) => {
                Ok(self.again(&owner(user, &key), status, &sealed))
            }
            // It was given back in this very moment.
            Some(store::Before { answer: None, .. }) | None => {
                let problem =
                    Problem::conflict("The first request of this Idempotency-Key is still being worked on.");
                Err(problem.retry_after(1).into_response())
            }
        }
    }

    /// Does what was asked to its end, whether or not somebody still waits for it, and keeps the answer.
    async fn work(
        self: &Arc<Self>,
        claim: Claim,
        request: Request,
        next: Next,
        tasks: &Tasks,
    ) -> Result<Response, Response> {
        let this = Arc::clone(self);
        let (done, waiting) = oneshot::channel();
        let work = async move {
            let response = next.run(request).await;
            // Nobody may wait for it any more.
            let _ = done.send(this.keep(&claim, response).await);
        };
        let work = work.in_current_span();
        match context::current(context::Context::handed_on) {
            Some(context) => tasks.spawn("gateway.repeatable", context::within(context, work)),
            None => tasks.spawn("gateway.repeatable", work),
        }
        waiting.await.map_err(|_| {
            tracing::error!("a write that may be repeated broke off");
            Problem::internal("It has been noted. If trying again does not help, tell us the request id.")
                .into_response()
        })
    }

    async fn keep(&self, claim: &Claim, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LONGEST).await else {
            return Problem::internal("The answer could not be put together.").into_response();
        };
        let mut batch = Batch::unseen();
        let text = std::str::from_utf8(&body).ok();
        // Of what went wrong on our side, and of who may not or came too often, another try is to find out.
        let lasts = !parts.status.is_server_error()
            && !matches!(
                parts.status,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
            );
        let sealed = text.filter(|_| lasts).and_then(|text| {
            let said = SAID.iter().filter_map(|name| {
                let value = parts.headers.get(name)?.to_str().ok()?;
                Some((name.as_str().to_owned(), value.to_owned()))
            });
            let kept = Kept { said: said.collect(), body: text.to_owned() };
            self.sealing.seal(&claim.owner(), &serde_json::to_vec(&kept).ok()?).ok()
        });
        match sealed {
            Some(sealed) => {
                let status = parts.status.as_u16();
                store::answered(&mut batch, claim.user, &claim.key, claim.begun, status, sealed);
            }
            None => store::release(&mut batch, claim.user, &claim.key, claim.begun),
        }
        if let Err(error) = self.database.apply(batch).await {
            tracing::error!(%error, "the answer of a write that may be repeated was not kept");
        }
        Response::from_parts(parts, Body::from(body))
    }

    fn again(&self, owner: &[u8], status: i64, sealed: &[u8]) -> Response {
        let opened = self.sealing.open(owner, sealed).ok();
        let kept = opened.and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let (Some(kept), Some(status)) = (kept, status) else {
            // The key of the installation is another now.
            return Problem::conflict(
                "It was done, and its answer cannot be read any more. Look at what there is.",
            )
            .into_response();
        };
        let mut response = (status, kept.body).into_response();
        response.headers_mut().remove(header::CONTENT_TYPE);
        for (name, value) in kept.said {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }
}

fn invalid(detail: &str) -> Problem {
    Problem::invalid(&Invalid::field("Idempotency-Key", detail))
}

/// The key of a request, bare or as a quoted string (RFC 8941).
fn key_of(headers: &HeaderMap) -> Result<Option<String>, Invalid> {
    let mut values = headers.get_all(&KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let wrong = || {
        Invalid::field(
            "Idempotency-Key",
            format!("must be one text of 1 to {LONGEST_KEY} visible characters"),
        )
    };
    if values.next().is_some() {
        return Err(wrong());
    }
    let text = value.to_str().map_err(|_| wrong())?.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if text.is_empty() || text.len() > LONGEST_KEY || !visible {
        return Err(wrong());
    }
    Ok(Some(text.to_owned()))
}

/// What makes two requests the same: who asks for whom, what, and with which body. A file is known by what is said of it,
/// for it is not read before it is known whether it is wanted.
async fn fingerprint(actor: &Actor, request: Request) -> Result<(Vec<u8>, Request), Response> {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    let (parts, body) = request.into_parts();
    let said = |name: HeaderName| parts.headers.get(name).map_or(&b""[..], HeaderValue::as_bytes);
    add(actor.household.uuid().as_bytes());
    add(parts.method.as_str().as_bytes());
    add(parts.uri.path_and_query().map_or("", |path| path.as_str()).as_bytes());
    let kind = said(header::CONTENT_TYPE);
    add(kind);
    add(said(header::IF_MATCH));
    let is_text = kind.is_empty() || kind.windows(4).any(|part| part.eq_ignore_ascii_case(b"json"));
    if !is_text {
        add(said(header::CONTENT_LENGTH));
        return Ok((hash.finalize().to_vec(), Request::from_parts(parts, body)));
    }
    let whole = Request::from_parts(parts.clone(), body);
    let bytes = Bytes::from_request(whole, &()).await.map_err(|refused| {
        let status = refused.status();
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::too_large("The body is longer than anything that is taken here.").into_response()
        } else {
            Problem::malformed("The body broke off.").into_response()
        }
    })?;
    add(&bytes);
    Ok((hash.finalize().to_vec(), Request::from_parts(parts, Body::from(bytes))))
}

/// What the door does by itself.
pub(crate) fn jobs(idempotency: &Arc<Idempotency>) -> Vec<Job> {
    vec![Job {
        name: "gateway.forgetting".into(),
        period: FORGETTING,
        nudge: Arc::default(),
        work: Arc::new(Forgetting(Arc::clone(idempotency))),
    }]
}

struct Forgetting(Arc<Idempotency>);

#[async_trait]
impl Work for Forgetting {
    async fn run(&self) -> Result<Progress, String> {
        let before = self.0.clock.now() - KEPT_FOR;
        let gone =
            store::forget(&self.0.database, before, FORGET).await.map_err(|error| error.to_string())?;
        let full = usize::try_from(FORGET).unwrap_or(usize::MAX);
        Ok(if gone == full { Progress::More } else { Progress::Idle })
    }
}

/// What the door hears.
pub(crate) fn consumers(idempotency: &Arc<Idempotency>, ids: &Arc<dyn Ids>) -> Vec<Consumer> {
    let handler = Arc::new(EraseAccount { idempotency: Arc::clone(idempotency), ids: Arc::clone(ids) });
    vec![Consumer { name: "gateway.erase_account", handler }]
}

/// Erases what somebody was answered.
struct EraseAccount {
    idempotency: Arc<Idempotency>,
    ids: Arc<dyn Ids>,
}

#[async_trait]
impl Handler for EraseAccount {
    fn kinds(&self) -> &'static [&'static str] {
        &[AccountErasing::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let payload =
            event.payload::<AccountErasing>().map_err(|error| HandlerError::GiveUp(error.to_string()))?;
        let Some(erasing) = payload else { return Ok(Batch::new()) };
        let mut batch = Batch::new();
        store::erase(&mut batch, erasing.user);
        let traces = Traces::new(erasing.user, erasing.ended(), erasing.is_last());
        batch.extend(traces.removing(&self.idempotency.database).await?);
        let now = self.idempotency.clock.now();
        batch.tell(&erasing.confirmed("gateway", self.ids.next(), now).caused_by(event));
        Ok(batch)
    }
}
