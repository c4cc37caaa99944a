//! `/security/keys`: keys by which programs act for somebody.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, ApiKeyId, Invalid, Scope};
use platform::http::{Origin, PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Control, Field, Problem as Wrong, Select, problems},
};

use super::{broken, frame::Frame, security::Done, told};
use crate::{
    Auth, AuthError,
    service::{Issued, PREFIX},
    store::KeptApiKey,
};

/// As many as somebody can have.
const KEYS: u16 = 50;

#[derive(Template)]
#[template(path = "security_keys.html")]
struct Keys {
    shell: Shell,
    keys: Vec<KeyRow>,
    /// A secret that was just made.
    secret: Option<Field>,
    name: Field,
    scope: Select,
    problems: Vec<Wrong>,
}

struct KeyRow {
    id: String,
    name: String,
    detail: String,
    former: Option<String>,
}

impl KeyRow {
    fn new(key: &KeptApiKey, frame: &Frame) -> Self {
        let used = |at: Option<jiff::Timestamp>| match at {
            Some(at) => format!("last used {}", frame.moment(at)),
            None => "not used yet".to_owned(),
        };
        let scope = match key.scope {
            Scope::Everything => "everything",
            Scope::Write => "may look and change",
            Scope::Read => "may look",
            Scope::Messages => "may forward messages, and nothing else",
        };
        let former = key.former.as_ref().map(|(trace, until)| {
            format!(
                "{PREFIX}_…{} is good until {}, {}",
                trace.hint,
                frame.moment(*until),
                used(trace.used_at)
            )
        });
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            detail: format!("{PREFIX}_…{} · {scope} · {}", key.secret.hint, used(key.secret.used_at)),
            former,
        }
    }
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    name: String,
    scope: String,
}

pub(super) async fn show(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(query): Query<Done>,
) -> Result<Response, Problem> {
    let revoked = query.done.as_deref() == Some("revoked");
    let notice = revoked
        .then(|| Notice::new(Tone::Good, "The key is gone. Within ten seconds it opens nothing any more."));
    page(&auth, &actor, StatusCode::OK, (&Sent::default(), &Invalid::new()), None, notice).await
}

pub(super) async fn make(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let scope = sent.scope.parse().unwrap_or(Scope::Read);
    match auth.make_api_key(&actor, &sent.name, scope, origin).await {
        Ok(issued) => shown(&auth, &actor, issued).await,
        Err(AuthError::Invalid(invalid)) => {
            page(&auth, &actor, StatusCode::UNPROCESSABLE_ENTITY, (&sent, &invalid), None, None).await
        }
        Err(error) => {
            let (status, notice) = told(error)?;
            page(&auth, &actor, status, (&sent, &Invalid::new()), None, Some(notice)).await
        }
    }
}

pub(super) async fn rotate(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    PathOf(id): PathOf<ApiKeyId>,
) -> Result<Response, Problem> {
    let issued = auth.rotate_api_key(&actor, id, origin).await?;
    shown(&auth, &actor, issued).await
}

pub(super) async fn revoke(
    State(auth): State<Arc<Auth>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    origin: Origin,
    PathOf(id): PathOf<ApiKeyId>,
) -> Result<Response, Problem> {
    match auth.revoke_api_key(&actor, id, origin).await {
        Ok(()) | Err(AuthError::NotFound) => Ok(Redirect::to("/security/keys?done=revoked").into_response()),
        Err(error) => Err(error.into()),
    }
}

/// The one time that a secret is shown.
async fn shown(auth: &Auth, actor: &Actor, issued: Issued) -> Result<Response, Problem> {
    let notice = Notice::new(Tone::Good, "Copy the key now: it is shown this once.");
    let nothing = (&Sent::default(), &Invalid::new());
    page(auth, actor, StatusCode::OK, nothing, Some(issued), Some(notice)).await
}

async fn page(
    auth: &Auth,
    actor: &Actor,
    status: StatusCode,
    (sent, invalid): (&Sent, &Invalid),
    issued: Option<Issued>,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(auth, actor).await?;
    let keys = auth.api_keys(actor, None, KEYS).await?;
    let name = Field::text("name", "What is it for?")
        .autocomplete("off")
        .max_length(80)
        .placeholder("Home Assistant")
        .value(&sent.name)
        .check(invalid, "/name");
    let scope = Select::new("scope", "What may it do?")
        .choices([
            (Scope::Read.as_str(), "Look"),
            (Scope::Write.as_str(), "Look and change"),
            (Scope::Messages.as_str(), "Forward messages, and nothing else"),
        ])
        .value(&sent.scope);
    let secret =
        issued.map(|issued| Field::text("secret", issued.key.name).autocomplete("off").value(issued.secret));
    let page = Keys {
        shell: frame.shell("API keys", notice),
        keys: keys.iter().map(|key| KeyRow::new(key, &frame)).collect(),
        secret,
        problems: problems([&name as &dyn Control, &scope]),
        name,
        scope,
    };
    web::page_with(status, &page).map_err(broken)
}
