//! `/v1/members`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{Access, Invalid, MemberId, UserId};
use platform::http::{
    Caller, CallerAsSelf, IfMatch, IfNoneMatch, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    People,
    domain::Name,
    service::{MemberChange, member_etag},
    store::Kept,
};

pub(crate) fn routes(people: Arc<People>) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(read, change, remove)).with_state(people)
}

/// A person in your household, with or without a log-in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberBody {
    id: MemberId,
    /// Their log-in; `null` for somebody without one.
    user_id: Option<UserId>,
    name: String,
    /// What they may do.
    access: Access,
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
}

impl From<Kept> for MemberBody {
    fn from(kept: Kept) -> Self {
        let Kept { member, joined_at, .. } = kept;
        Self { id: member.id, user_id: member.user, name: member.name, access: member.access, joined_at }
    }
}

/// List the members of your household
///
/// In the order in which they joined.
#[utoipa::path(get, path = "/v1/members", tag = "users", params(PageQuery), responses(
    (status = 200, description = "A page of them", body = Page<MemberBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
async fn list(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<MemberBody>>, Problem> {
    let (limit, after) = query.read::<(Timestamp, MemberId)>()?;
    let found = people.roster(actor.household).await?;
    let place = |kept: &Kept| (kept.joined_at, kept.member.id);
    let behind = found.present().filter(|kept| after.is_none_or(|after| place(kept) > after));
    let rows: Vec<Kept> = behind.take(usize::from(limit) + 1).cloned().collect();
    Ok(Json(Page::from_rows(rows, limit, place, MemberBody::from)))
}

/// Somebody without a log-in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    /// What they are called.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
}

/// Add a member without a log-in
///
/// A child, say, who pays or shares and does not look. An invitation to their place gives them a log-in later.
#[utoipa::path(post, path = "/v1/members", tag = "users", request_body = NewMember, responses(
    (status = 201, description = "They belong to it", body = MemberBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Only owners may", body = ProblemBody),
    (status = 409, description = "The household is full", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn add(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    Json(body): Json<NewMember>,
) -> Result<Response, Problem> {
    let mut invalid = Invalid::new();
    let name = invalid.check("/name", body.name.parse::<Name>());
    let (Some(name), Ok(())) = (name, invalid.clone().into_result()) else { return Err(invalid.into()) };
    let kept = people.add_member(&actor, &name).await?;
    let place = [(LOCATION, format!("/v1/members/{}", kept.member.id))];
    Ok((StatusCode::CREATED, place, member_etag(&kept), Json(MemberBody::from(kept))).into_response())
}

/// Read a member
#[utoipa::path(get, path = "/v1/members/{id}", tag = "users", params(("id" = MemberId, Path)), responses(
    (status = 200, description = "They", body = MemberBody),
    (status = 304, description = "You have it already"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "There is none of that id", body = ProblemBody),
))]
async fn read(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<MemberId>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let kept = people.roster(actor.household).await?.member(id)?.clone();
    Ok(has.answer(member_etag(&kept), Json(MemberBody::from(kept))))
}

/// What to change; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberPatch {
    /// What they are called; only of somebody without a log-in.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    /// What they may do; only of somebody with a log-in.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    access: Option<Access>,
}

/// Change a member
///
/// To hand the household over, make another an owner, then give up your own ownership. Somebody always owns it.
#[utoipa::path(patch, path = "/v1/members/{id}", tag = "users", params(("id" = MemberId, Path)),
    request_body(content = MemberPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "They, as they are now", body = MemberBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "Only owners may", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
        (status = 409, description = "It would leave the household without an owner, or it is not yours to decide", body = ProblemBody),
        (status = 412, description = "They were changed since you read them", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn change(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<MemberId>,
    seen: IfMatch,
    Json(body): Json<MemberPatch>,
) -> Result<Response, Problem> {
    let mut invalid = Invalid::new();
    let name = body.name.and_then(|name| invalid.check("/name", name.parse::<Name>()));
    invalid.into_result()?;
    let change = MemberChange { name, access: body.access };
    let kept = people.change_member(&actor, id, |kept| seen.check(&member_etag(kept)), &change).await?;
    Ok((member_etag(&kept), Json(MemberBody::from(kept))).into_response())
}

/// Remove a member, or leave
///
/// Owners remove others; everybody may leave, but for the household of their own. What was shared with them stays in
/// the books.
#[utoipa::path(delete, path = "/v1/members/{id}", tag = "users", params(("id" = MemberId, Path)), responses(
    (status = 204, description = "They do not belong to it any more"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Only owners may", body = ProblemBody),
    (status = 404, description = "There is none of that id", body = ProblemBody),
    (status = 409, description = "It would leave the household without an owner, or it is their home", body = ProblemBody),
    (status = 412, description = "They were changed since you read them", body = ProblemBody),
))]
async fn remove(
    State(people): State<Arc<People>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<MemberId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    people.remove_member(&actor, id, |kept| seen.check(&member_etag(kept))).await?;
    Ok(StatusCode::NO_CONTENT)
}
