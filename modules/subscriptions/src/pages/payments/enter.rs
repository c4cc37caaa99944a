//! The form that enters a payment.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Invalid, Money, SubscriptionId};
use platform::http::{PathOf, Problem, Visitor, VisitorToChange};
use serde::Deserialize;
use web::{
    Notice, Shell, Tab, Tone,
    view::{Checkbox, Control, Field, problems},
};

use super::{act::read_day, row};
use crate::{
    domain::{ByHand, Notes, PaymentSource, Subscription},
    error::TrackerError,
    pages::{
        Known,
        filled::Filled,
        frame::{self, Frame, render},
    },
};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Slip {
    #[serde(default)]
    due_on: String,
    #[serde(default)]
    extra: bool,
    #[serde(default)]
    paid_on: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    note: String,
}

impl Slip {
    /// The next charge, paid today.
    fn begun(subscription: &Subscription, frame: &Frame) -> Self {
        let next = subscription.next_charge_on();
        Self {
            due_on: next.map(|day| day.to_string()).unwrap_or_default(),
            extra: next.is_none(),
            paid_on: frame.today.to_string(),
            amount: next.map(|day| subscription.price_on(day).amount_text()).unwrap_or_default(),
            note: String::new(),
        }
    }

    fn read(&self, subscription: &Subscription) -> Result<ByHand, Invalid> {
        let mut invalid = Invalid::new();
        let currency = subscription.prices.currency();
        let amount = Some(self.amount.trim()).filter(|amount| !amount.is_empty());
        let by_hand = ByHand {
            due_on: read_day(&self.due_on, "/due_on", &mut invalid),
            extra: self.extra,
            paid_on: read_day(&self.paid_on, "/paid_on", &mut invalid),
            amount: amount.and_then(|amount| invalid.check("/amount", Money::parse(amount, currency))),
            note: self.note.clone(),
            source: PaymentSource::Manual,
        };
        invalid.into_result().map(|()| by_hand)
    }
}

#[derive(Template)]
#[template(path = "payment_form.html")]
pub(in crate::pages) struct PaymentForm {
    shell: Shell,
    back: String,
    name: String,
    action: String,
    problems: Vec<web::view::Problem>,
    due_on: Field,
    extra: Checkbox,
    paid_on: Field,
    amount: Field,
    note: Field,
}

impl PaymentForm {
    pub(in crate::pages) fn new(
        frame: &Frame,
        subscription: &Subscription,
        slip: Slip,
        wrong: &Invalid,
    ) -> Self {
        let due_on = Field::date("due_on", "Charge date")
            .value(slip.due_on)
            .optional()
            .hint("Paying ahead moves nothing: this date is settled, and the later ones stay.")
            .check(wrong, "/due_on");
        let extra = Checkbox::new("extra", "An extra charge, beside the charge dates", slip.extra)
            .hint("Such as a top-up or a late fee, on any day.");
        let paid_on =
            Field::date("paid_on", "Paid on").value(slip.paid_on).optional().check(wrong, "/paid_on");
        let amount = Field::amount("amount", format!("Amount in {}", subscription.prices.currency()))
            .value(slip.amount)
            .check(wrong, "/amount");
        let note = Field::area("note", "Note")
            .value(slip.note)
            .optional()
            .max_length(u32::try_from(Notes::MAX).unwrap_or(u32::MAX))
            .check(wrong, "/note");
        let asked: [&dyn Control; 5] = [&due_on, &extra, &paid_on, &amount, &note];
        Self {
            problems: problems(asked),
            shell: frame
                .shell("Enter a payment", Tab::Subscriptions)
                .about("subscription", subscription.id.to_string()),
            back: frame::href(subscription.id),
            name: subscription.name.to_string(),
            action: format!("{}/payments", frame::href(subscription.id)),
            due_on,
            extra,
            paid_on,
            amount,
            note,
        }
    }
}

pub(in crate::pages) async fn show(
    State(tracker): Known,
    VisitorToChange(actor): VisitorToChange,
    PathOf(id): PathOf<SubscriptionId>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (subscription, _) = tracker.read(&actor, id).await?;
    let slip = Slip::begun(&subscription, &frame);
    render(StatusCode::OK, &PaymentForm::new(&frame, &subscription, slip, &Invalid::new()))
}

pub(in crate::pages) async fn record(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Filled(slip): Filled<Slip>,
) -> Result<Response, Problem> {
    let (subscription, _) = tracker.read(&actor, id).await?;
    let recorded = match slip.read(&subscription) {
        Ok(by_hand) => tracker.record_payment(&actor, id, &by_hand).await,
        Err(invalid) => Err(invalid.into()),
    };
    let (status, notice, wrong) = match recorded {
        Ok(entry) => {
            let told = format!("done=payment-entered&payment={}&version={}", entry.id, entry.version);
            return Ok(Redirect::to(&format!("{}?{told}", row::href(entry.id))).into_response());
        }
        Err(TrackerError::Invalid(wrong)) => (StatusCode::UNPROCESSABLE_ENTITY, None, wrong),
        Err(TrackerError::PaymentRefused(refused)) => {
            let notice = Notice::new(Tone::Bad, refused.to_string());
            (StatusCode::CONFLICT, Some(notice), Invalid::new())
        }
        Err(error) => return Err(error.into()),
    };
    let frame = Frame::of(&tracker, &actor).await?;
    let mut form = PaymentForm::new(&frame, &subscription, slip, &wrong);
    form.shell.notice = notice;
    render(status, &form)
}
