//! `/v1/payments…`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use kernel::{Invalid, Money, MoneyText, PaymentId, SubscriptionId};
use platform::http::{
    Caller, ETag, IfMatch, IfNoneMatch, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query, present,
};
use serde::{Deserialize, Serialize};

use super::bodies::{ConvertedBody, nullable_date};
use crate::{
    Tracker,
    domain::{ByHand, Entry, PaymentChange, PaymentSource, PaymentStatus},
    service::{SeenPayment, payment_etag},
    store::{LedgerPlace, LedgerQuery},
};

type Known = State<Arc<Tracker>>;

/// One charge.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Payment)]
pub(crate) struct PaymentBody {
    id: PaymentId,
    subscription_id: SubscriptionId,
    /// The charge date; the day of an extra charge.
    #[schema(schema_with = kernel::schema::date)]
    due_on: Date,
    /// The day the money moved.
    #[schema(schema_with = nullable_date)]
    paid_on: Option<Date>,
    /// `due`, `paid`, `failed`, `skipped` or `refunded`.
    status: &'static str,
    amount: Money,
    /// How we know: `renewal`, `manual`, `assumed`, `message` or `statement`.
    source: &'static str,
    /// Whether it stands beside the charge dates: a charge date has one payment, and any number of extra ones.
    extra: bool,
    /// Whether the amount is only what was expected, because the price varies, until the real one is given.
    expected: bool,
    /// What it came to in the household's currency of its time; `null` where it was in that, and until the rate of its
    /// day is known.
    converted: Option<ConvertedBody>,
    note: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl PaymentBody {
    #[expect(clippy::needless_pass_by_value, reason = "it shows a row of a page, which is given away")]
    pub(crate) fn new(entry: Entry) -> Self {
        Self {
            id: entry.id,
            subscription_id: entry.subscription,
            due_on: entry.due_on,
            paid_on: entry.state.paid_on(),
            status: entry.state.status().as_str(),
            amount: entry.amount,
            source: entry.source.as_str(),
            extra: entry.extra,
            expected: entry.expected,
            converted: entry.converted.clone().map(Into::into),
            created_at: entry.recorded_at,
            updated_at: entry.changed_at.unwrap_or(entry.recorded_at),
            note: entry.payment.note.to_string(),
        }
    }
}

fn one(entry: Entry) -> (ETag, Json<PaymentBody>) {
    (payment_etag(&entry), Json(PaymentBody::new(entry)))
}

fn read_date(text: Option<&str>, pointer: &str, invalid: &mut Invalid) -> Option<Date> {
    text.and_then(|text| invalid.check(pointer, kernel::parse_date(text)))
}

/// Which payments to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerParameters {
    /// Only those of this subscription.
    #[param(value_type = Option<SubscriptionId>)]
    subscription_id: Option<String>,
    /// `due`, `paid`, `failed`, `skipped`, `refunded`; or `open`, which is due or failed.
    #[param(example = "open")]
    status: Option<String>,
    /// The first charge date.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// The last charge date.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
}

impl LedgerParameters {
    fn read(&self, after: Option<LedgerPlace>) -> Result<LedgerQuery, Invalid> {
        let mut invalid = Invalid::new();
        let all = LedgerQuery::default();
        let subscription = self.subscription_id.as_deref();
        let query = LedgerQuery {
            subscription: subscription.and_then(|id| invalid.check("/subscription_id", id.parse())),
            statuses: match self.status.as_deref() {
                None => Vec::new(),
                Some("open") => PaymentStatus::OPEN.to_vec(),
                Some(word) => invalid.check("/status", word.parse()).into_iter().collect(),
            },
            from: read_date(self.from.as_deref(), "/from", &mut invalid).unwrap_or(all.from),
            to: read_date(self.to.as_deref(), "/to", &mut invalid).unwrap_or(all.to),
            after,
        };
        if query.from > query.to {
            invalid.add("/to", "must not be before the first day");
        }
        invalid.into_result().map(|()| query)
    }
}

/// List payments, the newest charge date first
#[utoipa::path(get, path = "/v1/payments", tag = "payments", params(PageQuery, LedgerParameters), responses(
    (status = 200, description = "A page of them", body = Page<PaymentBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is no such subscription", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(page): Query<PageQuery>,
    Query(only): Query<LedgerParameters>,
) -> Result<Json<Page<PaymentBody>>, Problem> {
    let (limit, after) = page.read::<LedgerPlace>()?;
    let found = tracker.ledger(&actor, &only.read(after)?, limit).await?;
    Ok(Json(Page::from_rows(found, limit, LedgerPlace::of, PaymentBody::new)))
}

/// A payment to enter: an extra charge, or one that was paid ahead of its date.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPayment {
    /// What was paid for.
    #[schema(value_type = SubscriptionId)]
    subscription_id: String,
    /// The charge date, the next one when left out; the day of an extra charge, the one it was paid on when left out.
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<String>,
    /// Whether it stands beside the charge dates; it does not when left out.
    extra: Option<bool>,
    /// The day the money moved; today when left out.
    #[schema(value_type = Option<String>, format = Date)]
    paid_on: Option<String>,
    /// How much; what the charge costs on its date when left out. Needed for an extra charge.
    amount: Option<MoneyText>,
    /// Anything to keep with it.
    #[schema(max_length = 4000)]
    note: Option<String>,
}

impl NewPayment {
    fn read(self) -> Result<(SubscriptionId, ByHand), Invalid> {
        let mut invalid = Invalid::new();
        let subscription = invalid.check("/subscription_id", self.subscription_id.parse());
        let by_hand = ByHand {
            due_on: read_date(self.due_on.as_deref(), "/due_on", &mut invalid),
            extra: self.extra.unwrap_or(false),
            paid_on: read_date(self.paid_on.as_deref(), "/paid_on", &mut invalid),
            amount: self.amount.and_then(|amount| amount.read("/amount", &mut invalid)),
            note: self.note.unwrap_or_default(),
            source: PaymentSource::Manual,
        };
        match subscription {
            Some(subscription) if invalid.errors().is_empty() => Ok((subscription, by_hand)),
            _ => Err(invalid),
        }
    }
}

/// Enter a payment: an extra charge, or one paid ahead of its date
#[utoipa::path(post, path = "/v1/payments", tag = "payments", request_body = NewPayment, responses(
    (status = 201, description = "It is in the ledger", body = PaymentBody,
        headers(("Location" = String, description = "Where it is"))),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is no such subscription", body = ProblemBody),
    (status = 409, description = "The charge date has its payment already", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
pub(super) async fn record(
    State(tracker): Known,
    Caller(actor): Caller,
    Json(body): Json<NewPayment>,
) -> Result<Response, Problem> {
    let (subscription, by_hand) = body.read()?;
    let entry = tracker.record_payment(&actor, subscription, &by_hand).await?;
    let location = [(header::LOCATION, format!("/v1/payments/{}", entry.id))];
    Ok((StatusCode::CREATED, location, one(entry)).into_response())
}

/// Read one
#[utoipa::path(get, path = "/v1/payments/{id}", tag = "payments", params(("id" = PaymentId, Path)), responses(
    (status = 200, description = "As it is now", body = PaymentBody),
    (status = 304, description = "You have it already"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is no such payment", body = ProblemBody),
))]
pub(super) async fn read(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<PaymentId>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let (tag, body) = one(tracker.entry(&actor, id).await?);
    Ok(has.answer(tag, body))
}

/// What to change (JSON Merge Patch): what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentPatch {
    /// `paid` or `skipped` where it is due or failed; `refunded` or `failed` where it is paid.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    status: Option<String>,
    /// The day the money moved; today when it becomes paid and none is given.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, format = Date)]
    paid_on: Option<String>,
    /// What it really was, in the currency it has.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    amount: Option<MoneyText>,
    /// Anything to keep with it.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(max_length = 4000)]
    note: Option<String>,
}

impl PaymentPatch {
    fn read(self) -> Result<PaymentChange, Invalid> {
        let mut invalid = Invalid::new();
        let change = PaymentChange {
            status: self.status.and_then(|word| invalid.check("/status", word.parse())),
            paid_on: read_date(self.paid_on.as_deref(), "/paid_on", &mut invalid),
            amount: self.amount.and_then(|amount| amount.read("/amount", &mut invalid)),
            note: self.note,
        };
        invalid.into_result().map(|()| change)
    }
}

/// Say what became of one, or what it really was
#[utoipa::path(patch, path = "/v1/payments/{id}", tag = "payments",
    params(("id" = PaymentId, Path)),
    request_body(content = PaymentPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "As it is now", body = PaymentBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such payment", body = ProblemBody),
        (status = 409, description = "Its state does not allow it", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn change(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<PaymentId>,
    seen: IfMatch,
    Json(body): Json<PaymentPatch>,
) -> Result<Response, Problem> {
    let changed = tracker.change_payment(&actor, id, SeenPayment::Tags(&seen), &body.read()?).await?;
    Ok(one(changed).into_response())
}

/// Take one away that was entered by mistake
///
/// What was recorded because its charge date arrived stays, and is marked as skipped, failed or refunded instead.
#[utoipa::path(delete, path = "/v1/payments/{id}", tag = "payments",
    params(("id" = PaymentId, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such payment", body = ProblemBody),
        (status = 409, description = "Its charge date arrived, so it stays", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
pub(super) async fn remove(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<PaymentId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    tracker.remove_payment(&actor, id, SeenPayment::Tags(&seen)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take its last change back
///
/// One that somebody entered and nobody has changed since is taken away.
#[utoipa::path(post, path = "/v1/payments/{id}/undo", tag = "payments",
    params(("id" = PaymentId, Path)),
    responses(
        (status = 200, description = "As it was before", body = PaymentBody),
        (status = 204, description = "It was only entered, and is gone"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such payment", body = ProblemBody),
        (status = 409, description = "There is nothing to undo", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
pub(super) async fn undo(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<PaymentId>,
    seen: IfMatch,
) -> Result<Response, Problem> {
    let left = tracker.undo_payment(&actor, id, SeenPayment::Tags(&seen)).await?;
    Ok(left.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |entry| one(entry).into_response()))
}
