//! Bodies that are too long are refused, in a way that reaches whoever sent them.
//!
//! A server that answers and closes while a client still sends has its answer thrown away by the client's machine.
//! So what was announced is read to its end and dropped, up to a bound, before the refusal.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use platform::http::Problem;

/// The most that is read only to be dropped.
const DROPPED: u64 = 16 * 1024 * 1024;
/// For how long.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn refuse_announced(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let announced: Option<u64> =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    match announced {
        Some(length) if length > limit as u64 => {
            if length <= DROPPED {
                // Who sends too slowly is not waited for, and is refused all the same.
                let _ = tokio::time::timeout(PATIENCE, drop_all(request.into_body())).await;
            }
            Problem::too_large(format!("The body has {length} bytes; at most {limit} are taken."))
                .into_response()
        }
        _ => next.run(request).await,
    }
}

async fn drop_all(mut body: Body) {
    while let Some(Ok(_)) = body.frame().await {}
}
