//! `/v1/notifications/stream`: what changes, as it changes.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderValue, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt, stream};
use kernel::UserId;
use platform::http::{CallerAsSelf, Problem, ProblemBody};
use serde::Serialize;

use super::bodies::NotificationBody;
use crate::{
    error::HeraldError,
    service::{Herald, Place},
    store::{self, Told},
};

/// How often one looks for changes: what they cost is one row by its key.
const LOOK: Duration = Duration::from_secs(1);
/// How often something is said when nothing changes, so that nobody on the way takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long one is watched with the right that was shown at the door; then the browser asks anew, and misses nothing.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// `Last-Event-ID`: the last change that a client has seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastSeen(Option<Place>);

impl<S: Send + Sync> FromRequestParts<S> for LastSeen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let given = parts.headers.get("last-event-id").and_then(|value| value.to_str().ok());
        Ok(Self(given.and_then(|text| text.parse().ok())))
    }
}

/// How many are not read.
#[derive(Debug, Serialize)]
struct Unread {
    unread: i64,
}

/// Watch your notifications
///
/// Server-sent events: `notification`, with one as it is now, whenever one comes or changes, and `unread`, with how many
/// you have not read. Each has an id; with it as `Last-Event-ID` you are told what has changed since, so that nothing is
/// missed in between.
#[utoipa::path(get, path = "/v1/notifications/stream", tag = "notifications",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event you have seen")),
    responses(
        (status = 200, description = "Events, until you go away or for a quarter of an hour", content_type = "text/event-stream", body = String),
        (status = 401, description = "Not logged in", body = ProblemBody),
    ))]
pub(super) async fn stream(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    last: LastSeen,
) -> Result<Response, Problem> {
    watch(herald, actor.user, last).await
}

/// The answer to somebody who watches.
pub(crate) async fn watch(herald: Arc<Herald>, user: UserId, last: LastSeen) -> Result<Response, Problem> {
    let here = herald.here(user).await?;
    // A place ahead of everything is of another database.
    let from = last.0.filter(|place| *place <= here).unwrap_or(here);
    let closing = herald.closing.clone();
    let events = changes(herald, user, from)
        .take_until(async move { tokio::time::timeout(LONGEST, closing.cancelled()).await });
    let answer = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather what they pass on would keep it all to themselves.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Where somebody who watches is.
struct Watching {
    herald: Arc<Herald>,
    user: UserId,
    place: Place,
    /// Whether they know how many are unread.
    greeted: bool,
}

fn changes(herald: Arc<Herald>, user: UserId, place: Place) -> impl Stream<Item = Result<Event, Infallible>> {
    let watching = Watching { herald, user, place, greeted: false };
    stream::unfold(watching, |mut watching| async move {
        let events = watching.next().await;
        Some((stream::iter(events.into_iter().map(Ok)), watching))
    })
    .flatten()
}

impl Watching {
    /// What there is to say next; waits until there is.
    async fn next(&mut self) -> Vec<Event> {
        loop {
            match self.look().await {
                Ok(events) if events.is_empty() => {}
                Ok(events) => return events,
                // It is looked at again; nothing is skipped meanwhile.
                Err(error) => tracing::warn!(%error, "a stream of notifications could not look"),
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn look(&mut self) -> Result<Vec<Event>, HeraldError> {
        let (found, place) = self.herald.changes(self.user, self.place).await?;
        let moved = place != self.place;
        if self.greeted && !moved {
            return Ok(Vec::new());
        }
        let mut events = Vec::with_capacity(found.len() + 1);
        if !found.is_empty() {
            let (known, _) = self.herald.known(self.user).await?;
            let reading = self.herald.reading(&known);
            let event = |told: &Told| {
                Event::default()
                    .event("notification")
                    .id(Place::of(told).to_string())
                    .json_data(NotificationBody::new(told, &reading))
            };
            // Structs of texts always have a JSON form.
            events.extend(found.iter().filter_map(|told| event(told).ok()));
        }
        let unread = store::unread(&self.herald.database, self.user).await?;
        let count = Event::default().event("unread").id(place.to_string()).json_data(Unread { unread });
        events.extend(count.ok());
        (self.place, self.greeted) = (place, true);
        Ok(events)
    }
}
