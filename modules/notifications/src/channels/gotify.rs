//! [Gotify](https://gotify.net/docs/pushmsg): a server of one's own.

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, server};

pub(super) struct Gotify;

impl Adapter for Gotify {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed("server", "Server", "Where your Gotify is.", Shape::Address),
            needed("token", "Token of an application", "Under Apps; one that begins with A.", Shape::Secret),
        ];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({
            "title": message.title,
            "message": message.body,
            "priority": if message.urgent { 8 } else { 5 },
            "extras": { "client::notification": { "click": { "url": message.link } } },
        });
        let ask = Ask::post(format!("{}/message", server(config, "")), &body);
        Ok(ask.with("x-gotify-key", answer(config, "token", "")))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        match reply.status {
            200 if json["id"].is_number() => Outcome::Accepted(format!("200: message {}", json["id"])),
            200 => Outcome::Later { said: reply.said(), after: None },
            _ => reply.usual(json["errorDescription"].as_str()),
        }
    }
}
