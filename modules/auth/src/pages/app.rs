//! `/security/app`: codes of an authenticator app, on and off.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid};
use platform::http::{Origin, Problem, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Control, Field, Problem as Wrong, problems},
};

use super::{broken, frame::Frame, told};
use crate::{Auth, AuthError, domain::codes::Picture, service::Enrolment};

/// Turning it on, or what can be done with it.
#[derive(Template)]
#[template(path = "security_app.html")]
struct App {
    shell: Shell,
    /// How many recovery codes are left, where it is on.
    left: Option<i64>,
    since: String,
    password: Field,
    code: Field,
    problems: Vec<Wrong>,
}

/// What the app is told, and a code of it.
#[derive(Template)]
#[template(path = "security_app_new.html")]
struct Setup {
    shell: Shell,
    picture: Picture,
    address: String,
    secret: Field,
    code: Field,
    problems: Vec<Wrong>,
}

/// The one time that recovery codes are shown.
#[derive(Template)]
#[template(path = "security_recovery_codes.html")]
struct Codes {
    shell: Shell,
    codes: Vec<String>,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    password: String,
    code: String,
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
) -> Result<Response, Problem> {
    page(&auth, &actor, StatusCode::OK, &Invalid::new(), None).await
}

pub(super) async fn begin(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.begin_totp(&actor, &sent.password, origin).await {
        Ok(enrolment) => setup(&auth, &actor, StatusCode::OK, enrolment, &Invalid::new(), None).await,
        Err(error) => refused(&auth, &actor, error).await,
    }
}

pub(super) async fn confirm(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.confirm_totp(&actor, &sent.code, origin).await {
        Ok(codes) => shown(&auth, &actor, codes).await,
        Err(AuthError::Invalid(invalid)) => {
            let again = auth.enrolment_again(&actor).await?;
            setup(&auth, &actor, StatusCode::UNPROCESSABLE_ENTITY, again, &invalid, None).await
        }
        Err(error @ AuthError::TooMany(_)) => {
            let (status, notice) = told(error)?;
            let again = auth.enrolment_again(&actor).await?;
            setup(&auth, &actor, status, again, &Invalid::new(), Some(notice)).await
        }
        Err(error) => refused(&auth, &actor, error).await,
    }
}

pub(super) async fn renew(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.renew_recovery_codes(&actor, &sent.password, &sent.code, origin).await {
        Ok(codes) => shown(&auth, &actor, codes).await,
        Err(error) => refused(&auth, &actor, error).await,
    }
}

pub(super) async fn off(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.end_totp(&actor, &sent.password, &sent.code, origin).await {
        Ok(()) => Ok(Redirect::to("/security?done=app-off").into_response()),
        Err(error) => refused(&auth, &actor, error).await,
    }
}

async fn refused(auth: &Auth, actor: &Actor, error: AuthError) -> Result<Response, Problem> {
    if let AuthError::Invalid(invalid) = error {
        return page(auth, actor, StatusCode::UNPROCESSABLE_ENTITY, &invalid, None).await;
    }
    let (status, notice) = told(error)?;
    page(auth, actor, status, &Invalid::new(), Some(notice)).await
}

pub(super) fn password(invalid: &Invalid) -> Field {
    Field::password("password", "Your password", "current-password").check(invalid, "/password")
}

pub(super) fn code(invalid: &Invalid, hint: &str) -> Field {
    Field::text("code", "Code")
        .autocomplete("one-time-code")
        .max_length(40)
        .hint(hint)
        .check(invalid, "/code")
}

async fn page(
    auth: &Auth,
    actor: &Actor,
    status: StatusCode,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let factors = auth.factors(actor).await?;
    let (password, code) = (password(invalid), code(invalid, "Six digits of the app, or a recovery code."));
    let page = App {
        shell: frame.shell("Authenticator app", notice),
        left: factors.totp_since.map(|_| factors.recovery_codes_left),
        since: factors.totp_since.map(|since| frame.moment(since)).unwrap_or_default(),
        problems: problems([&password as &dyn Control, &code]),
        password,
        code,
    };
    web::page_with(status, &page).map_err(broken)
}

async fn setup(
    auth: &Auth,
    actor: &Actor,
    status: StatusCode,
    enrolment: Enrolment,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let code = code(invalid, "Six digits that the app shows for Perennial now.");
    let page = Setup {
        shell: frame.shell("Set up an app", notice),
        picture: enrolment.picture,
        address: enrolment.address,
        secret: Field::text("secret", "Or type this key into it").autocomplete("off").value(enrolment.secret),
        problems: problems([&code as &dyn Control]),
        code,
    };
    web::page_with(status, &page).map_err(broken)
}

async fn shown(auth: &Auth, actor: &Actor, codes: Vec<String>) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let notice = Notice::new(Tone::Good, "Codes of the app are asked for from now on.");
    let page = Codes { shell: frame.shell("Recovery codes", Some(notice)), codes };
    web::page(&page).map_err(broken)
}
