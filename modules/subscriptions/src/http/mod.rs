//! `/v1/subscriptions…`, `/v1/payments…`, `/v1/dashboard`, `/v1/rates…`, `/v1/catalog`, `/v1/calendar-feeds…`, and what
//! subscriptions are sorted by

mod bodies;
mod catalog;
mod dashboard;
mod documents;
mod feeds;
mod labels;
mod parts;
mod payments;
mod rates;
mod reminders;
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
        .routes(routes!(rates::list))
        .routes(routes!(rates::set, rates::forget))
        .routes(routes!(reminders::list))
        .merge(documents)
        .routes(routes!(catalog::list))
        .routes(routes!(feeds::list, feeds::open))
        .routes(routes!(feeds::revoke))
        .with_state(tracker)
}
