//! `/security/passkeys` and `/login/passkey`. A browser asks its devices by a script alone; everything else is a form.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid, PasskeyId};
use platform::http::{Origin, PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Control, Field, Problem as Wrong, problems},
};

use super::{
    HOME, Perhaps, broken,
    frame::Frame,
    login::{Onwards, is_ours},
    security::Done,
    shell, told, welcome,
};
use crate::{Auth, AuthError, service::Entered, store::KeptPasskey};

#[derive(Template)]
#[template(path = "security_passkeys.html")]
struct Passkeys {
    shell: Shell,
    rows: Vec<Row>,
    password: Field,
    problems: Vec<Wrong>,
}

struct Row {
    id: String,
    name: String,
    detail: String,
}

/// The device is asked, and given a name.
#[derive(Template)]
#[template(path = "security_passkey_new.html")]
struct New {
    shell: Shell,
    options: String,
    name: Field,
}

#[derive(Template)]
#[template(path = "login_passkey.html")]
struct LogIn {
    shell: Shell,
    options: String,
    next: Option<String>,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    password: String,
    name: String,
    /// What the device said, as the script writes it.
    answer: String,
    next: Option<String>,
}

pub(super) async fn ask(
    State(auth): State<Arc<Auth>>,
    who: Perhaps,
    Query(onwards): Query<Onwards>,
) -> Result<Response, Problem> {
    let next = onwards.next.filter(|next| is_ours(next));
    if who.is_some() {
        return Ok(Redirect::to(next.as_deref().unwrap_or(HOME)).into_response());
    }
    question(&auth, StatusCode::OK, next, None).await
}

pub(super) async fn enter(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let next = sent.next.filter(|next| is_ours(next));
    match auth.log_in_by_passkey(&sent.answer, origin).await {
        Ok(begun) => Ok(welcome(&auth, &Entered::In(begun), next.as_deref().unwrap_or(HOME))),
        Err(error) => {
            let (status, notice) = told(error)?;
            question(&auth, status, next, Some(notice)).await
        }
    }
}

async fn question(
    auth: &Auth,
    status: StatusCode,
    next: Option<String>,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let options = auth.ask_for_passkey().await?.to_string();
    web::page_with(status, &LogIn { shell: shell("Log in with a passkey", notice), options, next })
        .map_err(broken)
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(query): Query<Done>,
) -> Result<Response, Problem> {
    let text = match query.done.as_deref() {
        Some("added") => Some("From now on you can log in by it."),
        Some("removed") => Some("It logs you in no more. Remove it from the device as well."),
        _ => None,
    };
    let notice = text.map(|text| Notice::new(Tone::Good, text));
    page(&auth, &actor, StatusCode::OK, &Invalid::new(), notice).await
}

pub(super) async fn begin(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let options = match auth.begin_passkey(&actor, &sent.password, origin).await {
        Ok(options) => options.to_string(),
        Err(error) => return again(&auth, &actor, error).await,
    };
    let frame = Frame::of(&auth, &actor).await?;
    let name = Field::text("name", "What do you call it?")
        .autocomplete("off")
        .max_length(80)
        .placeholder("My phone")
        .value("Passkey");
    let page = New { shell: frame.shell("Add a passkey", None), options, name };
    web::page(&page).map_err(broken)
}

pub(super) async fn add(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.add_passkey(&actor, &sent.name, &sent.answer, origin).await {
        Ok(()) => Ok(Redirect::to("/security/passkeys?done=added").into_response()),
        Err(error) => again(&auth, &actor, error).await,
    }
}

pub(super) async fn remove(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    PathOf(id): PathOf<PasskeyId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.remove_passkey(&actor, id, &sent.password, origin).await {
        Ok(()) => Ok(Redirect::to("/security/passkeys?done=removed").into_response()),
        Err(error) => again(&auth, &actor, error).await,
    }
}

async fn again(auth: &Auth, actor: &Actor, error: AuthError) -> Result<Response, Problem> {
    if let AuthError::Invalid(invalid) = error {
        return page(auth, actor, StatusCode::UNPROCESSABLE_ENTITY, &invalid, None).await;
    }
    let (status, notice) = told(error)?;
    page(auth, actor, status, &Invalid::new(), Some(notice)).await
}

async fn page(
    auth: &Auth,
    actor: &Actor,
    status: StatusCode,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let passkeys = auth.passkeys(actor).await?;
    let row = |kept: &KeptPasskey| Row {
        id: kept.id.to_string(),
        name: kept.name.clone(),
        detail: match kept.last_used_at {
            Some(at) => format!("added {} · last used {}", frame.moment(kept.created_at), frame.moment(at)),
            None => format!("added {} · not used yet", frame.moment(kept.created_at)),
        },
    };
    let password =
        Field::password("password", "Your password", "current-password").check(invalid, "/password");
    // A name that is not right has no field on this page; what is wrong with it is told above.
    let named = invalid.errors().iter().find(|error| error.pointer == "/name");
    let notice =
        notice.or_else(|| named.map(|error| Notice::new(Tone::Bad, format!("The name {}.", error.detail))));
    let page = Passkeys {
        shell: frame.shell("Passkeys", notice),
        rows: passkeys.iter().map(row).collect(),
        problems: problems([&password as &dyn Control]),
        password,
    };
    web::page_with(status, &page).map_err(broken)
}
