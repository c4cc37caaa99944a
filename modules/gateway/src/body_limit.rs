//! Bodies that are too long are refused, in a way that reaches whoever sent them.
//!
//! A server that answers and closes while a client still sends has its answer thrown away by the client's machine.
//! So what was announced is read to its end and dropped, up to a bound, before the refusal.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use platform::{http::Problem, module::LongBody};

/// The most that is read only to be dropped.
const DROPPED: u64 = 16 * 1024 * 1024;
/// For how long.
const PATIENCE: Duration = Duration::from_secs(5);

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

pub(crate) async fn refuse_announced(
    State(limits): State<Arc<Limits>>,
    request: Request,
    next: Next,
) -> Response {
    let limit = limits.of(&request);
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
