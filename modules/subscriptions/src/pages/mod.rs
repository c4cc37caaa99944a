//! Dashboard, list, detail, forms: what a browser shows. Every page works without scripts.

mod act;
mod add;
mod brand;
mod confirm;
mod dashboard;
mod delete;
mod detail;
mod done;
mod edit;
mod feed;
#[cfg(test)]
mod feed_tests;
mod feeds;
mod filled;
mod form;
mod frame;
mod list;
mod overtaken;
mod sheet;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};

use crate::Tracker;

/// What every handler is given.
type Known = State<Arc<Tracker>>;

pub(crate) fn routes(tracker: Arc<Tracker>) -> Router {
    Router::new()
        .route("/dashboard", get(dashboard::show))
        .route("/subscriptions", get(list::show).post(add::create))
        .route("/subscriptions/new", get(add::show))
        .route("/subscriptions/{id}", get(detail::show))
        .route("/subscriptions/{id}/edit", get(edit::show).post(edit::save))
        .route("/subscriptions/{id}/pause", post(act::pause))
        .route("/subscriptions/{id}/resume", post(act::resume))
        .route("/subscriptions/{id}/cancel", get(confirm::cancel).post(act::cancel))
        .route("/subscriptions/{id}/reactivate", post(act::reactivate))
        .route("/subscriptions/{id}/delete", get(confirm::delete).post(delete::delete))
        .route("/calendar/feeds", get(feeds::show).post(feeds::open))
        .route("/calendar/feeds/{id}/revoke", post(feeds::revoke))
        .route("/calendar/{file}", get(feed::read))
        .with_state(tracker)
}
