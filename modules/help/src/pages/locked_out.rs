//! `/help/log-in`: what helps whoever cannot log in. Nothing is known of them, so everything is told, and nothing is asked
//! of anybody. Who is logged in is helped by the topic, which looks at their account.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use platform::http::Problem;
use web::{Manner, Shell};

use super::render;

/// One thing that can be in the way, and what helps.
struct Way {
    what: &'static str,
    helps: &'static str,
    /// The page that helps, and what it is called.
    page: Option<(&'static str, &'static str)>,
}

const WAYS: [Way; 7] = [
    Way {
        what: "The password is forgotten, or refused",
        helps: "Have a link mailed by which you set another one. Look among the unwanted mail, too. Where this Perennial sends no mail, whoever runs it sets another password for you.",
        page: Some(("Set a new password", "/forgotten")),
    },
    Way {
        what: "The app with the codes is lost",
        helps: "A recovery code takes the place of a code: type it where the code is asked for. Each works once. A passkey logs you in without the app. Without any of them, whoever runs this Perennial can turn the app off for you.",
        page: Some(("Log in with a passkey", "/login/passkey")),
    },
    Way {
        what: "The codes of the app are refused",
        helps: "A code is good for half a minute and works once: wait for the next one. If all of them are refused, the clock of your phone is wrong; have it set itself.",
        page: None,
    },
    Way {
        what: "The device with the passkey is lost",
        helps: "Log in with your password, remove that passkey under Security, so that nobody logs in by it, and add another.",
        page: Some(("Log in", "/login")),
    },
    Way {
        what: "You are told to wait",
        helps: "After several wrong passwords or codes there is a pause that grows with each, so that nobody tries them all. Wait as long as it says; a passkey or another service still logs you in.",
        page: None,
    },
    Way {
        what: "Your address is not confirmed",
        helps: "Where addresses are confirmed, an account is used only after that: follow the link that was mailed when it was made.",
        page: None,
    },
    Way {
        what: "The account is suspended, or nothing of this helps",
        helps: "Ask whoever runs this Perennial. They can restore an account, set another password and turn the app off, and will want to be sure that it is you.",
        page: None,
    },
];

#[derive(Template)]
#[template(path = "locked_out.html")]
struct LockedOut {
    shell: Shell,
    ways: &'static [Way],
}

pub(super) async fn show() -> Result<Response, Problem> {
    let shell = Shell::new("Logging in does not work", Manner::of_nobody());
    render(StatusCode::OK, &LockedOut { shell, ways: &WAYS })
}
