//! `/login/second-factor`: what an account asks for after the password.

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use platform::http::{Cookie, Origin, Problem, Query, login_location, read_cookie, set_cookie};
use serde::Deserialize;
use web::{Notice, Shell, view::Field};

use super::{
    HOME, broken,
    cookie::{self, PENDING},
    login::{Onwards, is_ours},
    shell, told,
};
use crate::{Auth, AuthError, store::SessionKind};

#[derive(Template)]
#[template(path = "second_factor.html")]
struct SecondFactor {
    shell: Shell,
    code: Field,
    next: Option<String>,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    code: String,
    next: Option<String>,
}

/// Where the second factor is asked for, to go on to `path`.
pub(super) fn location(path: &str) -> String {
    if path == HOME {
        return "/login/second-factor".into();
    }
    login_location(path).replacen("/login", "/login/second-factor", 1)
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
    Query(onwards): Query<Onwards>,
) -> Result<Response, Problem> {
    match read_cookie(PENDING, auth.https, &headers) {
        Some(_) => form(StatusCode::OK, onwards.next.filter(|next| is_ours(next)), None),
        None => Ok(Redirect::to("/login").into_response()),
    }
}

pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let next = sent.next.filter(|next| is_ours(next));
    let pending = read_cookie(PENDING, auth.https, &headers).unwrap_or_default();
    match auth.carry_on(pending, &sent.code, SessionKind::Pages, origin).await {
        Ok(begun) => {
            let AppendHeaders([(_, held)]) =
                cookie::held(auth.https, &begun.secret, auth.settings.session.duration());
            let AppendHeaders([(_, gone)]) = gone(&auth);
            let cookies = AppendHeaders([(SET_COOKIE, held), (SET_COOKIE, gone)]);
            Ok((cookies, Redirect::to(next.as_deref().unwrap_or(HOME))).into_response())
        }
        Err(AuthError::SecondStepOver) => Ok((gone(&auth), Redirect::to("/login?done=late")).into_response()),
        Err(error) => {
            let (status, notice) = told(error)?;
            form(status, next, Some(notice))
        }
    }
}

fn gone(auth: &Auth) -> Cookie {
    set_cookie(PENDING, auth.https, "", Duration::ZERO)
}

fn form(status: StatusCode, next: Option<String>, notice: Option<Notice>) -> Result<Response, Problem> {
    let code = Field::text("code", "Code")
        .autocomplete("one-time-code")
        .max_length(40)
        .hint("Six digits of your authenticator app, or one of your recovery codes.");
    let page = SecondFactor { shell: shell("One more step", notice), code, next };
    web::page_with(status, &page).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::html, *};

    #[tokio::test]
    async fn it_asks_for_a_code_and_keeps_the_way_on() {
        let (status, notice) = told(AuthError::WrongCode).unwrap();
        let html = html(form(status, Some("/subscriptions?q=\"<b>".into()), Some(notice))).await;
        assert!(html.contains("action=\"/login/second-factor\"") && html.contains("one-time-code"), "{html}");
        assert!(html.contains("name=\"next\" value=\"/subscriptions?q=&#34;&#60;b&#62;\""), "{html}");
        assert!(html.contains("role=\"alert\"") && html.contains("This code is not right"), "{html}");
    }

    #[test]
    fn the_way_on_is_kept_on_the_way_through() {
        assert_eq!(location(HOME), "/login/second-factor");
        assert_eq!(location("/subscriptions?q=a"), "/login/second-factor?next=/subscriptions%3Fq%3Da");
    }
}
