//! One import: what the file is, what would come of it, what came of it.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::ImportId;
use platform::http::{PathOf, Problem, Query, Visitor};
use serde::Deserialize;
use web::{Notice, Shell, Tab, Tone};

use super::{
    super::{
        Known,
        frame::{Frame, render},
    },
    href,
    item::{Section, sections},
    mapping::Mapping,
    start::state,
};
use crate::domain::import::{Import, ImportStatus};

#[derive(Template)]
#[template(path = "import_one.html")]
pub(in crate::pages) struct One {
    shell: Shell,
    page: String,
    version: i64,
    title: String,
    subtitle: String,
    badge: (&'static str, Tone),
    remarks: Vec<String>,
    mapping: Option<Mapping>,
    sections: Vec<Section>,
    error: Option<String>,
    /// Whether something can be imported now.
    ready: bool,
    /// Whether an import can be taken back.
    applied: bool,
    /// Until when.
    until: String,
    nothing: bool,
}

impl One {
    pub(in crate::pages) fn new(frame: &Frame, import: &Import, error: Option<String>) -> Self {
        let manner = frame.manner();
        let title =
            if import.file_name.is_empty() { import.kind.label().into() } else { import.file_name.clone() };
        let waiting = matches!(import.status, ImportStatus::Asking | ImportStatus::Ready);
        let sections = sections(import, &manner);
        let until = import.expires_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        Self {
            shell: frame.shell("Import", Tab::Subscriptions).about("import", import.id.to_string()),
            page: href(import.id),
            version: import.version,
            title,
            subtitle: subtitle(import),
            badge: state(import.status),
            remarks: import
                .notes
                .remarks
                .iter()
                .map(|remark| match remark.line {
                    Some(line) => format!("Line {line}: {}", remark.text),
                    None => remark.text.clone(),
                })
                .collect(),
            mapping: waiting.then(|| Mapping::of(import, frame.currency)),
            error,
            ready: import.status == ImportStatus::Ready
                && import.plan.items.iter().any(|item| item.action != crate::domain::import::Action::Error),
            applied: import.status == ImportStatus::Applied,
            until: manner.date(&until),
            nothing: import.status == ImportStatus::Ready && sections.is_empty(),
            sections,
        }
    }

    fn told(mut self, notice: Option<Notice>) -> Self {
        self.shell.notice = notice;
        self
    }
}

fn subtitle(import: &Import) -> String {
    let mut parts = vec![import.kind.label().to_owned()];
    if let Some(shape) = &import.notes.shape {
        parts.push(format!("{} rows", shape.rows));
    } else if import.plan.lines > 0 {
        parts.push(format!("{} transactions", import.plan.lines));
    }
    parts.join(" · ")
}

/// What was done last.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

impl Asked {
    fn notice(&self, import: &Import) -> Option<Notice> {
        // Labels belong to no item.
        let done = || import.outcome.done.iter().filter(|done| done.number > 0);
        let count = done().count();
        let kept = done().filter(|done| done.kept.is_some()).count();
        let text = match (self.done.as_deref()?, import.status) {
            ("applied", ImportStatus::Applied) if count == 1 => "Imported: 1 item.".to_owned(),
            ("applied", ImportStatus::Applied) => format!("Imported: {count} items."),
            ("undone", ImportStatus::Undone) if kept == 0 => {
                "Undone. Everything is as it was before.".to_owned()
            }
            ("undone", ImportStatus::Undone) => {
                format!(
                    "Undone, but for {kept} that you have changed since: they stay, and are marked below."
                )
            }
            _ => return None,
        };
        Some(Notice::new(Tone::Good, text))
    }
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let import = tracker.import(&actor, id).await?;
    let notice = asked.notice(&import);
    render(StatusCode::OK, &One::new(&frame, &import, None).told(notice))
}
