//! `/v1/subscriptions…`, `/v1/dashboard`, `/v1/rates…`, and what subscriptions are sorted by

mod bodies;
mod dashboard;
mod labels;
mod parts;
mod rates;
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
        .routes(routes!(rates::list))
        .routes(routes!(rates::set, rates::forget))
        .with_state(tracker)
}
