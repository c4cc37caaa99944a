//! `/v1/subscriptions…`, `/v1/dashboard`, `/v1/catalog`, `/v1/calendar-feeds…`, and what subscriptions are sorted by

mod bodies;
mod catalog;
mod dashboard;
mod feeds;
mod labels;
mod parts;
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
        .routes(routes!(s::prices, s::plan_prices))
        .merge(labels::routes())
        .routes(routes!(dashboard::read))
        .routes(routes!(catalog::list))
        .routes(routes!(feeds::list, feeds::open))
        .routes(routes!(feeds::revoke))
        .with_state(tracker)
}
