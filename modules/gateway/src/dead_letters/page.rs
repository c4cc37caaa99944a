//! `/admin/dead-letters`

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, DeadLetterId};
use platform::http::{Cursor, Origin, PathOf, Problem, Query, VisitorAsAdministrator};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Confirm, Pager},
};

use super::{Fate, Found, Source};
use crate::frame::{self, span};

/// How many a page shows.
const SHOWN: u16 = 50;
const LIST: &str = "/admin/dead-letters";

/// One in the list.
struct Row {
    href: String,
    kind: String,
    consumer: String,
    error: String,
    age: String,
}

/// How long ago it was given up, in words.
fn age(source: &Source, (_, letter): &Found) -> String {
    let passed = source.clock.now().duration_since(letter.died_at).as_secs();
    format!("given up {} ago", span(u64::try_from(passed).unwrap_or(0)))
}

impl Row {
    fn new(source: &Source, found: &Found) -> Self {
        let (_, letter) = found;
        Self {
            href: format!("{LIST}/{}", letter.id),
            kind: letter.event.kind.clone(),
            consumer: letter.consumer.clone(),
            error: letter.error.clone(),
            age: age(source, found),
        }
    }
}

#[derive(Template)]
#[template(path = "dead_letters.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    /// Whose they are, where only one consumer's are shown.
    consumer: Option<String>,
    pager: Pager,
}

/// Which are looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    consumer: Option<String>,
    after: Option<String>,
    done: Option<String>,
}

fn notice(done: Option<&str>) -> Option<Notice> {
    let text = match done? {
        "replay" => "On its way. What cannot be taken again comes back here.",
        "discard" => "Thrown away.",
        "more" => "Done with a thousand of them; there are more.",
        _ => return None,
    };
    Some(Notice::new(Tone::Good, text))
}

/// The list of one consumer, or of all, with what else is said in its address.
fn list_of(consumer: Option<&str>, rest: &str) -> String {
    let consumer =
        consumer.map(|name| format!("consumer={}", platform::outbound::encoded(name))).unwrap_or_default();
    match (consumer.is_empty(), rest.is_empty()) {
        (true, true) => LIST.to_owned(),
        (true, false) => format!("{LIST}?{rest}"),
        (false, true) => format!("{LIST}?{consumer}"),
        (false, false) => format!("{LIST}?{consumer}&{rest}"),
    }
}

async fn shell(source: &Source, actor: &Actor, title: &str) -> Result<Shell, Problem> {
    frame::shell(&*source.users, &*source.clock, actor, title).await
}

fn render(page: &impl Template) -> Result<Response, Problem> {
    web::page(page).map_err(|error| {
        tracing::error!(%error, "dead letters cannot be shown");
        Problem::internal("It has been noted. The same is at /v1/admin/dead-letters.")
    })
}

pub(super) async fn list(
    State(source): State<Arc<Source>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let consumer = wanted.consumer.filter(|name| !name.is_empty());
    let after = wanted.after.as_deref().and_then(Cursor::decode).map(|Cursor(place)| place);
    let mut found = source.list(consumer.as_deref(), after, SHOWN).await?;
    let more = found.len() > usize::from(SHOWN);
    found.truncate(SHOWN.into());
    let next = found.last().filter(|_| more).map(|(_, last)| Cursor(last.place()).encode());
    let mut shell = shell(&source, &actor, "Dead letters").await?;
    shell.notice = notice(wanted.done.as_deref());
    render(&ListPage {
        shell,
        rows: found.iter().map(|each| Row::new(&source, each)).collect(),
        pager: Pager {
            first: after.map(|_| list_of(consumer.as_deref(), "")),
            next: next.map(|next| list_of(consumer.as_deref(), &format!("after={next}"))),
        },
        consumer,
    })
}

#[derive(Template)]
#[template(path = "dead_letter.html")]
struct OnePage {
    shell: Shell,
    action: String,
    kind: String,
    consumer: String,
    /// Only this consumer's.
    theirs: String,
    subject: String,
    error: String,
    tries: String,
    age: String,
    trace: Option<String>,
    event: String,
    discard: Confirm,
}

fn discarding(id: DeadLetterId, consumer: &str) -> Confirm {
    Confirm {
        id: "discard".into(),
        title: "Throw this event away?".into(),
        text: format!("{consumer} will never have taken it. That cannot be taken back."),
        action: format!("{LIST}/{id}"),
        verb: "Throw it away".into(),
        keep: "Keep it".into(),
        back: format!("{LIST}/{id}"),
        danger: true,
        hidden: vec![("fate", "discard".into())],
    }
}

pub(super) async fn show(
    State(source): State<Arc<Source>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    PathOf(id): PathOf<DeadLetterId>,
) -> Result<Response, Problem> {
    let found = source.find(id).await?;
    let age = age(&source, &found);
    let (_, letter) = found;
    let event = serde_json::to_value(&letter.event).unwrap_or_default();
    render(&OnePage {
        shell: shell(&source, &actor, &letter.event.kind).await?,
        action: format!("{LIST}/{id}"),
        discard: discarding(id, &letter.consumer),
        theirs: list_of(Some(&letter.consumer), ""),
        age,
        kind: letter.event.kind,
        consumer: letter.consumer,
        subject: letter.event.subject,
        error: letter.error,
        tries: letter.tries.to_string(),
        trace: letter.event.traceparent,
        event: format!("{event:#}"),
    })
}

/// What is to become of it, and of whose.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    fate: String,
    consumer: String,
}

impl Sent {
    fn fate(&self) -> Result<Fate, Problem> {
        match self.fate.as_str() {
            "replay" => Ok(Fate::Replay),
            "discard" => Ok(Fate::Discard),
            _ => Err(Problem::malformed("The form does not say what is to be done.")),
        }
    }

    fn consumer(&self) -> Option<&str> {
        Some(self.consumer.as_str()).filter(|name| !name.is_empty())
    }
}

pub(super) async fn act(
    State(source): State<Arc<Source>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    origin: Origin,
    PathOf(id): PathOf<DeadLetterId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    source.act(&actor, &origin, id, sent.fate()?).await?;
    Ok(Redirect::to(&list_of(None, &format!("done={}", sent.fate))).into_response())
}

#[derive(Template)]
#[template(path = "dead_letters_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    confirm: Confirm,
}

pub(super) async fn ask_to_discard(
    State(source): State<Arc<Source>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    PathOf(id): PathOf<DeadLetterId>,
) -> Result<Response, Problem> {
    let (_, letter) = source.find(id).await?;
    let shell = shell(&source, &actor, "Throw it away").await?;
    render(&ConfirmPage { shell, confirm: discarding(id, &letter.consumer) })
}

pub(super) async fn ask_of_all(
    State(source): State<Arc<Source>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    Query(sent): Query<Sent>,
) -> Result<Response, Problem> {
    let fate = sent.fate()?;
    let whose = sent.consumer().map_or_else(|| "All of them".to_owned(), |name| format!("Those of {name}"));
    let (title, text, verb) = match fate {
        Fate::Replay => (
            "Send them again?",
            "are given to their consumers once more, a thousand or so at once. What cannot be taken again comes back here.",
            "Send them again",
        ),
        Fate::Discard => (
            "Throw them away?",
            "are gone, a thousand or so at once; their consumers will never have taken them. That cannot be taken back.",
            "Throw them away",
        ),
    };
    let confirm = Confirm {
        id: "all".into(),
        title: title.into(),
        text: format!("{whose} {text}"),
        action: format!("{LIST}/all"),
        verb: verb.into(),
        keep: "Leave them".into(),
        back: list_of(sent.consumer(), ""),
        danger: fate == Fate::Discard,
        hidden: vec![("fate", sent.fate.clone()), ("consumer", sent.consumer.clone())],
    };
    render(&ConfirmPage { shell: shell(&source, &actor, title).await?, confirm })
}

pub(super) async fn act_on_all(
    State(source): State<Arc<Source>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let (_, more) = source.act_on_all(&actor, &origin, sent.consumer(), sent.fate()?).await?;
    let done = if more { "more" } else { sent.fate.as_str() };
    Ok(Redirect::to(&list_of(sent.consumer(), &format!("done={done}"))).into_response())
}
