//! Bodies that are too long are refused, in a way that reaches whoever sent them.
//!
//! A server that answers and closes while a client still sends has its answer thrown away by the client's machine.
//! So what is too long is read to its end and dropped, up to a bound, before the refusal: what was announced before
//! anybody looks at it, and what comes in chunks, whose length nobody knows, once somebody has refused it.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
};
use http_body::Frame;
use http_body_util::BodyExt;
use platform::{http::Problem, module::LongBody};

/// The most that is read only to be dropped.
const DROPPED: u64 = 256 * 1024 * 1024;
/// For how long.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long bodies may be.
pub(crate) struct Limits {
    common: usize,
    /// By the route, where it takes longer ones.
    own: HashMap<&'static str, usize>,
}

impl Limits {
    pub(crate) fn new(common: usize) -> Self {
        Self { common, own: HashMap::new() }
    }

    /// Lets longer bodies through to their routes.
    pub(crate) fn allow(&mut self, long: &[LongBody]) {
        self.own.extend(long.iter().map(|long| (long.path, long.limit)));
    }

    fn of(&self, request: &Request) -> usize {
        let route = request.extensions().get::<MatchedPath>();
        let own = route.and_then(|route| self.own.get(route.as_str()));
        own.map_or(self.common, |own| self.common.max(*own))
    }
}

pub(crate) async fn refuse_long(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let limit = limits.of(&request);
    let announced: Option<u64> =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    match announced {
        Some(length) if length > limit as u64 => {
            if length <= DROPPED {
                drop_all(request.into_body()).await;
            }
            Problem::too_large(format!("The body has {length} bytes; at most {limit} are taken."))
                .into_response()
        }
        None if request.headers().contains_key(TRANSFER_ENCODING) => {
            let (request, rest) = lend(request);
            let response = next.run(request).await;
            if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
                drop_all(Body::new(rest)).await;
            }
            response
        }
        Some(_) | None => next.run(request).await,
    }
}

/// Who sends too slowly or too much is not waited for, and is refused all the same.
async fn drop_all(mut body: Body) {
    let all = async {
        let mut dropped = 0;
        while let Some(Ok(frame)) = body.frame().await {
            dropped += frame.data_ref().map_or(0, |data| data.len() as u64);
            if dropped > DROPPED {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, all).await;
}

/// The same request, whose body can be read on when whoever it is lent to has had enough of it.
fn lend(request: Request) -> (Request, Lent) {
    let (parts, body) = request.into_parts();
    let lent = Lent(Arc::new(Mutex::new(body)));
    (Request::from_parts(parts, Body::new(lent.clone())), lent)
}

/// A body that several hold, and one reads at a time.
#[derive(Clone)]
struct Lent(Arc<Mutex<Body>>);

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }
}
