//! `/v1/subscriptions…`, `/v1/payments…`, `/v1/dashboard`, `/v1/rates…`, `/v1/balances`, `/v1/settlements…`, and what
//! subscriptions are sorted by

mod bodies;
mod books;
mod dashboard;
mod documents;
mod labels;
mod parts;
mod payments;
mod rates;
mod sharing;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Tracker, upload};

/// Where documents are sent to.
pub(crate) const DOCUMENTS: &str = "/v1/payments/{id}/documents";

pub(crate) fn routes(tracker: Arc<Tracker>) -> OpenApiRouter {
    use {documents as d, payments as p, subscriptions as s};
    let documents = OpenApiRouter::new()
        .routes(routes!(d::list, d::attach))
        .routes(routes!(d::read, d::remove))
        .layer(DefaultBodyLimit::max(upload::BODY_LIMIT));
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
        .routes(routes!(p::list, p::record))
        .routes(routes!(p::read, p::change, p::remove))
        .routes(routes!(p::undo))
        .routes(routes!(dashboard::read))
        .routes(routes!(books::balances))
        .routes(routes!(books::list, books::settle))
        .routes(routes!(books::read, books::take_back))
        .routes(routes!(rates::list))
        .routes(routes!(rates::set, rates::forget))
        .merge(documents)
        .with_state(tracker)
}
