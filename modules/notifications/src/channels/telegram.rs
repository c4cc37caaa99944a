//! [Telegram](https://core.telegram.org/bots/api#sendmessage): a bot of one's own writes to a chat.

use serde_json::json;

use super::{
    Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, optional, seconds_of,
    segment, server,
};

pub(super) struct Telegram;

impl Adapter for Telegram {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed("bot_token", "Token of your bot", "@BotFather gives you one: 123456:ABC…", Shape::Secret),
            needed(
                "chat_id",
                "Chat",
                "Write to your bot first, then ask @userinfobot for your id. Groups begin with -100.",
                Shape::Text,
            ),
            optional(
                "server",
                "Server",
                "Only if you run a Bot API server.",
                Shape::Address,
                "https://api.telegram.org",
            ),
        ];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let (server, token) = (server(config, "https://api.telegram.org"), answer(config, "bot_token", ""));
        // Plain text: nothing in it is read as a mark, so nothing has to be escaped.
        let body = json!({
            "chat_id": answer(config, "chat_id", ""),
            "text": message.plain(),
            "disable_notification": false,
            "link_preview_options": { "is_disabled": true },
        });
        Ok(Ask::post(format!("{server}/bot{}/sendMessage", segment(token)), &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["description"].as_str();
        let said = || reply.said_by(words);
        let lower = words.unwrap_or_default().to_lowercase();
        match reply.status {
            200 if json["ok"] == true => {
                Outcome::Accepted(format!("200: message {}", json["result"]["message_id"]))
            }
            // Some proxy's page, not Telegram.
            200 => Outcome::Later { said: said(), after: None },
            429 => Outcome::Later {
                said: said(),
                after: seconds_of(&json["parameters"]["retry_after"]).or(reply.retry_after()),
            },
            400 if ["chat not found", "chat_id is empty", "upgraded to a supergroup", "peer_id_invalid"]
                .iter()
                .any(|known| lower.contains(known)) =>
            {
                Outcome::Gone(said())
            }
            _ => reply.usual(words),
        }
    }
}
