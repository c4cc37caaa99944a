//! `/v1/households`

use std::sync::Arc;

use axum::extract::State;
use contracts::users::Home;
use kernel::{Access, Actor, HouseholdId, Invalid, MemberId};
use platform::http::{CallerAsSelf, Json, Page, Patch, PathOf, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{People, domain::Name, error::UsersError};

pub(crate) fn routes(people: Arc<People>) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(change)).with_state(people)
}

/// A household you belong to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Household)]
pub(crate) struct HouseholdBody {
    id: HouseholdId,
    /// What it is called.
    name: String,
    /// As which of its members you belong to it.
    member_id: MemberId,
    /// What you may do there.
    access: Access,
    /// Whether it is the one you have had from the first moment.
    own: bool,
    /// Whether this request acts for it.
    current: bool,
}

impl HouseholdBody {
    pub(crate) fn new(actor: &Actor, home: Home) -> Self {
        Self {
            id: home.household,
            name: home.name,
            member_id: home.member,
            access: home.access,
            own: home.household == actor.user.own_household(),
            current: home.household == actor.household,
        }
    }
}

/// List the households you belong to
///
/// Your own is the first. To act for another, name it in the header `Perennial-Household` of any request.
#[utoipa::path(get, path = "/v1/households", tag = "users", responses(
    (status = 200, description = "All of them; there is no second page", body = Page<HouseholdBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
async fn list(
    State(people): State<Arc<People>>,
    CallerAsSelf(actor): CallerAsSelf,
) -> Result<Json<Page<HouseholdBody>>, Problem> {
    let homes = people.homes(&actor).await?;
    let data = homes.into_iter().map(|home| HouseholdBody::new(&actor, home)).collect();
    Ok(Json(Page { data, next_cursor: None }))
}

/// What to change; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HouseholdChange {
    /// What to call it; `null` for "…’s household".
    #[serde(default, deserialize_with = "platform::http::patch")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    name: Patch<String>,
}

/// Call a household something
#[utoipa::path(patch, path = "/v1/households/{id}", tag = "users", params(("id" = HouseholdId, Path)),
    request_body(content = HouseholdChange, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The household as it is now", body = HouseholdBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You do not own it", body = ProblemBody),
        (status = 404, description = "You belong to none of that id", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn change(
    State(people): State<Arc<People>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<HouseholdId>,
    Json(body): Json<HouseholdChange>,
) -> Result<Json<HouseholdBody>, Problem> {
    let mut invalid = Invalid::new();
    let name = body.name.map(|name| name.and_then(|name| invalid.check("/name", name.parse::<Name>())));
    invalid.into_result()?;
    if let Some(name) = name {
        people.rename_household(&actor, id, name.as_ref()).await?;
    }
    let homes = people.homes(&actor).await?;
    let home = homes.into_iter().find(|home| home.household == id).ok_or(UsersError::NotFound)?;
    Ok(Json(HouseholdBody::new(&actor, home)))
}
