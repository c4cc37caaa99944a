//! Dashboard, list, detail, rates, forms: what a browser shows. Every page works without scripts.

mod act;
mod add;
mod balances;
mod brand;
mod budgets;
mod bulk;
mod calendar;
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
mod folds;
mod form;
mod frame;
mod imports;
mod list;
mod more;
mod outlook;
mod overtaken;
mod payments;
mod prices;
mod rates;
mod reminders;
mod sharing;
mod sheet;
mod sorting;
mod spending;
#[cfg(test)]
mod tests;
mod whose;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    routing::{get, post},
};

use crate::{Tracker, upload};

pub(crate) use imports::IMPORTS;

/// What every handler is given.
type Known = State<Arc<Tracker>>;

/// Where a form sends documents to.
pub(crate) const DOCUMENTS: &str = "/payments/{id}/documents";

pub(crate) fn routes(tracker: Arc<Tracker>) -> Router {
    Router::new()
        .route("/dashboard", get(dashboard::show))
        .route("/figures", get(spending::show))
        .route("/figures/outlook", get(outlook::show))
        .route("/calendar", get(calendar::show))
        .route("/budgets", get(budgets::show).post(budgets::create))
        .route("/budgets/{id}", post(budgets::change))
        .route("/rates", get(rates::show).post(rates::set))
        .route("/rates/remove", post(rates::remove))
        .route("/reminders", get(reminders::show))
        .route("/subscriptions", get(list::show).post(add::create))
        .route("/subscriptions/new", get(add::show))
        .route("/subscriptions/new/dates", post(add::dates))
        .route("/subscriptions/bulk", post(bulk::apply))
        .route("/subscriptions/sorting", get(sorting::show).post(sorting::create))
        .route("/subscriptions/sorting/{kind}/{id}", post(sorting::change))
        .route("/subscriptions/{id}", get(detail::show))
        .route("/subscriptions/{id}/edit", get(edit::show).post(edit::save))
        .route("/subscriptions/{id}/dates", post(edit::dates))
        .route("/subscriptions/{id}/prices", post(prices::plan))
        .route("/subscriptions/{id}/pause", post(act::pause))
        .route("/subscriptions/{id}/resume", post(act::resume))
        .route("/subscriptions/{id}/cancel", get(confirm::cancel).post(act::cancel))
        .route("/subscriptions/{id}/reactivate", post(act::reactivate))
        .route("/subscriptions/{id}/sharing", get(sharing::show).post(sharing::save))
        .route("/balances", get(balances::show).post(balances::settle))
        .route("/balances/{id}/delete", post(balances::take_back))
        .route("/subscriptions/{id}/delete", get(confirm::delete).post(delete::delete))
        .merge(payment_routes())
        .route("/calendar/feeds", get(feeds::show).post(feeds::open))
        .route("/calendar/feeds/{id}/revoke", post(feeds::revoke))
        .route("/calendar/{file}", get(feed::read))
        .merge(imports::routes())
        .with_state(tracker)
}

fn payment_routes() -> Router<Arc<Tracker>> {
    use payments::{act, documents, enter, list, show};
    Router::new()
        .route(DOCUMENTS, post(documents::attach).layer(DefaultBodyLimit::max(upload::BODY_LIMIT)))
        .route("/payments", get(list::show))
        .route("/payments/{id}", get(show::show))
        .route("/payments/{id}/paid", post(act::paid))
        .route("/payments/{id}/failed", post(act::failed))
        .route("/payments/{id}/skipped", post(act::skipped))
        .route("/payments/{id}/refunded", post(act::refunded))
        .route("/payments/{id}/edit", post(act::correct))
        .route("/payments/{id}/undo", post(act::undo))
        .route("/payments/{id}/remove", post(act::remove))
        .route("/payments/{id}/documents/{document_id}", get(documents::read))
        .route("/payments/{id}/documents/{document_id}/remove", post(documents::remove))
        .route("/subscriptions/{id}/payments", post(enter::record))
        .route("/subscriptions/{id}/payments/new", get(enter::show))
}
