//! `/v1/subscriptions…`

use std::sync::Arc;

use axum::{
    extract::{FromRequest, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use contracts::subscriptions::{Act, Status};
use jiff::civil::Date;
use kernel::{Actor, Invalid, PaymentMethodId, SubscriptionId, TagId};
use platform::http::{
    Caller, IfMatch, IfNoneMatch, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query,
};
use serde::Deserialize;

use super::{
    bodies::{CancelBody, ChangeBody, NewBody, PriceBody, SubscriptionBody},
    parts::PlanBody,
    payments::PaymentBody,
};
use crate::{
    Tracker,
    domain::{CategoryChoice, Subscription},
    service::{Filter, etag},
    store::LedgerPlace,
};

type Known = State<Arc<Tracker>>;

/// Which subscriptions to list.
#[derive(Debug, Deserialize)]
pub(super) struct OnlyQuery {
    status: Option<Status>,
    category: Option<String>,
    tag: Option<TagId>,
    payment_method: Option<PaymentMethodId>,
    q: Option<String>,
}

impl OnlyQuery {
    fn filter(self) -> Result<Filter, Invalid> {
        let mut invalid = Invalid::new();
        let words = self.q.unwrap_or_default();
        if words.chars().count() > MOST_WORDS {
            invalid.add("/q", format!("must be at most {MOST_WORDS} characters long"));
        }
        let category =
            self.category.and_then(|word| invalid.check("/category", word.parse::<CategoryChoice>()));
        let filter = Filter {
            words,
            status: self.status,
            category,
            tag: self.tag,
            payment_method: self.payment_method,
        };
        invalid.into_result().map(|()| filter)
    }
}

/// How long a search may be: more than any name is.
const MOST_WORDS: usize = 200;

fn one(subscription: &Subscription, today: Date) -> (platform::http::ETag, Json<SubscriptionBody>) {
    (etag(subscription, today), Json(SubscriptionBody::new(subscription, today)))
}

/// List your subscriptions, in the order in which they were added
#[utoipa::path(get, path = "/v1/subscriptions", tag = "subscriptions",
    params(
        PageQuery,
        ("status" = Option<Status>, Query, description = "Only those that are so."),
        ("category" = Option<String>, Query, description = "Only those of it: a slug, or the id of one of yours."),
        ("tag" = Option<TagId>, Query, description = "Only those that have it."),
        ("payment_method" = Option<PaymentMethodId>, Query, description = "Only those that are paid with it."),
        ("q" = Option<String>, Query, description = "Only those with these words in the name, the plan, the service, the notes or a tag."),
    ),
    responses(
        (status = 200, description = "A page of them", body = Page<SubscriptionBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(page): Query<PageQuery>,
    Query(only): Query<OnlyQuery>,
) -> Result<Json<Page<SubscriptionBody>>, Problem> {
    let (limit, after) = page.read::<SubscriptionId>()?;
    let (found, today) = tracker.list(&actor, &only.filter()?, after, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |row| row.id, |row| SubscriptionBody::new(&row, today))))
}

/// Track something new
#[utoipa::path(post, path = "/v1/subscriptions", tag = "subscriptions", request_body = NewBody, responses(
    (status = 201, description = "It is tracked", body = SubscriptionBody,
        headers(("Location" = String, description = "Where it is"))),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
pub(super) async fn create(
    State(tracker): Known,
    Caller(actor): Caller,
    Json(body): Json<NewBody>,
) -> Result<Response, Problem> {
    let today = tracker.today(&*tracker.household(actor.household).await?);
    let sharing = body.sharing();
    let draft = body.read(today)?;
    let subscription = tracker.create_shared(&actor, draft, &sharing?).await?;
    let location = [(header::LOCATION, format!("/v1/subscriptions/{}", subscription.id))];
    Ok((StatusCode::CREATED, location, one(&subscription, today)).into_response())
}

/// Read one
#[utoipa::path(get, path = "/v1/subscriptions/{id}", tag = "subscriptions",
    params(("id" = SubscriptionId, Path)),
    responses(
        (status = 200, description = "As it is today", body = SubscriptionBody),
        (status = 304, description = "You have it already"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such subscription", body = ProblemBody),
    ))]
pub(super) async fn read(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SubscriptionId>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let (subscription, today) = tracker.read(&actor, id).await?;
    let (tag, body) = one(&subscription, today);
    Ok(has.answer(tag, body))
}

/// Change one
#[utoipa::path(patch, path = "/v1/subscriptions/{id}", tag = "subscriptions",
    params(("id" = SubscriptionId, Path)),
    request_body(content = ChangeBody, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "As it is now", body = SubscriptionBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such subscription", body = ProblemBody),
        (status = 409, description = "Its state does not allow it", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn change(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SubscriptionId>,
    seen: IfMatch,
    Json(body): Json<ChangeBody>,
) -> Result<Response, Problem> {
    let sharing = body.sharing()?;
    let change = body.read()?;
    let today = tracker.today(&*tracker.household(actor.household).await?);
    let changed = tracker.edit_shared(&actor, id, &seen, change, &sharing).await?;
    Ok(one(&changed, today).into_response())
}

/// Track one no more, nor its payments
#[utoipa::path(delete, path = "/v1/subscriptions/{id}", tag = "subscriptions",
    params(("id" = SubscriptionId, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such subscription", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
pub(super) async fn delete(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SubscriptionId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    tracker.delete(&actor, id, &seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn act(
    tracker: &Tracker,
    actor: &Actor,
    id: SubscriptionId,
    seen: &IfMatch,
    act: Act,
) -> Result<Response, Problem> {
    let today = tracker.today(&*tracker.household(actor.household).await?);
    let changed =
        tracker.change(actor, id, seen, |subscription, today| subscription.act(&act, today)).await?;
    Ok(one(&changed, today).into_response())
}

macro_rules! acts {
    ($($(#[doc = $summary:literal])* $name:ident, $path:literal, $act:expr;)*) => {$(
        $(#[doc = $summary])*
        #[utoipa::path(post, path = $path, tag = "subscriptions",
            params(("id" = SubscriptionId, Path)),
            responses(
                (status = 200, description = "As it is now", body = SubscriptionBody),
                (status = 401, description = "Not logged in", body = ProblemBody),
                (status = 404, description = "There is no such subscription", body = ProblemBody),
                (status = 409, description = "Its state does not allow it", body = ProblemBody),
                (status = 412, description = "It was changed since you read it", body = ProblemBody),
            ))]
        pub(super) async fn $name(
            State(tracker): Known,
            Caller(actor): Caller,
            PathOf(id): PathOf<SubscriptionId>,
            seen: IfMatch,
        ) -> Result<Response, Problem> {
            act(&tracker, &actor, id, &seen, $act).await
        }
    )*};
}

acts! {
    /// Stop charging until it is resumed
    pause, "/v1/subscriptions/{id}/pause", Act::Pause;
    /// Go on after a pause; the dates that passed are skipped
    resume, "/v1/subscriptions/{id}/resume", Act::Resume;
    /// Take a cancellation back
    reactivate, "/v1/subscriptions/{id}/reactivate", Act::Reactivate;
}

/// Let it end with what is paid, or on a day of your choice
#[utoipa::path(post, path = "/v1/subscriptions/{id}/cancel", tag = "subscriptions",
    params(("id" = SubscriptionId, Path)),
    request_body(content = Option<CancelBody>, content_type = "application/json"),
    responses(
        (status = 200, description = "As it is now", body = SubscriptionBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such subscription", body = ProblemBody),
        (status = 409, description = "Its state does not allow it", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "The day is not valid", body = ProblemBody),
    ))]
pub(super) async fn cancel(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SubscriptionId>,
    seen: IfMatch,
    OptionalBody(body): OptionalBody,
) -> Result<Response, Problem> {
    act(&tracker, &actor, id, &seen, Act::Cancel { ends_on: body.read()? }).await
}

/// A body that may be left out altogether.
pub(super) struct OptionalBody(CancelBody);

impl<S: Send + Sync> FromRequest<S> for OptionalBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if is_empty(request.headers()) {
            return Ok(Self(CancelBody::default()));
        }
        Json::<Option<CancelBody>>::from_request(request, state)
            .await
            .map(|Json(body)| Self(body.unwrap_or_default()))
    }
}

fn is_empty(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    !headers.contains_key(header::TRANSFER_ENCODING) && matches!(length, None | Some("0"))
}

/// The payments of one, the newest first
#[utoipa::path(get, path = "/v1/subscriptions/{id}/payments", tag = "subscriptions",
    params(("id" = SubscriptionId, Path), PageQuery),
    responses(
        (status = 200, description = "A page of them", body = Page<PaymentBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such subscription", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn payments(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SubscriptionId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PaymentBody>>, Problem> {
    let (limit, after) = page.read::<LedgerPlace>()?;
    let found = tracker.payments(&actor, id, after, limit).await?;
    Ok(Json(Page::from_rows(found, limit, LedgerPlace::of, PaymentBody::new)))
}

/// What it has cost and will cost, the oldest step first
#[utoipa::path(get, path = "/v1/subscriptions/{id}/prices", tag = "subscriptions",
    params(("id" = SubscriptionId, Path)),
    responses(
        (status = 200, description = "Every step; they are few, so there is one page", body = Page<PriceBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such subscription", body = ProblemBody),
    ))]
pub(super) async fn prices(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SubscriptionId>,
) -> Result<Json<Page<PriceBody>>, Problem> {
    let (subscription, _) = tracker.read(&actor, id).await?;
    Ok(Json(Page { data: subscription.prices.steps().map(PriceBody::from).collect(), next_cursor: None }))
}

/// Plan what it will cost: a promotion, a rise
#[utoipa::path(put, path = "/v1/subscriptions/{id}/prices", tag = "subscriptions",
    params(("id" = SubscriptionId, Path)), request_body = PlanBody,
    responses(
        (status = 200, description = "Every step, those that have begun and those to come", body = Page<PriceBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such subscription", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn plan_prices(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SubscriptionId>,
    seen: IfMatch,
    Json(body): Json<PlanBody>,
) -> Result<Response, Problem> {
    let plan = body.read()?;
    let changed = tracker
        .change(&actor, id, &seen, |subscription, today| Ok(subscription.plan_prices(&plan, today)?))
        .await?;
    let today = tracker.today(&*tracker.household(actor.household).await?);
    let steps = changed.prices.steps().map(PriceBody::from).collect();
    Ok((etag(&changed, today), Json(Page::<PriceBody> { data: steps, next_cursor: None })).into_response())
}
