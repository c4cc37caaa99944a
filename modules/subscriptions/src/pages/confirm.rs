//! Asking before it is cancelled or deleted: in a dialog, or as a page where no script runs.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::SubscriptionId;
use platform::http::{PathOf, Problem, VisitorToChange};
use web::{Shell, Tab, view::Confirm};

use super::{
    Known, brand,
    frame::{Frame, href, render},
};
use crate::domain::Subscription;

#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct ConfirmPage {
    pub(super) shell: Shell,
    pub(super) name: String,
    pub(super) confirm: Confirm,
}

pub(super) async fn cancel(
    State(tracker): Known,
    VisitorToChange(actor): VisitorToChange,
    PathOf(id): PathOf<SubscriptionId>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (subscription, _) = tracker.read(&actor, id).await?;
    ask(&frame, &subscription, cancelling(&frame, &subscription))
}

pub(super) async fn delete(
    State(tracker): Known,
    VisitorToChange(actor): VisitorToChange,
    PathOf(id): PathOf<SubscriptionId>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (subscription, _) = tracker.read(&actor, id).await?;
    ask(&frame, &subscription, deleting(&subscription))
}

fn ask(frame: &Frame, subscription: &Subscription, confirm: Confirm) -> Result<Response, Problem> {
    let shell =
        frame.shell(confirm.title.clone(), Tab::Subscriptions).about("cancel", subscription.id.to_string());
    render(StatusCode::OK, &ConfirmPage { shell, name: subscription.name.to_string(), confirm })
}

fn question(subscription: &Subscription, path: &str, verb: &str) -> Confirm {
    let page = href(subscription.id);
    Confirm {
        id: path.into(),
        title: String::new(),
        text: String::new(),
        action: format!("{page}/{path}"),
        verb: verb.into(),
        keep: "Keep it".into(),
        back: page,
        danger: false,
        hidden: vec![("version", subscription.version.to_string())],
    }
}

/// Whether to cancel it, and until when it may then be used.
pub(super) fn cancelling(frame: &Frame, subscription: &Subscription) -> Confirm {
    let mut tried = subscription.clone();
    let ends_on = tried.cancel(None, frame.today).ok().and(tried.ends_on);
    let until = match ends_on.filter(|ends_on| *ends_on > frame.today) {
        Some(ends_on) => {
            format!("It is yours until {} and is not charged again.", frame.manner().date(&ends_on))
        }
        None => "Nothing is paid ahead, so it is over at once.".to_owned(),
    };
    let provider = brand::cancel_url(subscription).map(|url| format!(", at {url}")).unwrap_or_default();
    Confirm {
        title: format!("Cancel {}?", subscription.name),
        text: format!(
            "{until} Perennial cannot do it for you: remember to cancel it with the provider, too{provider}."
        ),
        ..question(subscription, "cancel", "Cancel it")
    }
}

/// Whether to delete it, and what goes with it.
pub(super) fn deleting(subscription: &Subscription) -> Confirm {
    Confirm {
        title: format!("Delete {}?", subscription.name),
        text: "It and its payments are gone from every figure, as if they had never been. This cannot be undone. \
               To stop paying but keep the history, cancel it instead."
            .into(),
        danger: true,
        ..question(subscription, "delete", "Delete it and its payments")
    }
}
