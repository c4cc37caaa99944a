//! [Matrix](https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid): a room.

use std::time::Duration;

use serde_json::json;

use super::{
    Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed, segment, server,
};

pub(super) struct Matrix;

impl Adapter for Matrix {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[
            needed("server", "Homeserver", "Such as https://matrix.org.", Shape::Address),
            needed(
                "room_id",
                "Room",
                "Its internal id: !abc…:example.org. The account must have joined it.",
                Shape::Text,
            ),
            needed(
                "access_token",
                "Access token",
                "Of an account for this; in Element under Help & About.",
                Shape::Secret,
            ),
        ];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        let (server, room) = (server(config, ""), answer(config, "room_id", ""));
        // The same id again is the same message: the homeserver itself sends no duplicate.
        let url = format!(
            "{server}/_matrix/client/v3/rooms/{}/send/m.room.message/{}",
            segment(room),
            segment(&message.id)
        );
        let body = json!({ "msgtype": "m.text", "body": message.plain() });
        let ask = Ask { method: "PUT", ..Ask::post(url, &body) };
        Ok(ask.with("authorization", format!("Bearer {}", answer(config, "access_token", ""))))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let json = reply.json();
        let words = json["error"].as_str();
        match reply.status {
            200 if json["event_id"].is_string() => {
                Outcome::Accepted(format!("200: event {}", json["event_id"].as_str().unwrap_or_default()))
            }
            200 => Outcome::Later { said: reply.said(), after: None },
            429 => Outcome::Later {
                said: reply.said_by(words),
                after: reply
                    .retry_after()
                    .or_else(|| json["retry_after_ms"].as_u64().map(Duration::from_millis)),
            },
            _ => reply.usual(words),
        }
    }
}
