//! Sign-up, log-in, log-out.

use std::sync::Arc;

use axum::Router;

use crate::Auth;

pub(crate) fn routes(auth: Arc<Auth>) -> Router {
    Router::new().with_state(auth)
}
