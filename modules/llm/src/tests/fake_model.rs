//! A model server on this machine: it answers as it is told, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use platform::lifecycle::Tasks;
use serde_json::{Value, json};

/// How it answers.
#[derive(Debug, Clone)]
pub(crate) enum Manners {
    /// With those words.
    Says(String),
    /// With that status.
    Fails(u16),
    /// Never.
    Hangs,
}

#[derive(Debug)]
struct Known {
    manners: Manners,
    heard: Vec<(HeaderMap, Value)>,
}

/// For as long as the test runs.
#[derive(Debug, Clone)]
pub(crate) struct FakeModel {
    known: Arc<Mutex<Known>>,
    url: String,
}

impl FakeModel {
    pub(crate) async fn open() -> Self {
        let known = Arc::new(Mutex::new(Known { manners: Manners::Fails(500), heard: Vec::new() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/v1/chat/completions", axum::routing::post(answer))
            .route("/v1/audio/transcriptions", axum::routing::post(write_down))
            .with_state(Arc::clone(&known));
        Tasks::new().spawn("model", async move { axum::serve(listener, router).await.unwrap() });
        Self { known, url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn behaves(&self, manners: Manners) {
        self.known.lock().unwrap().manners = manners;
    }

    pub(crate) fn says(&self, words: &impl ToString) {
        self.behaves(Manners::Says(words.to_string()));
    }

    /// What it was asked, with the headers.
    pub(crate) fn heard(&self) -> Vec<(HeaderMap, Value)> {
        self.known.lock().unwrap().heard.clone()
    }
}

async fn answer(
    State(known): State<Arc<Mutex<Known>>>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Response {
    let manners = {
        let mut known = known.lock().unwrap();
        known.heard.push((headers, asked));
        known.manners.clone()
    };
    match manners {
        Manners::Says(words) => Json(json!({
            "choices": [{"message": {"role": "assistant", "content": words}}],
            "usage": {"prompt_tokens": 600, "completion_tokens": 100},
        }))
        .into_response(),
        Manners::Fails(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Manners::Hangs => std::future::pending().await,
    }
}

/// What was recorded is heard as text: the whole form.
async fn write_down(
    State(known): State<Arc<Mutex<Known>>>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Response {
    let manners = {
        let mut known = known.lock().unwrap();
        known.heard.push((headers, Value::from(String::from_utf8_lossy(&body).into_owned())));
        known.manners.clone()
    };
    match manners {
        Manners::Says(words) => Json(json!({"text": words})).into_response(),
        Manners::Fails(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Manners::Hangs => std::future::pending().await,
    }
}

/// An entry of an answer that keeps to the schema.
pub(crate) fn entry(event: &str, name: &str, price: Option<&str>, cycle: Option<&str>) -> Value {
    json!({
        "event": event, "event_words": null, "name_words": name, "plan_words": null, "price_words": price,
        "cycle_every": cycle.map(|_| 1), "cycle_unit": cycle.map(|_| "month"), "cycle_words": cycle,
        "first_charge_words": null, "next_charge_words": null, "trial_ends_words": null,
        "effective_words": null, "category": null,
    })
}

pub(crate) fn sheet(entries: &[Value]) -> Value {
    json!({"subscriptions": entries})
}
