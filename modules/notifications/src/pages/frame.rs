//! What stands around every page: who looks at it, and how they read.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use jiff::Timestamp;
use kernel::{Actor, time_text};
use platform::http::Problem;
use web::{Manner, Notice, Person, Shell, Tone};

use crate::{
    domain::texts::Reading,
    service::Herald,
    store::{DeliveryState, INBOX, KeptChannel, KeptDelivery, Known},
};

/// Who looks at a page.
pub(super) struct Frame {
    pub(super) known: Known,
    pub(super) reading: Reading,
    person: Person,
    homes: Vec<web::Home>,
    unread: i64,
}

impl Frame {
    pub(super) async fn of(herald: &Herald, actor: &Actor) -> Result<Self, Problem> {
        let account = herald.account(actor).await?;
        let known = herald.preferences(actor.user).await?;
        let homes = herald.homes(actor.user).await?.into_iter().map(|home| web::Home {
            current: home.household == actor.household,
            id: home.household.to_string(),
            name: home.name,
            may_change: home.access.may_change(),
        });
        Ok(Self {
            reading: herald.reading(&known),
            person: Person { name: account.profile.name, email: account.email },
            homes: homes.collect(),
            unread: herald.unread(actor).await?,
            known,
        })
    }

    pub(super) fn manner(&self) -> Manner {
        Manner::new(self.known.locale.clone(), self.reading.today)
    }

    pub(super) fn shell(&self, title: impl Into<String>) -> Shell {
        let mut shell = Shell::new(title, self.manner())
            .signed_in(self.person.clone())
            .among(self.homes.clone())
            .about("notifications", "");
        shell.unread = Some(u32::try_from(self.unread).unwrap_or(0));
        shell
    }

    /// A day and a time of day, as short as it can be: `09:00` today, else `5 Jun, 09:00`.
    pub(super) fn moment(&self, instant: Timestamp) -> String {
        let local = self.known.zone.datetime_at(instant);
        let time = time_text(local.time());
        if local.date() == self.reading.today {
            time
        } else {
            format!("{}, {time}", self.manner().day(&local.date()))
        }
    }
}

/// The page, or the problem of having none.
pub(super) fn render(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    web::page_with(status, template).map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Problem::internal("Showing this page changed nothing. It has been noted; please try again.")
    })
}

/// A line of the log: one way by which something was sent, or not.
pub(super) struct DeliveryLine {
    pub(super) href: String,
    /// The way.
    pub(super) by: String,
    /// What it was about.
    pub(super) title: String,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    pub(super) detail: String,
    pub(super) when: String,
}

impl DeliveryLine {
    pub(super) fn new(kept: &KeptDelivery, channels: &[KeptChannel], frame: &Frame) -> Self {
        let (word, tone) = word(kept.state, kept.tries);
        Self {
            href: format!("/notifications/deliveries/{}", kept.id),
            by: way(kept, channels),
            title: frame.reading.words(kept.kind, &kept.facts).title,
            word,
            tone,
            detail: detail(kept, frame),
            when: frame.moment(kept.finished_at.unwrap_or(kept.created_at)),
        }
    }
}

/// What the way of a delivery is called.
pub(super) fn way(kept: &KeptDelivery, channels: &[KeptChannel]) -> String {
    if kept.channel == INBOX {
        return "Inbox".into();
    }
    let found = channels.iter().find(|channel| channel.id == kept.channel);
    found.map_or_else(|| format!("{} (taken away)", kept.channel_kind), |channel| channel.name.clone())
}

const fn word(state: DeliveryState, tries: i64) -> (&'static str, Tone) {
    match state {
        DeliveryState::Planned if tries > 0 => ("Trying again", Tone::Careful),
        DeliveryState::Planned => ("Planned", Tone::Calm),
        DeliveryState::Sent => ("Sent", Tone::Good),
        DeliveryState::Failed => ("Failed", Tone::Bad),
        DeliveryState::Cancelled => ("Not sent", Tone::Calm),
    }
}

/// Why it is as it is.
fn detail(kept: &KeptDelivery, frame: &Frame) -> String {
    let mut parts = Vec::new();
    if let Some(reason) = &kept.reason {
        parts.push(capital(reason));
    }
    match (kept.state, kept.next_try_at) {
        (DeliveryState::Planned, Some(at)) => parts.push(format!("next try {}", frame.moment(at))),
        (DeliveryState::Planned, None) => parts.push(format!("for {}", frame.moment(kept.planned_for))),
        (DeliveryState::Sent | DeliveryState::Failed | DeliveryState::Cancelled, _) => {}
    }
    if kept.tries > 1 {
        parts.push(format!("{} tries", kept.tries));
    }
    parts.join(" · ")
}

/// With a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What has just been done, told once.
pub(super) fn notice(done: Option<&str>) -> Option<Notice> {
    let text = match done? {
        "read" => "Everything is read.",
        "done" => "Done. It is among those you are done with, should you want it back.",
        "undone" => "It is back in your inbox.",
        "snoozed" => "It sleeps, and comes again then.",
        "again" => "It is on its way again, by every way that you have on.",
        "muted" => "You are told nothing of this subscription from now on.",
        "unmuted" => "You are told of this subscription again.",
        "channel_on" => "It is on. What you are told from now on goes by it too.",
        "channel_off" => "It is off. What was still to go by it is not sent.",
        "channel_removed" => "It is gone.",
        "saved" => "Saved. It holds for whatever comes from now on.",
        _ => return None,
    };
    Some(Notice::new(Tone::Good, text))
}
