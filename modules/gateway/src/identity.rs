//! Who is asking: a bearer token for the API, a cookie for the pages, never the one for the other.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use contracts::{
    CallError,
    auth::{Authentication, COOKIE},
};
use http::{HeaderMap, header::AUTHORIZATION};
use kernel::Actor;
use platform::http::Problem;

pub(crate) struct Identity {
    pub(crate) authentication: Arc<dyn Authentication>,
}

/// Puts the actor into the request when there is one. Whether one is needed is for each handler to say.
pub(crate) async fn recognise(
    State(identity): State<Arc<Identity>>,
    mut request: Request,
    next: Next,
) -> Response {
    let found = if request.uri().path().starts_with("/v1/") {
        by_bearer(&identity, request.headers()).await
    } else {
        by_cookie(&identity, request.headers()).await
    };
    match found {
        Ok(Some(actor)) => {
            request.extensions_mut().insert(actor);
        }
        Ok(None) => {}
        Err(error) => {
            tracing::error!(%error, "who is asking cannot be found out");
            return Problem::unavailable("Who you are cannot be checked right now.")
                .retry_after(1)
                .into_response();
        }
    }
    next.run(request).await
}

async fn by_bearer(identity: &Identity, headers: &HeaderMap) -> Result<Option<Actor>, CallError> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given
        .and_then(|given| given.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match token {
        Some((_, token)) => identity.authentication.bearer(token.trim()).await,
        None => Ok(None),
    }
}

async fn by_cookie(identity: &Identity, headers: &HeaderMap) -> Result<Option<Actor>, CallError> {
    let jar = CookieJar::from_headers(headers);
    match COOKIE.iter().find_map(|name| jar.get(name)) {
        Some(cookie) => identity.authentication.cookie(cookie.value()).await,
        None => Ok(None),
    }
}
