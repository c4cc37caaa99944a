//! `/v1/balances`, `/v1/settlements…`

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Invalid, MemberId, Money, MoneyText, SettlementId};
use platform::http::{Caller, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};

use crate::{Tracker, domain::Given, service::Settling};

type Known = State<Arc<Tracker>>;

/// Who owes whom in one currency.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Balances)]
pub(crate) struct BalancesBody {
    currency: Currency,
    /// How everybody stands who is not even.
    members: Vec<BalanceBody>,
    /// How all become even: at most one fewer than there are members who are not.
    transfers: Vec<TransferBody>,
}

/// How one member stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Balance)]
pub(crate) struct BalanceBody {
    member_id: MemberId,
    name: String,
    /// What the others owe them.
    is_owed: Money,
    /// What they owe the others.
    owes: Money,
}

/// What one member could give another.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Transfer)]
pub(crate) struct TransferBody {
    from_member_id: MemberId,
    to_member_id: MemberId,
    amount: Money,
}

/// Read who owes whom
///
/// From payments that were made and are shared, and from settlements. What was refunded owes nothing; nor does what
/// was assumed to have been paid before it was tracked, or paid from the common purse.
#[utoipa::path(get, path = "/v1/balances", tag = "subscriptions", responses(
    (status = 200, description = "A currency each, where somebody owes something; there is no second page",
        body = Page<BalancesBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn balances(
    State(tracker): Known,
    Caller(actor): Caller,
) -> Result<Json<Page<BalancesBody>>, Problem> {
    let books = tracker.books(&actor).await?;
    let members = tracker.members(&actor).await?;
    let names: HashMap<_, _> = members.into_iter().map(|member| (member.id, member.name)).collect();
    let named = |id: MemberId| names.get(&id).cloned().unwrap_or_default();
    let balances = books.balances().into_iter().map(|(currency, standing, transfers)| BalancesBody {
        currency,
        members: standing
            .into_iter()
            .map(|each| BalanceBody {
                member_id: each.member,
                name: named(each.member),
                is_owed: each.is_owed,
                owes: each.owes,
            })
            .collect(),
        transfers: transfers
            .into_iter()
            .map(|each| TransferBody {
                from_member_id: each.from,
                to_member_id: each.to,
                amount: each.amount,
            })
            .collect(),
    });
    Ok(Json(Page { data: balances.collect(), next_cursor: None }))
}

/// What one member gave another to be even.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Settlement)]
pub(crate) struct SettlementBody {
    id: SettlementId,
    from_member_id: MemberId,
    to_member_id: MemberId,
    amount: Money,
    #[schema(schema_with = kernel::schema::date)]
    paid_on: Date,
    note: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Given> for SettlementBody {
    fn from(settlement: Given) -> Self {
        let Given { id, from, to, amount, paid_on, note, created_at, .. } = settlement;
        Self { id, from_member_id: from, to_member_id: to, amount, paid_on, note, created_at }
    }
}

/// List the settlements
#[utoipa::path(get, path = "/v1/settlements", tag = "subscriptions", params(PageQuery), responses(
    (status = 200, description = "A page of them, the newest first", body = Page<SettlementBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<SettlementBody>>, Problem> {
    let (limit, before) = query.read::<SettlementId>()?;
    let rows = tracker.settlements(&actor, before, limit).await?;
    Ok(Json(Page::from_rows(rows, limit, |row| row.id, SettlementBody::from)))
}

/// Who gave whom what.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSettlement {
    /// Who gave.
    from_member_id: MemberId,
    /// Who got.
    to_member_id: MemberId,
    amount: MoneyText,
    /// On which day; today when left out.
    #[schema(value_type = Option<String>, format = Date)]
    paid_on: Option<String>,
    /// Anything to keep with it.
    #[schema(max_length = 4000)]
    note: Option<String>,
}

impl NewSettlement {
    fn read(self) -> Result<Settling, Invalid> {
        let mut invalid = Invalid::new();
        let amount = self.amount.read("/amount", &mut invalid);
        let paid_on =
            self.paid_on.as_deref().and_then(|text| invalid.check("/paid_on", kernel::parse_date(text)));
        invalid.clone().into_result()?;
        let amount = amount.ok_or(invalid)?;
        let (from, to, note) = (self.from_member_id, self.to_member_id, self.note.unwrap_or_default());
        Ok(Settling { from, to, amount, paid_on, note })
    }
}

/// Record a settlement
#[utoipa::path(post, path = "/v1/settlements", tag = "subscriptions", request_body = NewSettlement, responses(
    (status = 201, description = "It is in the books", body = SettlementBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You may only look", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
pub(super) async fn settle(
    State(tracker): Known,
    Caller(actor): Caller,
    Json(body): Json<NewSettlement>,
) -> Result<Response, Problem> {
    let settlement = tracker.settle(&actor, body.read()?).await?;
    let place = [(LOCATION, format!("/v1/settlements/{}", settlement.id))];
    Ok((StatusCode::CREATED, place, Json(SettlementBody::from(settlement))).into_response())
}

/// Read a settlement
#[utoipa::path(get, path = "/v1/settlements/{id}", tag = "subscriptions", params(("id" = SettlementId, Path)),
    responses(
        (status = 200, description = "As it was entered", body = SettlementBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn read(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SettlementId>,
) -> Result<Json<SettlementBody>, Problem> {
    Ok(Json(tracker.settlement(&actor, id).await?.into()))
}

/// Take a settlement back
#[utoipa::path(delete, path = "/v1/settlements/{id}", tag = "subscriptions", params(("id" = SettlementId, Path)),
    responses(
        (status = 204, description = "It is not in the books any more"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You may only look", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn take_back(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<SettlementId>,
) -> Result<StatusCode, Problem> {
    tracker.unsettle(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
