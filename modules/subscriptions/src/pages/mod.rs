//! Dashboard, list, detail, forms: what a browser shows. Every page works without scripts.

mod act;
mod add;
mod balances;
mod confirm;
mod dashboard;
mod delete;
mod detail;
mod done;
mod edit;
mod filled;
mod form;
mod frame;
mod list;
mod overtaken;
mod sharing;
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
        .route("/subscriptions/{id}/sharing", get(sharing::show).post(sharing::save))
        .route("/balances", get(balances::show).post(balances::settle))
        .route("/balances/{id}/delete", post(balances::take_back))
        .route("/subscriptions/{id}/delete", get(confirm::delete).post(delete::delete))
        .with_state(tracker)
}
