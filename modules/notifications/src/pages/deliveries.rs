//! `/notifications/deliveries`: what was sent, and what was not, and why.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode},
    response::Response,
};
use kernel::DeliveryId;
use platform::http::{Cursor, Page, PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Shell, Tone,
    view::{Filter, Pager},
};

use super::{
    Known,
    frame::{DeliveryLine, Frame, capital, render},
};
use crate::store::{Attempt, DeliveryState};

/// How many a page shows.
const LIMIT: u16 = 40;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "deliveries.html")]
pub(super) struct Deliveries {
    pub(super) shell: Shell,
    pub(super) filters: Vec<Filter>,
    pub(super) lines: Vec<DeliveryLine>,
    pub(super) pager: Pager,
}

/// Every filter, by the word in the address.
const FILTERS: [(&str, &str); 5] = [
    ("", "Everything"),
    ("sent", "Sent"),
    ("planned", "Planned"),
    ("failed", "Failed"),
    ("cancelled", "Not sent"),
];

fn address(word: &str) -> String {
    format!("/notifications/deliveries?state={word}")
}

pub(super) async fn show(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&herald, &actor).await?;
    let state = asked.state.parse::<DeliveryState>().ok();
    let word = state.map_or("", DeliveryState::as_str);
    let after = asked.cursor.as_deref().and_then(Cursor::<DeliveryId>::decode).map(|Cursor(id)| id);
    let found = herald.deliveries(&actor, None, state, after, LIMIT).await?;
    let channels = herald.channels(&actor).await?;
    let page =
        Page::from_rows(found, LIMIT, |kept| kept.id, |kept| DeliveryLine::new(&kept, &channels, &frame));
    let filter = |(its, text): (&str, &str)| Filter {
        text: text.into(),
        href: address(its),
        count: None,
        active: its == word,
    };
    render(
        StatusCode::OK,
        &Deliveries {
            shell: frame.shell("Delivery log"),
            filters: FILTERS.map(filter).to_vec(),
            lines: page.data,
            pager: Pager {
                first: after.map(|_| address(word)),
                next: page.next_cursor.map(|cursor| format!("{}&cursor={cursor}", address(word))),
            },
        },
    )
}

/// One try, as it is shown.
pub(super) struct Try {
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    pub(super) said: String,
    pub(super) when: String,
    pub(super) took: String,
}

impl Try {
    fn new(attempt: &Attempt, frame: &Frame) -> Self {
        let (word, tone) = match attempt.outcome.as_str() {
            "accepted" => ("Accepted", Tone::Good),
            "later" => ("Not now", Tone::Careful),
            "gone" => ("Does not work any more", Tone::Bad),
            _ => ("Refused", Tone::Bad),
        };
        Self {
            word,
            tone,
            said: attempt.said.clone(),
            when: frame.moment(attempt.began_at),
            took: format!("{} ms", attempt.took_ms),
        }
    }
}

#[derive(Template)]
#[template(path = "delivery.html")]
pub(super) struct Delivery {
    pub(super) shell: Shell,
    pub(super) line: DeliveryLine,
    pub(super) notification: String,
    pub(super) planned: String,
    pub(super) tries: Vec<Try>,
}

pub(super) async fn one(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<DeliveryId>,
) -> Result<Response, Problem> {
    let (kept, attempts) = herald.delivery(&actor, id).await?;
    let frame = Frame::of(&herald, &actor).await?;
    let line = DeliveryLine::new(&kept, &herald.channels(&actor).await?, &frame);
    let mut page = render(
        StatusCode::OK,
        &Delivery {
            shell: frame.shell(capital(&line.title)),
            line,
            notification: format!("/notifications/{}", kept.notification),
            planned: frame.moment(kept.planned_for),
            tries: attempts.iter().map(|attempt| Try::new(attempt, &frame)).collect(),
        },
    )?;
    // What is on its way is looked at again by itself, without a script.
    if kept.state == DeliveryState::Planned && kept.planned_for <= herald.now() {
        page.headers_mut().insert("refresh", HeaderValue::from_static("3"));
    }
    Ok(page)
}
