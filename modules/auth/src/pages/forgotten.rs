//! `/forgotten`: a link to set a new password.

use std::sync::Arc;

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use kernel::Invalid;
use platform::http::{Origin, Problem};
use serde::Deserialize;
use web::{Notice, Shell, view::Field};

use super::{broken, shell, told};
use crate::{Auth, AuthError};

#[derive(Template)]
#[template(path = "forgotten.html")]
struct Forgotten {
    shell: Shell,
    /// Whether a link can be mailed at all.
    mails: bool,
    email: Field,
}

#[derive(Template)]
#[template(path = "mailed.html")]
pub(super) struct Mailed {
    pub(super) shell: Shell,
    pub(super) title: &'static str,
    pub(super) email: String,
    pub(super) text: &'static str,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    email: String,
}

pub(super) async fn show(State(auth): State<Arc<Auth>>) -> Result<Response, Problem> {
    form(StatusCode::OK, auth.mails(), "", &Invalid::new(), None)
}

pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.forgot(&sent.email, &origin).await {
        Ok(()) => mailed(&sent.email),
        Err(AuthError::Invalid(invalid)) => {
            form(StatusCode::UNPROCESSABLE_ENTITY, true, &sent.email, &invalid, None)
        }
        Err(AuthError::NoMail) => form(StatusCode::CONFLICT, false, &sent.email, &Invalid::new(), None),
        Err(error) => {
            let (status, notice) = told(error)?;
            form(status, true, &sent.email, &Invalid::new(), Some(notice))
        }
    }
}

/// The same whether somebody has the address or not.
fn mailed(email: &str) -> Result<Response, Problem> {
    let page = Mailed {
        shell: shell("Look into your mail", None),
        title: "Look into your mail",
        email: email.trim().to_owned(),
        text: "If there is an account with this address, a link to set a new password is on its way to it. It is good for an hour.",
    };
    web::page(&page).map_err(broken)
}

fn form(
    status: StatusCode,
    mails: bool,
    email: &str,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let email = Field::email("email", "Email").value(email).autocomplete("username").check(invalid, "/email");
    let page = Forgotten { shell: shell("Forgotten password", notice), mails, email };
    web::page_with(status, &page).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::html, *};

    #[tokio::test]
    async fn where_no_mail_is_sent_it_is_said_who_can_help() {
        let html = html(form(StatusCode::OK, false, "", &Invalid::new(), None)).await;
        assert!(html.contains("perennial user reset-password") && !html.contains("<form"), "{html}");
    }

    #[tokio::test]
    async fn an_address_is_text() {
        let html = html(mailed("\"><b>x@example.org")).await;
        assert!(html.contains("&#60;b&#62;x@example.org"), "{html}");
    }
}
