//! Dashboard, list, detail, forms.

use std::sync::Arc;

use axum::Router;

use crate::Tracker;

pub(crate) fn routes(tracker: Arc<Tracker>) -> Router {
    Router::new().with_state(tracker)
}
