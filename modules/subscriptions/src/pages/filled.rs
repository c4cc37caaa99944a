//! A form as it was sent.

use axum::{
    Form,
    extract::{FromRequest, Request},
    response::IntoResponse,
};
use platform::http::Problem;
use serde::{Deserialize, de::DeserializeOwned};

/// A form that was sent. What a person typed never fails to be read; a form that is none of ours does.
#[derive(Debug)]
pub(super) struct Filled<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Filled<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Form::<T>::from_request(request, state).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(rejection) => Err(refused(rejection.into_response().status())),
        }
    }
}

fn refused(status: axum::http::StatusCode) -> Problem {
    match status.as_u16() {
        413 => Problem::too_large("The form is longer than this server takes."),
        415 => Problem::unsupported_media_type("Send it as application/x-www-form-urlencoded."),
        _ => {
            Problem::malformed("The form cannot be read. Go back, load the page again and send it once more.")
        }
    }
}

/// A form that is only a button: which version its reader had before them.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Pressed {
    /// No version is older than any.
    #[serde(default)]
    pub(super) version: i64,
}
