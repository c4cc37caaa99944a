//! Settings.

mod choices;
mod settings;

use std::sync::Arc;

use axum::{Router, routing::get};

use crate::People;

pub(crate) fn routes(people: Arc<People>) -> Router {
    Router::new().route("/settings", get(settings::show).post(settings::submit)).with_state(people)
}
