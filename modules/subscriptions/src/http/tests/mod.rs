//! The ledger as programs and browsers see it: the module's own routes, on both databases.

mod answers;
mod documents;
mod ledger;
mod pages;
mod strangers;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use kernel::{Actor, Id, Kind, Role, UserId};
use platform::{
    db::{Database, Json},
    sql,
    testing::SetClock,
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Deps, SubscriptionsSettings, Tracker, domain::testing::id, jobs, testing::Neighbours};

/// One of a household of their own.
fn person(number: u32) -> Actor {
    let user: UserId = id(number);
    Actor::at_home(user, Role::User, id(number))
}

/// The module at work.
struct House {
    tracker: Arc<Tracker>,
    api: Router,
    pages: Router,
    clock: Arc<SetClock>,
    database: Database,
}

/// What was answered.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn pointer(&self) -> String {
        self.json()["errors"][0]["pointer"].as_str().unwrap().to_owned()
    }
}

impl House {
    /// At noon of 10 May 2026 in Kolkata.
    fn open(database: Database) -> Self {
        Self::with_memory(database, 16)
    }

    /// The same, with so many megabytes to remember answers in.
    fn with_memory(database: Database, megabytes: u32) -> Self {
        Self::sharing(database, megabytes, None)
    }

    /// The same, with others who keep what they computed for one another.
    fn sharing(database: Database, megabytes: u32, shared: Option<crate::Shared>) -> Self {
        let mut settings: SubscriptionsSettings = platform::settings::Source::new().section();
        settings.answers_memory = megabytes;
        let clock = SetClock::at("2026-05-10T06:30:00Z");
        let neighbours = Neighbours::living_in("Asia/Kolkata");
        let tracker = Arc::new(Tracker::new(Deps {
            database: database.clone(),
            clock: clock.clone(),
            ids: platform::testing::ids(),
            users: neighbours.clone(),
            rosters: neighbours,
            shared,
            outbound: platform::testing::outbound(),
            rates: platform::settings::Source::new().section(),
            settings,
        }));
        let api = super::routes(Arc::clone(&tracker)).split_for_parts().0;
        let pages = crate::pages::routes(Arc::clone(&tracker));
        Self { tracker, api, pages, clock, database }
    }

    async fn ask(&self, actor: Actor, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(actor);
        let router = if request.uri().path().starts_with("/v1/") { &self.api } else { &self.pages };
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn send(&self, actor: Actor, method: Method, path: &str, body: &Value) -> Answer {
        self.send_if(actor, method, path, "*", body).await
    }

    async fn send_if(&self, actor: Actor, method: Method, path: &str, tag: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("If-Match", tag);
        let request = match body {
            Value::Null => request.body(Body::empty()),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                request.header("Content-Type", "application/json").body(Body::from(body.to_string()))
            }
        };
        self.ask(actor, request.unwrap()).await
    }

    async fn get(&self, actor: Actor, path: &str) -> Answer {
        self.send(actor, Method::GET, path, &Value::Null).await
    }

    async fn submit(&self, actor: Actor, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header("Content-Type", "application/x-www-form-urlencoded");
        self.ask(actor, request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Sends a file as forms do.
    async fn upload(&self, actor: Actor, path: &str, name: &str, kind: &str, content: &[u8]) -> Answer {
        let mut body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = Request::post(path).header("Content-Type", "multipart/form-data; boundary=edge");
        self.ask(actor, request.body(Body::from(body)).unwrap()).await
    }

    /// 499 rupees a month that wait to be paid by hand, since `first_charge_on`.
    async fn netflix(&self, actor: Actor, first_charge_on: &str, more: Value) -> String {
        let mut body = json!({
            "name": "Netflix",
            "price": {"amount": "499.00", "currency": "INR"},
            "cycle": {"every": 1, "unit": "month"},
            "first_charge_on": first_charge_on,
            "auto_renew": false,
        });
        for (member, value) in more.as_object().into_iter().flatten() {
            body[member] = value.clone();
        }
        let made = self.send(actor, Method::POST, "/v1/subscriptions", &body).await.expect(201);
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// A subscription with one payment that is due today, and that payment.
    async fn due(&self, actor: Actor) -> (String, String) {
        let subscription = self.netflix(actor, "2026-05-10", Value::Null).await;
        let payments = self.payments(actor, &subscription).await;
        (subscription, payments[0]["id"].as_str().unwrap().to_owned())
    }

    async fn payments(&self, actor: Actor, subscription: &str) -> Vec<Value> {
        let path = format!("/v1/payments?subscription_id={subscription}&limit=100");
        self.get(actor, &path).await.expect(200).json()["data"].as_array().unwrap().clone()
    }

    async fn subscription(&self, actor: Actor, id: &str) -> Value {
        self.get(actor, &format!("/v1/subscriptions/{id}")).await.expect(200).json()
    }

    /// Lets time pass, and the sweep run until there is nothing left to do.
    async fn live_until(&self, instant: &str) {
        self.clock.set(instant);
        let job = jobs::jobs(
            &self.tracker,
            platform::testing::outbound(),
            platform::settings::Source::new().section(),
        )
        .remove(0);
        while job.work.run().await.unwrap() == platform::jobs::Progress::More {}
    }

    /// The kinds of events that were told, in order, those of payments alone.
    async fn told(&self) -> Vec<String> {
        let rows: Vec<(Json<Value>,)> =
            self.database.all(sql!("SELECT event FROM outbox ORDER BY sequence LIMIT 1000")).await.unwrap();
        let kinds = rows.iter().map(|(Json(event),)| event["type"].as_str().unwrap().to_owned());
        kinds.filter(|kind| kind.starts_with("payment.")).collect()
    }
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

/// The id of a kind as text, which nobody has.
fn nobodys<K: Kind>() -> String {
    let id: Id<K> = id(0xdead);
    id.to_string()
}
