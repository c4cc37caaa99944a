//! `/security/delete`: leaving for good.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Actor, Invalid};
use platform::http::{Origin, Problem, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Checkbox, Control, Field, Problem as Wrong, problems},
};

use super::{app, broken, cookie, frame::Frame, shell, told};
use crate::{
    Auth, AuthError,
    service::{Farewell, Fate, LeftBehind},
};

#[derive(Template)]
#[template(path = "security_delete.html")]
struct Leaving {
    shell: Shell,
    households: Vec<HouseholdRow>,
    password: Field,
    /// Where the account asks for one.
    code: Option<Field>,
    /// Where the others in a household have to be thought of.
    ends: Option<Checkbox>,
    problems: Vec<Wrong>,
}

#[derive(Template)]
#[template(path = "deleted.html")]
struct Deleted {
    shell: Shell,
}

struct HouseholdRow {
    name: String,
    detail: String,
    tone: Tone,
    word: &'static str,
}

impl HouseholdRow {
    fn new(left: &LeftBehind) -> Self {
        let others = match left.others {
            1 => "one other with a log-in".to_owned(),
            more => format!("{more} others with a log-in"),
        };
        let (detail, tone, word) = match left.fate {
            Fate::Ends => {
                ("Nobody else has a log-in here: everything in it goes.".to_owned(), Tone::Bad, "Ends")
            }
            Fate::GoesOn => (
                format!("{others}: it goes on without you. What you kept to yourself goes."),
                Tone::Calm,
                "Goes on",
            ),
            Fate::Undecided => (
                format!(
                    "{others}, and nobody but you owns it. Make one of them an owner first, and it goes on; or have it end for all."
                ),
                Tone::Careful,
                "For you to say",
            ),
        };
        Self { name: left.name.clone(), detail, tone, word }
    }
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    password: String,
    code: String,
    ends_household: bool,
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
) -> Result<Response, Problem> {
    page(&auth, &actor, StatusCode::OK, (&Invalid::new(), false), None).await
}

pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let ends = sent.ends_household;
    let farewell = Farewell { password: sent.password, code: sent.code, ends_home: ends };
    match auth.erase_account(&actor, &farewell, origin).await {
        Ok(()) => {
            let gone = web::page(&Deleted { shell: shell("Your account is being deleted", None) });
            Ok((cookie::forgotten(auth.https), gone.map_err(broken)?).into_response())
        }
        Err(AuthError::Invalid(invalid)) => {
            page(&auth, &actor, StatusCode::UNPROCESSABLE_ENTITY, (&invalid, ends), None).await
        }
        Err(error) => {
            let (status, notice) = told(error)?;
            page(&auth, &actor, status, (&Invalid::new(), ends), Some(notice)).await
        }
    }
}

async fn page(
    auth: &Auth,
    actor: &Actor,
    status: StatusCode,
    (invalid, ends): (&Invalid, bool),
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let left = auth.left_behind(actor).await?;
    let undecided = left.iter().any(|left| left.fate == Fate::Undecided);
    let password = app::password(invalid);
    let asks = auth.factors(actor).await?.totp_since.is_some();
    let code = asks.then(|| app::code(invalid, "Six digits of the app, or a recovery code."));
    let mut fields: Vec<&dyn Control> = vec![&password];
    fields.extend(code.as_ref().map(|code| code as &dyn Control));
    let page = Leaving {
        shell: frame.shell("Delete your account", notice),
        households: left.iter().map(HouseholdRow::new).collect(),
        ends: undecided
            .then(|| Checkbox::new("ends_household", "End my household for the others in it, too", ends)),
        problems: problems(fields),
        password,
        code,
    };
    web::page_with(status, &page).map_err(broken)
}
