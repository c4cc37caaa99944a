//! The first page, sign-up, log-in, log-out, passwords that were forgotten, and security.

mod app;
mod cookie;
mod forgotten;
mod frame;
mod keys;
mod landing;
mod leaving;
mod login;
mod logout;
mod passkeys;
mod people;
mod providers;
mod register;
mod reset;
mod second_factor;
mod security;
mod verify;

use std::sync::Arc;

use axum::{
    Extension, Router,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use kernel::Actor;
use platform::http::{Problem, set_cookie};
use serde::Deserialize;
use web::{Manner, Notice, RenderError, Shell, Tone};

use crate::{
    Auth, AuthError,
    service::{Entered, PATIENCE},
};

/// Where one is once signed in.
const HOME: &str = "/dashboard";

/// Who looks at a page that is there for people signed out, where somebody does.
type Perhaps = Option<Extension<Actor>>;

pub(crate) fn routes(auth: Arc<Auth>) -> Router {
    Router::new()
        .route("/", get(landing::show))
        .route("/register", get(register::show).post(register::submit))
        .route("/login", get(login::show).post(login::submit))
        .route("/login/second-factor", get(second_factor::show).post(second_factor::submit))
        .route("/login/passkey", get(passkeys::ask).post(passkeys::enter))
        .route("/login/with/{key}", get(providers::depart))
        .route("/login/with/{key}/callback", get(providers::arrive))
        .route("/logout", post(logout::submit))
        .route("/forgotten", get(forgotten::show).post(forgotten::submit))
        .route("/reset", get(reset::show).post(reset::submit))
        .route("/verify", get(verify::show).post(verify::submit))
        .route("/security", get(security::show))
        .route("/security/app", get(app::show).post(app::begin))
        .route("/security/app/confirm", post(app::confirm))
        .route("/security/app/off", post(app::off))
        .route("/security/app/recovery-codes", post(app::renew))
        .route("/security/password", post(security::change_password))
        .route("/security/sessions/revoke-others", post(security::revoke_others))
        .route("/security/sessions/{id}/revoke", post(security::revoke))
        .route("/security/passkeys", get(passkeys::show).post(passkeys::begin))
        .route("/security/passkeys/new", post(passkeys::add))
        .route("/security/passkeys/{id}/remove", post(passkeys::remove))
        .route("/security/providers", get(providers::show))
        .route("/security/providers/{key}", post(providers::add))
        .route("/security/providers/{key}/remove", post(providers::remove))
        .route("/security/delete", get(leaving::show).post(leaving::submit))
        .route("/security/keys", get(keys::show).post(keys::make))
        .route("/security/keys/{id}/rotate", post(keys::rotate))
        .route("/security/keys/{id}/revoke", post(keys::revoke))
        .route("/security/log", get(security::log))
        .route("/admin/users", get(people::list))
        .route("/admin/users/{id}", get(people::show).post(people::change))
        .with_state(auth)
}

/// The secret of a link that was mailed.
#[derive(Debug, Default, Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

/// A page around which nobody is signed in.
fn shell(title: &str, notice: Option<Notice>) -> Shell {
    let shell = Shell::new(title, Manner::of_nobody());
    match notice {
        Some(notice) => shell.with_notice(notice),
        None => shell,
    }
}

/// On to `path`, signed in by a new session; by way of the second factor where the account asks for one.
fn welcome(auth: &Auth, entered: &Entered, path: &str) -> Response {
    match entered {
        Entered::In(begun) => {
            let cookie = cookie::held(auth.https, &begun.secret, auth.settings.session.duration());
            (cookie, Redirect::to(path)).into_response()
        }
        Entered::Owing(secret) => {
            let cookie = set_cookie(cookie::PENDING, auth.https, secret, PATIENCE);
            (cookie, Redirect::to(&second_factor::location(path))).into_response()
        }
    }
}

fn broken(error: RenderError) -> Problem {
    AuthError::internal(error).into()
}

/// What is told above a form that could not be taken, and with which status; what a form cannot show is a problem.
fn told(error: AuthError) -> Result<(StatusCode, Notice), Problem> {
    let said = error.to_string();
    let mut letters = said.chars();
    let sentence: String =
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect();
    let notice = Notice::new(Tone::Bad, sentence);
    match error {
        AuthError::WrongPassword | AuthError::WrongCode | AuthError::PasskeyFailed => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, notice))
        }
        AuthError::Suspended | AuthError::Unproved => Ok((StatusCode::FORBIDDEN, notice)),
        AuthError::Overtaken => Ok((StatusCode::PRECONDITION_FAILED, notice)),
        AuthError::OneselfAdministered
        | AuthError::BeingErased
        | AuthError::LastAdministrator
        | AuthError::HouseholdUndecided(_) => Ok((StatusCode::CONFLICT, notice)),
        AuthError::TooManyKeys | AuthError::TotpOn | AuthError::NoTotp | AuthError::NotSettingUp => {
            Ok((StatusCode::CONFLICT, notice))
        }
        AuthError::TooMany(_) => Ok((StatusCode::TOO_MANY_REQUESTS, notice)),
        AuthError::LinkFirst
        | AuthError::IdentityTaken
        | AuthError::NoVerifiedAddress(_)
        | AuthError::TripOver => Ok((StatusCode::CONFLICT, notice)),
        AuthError::RegistrationClosed => Ok((StatusCode::FORBIDDEN, notice)),
        AuthError::Busy | AuthError::Away(_) | AuthError::ProviderFailed(_) => {
            Ok((StatusCode::SERVICE_UNAVAILABLE, notice))
        }
        AuthError::Invalid(_)
        | AuthError::AddressTaken
        | AuthError::NoProvider
        | AuthError::SessionOver
        | AuthError::SecondStepOver
        | AuthError::LinkOver
        | AuthError::NoMail
        | AuthError::NotFound
        | AuthError::NoAccount
        | AuthError::Database(_)
        | AuthError::Internal(_) => Err(error.into()),
    }
}

#[cfg(test)]
mod testing {
    use std::collections::HashSet;

    use axum::{body::to_bytes, response::Response};
    use platform::http::Problem;

    /// The HTML of a page, after what has to hold on every one of them.
    pub(super) async fn html(page: Result<Response, Problem>) -> String {
        let bytes = to_bytes(page.unwrap().into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(html.starts_with("<!doctype html>"), "{html}");
        for once in ["<h1", "<main ", "<script"] {
            assert_eq!(html.matches(once).count(), 1, "{once}: {html}");
        }
        for never in [" style=", " onclick=", "<style", "<script>", "<b>"] {
            assert!(!html.contains(never), "{never}: {html}");
        }
        let ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "an id twice: {ids:?}");
        html
    }
}
