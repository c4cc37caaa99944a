//! `/v1/auth/sessions`, `/v1/audit-log`, `/.well-known/jwks.json`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::CACHE_CONTROL},
    response::IntoResponse,
};
use jiff::Timestamp;
use kernel::{AuditEntryId, SessionId};
use platform::http::{CallerInPerson, Json, Origin, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Auth, domain::device_name, service::Session, store::Entry, tokens::PublicKey};

pub(super) fn routes() -> OpenApiRouter<Arc<Auth>> {
    OpenApiRouter::new()
        .routes(routes!(list, revoke_others))
        .routes(routes!(revoke))
        .routes(routes!(audit_log))
        .routes(routes!(keys))
}

/// A log-in on one device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SessionBody {
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// `pages` in a browser, `api` for a program.
    kind: &'static str,
    /// By what it was begun: `password`, then what came after it: `totp`, `recovery_code`.
    #[schema(value_type = Vec<String>, example = json!(["password", "totp"]))]
    signed_in_by: Vec<&'static str>,
    /// What the device is, as far as it says.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// What it calls itself.
    user_agent: String,
    /// From which address it logged in, where that is known.
    address: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, to within half a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Timestamp>,
    /// When it ends unless it is used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<Session> for SessionBody {
    fn from(session: Session) -> Self {
        let Session { open, current } = session;
        Self {
            id: open.id,
            current,
            kind: open.kind.as_str(),
            signed_in_by: open.methods.words(),
            device: device_name(&open.device),
            user_agent: open.device,
            address: Some(open.address).filter(|address| !address.is_empty()),
            created_at: open.created_at,
            last_seen_at: open.last_seen_at,
            expires_at: open.expires_at,
        }
    }
}

/// List where you are logged in
#[utoipa::path(get, path = "/v1/auth/sessions", tag = "auth", params(PageQuery), responses(
    (status = 200, description = "A page of open log-ins, the newest first", body = Page<SessionBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
async fn list(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<SessionBody>>, Problem> {
    let (limit, before) = query.read::<SessionId>()?;
    let rows = auth.sessions(&actor, before, limit).await?;
    Ok(Json(Page::from_rows(rows, limit, |row| row.open.id, SessionBody::from)))
}

/// Log out everywhere else
#[utoipa::path(delete, path = "/v1/auth/sessions", tag = "auth", responses(
    (status = 204, description = "Only the log-in that asked is left"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
))]
async fn revoke_others(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
) -> Result<StatusCode, Problem> {
    auth.revoke_others(&actor, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Log out a device
///
/// Its tokens are good for nothing within ten seconds.
#[utoipa::path(delete, path = "/v1/auth/sessions/{id}", tag = "auth", params(("id" = SessionId, Path)), responses(
    (status = 204, description = "It is over"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 404, description = "There is no open one of that id", body = ProblemBody),
))]
async fn revoke(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    PathOf(id): PathOf<SessionId>,
) -> Result<StatusCode, Problem> {
    auth.revoke(&actor, id, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Something that was done with your account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct EntryBody {
    id: AuditEntryId,
    /// What: a word that stays the same.
    #[schema(example = "log_in.succeeded")]
    act: &'static str,
    /// What, in words.
    said: &'static str,
    /// What of it: the name of a key, a role.
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    /// By which log-in.
    session_id: Option<SessionId>,
    /// From which address, where that is known.
    address: Option<String>,
    /// With what, as far as it says.
    device: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Entry> for EntryBody {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            act: entry.act.as_str(),
            said: entry.act.said(),
            detail: entry.detail,
            session_id: entry.session,
            address: Some(entry.address).filter(|address| !address.is_empty()),
            device: Some(entry.device).filter(|device| !device.is_empty()).map(|device| device_name(&device)),
            at: entry.at,
        }
    }
}

/// List what was done with your account
///
/// Log-ins and those that failed, passwords, second factors, sessions, keys: kept for a year unless this installation decided otherwise.
#[utoipa::path(get, path = "/v1/audit-log", tag = "auth", params(PageQuery), responses(
    (status = 200, description = "A page of it, the newest first", body = Page<EntryBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
async fn audit_log(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<EntryBody>>, Problem> {
    let (limit, before) = query.read::<AuditEntryId>()?;
    let rows = auth.audit_log(&actor, before, limit).await?;
    Ok(Json(Page::from_rows(rows, limit, |row| row.id, EntryBody::from)))
}

/// The keys by which access tokens can be checked (RFC 7517).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct KeysBody {
    /// All that sign now, did lately, or are about to.
    keys: Vec<PublicKey>,
}

/// Show the keys that sign access tokens
///
/// A new one is shown here ten minutes before it signs; keep a copy for no longer than five.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth", security(()), responses(
    (status = 200, description = "The public keys", body = KeysBody),
))]
async fn keys(State(auth): State<Arc<Auth>>) -> impl IntoResponse {
    let body = KeysBody { keys: auth.ring().published() };
    ([(CACHE_CONTROL, "public, max-age=300")], Json(body))
}
