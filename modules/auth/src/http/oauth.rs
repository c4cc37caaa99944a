//! `/v1/oauth/token`: the client credentials of OAuth 2.0, in its own words (RFC 6749).

use std::sync::Arc;

use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use platform::http::{Json, Problem};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Auth, service::Denied};

pub(super) fn routes() -> OpenApiRouter<Arc<Auth>> {
    OpenApiRouter::new().routes(routes!(token))
}

/// What a service asks for. Its key is sent by `Authorization: Basic` (the key's id and its secret), or in the form.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub(crate) struct TokenForm {
    /// Always `client_credentials`.
    #[schema(max_length = 64, example = "client_credentials")]
    grant_type: String,
    /// `read`, `write` or both with a space between; all that the key may when left out.
    #[schema(max_length = 64)]
    scope: Option<String>,
    /// The id of the key.
    #[schema(max_length = 64)]
    client_id: Option<String>,
    /// Its secret.
    #[schema(max_length = 256)]
    client_secret: Option<String>,
}

/// What a service carries from now on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ServiceTokenBody {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until it is good for nothing.
    expires_in: u64,
    /// How far it goes.
    scope: &'static str,
}

/// Why there is no token, as OAuth 2.0 has it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct DeniedBody {
    /// One of its words.
    #[schema(example = "invalid_client")]
    error: &'static str,
    /// In ours.
    error_description: &'static str,
}

/// Give a service a token
///
/// OAuth 2.0 client credentials (RFC 6749, 4.4). The client is one of your API keys: its id, and its secret. The token
/// goes no further than the key, and is good as long as its secret, at most as long as other access tokens are.
#[utoipa::path(post, path = "/v1/oauth/token", tag = "auth", security(()),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "A token", body = ServiceTokenBody),
    (status = 400, description = "The form or the scope is not right", body = DeniedBody),
    (status = 401, description = "There is no such key", body = DeniedBody),
))]
async fn token(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
    form: Result<Form<TokenForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Ok(Form(form)) = form else {
        return Ok(denied(
            "invalid_request",
            "send a form (application/x-www-form-urlencoded) with each field once",
        ));
    };
    if form.grant_type != "client_credentials" {
        return Ok(denied("unsupported_grant_type", "grant_type must be client_credentials"));
    }
    let in_form = form.client_id.zip(form.client_secret);
    let (client, secret) = match (headers.get(AUTHORIZATION), in_form) {
        (Some(_), Some(_)) => {
            return Ok(denied("invalid_request", "send the key in the head or in the form, not in both"));
        }
        (Some(value), None) => value.to_str().ok().and_then(basic).unwrap_or_default(),
        (None, Some(pair)) => pair,
        (None, None) => <(String, String)>::default(),
    };
    match auth.grant(&client, &secret, form.scope.as_deref()).await? {
        Ok(granted) => {
            let body = ServiceTokenBody {
                access_token: granted.token,
                token_type: "Bearer",
                expires_in: granted.expires_in.as_secs(),
                scope: granted.scope.as_str(),
            };
            Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
        }
        Err(Denied::Scope) => {
            Ok(denied("invalid_scope", "the scopes are read and write, as far as the key goes"))
        }
        Err(Denied::Client) => {
            let body = DeniedBody {
                error: "invalid_client",
                error_description: "client_id is the id of an API key, and client_secret its secret",
            };
            let head = [(WWW_AUTHENTICATE, "Basic realm=\"perennial\""), (CACHE_CONTROL, "no-store")];
            Ok((StatusCode::UNAUTHORIZED, head, Json(body)).into_response())
        }
    }
}

fn denied(error: &'static str, error_description: &'static str) -> Response {
    let body = DeniedBody { error, error_description };
    (StatusCode::BAD_REQUEST, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// A name and a password. Keys have nothing in them that a form would write otherwise.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, rest) = value.split_once(' ')?;
    let rest = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(rest.trim()).ok())??;
    let (name, password) = std::str::from_utf8(&rest).ok()?.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
