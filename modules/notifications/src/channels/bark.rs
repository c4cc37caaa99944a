//! [Bark](https://bark.day.app/#/en-us/tutorial): an iPhone, by the public server or one's own.

use serde_json::json;

use super::{
    Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, optional, server,
};

pub(super) struct Bark;

impl Adapter for Bark {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed(
                "device_key",
                "Key",
                "What follows the server in the address that the app shows.",
                Shape::Secret,
            ),
            optional("server", "Server", "Yours, if you run one.", Shape::Address, "https://api.day.app"),
        ];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({
            "device_key": answer(config, "device_key", ""),
            "title": message.title,
            "body": message.body,
            "url": message.link,
            "group": "Perennial",
            "level": if message.urgent { "timeSensitive" } else { "active" },
        });
        Ok(Ask::post(format!("{}/push", server(config, "https://api.day.app")), &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["message"].as_str();
        match (reply.status, json["code"].as_i64()) {
            (200, Some(200)) => Outcome::Accepted(reply.said_by(words)),
            (200, None) => Outcome::Later { said: reply.said(), after: None },
            // "failed to get device token: …": there is no such key, or its phone has dropped the app.
            (400 | 500, _)
                if words.is_some_and(|words| {
                    words.contains("device token") || words.contains("BadDeviceToken")
                }) =>
            {
                Outcome::Gone(reply.said_by(words))
            }
            (200, Some(_)) => Outcome::Refused(reply.said_by(words)),
            _ => reply.usual(words),
        }
    }
}
