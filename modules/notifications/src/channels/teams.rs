//! [Microsoft Teams](https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/): a workflow that is
//! started by a request, or a connector of the old kind.

use serde_json::json;

use super::{Adapter, Ask, Config, Message, Outcome, Question, Reply, Shape, answer, needed};

pub(super) struct Teams;

impl Adapter for Teams {
    fn questions(&self) -> &'static [Question] {
        const QUESTIONS: &[Question] = &[needed(
            "url",
            "Workflow URL",
            "In the channel: Workflows, “Post to a channel when a webhook request is received”.",
            Shape::SecretAddress,
        )];
        QUESTIONS
    }

    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String> {
        // A run of text in which no letter is a mark.
        let line = |text: &str, bold: bool| {
            let run =
                json!({ "type": "TextRun", "text": text, "weight": if bold { "Bolder" } else { "Default" } });
            json!({ "type": "RichTextBlock", "inlines": [run] })
        };
        let card = json!({
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [line(&message.title, true), line(&message.body, false)],
            "actions": [{ "type": "Action.OpenUrl", "title": "Perennial", "url": message.link }],
        });
        let attachment = json!({ "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card });
        Ok(Ask::post(answer(config, "url", ""), &json!({ "type": "message", "attachments": [attachment] })))
    }

    fn read(&self, reply: &Reply) -> Outcome {
        let (json, text) = (reply.json(), reply.text());
        let words = json["error"]["message"].as_str();
        let code = json["error"]["code"].as_str().unwrap_or_default();
        match reply.status {
            202 => Outcome::Accepted(reply.said()),
            // The old kind says 1, or tells of a failure with a 200 too.
            200 if text.trim() == "1" || text.trim().is_empty() => Outcome::Accepted(reply.said()),
            200 => Outcome::Later { said: reply.said(), after: None },
            400 if matches!(code, "WorkflowTriggerIsNotEnabled" | "DirectApiInvalidAuthorizationScheme") => {
                Outcome::Gone(reply.said_by(words))
            }
            _ => reply.usual(words),
        }
    }
}
