//! Whole-system tests against the built binary. A file a topic.
#![expect(clippy::unwrap_used, reason = "all of this is test code: what cannot be had has failed")]

mod administration;
mod authentication;
mod bad_input;
mod catalogue_and_calendar;
mod chaos;
mod clock;
mod command_line;
mod contract;
mod crashes;
mod erasing;
mod figures;
mod help;
mod households;
mod imports;
mod letters;
mod life;
mod limits;
mod lists;
mod load;
mod mail_in;
mod models;
mod nats;
mod notifications;
mod operations;
mod outages;
mod pages;
mod privacy;
mod processes;
mod pushing;
mod rates;
mod reminders;
mod repeating;
mod routes;
mod security;
mod sorting;
mod tour;
mod webhooks;

use serde_json::{Value, json};
use tokio::task::JoinSet;

/// The smallest body that makes a subscription.
fn monthly(name: &str) -> Value {
    json!({
        "name": name,
        "price": {"amount": "499.00", "currency": "INR"},
        "cycle": {"every": 1, "unit": "month"},
    })
}

/// A body with one member more, or another.
fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

/// The statuses of the same request sent by many at once, in order.
async fn at_once<F: Future<Output = e2e::Answer> + Send + 'static>(
    requests: impl Iterator<Item = F>,
) -> Vec<u16> {
    let answers = requests.collect::<JoinSet<_>>().join_all().await;
    let mut statuses: Vec<u16> = answers.iter().map(e2e::Answer::status).collect();
    statuses.sort_unstable();
    statuses
}
