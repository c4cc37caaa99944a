//! `/help/search` and `/help/manual`: questions, and the pages that answer them.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use platform::http::{PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::Shell;

use super::{Frame, Known, Topic, render};
use crate::{error::HelpError, manual::Manual, words::Words};

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

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    words: &'static Words,
    question: String,
    /// Where it is handed over as it was typed.
    person: String,
    topics: Vec<Topic>,
    answers: Vec<Answer>,
}

pub(super) async fn search(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(Question { q }): Query<Question>,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(&guide, &actor).await?;
    let question: String = q.trim().chars().take(crate::service::MOST_QUESTION).collect();
    let found = guide.search(&question, frame.language).await;
    frame.shell.title = frame.words.search.into();
    let answers = found.sections.iter().map(|found| Answer {
        above: std::iter::once(&found.page.title)
            .filter(|title| **title != found.section.title)
            .chain(&found.section.above)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" › "),
        title: found.section.title.clone(),
        href: found.href(),
        html: found.section.html.clone(),
    });
    let page = SearchPage {
        topics: found.topics.into_iter().map(|(tree, title)| Topic { tree, title }).collect(),
        answers: answers.collect(),
        person: format!("/help/person?q={}", platform::outbound::encoded(&question)),
        question,
        words: frame.words,
        shell: frame.shell,
    };
    render(StatusCode::OK, &page)
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
