//! A thin client of the API.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::wire::{Message, Page, Payment, ProblemBody, Subscription, Tokens};

/// Somebody who speaks to the API. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    household: Option<String>,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    asked: String,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Client {
    /// Every test member's password.
    pub const PASSWORD: &str = "correct horse battery staple";

    pub(crate) fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        Self { http, base: base.to_owned(), token: None, household: None }
    }

    /// The same, with an access token.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same person, asking another instance.
    #[must_use]
    pub fn asking(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The same person, acting for that household.
    #[must_use]
    pub fn acting_for(&self, household: &str) -> Self {
        Self { household: Some(household.to_owned()), ..self.clone() }
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Logs in with the password all test members have.
    pub async fn log_in(&self, email: &str) -> Self {
        let tokens: Tokens = self.post("/v1/auth/login", &credentials(email)).await.expect(200).json();
        self.bearing(&tokens.access_token)
    }

    /// The same, when the program may go away meanwhile.
    ///
    /// # Errors
    /// When there was no whole answer.
    pub async fn try_log_in(&self, email: &str) -> Result<Self, reqwest::Error> {
        let request = self.request(Method::POST, "/v1/auth/login").json(&credentials(email));
        let tokens: Tokens = Answer::of(request).await?.expect(200).json();
        Ok(self.bearing(&tokens.access_token))
    }

    /// A request to be finished and sent by [`Answer::of`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(household) = &self.household {
            request = request.header("Perennial-Household", household);
        }
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    /// `GET`, when the program may go away meanwhile.
    ///
    /// # Errors
    /// When there was no whole answer.
    pub async fn try_get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_send(Method::POST, path, body).await.unwrap()
    }

    /// `PUT` with a body.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.try_send(Method::PUT, path, body).await.unwrap()
    }

    /// `PATCH` with a JSON merge patch.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.try_send(Method::PATCH, path, body).await.unwrap()
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await.unwrap()
    }

    /// `POST` without a body.
    pub async fn act(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::POST, path)).await.unwrap()
    }

    /// A request with a JSON body, when the program may go away meanwhile.
    ///
    /// # Errors
    /// When there was no whole answer.
    pub async fn try_send(&self, method: Method, path: &str, body: &Value) -> Result<Answer, reqwest::Error> {
        Answer::of(self.request(method, path).json(body)).await
    }

    /// Begins to track a subscription.
    pub async fn create(&self, body: &Value) -> Subscription {
        self.post("/v1/subscriptions", body).await.expect(201).json()
    }

    /// Reads one.
    pub async fn subscription(&self, id: &str) -> Subscription {
        self.get(&format!("/v1/subscriptions/{id}")).await.expect(200).json()
    }

    /// All of them, page by page.
    pub async fn subscriptions(&self) -> Vec<Subscription> {
        self.all("/v1/subscriptions").await
    }

    /// All payments of one.
    pub async fn payments(&self, id: &str) -> Vec<Payment> {
        self.all(&format!("/v1/subscriptions/{id}/payments")).await
    }

    /// The days on which payments of one fell due, in order.
    pub async fn due_dates(&self, id: &str) -> Vec<String> {
        let mut dates: Vec<String> =
            self.payments(id).await.into_iter().map(|payment| payment.due_on).collect();
        dates.sort_unstable();
        dates
    }

    /// Says something.
    pub async fn say(&self, text: &str) -> Message {
        self.post("/v1/messages", &json!({"text": text})).await.expect(201).json()
    }

    /// A whole list, page by page.
    pub async fn all<T: DeserializeOwned>(&self, path: &str) -> Vec<T> {
        let mut all = Vec::new();
        let mut next = Some(format!("{path}?limit=100"));
        while let Some(asked) = next {
            let page: Page<T> = self.get(&asked).await.expect(200).json();
            all.extend(page.data);
            next = page.next_cursor.map(|cursor| format!("{path}?limit=100&cursor={cursor}"));
        }
        all
    }
}

fn credentials(email: &str) -> Value {
    json!({"email": email, "password": Client::PASSWORD})
}

impl Answer {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When there was none.
    pub async fn of(request: RequestBuilder) -> Result<Self, reqwest::Error> {
        let (client, request) = request.build_split();
        let request = request?;
        let asked = format!("{} {}", request.method(), request.url().path());
        let response = client.execute(request).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        Ok(Self { asked, status, headers, body })
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether it has a field.
    pub fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// Goes on when the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.asked, String::from_utf8_lossy(&self.body));
        self
    }

    /// The body, typed.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{}: {error} in {}", self.asked, String::from_utf8_lossy(&self.body))
        })
    }

    /// The body as JSON.
    #[track_caller]
    pub fn value(&self) -> Value {
        self.json()
    }

    /// The problem document, which must be whole and of this status.
    #[track_caller]
    pub fn problem(self, status: u16) -> ProblemBody {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.asked);
        let problem: ProblemBody = answer.json();
        assert_eq!(problem.status, status);
        assert!(problem.kind.starts_with("/problems/"), "{problem:?}");
        assert_eq!(problem.request_id, answer.header("x-request-id"));
        assert!(answer.asked.ends_with(&problem.instance), "{problem:?}");
        problem
    }
}
