//! `/v1/subscriptions…`, `/v1/payments…`, `/v1/dashboard`, `/v1/rates…`, `/v1/catalog`, `/v1/calendar-feeds…`,
//! `/v1/balances`, `/v1/settlements…`, what subscriptions are sorted by, `/v1/imports…` and `/v1/exports/…`

mod bodies;
mod books;
mod budgets;
mod catalog;
mod dashboard;
mod documents;
mod exports;
mod feeds;
mod imports;
mod labels;
mod parts;
mod payments;
mod rates;
mod reminders;
mod sharing;
mod statistics;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, State},
    middleware,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Tracker, answers, sent, upload};

pub(crate) use exports::{download, written};
pub(crate) use imports::IMPORTS;

/// Where documents are sent to.
pub(crate) const DOCUMENTS: &str = "/v1/payments/{id}/documents";

/// Files in and out, and what is worked out over many years: under load these are refused before others.
pub(crate) const BULK: [&str; 5] =
    [IMPORTS, "/v1/imports/{id}/apply", "/v1/imports/{id}/undo", "/v1/exports/csv", "/v1/exports/json"];
/// What settles money: under load this is refused last.
pub(crate) const PAYMENTS: [&str; 6] = [
    "/v1/payments",
    "/v1/payments/{id}",
    "/v1/payments/{id}/undo",
    "/v1/subscriptions/{id}/payments",
    "/v1/settlements",
    "/v1/settlements/{id}",
];

/// What every handler is given.
type Known = State<Arc<Tracker>>;

pub(crate) fn routes(tracker: Arc<Tracker>) -> OpenApiRouter {
    use {documents as d, payments as p, subscriptions as s};
    let documents = OpenApiRouter::new()
        .routes(routes!(d::list, d::attach))
        .routes(routes!(d::read, d::remove))
        .layer(DefaultBodyLimit::max(upload::BODY_LIMIT));
    let files = OpenApiRouter::new()
        .routes(routes!(imports::list, imports::receive))
        .layer(DefaultBodyLimit::max(sent::BODY_LIMIT));
    OpenApiRouter::new()
        .merge(files)
        .routes(routes!(imports::read, imports::change, imports::delete))
        .routes(routes!(imports::items))
        .routes(routes!(imports::apply))
        .routes(routes!(imports::undo))
        .routes(routes!(exports::json))
        .routes(routes!(exports::csv))
        .routes(routes!(s::list, s::create))
        .routes(routes!(s::read, s::change, s::delete))
        .routes(routes!(s::pause))
        .routes(routes!(s::resume))
        .routes(routes!(s::cancel))
        .routes(routes!(s::reactivate))
        .routes(routes!(s::payments))
        .routes(routes!(s::prices, s::plan_prices))
        .merge(labels::routes())
        .merge(budgets::routes())
        .merge(statistics::routes())
        .routes(routes!(p::list, p::record))
        .routes(routes!(p::read, p::change, p::remove))
        .routes(routes!(p::undo))
        .routes(routes!(dashboard::read))
        .routes(routes!(books::balances))
        .routes(routes!(books::list, books::settle))
        .routes(routes!(books::read, books::take_back))
        .routes(routes!(rates::list))
        .routes(routes!(rates::set, rates::forget))
        .routes(routes!(reminders::list))
        .merge(documents)
        .routes(routes!(catalog::list))
        .routes(routes!(feeds::list, feeds::open))
        .routes(routes!(feeds::revoke))
        .layer(middleware::from_fn_with_state(Arc::clone(&tracker), answers::remember))
        .with_state(tracker)
}
