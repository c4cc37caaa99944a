//! Bringing things in and taking them out: `/import` and `/export`.

mod act;
mod export;
mod item;
mod mapping;
mod one;
mod start;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use kernel::ImportId;

use crate::{Tracker, sent};

/// Where files are sent.
pub(crate) const IMPORTS: &str = "/import";

pub(super) fn routes() -> Router<Arc<Tracker>> {
    let files = Router::new()
        .route(IMPORTS, get(start::show).post(start::receive))
        .layer(DefaultBodyLimit::max(sent::BODY_LIMIT));
    Router::new()
        .merge(files)
        .route("/import/{id}", get(one::show))
        .route("/import/{id}/reading", post(act::reread))
        .route("/import/{id}/apply", post(act::apply))
        .route("/import/{id}/undo", post(act::undo))
        .route("/import/{id}/delete", post(act::delete))
        .route("/export", get(export::show))
        .route("/export/perennial.json", get(export::json))
        .route("/export/perennial.csv", get(export::csv))
}

/// Where an import's page is.
fn href(id: ImportId) -> String {
    format!("{IMPORTS}/{id}")
}
