//! `/v1/exports/…`

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use platform::http::{Caller, Problem, ProblemBody};

use super::Known;
use crate::domain::export::Document;

/// Export everything, without loss
///
/// One documented format: every subscription with its prices as steps, its payments and where it came from. Imported
/// into an empty household and exported again, it gives the same bytes.
#[utoipa::path(get, path = "/v1/exports/json", tag = "in and out", responses(
    (status = 200, description = "Everything", body = Document),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn json(State(tracker): Known, Caller(actor): Caller) -> Result<Response, Problem> {
    let document = tracker.export(&actor).await?;
    Ok(download("application/json", "perennial.json", written(&document)?))
}

/// Export what is tracked as a table for spreadsheets
///
/// RFC 4180, UTF-8, a row a subscription. Payments and past prices have no place in it.
#[utoipa::path(get, path = "/v1/exports/csv", tag = "in and out", responses(
    (status = 200, description = "The table", body = String, content_type = "text/csv"),
    (status = 401, description = "Not logged in", body = ProblemBody),
))]
pub(super) async fn csv(State(tracker): Known, Caller(actor): Caller) -> Result<Response, Problem> {
    let table = tracker.export_csv(&actor).await?;
    Ok(download("text/csv; charset=utf-8", "perennial.csv", table.into_bytes()))
}

/// An export as the bytes of its file.
pub(crate) fn written(document: &Document) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(document).map_err(|error| {
        tracing::error!(%error, "an export has no JSON form");
        Problem::internal("The export could not be written.")
    })
}

/// A file to be kept, never a page.
pub(crate) fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, bytes).into_response()
}
