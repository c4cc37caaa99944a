//! Web Push ([RFC 8030](https://www.rfc-editor.org/rfc/rfc8030)): a browser that its owner has let tell them things. What
//! is sent is encrypted for that browser alone ([RFC 8291](https://www.rfc-editor.org/rfc/rfc8291)), and the installation
//! shows who it is ([RFC 8292](https://www.rfc-editor.org/rfc/rfc8292)).

use std::time::Duration;

use aes_gcm::{Aes128Gcm, Key, KeyInit, Nonce, aead::Aead};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use kernel::Invalid;
use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    ecdsa::{Signature, SigningKey, signature::Signer},
    elliptic_curve::sec1::ToEncodedPoint,
};
use platform::system::random_bytes;
use serde_json::json;
use sha2::Sha256;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed};

/// Bytes of a public key as browsers have it: a point, not compressed.
const POINT: usize = 65;
/// Bytes of what is drawn by lot for each message: a key of its own, and a salt.
const DRAWN: usize = 48;
/// The one record of a message, which is as long as push services have to take.
const RECORD: u32 = 4096;
/// What of a body is sent at most, so that a message is never longer than a record, whatever its letters take in JSON.
const LONGEST_BODY: usize = 1200;
/// The same of a title.
const LONGEST_TITLE: usize = 300;
/// How long a push service keeps what a browser does not fetch.
const KEPT_FOR: Duration = Duration::from_secs(86_400);
/// How long an installation's word on who it is holds. A day is the most that is taken.
const VOUCHED_FOR: Duration = Duration::from_secs(12 * 3_600);

/// What a browser tells when its owner lets it be told things.
pub(crate) const QUESTIONS: &[Question] = &[
    needed("endpoint", "Endpoint", "Where the browser is reached.", Shape::SecretAddress),
    needed("p256dh", "Public key", "The browser’s, in base64url.", Shape::Secret),
    needed("auth", "Authentication secret", "The browser’s, in base64url.", Shape::Secret),
];

/// One secret in four billion gives a number that is no key.
#[derive(Debug, thiserror::Error)]
#[error("no key for Web Push follows from the secret of this installation: take another one")]
pub struct NoKey;

/// The installation as push services know it.
pub struct WebPush {
    key: SigningKey,
    /// Who is asked when something is wrong with what is pushed.
    contact: String,
}

impl WebPush {
    /// That of an installation, which people reach at `public_url`. Its key follows from the installation's `secret`: every
    /// process has the same, and none is kept anywhere.
    ///
    /// # Errors
    /// [`NoKey`], which no secret has brought about yet.
    pub fn new(secret: &[u8], public_url: &str) -> Result<Self, NoKey> {
        let mut bytes = [0; 32];
        Hkdf::<Sha256>::new(None, secret).expand(b"perennial web push 1", &mut bytes).map_err(|_| NoKey)?;
        let key = SigningKey::from_slice(&bytes).map_err(|_| NoKey)?;
        let contact = match public_url.split_once("://") {
            Some(("https", _)) => public_url.to_owned(),
            Some((_, host)) => {
                format!("mailto:perennial@{}", host.split([':', '/']).next().unwrap_or("localhost"))
            }
            None => "mailto:perennial@localhost".into(),
        };
        Ok(Self { key, contact })
    }

    /// What browsers are told, so that nobody else pushes to them: a point in base64url.
    pub(crate) fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.point())
    }

    fn point(&self) -> Vec<u8> {
        self.key.verifying_key().to_encoded_point(false).as_bytes().to_vec()
    }

    /// A word for a push service on who asks.
    fn vouch(&self, audience: &str, until: i64) -> String {
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(&json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = part(&json!({ "aud": audience, "exp": until, "sub": self.contact }));
        let said = format!("{head}.{claims}");
        let signature: Signature = self.key.sign(said.as_bytes());
        format!("vapid t={said}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public_key())
    }
}

/// A browser as it is kept.
struct Browser {
    key: PublicKey,
    secret: Vec<u8>,
}

impl Browser {
    fn of(config: &Config) -> Result<Self, &'static str> {
        let bytes = |name| URL_SAFE_NO_PAD.decode(answer(config, name, "").trim_end_matches('='));
        let key = bytes("p256dh").ok().filter(|bytes| bytes.len() == POINT);
        let key = key.and_then(|bytes| PublicKey::from_sec1_bytes(&bytes).ok()).ok_or("/config/p256dh")?;
        let secret = bytes("auth").ok().filter(|bytes| bytes.len() == 16).ok_or("/config/auth")?;
        Ok(Self { key, secret })
    }

    /// A message that nobody but the browser reads, as one record of `aes128gcm`.
    fn encrypt(&self, plain: &[u8], drawn: &[u8; DRAWN]) -> Option<Vec<u8>> {
        let (salt, own) = drawn.split_at(16);
        let own = SecretKey::from_slice(own).ok()?;
        let shared = diffie_hellman(own.to_nonzero_scalar(), self.key.as_affine());
        let (ours, theirs) = (point(&own.public_key()), point(&self.key));
        let mut keying = [0; 32];
        let known = [b"WebPush: info\0".as_slice(), &theirs, &ours].concat();
        Hkdf::<Sha256>::new(Some(&self.secret), shared.raw_secret_bytes())
            .expand(&known, &mut keying)
            .ok()?;
        let derived = Hkdf::<Sha256>::new(Some(salt), &keying);
        let (mut key, mut nonce) = (Key::<Aes128Gcm>::default(), Nonce::default());
        derived.expand(b"Content-Encoding: aes128gcm\0", &mut key).ok()?;
        derived.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
        // It is the last record.
        let padded = [plain, &[2]].concat();
        let sealed = Aes128Gcm::new(&key).encrypt(&nonce, padded.as_slice()).ok()?;
        let length = [u8::try_from(POINT).ok()?];
        Some([salt, &RECORD.to_be_bytes(), &length, &ours, &sealed].concat())
    }
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_encoded_point(false).as_bytes().to_vec()
}

/// The beginning of a text, at most so many bytes of it.
fn beginning(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    Some(&url[..end])
}

impl Adapter for WebPush {
    fn questions(&self) -> &'static [Question] {
        QUESTIONS
    }

    fn check(&self, config: &Config, invalid: &mut Invalid) {
        if let Err(pointer) = Browser::of(config) {
            invalid.add(pointer, "is not what a browser gives");
        }
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let browser =
            Browser::of(config).map_err(|_| "what is kept of the browser is not right".to_owned())?;
        let endpoint = answer(config, "endpoint", "");
        let audience = origin(endpoint).ok_or("where the browser is reached is no address")?;
        let plain = json!({
            "id": message.id,
            "title": beginning(&message.title, LONGEST_TITLE),
            "body": beginning(&message.body, LONGEST_BODY),
            "link": message.link,
        });
        let drawn = random_bytes().map_err(|error| error.to_string())?;
        let body =
            browser.encrypt(plain.to_string().as_bytes(), &drawn).ok_or("it could not be encrypted")?;
        let until = message.at.as_second().saturating_add_unsigned(VOUCHED_FOR.as_secs());
        let urgency = if message.urgent { "high" } else { "normal" };
        let ask = Ask { method: "POST", url: endpoint.to_owned(), headers: Vec::new(), body };
        Ok(ask
            .with("content-type", "application/octet-stream")
            .with("content-encoding", "aes128gcm")
            .with("ttl", KEPT_FOR.as_secs().to_string())
            .with("urgency", urgency)
            .with("authorization", self.vouch(audience, until)))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        match reply.status {
            // The browser is gone, or its owner took back that it may tell them things.
            404 | 410 => Outcome::Gone(format!("{}: the browser takes no more: add it again", reply.status)),
            // It was let be told things by another key than ours.
            400 | 413 => Outcome::Refused(reply.said()),
            _ => reply.usual(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::{VerifyingKey, signature::Verifier};

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn reply(status: u16, retry_after: Option<&str>) -> Reply {
        let headers = retry_after.map(|after| ("retry-after".to_owned(), after.to_owned()));
        let at = "2026-06-02T06:30:00Z".parse().unwrap();
        Reply { status, headers: headers.into_iter().collect(), body: Vec::new(), at }
    }

    fn installation() -> WebPush {
        WebPush::new(b"a secret", "https://perennial.example").unwrap()
    }

    /// The browser of RFC 8291, section 5.
    fn browser() -> Config {
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        [
            ("endpoint", "https://push.example.net:8443/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"),
            ("p256dh", key),
            ("auth", "BTBZMqHH6r4Tts7J_aSIgg"),
        ]
        .map(|(name, answer)| (name.to_owned(), answer.to_owned()))
        .into()
    }

    #[test]
    fn the_example_of_the_standard_comes_out_to_the_byte() {
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let own = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let drawn: [u8; DRAWN] = [salt, own].concat().try_into().unwrap();
        let sent = Browser::of(&browser()).unwrap();
        let sent = sent.encrypt(b"When I grow up, I want to be a watermelon", &drawn).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sent),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
             AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_installation_shows_who_it_is_to_that_service_and_for_a_while() {
        let message = super::super::tests::message();
        let ask = installation().ask(&browser(), &message).unwrap();
        let header = |name| &ask.headers.iter().find(|(known, _)| *known == name).unwrap().1;
        assert_eq!(
            (header("content-encoding").as_str(), header("urgency").as_str()),
            ("aes128gcm", "normal")
        );
        let (token, key) =
            header("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(key, installation().public_key(), "the same in every process");
        let (said, signature) = token.rsplit_once('.').unwrap();
        let key = VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
        key.verify(said.as_bytes(), &Signature::from_slice(&bytes(signature)).unwrap()).unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&bytes(said.split_once('.').unwrap().1)).unwrap();
        assert_eq!(claims["aud"], "https://push.example.net:8443");
        assert_eq!(claims["sub"], "https://perennial.example");
        assert_eq!(claims["exp"].as_i64().unwrap() - message.at.as_second(), 43_200);
        let other = WebPush::new(b"another secret", "http://localhost:8080").unwrap();
        assert_ne!(other.public_key(), installation().public_key());
        assert_eq!(other.contact, "mailto:perennial@localhost");
    }

    #[test]
    fn whatever_is_told_is_no_longer_than_services_take() {
        let mut message = super::super::tests::message();
        message.title = "\u{1}₹".repeat(5_000);
        message.body = "\u{1}क".repeat(5_000);
        let ask = installation().ask(&browser(), &message).unwrap();
        assert!(ask.body.len() <= 4096, "{}", ask.body.len());
        assert_ne!(ask.body, installation().ask(&browser(), &message).unwrap().body, "no two alike");
    }

    #[test]
    fn what_push_services_answer_means_what_they_say_it_means() {
        let read = |status, after| installation().read(&reply(status, after));
        assert!(matches!(read(201, None), Outcome::Accepted(_)));
        for gone in [401, 403, 404, 410] {
            assert!(matches!(read(gone, None), Outcome::Gone(_)), "{gone}");
        }
        for refused in [400, 413] {
            assert!(matches!(read(refused, None), Outcome::Refused(_)), "{refused}");
        }
        let after = Some(Duration::from_secs(120));
        assert!(matches!(read(429, Some("120")), Outcome::Later { after: found, .. } if found == after));
        assert!(matches!(read(503, None), Outcome::Later { after: None, .. }));
    }

    #[test]
    fn what_no_browser_gives_is_refused_by_name() {
        for (name, wrong) in
            [("p256dh", "BCVxsr7N"), ("auth", "c2hvcnQ"), ("p256dh", "not base64"), ("auth", "")]
        {
            let mut config = browser();
            config.insert(name.into(), wrong.into());
            let mut invalid = Invalid::new();
            installation().check(&config, &mut invalid);
            assert_eq!(invalid.errors()[0].pointer, format!("/config/{name}"));
            assert!(installation().ask(&config, &super::super::tests::message()).is_err());
        }
    }
}
