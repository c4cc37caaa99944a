//! `/notifications/{id}`: one, what can be done with it, and what became of it.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp};
use kernel::NotificationId;
use platform::http::{PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{Shell, view::Select};

use super::{
    Known,
    frame::{DeliveryLine, Frame, notice, render},
};
use crate::{error::HeraldError, service::Herald};

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "notification.html")]
pub(super) struct One {
    pub(super) shell: Shell,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) when: String,
    /// Where what it is about is.
    pub(super) path: String,
    pub(super) address: String,
    pub(super) is_done: bool,
    pub(super) sleeps_until: Option<String>,
    pub(super) snooze: Select,
    /// Whether its subscription is muted; `None` where it is about none.
    pub(super) muted: Option<bool>,
    /// The row of its kind among the preferences.
    pub(super) kind: &'static str,
    pub(super) can_be_off: bool,
    pub(super) lines: Vec<DeliveryLine>,
}

/// For how long something can be put to sleep with one choice.
const NAPS: [(&str, &str, i64); 5] = [
    ("1h", "for an hour", 1),
    ("4h", "for four hours", 4),
    ("1d", "until tomorrow, same time", 24),
    ("3d", "for three days", 72),
    ("7d", "for a week", 168),
];

pub(super) async fn show(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<NotificationId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let told = herald.notification(actor.user, id).await?;
    if told.read_at.is_none() {
        // It is before their eyes.
        herald.read(&actor, Some(&[id])).await?;
    }
    let frame = Frame::of(&herald, &actor).await?;
    let (channels, deliveries) = (herald.channels(&actor).await?, herald.deliveries_of(&actor, id).await?);
    let words = frame.reading.words(told.kind, &told.facts);
    let mut shell = frame.shell(words.title.clone());
    shell.notice = notice(done.done.as_deref());
    let muted = &frame.known.preferences.muted_subscriptions;
    render(
        StatusCode::OK,
        &One {
            shell,
            title: words.title,
            body: words.body,
            when: frame.moment(told.shown_at),
            path: crate::http::path(told.subscription, &told.facts),
            address: format!("/notifications/{id}"),
            is_done: told.done_at.is_some(),
            sleeps_until: told.snoozed_until.map(|until| frame.moment(until)),
            snooze: Select::new("until", "Remind me again")
                .choices(NAPS.map(|(word, text, _)| (word, text)))
                .value("1d"),
            muted: told.subscription.map(|id| muted.contains(&id)),
            kind: told.kind.as_str(),
            can_be_off: told.kind.can_be_off(),
            lines: deliveries.iter().rev().map(|kept| DeliveryLine::new(kept, &channels, &frame)).collect(),
        },
    )
}

fn back(id: NotificationId, done: &str) -> Response {
    Redirect::to(&format!("/notifications/{id}?done={done}")).into_response()
}

pub(super) async fn done(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Response, Problem> {
    herald.set_done(&actor, id, true).await?;
    Ok(Redirect::to("/notifications?done=done").into_response())
}

pub(super) async fn undone(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Response, Problem> {
    herald.set_done(&actor, id, false).await?;
    Ok(back(id, "undone"))
}

/// For how long.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Nap {
    until: String,
}

pub(super) async fn snooze(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<NotificationId>,
    Form(nap): Form<Nap>,
) -> Result<Response, Problem> {
    let known = NAPS.iter().find(|(word, ..)| *word == nap.until);
    let Some((_, _, hours)) = known else {
        return Err(kernel::Invalid::field("/until", "must be one of those that are offered").into());
    };
    herald.snooze(&actor, id, wake(&herald, *hours)).await?;
    Ok(Redirect::to("/notifications?done=snoozed").into_response())
}

fn wake(herald: &Herald, hours: i64) -> Timestamp {
    herald.now() + SignedDuration::from_hours(hours)
}

pub(super) async fn send_again(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Response, Problem> {
    herald.send_again(&actor, id).await?;
    Ok(back(id, "again"))
}

/// Turns everything about its subscription off, or on again.
pub(super) async fn mute(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<NotificationId>,
) -> Result<Response, Problem> {
    let told = herald.notification(actor.user, id).await?;
    let subscription = told.subscription.ok_or(HeraldError::NotFound)?;
    let mut chosen = herald.preferences(actor.user).await?.preferences;
    let muted = chosen.muted_subscriptions.insert(subscription);
    if !muted {
        chosen.muted_subscriptions.remove(&subscription);
    }
    herald.set_preferences::<HeraldError>(&actor, |_| Ok(()), &chosen).await?;
    Ok(back(id, if muted { "muted" } else { "unmuted" }))
}
