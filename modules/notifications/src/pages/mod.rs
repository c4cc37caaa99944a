//! The inbox, how one wants to be told, and what became of everything.

mod channels;
mod deliveries;
mod frame;
mod inbox;
mod one;
mod preferences;
mod unsubscribe;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::http::{Problem, VisitorAsSelf};

use crate::{
    http::{LastSeen, watch},
    service::Herald,
};

/// What the pages work with.
type Known = State<Arc<Herald>>;

pub(crate) fn routes(herald: Arc<Herald>) -> Router {
    Router::new()
        .route("/notifications", get(inbox::show))
        .route("/notifications/read", post(inbox::read))
        .route("/notifications/stream", get(stream))
        .route("/notifications/preferences", get(preferences::show).post(preferences::submit))
        .route("/notifications/deliveries", get(deliveries::show))
        .route("/notifications/deliveries/{id}", get(deliveries::one))
        .route("/notifications/channels", get(channels::list).post(channels::add))
        .route("/notifications/channels/new", get(channels::new))
        .route("/notifications/channels/{id}", get(channels::show).post(channels::change))
        .route("/notifications/channels/{id}/test", post(channels::test))
        .route("/notifications/channels/{id}/switch", post(channels::switch))
        .route("/notifications/channels/{id}/remove", get(channels::ask_to_remove).post(channels::remove))
        .route("/notifications/unsubscribe/{id}/{token}", get(unsubscribe::ask).post(unsubscribe::stop))
        .route("/notifications/webhooks", get(webhooks::list).post(webhooks::add))
        .route("/notifications/webhooks/{id}", get(webhooks::show).post(webhooks::change))
        .route("/notifications/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/notifications/webhooks/{id}/test", post(webhooks::test))
        .route("/notifications/webhooks/{id}/switch", post(webhooks::switch))
        .route("/notifications/webhooks/{id}/missed", post(webhooks::resend_missed))
        .route("/notifications/webhooks/{id}/remove", get(webhooks::ask_to_remove).post(webhooks::remove))
        .route(
            "/notifications/webhooks/{id}/messages/{message}",
            get(webhooks::message).post(webhooks::resend),
        )
        .route("/notifications/{id}", get(one::show))
        .route("/notifications/{id}/done", post(one::done))
        .route("/notifications/{id}/undone", post(one::undone))
        .route("/notifications/{id}/snooze", post(one::snooze))
        .route("/notifications/{id}/send-again", post(one::send_again))
        .route("/notifications/{id}/mute", post(one::mute))
        .with_state(herald)
}

/// The stream for the bell, which knows the cookie alone.
async fn stream(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    last: LastSeen,
) -> Result<Response, Problem> {
    watch(herald, actor.user, last).await
}
