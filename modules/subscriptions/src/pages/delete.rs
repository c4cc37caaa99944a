//! Tracking one no more.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::SubscriptionId;
use platform::http::{PathOf, Problem, Visitor};

use super::{
    Known,
    filled::{Filled, Pressed},
    frame::{Frame, render},
    overtaken::Overtaken,
};
use crate::{error::TrackerError, service::Seen};

pub(super) async fn delete(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Filled(Pressed { version }): Filled<Pressed>,
) -> Result<Response, Problem> {
    match tracker.delete(&actor, id, Seen::Version(version)).await {
        Ok(()) => Ok(Redirect::to("/subscriptions?done=deleted").into_response()),
        Err(TrackerError::Changed) => {
            let frame = Frame::of(&tracker, &actor).await?;
            let (current, _) = tracker.read(&actor, id).await?;
            let page = Overtaken::by_others(&frame, &current, "delete", "Delete it and its payments");
            render(StatusCode::PRECONDITION_FAILED, &page)
        }
        Err(other) => Err(other.into()),
    }
}
