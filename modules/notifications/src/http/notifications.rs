//! `/v1/notifications` and what lies under it.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::Timestamp;
use kernel::{Actor, Invalid, NotificationId};
use platform::http::{CallerAsSelf, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};

use super::bodies::{DeliveryBody, DetailBody, NotificationBody};
use crate::{
    service::Herald,
    store::{Listed, NotificationPlace, Told},
};

/// Which notifications are listed.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = NotificationList)]
pub(crate) enum Shown {
    /// What is in your inbox.
    #[default]
    All,
    /// What you have not read.
    Unread,
    /// What sleeps.
    Snoozed,
    /// What you are done with.
    Done,
}

impl From<Shown> for Listed {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::All => Self::All,
            Shown::Unread => Self::Unread,
            Shown::Snoozed => Self::Snoozed,
            Shown::Done => Self::Done,
        }
    }
}

/// Which to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Those in your inbox when left out.
    #[serde(default)]
    #[param(inline)]
    show: Shown,
}

/// A page of notifications.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NotificationPage)]
pub(crate) struct Inbox {
    data: Vec<NotificationBody>,
    /// What to pass as `cursor` for the next page; `null` on the last.
    next_cursor: Option<String>,
    /// How many you have not read, up to 100.
    unread: i64,
}

/// List your notifications, the newest first
#[utoipa::path(get, path = "/v1/notifications", tag = "notifications", params(PageQuery, ListQuery), responses(
    (status = 200, description = "A page of them", body = Inbox),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
pub(super) async fn list(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    Query(page): Query<PageQuery>,
    Query(only): Query<ListQuery>,
) -> Result<Json<Inbox>, Problem> {
    let (limit, after) = page.read::<NotificationPlace>()?;
    let (known, _) = herald.known(actor.user).await?;
    let reading = herald.reading(&known);
    let found = herald.list(&actor, only.show.into(), after, limit).await?;
    let place = |told: &Told| NotificationPlace(told.shown_at, told.id);
    let Page { data, next_cursor } =
        Page::from_rows(found, limit, place, |told| NotificationBody::new(&told, &reading));
    Ok(Json(Inbox { data, next_cursor, unread: herald.unread(&actor).await? }))
}

/// What was read.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationsRead)]
pub(crate) struct ReadBody {
    /// Which, at most 100; everything when left out.
    #[schema(max_items = 100)]
    ids: Option<Vec<NotificationId>>,
}

/// Mark notifications as read
#[utoipa::path(post, path = "/v1/notifications/read", tag = "notifications", request_body = ReadBody, responses(
    (status = 204, description = "They are read"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
pub(super) async fn read(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    Json(body): Json<ReadBody>,
) -> Result<StatusCode, Problem> {
    if body.ids.as_ref().is_some_and(|ids| ids.len() > 100) {
        return Err(Invalid::field("/ids", "must be at most 100").into());
    }
    herald.read(&actor, body.ids.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn detail(herald: &Herald, actor: &Actor, told: &Told) -> Result<Json<DetailBody>, Problem> {
    let (known, _) = herald.known(actor.user).await?;
    let deliveries = herald.deliveries_of(actor, told.id).await?;
    let notification = NotificationBody::new(told, &herald.reading(&known));
    let deliveries = deliveries.into_iter().map(DeliveryBody::new).collect();
    Ok(Json(DetailBody { notification, deliveries }))
}

/// Read a notification and what became of it
#[utoipa::path(get, path = "/v1/notifications/{id}", tag = "notifications", params(("id" = NotificationId, Path)),
    responses(
        (status = 200, description = "The notification, with each way by which it was sent or not", body = DetailBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn one(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Json<DetailBody>, Problem> {
    let told = herald.notification(actor.user, id).await?;
    detail(&herald, &actor, &told).await
}

/// Be done with a notification
///
/// It leaves your inbox, and what was still to be sent of it is not.
#[utoipa::path(post, path = "/v1/notifications/{id}/done", tag = "notifications",
    params(("id" = NotificationId, Path)), responses(
        (status = 200, description = "The notification as it is now", body = DetailBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn done(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Json<DetailBody>, Problem> {
    let told = herald.set_done(&actor, id, true).await?;
    detail(&herald, &actor, &told).await
}

/// Take a notification back into your inbox
#[utoipa::path(delete, path = "/v1/notifications/{id}/done", tag = "notifications",
    params(("id" = NotificationId, Path)), responses(
        (status = 200, description = "The notification as it is now", body = DetailBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn undone(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Json<DetailBody>, Problem> {
    let told = herald.set_done(&actor, id, false).await?;
    detail(&herald, &actor, &told).await
}

/// Until when.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationSnooze)]
pub(crate) struct SnoozeBody {
    /// Within a year.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Put a notification to sleep
///
/// It comes back to the top of your inbox then, unread, and is sent again by your channels.
#[utoipa::path(post, path = "/v1/notifications/{id}/snooze", tag = "notifications",
    params(("id" = NotificationId, Path)), request_body = SnoozeBody, responses(
        (status = 200, description = "The notification as it is now", body = DetailBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn snooze(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<NotificationId>,
    Json(body): Json<SnoozeBody>,
) -> Result<Json<DetailBody>, Problem> {
    let told = herald.snooze(&actor, id, body.until).await?;
    detail(&herald, &actor, &told).await
}

/// Send a notification again, now
#[utoipa::path(post, path = "/v1/notifications/{id}/send-again", tag = "notifications",
    params(("id" = NotificationId, Path)), responses(
        (status = 200, description = "The notification as it is now", body = DetailBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn send_again(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Json<DetailBody>, Problem> {
    let told = herald.send_again(&actor, id).await?;
    detail(&herald, &actor, &told).await
}
