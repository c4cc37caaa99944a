//! `/v1/budgets`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use kernel::{BudgetId, Cycle, CycleText, Invalid, MemberId, Money, MoneyText};
use platform::http::{Caller, IfMatch, Json, Page, Patch, PathOf, Problem, ProblemBody, patch, present};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{parts::read_date, statistics::SumBody};
use crate::{
    Tracker,
    domain::{Budget, BudgetInput, CategoryChoice, Standing},
    service::budget_etag,
};

type Known = State<Arc<Tracker>>;

pub(super) fn routes() -> OpenApiRouter<Arc<Tracker>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, delete))
}

/// What one means to spend at most in a period.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Budget)]
pub(super) struct BudgetBody {
    id: BudgetId,
    /// On which category; on everything, when `null`.
    category: Option<String>,
    /// Whose part of it counts; the whole household's, when `null`. Of what a member keeps to themselves only they
    /// see what it adds to a budget of theirs.
    member_id: Option<MemberId>,
    amount: Money,
    /// How long a period is.
    period: Cycle,
    /// The first day of one of them; every other follows from it as charge dates do.
    #[schema(schema_with = kernel::schema::date)]
    begins_on: Date,
}

impl From<&Budget> for BudgetBody {
    fn from(budget: &Budget) -> Self {
        Self {
            id: budget.id,
            category: budget.category.map(|category| category.to_string()),
            member_id: budget.member,
            amount: budget.amount,
            period: budget.period,
            begins_on: budget.begins_on,
        }
    }
}

/// A budget, and how far one is in its period.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = BudgetStanding)]
pub(super) struct StandingBody {
    #[serde(flatten)]
    budget: BudgetBody,
    #[schema(schema_with = kernel::schema::date)]
    from: Date,
    #[schema(schema_with = kernel::schema::date)]
    to: Date,
    /// What was paid in it.
    spent: SumBody,
    /// What is still to be paid in it.
    to_come: SumBody,
    /// What may still be spent, in the household's currency: less than nothing once it is passed, `null` where there
    /// is no rate.
    #[schema(value_type = Option<Money>)]
    left: Option<Money>,
    /// Whether more was spent than was meant to be.
    passed: bool,
    /// Whether more will have been spent by its end, as things stand.
    will_pass: bool,
}

impl StandingBody {
    fn new((budget, standing): &(Budget, Standing)) -> Self {
        Self {
            budget: budget.into(),
            from: standing.from,
            to: standing.to,
            spent: (&standing.spent).into(),
            to_come: (&standing.to_come).into(),
            left: standing.left(),
            passed: standing.is_passed(),
            will_pass: standing.will_pass(),
        }
    }
}

/// A new budget.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBudgetBody {
    /// A category; everything, when left out.
    category: Option<String>,
    /// Whose part of it counts; the whole household's, when left out.
    member_id: Option<MemberId>,
    /// How much at most.
    amount: MoneyText,
    /// How long a period is; a month when left out.
    period: Option<CycleText>,
    /// The first day of one of them, pay day say; the first of this month when left out.
    #[schema(value_type = Option<String>, format = Date)]
    begins_on: Option<String>,
}

/// What to change about it (JSON Merge Patch).
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeBudgetBody {
    /// A category; everything, when `null`.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>)]
    category: Patch<String>,
    /// Whose part of it counts; the whole household's, when `null`.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<MemberId>)]
    member_id: Patch<MemberId>,
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    amount: Option<MoneyText>,
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    period: Option<CycleText>,
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, format = Date)]
    begins_on: Option<String>,
}

impl ChangeBudgetBody {
    fn read(&self) -> Result<BudgetInput, Invalid> {
        let mut invalid = Invalid::new();
        let category = match &self.category {
            None => None,
            Some(None) => Some(None),
            Some(Some(text)) => invalid.check("/category", text.parse::<CategoryChoice>()).map(Some),
        };
        let input = BudgetInput {
            category,
            member: self.member_id,
            amount: self.amount.as_ref().and_then(|amount| amount.read("/amount", &mut invalid)),
            period: self.period.as_ref().and_then(|period| period.read("/period", &mut invalid)),
            begins_on: read_date(self.begins_on.as_deref(), "/begins_on", &mut invalid),
        };
        invalid.into_result().map(|()| input)
    }
}

impl From<NewBudgetBody> for ChangeBudgetBody {
    fn from(new: NewBudgetBody) -> Self {
        let (category, member_id) = (new.category.map(Some), new.member_id.map(Some));
        Self { category, member_id, amount: Some(new.amount), period: new.period, begins_on: new.begins_on }
    }
}

fn one(status: StatusCode, budget: &Budget) -> Response {
    (status, budget_etag(budget), Json(BudgetBody::from(budget))).into_response()
}

/// Your budgets, with how far you are in each
#[utoipa::path(get, path = "/v1/budgets", tag = "figures", responses(
    (status = 200, description = "All of them; they are few, so there is one page", body = Page<StandingBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
) -> Result<Json<Page<StandingBody>>, Problem> {
    let data = tracker.budgets(&actor).await?.standing.iter().map(StandingBody::new).collect();
    Ok(Json(Page { data, next_cursor: None }))
}

/// Mean to spend at most so much
#[utoipa::path(post, path = "/v1/budgets", tag = "figures", request_body = NewBudgetBody, responses(
    (status = 201, description = "It is there", body = BudgetBody,
        headers(("Location" = String, description = "Where it is"))),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
pub(super) async fn create(
    State(tracker): Known,
    Caller(actor): Caller,
    Json(body): Json<NewBudgetBody>,
) -> Result<Response, Problem> {
    let budget = tracker.create_budget(&actor, &ChangeBudgetBody::from(body).read()?).await?;
    let location = [(header::LOCATION, format!("/v1/budgets/{}", budget.id))];
    Ok((location, one(StatusCode::CREATED, &budget)).into_response())
}

/// Change a budget
#[utoipa::path(patch, path = "/v1/budgets/{id}", tag = "figures", params(("id" = BudgetId, Path)),
    request_body(content = ChangeBudgetBody, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "As it is now", body = BudgetBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn change(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<BudgetId>,
    seen: IfMatch,
    Json(body): Json<ChangeBudgetBody>,
) -> Result<Response, Problem> {
    Ok(one(StatusCode::OK, &tracker.change_budget(&actor, id, &seen, &body.read()?).await?))
}

/// Take a budget away
#[utoipa::path(delete, path = "/v1/budgets/{id}", tag = "figures", params(("id" = BudgetId, Path)), responses(
    (status = 204, description = "It is gone"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is none of that id", body = ProblemBody),
    (status = 412, description = "It was changed since you read it", body = ProblemBody),
))]
pub(super) async fn delete(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<BudgetId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    tracker.delete_budget(&actor, id, &seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
