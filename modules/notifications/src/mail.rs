//! What mail says, in HTML and text, to the address of the account, with one click that stops it (RFC 8058).

use askama::Template;
use platform::mail::{Handed, Letter, Mailer};

use crate::{
    channels::{Message, Outcome},
    domain::{
        Language,
        texts::{one_line, texts},
    },
};

/// Mail to one person.
pub(crate) struct Addressed<'m> {
    pub(crate) to: &'m str,
    pub(crate) language: Language,
    pub(crate) message: &'m Message,
    /// Where one chooses what one is told.
    pub(crate) choose: String,
    /// What stops it with one click.
    pub(crate) stop: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'m> {
    language: &'static str,
    title: &'m str,
    lines: Vec<&'m str>,
    link: &'m str,
    open: &'static str,
    why: &'static str,
    choose: &'static str,
    choose_at: &'m str,
    stop: &'static str,
    stop_at: &'m str,
}

impl Addressed<'_> {
    /// What the mail server says to it.
    pub(crate) async fn send(&self, mailer: &dyn Mailer) -> Outcome {
        let letter = match self.letter() {
            Ok(letter) => letter,
            Err(wrong) => return Outcome::Refused(wrong.to_string()),
        };
        match mailer.send(&letter).await {
            Handed::Taken(said) => Outcome::Accepted(said),
            Handed::Later(said) => Outcome::Later { said, after: None },
            Handed::Refused(said) => Outcome::Refused(said),
            Handed::Gone(said) => Outcome::Gone(said),
        }
    }

    fn letter(&self) -> Result<Letter, askama::Error> {
        let (texts, message) = (texts(self.language), self.message);
        let html = Html {
            language: self.language.code(),
            title: &message.title,
            lines: message.body.lines().collect(),
            link: &message.link,
            open: texts.open,
            why: texts.why,
            choose: texts.choose,
            choose_at: &self.choose,
            stop: texts.stop,
            stop_at: &self.stop,
        };
        let text = format!(
            "{}\n\n{}\n\n{}: {}\n\n-- \n{}\n{}: {}\n{}: {}\n",
            message.title,
            message.body,
            texts.open,
            message.link,
            texts.why,
            texts.choose,
            self.choose,
            texts.stop,
            self.stop
        );
        Ok(Letter {
            id: message.id.clone(),
            to: self.to.to_owned(),
            subject: one_line(&message.title),
            text,
            html: html.render()?,
            headers: vec![
                ("List-Unsubscribe", format!("<{}>", self.stop)),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
            ],
        })
    }
}
