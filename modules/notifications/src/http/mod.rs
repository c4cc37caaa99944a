//! `/v1/notifications`, `/v1/deliveries`, `/v1/notification-preferences`.

mod bodies;
mod channels;
mod deliveries;
mod notifications;
mod preferences;
mod stream;
mod webhooks;

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::service::Herald;

pub(crate) use bodies::path;
pub(crate) use preferences::{DigestBody, PreferencesBody, QuietBody};
pub(crate) use stream::{LastSeen, watch};

pub(crate) fn routes(herald: Arc<Herald>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(notifications::list))
        .routes(routes!(notifications::read))
        .routes(routes!(notifications::one))
        .routes(routes!(notifications::done, notifications::undone))
        .routes(routes!(notifications::snooze))
        .routes(routes!(notifications::send_again))
        .routes(routes!(stream::stream))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::one))
        .routes(routes!(channels::list, channels::add))
        .routes(routes!(channels::one, channels::change, channels::remove))
        .routes(routes!(channels::test))
        .routes(routes!(channels::kinds))
        .routes(routes!(preferences::get, preferences::put))
        .routes(routes!(webhooks::list, webhooks::add))
        .routes(routes!(webhooks::one, webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::resend_missed))
        .routes(routes!(webhooks::attempts))
        .routes(routes!(webhooks::messages))
        .routes(routes!(webhooks::message))
        .routes(routes!(webhooks::resend))
        .with_state(herald)
}
