//! `/v1/auth/login/second-factor`, `/v1/auth/factors`, `/v1/auth/totp…`, `/v1/auth/recovery-codes`

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::Timestamp;
use platform::http::{CallerInPerson, Json, Origin, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::TokenBody;
use crate::{Auth, service::Enrolment, store::SessionKind};

pub(super) fn routes() -> OpenApiRouter<Arc<Auth>> {
    OpenApiRouter::new()
        .routes(routes!(carry_on))
        .routes(routes!(show))
        .routes(routes!(begin))
        .routes(routes!(confirm))
        .routes(routes!(disable))
        .routes(routes!(renew))
}

/// What carries a log-in on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CarryOnBody {
    /// As the log-in answered it.
    #[schema(max_length = 256)]
    challenge: String,
    /// Six digits of the app, or a recovery code.
    #[schema(max_length = 64, example = "123456")]
    code: String,
}

/// Log in, second step
#[utoipa::path(post, path = "/v1/auth/login/second-factor", tag = "auth", security(()), request_body = CarryOnBody, responses(
    (status = 200, description = "Logged in", body = TokenBody),
    (status = 401, description = "The code is not right or was used already, or the log-in took too long", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
))]
async fn carry_on(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Json(body): Json<CarryOnBody>,
) -> Result<Json<TokenBody>, Problem> {
    let begun = auth.carry_on(&body.challenge, &body.code, SessionKind::Api, origin).await?;
    Ok(Json(auth.tokens_of(begun)?.into()))
}

/// What your account asks for beside its password.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct FactorsBody {
    /// Since when it asks for codes of an app; `null` when it does not.
    #[schema(value_type = Option<String>, format = DateTime)]
    totp_since: Option<Timestamp>,
    /// How many recovery codes are not used yet.
    recovery_codes_left: i64,
}

/// Show your second factors
#[utoipa::path(get, path = "/v1/auth/factors", tag = "auth", responses(
    (status = 200, description = "What is on", body = FactorsBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
))]
async fn show(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
) -> Result<Json<FactorsBody>, Problem> {
    let factors = auth.factors(&actor).await?;
    Ok(Json(FactorsBody { totp_since: factors.totp_since, recovery_codes_left: factors.recovery_codes_left }))
}

/// Your password, once more.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgainBody {
    /// The password of your account.
    #[schema(format = "password", max_length = 256)]
    password: String,
}

/// What an authenticator app is told. It is shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct EnrolmentBody {
    /// To be typed, in base32.
    secret: String,
    /// The same for an app on this device.
    #[schema(example = "otpauth://totp/Perennial%20%28perennial.example%29:asha%40example.org?secret=…")]
    otpauth_uri: String,
    /// The same for a camera: an SVG file.
    qr_svg: String,
}

impl From<Enrolment> for EnrolmentBody {
    fn from(enrolment: Enrolment) -> Self {
        Self { qr_svg: enrolment.picture.svg(), secret: enrolment.secret, otpauth_uri: enrolment.address }
    }
}

/// Set up an authenticator app
///
/// It counts once a code of it was sent to `/v1/auth/totp/confirm` by the same log-in, within an hour.
#[utoipa::path(post, path = "/v1/auth/totp", tag = "auth", request_body = AgainBody, responses(
    (status = 201, description = "What the app is told", body = EnrolmentBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 409, description = "Codes of an app are on already", body = ProblemBody),
    (status = 422, description = "That is not your password", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
    (status = 503, description = "Too many at once", body = ProblemBody),
))]
async fn begin(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    Json(body): Json<AgainBody>,
) -> Result<(StatusCode, Json<EnrolmentBody>), Problem> {
    let enrolment = auth.begin_totp(&actor, &body.password, origin).await?;
    Ok((StatusCode::CREATED, Json(enrolment.into())))
}

/// A code.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    /// Six digits that the app shows now.
    #[schema(max_length = 64, example = "123456")]
    code: String,
}

/// Codes for when the app is lost. They are shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RecoveryCodesBody {
    /// Ten, each good once.
    #[schema(example = json!(["abcd-efgh-ijkl-mnop"]))]
    recovery_codes: Vec<String>,
}

/// Turn codes of the app on
#[utoipa::path(post, path = "/v1/auth/totp/confirm", tag = "auth", request_body = CodeBody, responses(
    (status = 200, description = "They are asked for from now on", body = RecoveryCodesBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 409, description = "No app waits to be confirmed by this log-in", body = ProblemBody),
    (status = 422, description = "That is not the code", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
))]
async fn confirm(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    Json(body): Json<CodeBody>,
) -> Result<Json<RecoveryCodesBody>, Problem> {
    let recovery_codes = auth.confirm_totp(&actor, &body.code, origin).await?;
    Ok(Json(RecoveryCodesBody { recovery_codes }))
}

/// Your password and a second factor.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BothBody {
    /// The password of your account.
    #[schema(format = "password", max_length = 256)]
    password: String,
    /// Six digits of the app, or a recovery code.
    #[schema(max_length = 64, example = "123456")]
    code: String,
}

/// Turn codes of the app off
#[utoipa::path(post, path = "/v1/auth/totp/disable", tag = "auth", request_body = BothBody, responses(
    (status = 204, description = "The password is enough from now on; the recovery codes are good for nothing"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 409, description = "They are not on", body = ProblemBody),
    (status = 422, description = "The password or the code is not right", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
    (status = 503, description = "Too many at once", body = ProblemBody),
))]
async fn disable(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    Json(body): Json<BothBody>,
) -> Result<StatusCode, Problem> {
    auth.end_totp(&actor, &body.password, &body.code, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make new recovery codes
///
/// Those before are good for nothing.
#[utoipa::path(post, path = "/v1/auth/recovery-codes", tag = "auth", request_body = BothBody, responses(
    (status = 200, description = "The new ones", body = RecoveryCodesBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 409, description = "Codes of an app are not on", body = ProblemBody),
    (status = 422, description = "The password or the code is not right", body = ProblemBody),
    (status = 429, description = "Too many tries", body = ProblemBody),
    (status = 503, description = "Too many at once", body = ProblemBody),
))]
async fn renew(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    Json(body): Json<BothBody>,
) -> Result<Json<RecoveryCodesBody>, Problem> {
    let recovery_codes = auth.renew_recovery_codes(&actor, &body.password, &body.code, origin).await?;
    Ok(Json(RecoveryCodesBody { recovery_codes }))
}
