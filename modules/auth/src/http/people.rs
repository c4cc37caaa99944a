//! `/v1/admin/users`: accounts, for those who administer the installation.

use std::sync::Arc;

use axum::{extract::State, response::IntoResponse};
use jiff::Timestamp;
use kernel::{Invalid, Role, UserId};
use platform::http::{
    CallerAsAdministrator, ETag, IfMatch, Json, Origin, Page, PageQuery, Patch, PathOf, Problem, ProblemBody,
    Query,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Auth, service::Standing, store::Known};

pub(super) fn routes() -> OpenApiRouter<Arc<Auth>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, change))
}

/// An account of this installation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Account)]
pub(crate) struct PersonBody {
    id: UserId,
    /// What they log in with.
    email: String,
    /// What they may do beyond their own things.
    role: Role,
    /// Whether they are kept out.
    suspended: bool,
    /// Since when they are.
    #[schema(value_type = Option<String>, format = DateTime)]
    suspended_at: Option<Timestamp>,
    /// Whether they have to confirm their address before they can log in.
    awaits_confirmation: bool,
    /// When any of their log-ins was last used, to within half a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Known> for PersonBody {
    fn from(known: Known) -> Self {
        Self {
            id: known.user,
            email: known.email,
            role: known.role,
            suspended: known.suspended_at.is_some(),
            suspended_at: known.suspended_at,
            awaits_confirmation: known.awaits_proof,
            last_seen_at: known.last_seen_at,
            created_at: known.created_at,
        }
    }
}

/// What a change is based on.
pub(crate) fn person_etag(known: &Known) -> ETag {
    ETag::of(&[&known.version])
}

fn told(known: Known) -> impl IntoResponse {
    (person_etag(&known), Json(PersonBody::from(known)))
}

/// Which accounts are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleQuery {
    /// How their addresses begin.
    #[serde(default)]
    #[param(max_length = 254)]
    email: String,
    /// How many entries, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// List accounts
#[utoipa::path(get, path = "/v1/admin/users", tag = "administration", params(PeopleQuery), responses(
    (status = 200, description = "A page of them, the newest first", body = Page<PersonBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You are no administrator", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
async fn list(
    State(auth): State<Arc<Auth>>,
    CallerAsAdministrator(_administrator): CallerAsAdministrator,
    Query(PeopleQuery { email, limit, cursor }): Query<PeopleQuery>,
) -> Result<Json<Page<PersonBody>>, Problem> {
    let (limit, before) = PageQuery { limit, cursor }.read::<UserId>()?;
    if email.chars().count() > 254 {
        return Err(Invalid::field("/email", "must have at most 254 characters").into());
    }
    let rows = auth.people(&email, before, limit).await?;
    Ok(Json(Page::from_rows(rows, limit, |row| row.user, PersonBody::from)))
}

/// Look at an account
#[utoipa::path(get, path = "/v1/admin/users/{id}", tag = "administration", params(("id" = UserId, Path)), responses(
    (status = 200, description = "The account", body = PersonBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You are no administrator", body = ProblemBody),
    (status = 404, description = "There is no account of that id", body = ProblemBody),
))]
async fn show(
    State(auth): State<Arc<Auth>>,
    CallerAsAdministrator(_administrator): CallerAsAdministrator,
    PathOf(id): PathOf<UserId>,
) -> Result<impl IntoResponse, Problem> {
    Ok(told(auth.person(id).await?))
}

/// What to change; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountChange)]
pub(crate) struct PersonChange {
    /// What they may do beyond their own things.
    #[serde(default, deserialize_with = "platform::http::patch")]
    #[schema(value_type = Option<Role>)]
    role: Patch<Role>,
    /// Whether they are kept out: logged out everywhere, and not let in.
    #[serde(default, deserialize_with = "platform::http::patch")]
    #[schema(value_type = Option<bool>)]
    suspended: Patch<bool>,
}

impl PersonChange {
    fn read(self) -> Result<Standing, Invalid> {
        let mut invalid = Invalid::new();
        if self.role == Some(None) {
            invalid.add("/role", "must be one of user, agent, administrator");
        }
        if self.suspended == Some(None) {
            invalid.add("/suspended", "must be true or false");
        }
        invalid.into_result()?;
        Ok(Standing { role: self.role.flatten(), suspended: self.suspended.flatten() })
    }
}

/// Change what somebody may do
///
/// It holds within ten seconds everywhere. Your own account is for another administrator to change.
#[utoipa::path(patch, path = "/v1/admin/users/{id}", tag = "administration",
    params(("id" = UserId, Path), ("If-Match" = Option<String>, Header, description = "The ETag it was read with")),
    request_body(content = PersonChange, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The account as it is now", body = PersonBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You are no administrator", body = ProblemBody),
        (status = 404, description = "There is no account of that id", body = ProblemBody),
        (status = 409, description = "It is your own, or is being changed at this moment", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn change(
    State(auth): State<Arc<Auth>>,
    CallerAsAdministrator(administrator): CallerAsAdministrator,
    origin: Origin,
    PathOf(id): PathOf<UserId>,
    seen: IfMatch,
    Json(body): Json<PersonChange>,
) -> Result<impl IntoResponse, Problem> {
    Ok(told(auth.change_person(&administrator, id, &seen, body.read()?, origin).await?))
}
