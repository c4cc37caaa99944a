//! Who is asking, as a handler's signature says it needs to know.
//!
//! The gateway puts the [`Actor`] into the request; these take it out, or refuse. [`Caller`] and [`Visitor`] refuse
//! whatever could change something to those who may only look, so that a new route is safe without a thought;
//! [`VisitorToChange`] does so for pages that
//! only lead to a change; [`CallerAsSelf`] and [`VisitorAsSelf`] are for what is the person's own, whatever household they
//! look at; [`CallerAsAdministrator`] and [`VisitorAsAdministrator`] for what concerns the whole installation;
//! [`CallerAsAgent`] and [`VisitorAsAgent`] for what people handed over.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use kernel::{Actor, Role, Scope};

use super::Problem;

/// Whether somebody who may only look is about to do more than that.
fn oversteps(parts: &Parts, actor: &Actor) -> bool {
    !parts.method.is_safe() && !actor.access.may_change()
}

fn may_only_look() -> Problem {
    Problem::forbidden(
        "In this household you may look at everything and change nothing. One of its owners can make you an editor.",
    )
}

/// Who calls the API, for their household. Without one the answer is a 401; a 403 where they may only look and the
/// request could change something.
#[derive(Debug, Clone, Copy)]
pub struct Caller(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let CallerAsSelf(actor) = CallerAsSelf::from_request_parts(parts, state).await?;
        if oversteps(parts, &actor) { Err(may_only_look()) } else { Ok(Self(actor)) }
    }
}

/// Who calls the API, for what is their own: their profile, their log-in, their membership. Without one the answer is
/// a 401.
#[derive(Debug, Clone, Copy)]
pub struct CallerAsSelf(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for CallerAsSelf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = parts.extensions.get::<Actor>().copied().ok_or_else(|| {
            Problem::unauthenticated("Send Authorization: Bearer with an access token that is still valid.")
        })?;
        if actor.scope == Scope::Messages {
            return Err(may_only_forward());
        }
        if !parts.method.is_safe() && !actor.scope.may_change() {
            return Err(Problem::forbidden("This key may look and change nothing. Use one of scope write."));
        }
        Ok(Self(actor))
    }
}

/// What a key that is there for forwarding is told elsewhere.
pub fn may_only_forward() -> Problem {
    Problem::forbidden("This key may forward messages and do nothing else. Use one of scope read or write.")
}

/// Who forwards messages for their household: by a key that may do nothing else, or by one that may change things.
/// Without one the answer is a 401; a 403 where they may only look.
#[derive(Debug, Clone, Copy)]
pub struct CallerToForward(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for CallerToForward {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<Actor>() {
            Some(actor) if actor.scope == Scope::Messages && actor.access.may_change() => Ok(Self(*actor)),
            Some(actor) if actor.scope == Scope::Messages => Err(may_only_look()),
            Some(_) | None => Caller::from_request_parts(parts, state).await.map(|Caller(actor)| Self(actor)),
        }
    }
}

/// Who calls the API after logging in, for what no key may touch: passwords, log-ins, keys. Without one the answer is a
/// 401, and by a key a 403.
#[derive(Debug, Clone, Copy)]
pub struct CallerInPerson(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for CallerInPerson {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let CallerAsSelf(actor) = CallerAsSelf::from_request_parts(parts, state).await?;
        match actor.scope {
            Scope::Everything => Ok(Self(actor)),
            Scope::Read | Scope::Write | Scope::Messages => {
                Err(Problem::forbidden("No key is allowed to do this, whatever its scope. Log in for it."))
            }
        }
    }
}

/// Whether somebody runs the installation.
fn administers(actor: &Actor) -> Result<(), Problem> {
    match actor.role {
        Role::Administrator => Ok(()),
        Role::User | Role::Agent => Err(Problem::forbidden(
            "This is for administrators of this Perennial. Whoever has its command line can make you one.",
        )),
    }
}

/// Who calls the API to run the installation, logged in themselves. Without one the answer is a 401; by a key, and by
/// somebody who is no administrator, a 403.
#[derive(Debug, Clone, Copy)]
pub struct CallerAsAdministrator(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for CallerAsAdministrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let CallerInPerson(actor) = CallerInPerson::from_request_parts(parts, state).await?;
        administers(&actor).map(|()| Self(actor))
    }
}

/// Who looks at a page for those who run the installation. Without one the browser is sent to log in, and back; anybody
/// else gets a 403.
#[derive(Debug, Clone, Copy)]
pub struct VisitorAsAdministrator(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for VisitorAsAdministrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let VisitorAsSelf(actor) = VisitorAsSelf::from_request_parts(parts, state).await?;
        administers(&actor).map(|()| Self(actor)).map_err(IntoResponse::into_response)
    }
}

/// Whether somebody answers what people hand over.
fn answers(actor: &Actor) -> Result<(), Problem> {
    match actor.role {
        Role::Agent | Role::Administrator => Ok(()),
        Role::User => Err(Problem::forbidden(
            "This is for those who answer requests for help. An administrator of this Perennial can make you an agent.",
        )),
    }
}

/// Who calls the API to answer what people handed over, logged in themselves: an agent or an administrator. Without one
/// the answer is a 401; by a key, and by anybody else, a 403.
#[derive(Debug, Clone, Copy)]
pub struct CallerAsAgent(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for CallerAsAgent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let CallerInPerson(actor) = CallerInPerson::from_request_parts(parts, state).await?;
        answers(&actor).map(|()| Self(actor))
    }
}

/// Who looks at a page for those who answer. Without one the browser is sent to log in, and back; anybody else gets a
/// 403.
#[derive(Debug, Clone, Copy)]
pub struct VisitorAsAgent(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for VisitorAsAgent {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let VisitorAsSelf(actor) = VisitorAsSelf::from_request_parts(parts, state).await?;
        answers(&actor).map(|()| Self(actor)).map_err(IntoResponse::into_response)
    }
}

/// Who looks at a page, for their household. Without one the browser is sent to log in, and back; a 403 where they may
/// only look and the form could change something.
#[derive(Debug, Clone, Copy)]
pub struct Visitor(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let VisitorAsSelf(actor) = VisitorAsSelf::from_request_parts(parts, state).await?;
        if oversteps(parts, &actor) { Err(may_only_look().into_response()) } else { Ok(Self(actor)) }
    }
}

/// Who looks at a page that is there for changing something: a form, a question before an act. Without one the browser
/// is sent to log in, and back; a 403 where they may only look, which says so before anything is typed.
#[derive(Debug, Clone, Copy)]
pub struct VisitorToChange(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for VisitorToChange {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let VisitorAsSelf(actor) = VisitorAsSelf::from_request_parts(parts, state).await?;
        if actor.access.may_change() { Ok(Self(actor)) } else { Err(may_only_look().into_response()) }
    }
}

/// Who looks at a page of their own. Without one the browser is sent to log in, and back.
#[derive(Debug, Clone, Copy)]
pub struct VisitorAsSelf(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for VisitorAsSelf {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Actor>().copied().map(Self).ok_or_else(|| {
            let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            // Only a page that was looked at can be come back to.
            let back = if parts.method == http::Method::GET { asked } else { "/" };
            Redirect::to(&login_location(back)).into_response()
        })
    }
}

/// Where to log in, to come back to `path` afterwards.
pub fn login_location(path: &str) -> String {
    if path == "/" {
        return "/login".into();
    }
    let escaped: String = path
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/login?next={escaped}")
}
