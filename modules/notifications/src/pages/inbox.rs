//! `/notifications`

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use platform::http::{Cursor, Page, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Shell,
    view::{Filter, Pager},
};

use super::{
    Known,
    frame::{Frame, notice, render},
};
use crate::store::{Listed, NotificationPlace, Told};

/// How many a page shows.
const LIMIT: u16 = 30;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
    cursor: Option<String>,
    done: Option<String>,
}

/// Every list, by the word in the address.
const LISTS: [(Listed, &str, &str); 4] = [
    (Listed::All, "", "Inbox"),
    (Listed::Unread, "unread", "Unread"),
    (Listed::Snoozed, "snoozed", "Snoozed"),
    (Listed::Done, "done", "Done"),
];

/// A notification in the list.
pub(super) struct Note {
    href: String,
    title: String,
    body: String,
    when: String,
    /// When it came, for machines.
    stamp: String,
    unread: bool,
    urgent: bool,
    done: Option<String>,
}

impl Note {
    pub(super) fn new(told: &Told, frame: &Frame) -> Self {
        let words = frame.reading.words(told.kind, &told.facts);
        let when = match told.snoozed_until {
            Some(until) => format!("until {}", frame.moment(until)),
            None => frame.moment(told.shown_at),
        };
        Self {
            href: format!("/notifications/{}", told.id),
            title: words.title,
            body: words.body,
            when,
            stamp: told.shown_at.to_string(),
            unread: told.read_at.is_none(),
            urgent: told.urgent,
            done: told.done_at.is_none().then(|| format!("/notifications/{}/done", told.id)),
        }
    }
}

#[derive(Template)]
#[template(path = "inbox.html")]
pub(super) struct Inbox {
    pub(super) shell: Shell,
    pub(super) filters: Vec<Filter>,
    pub(super) notes: Vec<Note>,
    pub(super) none: (&'static str, &'static str),
    pub(super) any_unread: bool,
    pub(super) pager: Pager,
}

fn address(word: &str) -> String {
    if word.is_empty() { "/notifications".into() } else { format!("/notifications?show={word}") }
}

const fn none(listed: Listed) -> (&'static str, &'static str) {
    match listed {
        Listed::All => ("Nothing to know", "What is about to renew, end or cost more is told here in time."),
        Listed::Unread => ("All read", "There is nothing here that you have not seen."),
        Listed::Snoozed => {
            ("Nothing sleeps", "What you put off comes back by itself when its time has come.")
        }
        Listed::Done => ("Nothing done yet", "What you are done with is kept here."),
    }
}

pub(super) async fn show(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&herald, &actor).await?;
    let (listed, word, _) = LISTS.into_iter().find(|(_, word, _)| *word == asked.show).unwrap_or(LISTS[0]);
    let after = asked.cursor.as_deref().and_then(Cursor::<NotificationPlace>::decode);
    let after = after.map(|Cursor(place)| place);
    let found = herald.list(&actor, listed, after, LIMIT).await?;
    let page = Page::from_rows(found, LIMIT, |told| NotificationPlace(told.shown_at, told.id), |told| told);
    let mut shell = frame.shell("Notifications");
    shell.notice = notice(asked.done.as_deref());
    let unread = shell.unread.unwrap_or(0);
    let filter = |(each, its, text): (Listed, &str, &str)| Filter {
        text: text.into(),
        href: address(its),
        count: (each == Listed::Unread && unread > 0).then_some(u64::from(unread)),
        active: each == listed,
    };
    let joined = if word.is_empty() { "?" } else { "&" };
    render(
        StatusCode::OK,
        &Inbox {
            filters: LISTS.map(filter).to_vec(),
            notes: page.data.iter().map(|told| Note::new(told, &frame)).collect(),
            none: none(listed),
            any_unread: unread > 0 && matches!(listed, Listed::All | Listed::Unread),
            pager: Pager {
                first: after.map(|_| address(word)),
                next: page.next_cursor.map(|cursor| format!("{}{joined}cursor={cursor}", address(word))),
            },
            shell,
        },
    )
}

pub(super) async fn read(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
) -> Result<Response, Problem> {
    herald.read(&actor, None).await?;
    Ok(Redirect::to("/notifications?done=read").into_response())
}
