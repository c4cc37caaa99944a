//! `/help`: topics, one step a view, and one's tickets.

mod desk;
mod locked_out;
mod manual;

use std::sync::Arc;

use askama::Template;
use axum::{
    Form, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use kernel::{Actor, HelpSessionId, Invalid, Locale, Role, TicketId};
use platform::http::{PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Manner, Person, Shell,
    view::{Control, Field},
};

use crate::{
    domain::{Forest, Language, Session, SessionState, TicketStatus},
    error::HelpError,
    service::{Beginning, Guide, MOST_QUESTION, MOST_TEXT, Shown},
    words::Words,
};

type Known = State<Arc<Guide>>;

/// How many tickets are listed.
const TICKETS: u16 = 50;

pub(crate) fn routes(guide: Arc<Guide>) -> Router {
    Router::new()
        .route("/help", get(topics).post(begin))
        .route("/help/log-in", get(locked_out::show))
        .route("/help/search", get(manual::search))
        .route("/help/manual", get(manual::contents))
        .route("/help/manual/{page}", get(manual::page))
        .route("/help/sessions/{id}", get(step).post(answer))
        .route("/help/sessions/{id}/back", post(back))
        .route("/help/sessions/{id}/person", get(ask_person).post(escalate))
        .route("/help/person", get(ask_anything).post(hand_in))
        .route("/help/tickets/{id}", get(ticket).post(say))
        .route("/help/tickets/{id}/close", post(close))
        .merge(desk::routes())
        .with_state(guide)
}

/// Who looks at a page, and how they read.
struct Frame {
    locale: Locale,
    language: Language,
    words: &'static Words,
    shell: Shell,
    zone: kernel::Zone,
}

impl Frame {
    async fn of(guide: &Guide, actor: &Actor) -> Result<Self, Problem> {
        let account = guide.account(actor).await?;
        let homes = guide.homes(actor).await?.into_iter().map(|home| web::Home {
            current: home.household == actor.household,
            id: home.household.to_string(),
            name: home.name,
            may_change: home.access.may_change(),
        });
        let (locale, zone) = (account.profile.locale, account.profile.time_zone);
        let language = Language::of(&locale);
        let words = Words::of(language);
        let manner = Manner::new(locale.clone(), zone.date_at(guide.now()));
        let person = Person { name: account.profile.name, email: account.email };
        let shell = Shell::new(words.help, manner).signed_in(person).among(homes.collect());
        Ok(Self { locale, language, words, shell, zone })
    }

    /// What a conversation is about.
    fn title(&self, forest: &Forest, tree: &str) -> String {
        match forest.tree(tree) {
            Some(known) => known.title(self.language).to_owned(),
            None if tree.is_empty() => self.words.own_question.to_owned(),
            None => tree.to_owned(),
        }
    }

    fn moment(&self, at: jiff::Timestamp) -> String {
        let local = self.zone.datetime_at(at);
        format!("{}, {}", self.shell.manner.day(&local.date()), kernel::time_text(local.time()))
    }
}

fn render(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    web::page_with(status, template).map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Problem::internal("Showing this page changed nothing. It has been noted; please try again.")
    })
}

/// Where help is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Context {
    tree: String,
    screen: String,
    object: String,
}

struct Topic {
    tree: String,
    title: String,
}

struct TicketLine {
    href: String,
    title: String,
    when: String,
}

#[derive(Template)]
#[template(path = "help.html")]
struct Topics {
    shell: Shell,
    words: &'static Words,
    screen: String,
    object: String,
    topics: Vec<Topic>,
    tickets: Vec<TicketLine>,
    /// Whether they answer what others hand over.
    answers: bool,
}

async fn topics(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(context): Query<Context>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&guide, &actor).await?;
    let forest = guide.forest();
    let topics = forest.for_screen(&context.screen).into_iter();
    let topics = topics.map(|tree| Topic { tree: tree.id.clone(), title: tree.title(frame.language).into() });
    let tickets = guide.tickets(&actor, None, TICKETS).await?.into_iter().take(usize::from(TICKETS));
    let line = |ticket: crate::store::Ticket| TicketLine {
        href: format!("/help/tickets/{}", ticket.id),
        title: frame.title(&forest, &ticket.tree),
        when: frame.moment(ticket.updated_at),
    };
    let tickets = tickets.map(line).collect();
    let page = Topics {
        topics: topics.collect(),
        tickets,
        answers: actor.role != Role::User,
        screen: context.screen,
        object: context.object,
        words: frame.words,
        shell: frame.shell,
    };
    render(StatusCode::OK, &page)
}

async fn begin(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Form(context): Form<Context>,
) -> Result<Response, Problem> {
    let tree = Some(context.tree).filter(|tree| !tree.is_empty());
    let asked = Beginning { tree, screen: context.screen, object: context.object };
    let session = guide.begin(&actor, asked).await?;
    Ok(to_step(session.id))
}

fn to_step(id: HelpSessionId) -> Response {
    Redirect::to(&format!("/help/sessions/{id}")).into_response()
}

#[derive(Template)]
#[template(path = "step.html")]
struct StepPage {
    shell: Shell,
    words: &'static Words,
    address: String,
    title: String,
    shown: Shown,
    open: bool,
    can_go_back: bool,
    /// Whether the person is told that it was solved.
    resolved: bool,
    ticket: Option<String>,
}

fn show(guide: &Guide, mut frame: Frame, session: &Session) -> Result<Response, Problem> {
    let forest = guide.forest();
    let tree = forest.tree(&session.tree).ok_or(HelpError::NotFound)?;
    let shown = Shown::new(tree, session, &frame.locale).ok_or(HelpError::NotFound)?;
    let title = tree.title(frame.language).to_owned();
    frame.shell.title.clone_from(&title);
    let page = StepPage {
        address: format!("/help/sessions/{}", session.id),
        title,
        shown,
        open: session.state == SessionState::Open,
        can_go_back: session.can_go_back(),
        resolved: session.state == SessionState::Resolved,
        ticket: session.ticket.map(|id| format!("/help/tickets/{id}")),
        words: frame.words,
        shell: frame.shell,
    };
    render(StatusCode::OK, &page)
}

async fn step(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
) -> Result<Response, Problem> {
    let session = guide.session(&actor, id).await?;
    show(&guide, Frame::of(&guide, &actor).await?, &session)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answered {
    option: String,
}

async fn answer(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
    Form(answered): Form<Answered>,
) -> Result<Response, Problem> {
    after(id, guide.answer(&actor, id, &answered.option).await)
}

async fn back(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
) -> Result<Response, Problem> {
    after(id, guide.back(&actor, id).await)
}

/// The step that is the current one, also where another device was faster or the page was an old one.
fn after(id: HelpSessionId, done: Result<Session, HelpError>) -> Result<Response, Problem> {
    match done {
        Ok(_) | Err(HelpError::Overtaken | HelpError::Refused(_) | HelpError::Invalid(_)) => Ok(to_step(id)),
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Written {
    message: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    shell: Shell,
    words: &'static Words,
    address: String,
    message: Field,
    problems: Vec<web::view::Problem>,
}

fn message_field(words: &Words, typed: &str, wrong: &Invalid) -> Field {
    let field = Field::area("message", words.message).value(typed).check(wrong, "/message");
    field.max_length(u32::try_from(MOST_TEXT).unwrap_or(u32::MAX))
}

fn person(
    frame: Frame,
    id: HelpSessionId,
    status: StatusCode,
    typed: &str,
    wrong: &Invalid,
) -> Result<Response, Problem> {
    let message = message_field(frame.words, typed, wrong);
    let problems = web::view::problems([&message as &dyn Control]);
    let address = format!("/help/sessions/{id}");
    render(status, &PersonPage { shell: frame.shell, words: frame.words, address, message, problems })
}

async fn ask_person(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
) -> Result<Response, Problem> {
    let session = guide.session(&actor, id).await?;
    if session.state != SessionState::Open {
        return Ok(to_step(id));
    }
    person(Frame::of(&guide, &actor).await?, id, StatusCode::OK, "", &Invalid::new())
}

async fn escalate(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<HelpSessionId>,
    Form(written): Form<Written>,
) -> Result<Response, Problem> {
    match guide.escalate(&actor, id, &written.message).await {
        Err(HelpError::Invalid(wrong)) => {
            let frame = Frame::of(&guide, &actor).await?;
            person(frame, id, StatusCode::UNPROCESSABLE_ENTITY, &written.message, &wrong)
        }
        done => after(id, done),
    }
}

#[derive(Template)]
#[template(path = "hand_in.html")]
struct HandInPage {
    shell: Shell,
    words: &'static Words,
    message: Field,
    problems: Vec<web::view::Problem>,
}

fn anything(frame: Frame, status: StatusCode, typed: &str, wrong: &Invalid) -> Result<Response, Problem> {
    let message = message_field(frame.words, typed, wrong);
    let problems = web::view::problems([&message as &dyn Control]);
    render(status, &HandInPage { shell: frame.shell, words: frame.words, message, problems })
}

/// What was asked before: it need not be typed again.
async fn ask_anything(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(manual::Question { q }): Query<manual::Question>,
) -> Result<Response, Problem> {
    let typed: String = q.chars().take(MOST_QUESTION).collect();
    anything(Frame::of(&guide, &actor).await?, StatusCode::OK, &typed, &Invalid::new())
}

async fn hand_in(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Form(written): Form<Written>,
) -> Result<Response, Problem> {
    match guide.hand_in(&actor, &written.message).await {
        Ok(ticket) => Ok(Redirect::to(&format!("/help/tickets/{}", ticket.id)).into_response()),
        Err(HelpError::Invalid(wrong)) => {
            let frame = Frame::of(&guide, &actor).await?;
            anything(frame, StatusCode::UNPROCESSABLE_ENTITY, &written.message, &wrong)
        }
        Err(error) => Err(error.into()),
    }
}

async fn close(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<TicketId>,
) -> Result<Response, Problem> {
    guide.close(&actor, id).await?;
    Ok(Redirect::to(&format!("/help/tickets/{id}")).into_response())
}

struct Said {
    who: &'static str,
    when: String,
    text: String,
}

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketPage {
    shell: Shell,
    words: &'static Words,
    address: String,
    title: String,
    facts: Vec<(String, String)>,
    is_closed: bool,
    said: Vec<Said>,
    message: Field,
    problems: Vec<web::view::Problem>,
}

async fn show_ticket(
    guide: &Guide,
    actor: &Actor,
    id: TicketId,
    status: StatusCode,
    typed: &str,
    wrong: &Invalid,
) -> Result<Response, Problem> {
    let (found, said) = guide.ticket(actor, id).await?;
    let mut frame = Frame::of(guide, actor).await?;
    let forest = guide.forest();
    let title = frame.title(&forest, &found.tree);
    frame.shell.title.clone_from(&title);
    let said = said.into_iter().map(|message| Said {
        who: if message.author == actor.user { frame.words.you } else { frame.words.support },
        when: frame.moment(message.created_at),
        text: message.text,
    });
    let said = said.collect();
    let message = message_field(frame.words, typed, wrong);
    let problems = web::view::problems([&message as &dyn Control]);
    let page = TicketPage {
        address: format!("/help/tickets/{id}"),
        is_closed: found.status == TicketStatus::Closed,
        title,
        facts: found.facts.told(frame.language, &frame.locale),
        said,
        message,
        problems,
        words: frame.words,
        shell: frame.shell,
    };
    render(status, &page)
}

async fn ticket(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<TicketId>,
) -> Result<Response, Problem> {
    show_ticket(&guide, &actor, id, StatusCode::OK, "", &Invalid::new()).await
}

async fn say(
    State(guide): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<TicketId>,
    Form(written): Form<Written>,
) -> Result<Response, Problem> {
    match guide.say(&actor, id, &written.message).await {
        Ok(()) => Ok(Redirect::to(&format!("/help/tickets/{id}")).into_response()),
        Err(HelpError::Invalid(wrong)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_ticket(&guide, &actor, id, status, &written.message, &wrong).await
        }
        Err(error) => Err(error.into()),
    }
}
