//! [Apprise API](https://github.com/caronc/apprise-api): a server that knows a hundred other ways.

use serde_json::json;

use super::{
    Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, segment, server,
};

pub(super) struct Apprise;

impl Adapter for Apprise {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed("server", "Server", "Where your Apprise API is.", Shape::Address),
            needed("key", "Configuration key", "The one under which it knows where to send.", Shape::Secret),
        ];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({
            "title": message.title,
            "body": format!("{}\n{}", message.body, message.link),
            "type": if message.urgent { "warning" } else { "info" },
            "format": "text",
        });
        let url = format!("{}/notify/{}", server(config, ""), segment(answer(config, "key", "")));
        Ok(Ask::post(url, &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["error"].as_str();
        match reply.status {
            200 => Outcome::Accepted(reply.said_by(words)),
            // It has nothing under that key.
            204 => Outcome::Gone("204: there is no configuration under this key".into()),
            // One of the ways behind it did not take it.
            424 => Outcome::Later { said: reply.said_by(words), after: None },
            _ => reply.usual(words),
        }
    }
}
