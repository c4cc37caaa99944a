//! [ServerChan](https://sct.ftqq.com/): `WeChat` (Turbo), or the app of ServerChan³.

use std::time::Duration;

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, segment};

pub(super) struct ServerChan;

/// Keys of the third version begin with `sctp`, and name their server before a `t`.
fn address(key: &str) -> String {
    let server = key.strip_prefix("sctp").and_then(|rest| rest.split_once('t')).map(|(server, _)| server);
    match server.filter(|server| !server.is_empty() && server.bytes().all(|digit| digit.is_ascii_digit())) {
        Some(server) => format!("https://{server}.push.ft07.com/send/{}.send", segment(key)),
        None => format!("https://sctapi.ftqq.com/{}.send", segment(key)),
    }
}

impl Adapter for ServerChan {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[needed(
            "send_key",
            "SendKey",
            "SCT… or sctp…, on your page at sct.ftqq.com or sc3.ft07.com.",
            Shape::Secret,
        )];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let body = json!({ "title": message.title, "desp": format!("{}\n\n{}", message.body, message.link) });
        Ok(Ask::post(address(answer(config, "send_key", "")), &body))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["message"].as_str();
        let said = || reply.said_by(words);
        match (reply.status, json["code"].as_i64()) {
            (200, Some(0)) => Outcome::Accepted(said()),
            // "超过当天的发送次数限制": as many as a day may have.
            (_, Some(_)) if words.is_some_and(|words| words.contains("超过")) => {
                Outcome::Later { said: said(), after: Some(Duration::from_secs(6 * 3600)) }
            }
            // "[AUTH]用户不存在或者权限不足", "[AUTH]错误的Key": the key is nobody's.
            (_, Some(40_001)) => Outcome::Gone(said()),
            (200, Some(_)) => Outcome::Refused(said()),
            (200, None) => Outcome::Later { said: reply.said(), after: None },
            _ => reply.usual(words),
        }
    }
}
