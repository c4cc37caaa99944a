//! `/login`

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use platform::http::{Origin, Peer, Problem, Query};
use serde::Deserialize;
use web::{Notice, Shell, Tone, view::Field};

use super::{HOME, Perhaps, broken, shell, told, welcome};
use crate::{Auth, store::SessionKind};

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    shell: Shell,
    email: Field,
    password: Field,
    next: Option<String>,
    /// Other ways to log in: where they begin, and their names.
    ways: Vec<(String, String)>,
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Onwards {
    pub(super) next: Option<String>,
    /// What has just been done.
    #[serde(default)]
    done: Option<String>,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    email: String,
    password: String,
    next: Option<String>,
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    who: Perhaps,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    origin: Origin,
    Query(onwards): Query<Onwards>,
) -> Result<Response, Problem> {
    let next = onwards.next.filter(|next| is_ours(next));
    if who.is_some() {
        return Ok(Redirect::to(next.as_deref().unwrap_or(HOME)).into_response());
    }
    match auth.by_proxy(peer.map(|Extension(Peer(address))| address), &headers, origin).await {
        Ok(Some(entered)) => Ok(welcome(&auth, &entered, next.as_deref().unwrap_or(HOME))),
        Err(error) => {
            let (status, notice) = told(error)?;
            form(&auth, status, "", next, Some(notice))
        }
        Ok(None) => {
            let notice = match onwards.done.as_deref() {
                Some("reset") => Some(Notice::new(Tone::Good, "Your new password is set. Log in with it.")),
                Some("late") => Some(Notice::new(Tone::Careful, "That took too long. Begin again.")),
                _ => None,
            };
            form(&auth, StatusCode::OK, "", next, notice)
        }
    }
}

pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let next = sent.next.filter(|next| is_ours(next));
    match auth.log_in(&sent.email, &sent.password, SessionKind::Pages, origin).await {
        Ok(entered) => Ok(welcome(&auth, &entered, next.as_deref().unwrap_or(HOME))),
        Err(error) => {
            let (status, notice) = told(error)?;
            form(&auth, status, &sent.email, next, Some(notice))
        }
    }
}

/// The form, with the other ways to log in beneath it.
pub(super) fn form(
    auth: &Auth,
    status: StatusCode,
    email: &str,
    next: Option<String>,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let ways = auth.settings.providers.all().iter();
    let ways = ways.map(|provider| (format!("/login/with/{}", provider.key), provider.name.clone()));
    page(status, email, next, notice, ways.collect())
}

fn page(
    status: StatusCode,
    email: &str,
    next: Option<String>,
    notice: Option<Notice>,
    ways: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let page = Login {
        shell: shell("Log in", notice),
        email: Field::email("email", "Email").value(email).autocomplete("username"),
        password: Field::password("password", "Password", "current-password"),
        next,
        ways,
    };
    web::page_with(status, &page).map_err(broken)
}

/// Whether a path leads to a page of ours. Browsers read a second slash or a backslash as the begin of another
/// host's name, and leave out tabs and line breaks on their way to it.
pub(super) fn is_ours(path: &str) -> bool {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain && path.starts_with('/') && !path.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::{super::testing::html, *};
    use crate::AuthError;

    #[test]
    fn nobody_is_led_to_another_site() {
        for ours in ["/", "/subscriptions?q=a%20b&status=active", "/subscriptions/sub_1/edit"] {
            assert!(is_ours(ours), "{ours}");
        }
        for theirs in [
            "",
            "dashboard",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil",
            "https://evil.example",
            "javascript:alert(1)",
            " /x",
            "/é",
        ] {
            assert!(!is_ours(theirs), "{theirs}");
        }
    }

    #[tokio::test]
    async fn what_was_typed_is_kept_but_for_the_password() {
        let (status, notice) = told(AuthError::WrongPassword).unwrap();
        let ways = vec![("/login/with/a".into(), "<b>Ünï</b>".into())];
        let typed = "\"><b>اسم@example.org";
        let html = html(page(status, typed, Some("/subscriptions?q=\"<b>".into()), Some(notice), ways)).await;
        assert!(html.contains("value=\"&#34;&#62;&#60;b&#62;اسم@example.org\""), "{html}");
        assert!(html.contains("name=\"next\" value=\"/subscriptions?q=&#34;&#60;b&#62;\""), "{html}");
        assert!(
            html.contains("role=\"alert\"") && html.contains("The e-mail address and the password do not")
        );
    }
}
