//! What the buttons of an import's page do.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, ImportId};
use platform::http::{PathOf, Problem, Visitor};

use super::{
    super::{
        Known,
        filled::{Filled, Pressed},
        frame::{Frame, render},
    },
    href,
    item::SHOWN,
    mapping,
    one::One,
    start::{first, sentence},
};
use crate::{
    Tracker,
    domain::import::{Action, Import},
    error::TrackerError,
    service::Seen,
};

/// A form whose fields come again and again.
type Fields = Filled<Vec<(String, String)>>;

fn version(form: &[(String, String)]) -> i64 {
    form.iter().find(|(key, _)| key == "version").and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

/// Back to the page: done, or with what stood in the way.
async fn answer(
    tracker: &Tracker,
    actor: &Actor,
    id: ImportId,
    outcome: Result<Import, TrackerError>,
    done: &str,
) -> Result<Response, Problem> {
    let (status, error) = match outcome {
        Ok(import) => return Ok(Redirect::to(&format!("{}{done}", href(import.id))).into_response()),
        Err(TrackerError::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, first(&invalid)),
        Err(TrackerError::Changed) => (
            StatusCode::PRECONDITION_FAILED,
            "it has changed since you looked; look again at what it says now".into(),
        ),
        Err(TrackerError::ImportState(why)) => (StatusCode::CONFLICT, why.to_owned()),
        Err(other) => return Err(other.into()),
    };
    let frame = Frame::of(tracker, actor).await?;
    let import = tracker.import(actor, id).await?;
    render(status, &One::new(&frame, &import, Some(sentence(&error))))
}

pub(super) async fn reread(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<ImportId>,
    Filled(form): Fields,
) -> Result<Response, Problem> {
    let outcome = match mapping::options(&form) {
        Ok(options) => tracker.reread(&actor, id, Seen::Version(version(&form)), options).await,
        Err(invalid) => Err(invalid.into()),
    };
    answer(&tracker, &actor, id, outcome, "").await
}

pub(super) async fn apply(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<ImportId>,
    Filled(form): Fields,
) -> Result<Response, Problem> {
    let ticked: BTreeSet<u32> =
        form.iter().filter(|(key, _)| key == "item").filter_map(|(_, value)| value.parse().ok()).collect();
    let import = tracker.import(&actor, id).await?;
    let chosen = with_unseen(&import, ticked);
    let outcome = tracker.apply_import(&actor, id, Seen::Version(version(&form)), Some(chosen)).await;
    answer(&tracker, &actor, id, outcome, "?done=applied").await
}

/// What was ticked, and what the page had no room for, as it is proposed.
fn with_unseen(import: &Import, mut ticked: BTreeSet<u32>) -> BTreeSet<u32> {
    for action in Action::ALL {
        let unseen = import.plan.items.iter().filter(|item| item.action == action).skip(SHOWN);
        ticked.extend(
            unseen.filter(|item| item.chosen && item.action != Action::Error).map(|item| item.number),
        );
    }
    ticked
}

pub(super) async fn undo(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<ImportId>,
    Filled(Pressed { version }): Filled<Pressed>,
) -> Result<Response, Problem> {
    let outcome = tracker.undo_import(&actor, id, Seen::Version(version)).await;
    answer(&tracker, &actor, id, outcome, "?done=undone").await
}

pub(super) async fn delete(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<ImportId>,
    Filled(Pressed { version }): Filled<Pressed>,
) -> Result<Response, Problem> {
    tracker.delete_import(&actor, id, Seen::Version(version)).await?;
    Ok(Redirect::to(super::IMPORTS).into_response())
}
