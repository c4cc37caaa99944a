//! Adding one by the form.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid};
use platform::http::{Problem, Query, Visitor};

use super::{
    Known,
    filled::Filled,
    form::{Ahead, Form},
    frame::{Frame, href, render},
    sheet::Sheet,
};
use crate::{
    Tracker,
    domain::{Birth, Draft, Subscription},
    service::CHARGES_AT_ONCE,
};

/// The empty form, or as much of it as the address fills in.
pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(sheet): Query<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let sheet = sheet.begun(frame.currency, frame.today);
    render(StatusCode::OK, &Form::adding(&frame, sheet, &Invalid::new()))
}

pub(super) async fn create(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(sheet): Filled<Sheet>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    match sheet.draft(frame.today) {
        Err(wrong) => render(StatusCode::UNPROCESSABLE_ENTITY, &Form::adding(&frame, sheet, &wrong)),
        Ok(draft) if sheet.wants_preview() => preview(&tracker, &actor, &frame, sheet, draft),
        Ok(draft) => {
            let added = tracker.create_draft(&actor, draft).await?;
            Ok(Redirect::to(&format!("{}?done=added", href(added.id))).into_response())
        }
    }
}

fn preview(
    tracker: &Tracker,
    actor: &Actor,
    frame: &Frame,
    sheet: Sheet,
    draft: Draft,
) -> Result<Response, Problem> {
    let birth = Birth {
        id: tracker.ids.next(),
        household: actor.household,
        created_by: actor.user,
        today: frame.today,
        now: tracker.clock.now(),
    };
    let form = previewed(frame, sheet, draft, birth);
    render(StatusCode::OK, &form)
}

/// The form with what it would lead to. What is made for it is thrown away.
pub(super) fn previewed(frame: &Frame, sheet: Sheet, draft: Draft, birth: Birth) -> Form {
    let (subscription, advance) = Subscription::create(draft, birth, CHARGES_AT_ONCE);
    let passed = advance.charges.iter().filter(|charge| charge.due_on < frame.today).count();
    let ahead = Ahead::of(&subscription, passed, &frame.manner());
    Form::adding(frame, sheet, &Invalid::new()).with_ahead(ahead)
}
