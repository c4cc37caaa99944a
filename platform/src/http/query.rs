//! Query strings and path parameters whose errors are problems.

use axum::extract::{FromRequestParts, Path, path::ErrorKind, rejection::PathRejection};
use http::request::Parts;
use kernel::Invalid;
use serde::de::DeserializeOwned;

use super::Problem;

/// A query string. Errors name the parameter.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => {
                let said = rejection.body_text();
                let said = said.strip_prefix("Failed to deserialize query string: ").unwrap_or(&said);
                let (pointer, detail) = match said.split_once(": ") {
                    Some((parameter, detail)) if !parameter.contains(' ') => {
                        (format!("/{parameter}"), detail)
                    }
                    _ => (String::new(), said),
                };
                Err(Problem::invalid(&Invalid::field(pointer, detail)))
            }
        }
    }
}

/// The id in a path. One that is no id of its kind is nobody's: a 404.
#[derive(Debug, Clone)]
pub struct PathOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(failed)) => {
                // A path that is not even text is the client's mistake; an id that is none is nobody's.
                if matches!(failed.kind(), ErrorKind::InvalidUtf8InPathParam { .. }) {
                    Err(Problem::malformed("The path is not UTF-8."))
                } else {
                    Err(Problem::not_found("There is nothing of that id."))
                }
            }
            Err(_) => Err(Problem::not_found("There is nothing of that id.")),
        }
    }
}
