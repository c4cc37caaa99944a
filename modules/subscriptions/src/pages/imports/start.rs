//! Choosing a file, and the imports there have been.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::Invalid;
use platform::http::{Problem, Visitor};
use web::{Manner, Shell, Tab, Tone};

use super::{
    super::{
        Known,
        frame::{Frame, render},
    },
    href,
};
use crate::{
    domain::import::{ImportStatus, Options},
    error::TrackerError,
    sent::Sent,
    store::ImportRow,
};

/// How many imports are listed.
const RECENT: u16 = 20;

#[derive(Template)]
#[template(path = "import.html")]
pub(in crate::pages) struct Start {
    shell: Shell,
    /// Why nothing could be made of the file that was sent.
    error: Option<String>,
    recent: Vec<Recent>,
}

/// One of the imports there have been.
struct Recent {
    href: String,
    name: String,
    detail: String,
    badge: &'static str,
    tone: Tone,
}

impl Start {
    pub(in crate::pages) fn new(frame: &Frame, error: Option<String>, rows: &[ImportRow]) -> Self {
        let manner = frame.manner();
        Self {
            shell: frame.shell("Import", Tab::Subscriptions).about("import", ""),
            error,
            recent: rows.iter().map(|row| Recent::of(row, &manner)).collect(),
        }
    }
}

impl Recent {
    fn of(row: &ImportRow, manner: &Manner) -> Self {
        let (badge, tone) = state(row.status);
        let name = if row.file_name.is_empty() { row.kind.label() } else { &row.file_name };
        let sent = row.created_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        Self {
            href: href(row.id),
            name: name.to_owned(),
            detail: format!("{} · sent {}", row.kind.label(), manner.date(&sent)),
            badge,
            tone,
        }
    }
}

/// How far an import has come, as a badge says it.
pub(super) const fn state(status: ImportStatus) -> (&'static str, Tone) {
    match status {
        ImportStatus::Asking => ("Has a question", Tone::Careful),
        ImportStatus::Ready => ("Not imported yet", Tone::Calm),
        ImportStatus::Applied => ("Imported", Tone::Good),
        ImportStatus::Undone => ("Undone", Tone::Calm),
    }
}

pub(super) async fn show(State(tracker): Known, Visitor(actor): Visitor) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let mut recent = tracker.imports(&actor, None, RECENT).await?;
    recent.truncate(RECENT.into());
    render(StatusCode::OK, &Start::new(&frame, None, &recent))
}

pub(super) async fn receive(
    State(tracker): Known,
    Visitor(actor): Visitor,
    sent: Result<Sent, Problem>,
) -> Result<Response, Problem> {
    let problem = match sent {
        Ok(Sent(received)) => match tracker.receive(&actor, received, Options::default()).await {
            Ok(import) => return Ok(Redirect::to(&href(import.id)).into_response()),
            Err(TrackerError::Invalid(invalid)) => first(&invalid),
            Err(other) => return Err(other.into()),
        },
        Err(problem) if problem.status() == StatusCode::UNPROCESSABLE_ENTITY => {
            "choose a file first".to_owned()
        }
        Err(problem) => problem.detail().to_owned(),
    };
    let frame = Frame::of(&tracker, &actor).await?;
    let mut recent = tracker.imports(&actor, None, RECENT).await?;
    recent.truncate(RECENT.into());
    render(StatusCode::UNPROCESSABLE_ENTITY, &Start::new(&frame, Some(sentence(&problem)), &recent))
}

/// The first thing that is wrong.
pub(super) fn first(invalid: &Invalid) -> String {
    invalid.errors().first().map(|error| error.detail.clone()).unwrap_or_default()
}

/// With a capital letter in front.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
