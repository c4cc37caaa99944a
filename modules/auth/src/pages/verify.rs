//! `/verify`: an address is confirmed by the link that was mailed to it.

use std::sync::Arc;

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::http::{Origin, Problem, Query};
use serde::Deserialize;
use web::{Notice, Shell, Tone, view::Field};

use super::{HOME, Token, broken, shell, told, welcome};
use crate::{Auth, AuthError, domain::Method, service::Entered, store::SessionKind};

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    shell: Shell,
    token: String,
    password: Field,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    token: String,
    password: String,
}

/// Looking confirms nothing: programs that read mail before people do follow every link in it.
pub(super) async fn show(Query(link): Query<Token>) -> Result<Response, Problem> {
    form(StatusCode::OK, link.token, None)
}

pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match enter(&auth, &sent, origin).await {
        Ok(entered) => Ok(welcome(&auth, &entered, HOME)),
        Err(AuthError::WrongPassword) => {
            let notice = Notice::new(Tone::Bad, "That is not the password the account was made with.");
            form(StatusCode::UNPROCESSABLE_ENTITY, sent.token, Some(notice))
        }
        Err(AuthError::LinkOver) => {
            let notice = Notice::new(
                Tone::Bad,
                "This link is used up or too old. Log in: where your address is not confirmed yet, another one is mailed to you.",
            )
            .with_action("Log in", "/login");
            form(StatusCode::UNPROCESSABLE_ENTITY, sent.token, Some(notice))
        }
        Err(error) => {
            let (status, notice) = told(error)?;
            form(status, sent.token, Some(notice))
        }
    }
}

async fn enter(auth: &Auth, sent: &Sent, origin: Origin) -> Result<Entered, AuthError> {
    let account = auth.verify(&sent.token, &sent.password, origin.clone()).await?;
    auth.enter(&account, SessionKind::Pages, Method::Password, origin).await
}

fn form(status: StatusCode, token: String, notice: Option<Notice>) -> Result<Response, Problem> {
    let password = Field::password("password", "Password", "current-password")
        .hint("The one you chose for the account: it shows that it was you who made it.");
    let page = Verify { shell: shell("Confirm your address", notice), token, password };
    web::page_with(status, &page).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::html, *};

    #[tokio::test]
    async fn it_asks_for_the_password_before_anything_is_confirmed() {
        let html = html(form(StatusCode::OK, "pml_x".into(), None)).await;
        assert!(html.contains("method=\"post\" action=\"/verify\"") && html.contains("value=\"pml_x\""));
    }
}
