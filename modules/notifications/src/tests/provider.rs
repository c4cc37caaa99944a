//! A provider to send to: it answers as it is told, and remembers what it was sent.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use platform::lifecycle::Tasks;
use serde_json::Value;

use crate::{
    channels::{Ask, Reply},
    outside::{Outside, Unanswered, Web},
};

/// How it answers under a path.
#[derive(Debug, Clone)]
pub(crate) enum Manners {
    /// With that status, headers and body.
    Says(u16, Vec<(&'static str, String)>, String),
    /// Never.
    Hangs,
}

/// What it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Bytes,
}

impl Heard {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Debug, Default)]
struct Known {
    manners: HashMap<String, Manners>,
    heard: Vec<Heard>,
}

/// A provider on this machine, for as long as the test runs.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    known: Arc<Mutex<Known>>,
    pub(crate) address: String,
    tasks: Tasks,
}

impl Provider {
    pub(crate) async fn open() -> Self {
        let known: Arc<Mutex<Known>> = Arc::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&known));
        let tasks = Tasks::new();
        tasks.spawn("provider", async move { axum::serve(listener, router).await.unwrap() });
        Self { known, address, tasks }
    }

    /// How it answers under a path from now on; elsewhere it says 204.
    pub(crate) fn answers(&self, path: &str, manners: Manners) {
        self.known.lock().unwrap().manners.insert(path.to_owned(), manners);
    }

    pub(crate) fn says(&self, path: &str, status: u16, body: &str) {
        self.answers(path, Manners::Says(status, Vec::new(), body.to_owned()));
    }

    /// What it was sent under a path.
    pub(crate) fn heard(&self, path: &str) -> Vec<Heard> {
        self.known.lock().unwrap().heard.iter().filter(|heard| heard.path == path).cloned().collect()
    }

    /// Everything it was sent.
    pub(crate) fn heard_all(&self) -> Vec<Heard> {
        self.known.lock().unwrap().heard.clone()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        if Arc::strong_count(&self.known) <= 2 {
            self.tasks.drain();
        }
    }
}

async fn answer(State(known): State<Arc<Mutex<Known>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let manners = {
        let mut known = known.lock().unwrap();
        known.heard.push(Heard { path: path.clone(), headers, body });
        known.manners.get(&path).or_else(|| known.manners.get("*")).cloned()
    };
    match manners {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(Manners::Hangs) => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            StatusCode::NO_CONTENT.into_response()
        }
        Some(Manners::Says(status, headers, body)) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
    }
}

/// The real way to ask, but every host is a provider of ours.
pub(crate) struct Rerouted {
    pub(crate) web: Web,
    pub(crate) provider: Provider,
}

#[async_trait]
impl Outside for Rerouted {
    async fn ask(&self, ask: &Ask) -> Result<Reply, Unanswered> {
        let url: http::Uri = ask.url.parse().unwrap();
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        self.web.ask(&Ask { url: self.provider.url(path), ..ask.clone() }).await
    }

    fn rests(&self, host: &str) -> Option<Duration> {
        self.web.rests(host)
    }
}
