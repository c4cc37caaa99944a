//! Concurrent edits: `ETag`, `If-Match`, `If-None-Match` (RFC 9110).

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, IntoResponseParts, Response, ResponseParts},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};

use super::Problem;

/// A strong validator of one representation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// From what identifies the state shown, such as a version and the day it is shown for.
    pub fn of(parts: &[&dyn std::fmt::Display]) -> Self {
        let joined: Vec<String> = parts.iter().map(|part| part.to_string()).collect();
        Self(format!("\"{}\"", joined.join(".")))
    }
}

impl IntoResponseParts for ETag {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            parts.headers_mut().insert(header::ETAG, value);
        }
        Ok(parts)
    }
}

fn tags(headers: &HeaderMap, name: header::HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect()
}

/// What a change may be based on; empty when the client does not say.
#[derive(Debug, Clone, Default)]
pub struct IfMatch(Vec<String>);

impl IfMatch {
    /// What a form was filled from: the same parts as [`ETag::of`].
    pub fn of_version(parts: &[&dyn std::fmt::Display]) -> Self {
        Self(vec![ETag::of(parts).0])
    }

    /// Goes on when the client has seen this state, or does not say.
    ///
    /// # Errors
    /// A 412.
    pub fn check(&self, current: &ETag) -> Result<(), Problem> {
        if self.0.is_empty() || self.0.iter().any(|tag| tag == "*" || *tag == current.0) {
            Ok(())
        } else {
            Err(Problem::precondition_failed("Read it again, and make your change to what it is now."))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(tags(&parts.headers, header::IF_MATCH)))
    }
}

/// What the client has already.
#[derive(Debug, Clone, Default)]
pub struct IfNoneMatch(Vec<String>);

impl IfNoneMatch {
    /// As a request's headers say.
    pub fn of(headers: &HeaderMap) -> Self {
        Self(tags(headers, header::IF_NONE_MATCH))
    }

    /// Whether it has what bears this tag.
    pub fn has(&self, current: &str) -> bool {
        self.0.iter().any(|tag| tag == "*" || tag.trim_start_matches("W/") == current)
    }

    /// The answer: `body`, or a 304 when the client has it.
    pub fn answer(&self, current: ETag, body: impl IntoResponse) -> Response {
        if self.has(&current.0) {
            (StatusCode::NOT_MODIFIED, current, ()).into_response()
        } else {
            (current, body).into_response()
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}
