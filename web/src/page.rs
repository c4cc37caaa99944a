//! A template as an answer.

use askama::Template;
use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
};

/// A template that could not be rendered. The user learns only that; the text is for the log.
#[derive(Debug, thiserror::Error)]
#[error("a page could not be rendered: {0}")]
pub struct RenderError(#[from] askama::Error);

impl IntoResponse for RenderError {
    fn into_response(self) -> Response {
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")],
            "Something went wrong on our side. Nothing was changed by showing this page; please try again.",
        )
            .into_response()
    }
}

/// A page, or a fragment of one, with status 200.
///
/// # Errors
/// [`RenderError`] when the template fails, which answers as a 500.
pub fn page(template: &impl Template) -> Result<Response, RenderError> {
    page_with(StatusCode::OK, template)
}

/// A page with another status: 422 for a form shown again, 404 for a problem.
///
/// # Errors
/// [`RenderError`] when the template fails, which answers as a 500.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, RenderError> {
    let mut response = (status, Html(template.render()?)).into_response();
    // Pages are one person's and change with every write.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
