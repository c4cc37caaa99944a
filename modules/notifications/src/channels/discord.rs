//! [Discord](https://discord.com/developers/docs/resources/webhook#execute-webhook): a webhook of a channel.

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, seconds_of};

pub(super) struct Discord;

impl Adapter for Discord {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[needed(
            "url",
            "Webhook URL",
            "In the channel’s settings: Integrations, Webhooks, Copy Webhook URL.",
            Shape::SecretAddress,
        )];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let url = answer(config, "url", "");
        // Without `wait` it says yes before it has looked.
        let url = format!("{url}{}wait=true", if url.contains('?') { '&' } else { '?' });
        let body = json!({
            "embeds": [{ "title": message.title, "description": message.body, "url": message.link }],
            // A name that says @everyone calls nobody.
            "allowed_mentions": { "parse": [] },
        });
        Ok(Ask::post(url, &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["message"].as_str();
        match reply.status {
            200 => Outcome::Accepted(format!("200: message {}", json["id"].as_str().unwrap_or_default())),
            429 => Outcome::Later {
                said: reply.said_by(words),
                after: seconds_of(&json["retry_after"]).or(reply.retry_after()),
            },
            _ => reply.usual(words),
        }
    }
}
