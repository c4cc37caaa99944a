//! A file that is sent to be imported: by a form, or by a program as the whole body.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Request},
    http::{StatusCode, header},
};
use kernel::Invalid;
use platform::http::{Problem, Query};
use serde::Deserialize;

use crate::{domain::import::MAX_BYTES, service::Received};

/// The most bytes of a request that brings a file: the file, and what stands around it.
pub(crate) const BODY_LIMIT: usize = MAX_BYTES + 64 * 1024;

/// The file of a request: the part named `file` of a `multipart/form-data` body, or any other body as it is.
#[derive(Debug)]
pub(crate) struct Sent(pub(crate) Received);

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            return from_form(request, state).await.map(Self);
        }
        let (mut parts, body) = request.into_parts();
        let Query(Named { name }) = Query::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| broken(rejection.status()))?;
        Ok(Self(Received { name, content: body.into() }))
    }
}

async fn from_form<S: Send + Sync>(request: Request, state: &S) -> Result<Received, Problem> {
    let mut parts = Multipart::from_request(request, state)
        .await
        .map_err(|_| Problem::malformed("The form cannot be read: its boundary is missing."))?;
    while let Some(part) = parts.next_field().await.map_err(|error| broken(error.status()))? {
        if part.name() != Some("file") {
            continue;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        let content = part.bytes().await.map_err(|error| broken(error.status()))?;
        if name.is_empty() && content.is_empty() {
            break;
        }
        return Ok(Received { name, content: content.into() });
    }
    Err(Invalid::field("/file", "choose a file").into())
}

fn broken(status: StatusCode) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::too_large(format!("A file can have at most {} MB.", MAX_BYTES / 1024 / 1024))
        }
        _ => Problem::malformed("The file did not arrive whole."),
    }
}
