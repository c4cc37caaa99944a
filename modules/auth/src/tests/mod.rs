//! The module as its neighbours and its users see it, on both databases.

mod api_keys;
mod factors;
mod log_in;
mod outside;
mod passkeys;
mod passwords;
mod service_tokens;
mod sessions;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, Method, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::{
    CallError,
    auth::Authentication,
    users::{Account, Home, Household, Member, Membership, Profile, Reminders, Users},
};
use kernel::{Clock, HouseholdId, Role, UserId};
use platform::{
    db::Database,
    http::{ClientAddress, Peer},
    mail::{Handed, Letter, Mailer},
    sealing::Sealing,
    settings::Source,
    testing::{SetClock, ids},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Auth, Deps, Registration};

pub(crate) const START: &str = "2026-05-05T06:30:00Z";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// What users knows of people: what auth told it.
#[derive(Default)]
struct People(Mutex<Vec<Account>>);

#[async_trait]
impl Users for People {
    async fn open_account(&self, account: &Account) -> Result<(), CallError> {
        self.0.lock().unwrap().push(account.clone());
        Ok(())
    }

    async fn household(&self, _: HouseholdId) -> Result<Option<Household>, CallError> {
        Ok(None)
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError> {
        Ok(self.0.lock().unwrap().iter().find(|account| account.user == user).cloned())
    }

    async fn membership(&self, _: UserId, _: HouseholdId) -> Result<Option<Membership>, CallError> {
        Ok(None)
    }

    async fn members(&self, _: HouseholdId) -> Result<Vec<Member>, CallError> {
        Ok(Vec::new())
    }

    async fn households(&self, _: UserId) -> Result<Vec<Home>, CallError> {
        Ok(Vec::new())
    }
}

/// A mail server that says what it is told to say.
#[derive(Default)]
pub(crate) struct Post {
    pub(crate) letters: Mutex<Vec<Letter>>,
    pub(crate) says: Mutex<Option<Handed>>,
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, letter: &Letter) -> Handed {
        if let Some(said) = self.says.lock().unwrap().clone() {
            return said;
        }
        self.letters.lock().unwrap().push(letter.clone());
        Handed::Taken("250 OK".into())
    }
}

/// One process of an installation.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) auth: Arc<Auth>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) database: Database,
    users: Arc<People>,
    post: Option<Arc<Post>>,
    router: Router,
}

/// An answer of the API.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    #[track_caller]
    pub(crate) fn text(&self, member: &str) -> String {
        self.body[member].as_str().unwrap_or_else(|| panic!("no {member} in {}", self.body)).to_owned()
    }
}

/// A page, or where it leads.
pub(crate) struct Page {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Page {
    #[track_caller]
    pub(crate) fn html(self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.text
    }

    /// The status and the body of what is no page.
    pub(crate) fn json(&self) -> (u16, Value) {
        (self.status.as_u16(), serde_json::from_str(&self.text).unwrap())
    }

    pub(crate) fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn set_cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter();
        lines.filter_map(|line| line.to_str().unwrap().split(';').next().unwrap().split_once('='))
    }

    /// Whether it sets a cookie of that name.
    pub(crate) fn sets(&self, name: &str) -> bool {
        self.set_cookies().any(|(set, _)| set == name)
    }

    /// `name=value` of a cookie that it sets.
    #[track_caller]
    pub(crate) fn cookie(&self, name: &str) -> String {
        let found = self.set_cookies().find(|(set, _)| *set == name);
        let (name, value) = found.unwrap_or_else(|| panic!("no cookie {name}: {:?}", self.headers));
        format!("{name}={value}")
    }
}

impl Stage {
    /// Looks at a page, or posts a form, with what a browser sends as its cookies.
    pub(crate) async fn page(&self, path: &str, cookie: Option<&str>, form: Option<&str>) -> Page {
        self.page_with(path, cookie, form, &[], None).await
    }

    /// The same with other fields of the head, by a proxy or whoever is at the other end.
    pub(crate) async fn page_with(
        &self,
        path: &str,
        cookie: Option<&str>,
        form: Option<&str>,
        head: &[(&str, &str)],
        peer: Option<[u8; 4]>,
    ) -> Page {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .extension(ClientAddress([192, 0, 2, 1].into()));
        for (name, value) in head {
            request = request.header(*name, *value);
        }
        if let Some(peer) = peer {
            request = request.extension(Peer(peer.into()));
        }
        let mut router = self.router.clone();
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
            let secret = cookie.split(';').find_map(|pair| pair.trim().strip_prefix("__Host-perennial="));
            if let Some(secret) = secret
                && let Some(actor) = self.auth.cookie(secret).await.unwrap()
            {
                router = router.layer(Extension(actor));
            }
        }
        let body = form.map_or_else(Body::empty, |form| Body::from(form.to_owned()));
        let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Page { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// Another access token of the session that one belongs to, as time has passed.
    pub(crate) async fn fresh(&self, token: &str) -> String {
        let claims = token.split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let of = |name: &str| claims[name].as_str().unwrap().to_owned();
        let (user, session) = (of("sub").parse().unwrap(), of("sid").parse().unwrap());
        let until = self.auth.now() + std::time::Duration::from_secs(60);
        let bearer = crate::tokens::Bearer { user, session, until };
        self.auth.ring().sign(&bearer, Role::User, self.auth.now()).unwrap()
    }

    pub(crate) async fn set(database: Database) -> Self {
        Self::process(database, SetClock::at(START), Arc::default(), None, "").await
    }

    /// One that sends mail.
    pub(crate) async fn with_mail(database: Database) -> Self {
        Self::process(database, SetClock::at(START), Arc::default(), Some(Arc::default()), "").await
    }

    /// One with settings of its own, in TOML.
    pub(crate) async fn with_settings(database: Database, settings: &str) -> Self {
        Self::process(database, SetClock::at(START), Arc::default(), None, settings).await
    }

    /// Another process on the same database.
    pub(crate) async fn twin(&self) -> Self {
        Self::process(
            self.database.clone(),
            Arc::clone(&self.clock),
            Arc::clone(&self.users),
            self.post.clone(),
            "",
        )
        .await
    }

    async fn process(
        database: Database,
        clock: Arc<SetClock>,
        users: Arc<People>,
        post: Option<Arc<Post>>,
        settings: &str,
    ) -> Self {
        let mut source = Source::new();
        source.add_text(settings, "a test");
        let (auth, module) = crate::module(Deps {
            database: database.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ids: ids(),
            settings: source.section(),
            https: true,
            public_url: "https://perennial.example/".into(),
            mailer: post.clone().map(|post| post as Arc<dyn Mailer>),
            outbound: platform::testing::outbound(),
            sealing: Sealing::new(b"a secret of the tests", "auth"),
            users: Arc::clone(&users) as Arc<dyn Users>,
        })
        .await
        .unwrap();
        let (api, _) = module.api.split_for_parts();
        Self { auth, clock, database, users, post, router: api.merge(module.pages) }
    }

    pub(crate) async fn account(&self, name: &str) -> UserId {
        let registration = Registration {
            email: format!("{name}@example.org"),
            password: PASSWORD.into(),
            profile: profile(),
            role: Role::User,
        };
        self.auth.register(registration).await.unwrap().0
    }

    /// Asks the API from an address, as somebody or as nobody.
    pub(crate) async fn ask_from(
        &self,
        address: [u8; 4],
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "curl/8.5.0")
            .extension(ClientAddress(address.into()))
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        let actor = match token {
            Some(token) => self.auth.bearer(token).await.unwrap(),
            None => None,
        };
        let router = match actor {
            Some(actor) => self.router.clone().layer(Extension(actor)),
            None => self.router.clone(),
        };
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, token: Option<&str>) -> Answer {
        self.ask_from([192, 0, 2, 1], method, path, token, None).await
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        self.ask_from([192, 0, 2, 1], Method::POST, path, token, Some(body)).await
    }

    pub(crate) async fn try_log_in(&self, name: &str, password: &str) -> Answer {
        let email = format!("{name}@example.org");
        self.post("/v1/auth/login", None, &json!({"email": email, "password": password})).await
    }

    /// The access and the refresh token of a new log-in.
    pub(crate) async fn log_in(&self, name: &str) -> (String, String) {
        let answer = self.try_log_in(name, PASSWORD).await;
        (answer.text("access_token"), answer.text("refresh_token"))
    }

    pub(crate) async fn is_in(&self, token: &str) -> bool {
        self.auth.bearer(token).await.unwrap().is_some()
    }

    /// What the mail server says from now on; `None` when it takes everything.
    pub(crate) fn post_says(&self, said: Option<Handed>) {
        *self.post.as_ref().unwrap().says.lock().unwrap() = said;
    }

    /// What was mailed since it was last asked.
    pub(crate) async fn letters(&self) -> Vec<Letter> {
        while self.auth.send_letters().await.unwrap() {}
        std::mem::take(&mut *self.post.as_ref().unwrap().letters.lock().unwrap())
    }

    /// The secret of the one letter that was mailed.
    pub(crate) async fn secret(&self) -> String {
        let letters = self.letters().await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        let (_, rest) = letters[0].text.split_once("?token=").unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// The acts of the log, the newest first.
    pub(crate) async fn acts(&self, token: &str) -> Vec<String> {
        let page = self.ask(Method::GET, "/v1/audit-log?limit=100", Some(token)).await.expect(200);
        page["data"].as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap().into()).collect()
    }
}

pub(crate) fn profile() -> Profile {
    Profile {
        name: "Asha".into(),
        locale: "en-IN".parse().unwrap(),
        time_zone: "Asia/Kolkata".parse().unwrap(),
        currency: "INR".parse().unwrap(),
        reminders: Reminders::default(),
    }
}
