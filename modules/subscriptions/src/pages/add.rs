//! Adding one by the form.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid};
use platform::http::{Problem, Query, Visitor, VisitorToChange};

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
    domain::{Birth, Draft, Subscription},
    error::TrackerError,
    service::CHARGES_AT_ONCE,
};

async fn offered(tracker: &Tracker, actor: &Actor) -> Result<Offered, Problem> {
    Ok(Offered { sorting: tracker.sorting(actor).await?, others: Vec::new() })
}

/// The empty form, or as much of it as the address fills in.
pub(super) async fn show(
    State(tracker): Known,
    VisitorToChange(actor): VisitorToChange,
    Query(sheet): Query<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let offered = offered(&tracker, &actor).await?;
    let sheet = sheet.begun(frame.currency, frame.today);
    render(StatusCode::OK, &Form::adding(&frame, &offered, sheet, &Invalid::new()))
}

pub(super) async fn create(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(sheet): Filled<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let offered = offered(&tracker, &actor).await?;
    let preview = sheet.wants_preview();
    match sheet.draft(frame.today) {
        Err(wrong) => refuse(&frame, &offered, sheet, &wrong),
        Ok(draft) if preview => {
            let birth = birth(&tracker, &actor, &frame);
            render(StatusCode::OK, &previewed(&frame, &offered, sheet, draft, birth))
        }
        Ok(draft) => match save(&tracker, &actor, &sheet, draft).await {
            Ok(added) => Ok(Redirect::to(&format!("{}?done=added", href(added.id))).into_response()),
            Err(TrackerError::Invalid(wrong)) => refuse(&frame, &offered, sheet, &wrong),
            Err(other) => Err(other.into()),
        },
    }
}

async fn save(
    tracker: &Tracker,
    actor: &Actor,
    sheet: &Sheet,
    draft: Draft,
) -> Result<Subscription, TrackerError> {
    let tags = tracker.tags_named(actor, &sheet.more.tag_names()).await?;
    tracker.create_draft(actor, draft.tagged(tags)?).await
}

fn refuse(frame: &Frame, offered: &Offered, sheet: Sheet, wrong: &Invalid) -> Result<Response, Problem> {
    render(StatusCode::UNPROCESSABLE_ENTITY, &Form::adding(frame, offered, sheet, wrong))
}

fn birth(tracker: &Tracker, actor: &Actor, frame: &Frame) -> Birth {
    Birth {
        id: tracker.ids.next(),
        household: actor.household,
        created_by: actor.user,
        today: frame.today,
        now: tracker.clock.now(),
    }
}

/// What the draft would lead to. What is made for it is thrown away.
fn ahead(frame: &Frame, draft: Draft, birth: Birth) -> Ahead {
    let (subscription, advance) = Subscription::create(draft, birth, CHARGES_AT_ONCE);
    let passed = advance.charges.iter().filter(|charge| charge.due_on < frame.today).count();
    Ahead::of(&subscription, passed, &frame.manner())
}

/// The form with what it would lead to.
pub(super) fn previewed(frame: &Frame, offered: &Offered, sheet: Sheet, draft: Draft, birth: Birth) -> Form {
    Form::adding(frame, offered, sheet, &Invalid::new()).with_ahead(ahead(frame, draft, birth))
}

/// The dates alone, for a script; nothing while what is typed makes no sense yet.
pub(super) async fn dates(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(sheet): Filled<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    // Whatever it will be called, its dates are the same.
    let sheet = if sheet.name.trim().is_empty() { Sheet { name: "·".into(), ..sheet } } else { sheet };
    match sheet.draft(frame.today) {
        Ok(draft) => {
            let ahead = ahead(&frame, draft, birth(&tracker, &actor, &frame));
            render(StatusCode::OK, &AheadFragment { manner: frame.manner(), ahead })
        }
        Err(_) => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}
