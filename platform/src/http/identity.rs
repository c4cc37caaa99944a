//! Who is asking, as a handler's signature says it needs to know.
//!
//! The gateway puts the [`Actor`] into the request; these take it out, or refuse.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use kernel::Actor;

use super::Problem;

/// Who calls the API. Without one the answer is a 401.
#[derive(Debug, Clone, Copy)]
pub struct Caller(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Actor>().copied().map(Self).ok_or_else(|| {
            Problem::unauthenticated("Send Authorization: Bearer with an access token that is still valid.")
        })
    }
}

/// Who looks at a page. Without one the browser is sent to log in, and back.
#[derive(Debug, Clone, Copy)]
pub struct Visitor(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Actor>().copied().map(Self).ok_or_else(|| {
            let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            // Only a page that was looked at can be come back to.
            let back = if parts.method == http::Method::GET { asked } else { "/" };
            Redirect::to(&login_location(back)).into_response()
        })
    }
}

/// Where to log in, to come back to `path` afterwards.
pub fn login_location(path: &str) -> String {
    if path == "/" {
        return "/login".into();
    }
    let escaped: String = path
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/login?next={escaped}")
}
