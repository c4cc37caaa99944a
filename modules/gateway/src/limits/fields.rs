//! What is said of limits: the fields `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10),
//! and the refusal.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use platform::{http::Problem, quota::Decision};

use super::ask::Name;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// How somebody stands with the limit that they are nearest to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(super) name: Name,
    pub(super) decision: Decision,
}

/// Beyond it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refused(pub(super) Standing);

impl Standing {
    /// The tighter one of two.
    pub(crate) fn or_tighter(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if other.decision.is_tighter_than(self.decision) => other,
            Some(_) | None => self,
        }
    }

    /// Says so in an answer.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        let (name, decision) = (self.name.as_str(), self.decision);
        let (count, window) = (decision.quota.count(), decision.quota.window().as_secs());
        put(headers, POLICY, format_args!("\"{name}\";q={count};w={window}"));
        put(headers, LEFT, format_args!("\"{name}\";r={};t={}", decision.remaining(), decision.reset()));
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, said: std::fmt::Arguments<'_>) {
    let mut text = String::with_capacity(48);
    // Writing to a text does not fail, and ASCII is always a field.
    let _ = text.write_fmt(said);
    if let Ok(value) = HeaderValue::try_from(text) {
        headers.insert(name, value);
    }
}

impl Name {
    /// What there were too many of, for whoever is refused.
    fn said(self) -> &'static str {
        match self {
            Self::System => "Everybody together asks more than this server allows",
            Self::Address => "Your address asks more often than is allowed",
            Self::User => "You ask more often than is allowed",
            Self::Key => "This log-in or key asks more often than is allowed",
            Self::LogIn => "There were too many tries to log in from your address",
            Self::SignUp => "Too many accounts were made from your address",
            Self::Reset => "Too many passwords were to be set anew from your address",
            Self::Messages => "You have had more sentences read than is allowed",
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let wait = self.0.decision.wait().div_ceil(1_000_000).max(1);
        let seconds = u32::try_from(wait).unwrap_or(u32::MAX);
        let plural = if seconds == 1 { "" } else { "s" };
        let detail = format!("{}. Try again in {seconds} second{plural}.", self.0.name.said());
        let mut response = Problem::too_many(detail).retry_after(seconds).into_response();
        self.0.tell(response.headers_mut());
        response
    }
}
