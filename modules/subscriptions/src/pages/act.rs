//! Pausing, resuming, cancelling, reactivating: buttons.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use contracts::subscriptions::Act;
use kernel::{Actor, SubscriptionId};
use platform::http::{PathOf, Problem, Visitor};

use super::{
    Known,
    filled::{Filled, Pressed},
    frame::{Frame, href, render},
    overtaken::Overtaken,
};
use crate::{Tracker, error::TrackerError, service::Seen};

/// One of the buttons: its name in addresses, and what its page says was done.
#[derive(Debug, Clone, Copy)]
struct Button {
    path: &'static str,
    verb: &'static str,
    done: &'static str,
}

async fn press(
    tracker: &Tracker,
    actor: &Actor,
    id: SubscriptionId,
    version: i64,
    (button, act): (Button, Act),
) -> Result<Response, Problem> {
    let seen = Seen::Version(version);
    match tracker.change(actor, id, seen, |found, today| found.act(&act, today)).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done={}", href(id), button.done)).into_response()),
        Err(TrackerError::Changed) => {
            let frame = Frame::of(tracker, actor).await?;
            let (current, _) = tracker.read(actor, id).await?;
            let page = Overtaken::by_others(&frame, &current, button.path, button.verb);
            render(StatusCode::PRECONDITION_FAILED, &page)
        }
        Err(other) => Err(other.into()),
    }
}

macro_rules! buttons {
    ($($name:ident, $verb:literal, $done:literal, $act:expr;)*) => {$(
        pub(super) async fn $name(
            State(tracker): Known,
            Visitor(actor): Visitor,
            PathOf(id): PathOf<SubscriptionId>,
            Filled(Pressed { version }): Filled<Pressed>,
        ) -> Result<Response, Problem> {
            let button = Button { path: stringify!($name), verb: $verb, done: $done };
            press(&tracker, &actor, id, version, (button, $act)).await
        }
    )*};
}

buttons! {
    pause, "Pause it", "paused", Act::Pause;
    resume, "Resume it", "resumed", Act::Resume;
    cancel, "Cancel it", "cancelled", Act::Cancel { ends_on: None };
    reactivate, "Reactivate it", "reactivated", Act::Reactivate;
}
