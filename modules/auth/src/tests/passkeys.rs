//! Passkeys, by an authenticator that is a few lines of software.

use axum::http::header;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use platform::{both_databases, sql};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{PASSWORD, Page, Stage};
use crate::MIGRATIONS;

const ORIGIN: &str = "https://perennial.example";
const HOST: &str = "perennial.example";
/// The person was there and was verified.
const VERIFIED: u8 = 0x05;

/// A device with one passkey. What it says can be made wrong.
#[derive(Clone)]
struct Device {
    key: SigningKey,
    credential: Vec<u8>,
    counter: u32,
    host: &'static str,
    origin: &'static str,
    flags: u8,
}

impl Device {
    fn number(number: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[number; 32]).unwrap(),
            credential: vec![number; 16],
            counter: 0,
            host: HOST,
            origin: ORIGIN,
            flags: VERIFIED,
        }
    }

    fn head(&self, more: u8) -> Vec<u8> {
        [Sha256::digest(self.host).as_slice(), &[self.flags | more], &self.counter.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        said.to_string().into_bytes()
    }

    /// What a browser sends for a new passkey.
    fn makes(&self, options: &Value) -> Value {
        assert_eq!(options["rp"]["id"], HOST);
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        let point = self.key.verifying_key().to_encoded_point(false);
        let number = |number: i64| Cbor::Integer(number.into());
        let key = Cbor::Map(vec![
            (number(1), number(2)),
            (number(3), number(-7)),
            (number(-1), number(1)),
            (number(-2), Cbor::Bytes(point.x().unwrap().to_vec())),
            (number(-3), Cbor::Bytes(point.y().unwrap().to_vec())),
        ]);
        let length = u16::try_from(self.credential.len()).unwrap().to_be_bytes();
        let mut data = [self.head(0x40).as_slice(), &[0; 16], &length, &self.credential].concat();
        ciborium::into_writer(&key, &mut data).unwrap();
        let text = |text: &str| Cbor::Text(text.into());
        let object = Cbor::Map(vec![
            (text("fmt"), text("none")),
            (text("attStmt"), Cbor::Map(vec![])),
            (text("authData"), Cbor::Bytes(data)),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&object, &mut bytes).unwrap();
        json!({
            "clientDataJson": URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", options)),
            "attestationObject": URL_SAFE_NO_PAD.encode(bytes),
        })
    }

    /// What a browser sends for a passkey that is used.
    fn signs(&self, options: &Value) -> Value {
        assert_eq!(options["rpId"], HOST);
        let (data, said) = (self.head(0), self.client_data("webauthn.get", options));
        let signed = [data.as_slice(), &Sha256::digest(&said)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.credential),
            "clientDataJson": URL_SAFE_NO_PAD.encode(said),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature.to_der()),
        })
    }
}

/// What the script reads out of a page.
fn options(html: &str) -> Value {
    let (_, rest) = html.split_once("data-options=\"").unwrap();
    let text = rest.split('"').next().unwrap().replace("&#34;", "\"").replace("&#38;", "&");
    serde_json::from_str(&text).unwrap()
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{name}={}", platform::outbound::encoded(value))).collect();
    pairs.join("&")
}

async fn by_password(stage: &Stage, name: &str) -> String {
    let sent = form(&[("email", &format!("{name}@example.org")), ("password", PASSWORD)]);
    stage.page("/login", None, Some(&sent)).await.cookie("__Host-perennial")
}

async fn asked_to_make(stage: &Stage, cookie: &str) -> Value {
    let password = form(&[("password", PASSWORD)]);
    options(&stage.page("/security/passkeys", Some(cookie), Some(&password)).await.html(200))
}

async fn add(stage: &Stage, cookie: &str, answer: &Value, name: &str) -> Page {
    let sent = form(&[("name", name), ("answer", &answer.to_string())]);
    stage.page("/security/passkeys/new", Some(cookie), Some(&sent)).await
}

async fn asked_to_sign(stage: &Stage) -> Value {
    options(&stage.page("/login/passkey", None, None).await.html(200))
}

async fn enter(stage: &Stage, answer: &Value) -> Page {
    let sent = form(&[("answer", &answer.to_string()), ("next", "/subscriptions")]);
    stage.page("/login/passkey", None, Some(&sent)).await
}

/// Somebody with a passkey, in a browser where they are logged in by their password.
async fn with_passkey(stage: &Stage, name: &str, device: &Device) -> String {
    stage.account(name).await;
    let cookie = by_password(stage, name).await;
    let answer = device.makes(&asked_to_make(stage, &cookie).await);
    let added = add(stage, &cookie, &answer, "My <b>phone</b>").await;
    assert_eq!(added.header(header::LOCATION), "/security/passkeys?done=added");
    cookie
}

both_databases! { MIGRATIONS,
    async fn a_passkey_is_all_that_it_takes(database: Database) {
        let stage = Stage::with_mail(database).await;
        let device = Device::number(7);
        let cookie = with_passkey(&stage, "asha", &device).await;
        assert!(stage.letters().await.iter().any(|letter| letter.subject == "How you log in was changed"));
        let list = stage.page("/security/passkeys", Some(&cookie), None).await.html(200);
        assert!(list.contains("My &#60;b&#62;phone&#60;/b&#62;") && list.contains("not used yet"), "{list}");

        let whole = enter(&stage, &device.signs(&asked_to_sign(&stage).await)).await;
        assert_eq!(whole.header(header::LOCATION), "/subscriptions");
        let by_it = whole.cookie("__Host-perennial");
        let security = stage.page("/security", Some(&by_it), None).await.html(200);
        assert!(security.contains("by passkey") && security.contains("A passkey was added"), "{security}");

        // Taken away by the password, and by its owner alone.
        let (_, rest) = list.split_once("/security/passkeys/psk_").unwrap();
        let path = format!("/security/passkeys/psk_{}/remove", &rest[..32]);
        stage.account("eve").await;
        let eve = by_password(&stage, "eve").await;
        let password = form(&[("password", PASSWORD)]);
        stage.page(&path, Some(&eve), Some(&password)).await.html(404);
        stage.page(&path, Some(&cookie), Some("password=no")).await.html(422);
        let removed = stage.page(&path, Some(&cookie), Some(&password)).await;
        assert_eq!(removed.header(header::LOCATION), "/security/passkeys?done=removed");
        enter(&stage, &device.signs(&asked_to_sign(&stage).await)).await.html(422);
    }

    async fn what_a_device_says_wrongly_lets_nobody_in(database: Database) {
        let stage = Stage::set(database).await;
        let device = Device::number(7);
        with_passkey(&stage, "asha", &device).await;
        let wrong = [
            ("another site", Device { origin: "https://perennial.example.evil", ..device.clone() }),
            ("another host", Device { host: "evil.example", ..device.clone() }),
            ("nobody verified", Device { flags: 0x01, ..device.clone() }),
            ("nobody there", Device { flags: 0x04, ..device.clone() }),
            ("another key", Device { key: Device::number(8).key, ..device.clone() }),
            ("another credential", Device { credential: vec![9; 16], ..device.clone() }),
        ];
        for (what, wrong) in wrong {
            let refused = enter(&stage, &wrong.signs(&asked_to_sign(&stage).await)).await;
            assert!(!refused.sets("__Host-perennial"), "{what}");
            assert!(refused.html(422).contains("The passkey was not accepted"), "{what}");
        }
        for part in ["clientDataJson", "authenticatorData", "signature"] {
            let mut answer = device.signs(&asked_to_sign(&stage).await);
            let mut bytes = URL_SAFE_NO_PAD.decode(answer[part].as_str().unwrap()).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            answer[part] = json!(URL_SAFE_NO_PAD.encode(bytes));
            enter(&stage, &answer).await.html(422);
        }
        for answer in [json!(null), json!({}), json!({"id": "!", "clientDataJson": "e30"})] {
            enter(&stage, &answer).await.html(422);
        }
        // The same answer twice; one to what was never asked; one that is too late.
        let answer = device.signs(&asked_to_sign(&stage).await);
        enter(&stage, &answer).await.cookie("__Host-perennial");
        enter(&stage, &answer).await.html(422);
        enter(&stage, &device.signs(&json!({"challenge": "AAAA", "rpId": HOST}))).await.html(422);
        let late = device.signs(&asked_to_sign(&stage).await);
        stage.clock.advance(std::time::Duration::from_secs(301));
        enter(&stage, &late).await.html(422);
        stage.auth.suspend("asha@example.org").await.unwrap();
        enter(&stage, &device.signs(&asked_to_sign(&stage).await)).await.html(403);
    }

    async fn a_device_that_counts_and_was_copied_is_refused(database: Database) {
        let stage = Stage::set(database).await;
        let mut device = Device::number(7);
        let cookie = with_passkey(&stage, "asha", &device).await;
        device.counter = 5;
        let copy = Device { counter: 3, ..device.clone() };
        enter(&stage, &device.signs(&asked_to_sign(&stage).await)).await.cookie("__Host-perennial");
        enter(&stage, &copy.signs(&asked_to_sign(&stage).await)).await.html(422);
        enter(&stage, &device.signs(&asked_to_sign(&stage).await)).await.html(422);
        let log = stage.page("/security/log", Some(&cookie), None).await.html(200);
        assert!(log.contains("seems to be a copy"), "{log}");
        device.counter = 6;
        enter(&stage, &device.signs(&asked_to_sign(&stage).await)).await.cookie("__Host-perennial");
    }

    async fn a_passkey_is_added_by_the_session_that_asked_after_the_password(database: Database) {
        let stage = Stage::set(database).await;
        let device = Device::number(7);
        let cookie = with_passkey(&stage, "asha", &device).await;
        stage.page("/security/passkeys", Some(&cookie), Some("password=no")).await.html(422);
        stage.account("eve").await;
        let eve = by_password(&stage, "eve").await;
        let asked = asked_to_make(&stage, &eve).await;
        let other = Device::number(8);
        let answer = other.makes(&asked);
        // Eve's question answered in Asha's browser; then a log-in's question, and one site for another.
        add(&stage, &cookie, &answer, "x").await.html(422);
        let asked = asked_to_make(&stage, &cookie).await;
        let wrong = Device { origin: "https://evil.example", ..other.clone() };
        add(&stage, &cookie, &wrong.makes(&asked), "x").await.html(422);
        let unverified = Device { flags: 0x01, ..other.clone() };
        add(&stage, &cookie, &unverified.makes(&asked_to_make(&stage, &cookie).await), "x").await.html(422);
        let login = asked_to_sign(&stage).await["challenge"].clone();
        let mut asked = asked_to_make(&stage, &cookie).await;
        asked["challenge"] = login;
        add(&stage, &cookie, &other.makes(&asked), "x").await.html(422);
        // A credential is one account's; and it needs a name.
        add(&stage, &eve, &device.makes(&asked_to_make(&stage, &eve).await), "x").await.html(422);
        let unnamed = add(&stage, &cookie, &other.makes(&asked_to_make(&stage, &cookie).await), " ").await;
        assert!(unnamed.html(422).contains("The name must have 1 to 80 characters"));
        let kept: Vec<(String,)> =
            stage.database.all(sql!("SELECT name FROM passkeys LIMIT 9")).await.unwrap();
        assert_eq!(kept.len(), 1);
    }
}
