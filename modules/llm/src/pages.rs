//! The quick add.

use std::sync::Arc;

use axum::Router;

use crate::Reader;

pub(crate) fn routes(reader: Arc<Reader>) -> Router {
    Router::new().with_state(reader)
}
