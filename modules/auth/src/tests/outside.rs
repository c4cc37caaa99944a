//! Logging in by another one's word: a provider that is really asked, and the proxy before us.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use kernel::Clock;
use platform::{both_databases, testing::SetClock};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{PASSWORD, Page, Stage};
use crate::MIGRATIONS;

/// Made for these tests; it signs nothing else.
const KEY: &[u8] = include_bytes!("keys/provider.pkcs1.der");

/// How a provider goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Nonce,
    Audience,
    Party,
    Issuer,
    Expired,
    Old,
    Unsigned,
    SharedSecret,
    AnotherKey,
    UnknownKey,
    Refuses,
    OtherName,
    OtherHost,
}

/// A provider of identities, as small as one can be.
struct Provider {
    issuer: String,
    fault: Mutex<Fault>,
    /// Who sits before the browser.
    person: Mutex<Value>,
    /// What the last browser was sent with, by code.
    asked: Mutex<HashMap<String, HashMap<String, String>>>,
    clock: Mutex<Option<Arc<SetClock>>>,
}

impl Provider {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Arc::new(Self {
            issuer,
            fault: Mutex::new(Fault::None),
            person: Mutex::new(
                json!({"sub": "248289761001", "email": "asha@example.org", "email_verified": true, "name": "Asha"}),
            ),
            asked: Mutex::default(),
            clock: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&provider));
        #[expect(clippy::disallowed_methods, reason = "it ends with its test")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn settings(&self) -> String {
        let issuer = &self.issuer;
        format!(
            "[[auth.providers]]\nkey = \"tiny\"\nname = \"Tiny\"\nissuer = \"{issuer}\"\nclient_id = \"us\"\nclient_secret = \"s:ecret\"\n"
        )
    }

    fn goes_wrong(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    fn is(&self, person: Value) {
        *self.person.lock().unwrap() = person;
    }

    /// The person logs in there; where their browser is sent back to.
    fn log_in(&self, address: &str) -> String {
        let (place, query) = address.split_once('?').unwrap();
        assert_eq!(place, format!("{}/authorize", self.issuer));
        let fields: HashMap<String, String> = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), decoded(value)))
            .collect();
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "us"),
            ("code_challenge_method", "S256"),
            ("redirect_uri", "https://perennial.example/login/with/tiny/callback"),
            ("scope", "openid email profile"),
        ] {
            assert_eq!(fields[name], value, "{name}");
        }
        let code = format!("code{}", self.asked.lock().unwrap().len());
        let back = format!("/login/with/tiny/callback?code={code}&state={}", fields["state"]);
        self.asked.lock().unwrap().insert(code, fields);
        back
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

async fn discovery(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    let fault = *provider.fault.lock().unwrap();
    let token =
        if fault == Fault::OtherHost { "http://127.0.0.2:1/token".into() } else { format!("{issuer}/token") };
    Json(json!({
        "issuer": if fault == Fault::OtherName { "https://evil.example" } else { issuer },
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": token,
        "jwks_uri": format!("{issuer}/jwks"),
    }))
}

fn public_key() -> Value {
    let jwk = Jwk::from_encoding_key(&EncodingKey::from_rsa_der(KEY), Algorithm::RS256).unwrap();
    let mut jwk = serde_json::to_value(jwk).unwrap();
    jwk["kid"] = json!("one");
    jwk["use"] = json!("sig");
    jwk["alg"] = json!("RS256");
    jwk
}

async fn keys() -> Json<Value> {
    Json(json!({"keys": [public_key()]}))
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let basic = format!("Basic {}", STANDARD.encode("us:s%3Aecret"));
    assert_eq!(headers[header::AUTHORIZATION], basic.as_str());
    assert_eq!(form["grant_type"], "authorization_code");
    let asked = provider.asked.lock().unwrap().remove(&form["code"]).ok_or(StatusCode::BAD_REQUEST)?;
    assert_eq!(asked["redirect_uri"], form["redirect_uri"]);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    assert!(form["code_verifier"].len() >= 43 && asked["code_challenge"] == challenge, "PKCE");
    let fault = *provider.fault.lock().unwrap();
    if fault == Fault::Refuses {
        return Err(StatusCode::BAD_REQUEST);
    }
    let now = provider.clock.lock().unwrap().as_ref().unwrap().now().as_second();
    let mut claims = provider.person.lock().unwrap().clone();
    claims["iss"] = json!(if fault == Fault::Issuer { "https://evil.example" } else { &provider.issuer });
    claims["aud"] = json!(if fault == Fault::Audience { "others" } else { "us" });
    claims["nonce"] = json!(if fault == Fault::Nonce { "another" } else { &asked["nonce"] });
    claims["iat"] = json!(if fault == Fault::Old { now - 4_000 } else { now });
    claims["exp"] = json!(if fault == Fault::Expired { now - 61 } else { now + 300 });
    if fault == Fault::Party {
        claims["aud"] = json!(["us", "others"]);
        claims["azp"] = json!("others");
    }
    Ok(Json(json!({"id_token": signed(&claims, fault), "token_type": "Bearer"})))
}

fn signed(claims: &Value, fault: Fault) -> String {
    let header = |alg| Header { kid: Some("one".into()), ..Header::new(alg) };
    let rsa = EncodingKey::from_rsa_der(KEY);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    match fault {
        Fault::Unsigned => format!("{}.{}.", part(&json!({"alg": "none", "kid": "one"})), part(claims)),
        // What everybody knows of the key, as if it were a secret.
        Fault::SharedSecret => {
            let modulus = URL_SAFE_NO_PAD.decode(public_key()["n"].as_str().unwrap()).unwrap();
            let key = EncodingKey::from_secret(&modulus);
            jsonwebtoken::encode(&header(Algorithm::HS256), claims, &key).unwrap()
        }
        Fault::AnotherKey => {
            let token = jsonwebtoken::encode(&header(Algorithm::RS256), claims, &rsa).unwrap();
            let (said, _) = token.rsplit_once('.').unwrap();
            format!("{said}.{}", URL_SAFE_NO_PAD.encode([7; 256]))
        }
        Fault::UnknownKey => {
            let header = Header { kid: Some("two".into()), ..Header::new(Algorithm::RS256) };
            jsonwebtoken::encode(&header, claims, &rsa).unwrap()
        }
        Fault::None
        | Fault::Nonce
        | Fault::Audience
        | Fault::Party
        | Fault::Issuer
        | Fault::Expired
        | Fault::Old
        | Fault::Refuses
        | Fault::OtherName
        | Fault::OtherHost => jsonwebtoken::encode(&header(Algorithm::RS256), claims, &rsa).unwrap(),
    }
}

async fn stage(database: platform::db::Database) -> (Stage, Arc<Provider>) {
    let provider = Provider::start().await;
    let stage = Stage::with_settings(database, &provider.settings()).await;
    *provider.clock.lock().unwrap() = Some(Arc::clone(&stage.clock));
    (stage, provider)
}

/// The whole way there and back, in one browser.
async fn by_provider(stage: &Stage, provider: &Provider, next: &str) -> Page {
    let gone = stage.page(&format!("/login/with/tiny{next}"), None, None).await;
    let ticket = gone.cookie("__Host-perennial-trip");
    let back = provider.log_in(gone.header(header::LOCATION));
    stage.page(&back, Some(&ticket), None).await
}

/// A browser in which somebody logs in by their password.
async fn by_password(stage: &Stage, name: &str) -> String {
    let form = format!("email={name}%40example.org&password={}", PASSWORD.replace(' ', "+"));
    stage.page("/login", None, Some(&form)).await.cookie("__Host-perennial")
}

/// Adds the provider under Security; where the browser comes back to.
async fn add(stage: &Stage, provider: &Provider, cookie: &str) -> Page {
    let password = format!("password={}", PASSWORD.replace(' ', "+"));
    let go = stage.page("/security/providers/tiny", Some(cookie), Some(&password)).await;
    let ticket = go.cookie("__Host-perennial-trip");
    let html = go.html(200);
    let (_, rest) = html.split_once("button-primary\" href=\"").unwrap();
    let address = rest.split('"').next().unwrap().replace("&#38;", "&");
    let back = provider.log_in(&address);
    stage.page(&back, Some(&format!("{cookie}; {ticket}")), None).await
}

both_databases! { MIGRATIONS,
    async fn a_provider_lets_somebody_in_who_is_new_and_knows_them_again(database: Database) {
        let (stage, provider) = stage(database).await;
        assert!(stage.page("/login", None, None).await.html(200).contains("href=\"/login/with/tiny\""));
        let first = by_provider(&stage, &provider, "?next=%2Fsubscriptions").await;
        assert_eq!(first.header(header::LOCATION), "/subscriptions");
        let cookie = first.cookie("__Host-perennial");
        assert!(first.cookie("__Host-perennial-trip").ends_with('='), "it is taken away");
        let security = stage.page("/security", Some(&cookie), None).await.html(200);
        assert!(security.contains("by another service") && security.contains("Another service may log you in: Tiny"));

        // Whatever address they have by now: who they are is said by what never changes.
        provider.is(json!({"sub": "248289761001", "email": "new@example.org", "email_verified": false}));
        let again = by_provider(&stage, &provider, "").await;
        assert_eq!(again.header(header::LOCATION), "/dashboard");
        let security = stage.page("/security/providers", Some(&again.cookie("__Host-perennial")), None).await;
        assert!(security.html(200).contains("Remove it"));

        // A way on that leads elsewhere is none.
        let away = by_provider(&stage, &provider, "?next=%2F%2Fevil.example").await;
        assert_eq!(away.header(header::LOCATION), "/dashboard");
        stage.page("/login/with/nobody", None, None).await.html(404);
    }

    async fn what_a_provider_says_wrongly_lets_nobody_in(database: Database) {
        let (stage, provider) = stage(database).await;
        by_provider(&stage, &provider, "").await.cookie("__Host-perennial");
        for fault in [
            Fault::Nonce,
            Fault::Audience,
            Fault::Party,
            Fault::Issuer,
            Fault::Expired,
            Fault::Old,
            Fault::Unsigned,
            Fault::SharedSecret,
            Fault::AnotherKey,
            Fault::UnknownKey,
            Fault::Refuses,
        ] {
            provider.goes_wrong(fault);
            let refused = by_provider(&stage, &provider, "").await;
            assert!(!refused.sets("__Host-perennial"), "{fault:?}");
            let html = refused.html(503);
            assert!(html.contains("Tiny did not say who you are"), "{fault:?}: {html}");
        }
        provider.goes_wrong(Fault::None);
        by_provider(&stage, &provider, "").await.cookie("__Host-perennial");
    }

    async fn a_provider_that_is_not_itself_or_sends_us_elsewhere_is_not_asked(database: Database) {
        for fault in [Fault::OtherName, Fault::OtherHost] {
            let (stage, provider) = stage(database.clone()).await;
            provider.goes_wrong(fault);
            let refused = stage.page("/login/with/tiny", None, None).await;
            assert!(!refused.sets("__Host-perennial-trip"), "{fault:?}");
            refused.html(503);
        }
    }

    async fn a_way_back_is_good_once_in_time_and_in_its_own_browser(database: Database) {
        let (stage, provider) = stage(database).await;
        let gone = stage.page("/login/with/tiny", None, None).await;
        let (ticket, place) = (gone.cookie("__Host-perennial-trip"), gone.header(header::LOCATION).to_owned());
        let back = provider.log_in(&place);
        // Another's browser, sent here by somebody who began it: with no ticket, or with one of its own.
        stage.page(&back, None, None).await.html(409);
        let other = stage.page("/login/with/tiny", None, None).await.cookie("__Host-perennial-trip");
        stage.page(&back, Some(&other), None).await.html(409);
        // Its own, with a state that is not, and none.
        stage.page(&format!("{}x", provider.log_in(&place)), Some(&ticket), None).await.html(409);
        stage.page("/login/with/tiny/callback?code=code0", Some(&ticket), None).await.html(409);
        stage.page(&back, Some(&ticket), None).await.cookie("__Host-perennial");
        let twice = stage.page(&provider.log_in(&place), Some(&ticket), None).await;
        assert!(!twice.sets("__Host-perennial"));
        twice.html(409);

        let gone = stage.page("/login/with/tiny", None, None).await;
        let back = provider.log_in(gone.header(header::LOCATION));
        stage.clock.advance(Duration::from_secs(601));
        stage.page(&back, Some(&gone.cookie("__Host-perennial-trip")), None).await.html(409);
        let denied = stage.page("/login/with/tiny/callback?error=access_denied", None, None).await;
        assert!(denied.html(503).contains("did not say who you are"));
    }

    async fn an_address_alone_makes_nobody_the_owner_of_an_account(database: Database) {
        let (stage, provider) = stage(database).await;
        stage.account("asha").await;
        let refused = by_provider(&stage, &provider, "").await;
        assert!(!refused.sets("__Host-perennial"));
        assert!(refused.html(409).contains("then add the other service under Security"));
        provider.is(json!({"sub": "9", "email": "eve@example.org", "email_verified": false}));
        assert!(by_provider(&stage, &provider, "").await.html(409).contains("does not tell an e-mail address"));

        // Both sides shown: by the password here, and by logging in there.
        provider.is(json!({"sub": "1", "email": "asha@work.example", "email_verified": true}));
        let cookie = by_password(&stage, "asha").await;
        let wrong = stage.page("/security/providers/tiny", Some(&cookie), Some("password=no")).await;
        assert!(!wrong.sets("__Host-perennial-trip"));
        assert!(wrong.html(422).contains("not the password of this account"));
        let added = add(&stage, &provider, &cookie).await;
        assert_eq!(added.header(header::LOCATION), "/security/providers?done=added");
        let by_it = by_provider(&stage, &provider, "").await.cookie("__Host-perennial");
        assert!(stage.page("/security", Some(&by_it), None).await.html(200).contains("asha@example.org"));

        // It is nobody else's then.
        stage.account("ravi").await;
        let ravis = by_password(&stage, "ravi").await;
        add(&stage, &provider, &ravis).await.html(409);
        let password = format!("password={}", PASSWORD.replace(' ', "+"));
        let gone = stage.page("/security/providers/tiny/remove", Some(&cookie), Some(&password)).await;
        assert_eq!(gone.header(header::LOCATION), "/security/providers?done=removed");
        add(&stage, &provider, &ravis).await.header(header::LOCATION);
        let by_it = by_provider(&stage, &provider, "").await.cookie("__Host-perennial");
        assert!(stage.page("/security", Some(&by_it), None).await.html(200).contains("ravi@example.org"));
        stage.auth.suspend("ravi@example.org").await.unwrap();
        assert!(!by_provider(&stage, &provider, "").await.sets("__Host-perennial"));
    }

    async fn a_provider_is_added_for_whoever_asked_alone(database: Database) {
        let (stage, provider) = stage(database).await;
        stage.account("asha").await;
        stage.account("eve").await;
        let (asha, eve) = (by_password(&stage, "asha").await, by_password(&stage, "eve").await);
        let password = format!("password={}", PASSWORD.replace(' ', "+"));
        let go = stage.page("/security/providers/tiny", Some(&eve), Some(&password)).await;
        let ticket = go.cookie("__Host-perennial-trip");
        let html = go.html(200);
        let (_, rest) = html.split_once("button-primary\" href=\"").unwrap();
        let back = provider.log_in(&rest.split('"').next().unwrap().replace("&#38;", "&"));
        // Asha's browser is made to end what Eve began.
        stage.page(&back, Some(&format!("{asha}; {ticket}")), None).await.html(409);
        assert!(!stage.page("/security/providers", Some(&asha), None).await.html(200).contains("Remove it"));
        assert!(!stage.page("/security/providers", Some(&eve), None).await.html(200).contains("Remove it"));
    }

    async fn only_a_proxy_that_is_listed_says_who_somebody_is(database: Database) {
        let settings = "auth.proxy_header = \"Remote-Email\"\nauth.proxy_addresses = \"10.0.0.0/8\"\n";
        let stage = Stage::with_settings(database.clone(), settings).await;
        stage.account("asha").await;
        let asha: &[(&str, &str)] = &[("Remote-Email", "Asha@example.org")];
        let ask = async |stage: &Stage, head: &[(&str, &str)], peer| {
            stage.page_with("/login?next=%2Fsubscriptions", None, None, head, peer).await
        };
        let let_in = ask(&stage, asha, Some([10, 1, 2, 3])).await;
        assert_eq!(let_in.header(header::LOCATION), "/subscriptions");
        let cookie = let_in.cookie("__Host-perennial");
        let security = stage.page("/security", Some(&cookie), None).await.html(200);
        assert!(security.contains("by the proxy") && security.contains("asha@example.org"), "{security}");

        // From elsewhere it is nothing, whatever else it says of where it comes from.
        let told: &[(&str, &str)] = &[("Remote-Email", "asha@example.org"), ("X-Forwarded-For", "10.1.2.3")];
        for (head, peer) in [
            (asha, Some([11, 0, 0, 1])),
            (told, Some([192, 0, 2, 1])),
            (asha, None),
            (&[("Remote-Email", "asha@example.org"), ("Remote-Email", "eve@example.org")], Some([10, 1, 2, 3])),
            (&[("Remote-Email", "nobody")], Some([10, 1, 2, 3])),
            (&[], Some([10, 1, 2, 3])),
        ] {
            let page = ask(&stage, head, peer).await;
            assert!(!page.sets("__Host-perennial"), "{head:?} {peer:?}");
            page.html(200);
        }

        // Somebody new has an account then; who is suspended is not let in; and by default nobody is believed.
        let new = ask(&stage, &[("Remote-Email", "new@example.org")], Some([10, 1, 2, 3])).await;
        let security = stage.page("/security", Some(&new.cookie("__Host-perennial")), None).await.html(200);
        assert!(security.contains("new@example.org"));
        stage.auth.suspend("asha@example.org").await.unwrap();
        assert!(!ask(&stage, asha, Some([10, 1, 2, 3])).await.sets("__Host-perennial"));
        let plain = Stage::set(database).await;
        assert!(!ask(&plain, asha, Some([10, 1, 2, 3])).await.sets("__Host-perennial"));
    }
}
