//! What is said of a payment with a button: paid, failed, skipped, refunded, corrected, undone, taken away.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid, Money, PaymentId};
use platform::http::{PathOf, Problem, Visitor};
use serde::Deserialize;
use web::{Notice, Tone};

use super::{
    row,
    show::{Typed, again},
};
use crate::{
    Tracker,
    domain::{Entry, PaymentChange, PaymentStatus},
    error::TrackerError,
    pages::{
        Known,
        filled::{Filled, Pressed},
        frame,
    },
    service::SeenPayment,
};

/// A button that was pressed, with the day where one was asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Become {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    paid_on: String,
    /// Whether to go on at the subscription.
    #[serde(default)]
    from: String,
}

/// The form that corrects one.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Corrected {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    paid_on: String,
    #[serde(default)]
    note: String,
}

/// A day that may be left empty.
pub(super) fn read_day(text: &str, pointer: &str, invalid: &mut Invalid) -> Option<jiff::civil::Date> {
    let text = text.trim();
    if text.is_empty() { None } else { invalid.check(pointer, kernel::parse_date(text)) }
}

async fn become_status(
    tracker: &Tracker,
    actor: &Actor,
    id: PaymentId,
    pressed: Become,
    status: PaymentStatus,
) -> Result<Response, Problem> {
    let mut invalid = Invalid::new();
    let paid_on = read_day(&pressed.paid_on, "/paid_on", &mut invalid);
    let change = PaymentChange { status: Some(status), paid_on, ..PaymentChange::default() };
    let changed = match invalid.into_result() {
        Ok(()) => tracker.change_payment(actor, id, SeenPayment::Version(pressed.version), &change).await,
        Err(invalid) => Err(invalid.into()),
    };
    match changed {
        Ok(entry) => Ok(onward(&entry, status.as_str(), pressed.from == "subscription")),
        Err(error) => refuse(tracker, actor, id, error).await,
    }
}

/// On to the page with what was done, and the way back from it.
fn onward(entry: &Entry, done: &str, subscription: bool) -> Response {
    let told = format!("done=payment-{done}&payment={}&version={}", entry.id, entry.version);
    let page = if subscription { frame::href(entry.subscription) } else { row::href(entry.id) };
    Redirect::to(&format!("{page}?{told}")).into_response()
}

/// Nothing was done: the page as it is now says why.
async fn refuse(
    tracker: &Tracker,
    actor: &Actor,
    id: PaymentId,
    error: TrackerError,
) -> Result<Response, Problem> {
    let (status, text) = match &error {
        TrackerError::Changed => (
            StatusCode::PRECONDITION_FAILED,
            "It was changed meanwhile, and nothing of yours was done. This is what it is now.".to_owned(),
        ),
        TrackerError::PaymentRefused(refused) => (StatusCode::CONFLICT, refused.to_string()),
        TrackerError::Full(sentence) => (StatusCode::CONFLICT, sentence.clone()),
        TrackerError::Invalid(invalid) => (StatusCode::UNPROCESSABLE_ENTITY, said(invalid)),
        TrackerError::Refused(_)
        | TrackerError::NotFound
        | TrackerError::InUse(_)
        | TrackerError::NoOwnRate
        | TrackerError::NoPayment
        | TrackerError::NoDocument
        | TrackerError::NoBudget
        | TrackerError::NoFeed
        | TrackerError::NoImport
        | TrackerError::ImportState(_)
        | TrackerError::Unmatched(_)
        | TrackerError::TooLarge
        | TrackerError::Contended
        | TrackerError::NoHousehold
        | TrackerError::Away(_)
        | TrackerError::Database(_) => return Err(error.into()),
    };
    again(tracker, actor, id, status, Some(Notice::new(Tone::Bad, text)), None).await
}

/// What is wrong, as a sentence of a notice.
pub(super) fn said(invalid: &Invalid) -> String {
    let each = invalid.errors().iter().map(|error| {
        let field = error.pointer.trim_start_matches('/').replace('_', " ");
        format!("{field}: {}", error.detail)
    });
    format!("Nothing was done. {}.", each.collect::<Vec<_>>().join("; "))
}

macro_rules! buttons {
    ($($name:ident, $status:ident;)*) => {$(
        pub(in crate::pages) async fn $name(
            State(tracker): Known,
            Visitor(actor): Visitor,
            PathOf(id): PathOf<PaymentId>,
            Filled(pressed): Filled<Become>,
        ) -> Result<Response, Problem> {
            become_status(&tracker, &actor, id, pressed, PaymentStatus::$status).await
        }
    )*};
}

buttons! {
    paid, Paid;
    failed, Failed;
    skipped, Skipped;
    refunded, Refunded;
}

pub(in crate::pages) async fn correct(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<PaymentId>,
    Filled(form): Filled<Corrected>,
) -> Result<Response, Problem> {
    let entry = tracker.entry(&actor, id).await?;
    let changed = match form.read(&entry) {
        Ok(change) => tracker.change_payment(&actor, id, SeenPayment::Version(form.version), &change).await,
        Err(invalid) => Err(invalid.into()),
    };
    match changed {
        Ok(entry) => Ok(onward(&entry, "corrected", false)),
        Err(TrackerError::Invalid(wrong)) => {
            let typed = Some((form.typed(), &wrong));
            again(&tracker, &actor, id, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await
        }
        Err(error) => refuse(&tracker, &actor, id, error).await,
    }
}

impl Corrected {
    fn read(&self, entry: &Entry) -> Result<PaymentChange, Invalid> {
        let mut invalid = Invalid::new();
        let amount = Money::parse(self.amount.trim(), entry.amount.currency());
        let change = PaymentChange {
            status: None,
            paid_on: read_day(&self.paid_on, "/paid_on", &mut invalid),
            amount: invalid.check("/amount", amount),
            note: Some(self.note.clone()),
        };
        invalid.into_result().map(|()| change)
    }

    fn typed(self) -> Typed {
        Typed { amount: self.amount, paid_on: self.paid_on, note: self.note }
    }
}

pub(in crate::pages) async fn undo(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<PaymentId>,
    Filled(Pressed { version }): Filled<Pressed>,
) -> Result<Response, Problem> {
    let subscription = tracker.entry(&actor, id).await?.subscription;
    match tracker.undo_payment(&actor, id, SeenPayment::Version(version)).await {
        Ok(Some(_)) => Ok(Redirect::to(&format!("{}?done=payment-undone", row::href(id))).into_response()),
        Ok(None) => {
            Ok(Redirect::to(&format!("{}?done=payment-removed", frame::href(subscription))).into_response())
        }
        Err(error) => refuse(&tracker, &actor, id, error).await,
    }
}

pub(in crate::pages) async fn remove(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<PaymentId>,
    Filled(Pressed { version }): Filled<Pressed>,
) -> Result<Response, Problem> {
    let subscription = tracker.entry(&actor, id).await?.subscription;
    match tracker.remove_payment(&actor, id, SeenPayment::Version(version)).await {
        Ok(()) => {
            Ok(Redirect::to(&format!("{}?done=payment-removed", frame::href(subscription))).into_response())
        }
        Err(error) => refuse(&tracker, &actor, id, error).await,
    }
}
