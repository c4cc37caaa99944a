//! `/admin/users`: accounts, for those who administer the installation.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use kernel::{Actor, Role, UserId};
use platform::http::{IfMatch, Origin, PathOf, Problem, Query, VisitorAsAdministrator};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Field, Pager, Select},
};

use super::{broken, frame::Frame, security::Done, told};
use crate::{Auth, AuthError, service::Standing, store::Known};

/// How many a page shows.
const SHOWN: u16 = 50;

#[derive(Template)]
#[template(path = "admin_users.html")]
struct PeoplePage {
    shell: Shell,
    search: Field,
    rows: Vec<PersonRow>,
    pager: Pager,
}

struct PersonRow {
    href: String,
    email: String,
    detail: String,
    /// What sets them apart: suspended, or what they may do beyond their own things.
    badge: Option<(&'static str, Tone)>,
}

impl PersonRow {
    fn new(known: &Known, frame: &Frame) -> Self {
        Self {
            href: format!("/admin/users/{}", known.user),
            email: known.email.clone(),
            detail: format!("{} · since {}", seen(known.last_seen_at, frame), frame.day(known.created_at)),
            badge: badge(known),
        }
    }
}

fn badge(known: &Known) -> Option<(&'static str, Tone)> {
    match known.role {
        _ if known.suspended_at.is_some() => Some(("Suspended", Tone::Bad)),
        _ if known.awaits_proof => Some(("Not confirmed", Tone::Careful)),
        Role::Administrator => Some(("Administrator", Tone::Calm)),
        Role::Agent => Some(("Agent", Tone::Calm)),
        Role::User => None,
    }
}

fn seen(at: Option<Timestamp>, frame: &Frame) -> String {
    at.map_or_else(|| "never seen".to_owned(), |at| format!("last seen {}", frame.moment(at)))
}

const fn said(role: Role) -> &'static str {
    match role {
        Role::User => "Their own things",
        Role::Agent => "Also answer requests for help",
        Role::Administrator => "Also run this Perennial",
    }
}

#[derive(Template)]
#[template(path = "admin_user.html")]
struct PersonPage {
    shell: Shell,
    email: String,
    action: String,
    version: i64,
    since: String,
    seen: String,
    suspended: Option<String>,
    role: Select,
    /// Their own account is for others to change.
    own: bool,
}

/// Which people are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    after: Option<String>,
}

pub(super) async fn list(
    State(auth): State<Arc<Auth>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&auth, &actor).await?;
    let before = wanted.after.as_deref().and_then(|after| after.parse::<UserId>().ok());
    let prefix: String = wanted.q.chars().take(254).collect();
    let mut people = auth.people(&prefix, before, SHOWN).await?;
    let more = people.len() > usize::from(SHOWN);
    people.truncate(SHOWN.into());
    let last = people.last().filter(|_| more);
    let typed = platform::outbound::encoded(&prefix);
    let pager = Pager {
        first: before.map(|_| format!("/admin/users?q={typed}")),
        next: last.map(|last| format!("/admin/users?q={typed}&after={}", last.user)),
    };
    let search = Field::text("q", "How the address begins").optional().autocomplete("off").value(&*prefix);
    let page = PeoplePage {
        shell: frame.shell("People", None),
        search,
        rows: people.iter().map(|known| PersonRow::new(known, &frame)).collect(),
        pager,
    };
    web::page_with(StatusCode::OK, &page).map_err(broken)
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    PathOf(id): PathOf<UserId>,
    Query(query): Query<Done>,
) -> Result<Response, Problem> {
    let changed = query.done.as_deref() == Some("changed");
    let notice = changed.then(|| Notice::new(Tone::Good, "Done. It holds within ten seconds everywhere."));
    page(&auth, &actor, id, StatusCode::OK, notice).await
}

/// Which button was pressed, and what was chosen beside it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    intent: String,
    role: String,
    version: i64,
}

pub(super) async fn change(
    State(auth): State<Arc<Auth>>,
    VisitorAsAdministrator(actor): VisitorAsAdministrator,
    origin: Origin,
    PathOf(id): PathOf<UserId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let standing = match sent.intent.as_str() {
        "suspend" => Standing { suspended: Some(true), role: None },
        "restore" => Standing { suspended: Some(false), role: None },
        _ => Standing { suspended: None, role: sent.role.parse().ok() },
    };
    let seen = IfMatch::of_version(&[&sent.version]);
    match auth.change_person(&actor, id, &seen, standing, origin).await {
        Ok(_) => Ok(Redirect::to(&format!("/admin/users/{id}?done=changed")).into_response()),
        Err(AuthError::NotFound) => Err(AuthError::NotFound.into()),
        Err(error) => {
            let (status, notice) = told(error)?;
            page(&auth, &actor, id, status, Some(notice)).await
        }
    }
}

async fn page(
    auth: &Auth,
    actor: &Actor,
    id: UserId,
    status: StatusCode,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let known = auth.person(id).await?;
    let roles = [Role::User, Role::Agent, Role::Administrator].map(|role| (role.as_str(), said(role)));
    let page = PersonPage {
        shell: frame.shell(&known.email, notice),
        action: format!("/admin/users/{id}"),
        version: known.version,
        since: frame.day(known.created_at),
        seen: seen(known.last_seen_at, &frame),
        suspended: known.suspended_at.map(|at| frame.moment(at)),
        role: Select::new("role", "What they may do").choices(roles).value(known.role.as_str()),
        own: id == actor.user,
        email: known.email,
    };
    web::page_with(status, &page).map_err(broken)
}
