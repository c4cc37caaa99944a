//! `/add/reading`: how the words in the line are read, as a piece of a page.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use platform::http::{Json, Problem, VisitorAsSelf};
use serde::{Deserialize, Serialize};
use web::view::Reading;

use super::{broken, manner, shown};
use crate::{Reader, service::Incoming};

#[derive(Template)]
#[template(path = "reading.html")]
pub(super) struct Readings {
    pub(super) readings: Vec<Reading>,
}

/// What the script sends: what a program would send for a preview.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    text: String,
    #[serde(rename = "mode")]
    _mode: Option<String>,
}

pub(super) async fn read(
    State(reader): State<Arc<Reader>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    if asked.text.trim().is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let (account, today) = reader.person(&actor).await?;
    let answer = reader.preview(&actor, &Incoming::typed(asked.text)).await?;
    let readings = shown::answer(&answer, &manner(&account, today));
    web::page(&Readings { readings }).map_err(broken)
}

/// The words of a recording, for the line.
#[derive(Debug, Serialize)]
pub(super) struct Heard {
    text: String,
}

pub(super) async fn hear(
    State(reader): State<Arc<Reader>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    body: Bytes,
) -> Result<Json<Heard>, Problem> {
    Ok(Json(Heard { text: reader.written(&actor, body).await? }))
}
