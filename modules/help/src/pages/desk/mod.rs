//! `/help/desk`: for those who answer.

mod templates;
mod ticket;
mod trees;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use kernel::TicketId;
use platform::http::{Problem, Query, VisitorAsAgent};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Filter, Pager, StatTile},
};

use super::{Frame, Known, render};
use crate::{
    domain::{Spread, TicketStatus},
    service::{DeskTicket, Figures, Guide, Queue},
};
use words::DeskWords;

/// How many tickets a page shows.
const SHOWN: u16 = 50;

pub(super) fn routes() -> Router<Arc<Guide>> {
    Router::new()
        .route("/help/desk", get(queue))
        .route("/help/desk/tickets/{id}", get(ticket::show).post(ticket::answer))
        .route("/help/desk/tickets/{id}/claim", post(ticket::claim))
        .route("/help/desk/tickets/{id}/release", post(ticket::release))
        .route("/help/desk/tickets/{id}/close", post(ticket::close))
        .route("/help/desk/trees", get(trees::list))
        .route("/help/desk/trees/{tree}", get(trees::show))
        .route("/help/desk/questions", get(trees::questions))
        .route("/help/desk/templates", get(templates::list).post(templates::add))
        .route("/help/desk/templates/{id}", get(templates::show).post(templates::change))
        .route("/help/desk/templates/{id}/delete", post(templates::delete))
}

/// What is looked at, and what has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    show: String,
    after: Option<String>,
    done: Option<String>,
}

fn notice(words: &DeskWords, done: Option<&str>) -> Option<Notice> {
    let text = match done? {
        "taken" => words.done_taken,
        "given" => words.done_given,
        "answered" => words.done_answered,
        "closed" => words.done_closed,
        "kept" => words.done_kept,
        "deleted" => words.done_deleted,
        _ => return None,
    };
    Some(Notice::new(Tone::Good, text))
}

/// Who has a ticket, in words.
fn taken(words: &DeskWords, found: &DeskTicket, agent: kernel::UserId) -> Option<String> {
    let by = found.ticket.claimed_by?;
    if by == agent {
        return Some(words.taken_by_you.to_owned());
    }
    let name = found.claimer.as_deref().unwrap_or(words.a_colleague);
    Some(words.taken_by.replace("{name}", name))
}

/// What a ticket is about.
fn title(guide: &Guide, words: &DeskWords, frame: &Frame, tree: &str) -> String {
    match guide.forest().tree(tree) {
        Some(known) => known.title(frame.language).to_owned(),
        None if tree.is_empty() => words.no_topic.to_owned(),
        None => tree.to_owned(),
    }
}

const fn status(words: &DeskWords, status: TicketStatus) -> (&'static str, Tone) {
    match status {
        TicketStatus::Open => (words.open, Tone::Careful),
        TicketStatus::Answered => (words.answered, Tone::Good),
        TicketStatus::Closed => (words.closed, Tone::Calm),
    }
}

/// How long people wait, as tiles.
fn tiles(words: &DeskWords, frame: &Frame, figures: &Figures) -> Vec<StatTile> {
    let oldest = figures.oldest.map(|at| words.oldest.replace("{when}", &frame.moment(at)));
    let waiting = StatTile::new(words.waiting, figures.waiting.to_string());
    let spread = |label: &'static str, spread: Option<Spread>| match spread {
        Some(Spread { count, median, ninety }) => StatTile::new(label, words.span(median))
            .note(words.half.replace("{long}", &words.span(ninety)).replace("{count}", &count.to_string())),
        None => StatTile::new(label, "–").note(words.none_yet),
    };
    vec![
        oldest.map_or(waiting.clone(), |oldest| waiting.note(oldest)),
        spread(words.first_answer, figures.first_answer),
        spread(words.resolution, figures.resolution),
    ]
}

struct Row {
    href: String,
    title: String,
    detail: String,
    badge: (&'static str, Tone),
}

#[derive(Template)]
#[template(path = "desk.html")]
struct QueuePage {
    shell: Shell,
    words: &'static crate::words::Words,
    desk: &'static DeskWords,
    tiles: Vec<StatTile>,
    filters: Vec<Filter>,
    rows: Vec<Row>,
    pager: Pager,
}

async fn queue(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(&guide, &agent).await?;
    let words = DeskWords::of(frame.language);
    let lists = [
        ("open", words.open, Queue::Of(TicketStatus::Open)),
        ("mine", words.mine, Queue::Mine),
        ("answered", words.answered, Queue::Of(TicketStatus::Answered)),
        ("closed", words.closed, Queue::Of(TicketStatus::Closed)),
    ];
    let (shown, _, which) = lists.iter().find(|(word, ..)| *word == wanted.show).copied().unwrap_or(lists[0]);
    let after = wanted.after.as_deref().and_then(|after| after.parse::<TicketId>().ok());
    let mut found = guide.queue(&agent, which, after, SHOWN).await?;
    let more = found.len() > usize::from(SHOWN);
    found.truncate(SHOWN.into());
    let list = format!("/help/desk?show={shown}");
    let last = found.last().filter(|_| more).map(|last| format!("{list}&after={}", last.ticket.id));
    let row = |each: &DeskTicket| {
        let since = words.since.replace("{when}", &frame.moment(each.ticket.created_at));
        let taken = taken(words, each, agent.user).map(|taken| format!(" · {taken}")).unwrap_or_default();
        Row {
            href: format!("/help/desk/tickets/{}", each.ticket.id),
            title: title(&guide, words, &frame, &each.ticket.tree),
            detail: format!("{since}{taken}"),
            badge: status(words, each.ticket.status),
        }
    };
    let rows = found.iter().map(row).collect();
    let tiles = tiles(words, &frame, &guide.desk_figures().await?);
    frame.shell.title = words.desk.into();
    frame.shell.notice = notice(words, wanted.done.as_deref());
    let filter = |(word, text, _): (&str, &str, Queue)| Filter {
        text: text.into(),
        href: format!("/help/desk?show={word}"),
        count: None,
        active: word == shown,
    };
    let page = QueuePage {
        tiles,
        filters: lists.map(filter).into(),
        rows,
        pager: Pager { first: after.map(|_| list), next: last },
        words: frame.words,
        desk: words,
        shell: frame.shell,
    };
    render(StatusCode::OK, &page)
}
