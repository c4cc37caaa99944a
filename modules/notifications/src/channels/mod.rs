//! The providers by which people are told, one a file: which questions it asks of whoever sets it up, the request it
//! is sent, and what its answers mean. Nothing here talks to the network, so each is tested with its provider's own
//! words; who carries the requests is in [`crate::outside`].

mod apprise;
mod bark;
mod discord;
mod gotify;
mod matrix;
mod mattermost;
mod ntfy;
mod push_plus;
mod pushbullet;
mod pushover;
mod server_chan;
mod slack;
mod teams;
mod telegram;
#[cfg(test)]
pub(crate) mod tests;
mod web_push;
mod webhook;

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use kernel::Invalid;
use serde::Serialize;

use crate::domain::{ChannelKind, texts::one_line};

pub(crate) use web_push::QUESTIONS as QUESTIONS_TO_BROWSERS;
pub use web_push::{NoKey, WebPush};
pub(crate) use webhook::{event, heard, new_secret};

/// What was answered to a provider's questions.
pub(crate) type Config = BTreeMap<String, String>;

/// A question to whoever sets a channel up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) label: &'static str,
    /// Where the answer is found.
    pub(crate) hint: &'static str,
    pub(crate) shape: Shape,
    /// What is meant when nothing is answered; `None` where an answer is needed, empty where none is.
    pub(crate) default: Option<&'static str>,
}

/// What an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A line of text.
    Text,
    /// An address on the web.
    Address,
    /// Something that opens a door: never shown again.
    Secret,
    /// An address that opens a door by itself.
    SecretAddress,
    /// Several lines.
    Template,
}

impl Shape {
    /// Whether it is kept to itself.
    pub(crate) const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::SecretAddress)
    }
}

const fn needed(name: &'static str, label: &'static str, hint: &'static str, shape: Shape) -> Question {
    Question { name, label, hint, shape, default: None }
}

const fn optional(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    shape: Shape,
    default: &'static str,
) -> Question {
    Question { name, label, hint, shape, default: Some(default) }
}

/// What is to be said to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The same for every try of the same delivery, so that a provider which cares can tell.
    pub(crate) id: String,
    /// The word of its kind; `digest` for several.
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) body: String,
    /// Where it leads.
    pub(crate) link: String,
    pub(crate) urgent: bool,
    /// When this try is made.
    pub(crate) at: Timestamp,
}

impl Message {
    /// Title, body and link, a line each.
    fn plain(&self) -> String {
        format!("{}\n{}\n{}", self.title, self.body, self.link)
    }
}

/// A request to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    fn post(url: impl Into<String>, body: &impl Serialize) -> Self {
        Self {
            method: "POST",
            url: url.into(),
            headers: vec![("content-type", "application/json".into())],
            // What is sent are structs of texts, which always have a JSON form.
            body: serde_json::to_vec(body).unwrap_or_default(),
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A provider's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// In small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    /// When it came.
    pub(crate) at: Timestamp,
}

impl Reply {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The answer as its reader sees it.
    fn said(&self) -> String {
        let text = one_line(&self.text());
        if text.is_empty() { self.status.to_string() } else { format!("{}: {text}", self.status) }
    }

    /// The answer, in the words that a member of it has.
    fn said_by(&self, words: Option<&str>) -> String {
        words.map_or_else(|| self.said(), |words| format!("{}: {}", self.status, one_line(words)))
    }

    /// `Retry-After`, in seconds or as a date.
    fn retry_after(&self) -> Option<Duration> {
        let told = self.headers.get("retry-after")?;
        seconds(told).or_else(|| {
            let at = jiff::fmt::rfc2822::parse(told).ok()?.timestamp();
            Duration::try_from(at.duration_since(self.at)).ok()
        })
    }

    /// The instant that a header names in seconds of the epoch.
    fn until(&self, header: &str) -> Option<Duration> {
        let second = self.headers.get(header)?.parse().ok()?;
        let at = Timestamp::from_second(second).ok()?;
        Duration::try_from(at.duration_since(self.at)).ok()
    }

    /// What most servers mean by a status.
    fn usual(&self, words: Option<&str>) -> Outcome {
        let said = self.said_by(words);
        match self.status {
            200..=299 => Outcome::Accepted(said),
            401 | 403 | 404 | 410 => Outcome::Gone(said),
            408 | 425 | 429 | 500..=599 => Outcome::Later { said, after: self.retry_after() },
            _ => Outcome::Refused(said),
        }
    }
}

/// A number of seconds, as servers write it: whole or with a fraction, which is rounded up.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let whole: u64 = whole.parse().ok()?;
    let more = fraction.bytes().any(|digit| digit != b'0');
    fraction.bytes().all(|digit| digit.is_ascii_digit()).then(|| Duration::from_secs(whole + u64::from(more)))
}

/// The same, in a member of JSON.
fn seconds_of(value: &serde_json::Value) -> Option<Duration> {
    value.is_number().then(|| seconds(&value.to_string()))?
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The provider took it; its words.
    Accepted(String),
    /// Not now.
    Later {
        /// Its words.
        said: String,
        /// Not before that much time has passed, where it says so.
        after: Option<Duration>,
    },
    /// Not this message; its words.
    Refused(String),
    /// Not by this channel, until it is set up anew; its words.
    Gone(String),
}

/// A provider that is asked by HTTP.
pub(crate) trait Adapter: Sync {
    /// What it needs to know.
    fn questions(&self) -> &'static [Question];

    /// The request, or what is wrong with the answers that were given to its questions.
    fn ask(&self, config: &Config, message: &Message) -> Result<Ask, String>;

    /// What an answer means.
    fn read(&self, reply: &Reply) -> Outcome;

    /// What else is wrong with what was answered.
    fn check(&self, _config: &Config, _invalid: &mut Invalid) {}
}

/// The adapter of a kind, where it is asked by HTTP with what was answered alone; browsers are asked by the installation's
/// [`WebPush`].
pub(crate) fn adapter(kind: ChannelKind) -> Option<&'static dyn Adapter> {
    Some(match kind {
        ChannelKind::Email | ChannelKind::WebPush => return None,
        ChannelKind::Ntfy => &ntfy::Ntfy,
        ChannelKind::Telegram => &telegram::Telegram,
        ChannelKind::Discord => &discord::Discord,
        ChannelKind::Slack => &slack::Slack,
        ChannelKind::Mattermost => &mattermost::Mattermost,
        ChannelKind::Gotify => &gotify::Gotify,
        ChannelKind::Pushover => &pushover::Pushover,
        ChannelKind::Matrix => &matrix::Matrix,
        ChannelKind::Pushbullet => &pushbullet::Pushbullet,
        ChannelKind::Bark => &bark::Bark,
        ChannelKind::PushPlus => &push_plus::PushPlus,
        ChannelKind::ServerChan => &server_chan::ServerChan,
        ChannelKind::Teams => &teams::Teams,
        ChannelKind::Webhook => &webhook::Webhook,
        ChannelKind::Apprise => &apprise::Apprise,
    })
}

/// An answer, or what is meant without one.
fn answer<'c>(config: &'c Config, question: &str, otherwise: &'c str) -> &'c str {
    config.get(question).map(|text| text.trim()).filter(|text| !text.is_empty()).unwrap_or(otherwise)
}

/// A server's address without the slash at its end.
fn server<'c>(config: &'c Config, otherwise: &'c str) -> &'c str {
    answer(config, "server", otherwise).trim_end_matches('/')
}

/// Part of a path, with everything that would end it or lead elsewhere written out.
fn segment(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => {
                written.push(char::from(byte));
            }
            other => written.push_str(&format!("%{other:02X}")),
        }
    }
    // Alone, they would be steps.
    if matches!(written.as_str(), "." | "..") { written.replace('.', "%2E") } else { written }
}
