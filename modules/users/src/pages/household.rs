//! `/household`: who belongs to it, who is invited, what it is called.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Access, Actor, Invalid, InvitationId, MemberId};
use platform::http::{PathOf, Problem, Query, Visitor, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Confirm, Control, Field, Problem as Wrong, Select, problems},
};

use super::{
    frame::{choice, may, render, shell, word},
    switch::looking_at,
};
use crate::{
    People,
    domain::{Name, Roster},
    store::{Invitation, Kept},
};

/// Open invitations that the page shows; more than anybody keeps open.
const INVITATIONS: u16 = 50;

/// A member, or an invitation, in a list.
struct Row {
    name: String,
    href: String,
    detail: String,
    word: &'static str,
}

#[derive(Template)]
#[template(path = "household.html")]
struct Page {
    shell: Shell,
    name: String,
    standing: &'static str,
    count: String,
    owns: bool,
    members: Vec<Row>,
    invitations: Vec<Row>,
    /// The link that was just made.
    link: Option<Field>,
    access: Select,
    newcomer: Field,
    title: Field,
    problems: Vec<Wrong>,
    leave: Option<Confirm>,
}

#[derive(Template)]
#[template(path = "household_confirm.html")]
pub(super) struct ConfirmPage {
    pub(super) shell: Shell,
    pub(super) confirm: Confirm,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

impl Done {
    fn notice(&self) -> Option<Notice> {
        let text = match self.done.as_deref()? {
            "joined" => "You belong to this household now. Change between your households whenever you like.",
            "left" => "You have left that household. This is the one of your own.",
            "added" => "Added.",
            "saved" => "Saved.",
            "removed" => "They do not belong to this household any more. What was shared stays in the books.",
            "revoked" => "Taken back: its link leads nowhere any more.",
            _ => return None,
        };
        Some(Notice::new(Tone::Good, text))
    }
}

/// What the page shows beside what is stored.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) status: StatusCode,
    pub(super) notice: Option<Notice>,
    pub(super) link: Option<String>,
    pub(super) newcomer: String,
    pub(super) title: Option<String>,
    pub(super) invalid: Invalid,
}

pub(super) async fn show(
    State(people): State<Arc<People>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    page(&people, &actor, Shown { notice: done.notice(), ..Shown::default() }).await
}

/// The page, with what was typed where that could not be taken.
pub(super) async fn page(people: &People, actor: &Actor, shown: Shown) -> Result<Response, Problem> {
    let person = people.me(actor).await?;
    let found = people.roster(actor.household).await?;
    let owns = found.roster.owned_by(actor.user).is_ok();
    let invitations = if owns { people.invitations(actor, None, INVITATIONS).await? } else { Vec::new() };
    let mut shell = shell(people, actor, &person, "Household").await?;
    shell.notice = shown.notice;
    let name = shell.home().map_or_else(|| "Your household".to_owned(), |home| home.name.clone());
    let manner = shell.manner.clone();
    let day = |kept: &Kept| manner.date(&person.profile.time_zone.date_at(kept.joined_at));
    let until =
        |invitation: &Invitation| manner.date(&person.profile.time_zone.date_at(invitation.expires_at));
    let newcomer = Field::text("name", "Their name")
        .id("field-newcomer")
        .hint("A child, say: somebody who pays or shares, and does not look.")
        .autocomplete("off")
        .max_length(120)
        .value(shown.newcomer)
        .check(&shown.invalid, "/newcomer");
    let title = Field::text("name", "Name")
        .id("field-title")
        .optional()
        .autocomplete("off")
        .max_length(120)
        .value(shown.title.unwrap_or_else(|| name.clone()))
        .check(&shown.invalid, "/title");
    let page = Page {
        standing: standing(actor),
        count: found.present().count().to_string(),
        owns,
        members: found.present().map(|kept| member_row(actor, kept, &day(kept))).collect(),
        invitations: invitations.iter().map(|each| invited(each, &found.roster, &until(each))).collect(),
        link: shown.link.map(|link| Field::url("link", "The link").value(link)),
        access: choice(Access::Editor),
        problems: problems([&newcomer as &dyn Control, &title]),
        newcomer,
        title,
        leave: (actor.household != actor.user.own_household()).then(|| leaving(&name)),
        name,
        shell,
    };
    render(shown.status, &page)
}

const fn standing(actor: &Actor) -> &'static str {
    match actor.access {
        Access::Owner => "You own it: you decide who belongs to it.",
        Access::Editor => "You are an editor: you may add and change everything.",
        Access::Viewer => "You are a viewer: you may look at everything and change nothing.",
    }
}

fn member_row(actor: &Actor, kept: &Kept, since: &str) -> Row {
    let member = &kept.member;
    let detail = match member.user {
        None => format!("Without a log-in · since {since}"),
        Some(user) if user == actor.user => format!("You · since {since}"),
        Some(_) => format!("Since {since}"),
    };
    Row {
        name: member.name.clone(),
        href: format!("/household/members/{}", member.id),
        detail,
        word: if member.user.is_some() { word(member.access) } else { "" },
    }
}

fn invited(invitation: &Invitation, roster: &Roster, until: &str) -> Row {
    let place = invitation.member.and_then(|id| roster.name_of(id));
    Row {
        name: place.map_or_else(|| word(invitation.access).to_owned(), |name| format!("For {name}")),
        href: format!("/household/invitations/{}/revoke", invitation.id),
        detail: format!("Whoever accepts {} · until {until}", may(invitation.access)),
        word: "",
    }
}

fn leaving(name: &str) -> Confirm {
    Confirm {
        id: "leave".into(),
        title: format!("Leave {name}?"),
        text: "You see it no more from now on. What you shared stays in its books, and an owner can invite you again."
            .into(),
        action: "/household/leave".into(),
        verb: "Leave it".into(),
        keep: "Stay".into(),
        back: "/household".into(),
        danger: true,
        hidden: vec![],
    }
}

pub(super) async fn ask_to_leave(
    State(people): State<Arc<People>>,
    VisitorAsSelf(actor): VisitorAsSelf,
) -> Result<Response, Problem> {
    let person = people.me(&actor).await?;
    let shell = shell(&people, &actor, &person, "Leave").await?;
    let name = shell.home().map(|home| home.name.clone()).unwrap_or_default();
    render(StatusCode::OK, &ConfirmPage { shell, confirm: leaving(&name) })
}

pub(super) async fn leave(
    State(people): State<Arc<People>>,
    VisitorAsSelf(actor): VisitorAsSelf,
) -> Result<Response, Problem> {
    people.leave(&actor).await?;
    Ok(looking_at(&people, actor.user.own_household(), "/household?done=left"))
}

/// What a household is to be called.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    pub(super) name: String,
}

pub(super) async fn rename(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    Form(sent): Form<Named>,
) -> Result<Response, Problem> {
    let name = match sent.name.trim() {
        "" => None,
        text => match text.parse::<Name>() {
            Ok(name) => Some(name),
            Err(error) => {
                let invalid = Invalid::field("/title", error.to_string());
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let shown = Shown { status, title: Some(sent.name), invalid, ..Shown::default() };
                return page(&people, &actor, shown).await;
            }
        },
    };
    people.rename_household(&actor, actor.household, name.as_ref()).await?;
    Ok(Redirect::to("/household?done=saved").into_response())
}

/// Whom to invite.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Invited {
    access: String,
    member: Option<String>,
}

/// Shows the link on the page itself: it is not kept, so there is nowhere to be sent on to.
pub(super) async fn invite(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    Form(sent): Form<Invited>,
) -> Result<Response, Problem> {
    let mut invalid = Invalid::new();
    let access = invalid.check("/access", sent.access.parse::<Access>());
    let member = sent.member.and_then(|id| invalid.check("/member", id.parse::<MemberId>()));
    let Some(access) = access.filter(|_| invalid.errors().is_empty()) else { return Err(invalid.into()) };
    let issued = people.invite(&actor, access, member).await?;
    let link = Some(people.invitation_link(&issued.token));
    let notice = Some(Notice::new(Tone::Good, "Here is the link. Copy it now: it is not shown again."));
    page(&people, &actor, Shown { notice, link, ..Shown::default() }).await
}

pub(super) async fn revoke(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<InvitationId>,
) -> Result<Response, Problem> {
    people.revoke_invitation(&actor, id).await?;
    Ok(Redirect::to("/household?done=revoked").into_response())
}
