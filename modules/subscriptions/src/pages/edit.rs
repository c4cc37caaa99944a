//! Changing what one says, by the form.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid, SubscriptionId};
use platform::http::{PathOf, Problem, Visitor, VisitorToChange};
use web::{Notice, Tone};

use super::{
    Known,
    filled::Filled,
    folds::Offered,
    form::{Ahead, AheadFragment, Form},
    frame::{Frame, href, render},
    sheet::Sheet,
};
use crate::{
    Tracker,
    domain::{DecisionError, Refused, Subscription},
    error::TrackerError,
    service::Seen,
};

/// One that exists, and what its form offers.
type Current<'a> = (&'a Subscription, &'a Offered);

async fn offered(tracker: &Tracker, actor: &Actor, id: SubscriptionId) -> Result<Offered, Problem> {
    let others = tracker.others(actor, id).await?;
    Ok(Offered { sorting: tracker.sorting(actor).await?, others })
}

/// The form of one, as it is.
pub(super) async fn show(
    State(tracker): Known,
    VisitorToChange(actor): VisitorToChange,
    PathOf(id): PathOf<SubscriptionId>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (subscription, today) = tracker.read(&actor, id).await?;
    let offered = offered(&tracker, &actor, id).await?;
    let sheet = Sheet::of(&subscription, &offered.sorting, today);
    render(StatusCode::OK, &Form::editing(&frame, (&subscription, &offered), sheet, &Invalid::new()))
}

pub(super) async fn save(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Filled(sheet): Filled<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (current, _) = tracker.read(&actor, id).await?;
    let offered = offered(&tracker, &actor, id).await?;
    if sheet.version != current.version {
        return render(StatusCode::PRECONDITION_FAILED, &overtaken(&frame, (&current, &offered), sheet));
    }
    if sheet.wants_preview() {
        return preview(&frame, (&current, &offered), sheet);
    }
    match apply(&tracker, &actor, &current, &sheet).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=saved", href(id))).into_response()),
        Err(TrackerError::Invalid(wrong)) => refuse(&frame, (&current, &offered), sheet, &wrong),
        Err(TrackerError::Refused(refused)) => {
            render(StatusCode::CONFLICT, &forbidden(&frame, (&current, &offered), sheet, refused))
        }
        Err(TrackerError::Changed) => {
            let (current, _) = tracker.read(&actor, id).await?;
            render(StatusCode::PRECONDITION_FAILED, &overtaken(&frame, (&current, &offered), sheet))
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
    let tags = tracker.tags_named(actor, &sheet.more.tag_names()).await?;
    tracker.edit(actor, current.id, Seen::Version(sheet.version), change.tagged(tags)?).await?;
    Ok(())
}

fn refuse(frame: &Frame, current: Current<'_>, sheet: Sheet, wrong: &Invalid) -> Result<Response, Problem> {
    render(StatusCode::UNPROCESSABLE_ENTITY, &Form::editing(frame, current, sheet, wrong))
}

/// The form again, with why its state allows none of this.
fn forbidden(frame: &Frame, current: Current<'_>, sheet: Sheet, refused: Refused) -> Form {
    let notice = Notice::new(Tone::Bad, refused.to_string());
    Form::editing(frame, current, sheet, &Invalid::new()).telling(notice)
}

fn preview(frame: &Frame, current: Current<'_>, sheet: Sheet) -> Result<Response, Problem> {
    match tried(frame, current.0, &sheet) {
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

/// The dates alone, for a script; nothing while what is typed makes no sense yet.
pub(super) async fn dates(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Filled(sheet): Filled<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (current, _) = tracker.read(&actor, id).await?;
    match tried(&frame, &current, &sheet) {
        Ok(ahead) => render(StatusCode::OK, &AheadFragment { manner: frame.manner(), ahead }),
        Err(_) => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// What was typed, on top of what it is now: saving again is then a choice. Nothing typed is lost, and nothing
/// of the other's is overwritten unseen.
pub(super) fn overtaken(frame: &Frame, current: Current<'_>, sheet: Sheet) -> Form {
    let sheet = Sheet { version: current.0.version, ..sheet };
    let text = "It was changed meanwhile, and nothing of yours was saved. Below is what you typed: look at what \
                it is now, then save again if yours is to hold.";
    let notice = Notice::new(Tone::Careful, text).with_action("See it as it is now", href(current.0.id));
    Form::editing(frame, current, sheet, &Invalid::new()).telling(notice)
}
