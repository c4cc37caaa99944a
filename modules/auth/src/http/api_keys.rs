//! `/v1/api-keys`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{ApiKeyId, Scope};
use platform::http::{CallerInPerson, Json, Origin, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Auth,
    service::{Issued, PREFIX},
    store::{KeptApiKey, Trace},
};

pub(super) fn routes() -> OpenApiRouter<Arc<Auth>> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(rotate)).routes(routes!(revoke))
}

/// A secret of a key, as far as it is shown again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SecretBody {
    /// How it begins and ends.
    #[schema(example = "pk_live_…x7Qa")]
    shown: String,
    /// When it was last used, to within half a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// Until when it is good, where that is decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl SecretBody {
    fn new(trace: &Trace, expires_at: Option<Timestamp>) -> Self {
        Self { shown: format!("{PREFIX}_…{}", trace.hint), last_used_at: trace.used_at, expires_at }
    }
}

/// A key by which a program acts for you.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ApiKeyBody {
    id: ApiKeyId,
    /// What it is called.
    name: String,
    /// How far it goes.
    scope: Scope,
    /// One, or two while it is being given another.
    secrets: Vec<SecretBody>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<KeptApiKey> for ApiKeyBody {
    fn from(key: KeptApiKey) -> Self {
        let mut secrets = vec![SecretBody::new(&key.secret, None)];
        secrets.extend(key.former.map(|(trace, until)| SecretBody::new(&trace, Some(until))));
        Self { id: key.id, name: key.name, scope: key.scope, secrets, created_at: key.created_at }
    }
}

/// A key with its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct IssuedApiKey {
    #[serde(flatten)]
    key: ApiKeyBody,
    /// For `Authorization: Bearer`. It is not told again.
    secret: String,
}

impl From<Issued> for IssuedApiKey {
    fn from(issued: Issued) -> Self {
        Self { key: issued.key.into(), secret: issued.secret }
    }
}

/// List your keys
#[utoipa::path(get, path = "/v1/api-keys", tag = "auth", params(PageQuery), responses(
    (status = 200, description = "A page of them, the newest first", body = Page<ApiKeyBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
async fn list(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ApiKeyBody>>, Problem> {
    let (limit, before) = query.read::<ApiKeyId>()?;
    let rows = auth.api_keys(&actor, before, limit).await?;
    Ok(Json(Page::from_rows(rows, limit, |row| row.id, ApiKeyBody::from)))
}

/// What a key is for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKey {
    /// What it is called.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// How far it goes.
    scope: Scope,
}

/// Make a key
///
/// A program that bears it acts for you, as far as its scope goes. No key changes passwords, sessions or keys.
#[utoipa::path(post, path = "/v1/api-keys", tag = "auth", request_body = NewApiKey, responses(
    (status = 201, description = "The key; its secret is not told again", body = IssuedApiKey),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 409, description = "You have as many as one can have", body = ProblemBody),
    (status = 422, description = "Some of it is not valid", body = ProblemBody),
))]
async fn make(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    Json(body): Json<NewApiKey>,
) -> Result<Response, Problem> {
    let issued = auth.make_api_key(&actor, &body.name, body.scope, origin).await?;
    let place = [(LOCATION, format!("/v1/api-keys/{}", issued.key.id))];
    Ok((StatusCode::CREATED, place, Json(IssuedApiKey::from(issued))).into_response())
}

/// Give a key another secret
///
/// The one before is good for a day yet. Any older one is good no more.
#[utoipa::path(post, path = "/v1/api-keys/{id}/rotate", tag = "auth", params(("id" = ApiKeyId, Path)), responses(
    (status = 200, description = "The key; its new secret is not told again", body = IssuedApiKey),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 404, description = "There is no key of that id", body = ProblemBody),
    (status = 409, description = "It is being given another at this moment", body = ProblemBody),
))]
async fn rotate(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    PathOf(id): PathOf<ApiKeyId>,
) -> Result<Json<IssuedApiKey>, Problem> {
    Ok(Json(auth.rotate_api_key(&actor, id, origin).await?.into()))
}

/// Revoke a key
///
/// Within ten seconds it opens nothing any more.
#[utoipa::path(delete, path = "/v1/api-keys/{id}", tag = "auth", params(("id" = ApiKeyId, Path)), responses(
    (status = 204, description = "It is gone"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "Not by a key", body = ProblemBody),
    (status = 404, description = "There is no key of that id", body = ProblemBody),
))]
async fn revoke(
    State(auth): State<Arc<Auth>>,
    CallerInPerson(actor): CallerInPerson,
    origin: Origin,
    PathOf(id): PathOf<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    auth.revoke_api_key(&actor, id, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
