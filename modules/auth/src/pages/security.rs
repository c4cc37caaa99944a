//! `/security`: where one is logged in, the password, and what was done with the account.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, AuditEntryId, Invalid, SessionId};
use platform::http::{Cursor, Origin, PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Control, Field, Pager, Problem as Wrong, problems},
};

use super::{broken, frame::Frame, told};
use crate::{
    Auth, AuthError,
    domain::device_name,
    service::Session,
    store::{Entry, SessionKind},
};

/// How many log-ins are shown; there are seldom more.
const SESSIONS: u16 = 100;
/// How many acts are shown beside them, and on a page of their own.
const GLANCE: u16 = 5;
const ACTS: u16 = 50;

#[derive(Template)]
#[template(path = "security.html")]
struct Security {
    shell: Shell,
    sessions: Vec<SessionRow>,
    others: bool,
    acts: Vec<ActRow>,
    /// Whether codes of an app are asked for.
    app: bool,
    /// Whether there are services that may say who somebody is.
    ways: bool,
    app_link: &'static str,
    current: Field,
    new: Field,
    problems: Vec<Wrong>,
}

#[derive(Template)]
#[template(path = "security_log.html")]
struct Log {
    shell: Shell,
    acts: Vec<ActRow>,
    pager: Pager,
}

struct SessionRow {
    href: String,
    name: String,
    detail: String,
    current: bool,
}

impl SessionRow {
    fn new(session: &Session, frame: &Frame) -> Self {
        let open = &session.open;
        let mut parts = Vec::new();
        if open.kind == SessionKind::Api {
            parts.push("a program".to_owned());
        }
        parts.push(format!("by {}", open.methods.said()));
        parts.push(match open.last_seen_at {
            _ if session.current => "this device".to_owned(),
            Some(at) => format!("last used {}", frame.moment(at)),
            None => format!("since {}", frame.moment(open.created_at)),
        });
        if !open.address.is_empty() {
            parts.push(format!("from {}", open.address));
        }
        Self {
            href: format!("/security/sessions/{}/revoke", open.id),
            name: device_name(&open.device),
            detail: parts.join(" · "),
            current: session.current,
        }
    }
}

struct ActRow {
    said: String,
    detail: String,
    tone: Tone,
    word: &'static str,
}

impl ActRow {
    fn new(entry: &Entry, frame: &Frame) -> Self {
        let mut parts = vec![frame.moment(entry.at)];
        if !entry.device.is_empty() {
            parts.push(device_name(&entry.device));
        }
        if !entry.address.is_empty() {
            parts.push(format!("from {}", entry.address));
        }
        let said = match entry.detail.as_str() {
            "" => entry.act.said().to_owned(),
            detail => format!("{}: {detail}", entry.act.said()),
        };
        let (tone, word) =
            if entry.act.is_alarming() { (Tone::Careful, "Was it you?") } else { (Tone::Calm, "") };
        Self { said, detail: parts.join(" · "), tone, word }
    }
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    pub(super) done: Option<String>,
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(query): Query<Done>,
) -> Result<Response, Problem> {
    let text = match query.done.as_deref() {
        Some("password") => Some("Your password is changed, and all other devices are logged out."),
        Some("revoked") => Some("It is logged out."),
        Some("app-off") => {
            Some("Your password is enough from now on. The recovery codes are good for nothing.")
        }
        Some("others") => Some("All other devices are logged out."),
        _ => None,
    };
    let notice = text.map(|text| Notice::new(Tone::Good, text));
    page(&auth, &actor, StatusCode::OK, &Invalid::new(), notice).await
}

async fn page(
    auth: &Auth,
    actor: &Actor,
    status: StatusCode,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let sessions = auth.sessions(actor, None, SESSIONS).await?;
    let acts = auth.audit_log(actor, None, GLANCE).await?;
    let app = auth.factors(actor).await?.totp_since.is_some();
    let current = Field::password("current_password", "Current password", "current-password")
        .check(invalid, "/current_password");
    let new = Field::password("new_password", "New password", "new-password")
        .hint("At least 8 characters. A few words in a row are easy to keep in mind.")
        .check(invalid, "/new_password");
    let page = Security {
        shell: frame.shell("Security", notice),
        others: sessions.len() > 1,
        sessions: sessions.iter().map(|session| SessionRow::new(session, &frame)).collect(),
        acts: acts.iter().take(usize::from(GLANCE)).map(|entry| ActRow::new(entry, &frame)).collect(),
        app,
        ways: !auth.settings.providers.all().is_empty(),
        app_link: if app { "See it" } else { "Set it up" },
        problems: problems([&current as &dyn Control, &new]),
        current,
        new,
    };
    web::page_with(status, &page).map_err(broken)
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Passwords {
    current_password: String,
    new_password: String,
}

pub(super) async fn change_password(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Passwords>,
) -> Result<Response, Problem> {
    match auth.change_password(&actor, &sent.current_password, &sent.new_password, origin).await {
        Ok(()) => Ok(Redirect::to("/security?done=password").into_response()),
        Err(AuthError::Invalid(invalid)) => {
            page(&auth, &actor, StatusCode::UNPROCESSABLE_ENTITY, &invalid, None).await
        }
        Err(error) => {
            let (status, notice) = told(error)?;
            page(&auth, &actor, status, &Invalid::new(), Some(notice)).await
        }
    }
}

pub(super) async fn revoke(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    PathOf(id): PathOf<SessionId>,
) -> Result<Response, Problem> {
    match auth.revoke(&actor, id, origin).await {
        // Done already is done.
        Ok(()) | Err(AuthError::NotFound) => Ok(Redirect::to("/security?done=revoked").into_response()),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn revoke_others(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
) -> Result<Response, Problem> {
    auth.revoke_others(&actor, origin).await?;
    Ok(Redirect::to("/security?done=others").into_response())
}

/// Which page of the log.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    cursor: Option<String>,
}

pub(super) async fn log(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let before = which.cursor.as_deref().and_then(Cursor::<AuditEntryId>::decode).map(|cursor| cursor.0);
    let frame = Frame::of(&auth, &actor).await?;
    let mut acts = auth.audit_log(&actor, before, ACTS).await?;
    let more = acts.len() > usize::from(ACTS);
    acts.truncate(usize::from(ACTS));
    let next = acts.last().filter(|_| more).map(|last| Cursor(last.id).encode());
    let pager = Pager {
        first: before.map(|_| "/security/log".to_owned()),
        next: next.map(|cursor| format!("/security/log?cursor={cursor}")),
    };
    let page = Log {
        shell: frame.shell("What was done with your account", None),
        acts: acts.iter().map(|entry| ActRow::new(entry, &frame)).collect(),
        pager,
    };
    web::page(&page).map_err(broken)
}
