//! Those who are reminded.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::time};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    Plan,
    outside::{KINDS, Outside},
};
use crate::{Answer, Client, Instance, Setup, eventually, eventually_within};

/// How many write at the same time.
const WRITERS: usize = 8;
/// How long everything may take once nobody is killed any more: longer than a lease holds.
const PATIENCE: Duration = Duration::from_secs(600);

/// People and what they are to be told.
pub(super) struct People {
    /// By person, by what: `Service 00017`.
    services: Vec<Vec<String>>,
}

/// A notification, as much of it as is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Notification {
    pub(super) id: String,
    pub(super) title: String,
}

/// A delivery, as much of it as is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Delivery {
    pub(super) notification_id: String,
    pub(super) channel_kind: String,
    pub(super) state: String,
}

/// What a person sees.
pub(super) struct Found {
    pub(super) notifications: Vec<Notification>,
    pub(super) deliveries: Vec<Delivery>,
}

fn name(person: usize) -> String {
    format!("person-{person}")
}

/// The kinds of their channels: everybody has the first, and one of the others.
pub(super) fn channels(person: usize) -> [&'static str; 2] {
    [KINDS[0], KINDS[1 + person % 2]]
}

impl People {
    /// They make an account, set up their channels, and track their subscriptions.
    pub(super) async fn make(
        setup: &Setup,
        plan: &Plan,
        outside: &Outside,
        (born, due): (&str, &str),
    ) -> Self {
        let app = setup.start_at(born).await;
        let mut services = vec![Vec::new(); plan.people];
        (0..plan.due).for_each(|number| services[number % plan.people].push(format!("Service {number:05}")));
        for (person, services) in services.iter().enumerate() {
            let client = app.member(&name(person)).await;
            // One after the other, for as long as the program is killed.
            let wait = SignedDuration::from_mins(i64::try_from(person * plan.kills / plan.people).unwrap());
            let wish = json!({"reminder_time": (time(9, 0, 0, 0) + wait).strftime("%H:%M").to_string()});
            client.patch("/v1/me", &wish).await.expect(200);
            for kind in channels(person) {
                client.post("/v1/channels", &outside.channel(kind, person)).await.expect(201);
            }
            track(&client, services).await;
            // Their wish is news that travels.
            let first = (due.parse::<Timestamp>().unwrap() + wait).to_string();
            eventually("the plan by their wish", async || {
                let plan = client.get("/v1/reminders?limit=1").await.expect(200).value();
                (plan["data"][0]["planned_for"] == first).then_some(())
            })
            .await;
        }
        told_everything(setup, &app).await;
        app.stop().await;
        Self { services }
    }

    /// All that is to be told, by whom.
    pub(super) fn services(&self) -> &[Vec<String>] {
        &self.services
    }

    /// What each sees once nothing is on its way any more.
    pub(super) async fn found(&self, app: &Instance) -> Vec<Found> {
        let mut found = Vec::new();
        for (person, services) in self.services.iter().enumerate() {
            let client = app.visitor().log_in(&format!("{}@example.org", name(person))).await;
            eventually_within(PATIENCE, "everything to be told and sent", async || {
                let planned = client.get("/v1/deliveries?state=planned&limit=1").await.expect(200).value();
                let is_done = planned["data"].as_array().unwrap().is_empty();
                (is_done && notifications(&client).await.len() >= services.len()).then_some(())
            })
            .await;
            let (notifications, deliveries) =
                (notifications(&client).await, client.all("/v1/deliveries").await);
            found.push(Found { notifications, deliveries });
        }
        found
    }
}

async fn notifications(client: &Client) -> Vec<Notification> {
    client.all("/v1/notifications").await
}

/// Waits until all that was said so far has been told: what is killed later is to be busy with reminders, and not with
/// how they came about.
async fn told_everything(setup: &Setup, app: &Instance) {
    let pending = "perennial_events_pending{";
    eventually_within(PATIENCE, "what was said to be told", async || {
        let metrics = app.visitor().get("/metrics").await.expect(200).text();
        let left = metrics.lines().any(|line| line.starts_with(pending) && !line.ends_with(" 0"));
        (!left && setup.waiting().await == 0).then_some(())
    })
    .await;
}

async fn track(client: &Client, services: &[String]) {
    let mut writing = JoinSet::new();
    for service in services {
        if writing.len() == WRITERS {
            writing.join_next().await.unwrap().unwrap();
        }
        let body = json!({
            "name": service,
            "price": {"amount": "499.00", "currency": "INR"},
            "cycle": {"every": 1, "unit": "month"},
        });
        let request = client.request(Method::POST, "/v1/subscriptions").json(&body);
        writing.spawn(async move {
            let _ = Answer::of(request).await.unwrap().expect(201);
        });
    }
    writing.join_all().await;
}
