//! What to improve: topics with what became of those who came, drawn on the tree, a version beside another; and the
//! questions that found nothing.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use platform::http::{Cursor, PathOf, Problem, Query, VisitorAsAgent};
use serde::Deserialize;
use web::{
    Shell,
    view::{Bar, Column, Columns, Filter, Pager, StatTile},
};

use super::DeskWords;
use crate::{
    domain::{Language, NodeFigures, NodeKind, Outcome, Tree, drawn},
    error::HelpError,
    pages::{Frame, Known, render},
    service::{Day, Guide, WalkedTree},
    store::Walked,
};

const LIST: &str = "/help/desk/trees";
/// Over how many days can be looked.
const PERIODS: [i64; 3] = [7, 30, 90];
/// How many questions a page shows.
const SHOWN: u16 = 50;

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    days: Option<i64>,
    version: String,
    with: String,
    after: Option<String>,
}

impl Wanted {
    fn days(&self) -> i64 {
        self.days.filter(|days| PERIODS.contains(days)).unwrap_or(30)
    }
}

fn periods(words: &DeskWords, shown: i64, href: impl Fn(i64) -> String) -> Vec<Filter> {
    let filter = |days: i64| Filter {
        text: words.last_days.replace("{n}", &days.to_string()),
        href: href(days),
        count: None,
        active: days == shown,
    };
    PERIODS.map(filter).into()
}

/// Thousandths of a whole.
const fn permille(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { part.saturating_mul(1000) / whole }
}

/// What became of some, in words: what is nought is left out.
fn became(words: &DeskWords, outcome: &Outcome) -> String {
    let Outcome { resolved, escalated, left, under_way, .. } = *outcome;
    let parts = [
        (words.resolved, resolved),
        (words.escalated, escalated),
        (words.left, left),
        (words.under_way, under_way),
    ];
    let told = parts.iter().filter(|(_, count)| *count > 0);
    told.map(|(text, count)| text.replace("{n}", &count.to_string())).collect::<Vec<_>>().join(" · ")
}

fn came(words: &DeskWords, count: i64) -> String {
    words.came.replace("{n}", &count.to_string())
}

#[derive(Template)]
#[template(path = "desk_trees.html")]
struct ListPage {
    shell: Shell,
    desk: &'static DeskWords,
    periods: Vec<Filter>,
    bars: Vec<Bar>,
}

pub(super) async fn list(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(&guide, &agent).await?;
    let words = DeskWords::of(frame.language);
    let days = wanted.days();
    let mut outcomes = guide.outcomes(guide.first_of(days)).await?;
    outcomes.sort_by_key(|(tree, outcome)| (std::cmp::Reverse(outcome.came), tree.clone()));
    let most = outcomes.first().map_or(0, |(_, outcome)| outcome.came);
    let forest = guide.forest();
    let bar = |(tree, outcome): &(String, Outcome)| Bar {
        name: frame.title(&forest, tree),
        href: Some(format!("{LIST}/{}?days={days}", platform::outbound::encoded(tree))),
        value: came(words, outcome.came),
        note: became(words, outcome),
        permille: permille(outcome.came, most),
    };
    let bars = outcomes.iter().map(bar).collect();
    frame.shell.title = words.trees.into();
    let periods = periods(words, days, |days| format!("{LIST}?days={days}"));
    render(StatusCode::OK, &ListPage { shell: frame.shell, desk: words, periods, bars })
}

/// The figures of one version at a node.
struct Told {
    came: String,
    became: String,
    permille: i64,
}

/// A node where it stands in the tree.
struct Row {
    level: usize,
    /// By which way one comes here, and how many did, version by version.
    by: Option<String>,
    text: String,
    kind: &'static str,
    again: bool,
    told: Vec<Told>,
}

/// The tree in service with the figures of each version that is looked at; then what only those versions had.
fn rows(tree: Option<&Tree>, walked: &[WalkedTree], words: &DeskWords, language: Language) -> Vec<Row> {
    let told = |id: &str| {
        let one = |each: &WalkedTree| {
            let NodeFigures { outcome, .. } = each.funnel.node(id);
            Told {
                came: came(words, outcome.came),
                became: became(words, &outcome),
                permille: permille(outcome.came, each.funnel.outcome.came).min(1000),
            }
        };
        walked.iter().map(one).collect::<Vec<_>>()
    };
    let mut rows = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for place in tree.map(drawn).unwrap_or_default() {
        let Some(node) = tree.and_then(|tree| tree.nodes.get(place.node)) else { continue };
        seen.insert(place.node);
        rows.push(Row {
            level: place.level,
            by: place.by.map(|(from, way)| way_taken(tree, (from, way), walked, language)),
            text: node.text.of(language).to_owned(),
            kind: words.kind(&node.kind),
            again: place.again,
            told: if place.again { Vec::new() } else { told(place.node) },
        });
    }
    let gone: BTreeSet<&String> = walked.iter().flat_map(|each| each.funnel.nodes.keys()).collect();
    for id in gone.into_iter().filter(|id| !seen.contains(id.as_str())) {
        rows.push(Row {
            level: 1,
            by: None,
            text: id.clone(),
            kind: words.gone,
            again: false,
            told: told(id),
        });
    }
    rows
}

/// A way from a node, and how many took it, version by version.
fn way_taken(
    tree: Option<&Tree>,
    (from, way): (&str, &str),
    walked: &[WalkedTree],
    language: Language,
) -> String {
    let kind = tree.and_then(|tree| tree.nodes.get(from)).map(|node| &node.kind);
    let label = match kind {
        Some(NodeKind::Question(choices)) => {
            choices.iter().find(|choice| choice.id == way).map(|choice| choice.label.of(language))
        }
        Some(NodeKind::Check(..) | NodeKind::Action(..) | NodeKind::Answer(_) | NodeKind::Escalation)
        | None => None,
    };
    let taken = |each: &WalkedTree| each.funnel.node(from).ways.get(way).copied().unwrap_or(0).to_string();
    let counts: Vec<_> = walked.iter().map(taken).collect();
    format!("{} ({})", label.unwrap_or(way), counts.join(" | "))
}

#[derive(Template)]
#[template(path = "desk_tree.html")]
struct TreePage {
    shell: Shell,
    desk: &'static DeskWords,
    title: String,
    periods: Vec<Filter>,
    /// The versions that were walked, for the one that is looked at and for the one beside it.
    versions: Vec<Filter>,
    others: Vec<Filter>,
    /// The figures of each that is looked at, under its name.
    heads: Vec<(String, Vec<StatTile>)>,
    rows: Vec<Row>,
    chart: Columns,
}

fn tiles(words: &DeskWords, outcome: &Outcome) -> Vec<StatTile> {
    let share = |label: &'static str, part: i64| {
        let tenths = permille(part, outcome.came);
        StatTile::new(label, part.to_string()).note(format!("{} %", (tenths + 5) / 10))
    };
    vec![
        StatTile::new(words.they_came, outcome.came.to_string()),
        share(words.was_resolved, outcome.resolved),
        share(words.was_escalated, outcome.escalated),
        share(words.they_left, outcome.left),
    ]
}

/// The most columns of a chart: more could not be told apart on a phone.
const COLUMNS: usize = 15;

/// Days side by side, several in a column where there are many.
fn chart(words: &DeskWords, frame: &Frame, days: &[Day]) -> Columns {
    let together = days.len().div_ceil(COLUMNS).max(1);
    let spans: Vec<_> = days.chunks(together).map(|span| (span, of_all(span))).collect();
    let most = spans.iter().map(|(_, outcome)| outcome.came).max().unwrap_or(0);
    let column = |(span, outcome): &(&[Day], Outcome)| {
        let (became, came) = (became(words, outcome), came(words, outcome.came));
        let (first, last) = (span.first(), span.last());
        let named = |day: Option<&Day>| day.map_or_else(String::new, |day| frame.shell.manner.day(&day.day));
        Column {
            label: first.map_or_else(String::new, |first| first.day.day().to_string()),
            name: if together == 1 { named(first) } else { format!("{} – {}", named(first), named(last)) },
            href: None,
            value: if became.is_empty() { came } else { format!("{came} · {became}") },
            permille: permille(outcome.came, most),
            active: false,
        }
    };
    Columns { label: words.by_day.into(), columns: spans.iter().map(column).collect() }
}

/// What became of those of several days.
fn of_all(days: &[Day]) -> Outcome {
    days.iter().fold(Outcome::default(), |all, Day { outcome, .. }| Outcome {
        came: all.came + outcome.came,
        resolved: all.resolved + outcome.resolved,
        escalated: all.escalated + outcome.escalated,
        left: all.left + outcome.left,
        under_way: all.under_way + outcome.under_way,
    })
}

/// The version that is looked at, and the one beside it.
fn chosen(wanted: &Wanted, versions: &[Walked], tree: Option<&Tree>) -> Result<Vec<String>, HelpError> {
    let known = |version: &str| versions.iter().any(|walked| walked.version == version);
    let first = match wanted.version.as_str() {
        "" => tree.map(|tree| tree.version.clone()).or_else(|| Some(versions.first()?.version.clone())),
        version => Some(version.to_owned()).filter(|version| known(version)),
    };
    let mut chosen = vec![first.ok_or(HelpError::NotFound)?];
    if known(&wanted.with) && wanted.with != chosen[0] {
        chosen.push(wanted.with.clone());
    }
    Ok(chosen)
}

pub(super) async fn show(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    PathOf(id): PathOf<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(&guide, &agent).await?;
    let words = DeskWords::of(frame.language);
    let (days, forest) = (wanted.days(), guide.forest());
    let (since, tree) = (guide.first_of(days), forest.tree(&id));
    let versions = guide.versions(&id, since).await?;
    let chosen = chosen(&wanted, &versions, tree)?;
    let walked = all(&guide, &id, &chosen, since).await?;
    let first = chosen.first().map_or("", String::as_str);
    let other = chosen.get(1).map_or("", String::as_str);
    let address = |days: i64, version: &str, with: &str| {
        format!("{LIST}/{}?days={days}&version={version}&with={with}", platform::outbound::encoded(&id))
    };
    let filter = |each: &Walked, active: bool, href: String| Filter {
        text: words
            .from_to
            .replace("{version}", &each.version)
            .replace("{from}", &frame.shell.manner.day(&each.first))
            .replace("{to}", &frame.shell.manner.day(&each.last)),
        href,
        count: None,
        active,
    };
    let one = |each: &Walked| filter(each, each.version == first, address(days, &each.version, other));
    let beside = |each: &Walked| filter(each, each.version == other, address(days, first, &each.version));
    let others = versions.iter().filter(|each| each.version != first).map(beside).collect();
    let head = |each: &WalkedTree| {
        (words.of_version.replace("{version}", &each.version), tiles(words, &each.funnel.outcome))
    };
    let title = frame.title(&forest, &id);
    let page = TreePage {
        periods: periods(words, days, |days| address(days, first, other)),
        versions: versions.iter().map(one).collect(),
        others,
        heads: walked.iter().map(head).collect(),
        rows: rows(tree, &walked, words, frame.language),
        chart: chart(words, &frame, &guide.days(&id, first, since).await?),
        desk: words,
        shell: {
            frame.shell.title.clone_from(&title);
            frame.shell
        },
        title,
    };
    render(StatusCode::OK, &page)
}

async fn all(
    guide: &Guide,
    tree: &str,
    versions: &[String],
    since: jiff::civil::Date,
) -> Result<Vec<WalkedTree>, HelpError> {
    let mut walked = Vec::with_capacity(versions.len());
    for version in versions {
        walked.push(guide.funnel(tree, version, since).await?);
    }
    Ok(walked)
}

struct Question {
    text: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "desk_questions.html")]
struct QuestionsPage {
    shell: Shell,
    desk: &'static DeskWords,
    questions: Vec<Question>,
    pager: Pager,
}

pub(super) async fn questions(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(&guide, &agent).await?;
    let words = DeskWords::of(frame.language);
    let after = wanted.after.as_deref().and_then(Cursor::<(i64, String)>::decode).map(|Cursor(key)| key);
    let mut found = guide.unanswered(after.clone(), SHOWN).await?;
    let more = found.len() > usize::from(SHOWN);
    found.truncate(SHOWN.into());
    const HERE: &str = "/help/desk/questions";
    let last = found.last().filter(|_| more);
    let next = last.map(|last| format!("{HERE}?after={}", Cursor((last.times, &last.text)).encode()));
    let question = |each: crate::store::Unanswered| Question {
        detail: words
            .asked_times
            .replace("{n}", &each.times.to_string())
            .replace("{language}", &each.language)
            .replace("{when}", &frame.shell.manner.day(&each.last_on)),
        text: each.text,
    };
    let questions = found.into_iter().map(question).collect();
    frame.shell.title = words.questions.into();
    let pager = Pager { first: after.map(|_| HERE.to_owned()), next };
    render(StatusCode::OK, &QuestionsPage { shell: frame.shell, desk: words, questions, pager })
}
