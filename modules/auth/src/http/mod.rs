//! `/v1/auth/…`

mod api_keys;
mod factors;
mod leaving;
mod oauth;
mod passwords;
mod people;
mod sessions;

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contracts::users::{Profile, Reminders};
use kernel::{Currency, Invalid, Locale, Role, UserId, Zone};
use platform::http::{CallerInPerson, Json, Origin, Problem};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Auth, AuthError, Registration,
    domain::{Email, Method, Password},
    service::{Entered, PATIENCE, SignedUp, TokenPair},
    store::SessionKind,
};

pub(crate) use people::person_etag;

pub(crate) fn routes(auth: Arc<Auth>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(log_in))
        .routes(routes!(refresh))
        .routes(routes!(log_out))
        .merge(api_keys::routes())
        .merge(factors::routes())
        .merge(leaving::routes())
        .merge(oauth::routes())
        .merge(passwords::routes())
        .merge(people::routes())
        .merge(sessions::routes())
        .with_state(auth)
}

/// A new account. Where and how somebody lives may be left out: it is guessed from the locale and can be changed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterBody {
    /// Where you can be written to.
    #[schema(format = "email", max_length = 254)]
    pub(crate) email: String,
    /// 8 to 256 characters.
    #[schema(format = "password", min_length = 8, max_length = 256)]
    pub(crate) password: String,
    /// How you want to be called.
    #[schema(max_length = 120)]
    pub(crate) name: Option<String>,
    /// How you read and write; `en-US` when left out.
    #[schema(value_type = Option<Locale>)]
    pub(crate) locale: Option<String>,
    /// Where your days begin; `UTC` when left out.
    #[schema(value_type = Option<Zone>)]
    pub(crate) time_zone: Option<String>,
    /// What an amount without a mark is in; that of the locale's region when left out.
    #[schema(value_type = Option<Currency>)]
    pub(crate) currency: Option<String>,
}

/// An account that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Registered {
    id: UserId,
    email: String,
}

impl RegisterBody {
    /// The registration, or everything that is wrong with it.
    pub(crate) fn read(self) -> Result<Registration, Invalid> {
        let mut invalid = Invalid::new();
        invalid.check("/email", self.email.parse::<Email>());
        invalid.check("/password", Password::choose(&self.password));
        let (locale, time_zone, currency) =
            (self.locale.as_deref(), self.time_zone.as_deref(), self.currency.as_deref());
        match profile(self.name, locale, time_zone, currency) {
            Ok(profile) => invalid.into_result().map(|()| Registration {
                email: self.email,
                password: self.password,
                profile,
                role: Role::User,
            }),
            Err(more) => {
                more.errors().iter().for_each(|error| invalid.add(&error.pointer, &error.detail));
                Err(invalid)
            }
        }
    }
}

/// A profile from what somebody said of themselves, the rest guessed.
pub(crate) fn profile(
    name: Option<String>,
    locale: Option<&str>,
    time_zone: Option<&str>,
    currency: Option<&str>,
) -> Result<Profile, Invalid> {
    let mut invalid = Invalid::new();
    let name = name.unwrap_or_default().trim().to_owned();
    if name.chars().count() > 120 || name.chars().any(char::is_control) {
        invalid.add("/name", "must have at most 120 characters, all of them visible");
    }
    let locale = invalid.check("/locale", locale.unwrap_or("en-US").parse::<Locale>());
    let time_zone = invalid.check("/time_zone", time_zone.unwrap_or("UTC").parse::<Zone>());
    let currency = match currency {
        Some(code) => invalid.check("/currency", code.parse::<Currency>()),
        None => locale.as_ref().map(Locale::currency),
    };
    match (locale, time_zone, currency) {
        (Some(locale), Some(time_zone), Some(currency)) if invalid.errors().is_empty() => {
            Ok(Profile { name, locale, time_zone, currency, reminders: Reminders::default() })
        }
        _ => Err(invalid),
    }
}

/// Make an account
///
/// Where this installation sends mail, the answer is 202 whether somebody has the address or not, and a letter to it tells
/// how to go on.
#[utoipa::path(post, path = "/v1/auth/register", tag = "auth", security(()), request_body = RegisterBody, responses(
    (status = 201, description = "The account was made", body = Registered),
    (status = 202, description = "Look into the mail of that address"),
    (status = 403, description = "This installation takes no new accounts", body = platform::http::ProblemBody),
    (status = 409, description = "There is an account with that address", body = platform::http::ProblemBody),
    (status = 422, description = "Some of it is not valid", body = platform::http::ProblemBody),
    (status = 429, description = "Too many letters to that address", body = platform::http::ProblemBody),
    (status = 503, description = "Too many at once", body = platform::http::ProblemBody),
))]
async fn register(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Json(body): Json<RegisterBody>,
) -> Result<Response, Problem> {
    if !auth.settings.registration {
        return Err(AuthError::RegistrationClosed.into());
    }
    match auth.sign_up(body.read()?, origin).await? {
        SignedUp::Account(id, email) => {
            let place = [(axum::http::header::LOCATION, "/v1/me")];
            Ok((StatusCode::CREATED, place, Json(Registered { id, email })).into_response())
        }
        SignedUp::Letter => Ok(StatusCode::ACCEPTED.into_response()),
    }
}

/// An address and its password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogInBody {
    /// The address of the account.
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// Its password.
    #[schema(format = "password", max_length = 256)]
    password: String,
}

/// What a client carries from now on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct TokenBody {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token is good for nothing.
    expires_in: u64,
    /// Good for one new pair.
    refresh_token: String,
}

impl From<TokenPair> for TokenBody {
    fn from(pair: TokenPair) -> Self {
        Self {
            access_token: pair.access,
            token_type: "Bearer",
            expires_in: pair.expires_in.as_secs(),
            refresh_token: pair.refresh,
        }
    }
}

/// A log-in that owes a second factor.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct OwingBody {
    /// Carries the log-in on, at `/v1/auth/login/second-factor`.
    challenge: String,
    /// What can be shown: `totp`, `recovery_code`.
    factors: [&'static str; 2],
    /// Seconds until the log-in has to begin again.
    expires_in: u64,
}

/// Log in
///
/// An account that asks for a second factor answers 202, and is let in once that was shown.
#[utoipa::path(post, path = "/v1/auth/login", tag = "auth", security(()), request_body = LogInBody, responses(
    (status = 200, description = "Logged in", body = TokenBody),
    (status = 202, description = "The password is right; a second factor is owed", body = OwingBody),
    (status = 401, description = "They do not belong together", body = platform::http::ProblemBody),
    (status = 403, description = "The account is suspended, or its address is not confirmed yet", body = platform::http::ProblemBody),
    (status = 422, description = "Some of it is not valid", body = platform::http::ProblemBody),
    (status = 429, description = "Too many tries", body = platform::http::ProblemBody),
    (status = 503, description = "Too many are logging in", body = platform::http::ProblemBody),
))]
async fn log_in(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Json(body): Json<LogInBody>,
) -> Result<Response, Problem> {
    match auth.log_in(&body.email, &body.password, SessionKind::Api, origin).await? {
        Entered::In(begun) => Ok(Json(TokenBody::from(auth.tokens_of(begun)?)).into_response()),
        Entered::Owing(challenge) => {
            let factors = [Method::Totp.as_str(), Method::RecoveryCode.as_str()];
            let owing = OwingBody { challenge, factors, expires_in: PATIENCE.as_secs() };
            Ok((StatusCode::ACCEPTED, Json(owing)).into_response())
        }
    }
}

/// A refresh token.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshBody {
    /// The newest one of the log-in.
    #[schema(max_length = 256)]
    refresh_token: String,
}

/// Change a refresh token for a new pair
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "auth", security(()), request_body = RefreshBody, responses(
    (status = 200, description = "A new pair; the token that was sent is used up", body = TokenBody),
    (status = 401, description = "The log-in is over", body = platform::http::ProblemBody),
    (status = 422, description = "Some of it is not valid", body = platform::http::ProblemBody),
))]
async fn refresh(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Json(body): Json<RefreshBody>,
) -> Result<Json<TokenBody>, Problem> {
    Ok(Json(auth.refresh(&body.refresh_token, origin).await?.into()))
}

/// Log out
#[utoipa::path(post, path = "/v1/auth/logout", tag = "auth", responses(
    (status = 204, description = "The log-in is over"),
    (status = 401, description = "Not logged in", body = platform::http::ProblemBody),
    (status = 403, description = "Not by a key", body = platform::http::ProblemBody),
))]
async fn log_out(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
) -> Result<StatusCode, Problem> {
    auth.log_out(&actor, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
