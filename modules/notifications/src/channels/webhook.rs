//! An address of one's own, signed as [Standard Webhooks](https://www.standardwebhooks.com/) have it.
//!
//! What is sent can have any shape: a template is JSON in whose texts places such as `{{title}}` are filled. It is read
//! as JSON before it is filled, so whatever a subscription is called ends no text and adds no member.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use kernel::Invalid;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, optional};

pub(super) struct Webhook;

/// What begins a secret.
const PREFIX: &str = "whsec_";

/// A secret nobody can guess, as receivers take it.
pub(crate) fn new_secret(random: &[u8; 24]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(random))
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    (16..=64).contains(&key.len()).then_some(key)
}

/// `v1,` and the signature of id, instant and content.
fn signature(key: &[u8], id: &str, second: i64, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("{id}.{second}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Fills the places of every text in a document.
fn fill(value: &Value, message: &Message) -> Value {
    match value {
        Value::String(text) => Value::String(fill_text(text, message)),
        Value::Array(all) => all.iter().map(|each| fill(each, message)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, each)| (name.clone(), fill(each, message))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// In one pass, so that what is filled in is not looked at again.
fn fill_text(text: &str, message: &Message) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, onward)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            break;
        };
        match name.trim() {
            "id" => filled.push_str(&message.id),
            "kind" => filled.push_str(message.kind),
            "title" => filled.push_str(&message.title),
            "body" => filled.push_str(&message.body),
            "link" => filled.push_str(&message.link),
            "urgent" => filled.push_str(if message.urgent { "true" } else { "false" }),
            "time" => filled.push_str(&message.at.to_string()),
            other => {
                filled.push_str("{{");
                filled.push_str(other);
                filled.push_str("}}");
            }
        }
        rest = onward;
    }
    filled.push_str(rest);
    filled
}

fn body(template: &str, message: &Message) -> Result<Value, String> {
    if template.is_empty() {
        return Ok(json!({
            "type": "notification",
            "timestamp": message.at,
            "data": {
                "id": message.id,
                "kind": message.kind,
                "title": message.title,
                "body": message.body,
                "link": message.link,
                "urgent": message.urgent,
            },
        }));
    }
    let template: Value = serde_json::from_str(template).map_err(|error| format!("is not JSON: {error}"))?;
    Ok(fill(&template, message))
}

/// An event for an address, signed with each of the secrets that hold.
pub(crate) fn event(
    url: &str,
    secrets: &[&str],
    id: &str,
    at: Timestamp,
    body: Vec<u8>,
) -> Result<Ask, &'static str> {
    let sign = |secret: &&str| signature(&key(secret)?, id, at.as_second(), &body);
    let signatures: Option<Vec<String>> = secrets.iter().map(sign).collect();
    let signatures = signatures.filter(|all| !all.is_empty()).ok_or("has no signing secret")?;
    Ok(Ask {
        method: "POST",
        url: url.to_owned(),
        headers: vec![
            ("content-type", "application/json".into()),
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", at.as_second().to_string()),
            ("webhook-signature", signatures.join(" ")),
        ],
        body,
    })
}

/// What the answer to an event means: it was taken, it is not wanted any more, or it is to be tried again.
pub(crate) fn heard(reply: &Reply) -> Outcome {
    match reply.status {
        200..=299 => Outcome::Accepted(reply.said()),
        410 => Outcome::Gone(reply.said()),
        _ => Outcome::Later { said: reply.said(), after: reply.retry_after() },
    }
}

impl Adapter for Webhook {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed("url", "Address", "It gets a POST with JSON for every notification.", Shape::Address),
            optional(
                "secret",
                "Signing secret",
                "One is made for you when left empty. Requests are signed with it as Standard Webhooks.",
                Shape::Secret,
                "",
            ),
            optional(
                "template",
                "What is sent",
                "JSON with places such as {{title}}, {{body}}, {{link}}, {{kind}}, {{urgent}}, {{time}}, {{id}}. Empty: our own.",
                Shape::Template,
                "",
            ),
        ];
        QUESTIONS
    }

    fn check(&self, config: &Config, invalid: &mut Invalid) {
        let secret = answer(config, "secret", "");
        if !secret.is_empty() && key(secret).is_none() {
            invalid.add("/config/secret", "must be whsec_ and 16 to 64 bytes in Base64");
        }
        let template = answer(config, "template", "");
        if let (false, Err(error)) = (template.is_empty(), serde_json::from_str::<Value>(template)) {
            invalid.add("/config/template", format!("is not JSON: {error}"));
        }
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let ask = Ask::post(answer(config, "url", ""), &body(answer(config, "template", ""), message)?);
        let second = message.at.as_second();
        let key = key(answer(config, "secret", "")).ok_or("has no signing secret")?;
        let signed = signature(&key, &message.id, second, &ask.body).ok_or("has no signing secret")?;
        Ok(ask
            .with("webhook-id", message.id.clone())
            .with("webhook-timestamp", second.to_string())
            .with("webhook-signature", signed))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        match reply.status {
            // The one word by which a receiver says that it wants no more.
            410 => Outcome::Gone(reply.said()),
            // Somebody's own server may be wrong for an hour without being gone.
            400..=499 => Outcome::Later { said: reply.said(), after: reply.retry_after() },
            _ => reply.usual(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_signed_as_it_says() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_name_changes_no_template() {
        let message = Message {
            id: "dlv_1".into(),
            kind: "test",
            title: r#"", "admin": true, "x": "{{link}}"#.into(),
            body: "line\nline".into(),
            link: "https://example.org/".into(),
            urgent: true,
            at: "2026-06-02T06:30:00Z".parse().unwrap(),
        };
        let made =
            body(r#"{"text": "{{title}} {{ body }}", "n": [1, "{{urgent}}", "{{other}}", "{{"]}"#, &message)
                .unwrap();
        assert_eq!(
            made,
            json!({ "text": format!("{} line\nline", message.title), "n": [1, "true", "{{other}}", "{{"] })
        );
        assert!(body("{{title}}", &message).is_err());
    }
}
