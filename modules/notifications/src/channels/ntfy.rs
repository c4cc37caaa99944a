//! [ntfy](https://docs.ntfy.sh/publish/): a topic on ntfy.sh or on a server of one's own.

use std::time::Duration;

use serde_json::json;

use super::{
    Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, optional, server,
};

pub(super) struct Ntfy;

/// `42908`: as many as a day may have; they are counted anew every day.
const DAY_IS_FULL: i64 = 42_908;

impl Adapter for Ntfy {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed(
                "topic",
                "Topic",
                "The one you subscribed to in the app. Whoever knows it can read it.",
                Shape::Text,
            ),
            optional("server", "Server", "Yours, if you run one.", Shape::Address, "https://ntfy.sh"),
            optional("token", "Access token", "Only if the topic is protected.", Shape::Secret, ""),
        ];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({
            "topic": answer(config, "topic", ""),
            "title": message.title,
            "message": message.body,
            "priority": if message.urgent { 4 } else { 3 },
            "click": message.link,
        });
        let ask = Ask::post(server(config, "https://ntfy.sh"), &body);
        Ok(match answer(config, "token", "") {
            "" => ask,
            token => ask.with("authorization", format!("Bearer {token}")),
        })
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["error"].as_str().or(json["id"].as_str());
        match (reply.status, json["code"].as_i64()) {
            (429, Some(DAY_IS_FULL)) => {
                Outcome::Later { said: reply.said_by(words), after: Some(Duration::from_secs(3600)) }
            }
            // A topic that is none.
            (400, Some(40_009 | 40_010)) => Outcome::Gone(reply.said_by(words)),
            _ => reply.usual(words),
        }
    }
}
