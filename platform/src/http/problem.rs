//! Errors as `application/problem+json` (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::{FieldError, Invalid};
use serde::Serialize;

use crate::{context, db::DbError};

/// What went wrong, for the user. What the operator needs is logged where the problem is made.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: &'static str,
    status: StatusCode,
    title: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<u32>,
}

/// A problem on the wire.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A stable URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid")]
    kind: String,
    /// The kind, in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What went wrong this time, and how to mend it.
    detail: String,
    /// The path that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// What to tell when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// What is wrong with each field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident: $status:ident, $kind:literal, $title:literal;)*) => {
        impl Problem {$(
            $(#[$doc])*
            pub fn $name(detail: impl Into<String>) -> Self {
                Self {
                    kind: $kind,
                    status: StatusCode::$status,
                    title: $title,
                    detail: detail.into(),
                    errors: Vec::new(),
                    retry_after: None,
                }
            }
        )*}
    };
}

problems! {
    /// 400: it cannot be understood at all.
    malformed: BAD_REQUEST, "malformed", "The request cannot be understood";
    /// 401: who is asking is not known.
    unauthenticated: UNAUTHORIZED, "unauthenticated", "Sign in first";
    /// 403: who is asking may not do this.
    forbidden: FORBIDDEN, "forbidden", "This is not allowed";
    /// 404: not there, or somebody else's.
    not_found: NOT_FOUND, "not-found", "Not found";
    /// 405: not with this method.
    method_not_allowed: METHOD_NOT_ALLOWED, "method-not-allowed", "This method is not allowed here";
    /// 409: its state does not allow it.
    conflict: CONFLICT, "conflict", "Its state does not allow this";
    /// 412: it was changed since it was read.
    precondition_failed: PRECONDITION_FAILED, "precondition-failed", "It was changed since you read it";
    /// 413: too long.
    too_large: PAYLOAD_TOO_LARGE, "too-large", "The request is too large";
    /// 415: not JSON.
    unsupported_media_type: UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body is of another type";
    /// 429: too often.
    too_many: TOO_MANY_REQUESTS, "too-many-requests", "Too many requests";
    /// 500: our fault.
    internal: INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side";
    /// 503: later.
    unavailable: SERVICE_UNAVAILABLE, "unavailable", "Not available right now";
}

impl Problem {
    /// 422: it can be understood, and breaks a rule.
    pub fn invalid(invalid: &Invalid) -> Self {
        Self {
            kind: "invalid",
            status: StatusCode::UNPROCESSABLE_ENTITY,
            title: "Some of it is not valid",
            detail: "See errors: each names a member and how to mend it.".into(),
            errors: invalid.errors().to_vec(),
            retry_after: None,
        }
    }

    /// When trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The kind, in words.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// What went wrong this time.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The document as it goes out.
    pub fn body(&self) -> ProblemBody {
        let known = context::current(|context| (context.path.clone(), context.request_id.clone()));
        let (instance, request_id) = known.unzip();
        ProblemBody {
            kind: format!("/problems/{}", self.kind),
            title: self.title.into(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance,
            request_id,
            errors: self.errors.clone(),
        }
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::invalid(&invalid)
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(cause) => {
                tracing::error!(cause, "the database is unavailable");
                Self::unavailable("Nothing was lost; try again in a moment.").retry_after(1)
            }
            DbError::Conflict => Self::conflict("Somebody else is changing it at this moment; try again."),
            DbError::Unique(_) | DbError::Inconsistent(_) | DbError::Refused(_) => {
                tracing::error!(%error, "a database statement failed");
                Self::internal("It has been noted. Trying again may help; if not, tell us the request id.")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // A struct of texts and numbers always has a JSON form.
        let body = serde_json::to_vec(&self.body()).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
