//! `/login/with/{key}` and `/security/providers`: services that may say who somebody is.

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid};
use platform::http::{Origin, PathOf, Problem, Query, VisitorAsSelf, read_cookie, set_cookie};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Control, Field, Problem as Wrong, problems},
};

use super::{
    HOME, Perhaps, broken, cookie,
    frame::Frame,
    login::{self, Onwards, is_ours},
    security::Done,
    told, welcome,
};
use crate::{
    Auth, AuthError,
    service::{Arrived, Return, TRIP},
};

#[derive(Template)]
#[template(path = "security_providers.html")]
struct Providers {
    shell: Shell,
    rows: Vec<Row>,
    problems: Vec<Wrong>,
}

struct Row {
    key: String,
    name: String,
    since: Option<String>,
    password: Field,
}

/// The way out, as a link: forms lead nowhere but here.
#[derive(Template)]
#[template(path = "security_provider_go.html")]
struct Go {
    shell: Shell,
    name: String,
    address: String,
}

/// What a provider sends along with the browser.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    state: String,
    code: String,
    error: Option<String>,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    password: String,
}

pub(super) async fn depart(
    State(auth): State<Arc<Auth>>,
    PathOf(key): PathOf<String>,
    Query(onwards): Query<Onwards>,
) -> Result<Response, Problem> {
    let next = onwards.next.filter(|next| is_ours(next)).unwrap_or_default();
    match auth.depart(&key, &next, None).await {
        Ok(departure) => {
            let cookie = set_cookie(cookie::TRIP, auth.https, &departure.ticket, TRIP);
            Ok((cookie, Redirect::to(&departure.address)).into_response())
        }
        Err(error) => refused(&auth, error),
    }
}

pub(super) async fn arrive(
    State(auth): State<Arc<Auth>>,
    who: Perhaps,
    headers: HeaderMap,
    origin: Origin,
    PathOf(key): PathOf<String>,
    Query(sent): Query<Sent>,
) -> Result<Response, Problem> {
    let ticket = read_cookie(cookie::TRIP, auth.https, &headers).unwrap_or_default();
    let gone = set_cookie(cookie::TRIP, auth.https, "", Duration::ZERO);
    let response = match sent.error {
        // They decided otherwise, or the provider did.
        Some(_) => refused(&auth, AuthError::ProviderFailed(auth.provider(&key)?.name.clone()))?,
        None => {
            let who = who.map(|found| found.0);
            let back = Return { ticket, state: &sent.state, code: &sent.code, who, origin };
            match auth.arrive(&key, back).await {
                Ok(Arrived::In(entered, next)) => {
                    welcome(&auth, &entered, if next.is_empty() { HOME } else { &next })
                }
                Ok(Arrived::Linked) => Redirect::to("/security/providers?done=added").into_response(),
                Err(error) => refused(&auth, error)?,
            }
        }
    };
    let AppendHeaders([(_, gone)]) = gone;
    Ok((AppendHeaders([(SET_COOKIE, gone)]), response).into_response())
}

/// Told above the form by which they can log in all the same.
fn refused(auth: &Auth, error: AuthError) -> Result<Response, Problem> {
    let (status, notice) = told(error)?;
    login::form(auth, status, "", None, Some(notice))
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(query): Query<Done>,
) -> Result<Response, Problem> {
    let text = match query.done.as_deref() {
        Some("added") => Some("From now on you can log in by it."),
        Some("removed") => Some("It logs you in no more."),
        _ => None,
    };
    let notice = text.map(|text| Notice::new(Tone::Good, text));
    page(&auth, &actor, StatusCode::OK, "", &Invalid::new(), notice).await
}

pub(super) async fn add(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    PathOf(key): PathOf<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let vouched = auth.vouch(&actor, &typed.password, origin).await;
    let departure = match vouched {
        Ok(()) => auth.depart(&key, "", Some(&actor)).await,
        Err(error) => Err(error),
    };
    match departure {
        Ok(departure) => {
            let cookie = set_cookie(cookie::TRIP, auth.https, &departure.ticket, TRIP);
            let frame = Frame::of(&auth, &actor).await?;
            let name = auth.provider(&key)?.name.clone();
            let shell = frame.shell("One more step", None);
            let page = web::page(&Go { shell, name, address: departure.address }).map_err(broken)?;
            Ok((cookie, page).into_response())
        }
        Err(error) => again(&auth, &actor, &key, error).await,
    }
}

pub(super) async fn remove(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    PathOf(key): PathOf<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    match auth.unlink(&actor, &key, &typed.password, origin).await {
        // Done already is done.
        Ok(()) | Err(AuthError::NotFound) => {
            Ok(Redirect::to("/security/providers?done=removed").into_response())
        }
        Err(error) => again(&auth, &actor, &key, error).await,
    }
}

async fn again(auth: &Auth, actor: &Actor, key: &str, error: AuthError) -> Result<Response, Problem> {
    if let AuthError::Invalid(invalid) = error {
        return page(auth, actor, StatusCode::UNPROCESSABLE_ENTITY, key, &invalid, None).await;
    }
    let (status, notice) = told(error)?;
    page(auth, actor, status, key, &Invalid::new(), Some(notice)).await
}

async fn page(
    auth: &Auth,
    actor: &Actor,
    status: StatusCode,
    wrong: &str,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let rows = auth.ways(actor).await?.into_iter().map(|way| {
        let mut password = Field::password("password", "Your password", "current-password")
            .id(format!("field-password-{}", way.key));
        if way.key == wrong {
            password = password.check(invalid, "/password");
        }
        Row { since: way.since.map(|at| frame.moment(at)), key: way.key, name: way.name, password }
    });
    let rows: Vec<Row> = rows.collect();
    let page = Providers {
        shell: frame.shell("Other ways to log in", notice),
        problems: problems(rows.iter().map(|row| &row.password as &dyn Control)),
        rows,
    };
    web::page_with(status, &page).map_err(broken)
}
