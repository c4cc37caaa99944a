//! `/register`

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Invalid, Locale, Zone};
use platform::http::{Origin, Problem, Query};
use serde::Deserialize;
use web::{
    Notice, Shell,
    view::{Control, Field, Problem as Wrong, problems},
};

use super::{
    HOME, Perhaps, broken,
    forgotten::Mailed,
    login::{Onwards, is_ours},
    shell, told, welcome,
};
use crate::{
    Auth, AuthError,
    http::RegisterBody,
    service::{Entered, SignedUp},
    store::SessionKind,
};

#[derive(Template)]
#[template(path = "register.html")]
struct Register {
    shell: Shell,
    name: Field,
    email: Field,
    password: Field,
    time_zone: String,
    locale: String,
    problems: Vec<Wrong>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "closed.html")]
struct Closed {
    shell: Shell,
}

/// What is sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    email: String,
    password: String,
    name: String,
    time_zone: String,
    locale: String,
    next: Option<String>,
}

impl Sent {
    /// Where to go afterwards: where they came from, when that is a page of ours.
    fn onwards(&self) -> &str {
        self.next.as_deref().filter(|next| is_ours(next)).unwrap_or(HOME)
    }

    /// As a program would send it. The whereabouts are the device's word, not the person's: where they make no
    /// sense nobody could mend them, so they are guessed instead and can be changed in the settings.
    fn body(&self) -> RegisterBody {
        RegisterBody {
            email: self.email.clone(),
            password: self.password.clone(),
            name: Some(self.name.clone()),
            locale: Some(self.locale.clone()).filter(|tag| tag.parse::<Locale>().is_ok()),
            time_zone: Some(self.time_zone.clone()).filter(|name| name.parse::<Zone>().is_ok()),
            currency: None,
        }
    }
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    who: Perhaps,
    Query(onwards): Query<Onwards>,
) -> Result<Response, Problem> {
    let sent = Sent { next: onwards.next, ..Sent::default() };
    match who {
        Some(_) => Ok(Redirect::to(sent.onwards()).into_response()),
        None if !auth.settings.registration => closed(StatusCode::OK),
        None => form(StatusCode::OK, &sent, &Invalid::new(), None),
    }
}

pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    if !auth.settings.registration {
        return closed(StatusCode::FORBIDDEN);
    }
    match open(&auth, &sent, origin).await {
        Ok(Some(entered)) => Ok(welcome(&auth, &entered, sent.onwards())),
        Ok(None) => mailed(&sent.email),
        Err(AuthError::Invalid(invalid)) => form(StatusCode::UNPROCESSABLE_ENTITY, &sent, &invalid, None),
        Err(AuthError::AddressTaken) => {
            let taken =
                Invalid::field("/email", "there is an account with this address already: log in instead");
            form(StatusCode::CONFLICT, &sent, &taken, None)
        }
        Err(error) => {
            let (status, notice) = told(error)?;
            form(status, &sent, &Invalid::new(), Some(notice))
        }
    }
}

/// Makes the account and signs in to it; nothing where the address has to be confirmed first.
async fn open(auth: &Auth, sent: &Sent, origin: Origin) -> Result<Option<Entered>, AuthError> {
    match auth.sign_up(sent.body().read()?, origin.clone()).await? {
        SignedUp::Account(..) => {
            auth.log_in(&sent.email, &sent.password, SessionKind::Pages, origin).await.map(Some)
        }
        SignedUp::Letter => Ok(None),
    }
}

/// The same whether the address is new or not.
fn mailed(email: &str) -> Result<Response, Problem> {
    let page = Mailed {
        shell: shell("Look into your mail", None),
        title: "Nearly there: look into your mail",
        email: email.trim().to_owned(),
        text: "A letter is on its way to this address. Open the link in it to go on.",
    };
    web::page_with(StatusCode::ACCEPTED, &page).map_err(broken)
}

fn closed(status: StatusCode) -> Result<Response, Problem> {
    web::page_with(status, &Closed { shell: shell("No new accounts", None) }).map_err(broken)
}

fn form(
    status: StatusCode,
    sent: &Sent,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let name = Field::text("name", "What should we call you?")
        .optional()
        .autocomplete("name")
        .max_length(120)
        .value(&sent.name)
        .check(invalid, "/name");
    let email = Field::email("email", "Email").value(&sent.email).check(invalid, "/email");
    let password = Field::password("password", "Password", "new-password")
        .hint("At least 8 characters. A few words in a row are easy to keep in mind.")
        .min_length(8)
        .check(invalid, "/password");
    let problems = problems([&name as &dyn Control, &email, &password]);
    let (time_zone, locale) = (sent.time_zone.clone(), sent.locale.clone());
    let next = sent.next.clone().filter(|next| is_ours(next));
    let shell = shell("Make an account", notice);
    let page = Register { shell, name, email, password, time_zone, locale, problems, next };
    web::page_with(status, &page).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::html, *};

    fn awkward() -> Sent {
        Sent {
            email: "asha@".into(),
            password: "secret<b>".chars().take(7).collect(),
            name: format!("{}<b>اسم</b>", "long ".repeat(40)),
            time_zone: "Mars/Olympus".into(),
            locale: "x".into(),
            next: Some("//evil.example".into()),
        }
    }

    #[tokio::test]
    async fn every_field_says_what_is_wrong_with_it_at_once() {
        let sent = awkward();
        let invalid = sent.body().read().unwrap_err();
        let html = html(form(StatusCode::UNPROCESSABLE_ENTITY, &sent, &invalid, None)).await;
        assert_eq!(html.matches("aria-invalid=\"true\"").count(), 3, "{html}");
        assert!(html.contains("3 things need another look") && html.contains("value=\"asha@\""));
        assert!(!html.contains("evil.example"), "{html}");
        assert!(html.contains("&#60;b&#62;اسم") && !html.contains("secret&#60;"), "{html}");
    }

    #[test]
    fn what_a_device_says_that_makes_no_sense_stops_nobody() {
        let sent = Sent { email: "a@b".into(), password: "long enough".into(), ..Sent::default() };
        let odd = Sent { time_zone: "Mars/Olympus".into(), locale: "en_US.UTF-8".into(), ..sent.clone() };
        assert_eq!(odd.body().read().unwrap().profile, sent.body().read().unwrap().profile);
        let indian = Sent { time_zone: "Asia/Calcutta".into(), locale: "en-IN".into(), ..sent };
        let profile = indian.body().read().unwrap().profile;
        assert_eq!((profile.locale.as_str(), profile.currency.code()), ("en-IN", "INR"));
    }

    #[tokio::test]
    async fn whoever_comes_too_late_is_told_so() {
        let html = html(closed(StatusCode::FORBIDDEN)).await;
        assert!(html.contains("No new accounts here") && !html.contains("<form"));
    }
}
