//! Answers that are remembered: what was computed for somebody holds until something of their household changes.
//!
//! A list, a dashboard or a year's figures follow from what belongs to the household, from the day, and from the bank's
//! rates. The [revision](platform::db::Database::revision) of the household is looked at with every request, so an
//! answer is never older than the last write that was acknowledged; the day, how the household counts and
//! when rates were last fetched by any process are part of what must be alike. Without memory for it every answer is computed, and is the
//! same.

mod basis;
mod figures;
mod refresh;
mod shared;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{Access, Actor, HouseholdId, MemberId, UserId};
use moka::sync::Cache;
use platform::http::IfNoneMatch;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

pub use self::shared::Shared;
use self::{basis::Basis, figures::Figures};
pub(crate) use self::{
    figures::{Figure, Size},
    refresh::{Refresh, Refreshing},
};
use crate::Tracker;

/// Routes whose answers follow from a household's things, its day and the bank's rates, and from nothing else.
const ROUTES: [&str; 14] = [
    "/v1/analytics/forecast",
    "/v1/analytics/insights",
    "/v1/analytics/spending",
    "/v1/budgets",
    "/v1/calendar",
    "/v1/categories",
    "/v1/dashboard",
    "/v1/payment-methods",
    "/v1/payments",
    "/v1/subscriptions",
    "/v1/subscriptions/{id}",
    "/v1/subscriptions/{id}/payments",
    "/v1/subscriptions/{id}/prices",
    "/v1/tags",
];
/// How long an answer is kept at most: the day is one of the things it follows from.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);
/// How long rates that another process has fetched may go unseen.
const RATES_SEEN_FOR: Duration = Duration::from_secs(60);
/// The longest answer that is kept.
const LONGEST: usize = 1 << 20;
/// Answers that are being computed at once, at most, of which it is known.
const TURNS: u64 = 10_000;
/// How long it is known of one. Longer than any answer takes.
const TURNS_FOR: Duration = Duration::from_secs(60);
/// What an answer takes beside its bytes.
const OVERHEAD: usize = 512;

/// The answers of this process.
pub(crate) struct Answers {
    kept: Option<Cache<Asked, Arc<Kept>>>,
    /// Turns at computing: of many who ask for the same at once one computes it, and the others have it then.
    turns: Cache<Asked, Arc<Mutex<()>>>,
    /// What other processes have computed, where there are others.
    shared: Option<Shared>,
    figures: Option<Figures>,
    /// Grows with every arrival of rates in this process.
    arrivals: AtomicU64,
    /// When any process last kept rates, as it was seen a moment ago; nothing, before there are any.
    rates_read_at: Cache<(), Option<Timestamp>>,
}

/// Who asks for what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    user: UserId,
    household: HouseholdId,
    member: MemberId,
    access: Access,
    target: Box<str>,
}

struct Kept {
    basis: Basis,
    kind: HeaderValue,
    tag: HeaderValue,
    body: Bytes,
}

impl Answers {
    /// As many as fit into `bytes`, half of them for figures; none at all where that is nought.
    pub(crate) fn new(bytes: u64, shared: Option<Shared>) -> Self {
        let weight = |asked: &Asked, kept: &Arc<Kept>| {
            u32::try_from(kept.body.len() + asked.target.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let kept = (bytes > 0)
            .then(|| Cache::builder().max_capacity(bytes / 2).weigher(weight).time_to_live(KEPT_FOR).build());
        Self {
            kept,
            turns: Cache::builder().max_capacity(TURNS).time_to_idle(TURNS_FOR).build(),
            shared,
            figures: (bytes > 0).then(|| Figures::new(bytes / 2)),
            arrivals: AtomicU64::new(0),
            rates_read_at: Cache::builder().max_capacity(1).time_to_live(RATES_SEEN_FOR).build(),
        }
    }

    /// Rates have arrived: figures are others, also those that are being computed.
    pub(crate) fn forget(&self) {
        self.arrivals.fetch_add(1, Ordering::Release);
        self.rates_read_at.invalidate_all();
    }
}

/// Answers from memory where that still holds, else has it computed and keeps it.
pub(crate) async fn remember(State(tracker): State<Arc<Tracker>>, request: Request, next: Next) -> Response {
    let Some(kept) = &tracker.answers.kept else { return next.run(request).await };
    let Some(asked) = asked(&request) else { return next.run(request).await };
    // What cannot be found out is for the handler to tell.
    let Some(actor) = request.extensions().get::<Actor>().copied() else { return next.run(request).await };
    let Some(basis) = Basis::of(&tracker, &actor, asked.divides()).await else {
        return next.run(request).await;
    };
    let known = || kept.get(&asked).filter(|known| known.basis.holds(&basis));
    if let Some(known) = known() {
        count("remembered");
        return known.answer(request.headers());
    }
    let turns = tracker.answers.turns.get_with(asked.clone(), Arc::default);
    let _turn = turns.lock().await;
    if let Some(known) = known() {
        count("remembered");
        return known.answer(request.headers());
    }
    let has = seen(request.headers());
    let shared = tracker.answers.shared.as_ref();
    let shared = shared.and_then(|shared| Some((shared, Shared::key(&asked, &basis)?)));
    if let Some((shared, key)) = &shared
        && let Some(found) = shared.find(key, &basis).await
    {
        count("shared");
        let found = Arc::new(found);
        kept.insert(asked, Arc::clone(&found));
        return found.answer(&has);
    }
    count("computed");
    let began = Instant::now();
    let response = next.run(request).await;
    match whole(basis, response).await {
        Ok(fresh) => {
            let fresh = Arc::new(fresh);
            kept.insert(asked, Arc::clone(&fresh));
            if let Some((shared, key)) = &shared {
                shared.keep(key, &fresh, began.elapsed()).await;
            }
            fresh.answer(&has)
        }
        Err(response) => response,
    }
}

/// Where an answer came from: this process's memory, another's work, or its own.
fn count(outcome: &'static str) {
    metrics::counter!("perennial_answers_total", "outcome" => outcome).increment(1);
}

fn asked(request: &Request) -> Option<Asked> {
    if request.method() != Method::GET {
        return None;
    }
    let route = request.extensions().get::<MatchedPath>()?.as_str();
    ROUTES.binary_search(&route).ok()?;
    let Actor { user, household, member, access, .. } = *request.extensions().get::<Actor>()?;
    let target = request.uri().path_and_query()?.as_str().into();
    Some(Asked { user, household, member, access, target })
}

impl Asked {
    /// Whether what is asked for may depend on who belongs to the household: any word of it that could ask for that.
    fn divides(&self) -> bool {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        path == "/v1/budgets" || query.contains('%') || query.contains("mine") || query.contains("member")
    }
}

/// The headers of a request that an answer depends on.
fn seen(headers: &HeaderMap) -> HeaderMap {
    let of = headers.get_all(header::IF_NONE_MATCH).iter();
    of.map(|value| (header::IF_NONE_MATCH, value.clone())).collect()
}

/// A good answer as it is kept; any other as it came.
async fn whole(basis: Basis, response: Response) -> Result<Kept, Response> {
    let (parts, body) = response.into_parts();
    let short = body.size_hint().exact().is_some_and(|length| length <= LONGEST as u64);
    let kind = parts.headers.get(header::CONTENT_TYPE).cloned();
    let (StatusCode::OK, true, Some(kind)) = (parts.status, short, kind) else {
        return Err(Response::from_parts(parts, body));
    };
    let Ok(body) = to_bytes(body, LONGEST).await else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    let tag = parts.headers.get(header::ETAG).cloned();
    let Some(tag) = tag.or_else(|| HeaderValue::from_str(&print(&body)).ok()) else {
        return Err(Response::from_parts(parts, Body::from(body)));
    };
    Ok(Kept { basis, kind, tag, body })
}

/// A validator of bytes.
fn print(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    let hex: String = hash[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

impl Kept {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let tag = [(header::ETAG, self.tag.clone())];
        if self.tag.to_str().is_ok_and(|tag| IfNoneMatch::of(asked).has(tag)) {
            return (StatusCode::NOT_MODIFIED, tag).into_response();
        }
        (tag, [(header::CONTENT_TYPE, self.kind.clone())], self.body.clone()).into_response()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn routes_are_in_order_so_that_they_are_found() {
        assert!(super::ROUTES.is_sorted());
    }
}
