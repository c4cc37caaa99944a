//! [PushPlus](https://www.pushplus.plus/doc/): `WeChat`. It answers 200 whatever happens; the code inside tells.

use std::time::Duration;

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed};

pub(super) struct PushPlus;

impl Adapter for PushPlus {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] =
            &[needed("token", "Token", "On your page at pushplus.plus.", Shape::Secret)];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({
            "token": answer(config, "token", ""),
            "title": message.title,
            "content": format!("{}\n{}", message.body, message.link),
            "template": "txt",
        });
        Ok(Ask::post("https://www.pushplus.plus/send", &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let said =
            || format!("{}: {} {}", reply.status, json["code"], json["msg"].as_str().unwrap_or_default());
        match (reply.status, json["code"].as_i64()) {
            (200, Some(200)) => Outcome::Accepted(said()),
            // The token is nobody's, or its account was closed.
            (_, Some(903 | 401 | 905)) => Outcome::Gone(said()),
            // Too many today.
            (_, Some(900)) => Outcome::Later { said: said(), after: Some(Duration::from_secs(6 * 3600)) },
            (200, Some(500 | 999)) => Outcome::Later { said: said(), after: None },
            (200, Some(_)) => Outcome::Refused(said()),
            (200, None) => Outcome::Later { said: reply.said(), after: None },
            _ => reply.usual(json["msg"].as_str()),
        }
    }
}
