//! `/reset`: a new password by a link that was mailed.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::Invalid;
use platform::http::{Origin, Problem, Query};
use serde::Deserialize;
use web::{Notice, Shell, Tone, view::Field};

use super::{Token, broken, shell, told};
use crate::{Auth, AuthError};

#[derive(Template)]
#[template(path = "reset.html")]
struct Reset {
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

pub(super) async fn show(Query(link): Query<Token>) -> Result<Response, Problem> {
    form(StatusCode::OK, link.token, &Invalid::new(), None)
}

pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match auth.reset(&sent.token, &sent.password, origin).await {
        Ok(()) => Ok(Redirect::to("/login?done=reset").into_response()),
        Err(AuthError::Invalid(invalid)) => {
            form(StatusCode::UNPROCESSABLE_ENTITY, sent.token, &invalid, None)
        }
        Err(AuthError::LinkOver) => {
            let notice = Notice::new(Tone::Bad, "This link is used up or too old.")
                .with_action("Ask for another one", "/forgotten");
            form(StatusCode::UNPROCESSABLE_ENTITY, sent.token, &Invalid::new(), Some(notice))
        }
        Err(error) => {
            let (status, notice) = told(error)?;
            form(status, sent.token, &Invalid::new(), Some(notice))
        }
    }
}

fn form(
    status: StatusCode,
    token: String,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let password = Field::password("password", "New password", "new-password")
        .hint("At least 8 characters. A few words in a row are easy to keep in mind.")
        .check(invalid, "/password");
    let page = Reset { shell: shell("Set a new password", notice), token, password };
    web::page_with(status, &page).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::html, *};

    #[tokio::test]
    async fn what_is_wrong_with_a_password_stands_beside_it_and_the_link_is_kept() {
        let wrong = Invalid::field("/password", "is one of those that are tried first");
        let html = html(form(StatusCode::UNPROCESSABLE_ENTITY, "pml_\"<b>".into(), &wrong, None)).await;
        assert!(
            html.contains("value=\"pml_&#34;&#60;b&#62;\"") && html.contains("Is one of those"),
            "{html}"
        );
    }
}
