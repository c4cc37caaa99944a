//! One ticket of the desk: what was said, what whoever handed it over saw, and what it carries.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, AnswerTemplateId, Invalid, Locale, TicketId};
use platform::http::{Origin, PathOf, Problem, Query, VisitorAsAgent};
use serde::Deserialize;
use web::{
    Shell, Tone,
    view::{Control, Field, Select},
};

use super::{DeskWords, notice, status, taken, title};
use crate::{
    domain::{ESCALATED, Language, NodeKind, TicketStatus, Tree},
    error::HelpError,
    pages::{Frame, Known, Said, render},
    service::{Guide, MOST_TEXT},
    store::Ticket,
};

/// How many templates can be chosen from.
const TEMPLATES: u16 = 200;

/// A step as it was seen: what stood there, and what was answered or came of it.
struct Seen {
    text: String,
    what: String,
}

/// The steps of a ticket in words, as far as the tree in service still has them.
fn seen(ticket: &Ticket, tree: Option<&Tree>, words: &DeskWords, locale: &Locale) -> Vec<Seen> {
    let language = Language::of(locale);
    let fill = |text: &str| ticket.facts.fill(text, language, locale);
    let step = |step: &crate::domain::Step| {
        let node = tree.and_then(|tree| tree.nodes.get(&step.node));
        let label = node.and_then(|node| match &node.kind {
            NodeKind::Question(choices) => choices
                .iter()
                .find(|choice| choice.id == step.what)
                .map(|choice| fill(choice.label.of(language))),
            NodeKind::Check(..) | NodeKind::Action(..) | NodeKind::Answer(_) | NodeKind::Escalation => None,
        });
        Seen {
            text: node.map_or_else(|| step.node.clone(), |node| fill(node.text.of(language))),
            what: match label {
                Some(label) => label,
                None if step.what == ESCALATED => words.was_escalated.to_owned(),
                None => step.what.clone(),
            },
        }
    };
    ticket.path.iter().map(step).collect()
}

#[derive(Template)]
#[template(path = "desk_ticket.html")]
struct TicketPage {
    shell: Shell,
    desk: &'static DeskWords,
    address: String,
    title: String,
    badge: (&'static str, Tone),
    detail: String,
    said: Vec<Said>,
    /// Whether the one who looks may answer: nobody else has it.
    may_answer: bool,
    is_taken: bool,
    is_closed: bool,
    message: Field,
    templates: Option<Select>,
    problems: Vec<web::view::Problem>,
    seen: Vec<Seen>,
    carries: Vec<(String, String)>,
}

/// What is said of it, and with what the answer begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    template: String,
    done: Option<String>,
}

/// What an answer was to be, and what is wrong with it.
struct Draft<'a> {
    typed: &'a str,
    wrong: &'a Invalid,
    status: StatusCode,
}

async fn page(
    guide: &Guide,
    agent: &Actor,
    origin: &Origin,
    id: TicketId,
    (wanted, draft): (&Wanted, Draft<'_>),
) -> Result<Response, Problem> {
    let mut frame = Frame::of(guide, agent).await?;
    let words = DeskWords::of(frame.language);
    let (found, said) = guide.open_ticket(agent, origin, id).await?;
    let ticket = &found.ticket;
    let templates = guide.templates(None, TEMPLATES).await?;
    let chosen = wanted.template.parse::<AnswerTemplateId>().ok();
    let begins = templates.iter().find(|each| Some(each.id) == chosen).map(|each| each.text.as_str());
    let message = Field::area("message", words.answer)
        .hint(words.told)
        .value(begins.filter(|_| draft.typed.is_empty()).unwrap_or(draft.typed))
        .check(draft.wrong, "/message")
        .max_length(u32::try_from(MOST_TEXT).unwrap_or(u32::MAX));
    let choice = |each: &crate::store::Template| (each.id.to_string(), each.name.clone());
    let choose = (!templates.is_empty()).then(|| {
        let choices: Vec<_> = templates.iter().map(choice).collect();
        Select::new("template", words.template).choices(choices).value(wanted.template.clone())
    });
    let forest = guide.forest();
    let taken = taken(words, &found, agent.user);
    let since = words.since.replace("{when}", &frame.moment(ticket.created_at));
    let said = said.into_iter().map(|message| Said {
        who: if message.author == ticket.user { words.them } else { words.us },
        when: frame.moment(message.created_at),
        text: message.text,
    });
    let page = TicketPage {
        address: format!("/help/desk/tickets/{id}"),
        title: title(guide, words, &frame, &ticket.tree),
        badge: status(words, ticket.status),
        detail: taken.map_or(since.clone(), |taken| format!("{since} · {taken}")),
        said: said.collect(),
        may_answer: ticket.claimed_by.is_none_or(|by| by == agent.user),
        is_taken: ticket.claimed_by.is_some(),
        is_closed: ticket.status == TicketStatus::Closed,
        problems: web::view::problems([&message as &dyn Control]),
        message,
        templates: choose,
        seen: seen(ticket, forest.tree(&ticket.tree), words, &frame.locale),
        carries: carries(ticket, words, &frame),
        desk: words,
        shell: {
            frame.shell.title = title(guide, words, &frame, &ticket.tree);
            frame.shell.notice = notice(words, wanted.done.as_deref());
            frame.shell
        },
    };
    render(draft.status, &page)
}

/// What a ticket carries beside the words and the steps: the ids, and what was found out.
fn carries(ticket: &Ticket, words: &DeskWords, frame: &Frame) -> Vec<(String, String)> {
    let mut carried = vec![
        (words.ticket.to_owned(), ticket.id.to_string()),
        (words.person.to_owned(), ticket.user.to_string()),
        (words.household.to_owned(), ticket.household.to_string()),
    ];
    let mut add = |name: &str, value: String| carried.push((name.to_owned(), value));
    if let Some(locale) = &ticket.locale {
        add(words.reads, locale.to_string());
    }
    if !ticket.object.is_empty() {
        add(words.object, ticket.object.clone());
    }
    if !ticket.tree.is_empty() {
        add(words.version, format!("{} {}", ticket.tree, ticket.tree_version));
    }
    carried.extend(ticket.facts.told(frame.language, &frame.locale));
    carried
}

pub(super) async fn show(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    origin: Origin,
    PathOf(id): PathOf<TicketId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let draft = Draft { typed: "", wrong: &Invalid::new(), status: StatusCode::OK };
    page(&guide, &agent, &origin, id, (&wanted, draft)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    message: String,
}

fn back(id: TicketId, done: &str) -> Response {
    Redirect::to(&format!("/help/desk/tickets/{id}?done={done}")).into_response()
}

pub(super) async fn answer(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    origin: Origin,
    PathOf(id): PathOf<TicketId>,
    Form(written): Form<Written>,
) -> Result<Response, Problem> {
    match guide.answer_ticket(&agent, id, &written.message).await {
        Ok(()) => Ok(back(id, "answered")),
        Err(HelpError::Invalid(wrong)) => {
            let draft =
                Draft { typed: &written.message, wrong: &wrong, status: StatusCode::UNPROCESSABLE_ENTITY };
            page(&guide, &agent, &origin, id, (&Wanted::default(), draft)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn claim(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    PathOf(id): PathOf<TicketId>,
) -> Result<Response, Problem> {
    guide.claim(&agent, id).await?;
    Ok(back(id, "taken"))
}

pub(super) async fn release(
    State(guide): Known,
    VisitorAsAgent(_agent): VisitorAsAgent,
    PathOf(id): PathOf<TicketId>,
) -> Result<Response, Problem> {
    guide.release(id).await?;
    Ok(back(id, "given"))
}

pub(super) async fn close(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    PathOf(id): PathOf<TicketId>,
) -> Result<Response, Problem> {
    guide.close_ticket(&agent, id).await?;
    Ok(Redirect::to("/help/desk?done=closed").into_response())
}
