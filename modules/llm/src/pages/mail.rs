//! `/add/mail`: the address to which one forwards mail, and what came of what came.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use kernel::MessageId;
use platform::http::{Origin, Problem, Visitor, VisitorToChange};
use web::{
    Manner, Shell,
    view::{Reading, Standing},
};

use super::{add::outcomes, broken, manner, shell};
use crate::{Reader, answer::AnswerStatus, store::ByMail};

#[derive(Template)]
#[template(path = "mail.html")]
struct Mail {
    shell: Shell,
    /// Whether mail comes in here at all.
    is_on: bool,
    /// The address, just after it was made.
    address: Option<String>,
    /// Since when there is one.
    since: Option<String>,
    came: Vec<Came>,
}

/// A mail that came, and how it was read.
struct Came {
    id: MessageId,
    on: String,
    readings: Vec<Reading>,
    asks: bool,
}

pub(super) async fn show(
    State(reader): State<Arc<Reader>>,
    VisitorToChange(actor): VisitorToChange,
) -> Result<Response, Problem> {
    page(&reader, &actor, None).await
}

pub(super) async fn make(
    State(reader): State<Arc<Reader>>,
    Visitor(actor): Visitor,
    origin: Origin,
) -> Result<Response, Problem> {
    let address = reader.make_mail_address(&actor, &origin).await?;
    page(&reader, &actor, Some(address)).await
}

pub(super) async fn revoke(
    State(reader): State<Arc<Reader>>,
    Visitor(actor): Visitor,
    origin: Origin,
) -> Result<Response, Problem> {
    reader.revoke_mail_address(&actor, &origin).await?;
    Ok(Redirect::to("/add/mail").into_response())
}

async fn page(reader: &Reader, actor: &kernel::Actor, address: Option<String>) -> Result<Response, Problem> {
    let (account, today) = reader.person(actor).await?;
    let (manner, zone) = (manner(&account, today), account.profile.time_zone.clone());
    let on = |at: Timestamp| manner.date(&zone.date_at(at));
    let since = reader.mail_address(actor).await?.map(on);
    let came = reader.by_mail(actor).await?.into_iter();
    let came = came.map(|mail| came_as(&mail, on(mail.came_at), &manner)).collect();
    let shell = shell(reader, actor, &account, today).await;
    web::page(&Mail { shell, is_on: reader.takes_mail(), address, since, came }).map_err(broken)
}

fn came_as(mail: &ByMail, on: String, manner: &Manner) -> Came {
    let asks = mail.answer.status == AnswerStatus::NeedsConfirmation;
    let readings = match mail.answer.status {
        AnswerStatus::Processing => {
            vec![Reading::new(Standing::Unsure, "Still reading: a language model is asked about it.")]
        }
        AnswerStatus::Applied | AnswerStatus::NeedsConfirmation | AnswerStatus::Refused => {
            outcomes(&mail.answer, manner).into_iter().map(|outcome| outcome.reading).collect()
        }
    };
    Came { id: mail.id, on, readings, asks }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::answer::{Answer, RefusalBody};

    #[test]
    fn awkward_words_stay_words() {
        let nasty = "<b>\"اسم&";
        let manner = Manner::new("en-IN".parse().unwrap(), date(2026, 5, 5));
        let refusal = RefusalBody { reason: "spam".into(), detail: nasty.into() };
        let answer = Answer { status: AnswerStatus::Refused, refusal: Some(refusal), ..Answer::read(vec![]) };
        let id = "msg_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap();
        let mail = ByMail { id, came_at: "2026-05-05T06:30:00Z".parse().unwrap(), answer };
        let came = vec![came_as(&mail, "5 May".into(), &manner)];
        let shell = Shell::new("Mail", manner);
        let html =
            Mail { shell, is_on: true, address: Some(nasty.into()), since: Some("5 May".into()), came };
        let html = html.render().unwrap();
        assert!(!html.contains("<b>") && html.contains("اسم") && html.matches("<h1").count() == 1, "{html}");
    }
}
