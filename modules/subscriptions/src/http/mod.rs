//! `/v1/subscriptions…`, `/v1/dashboard`, `/v1/balances`, `/v1/settlements…`

mod bodies;
mod books;
mod dashboard;
mod sharing;
mod subscriptions;

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Tracker;

pub(crate) fn routes(tracker: Arc<Tracker>) -> OpenApiRouter {
    use subscriptions as s;
    OpenApiRouter::new()
        .routes(routes!(s::list, s::create))
        .routes(routes!(s::read, s::change, s::delete))
        .routes(routes!(s::pause))
        .routes(routes!(s::resume))
        .routes(routes!(s::cancel))
        .routes(routes!(s::reactivate))
        .routes(routes!(s::payments))
        .routes(routes!(s::prices))
        .routes(routes!(dashboard::read))
        .routes(routes!(books::balances))
        .routes(routes!(books::list, books::settle))
        .routes(routes!(books::read, books::take_back))
        .with_state(tracker)
}
