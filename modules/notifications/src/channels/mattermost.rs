//! [Mattermost](https://developers.mattermost.com/integrate/webhooks/incoming/): an incoming webhook.

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed};

pub(super) struct Mattermost;

/// Text in which no letter is a mark of Markdown, and no name calls anybody.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '!' | '|'
            | '~' | '>' | '<' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '@' => escaped.push_str("@\u{200B}"),
            other => escaped.push(other),
        }
    }
    escaped
}

impl Adapter for Mattermost {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[needed(
            "url",
            "Webhook URL",
            "Of an incoming webhook: https://…/hooks/…",
            Shape::SecretAddress,
        )];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({
            "text": format!("**{}**\n{}\n{}", escaped(&message.title), escaped(&message.body), message.link),
        });
        Ok(Ask::post(answer(config, "url", ""), &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["message"].as_str();
        let id = json["id"].as_str().unwrap_or_default();
        match reply.status {
            200 if reply.text().trim() == "ok" => Outcome::Accepted(reply.said()),
            200 => Outcome::Later { said: reply.said(), after: None },
            400 if id.contains("webhook") && id.contains("invalid") => Outcome::Gone(reply.said_by(words)),
            // Webhooks are turned off on that server.
            501 => Outcome::Gone(reply.said_by(words)),
            _ => reply.usual(words),
        }
    }
}
