//! `/help/search` and `/help/manual`: questions, and the pages that answer them.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use platform::http::{PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::Shell;

use super::{Frame, Known, Topic, render};
use crate::{
    domain::{Short, ShortAnswer},
    error::HelpError,
    manual::Manual,
    words::Words,
};

/// When the browser looks again by itself whether there is a short answer.
const LOOK_AGAIN: HeaderValue = HeaderValue::from_static("3");

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Question {
    pub(super) q: String,
}

/// A section as it is read: whole.
struct Answer {
    /// The page and the headings above it.
    above: String,
    title: String,
    href: String,
    html: String,
}

/// A short answer, and what of the manual it stands on.
struct ShortShown {
    text: String,
    quotes: Vec<QuoteShown>,
}

struct QuoteShown {
    words: String,
    title: String,
    href: String,
}

impl ShortShown {
    fn new(answer: ShortAnswer) -> Self {
        let quotes = answer.quotes.into_iter().filter_map(|quoted| {
            let found = Manual::embedded().section(quoted.section)?;
            Some(QuoteShown { words: quoted.words, title: found.section.title.clone(), href: found.href() })
        });
        Self { text: answer.text, quotes: quotes.collect() }
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    words: &'static Words,
    question: String,
    /// Where it is handed over as it was typed.
    person: String,
    topics: Vec<Topic>,
    short: Option<ShortShown>,
    /// What is said where there is no short answer, or not yet.
    note: Option<&'static str>,
    answers: Vec<Answer>,
}

pub(super) async fn search(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(Question { q }): Query<Question>,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(&guide, &actor).await?;
    let question: String = q.trim().chars().take(crate::service::MOST_QUESTION).collect();
    let found = guide.search(&actor, &question, frame.language).await;
    let waits = found.short == Short::Waiting;
    let (short, note) = match found.short {
        Short::None => (None, None),
        Short::Waiting => (None, Some(frame.words.short_waiting)),
        Short::Unknown => (None, Some(frame.words.short_unknown)),
        Short::Told(answer) => (Some(ShortShown::new(answer)), None),
    };
    frame.shell.title = frame.words.search.into();
    let answers = found.sections.iter().map(|found| Answer {
        above: found.above(),
        title: found.section.title.clone(),
        href: found.href(),
        html: found.section.html.clone(),
    });
    let page = SearchPage {
        topics: found.topics.into_iter().map(|(tree, title)| Topic { tree, title }).collect(),
        short,
        note,
        answers: answers.collect(),
        person: format!("/help/person?q={}", platform::outbound::encoded(&question)),
        question,
        words: frame.words,
        shell: frame.shell,
    };
    let mut response = render(StatusCode::OK, &page)?;
    if waits {
        response.headers_mut().insert(header::REFRESH, LOOK_AGAIN);
    }
    Ok(response)
}

struct Line {
    title: String,
    href: String,
}

#[derive(Template)]
#[template(path = "manual.html")]
struct ContentsPage {
    shell: Shell,
    words: &'static Words,
    pages: Vec<Line>,
}

pub(super) async fn contents(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(&guide, &actor).await?;
    frame.shell.title = frame.words.manual.into();
    let pages = Manual::embedded().pages().iter();
    let line = |page: &crate::manual::Page| Line {
        title: page.title.clone(),
        href: format!("/help/manual/{}", page.slug),
    };
    render(
        StatusCode::OK,
        &ContentsPage { pages: pages.map(line).collect(), words: frame.words, shell: frame.shell },
    )
}

struct Part {
    anchor: String,
    title: String,
    level: u8,
    html: String,
}

#[derive(Template)]
#[template(path = "manual_page.html")]
struct ManualPage {
    shell: Shell,
    words: &'static Words,
    title: String,
    parts: Vec<Part>,
}

pub(super) async fn page(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(slug): PathOf<String>,
) -> Result<Response, Problem> {
    let page = Manual::embedded().page(&slug).ok_or(HelpError::NotFound)?;
    let mut frame = Frame::of(&guide, &actor).await?;
    frame.shell.title.clone_from(&page.title);
    let part = |section: &crate::manual::Section| Part {
        anchor: section.anchor.clone(),
        title: section.title.clone(),
        level: section.level,
        html: section.html.clone(),
    };
    let shown = ManualPage {
        title: page.title.clone(),
        parts: page.sections.iter().map(part).collect(),
        words: frame.words,
        shell: frame.shell,
    };
    render(StatusCode::OK, &shown)
}
