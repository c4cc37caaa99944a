//! `DELETE /v1/me`: leaving for good.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use platform::http::{CallerInPerson, Json, Origin, Problem, ProblemBody};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Auth, service::Farewell};

pub(super) fn routes() -> OpenApiRouter<Arc<Auth>> {
    OpenApiRouter::new().routes(routes!(erase))
}

/// That it is you, and what becomes of your household.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FarewellBody {
    /// The password of your account.
    #[schema(format = "password", max_length = 256)]
    password: String,
    /// Six digits of the app, or a recovery code, where your account asks for one.
    #[serde(default)]
    #[schema(max_length = 64, example = "123456")]
    code: String,
    /// Whether the household of your own ends for the others in it too, where none of them owns it.
    #[serde(default)]
    ends_household: bool,
}

/// Delete your account
///
/// It cannot be taken back. You are logged out everywhere at once, and everything of yours is erased within minutes.
/// Households that others own go on without you; a household of your own in which nobody else has a log-in ends.
#[utoipa::path(delete, path = "/v1/me", tag = "auth", request_body = FarewellBody, responses(
    (status = 202, description = "It has begun; nobody logs in by the account any more"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 409, description = "Others belong to your household and none of them owns it, or you are the last administrator", body = ProblemBody),
    (status = 412, description = "It is being changed at this moment", body = ProblemBody),
    (status = 422, description = "The password or the code is not right", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
    (status = 503, description = "Too many at once", body = ProblemBody),
))]
async fn erase(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    Json(body): Json<FarewellBody>,
) -> Result<StatusCode, Problem> {
    let FarewellBody { password, code, ends_household: ends_home } = body;
    auth.erase_account(&actor, &Farewell { password, code, ends_home }, origin).await?;
    Ok(StatusCode::ACCEPTED)
}
