//! Prices to come, planned on the page of a subscription: a rise, a promotion, one that is not to be.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use kernel::{Invalid, Money, SubscriptionId};
use platform::http::{PathOf, Problem, Visitor};
use serde::Deserialize;

use super::{
    Known, detail,
    filled::Filled,
    frame::{Frame, href, render},
    overtaken::Overtaken,
    sheet::{date, given},
};
use crate::{
    domain::{PricePlan, PriceStep, Subscription},
    error::TrackerError,
    service::Seen,
};

/// What was typed, or which step is to go.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Planned {
    pub(super) plan_from: String,
    pub(super) plan_amount: String,
    /// For so many charges only, then as before.
    pub(super) plan_charges: String,
    pub(super) remove: String,
    pub(super) version: i64,
}

impl Planned {
    /// The whole plan with what is asked for.
    pub(super) fn plan(&self, subscription: &Subscription, today: Date) -> Result<PricePlan, Invalid> {
        let mut invalid = Invalid::new();
        let mut steps = subscription.planned_prices(today);
        if let Some(from) = date(&self.remove, "/remove", &mut invalid) {
            steps.retain(|step| step.from != from);
        } else if invalid.errors().is_empty() {
            self.add(subscription, &mut steps, &mut invalid);
        }
        invalid.into_result().map(|()| PricePlan { steps, pointer: "/steps" })
    }

    fn add(&self, subscription: &Subscription, steps: &mut Vec<PriceStep>, invalid: &mut Invalid) {
        let currency = subscription.prices.currency();
        let from = date(&self.plan_from, "/plan_from", invalid);
        if given(&self.plan_from).is_none() {
            invalid.add("/plan_from", "say from which day");
        }
        let price = invalid.check("/plan_amount", Money::parse(self.plan_amount.trim(), currency));
        let (Some(from), Some(price)) = (from, price) else { return };
        let until = given(&self.plan_charges).map(|text| {
            let charges = text.parse::<usize>().ok().filter(|charges| (1..=999).contains(charges));
            charges.and_then(|charges| subscription.schedule().dates_from(from).nth(charges))
        });
        steps.retain(|step| step.from != from);
        match until {
            None => {}
            Some(Some(until)) => {
                let before = PriceStep { from: until, price: subscription.price_on(until) };
                if !steps.iter().any(|step| step.from == until) {
                    steps.push(before);
                }
            }
            Some(None) => invalid.add("/plan_charges", "must be from 1 to 999, and charged again after it"),
        }
        steps.push(PriceStep { from, price });
    }
}

/// What is wrong with a step that was typed stands at the field where it was typed.
fn at_its_field(wrong: &Invalid) -> Invalid {
    let mut told = Invalid::new();
    for error in wrong.errors() {
        let field = match error.pointer.as_str() {
            pointer if pointer.starts_with("/plan_") => pointer,
            pointer if pointer.contains("/price") => "/plan_amount",
            _ => "/plan_from",
        };
        told.add(field, error.detail.clone());
    }
    told
}

pub(super) async fn plan(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Filled(planned): Filled<Planned>,
) -> Result<Response, Problem> {
    let seen = Seen::Version(planned.version);
    let decide =
        |found: &mut Subscription, today| Ok(found.plan_prices(&planned.plan(found, today)?, today)?);
    match tracker.change(&actor, id, seen, decide).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=planned#prices", href(id))).into_response()),
        Err(TrackerError::Invalid(wrong)) => {
            let page = detail::page(&tracker, &actor, id, &(planned, at_its_field(&wrong))).await?;
            render(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(TrackerError::Changed) => {
            let frame = Frame::of(&tracker, &actor).await?;
            let (current, _) = tracker.read(&actor, id).await?;
            // Its own button would send nothing of what was typed: the page is where to begin anew.
            let page = Overtaken::by_others(&frame, &current, "edit", "Open the form");
            render(StatusCode::PRECONDITION_FAILED, &page)
        }
        Err(other) => Err(other.into()),
    }
}
