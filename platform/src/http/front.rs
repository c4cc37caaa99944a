//! The one middleware in front of every route: request id and trace, time limit, panic, headers, one log line.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tracing::Instrument;

use super::Problem;
use crate::context::{self, Context};

/// What the middleware needs to know.
#[derive(Debug, Clone)]
pub struct Front {
    /// How long a request may take.
    pub timeout: std::time::Duration,
    /// Whether people reach us by HTTPS, so that browsers may be told to insist on it.
    pub https: bool,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Answers a request inside a context of its own.
pub async fn front(State(settings): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let context = context_of(&request);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".into(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let span =
        tracing::info_span!("request", request_id = context.request_id, traceparent = context.traceparent);
    context::within(context, async move {
        let mut response = guarded(settings.timeout, request, next).await;
        finish(&settings, &mut response);
        log(&method, &route, &response, begun);
        response
    })
    .instrument(span)
    .await
}

fn context_of(request: &Request) -> Context {
    let text = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    Context::new(text(REQUEST_ID), text(TRACEPARENT), request.uri().path())
}

/// The answer, or the problem of having none: too late, or a panic.
async fn guarded(timeout: std::time::Duration, request: Request, next: Next) -> Response {
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

fn finish(settings: &Front, response: &mut Response) {
    let headers = response.headers_mut();
    context::current(|context| {
        if let Ok(id) = HeaderValue::from_str(&context.request_id) {
            headers.insert(REQUEST_ID, id);
        }
    });
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(self)"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if settings.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // What is somebody's own is kept by nobody on the way, unless the handler knows better.
    default_header(headers, header::CACHE_CONTROL, "private, no-cache");
}

fn default_header(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

fn log(method: &http::Method, route: &str, response: &Response, begun: Instant) {
    let (status, elapsed) = (response.status().as_u16(), begun.elapsed());
    let statements = context::current(Context::statements).unwrap_or_default();
    tracing::info!(%method, route, status, micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX), statements, "answered");
    let class = match status {
        0..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    metrics::histogram!("perennial_request_seconds", "route" => route.to_owned(), "status" => class)
        .record(elapsed);
}
