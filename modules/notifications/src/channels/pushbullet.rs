//! [Pushbullet](https://docs.pushbullet.com/#create-push).

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed};

pub(super) struct Pushbullet;

impl Adapter for Pushbullet {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[needed(
            "access_token",
            "Access token",
            "In your account’s settings: Create Access Token.",
            Shape::Secret,
        )];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({
            "type": "link",
            "title": message.title,
            "body": message.body,
            "url": message.link,
            // The same push again is dropped.
            "guid": message.id,
        });
        let ask = Ask::post("https://api.pushbullet.com/v2/pushes", &body);
        Ok(ask.with("access-token", answer(config, "access_token", "")))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["error"]["message"].as_str();
        match reply.status {
            200 if json["iden"].is_string() => {
                Outcome::Accepted(format!("200: push {}", json["iden"].as_str().unwrap_or_default()))
            }
            200 => Outcome::Later { said: reply.said(), after: None },
            429 => Outcome::Later {
                said: reply.said_by(words),
                after: reply.until("x-ratelimit-reset").or(reply.retry_after()),
            },
            _ => reply.usual(words),
        }
    }
}
