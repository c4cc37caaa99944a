//! The one middleware in front of every route: request id and trace, time limit, panic, headers, one log line.

use std::{
    cell::RefCell,
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tracing::Instrument;

use super::Problem;
use crate::context::{self, Context};

/// What the middleware needs to know.
#[derive(Debug, Clone)]
pub struct Front {
    /// How long a request may take.
    pub timeout: Duration,
    /// Whether people reach us by HTTPS, so that browsers may be told to insist on it.
    pub https: bool,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How many milliseconds the caller waits for an answer: work that would come too late is not begun.
const TIMEOUT: HeaderName = HeaderName::from_static("perennial-timeout");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Answers a request inside a context of its own.
pub async fn front(State(settings): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let timeout = timeout_of(&request, settings.timeout);
    let context = context_of(&request).with_timeout(timeout);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let span =
        tracing::info_span!("request", request_id = context.request_id, traceparent = context.traceparent);
    context::within(context, async move {
        let mut response = guarded(timeout, request, next).await;
        finish(&settings, &mut response);
        log(&method, route.as_ref().map_or("none", MatchedPath::as_str), &response, begun);
        response
    })
    .instrument(span)
    .await
}

fn context_of(request: &Request) -> Context {
    let text = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    Context::new(text(REQUEST_ID), text(TRACEPARENT), request.uri().path())
}

/// How long whoever asks waits, where they say so in whole milliseconds and it is less than they may.
fn timeout_of(request: &Request, longest: Duration) -> Duration {
    let said = request.headers().get(TIMEOUT).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    said.map_or(longest, |said| Duration::from_millis(said).min(longest))
}

/// The answer, or the problem of having none: too late, or a panic.
async fn guarded(timeout: Duration, request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(timeout, answer).await {
        Ok(Ok(response)) => plain_to_problem(response),
        Ok(Err(panic)) => {
            let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            tracing::error!(said, "a handler panicked");
            Problem::internal("It has been noted. If trying again does not help, tell us the request id.")
                .into_response()
        }
        Err(_) => Problem::unavailable("It took too long and was given up.").retry_after(1).into_response(),
    }
}

/// Routers, layers and the framework's own extractors refuse some requests by themselves, in plain text or without a
/// word; clients get a problem there too.
fn plain_to_problem(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain")) {
        return response;
    }
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = response.headers().get(header::ALLOW).cloned();
            let mut problem =
                Problem::method_not_allowed("The Allow header lists those that are.").into_response();
            if let Some(allow) = allow {
                problem.headers_mut().insert(header::ALLOW, allow);
            }
            problem
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::too_large("The body is longer than this server takes.").into_response()
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::unsupported_media_type("The body is not of the type that is taken here.").into_response()
        }
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Problem::malformed("The form lacks a field, or has one twice or in another shape.")
                .into_response()
        }
        _ => response,
    }
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// What every answer says, unless it says otherwise itself. What is somebody's own is kept by nobody on the way, unless
/// the handler knows better.
const EVERYWHERE: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(self)"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
];
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

fn finish(settings: &Front, response: &mut Response) {
    let headers = response.headers_mut();
    headers.reserve(EVERYWHERE.len() + 2);
    context::current(|context| {
        if let Ok(id) = HeaderValue::from_str(&context.request_id) {
            headers.insert(REQUEST_ID, id);
        }
    });
    for (name, value) in EVERYWHERE {
        headers.entry(name).or_insert(value);
    }
    if settings.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

fn log(method: &http::Method, route: &str, response: &Response, begun: Instant) {
    let (status, elapsed) = (response.status().as_u16(), begun.elapsed());
    let statements = context::current(Context::statements).unwrap_or_default();
    tracing::info!(%method, route, status, micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX), statements, "answered");
    DURATIONS.with_borrow_mut(|durations| durations.record(route, status, elapsed));
}

/// The classes of answers, by the first digit of their status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

thread_local! {
    static DURATIONS: RefCell<Durations> = RefCell::default();
}

/// Where the durations of answers are counted, for each route and class; asked of the registry once a thread, for
/// finding them there costs more than counting.
#[derive(Default)]
struct Durations(HashMap<Box<str>, [Option<metrics::Histogram>; CLASSES.len()]>);

impl Durations {
    fn record(&mut self, route: &str, status: u16, elapsed: Duration) {
        let class = usize::from((status / 100).saturating_sub(1)).min(CLASSES.len() - 1);
        let made = || metrics::histogram!("perennial_request_seconds", "route" => route.to_owned(), "status" => CLASSES[class]);
        // Twice looked up rather than once and a text made for each request.
        if !self.0.contains_key(route) {
            self.0.insert(route.into(), Default::default());
        }
        match self.0.get_mut(route) {
            Some(known) => known[class].get_or_insert_with(made).record(elapsed),
            None => made().record(elapsed),
        }
    }
}
