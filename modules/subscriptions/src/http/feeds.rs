//! `/v1/calendar-feeds…`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{CalendarFeedId, MemberId};
use platform::http::{Caller, Json, Page, PathOf, Problem, ProblemBody};
use serde::{Deserialize, Serialize};

use crate::{
    Tracker,
    domain::{Category, feed::Feed},
    service::FeedWish,
};

type Known = State<Arc<Tracker>>;

/// An address at which a calendar reads what is to come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CalendarFeed)]
pub(crate) struct FeedBody {
    id: CalendarFeedId,
    /// What the calendar is called.
    name: String,
    /// Only what is of this category; `null` is everything.
    category: Option<&'static str>,
    /// Only what this member bears, at their part of it; `null` is everybody's.
    member_id: Option<MemberId>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A new address. Its secret is in its path and is told this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NewCalendarFeed)]
pub(crate) struct OpenedBody {
    #[serde(flatten)]
    feed: FeedBody,
    /// Where the calendar is, on this server: `/calendar/{secret}.ics`. Whoever has it can read it.
    path: String,
}

/// What to call the calendar, and what is to be in it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenBody {
    /// `Perennial` when left out.
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    /// A built-in category; everything when left out.
    category: Option<String>,
    /// Only what this member of the household bears, at their part of it; everybody's when left out.
    member_id: Option<MemberId>,
}

impl From<&Feed> for FeedBody {
    fn from(feed: &Feed) -> Self {
        Self {
            id: feed.id,
            name: feed.name.to_string(),
            category: feed.category.map(Category::slug),
            member_id: feed.member,
            created_at: feed.created_at,
        }
    }
}

/// The addresses at which calendars read, without their secrets
#[utoipa::path(get, path = "/v1/calendar-feeds", tag = "subscriptions", responses(
    (status = 200, description = "All of them; a household can have 20, so there is one page", body = Page<FeedBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
) -> Result<Json<Page<FeedBody>>, Problem> {
    let found = tracker.feeds(&actor).await?;
    Ok(Json(Page { data: found.iter().map(FeedBody::from).collect(), next_cursor: None }))
}

/// Open another address; its secret is told this once
#[utoipa::path(post, path = "/v1/calendar-feeds", tag = "subscriptions", request_body = OpenBody, responses(
    (status = 201, description = "It can be read", body = OpenedBody,
        headers(("Location" = String, description = "Where it is revoked"))),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "Some of it is not valid, or there are 20 already", body = ProblemBody),
))]
pub(super) async fn open(
    State(tracker): Known,
    Caller(actor): Caller,
    Json(body): Json<OpenBody>,
) -> Result<Response, Problem> {
    let name = body.name.unwrap_or_else(|| "Perennial".into());
    let wish = FeedWish { name, category: body.category, member: body.member_id };
    let opened = tracker.open_feed(&actor, &wish).await?;
    let location = [(header::LOCATION, format!("/v1/calendar-feeds/{}", opened.feed.id))];
    let body = OpenedBody { feed: (&opened.feed).into(), path: opened.path };
    Ok((StatusCode::CREATED, location, Json(body)).into_response())
}

/// Revoke one: nobody reads there any more
#[utoipa::path(delete, path = "/v1/calendar-feeds/{id}", tag = "subscriptions",
    params(("id" = CalendarFeedId, Path)),
    responses(
        (status = 204, description = "It is revoked"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such address", body = ProblemBody),
    ))]
pub(super) async fn revoke(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<CalendarFeedId>,
) -> Result<StatusCode, Problem> {
    tracker.revoke_feed(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
