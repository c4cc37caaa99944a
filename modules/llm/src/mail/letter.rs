//! A mail as the words it says: what it is about, and its text, out of whatever it is wrapped in. What it says of its
//! sender is not read, as anybody can write anything there.

use jiff::Timestamp;
use mail_parser::{Message, MessageParser, PartType};

use crate::domain::titled;

/// The longest text that is read of a mail; what follows are footers.
const LONGEST: usize = 16_000;
/// So many mails can be attached to each other. What is parsed is dropped as it is nested, and must not be deep.
const NESTED: usize = 8;
/// By so many servers a mail can have come; more is one that runs in a circle.
const HOPS: usize = 30;

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) words: String,
    /// What it is known by when it comes again.
    pub(super) id: Option<String>,
    /// When it was written, where it says so.
    pub(super) sent_at: Option<Timestamp>,
}

/// Why a mail is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It has come by too many servers.
    Circles,
    /// Too much is attached to what is attached.
    Nested,
    /// It is no mail, or says nothing.
    Empty,
}

/// Reads a mail.
pub(super) fn read(bytes: &[u8]) -> Result<Letter, Unread> {
    if nested(bytes) > NESTED {
        return Err(Unread::Nested);
    }
    let message = MessageParser::default().parse(bytes).ok_or(Unread::Empty)?;
    let hops = message.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("received")).count();
    if hops > HOPS {
        return Err(Unread::Circles);
    }
    let id = message.message_id().filter(|id| !id.is_empty()).map(|id| id.chars().take(200).collect());
    let inner = forwarded(&message).unwrap_or(&message);
    let words = words(inner).or_else(|| words(&message)).ok_or(Unread::Empty)?;
    let sent_at = inner.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
    Ok(Letter { words, id, sent_at })
}

/// How many mails are attached, at most.
fn nested(bytes: &[u8]) -> usize {
    const KIND: &[u8] = b"message/";
    bytes.windows(KIND.len()).filter(|window| window.eq_ignore_ascii_case(KIND)).count()
}

/// The innermost mail that is attached: what somebody forwarded.
fn forwarded<'m>(message: &'m Message<'m>) -> Option<&'m Message<'m>> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => Some(forwarded(inner).unwrap_or(inner)),
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => None,
    })
}

fn words(message: &Message<'_>) -> Option<String> {
    let subject = message.subject().map(about).unwrap_or_default();
    let body: Vec<_> = (0..message.text_body_count()).filter_map(|at| message.body_text(at)).collect();
    let body = plain(&body.join("\n"));
    let text = titled(subject, &body);
    (!text.is_empty()).then(|| begins(&text, LONGEST).to_owned())
}

/// A subject without what mail programs put before it.
fn about(subject: &str) -> &str {
    const BEFORE: [&str; 9] = ["fwd:", "fw:", "wg:", "re:", "aw:", "tr:", "rv:", "enc:", "i:"];
    let mut subject = subject.trim();
    while let Some(mark) = BEFORE
        .iter()
        .find(|mark| subject.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
    {
        subject = subject[mark.len()..].trim_start();
    }
    subject
}

/// A text without marks of quoting, and without what a mail program writes above what it forwards.
fn plain(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut heading = false;
    for line in text.lines() {
        let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
        if is_mark(line) {
            // What stands above it was written by whoever forwards it.
            lines.clear();
            heading = true;
        } else if heading && is_heading(line) {
            // An empty line before the heading is no end of it.
        } else if !line.is_empty() {
            heading = false;
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// A line that parts what is forwarded from what is said about it, in whatever language: words between rows of dashes.
fn is_mark(line: &str) -> bool {
    let inside = line.trim_matches(['-', '_', ' ']);
    let rows = line.starts_with("-----") || (line.starts_with("---") && line.ends_with("---"));
    let begins = line.eq_ignore_ascii_case("begin forwarded message:");
    begins || (rows && !inside.is_empty() && inside.len() < 60)
}

/// A line such as `From: …` above what is forwarded: a word or two and a colon. Below it nothing is taken for one.
fn is_heading(line: &str) -> bool {
    let bare = line.trim_matches('*');
    let name = bare.split_once(':').map(|(name, _)| name.trim_matches('*').trim());
    let named = name.is_some_and(|name| {
        !name.is_empty()
            && name.chars().count() <= 16
            && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
    });
    line.is_empty() || named
}

/// The beginning of a text, of whole letters.
fn begins(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(mail: &str) -> String {
        read(mail.replace('\n', "\r\n").as_bytes()).unwrap().words
    }

    #[test]
    fn a_plain_mail_says_its_subject_and_its_text() {
        let mail = "From: x@y.z\nMessage-ID: <1@y>\nDate: Tue, 5 May 2026 06:00:00 +0000\nSubject: Your receipt\n\nNetflix\n499.00 INR\n";
        let letter = read(mail.replace('\n', "\r\n").as_bytes()).unwrap();
        assert_eq!(letter.words, "Your receipt\nNetflix\n499.00 INR");
        assert_eq!(letter.id.as_deref(), Some("1@y"));
        assert_eq!(letter.sent_at, Some("2026-05-05T06:00:00Z".parse().unwrap()));
    }

    #[test]
    fn whatever_it_is_written_in_it_says_the_same() {
        let quoted = "Subject: =?utf-8?q?Receipt?=\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nNetflix =E2=82=B9499 mon=\nthly\n";
        let base64 = "Subject: =?utf-8?b?UmVjZWlwdA==?=\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nTmV0ZmxpeCDigrk0OTkgbW9udGhseQo=\n";
        let html = "Subject: Receipt\nContent-Type: text/html; charset=utf-8\n\n<style>p{color:red}</style><p>Netflix <b>&#8377;499</b> monthly</p><script>alert(1)</script>\n";
        for mail in [quoted, base64, html] {
            assert_eq!(words(mail), "Receipt\nNetflix ₹499 monthly", "{mail}");
        }
        let both = "Subject: Receipt\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\nNetflix 499 monthly\n--x\nContent-Type: text/html\n\n<p>something else</p>\n--x--\n";
        assert_eq!(words(both), "Receipt\nNetflix 499 monthly");
    }

    #[test]
    fn what_is_forwarded_is_read_without_what_is_above_it() {
        let inline = "Subject: Fwd: WG: Your receipt\n\nlook at this, 99 dollars!\n\n---------- Forwarded message ---------\nFrom: Netflix <x@y.z>\nDate: Mon, 4 May 2026\nSubject: Your receipt\nTo: me\n\n> Netflix 499 INR monthly\n";
        assert_eq!(words(inline), "Your receipt\nNetflix 499 INR monthly");
        let attached = "Subject: Fwd: x\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nsee below\n--x\nContent-Type: message/rfc822\n\nSubject: Your receipt\nDate: Mon, 4 May 2026 06:00:00 +0000\n\nNetflix 499 INR monthly\n--x--\n";
        let letter = read(attached.replace('\n', "\r\n").as_bytes()).unwrap();
        assert_eq!(letter.words, "Your receipt\nNetflix 499 INR monthly");
        assert_eq!(letter.sent_at, Some("2026-05-04T06:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_subject_that_the_text_repeats_is_read_once() {
        assert_eq!(
            words("Subject: Fwd: Crunchyroll\n\nYour crunchyroll plan: 9.99 monthly\n"),
            "Your crunchyroll plan: 9.99 monthly"
        );
    }

    #[test]
    fn a_mail_that_runs_in_a_circle_or_says_nothing_is_not_read() {
        let circle = format!(
            "{}Subject: x\n\ny\n",
            "Received: from a by b; Tue, 5 May 2026 06:00:00 +0000\n".repeat(31)
        );
        assert_eq!(read(circle.replace('\n', "\r\n").as_bytes()), Err(Unread::Circles));
        assert_eq!(read(b""), Err(Unread::Empty));
        assert_eq!(read(b"Subject: \r\n\r\n\r\n"), Err(Unread::Empty));
    }

    #[test]
    fn hostile_mails_end_well() {
        let deep = format!("{}Subject: x\r\n\r\ny", "Content-Type: Message/RFC822\r\n\r\n".repeat(20_000));
        assert_eq!(read(deep.as_bytes()), Err(Unread::Nested));
        let parts: String = (0..20_000)
            .map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n"))
            .collect();
        let _ = read(parts.as_bytes());
        let tags = format!("Content-Type: text/html\r\n\r\n{}", "<div>".repeat(150_000));
        let _ = read(tags.as_bytes());
        let long = format!("Subject: x\r\n\r\n{}", "₹".repeat(300_000));
        let letter = read(long.as_bytes()).unwrap();
        assert!(letter.words.len() <= LONGEST);
    }
}
