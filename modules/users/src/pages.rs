//! Settings.

use std::sync::Arc;

use axum::Router;

use crate::People;

pub(crate) fn routes(people: Arc<People>) -> Router {
    Router::new().with_state(people)
}
