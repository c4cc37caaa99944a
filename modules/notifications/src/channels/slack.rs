//! [Slack](https://api.slack.com/messaging/webhooks): an incoming webhook.

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed};

pub(super) struct Slack;

/// The three letters that mean something to Slack.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Adapter for Slack {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[needed(
            "url",
            "Webhook URL",
            "Of an app with Incoming Webhooks: https://hooks.slack.com/services/…",
            Shape::SecretAddress,
        )];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let text = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
        let body = json!({
            // What phones show of it.
            "text": escaped(&format!("{}: {}", message.title, message.body)),
            "blocks": [
                { "type": "section", "text": text(&format!("{}\n{}", message.title, message.body)) },
                { "type": "context", "elements": [{ "type": "mrkdwn", "text": format!("<{}>", message.link) }] },
            ],
            "unfurl_links": false,
        });
        Ok(Ask::post(answer(config, "url", ""), &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let text = reply.text();
        match (reply.status, text.trim()) {
            (200, "ok") => Outcome::Accepted(reply.said()),
            (200, _) => Outcome::Later { said: reply.said(), after: None },
            (
                400,
                "invalid_token" | "no_team" | "team_disabled" | "no_service" | "no_active_hooks"
                | "user_not_found",
            ) => Outcome::Gone(reply.said()),
            _ => reply.usual(None),
        }
    }
}
