//! [Pushover](https://pushover.net/api).

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, optional};

pub(super) struct Pushover;

impl Adapter for Pushover {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed("user_key", "User key", "On the first page after you log in to Pushover.", Shape::Secret),
            needed("token", "API token", "Of an application that you register there.", Shape::Secret),
            optional("device", "Device", "All of them when left empty.", Shape::Text, ""),
        ];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let mut body = json!({
            "token": answer(config, "token", ""),
            "user": answer(config, "user_key", ""),
            "title": message.title,
            "message": message.body,
            "url": message.link,
            "priority": i64::from(message.urgent),
        });
        let device = answer(config, "device", "");
        if !device.is_empty() {
            body["device"] = device.into();
        }
        Ok(Ask::post("https://api.pushover.net/1/messages.json", &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let errors: Vec<_> =
            json["errors"].as_array().into_iter().flatten().filter_map(|each| each.as_str()).collect();
        let words = (!errors.is_empty()).then(|| errors.join("; "));
        let said = reply.said_by(words.as_deref());
        let invalid = |member: &str| json[member] == "invalid";
        match reply.status {
            200 if json["status"] == 1 => {
                Outcome::Accepted(format!("200: request {}", json["request"].as_str().unwrap_or_default()))
            }
            200 => Outcome::Later { said, after: None },
            // The month is full; the header says when the next one begins.
            429 => Outcome::Later { said, after: reply.until("x-limit-app-reset").or(reply.retry_after()) },
            400..=499 if invalid("token") || invalid("user") || invalid("device") => Outcome::Gone(said),
            _ => reply.usual(words.as_deref()),
        }
    }
}
