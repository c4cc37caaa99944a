//! Browsers that tell people things: the requests are real, to a push service on this machine that believes nothing it
//! cannot check.

use aes_gcm::{Aes128Gcm, Key, KeyInit, Nonce, aead::Aead};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    elliptic_curve::sec1::ToEncodedPoint,
};
use platform::both_databases;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    Stage,
    provider::{Heard, Manners, Provider},
};
use crate::{MIGRATIONS, domain::ChannelKind};

/// A browser, with the half of its key that nobody else has.
struct Browser {
    own: SecretKey,
    secret: [u8; 16],
}

impl Browser {
    fn new(number: u8) -> Self {
        Self { own: SecretKey::from_slice(&[number; 32]).unwrap(), secret: [number; 16] }
    }

    fn point(&self) -> Vec<u8> {
        self.own.public_key().to_encoded_point(false).as_bytes().to_vec()
    }

    fn channel(&self, endpoint: &str) -> Value {
        let config = json!({
            "endpoint": endpoint,
            "p256dh": URL_SAFE_NO_PAD.encode(self.point()),
            "auth": URL_SAFE_NO_PAD.encode(self.secret),
        });
        json!({ "kind": "web_push", "name": "Laptop", "config": config })
    }

    /// What it was sent, as RFC 8188 and RFC 8291 have a receiver read it.
    fn read(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        assert_eq!(rest[..4], 4096_u32.to_be_bytes());
        assert_eq!(rest[4], 65);
        let (theirs, sealed) = rest[5..].split_at(65);
        let sender = PublicKey::from_sec1_bytes(theirs).unwrap();
        let shared = diffie_hellman(self.own.to_nonzero_scalar(), sender.as_affine());
        let derive = |salt: &[u8], keying: &[u8], known: &[u8], length: usize| {
            let mut derived = vec![0; length];
            Hkdf::<Sha256>::new(Some(salt), keying).expand(known, &mut derived).unwrap();
            derived
        };
        let known = [b"WebPush: info\0".as_slice(), &self.point(), theirs].concat();
        let keying = derive(&self.secret, shared.raw_secret_bytes(), &known, 32);
        let key = derive(salt, &keying, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = derive(salt, &keying, b"Content-Encoding: nonce\0", 12);
        let cipher = Aes128Gcm::new(Key::<Aes128Gcm>::from_slice(&key));
        let plain = cipher.decrypt(Nonce::from_slice(&nonce), sealed).unwrap();
        let (last, plain) = plain.split_last().unwrap();
        assert_eq!(*last, 2, "it is the last record");
        serde_json::from_slice(plain).unwrap()
    }
}

/// Whose word a push service was given, where it holds: the claims, and by which key.
fn vouched(heard: &Heard) -> (Value, String) {
    let word = heard.headers["authorization"].strip_prefix("vapid t=").unwrap();
    let (token, key) = word.split_once(", k=").unwrap();
    let (said, signature) = token.rsplit_once('.').unwrap();
    let point = URL_SAFE_NO_PAD.decode(key).unwrap();
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    VerifyingKey::from_sec1_bytes(&point).unwrap().verify(said.as_bytes(), &signature).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(said.split_once('.').unwrap().1).unwrap();
    (serde_json::from_slice(&claims).unwrap(), key.to_owned())
}

impl Stage {
    async fn pushes(&self) {
        self.sends_by(ChannelKind::WebPush).await;
    }
}

both_databases! { MIGRATIONS,
    async fn a_browser_is_told_what_it_alone_can_read_by_an_installation_that_shows_who_it_is(database: Database) {
        let (stage, provider, browser) = (Stage::set(database), Provider::open().await, Browser::new(7));
        provider.says("/push/1", 201, "");
        let made = stage.post(1, "/v1/channels", Some(&browser.channel(&provider.url("/push/1")))).await;
        assert_eq!(made["config"], json!({}), "nothing of a browser is shown again: {made}");
        stage.reminds(1).await;
        stage.pushes().await;
        let heard = provider.heard("/push/1");
        assert_eq!(heard.len(), 1);
        let told = browser.read(&heard[0].body);
        assert!(told["title"].as_str().unwrap().contains("Netflix"), "{told}");
        assert!(told["link"].as_str().unwrap().starts_with("http"), "{told}");
        let (claims, key) = vouched(&heard[0]);
        assert_eq!(claims["aud"], provider.address);
        let kinds = stage.get(1, "/v1/channel-kinds").await;
        let offered = kinds["data"].as_array().unwrap().iter().find(|kind| kind["kind"] == "web_push").unwrap();
        assert_eq!(offered["application_server_key"], json!(key), "browsers are told whom to believe");

        // It is added again, as when its owner comes back: nothing is told twice.
        stage.post(1, "/v1/channels", Some(&browser.channel(&provider.url("/push/1")))).await;
        assert_eq!(stage.get(1, "/v1/channels").await["data"].as_array().unwrap().len(), 1);
        stage.reminds(2).await;
        stage.pushes().await;
        assert_eq!(provider.heard("/push/1").len(), 2);
    }

    async fn a_browser_that_is_gone_is_told_no_more_and_its_owner_is_told_elsewhere(database: Database) {
        let (stage, provider, browser) = (Stage::set(database), Provider::open().await, Browser::new(7));
        stage.post(1, "/v1/channels", Some(&browser.channel(&provider.url("/push/1")))).await;
        stage.webhook(1, &provider.url("/hook")).await;
        provider.says("/push/1", 410, "push subscription has unsubscribed or expired.");
        stage.reminds(1).await;
        stage.pushes().await;
        stage.reminds(2).await;
        stage.pushes().await;
        assert_eq!(provider.heard("/push/1").len(), 1, "not a second time");
        stage.sends().await;
        let told = provider.heard("/hook");
        assert!(told.iter().any(|heard| heard.json()["data"]["kind"] == "channel_broken"), "by what still works");
        // Its owner opens the page in it once more.
        provider.says("/push/1", 201, "");
        stage.post(1, "/v1/channels", Some(&browser.channel(&provider.url("/push/1")))).await;
        stage.reminds(3).await;
        stage.pushes().await;
        assert_eq!(provider.heard("/push/1").len(), 2);
    }

    async fn a_service_that_has_too_much_is_left_alone_as_long_as_it_says(database: Database) {
        let (stage, provider, browser) = (Stage::set(database), Provider::open().await, Browser::new(7));
        stage.post(1, "/v1/channels", Some(&browser.channel(&provider.url("/push/1")))).await;
        provider.answers("/push/1", Manners::Says(429, vec![("retry-after", "90".into())], String::new()));
        stage.reminds(1).await;
        stage.pushes().await;
        let channel = stage.get(1, "/v1/channels").await["data"][0].clone();
        assert_eq!((&channel["state"], &channel["failures"]), (&json!("on"), &json!(1)), "{channel}");
        provider.says("/push/1", 201, "");
        stage.pushes().await;
        assert_eq!(provider.heard("/push/1").len(), 1, "it rests");
        stage.clock.advance(std::time::Duration::from_secs(91));
        stage.pushes().await;
        assert_eq!(provider.heard("/push/1").len(), 2);
    }

    async fn the_page_names_whom_to_believe_and_says_that_it_takes_scripts(database: Database) {
        let stage = Stage::set(database);
        let page = stage.page(1, "/notifications/channels/new?kind=web_push").await;
        assert!(page.contains("data-push-key=\"B") && page.contains("<noscript>"), "{page}");
    }
}
