//! `/v1/invitations`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{Access, InvitationId, MemberId};
use platform::http::{Caller, CallerAsSelf, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::households::HouseholdBody;
use crate::{People, service::Issued, store::Invitation};

pub(crate) fn routes(people: Arc<People>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, invite))
        .routes(routes!(revoke))
        .routes(routes!(accept))
        .with_state(people)
}

/// A way into your household that nobody has taken yet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Invitation)]
pub(crate) struct InvitationBody {
    id: InvitationId,
    /// What whoever accepts it may do.
    access: Access,
    /// The member without a log-in who gets one by it.
    member_id: Option<MemberId>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<Invitation> for InvitationBody {
    fn from(invitation: Invitation) -> Self {
        let Invitation { id, access, member, created_at, expires_at, .. } = invitation;
        Self { id, access, member_id: member, created_at, expires_at }
    }
}

/// An invitation with its secret, which is told this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct IssuedInvitation {
    #[serde(flatten)]
    invitation: InvitationBody,
    /// What `POST /v1/invitations/accept` takes.
    token: String,
    /// The page that takes it: send it to whom you invite, and nobody else.
    url: String,
}

/// List the open invitations
#[utoipa::path(get, path = "/v1/invitations", tag = "users", params(PageQuery), responses(
    (status = 200, description = "A page of them, the oldest first", body = Page<InvitationBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Only owners may", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
async fn list(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<InvitationBody>>, Problem> {
    let (limit, after) = query.read::<InvitationId>()?;
    let rows = people.invitations(&actor, after, limit).await?;
    Ok(Json(Page::from_rows(rows, limit, |row| row.id, InvitationBody::from)))
}

/// Whom to invite, and as what.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// What they may do.
    access: Access,
    /// The member without a log-in whose place it is for; a new member when left out.
    member_id: Option<MemberId>,
}

/// Invite somebody to your household
///
/// The link is good for one person and seven days, also for somebody who has no account yet.
#[utoipa::path(post, path = "/v1/invitations", tag = "users", request_body = NewInvitation, responses(
    (status = 201, description = "The invitation; its secret is not told again", body = IssuedInvitation),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Only owners may", body = ProblemBody),
    (status = 404, description = "There is no member of that id", body = ProblemBody),
    (status = 409, description = "They have a log-in, or the household is full", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn invite(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    Json(body): Json<NewInvitation>,
) -> Result<Response, Problem> {
    let Issued { invitation, token } = people.invite(&actor, body.access, body.member_id).await?;
    let place = [(LOCATION, format!("/v1/invitations/{}", invitation.id))];
    let url = people.invitation_link(&token);
    let body = IssuedInvitation { invitation: invitation.into(), token, url };
    Ok((StatusCode::CREATED, place, Json(body)).into_response())
}

/// Take an invitation back
#[utoipa::path(delete, path = "/v1/invitations/{id}", tag = "users", params(("id" = InvitationId, Path)), responses(
    (status = 204, description = "Its link leads nowhere any more"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Only owners may", body = ProblemBody),
    (status = 404, description = "There is no open one of that id", body = ProblemBody),
))]
async fn revoke(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    PathOf(id): PathOf<InvitationId>,
) -> Result<StatusCode, Problem> {
    people.revoke_invitation(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The secret of an invitation.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptBody {
    /// The last part of the link.
    #[schema(max_length = 256)]
    token: String,
}

/// Accept an invitation
///
/// Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/invitations/accept", tag = "users", request_body = AcceptBody, responses(
    (status = 200, description = "The household you belong to now", body = HouseholdBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 404, description = "It was used, taken back, or is too old", body = ProblemBody),
    (status = 409, description = "You belong to that household already, or it is full", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn accept(
    State(people): State<Arc<People>>,
    CallerAsSelf(actor): CallerAsSelf,
    Json(body): Json<AcceptBody>,
) -> Result<Json<HouseholdBody>, Problem> {
    let home = people.accept_invitation(&actor, &body.token).await?;
    Ok(Json(HouseholdBody::new(&actor, home)))
}
