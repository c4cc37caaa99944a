//! Mail: HTML and text, from the installation's mail server to the address of the account, with one click that stops
//! it (RFC 8058).

use std::time::Duration;

use askama::Template;
use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Letter, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::Error as SmtpError,
};
use platform::settings::Secret;

use crate::{
    channels::{Message, Outcome},
    domain::{Language, texts::one_line},
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

/// Hands mail over.
#[async_trait]
pub(crate) trait Mailer: Send + Sync {
    /// What the mail server says to it.
    async fn send(&self, mail: &Addressed<'_>) -> Outcome;
}

/// By SMTP.
pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
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

impl Smtp {
    /// By the server at an address, or what is wrong with it; none where none is set.
    pub(crate) fn new(url: &Secret, from: &str, timeout: Duration) -> Result<Option<Self>, String> {
        if url.expose().is_empty() {
            return Ok(None);
        }
        let from = from
            .parse()
            .map_err(|_| "notifications.mail_from is no address such as Perennial <perennial@example.org>")?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|error| format!("notifications.smtp: {error}"))?;
        Ok(Some(Self { transport: transport.timeout(Some(timeout)).build(), from }))
    }

    fn letter(&self, mail: &Addressed<'_>) -> Result<Letter, String> {
        let texts = mail.language.texts();
        let (message, wrong) = (mail.message, |error: &dyn std::fmt::Display| error.to_string());
        let html = Html {
            language: mail.language.code(),
            title: &message.title,
            lines: message.body.lines().collect(),
            link: &message.link,
            open: texts.open,
            why: texts.why,
            choose: texts.choose,
            choose_at: &mail.choose,
            stop: texts.stop,
            stop_at: &mail.stop,
        };
        let html = html.render().map_err(|error| wrong(&error))?;
        let text = format!(
            "{}\n\n{}\n\n{}: {}\n\n-- \n{}\n{}: {}\n{}: {}\n",
            message.title,
            message.body,
            texts.open,
            message.link,
            texts.why,
            texts.choose,
            mail.choose,
            texts.stop,
            mail.stop
        );
        let header = |name, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let host = self.from.email.domain();
        Letter::builder()
            .from(self.from.clone())
            .to(mail.to.parse().map_err(|_| format!("{} is no address", mail.to))?)
            // The same for every try, so that what was taken twice is shown once.
            .message_id(Some(format!("<{}@{host}>", message.id)))
            .subject(one_line(&message.title))
            .raw_header(header("Auto-Submitted", "auto-generated".into()))
            .raw_header(header("List-Unsubscribe", format!("<{}>", mail.stop)))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()))
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|error| wrong(&error))
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Addressed<'_>) -> Outcome {
        let letter = match self.letter(mail) {
            Ok(letter) => letter,
            Err(wrong) => return Outcome::Refused(wrong),
        };
        match self.transport.send(letter).await {
            Ok(answer) => Outcome::Accepted(said(&answer.code().to_string(), answer.message())),
            Err(error) => meaning(&error),
        }
    }
}

fn said<'l>(code: &str, lines: impl Iterator<Item = &'l str>) -> String {
    one_line(&format!("{code} {}", lines.collect::<Vec<_>>().join(" ")))
}

/// What a mail server's no means: whose mailbox there is none of is gone; whatever is wrong between the server and us
/// is nobody's channel's affair.
fn meaning(error: &SmtpError) -> Outcome {
    let mut words = one_line(&error.to_string());
    if let Some(cause) = std::error::Error::source(error) {
        words = one_line(&format!("{words}: {cause}"));
    }
    let code = error.status().map(|code| code.to_string());
    match code.as_deref() {
        Some("550" | "551" | "553" | "556") => Outcome::Gone(words),
        Some("530" | "534" | "535" | "538" | "454") => {
            tracing::error!(words, "the mail server does not let us in");
            Outcome::Later { said: "the mail server does not let this Perennial in".into(), after: None }
        }
        Some(code) if code.starts_with('5') => Outcome::Refused(words),
        _ => Outcome::Later { said: words, after: None },
    }
}
