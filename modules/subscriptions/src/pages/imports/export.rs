//! Taking everything along.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use platform::http::{Problem, Visitor};
use web::{Shell, Tab};

use super::super::{
    Known,
    frame::{Frame, render},
};
use crate::http::{download, written};

#[derive(Template)]
#[template(path = "export.html")]
pub(in crate::pages) struct ExportPage {
    shell: Shell,
}

impl ExportPage {
    pub(in crate::pages) fn new(frame: &Frame) -> Self {
        Self { shell: frame.shell("Export", Tab::Subscriptions).about("import", "") }
    }
}

pub(super) async fn show(State(tracker): Known, Visitor(actor): Visitor) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    render(StatusCode::OK, &ExportPage::new(&frame))
}

pub(super) async fn json(State(tracker): Known, Visitor(actor): Visitor) -> Result<Response, Problem> {
    let document = tracker.export(&actor).await?;
    let today = tracker.today(&*tracker.household(actor.household).await?);
    let bytes = written(&document)?;
    Ok(download("application/json", &format!("perennial-{today}.json"), bytes))
}

pub(super) async fn csv(State(tracker): Known, Visitor(actor): Visitor) -> Result<Response, Problem> {
    let table = tracker.export_csv(&actor).await?;
    let today = tracker.today(&*tracker.household(actor.household).await?);
    Ok(download("text/csv; charset=utf-8", &format!("perennial-{today}.csv"), table.into_bytes()))
}
