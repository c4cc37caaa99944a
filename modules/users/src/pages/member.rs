//! `/household/members/{id}`: one of them.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Access, Actor, Invalid, MemberId};
use platform::http::{PathOf, Problem, Visitor, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Confirm, Control, Field, Problem as Wrong, Select, problems},
};

use super::{
    frame::{choice, may, render, shell},
    household::{self, ConfirmPage, Named, Shown},
};
use crate::{People, domain::Name, error::UsersError, service::MemberChange, store::Kept};

#[derive(Template)]
#[template(path = "member.html")]
struct Page {
    shell: Shell,
    page: String,
    id: String,
    name: String,
    detail: String,
    version: i64,
    /// To be chosen by an owner, of somebody with a log-in.
    access: Option<Select>,
    /// To be changed by an owner, of somebody without one.
    title: Option<Field>,
    remove: Option<Confirm>,
    problems: Vec<Wrong>,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    version: i64,
    access: Option<String>,
    name: Option<String>,
}

fn href(id: MemberId) -> String {
    format!("/household/members/{id}")
}

pub(super) async fn show(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<MemberId>,
) -> Result<Response, Problem> {
    page(&people, &actor, id, StatusCode::OK, None, &Invalid::new(), None).await
}

async fn page(
    people: &People,
    actor: &Actor,
    id: MemberId,
    status: StatusCode,
    typed: Option<String>,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let person = people.me(actor).await?;
    let found = people.roster(actor.household).await?;
    let kept = found.member(id)?;
    let member = &kept.member;
    let owns = found.roster.owned_by(actor.user).is_ok();
    let access = (owns && member.user.is_some()).then(|| choice(member.access).check(invalid, "/access"));
    let title = (owns && member.user.is_none()).then(|| {
        Field::text("name", "Name")
            .autocomplete("off")
            .max_length(120)
            .value(typed.unwrap_or_else(|| member.name.clone()))
            .check(invalid, "/name")
    });
    let controls = [access.as_ref().map(|each| each as &dyn Control), title.as_ref().map(|each| each as _)];
    let problems = problems(controls.into_iter().flatten());
    let mut shell = shell(people, actor, &person, member.name.clone()).await?;
    shell.notice = notice;
    let removable = member.user != Some(actor.user) && found.roster.may_remove(actor.user, member).is_ok();
    let page = Page {
        detail: detail(actor, kept),
        page: href(id),
        id: id.to_string(),
        name: member.name.clone(),
        version: kept.version,
        access,
        title,
        remove: removable.then(|| removing(kept)),
        problems,
        shell,
    };
    render(status, &page)
}

fn detail(actor: &Actor, kept: &Kept) -> String {
    match kept.member.user {
        None => "Has no log-in.".to_owned(),
        Some(user) if user == actor.user => {
            format!("That is you. Whoever is one of these {}.", may(kept.member.access))
        }
        Some(_) => {
            let may = may(kept.member.access);
            may.chars().take(1).flat_map(char::to_uppercase).chain(may.chars().skip(1)).chain(['.']).collect()
        }
    }
}

fn removing(kept: &Kept) -> Confirm {
    let name = &kept.member.name;
    Confirm {
        id: "remove".into(),
        title: format!("Remove {name}?"),
        text: "They see this household no more within a few seconds. What was shared with them stays in the books, \
               and they can be invited again."
            .into(),
        action: format!("{}/remove", href(kept.member.id)),
        verb: "Remove them".into(),
        keep: "Keep them".into(),
        back: href(kept.member.id),
        danger: true,
        hidden: vec![("version", kept.version.to_string())],
    }
}

pub(super) async fn add(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    Form(sent): Form<Named>,
) -> Result<Response, Problem> {
    match sent.name.parse::<Name>() {
        Ok(name) => {
            people.add_member(&actor, &name).await?;
            Ok(Redirect::to("/household?done=added").into_response())
        }
        Err(error) => {
            let invalid = Invalid::field("/newcomer", error.to_string());
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let shown = Shown { status, newcomer: sent.name, invalid, ..Shown::default() };
            household::page(&people, &actor, shown).await
        }
    }
}

/// Lets a change through only of what its reader had before them.
fn unchanged(version: i64) -> impl Fn(&Kept) -> Result<(), Problem> {
    move |kept| if kept.version == version { Ok(()) } else { Err(UsersError::MemberChanged.into()) }
}

pub(super) async fn change(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<MemberId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let mut invalid = Invalid::new();
    let access = sent.access.and_then(|text| invalid.check("/access", text.parse::<Access>()));
    let name = sent.name.clone().and_then(|text| invalid.check("/name", text.parse::<Name>()));
    if !invalid.errors().is_empty() {
        return page(&people, &actor, id, StatusCode::UNPROCESSABLE_ENTITY, sent.name, &invalid, None).await;
    }
    match people.change_member(&actor, id, unchanged(sent.version), &MemberChange { name, access }).await {
        Ok(_) => Ok(Redirect::to("/household?done=saved").into_response()),
        Err(problem) if problem.status() == StatusCode::PRECONDITION_FAILED => {
            let notice = Notice::new(
                Tone::Careful,
                "Somebody changed this member meanwhile. This is how they are now.",
            );
            let status = StatusCode::PRECONDITION_FAILED;
            page(&people, &actor, id, status, sent.name, &Invalid::new(), Some(notice)).await
        }
        Err(problem) => Err(problem),
    }
}

pub(super) async fn ask_to_remove(
    State(people): State<Arc<People>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<MemberId>,
) -> Result<Response, Problem> {
    let person = people.me(&actor).await?;
    let found = people.roster(actor.household).await?;
    let confirm = removing(found.member(id)?);
    let shell = shell(&people, &actor, &person, confirm.title.clone()).await?;
    render(StatusCode::OK, &ConfirmPage { shell, confirm })
}

pub(super) async fn remove(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<MemberId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    people.remove_member(&actor, id, unchanged(sent.version)).await?;
    Ok(Redirect::to("/household?done=removed").into_response())
}
