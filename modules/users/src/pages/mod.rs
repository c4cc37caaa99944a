//! Settings, the household, its members, and the way into it.

mod choices;
mod frame;
mod household;
mod invitation;
mod member;
mod settings;
mod switch;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

use crate::People;

pub(crate) fn routes(people: Arc<People>) -> Router {
    Router::new()
        .route("/settings", get(settings::show).post(settings::submit))
        .route("/household", get(household::show))
        .route("/household/name", post(household::rename))
        .route("/household/switch", post(switch::submit))
        .route("/household/leave", get(household::ask_to_leave).post(household::leave))
        .route("/household/members", post(member::add))
        .route("/household/members/{id}", get(member::show).post(member::change))
        .route("/household/members/{id}/remove", get(member::ask_to_remove).post(member::remove))
        .route("/household/invitations", post(household::invite))
        .route("/household/invitations/{id}/revoke", post(household::revoke))
        .route("/invitations/{token}", get(invitation::show).post(invitation::accept))
        .with_state(people)
}
