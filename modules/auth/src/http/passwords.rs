//! `/v1/auth/email/…`, `/v1/auth/password…`

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use platform::http::{CallerInPerson, Json, Origin, Problem, ProblemBody};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Auth;

pub(super) fn routes() -> OpenApiRouter<Arc<Auth>> {
    OpenApiRouter::new()
        .routes(routes!(verify))
        .routes(routes!(change))
        .routes(routes!(forgot))
        .routes(routes!(reset))
}

/// The secret of a link, and the password of the account.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyBody {
    /// The last part of the link that was mailed.
    #[schema(max_length = 256)]
    token: String,
    /// The password the account was made with.
    #[schema(format = "password", max_length = 256)]
    password: String,
}

/// Confirm an e-mail address
///
/// Asks for the password too, so that nobody confirms an account that somebody else made in their name.
#[utoipa::path(post, path = "/v1/auth/email/verify", tag = "auth", security(()), request_body = VerifyBody, responses(
    (status = 204, description = "It is confirmed: log in"),
    (status = 401, description = "It is not the password", body = ProblemBody),
    (status = 403, description = "The account is suspended", body = ProblemBody),
    (status = 422, description = "The link is used up or too old", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
    (status = 503, description = "Too many at once", body = ProblemBody),
))]
async fn verify(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Json(body): Json<VerifyBody>,
) -> Result<StatusCode, Problem> {
    auth.verify(&body.token, &body.password, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The password there is, and the one there is to be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeBody {
    /// The one you log in with now.
    #[schema(format = "password", max_length = 256)]
    current_password: String,
    /// 8 to 256 characters, and none of those that are tried first.
    #[schema(format = "password", min_length = 8, max_length = 256)]
    new_password: String,
}

/// Change your password
///
/// All your other log-ins end.
#[utoipa::path(post, path = "/v1/auth/password", tag = "auth", request_body = ChangeBody, responses(
    (status = 204, description = "It is changed"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 409, description = "It is being changed elsewhere at this moment", body = ProblemBody),
    (status = 422, description = "Some of it is not valid, or the current one is not right", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
    (status = 503, description = "Too many at once", body = ProblemBody),
))]
async fn change(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    Json(body): Json<ChangeBody>,
) -> Result<StatusCode, Problem> {
    auth.change_password(&actor, &body.current_password, &body.new_password, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An address whose password was forgotten.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgotBody {
    /// The address of the account.
    #[schema(format = "email", max_length = 254)]
    email: String,
}

/// Ask for a new password
///
/// The answer is the same whether somebody has the address or not. Where somebody has, a link is mailed to it.
#[utoipa::path(post, path = "/v1/auth/password/forgot", tag = "auth", security(()), request_body = ForgotBody, responses(
    (status = 202, description = "Look into the mail of that address"),
    (status = 409, description = "This installation sends no mail", body = ProblemBody),
    (status = 422, description = "It is no address", body = ProblemBody),
    (status = 429, description = "Too many letters to that address", body = ProblemBody),
))]
async fn forgot(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Json(body): Json<ForgotBody>,
) -> Result<StatusCode, Problem> {
    auth.forgot(&body.email, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The secret of a link, and a new password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetBody {
    /// The last part of the link that was mailed.
    #[schema(max_length = 256)]
    token: String,
    /// 8 to 256 characters, and none of those that are tried first.
    #[schema(format = "password", min_length = 8, max_length = 256)]
    password: String,
}

/// Set a new password by a link that was mailed
///
/// The link is good once, and for an hour. Everybody who is logged in is logged out.
#[utoipa::path(post, path = "/v1/auth/password/reset", tag = "auth", security(()), request_body = ResetBody, responses(
    (status = 204, description = "It is set: log in with it"),
    (status = 422, description = "The password is not valid, or the link is used up or too old", body = ProblemBody),
    (status = 503, description = "Too many at once", body = ProblemBody),
))]
async fn reset(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Json(body): Json<ResetBody>,
) -> Result<StatusCode, Problem> {
    auth.reset(&body.token, &body.password, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
