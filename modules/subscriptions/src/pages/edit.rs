//! Changing what one says, by the form.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid, SubscriptionId};
use platform::http::{PathOf, Problem, Visitor};
use web::{Notice, Tone};

use super::{
    Known,
    filled::Filled,
    form::{Ahead, Form},
    frame::{Frame, href, render},
    sheet::Sheet,
};
use crate::{
    Tracker,
    domain::{DecisionError, Refused, Subscription},
    error::TrackerError,
    service::Seen,
};

/// The form of one, as it is.
pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (subscription, today) = tracker.read(&actor, id).await?;
    let sheet = Sheet::of(&subscription, today);
    render(StatusCode::OK, &Form::editing(&frame, &subscription, sheet, &Invalid::new()))
}

pub(super) async fn save(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Filled(sheet): Filled<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (current, _) = tracker.read(&actor, id).await?;
    if sheet.version != current.version {
        return render(StatusCode::PRECONDITION_FAILED, &overtaken(&frame, &current, sheet));
    }
    if sheet.wants_preview() {
        return preview(&frame, &current, sheet);
    }
    match apply(&tracker, &actor, &current, &sheet).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=saved", href(id))).into_response()),
        Err(TrackerError::Invalid(wrong)) => refuse(&frame, &current, sheet, &wrong),
        Err(TrackerError::Refused(refused)) => {
            render(StatusCode::CONFLICT, &forbidden(&frame, &current, sheet, refused))
        }
        Err(TrackerError::Changed) => {
            let (current, _) = tracker.read(&actor, id).await?;
            render(StatusCode::PRECONDITION_FAILED, &overtaken(&frame, &current, sheet))
        }
        Err(other) => Err(other.into()),
    }
}

async fn apply(
    tracker: &Tracker,
    actor: &Actor,
    current: &Subscription,
    sheet: &Sheet,
) -> Result<(), TrackerError> {
    let change = sheet.change(current)?;
    tracker.edit(actor, current.id, Seen::Version(sheet.version), change).await?;
    Ok(())
}

fn refuse(frame: &Frame, current: &Subscription, sheet: Sheet, wrong: &Invalid) -> Result<Response, Problem> {
    render(StatusCode::UNPROCESSABLE_ENTITY, &Form::editing(frame, current, sheet, wrong))
}

/// The form again, with why its state allows none of this.
fn forbidden(frame: &Frame, current: &Subscription, sheet: Sheet, refused: Refused) -> Form {
    let notice = Notice::new(Tone::Bad, refused.to_string());
    Form::editing(frame, current, sheet, &Invalid::new()).telling(notice)
}

fn preview(frame: &Frame, current: &Subscription, sheet: Sheet) -> Result<Response, Problem> {
    match tried(frame, current, &sheet) {
        Ok(ahead) => {
            let form = Form::editing(frame, current, sheet, &Invalid::new());
            render(StatusCode::OK, &form.with_ahead(ahead))
        }
        Err(DecisionError::Invalid(wrong)) => refuse(frame, current, sheet, &wrong),
        Err(DecisionError::Refused(refused)) => {
            render(StatusCode::CONFLICT, &forbidden(frame, current, sheet, refused))
        }
    }
}

fn tried(frame: &Frame, current: &Subscription, sheet: &Sheet) -> Result<Ahead, DecisionError> {
    let mut tried = current.clone();
    tried.edit(sheet.change(current)?, frame.today)?;
    Ok(Ahead::of(&tried, 0, &frame.manner()))
}

/// What was typed, on top of what it is now: saving again is then a choice. Nothing typed is lost, and nothing
/// of the other's is overwritten unseen.
pub(super) fn overtaken(frame: &Frame, current: &Subscription, sheet: Sheet) -> Form {
    let sheet = Sheet { version: current.version, ..sheet };
    let text = "It was changed meanwhile, and nothing of yours was saved. Below is what you typed: look at what \
                it is now, then save again if yours is to hold.";
    let notice = Notice::new(Tone::Careful, text).with_action("See it as it is now", href(current.id));
    Form::editing(frame, current, sheet, &Invalid::new()).telling(notice)
}
