//! Mail, handed over to the installation's mail server. What is said in it is its sender's affair.

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use http::Uri;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        client::{Certificate, Tls, TlsParameters, TlsParametersBuilder},
    },
};
use rustls::pki_types::{CertificateDer, pem::PemObject};

use crate::{
    dependencies::{Dependencies, Outcome},
    outbound,
    settings::Secret,
};

/// Mail to one person.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The same for every try, so that what was taken twice is shown once.
    pub id: String,
    /// To whom.
    pub to: String,
    /// What it is about: one line.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same, as HTML.
    pub html: String,
    /// What else its head says: names and values.
    pub headers: Vec<(&'static str, String)>,
}

/// What became of handing mail over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The server took it; its words.
    Taken(String),
    /// Not now; its words.
    Later(String),
    /// Not this letter; its words.
    Refused(String),
    /// There is no such mailbox; its words.
    Gone(String),
}

/// Hands mail over.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// What the mail server says to it.
    async fn send(&self, letter: &Letter) -> Handed;
}

/// By SMTP.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    dependencies: Dependencies,
    /// What the server is known by among those that are asked: its host and port, and nothing of how we log in there.
    name: String,
}

impl Smtp {
    /// By the server at an address, in some name, with that much time for each step; none where none is set. Its
    /// certificate may also be one of those that a PEM file, where one is named, vouches for. How it does is noted among
    /// `dependencies`.
    ///
    /// # Errors
    /// What is wrong with the address, the name or the file, as a sentence's end.
    pub fn new(
        url: &Secret,
        from: &str,
        timeout: Duration,
        authorities: &str,
        dependencies: &Dependencies,
    ) -> Result<Option<Self>, SmtpMistake> {
        if url.expose().is_empty() {
            return Ok(None);
        }
        let from = from.parse().map_err(|_| SmtpMistake::From)?;
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|error| SmtpMistake::Server(error.to_string()))?;
        if !authorities.is_empty()
            && let Some(tls) = tls(url.expose(), Path::new(authorities))?
        {
            transport = transport.tls(tls);
        }
        let place = url.expose().parse().map_err(|_| SmtpMistake::Server("its address is none".into()))?;
        Ok(Some(Self {
            transport: transport.timeout(Some(timeout)).build(),
            from,
            dependencies: dependencies.clone(),
            name: outbound::host(&place),
        }))
    }

    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let header =
            |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), one_line(value));
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse().map_err(|_| format!("{} is no address", letter.to))?)
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .subject(one_line(&letter.subject))
            .raw_header(header("Auto-Submitted", "auto-generated"));
        for (name, value) in &letter.headers {
            message = message.raw_header(header(name, value));
        }
        message
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|error| error.to_string())
    }
}

/// How TLS is spoken, as the address says, with more authorities than those compiled in; `None` where it is not.
fn tls(url: &str, authorities: &Path) -> Result<Option<Tls>, SmtpMistake> {
    let wrong = |cause: String| SmtpMistake::Authorities(authorities.display().to_string(), cause);
    let address: Uri = url.parse().map_err(|error| SmtpMistake::Server(format!("{error}")))?;
    let pem = std::fs::read(authorities).map_err(|error| wrong(error.to_string()))?;
    let vouching = CertificateDer::pem_slice_iter(&pem)
        .map(|one| {
            Certificate::from_der(one.map_err(|error| wrong(error.to_string()))?.to_vec())
                .map_err(|error| wrong(error.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if vouching.is_empty() {
        return Err(wrong("there is no certificate in it".into()));
    }
    let parameters = TlsParameters::builder(address.host().unwrap_or_default().to_owned());
    let parameters = vouching.into_iter().fold(parameters, TlsParametersBuilder::add_root_certificate);
    let parameters = parameters.build().map_err(|error| wrong(error.to_string()))?;
    let asked = address.query().unwrap_or_default().split('&').find_map(|part| part.strip_prefix("tls="));
    Ok(match (address.scheme_str(), asked) {
        (Some("smtps"), _) => Some(Tls::Wrapper(parameters)),
        (_, Some("required")) => Some(Tls::Required(parameters)),
        (_, Some("opportunistic")) => Some(Tls::Opportunistic(parameters)),
        _ => None,
    })
}

/// What is wrong with the settings of the mail server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpMistake {
    /// Of whose name it is.
    #[error("from whom mail comes is no address such as Perennial <perennial@example.org>")]
    From,
    /// Of where it is.
    #[error("the mail server: {0}")]
    Server(String),
    /// Whose certificates vouch for it.
    #[error("the authorities of the mail server in {0}: {1}")]
    Authorities(String, String),
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, letter: &Letter) -> Handed {
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(wrong) => return Handed::Refused(wrong),
        };
        match self.dependencies.ask(&self.name, self.transport.send(message), judge).await {
            Ok(Ok(answer)) => {
                let lines: Vec<&str> = answer.message().collect();
                Handed::Taken(one_line(&format!("{} {}", answer.code(), lines.join(" "))))
            }
            Ok(Err(error)) => meaning(&error),
            Err(not_asked) => Handed::Later(format!("the mail server was not asked: {not_asked}")),
        }
    }
}

/// A server that says no, to a letter or to us, answers.
fn judge<T>(done: &Result<T, SmtpError>) -> Outcome {
    match done {
        Err(error) if error.is_timeout() => Outcome::Failed("it took too long"),
        Err(error) if error.status().is_none() => Outcome::Failed("it did not answer"),
        Ok(_) | Err(_) => Outcome::Answered,
    }
}

/// What a mail server's no means: whose mailbox there is none of is gone; whatever is wrong between the server and us
/// is not the letter's affair.
fn meaning(error: &SmtpError) -> Handed {
    let mut words = one_line(&error.to_string());
    if let Some(cause) = std::error::Error::source(error) {
        words = one_line(&format!("{words}: {cause}"));
    }
    let code = error.status().map(|code| code.to_string());
    match code.as_deref() {
        Some("550" | "551" | "553" | "556") => Handed::Gone(words),
        Some("530" | "534" | "535" | "538" | "454") => {
            tracing::error!(words, "the mail server does not let us in");
            Handed::Later("the mail server does not let this Perennial in".into())
        }
        Some(code) if code.starts_with('5') => Handed::Refused(words),
        _ => Handed::Later(words),
    }
}

/// The longest line, in characters.
const LONGEST: usize = 300;

/// Nothing that ends a line, so that no text can add to a letter's head.
fn one_line(text: &str) -> String {
    let harmless: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .take(LONGEST)
        .collect();
    harmless.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(dependencies: &Dependencies) -> Smtp {
        let address = toml::Value::String("smtp://perennial:secret@127.0.0.1:1".into());
        let url = crate::settings::Setting::read(&address).unwrap();
        Smtp::new(&url, "Perennial <perennial@example.org>", Duration::from_secs(1), "", dependencies)
            .unwrap()
            .unwrap()
    }

    fn letter() -> Letter {
        Letter {
            id: "ltr_1".into(),
            to: "asha@example.org".into(),
            subject: "Hello\r\nBcc: all@example.org".into(),
            text: "Hello".into(),
            html: "<p>Hello</p>".into(),
            headers: vec![("List-Unsubscribe", "<https://a>\r\nBcc: all@example.org".into())],
        }
    }

    #[tokio::test]
    async fn a_server_that_is_away_is_shown_by_its_host_alone_and_left_alone_after_a_while() {
        let dependencies = Dependencies::new();
        let smtp = smtp(&dependencies);
        let mut said = Vec::new();
        for _ in 0..10 {
            let Handed::Later(words) = smtp.send(&letter()).await else { panic!("nobody listens there") };
            said.push(words);
        }
        let [standing] = &dependencies.standing(9)[..] else { panic!("one is asked") };
        assert_eq!(standing.name, "127.0.0.1:1", "nothing of the log-in");
        assert!(standing.resting.is_some() && standing.failed < 10, "{standing:?}");
        assert!(said[9].contains("left alone"), "{said:?}");
    }

    // The pool of connections is looked after by a task.
    #[tokio::test]
    async fn no_text_adds_to_the_head() {
        let (letter, smtp) = (letter(), smtp(&Dependencies::new()));
        let written = String::from_utf8(smtp.message(&letter).unwrap().formatted()).unwrap();
        assert!(!written.lines().any(|line| line.starts_with("Bcc:")), "{written}");
        assert!(written.contains("Message-ID: <ltr_1@example.org>"), "{written}");
        let two = Letter { to: "a@example.org, b@example.org".into(), ..letter };
        assert!(smtp.message(&two).is_err(), "a letter is to one person");
    }
}
