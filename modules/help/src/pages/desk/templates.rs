//! The desk's templates: listed, kept, changed and deleted.

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, AnswerTemplateId, Invalid};
use platform::http::{IfMatch, PathOf, Problem, Query, VisitorAsAgent};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Control, Field},
};

use super::{DeskWords, Wanted, notice};
use crate::{
    error::HelpError,
    pages::{Frame, Known, render},
    service::{Guide, MOST_NAME, MOST_TEXT, TemplateInput},
    store::Template,
};

const LIST: &str = "/help/desk/templates";
/// All of them: there is room for no more.
const SHOWN: u16 = 200;

/// What is sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    name: String,
    text: String,
    version: i64,
}

impl Sent {
    fn input(&self) -> TemplateInput {
        TemplateInput { name: Some(self.name.clone()), text: Some(self.text.clone()) }
    }
}

struct Row {
    href: String,
    name: String,
    begins: String,
}

/// How much of a template is seen in the list, in characters.
const BEGINS: usize = 120;

impl From<&Template> for Row {
    fn from(template: &Template) -> Self {
        let begins = template.text.chars().take(BEGINS).collect();
        Self { href: format!("{LIST}/{}", template.id), name: template.name.clone(), begins }
    }
}

/// The two questions of the form.
fn fields(words: &DeskWords, sent: &Sent, wrong: &Invalid) -> (Field, Field) {
    let long = |most: usize| u32::try_from(most).unwrap_or(u32::MAX);
    let name = Field::text("name", words.name).value(&*sent.name).check(wrong, "/name");
    let text = Field::area("text", words.text).value(&*sent.text).check(wrong, "/text");
    (name.max_length(long(MOST_NAME)), text.max_length(long(MOST_TEXT)))
}

#[derive(askama::Template)]
#[template(path = "desk_templates.html")]
struct ListPage {
    shell: Shell,
    desk: &'static DeskWords,
    rows: Vec<Row>,
    name: Field,
    text: Field,
    problems: Vec<web::view::Problem>,
}

async fn list_page(
    guide: &Guide,
    agent: &Actor,
    status: StatusCode,
    (sent, wrong): (&Sent, &Invalid),
    told: Option<&str>,
) -> Result<Response, Problem> {
    let mut frame = Frame::of(guide, agent).await?;
    let words = DeskWords::of(frame.language);
    let kept = guide.templates(None, SHOWN).await?;
    let (name, text) = fields(words, sent, wrong);
    frame.shell.title = words.templates.into();
    frame.shell.notice = notice(words, told);
    let problems = web::view::problems([&name as &dyn Control, &text]);
    let rows = kept.iter().map(Row::from).collect();
    render(status, &ListPage { shell: frame.shell, desk: words, rows, name, text, problems })
}

pub(super) async fn list(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let blank = (&Sent::default(), &Invalid::new());
    list_page(&guide, &agent, StatusCode::OK, blank, wanted.done.as_deref()).await
}

pub(super) async fn add(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match guide.add_template(&sent.input()).await {
        Ok(_) => Ok(done("kept")),
        Err(HelpError::Invalid(wrong)) => {
            list_page(&guide, &agent, StatusCode::UNPROCESSABLE_ENTITY, (&sent, &wrong), None).await
        }
        Err(error) => Err(error.into()),
    }
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("{LIST}?done={what}")).into_response()
}

#[derive(askama::Template)]
#[template(path = "desk_template.html")]
struct OnePage {
    shell: Shell,
    desk: &'static DeskWords,
    address: String,
    title: String,
    version: i64,
    name: Field,
    text: Field,
    problems: Vec<web::view::Problem>,
}

async fn one_page(
    guide: &Guide,
    agent: &Actor,
    id: AnswerTemplateId,
    (status, notice): (StatusCode, Option<Notice>),
    (sent, wrong): (&Sent, &Invalid),
) -> Result<Response, Problem> {
    let mut frame = Frame::of(guide, agent).await?;
    let words = DeskWords::of(frame.language);
    let kept = guide.template(id).await?;
    let (name, text) = fields(words, sent, wrong);
    frame.shell.title.clone_from(&kept.name);
    frame.shell.notice = notice;
    let page = OnePage {
        address: format!("{LIST}/{id}"),
        title: kept.name,
        version: sent.version,
        problems: web::view::problems([&name as &dyn Control, &text]),
        name,
        text,
        desk: words,
        shell: frame.shell,
    };
    render(status, &page)
}

pub(super) async fn show(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    PathOf(id): PathOf<AnswerTemplateId>,
) -> Result<Response, Problem> {
    let kept = guide.template(id).await?;
    let sent = Sent { name: kept.name, text: kept.text, version: kept.version };
    one_page(&guide, &agent, id, (StatusCode::OK, None), (&sent, &Invalid::new())).await
}

pub(super) async fn change(
    State(guide): Known,
    VisitorAsAgent(agent): VisitorAsAgent,
    PathOf(id): PathOf<AnswerTemplateId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let seen = IfMatch::of_version(&[&sent.version]);
    match guide.change_template(id, &seen, &sent.input()).await {
        Ok(_) => Ok(done("kept")),
        Err(HelpError::Invalid(wrong)) => {
            let status = (StatusCode::UNPROCESSABLE_ENTITY, None);
            one_page(&guide, &agent, id, status, (&sent, &wrong)).await
        }
        Err(stale @ HelpError::Stale) => {
            // What was typed is shown over what there is now, so that the next press saves it.
            let now = Sent { version: guide.template(id).await?.version, ..sent };
            let told = Notice::new(Tone::Careful, stale.to_string());
            let status = (StatusCode::PRECONDITION_FAILED, Some(told));
            one_page(&guide, &agent, id, status, (&now, &Invalid::new())).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn delete(
    State(guide): Known,
    VisitorAsAgent(_agent): VisitorAsAgent,
    PathOf(id): PathOf<AnswerTemplateId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let seen = IfMatch::of_version(&[&sent.version]);
    guide.delete_template(id, &seen).await?;
    Ok(done("deleted"))
}
