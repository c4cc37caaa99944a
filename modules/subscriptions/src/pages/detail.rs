//! One of them: what it costs, when, and what was paid.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Cycle, Money, SubscriptionId};
use platform::http::{Cursor, Page, PathOf, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab, Tone,
    view::{Confirm, LedgerLine, Step},
};

use super::{
    Known, confirm,
    done::Told,
    frame::{self, Frame, badge, href, render},
    list, sharing,
};
use crate::domain::{Payment, PaymentSource, PaymentState, PriceStep, Subscription};

/// How many payments a page shows.
const PAYMENTS: u16 = 24;
/// How many dates it looks ahead.
const AHEAD: usize = 5;

/// Which payments the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    /// Those before this one's.
    before: Option<String>,
}

/// One of the facts beside the dates.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) note: String,
}

#[derive(Template)]
#[template(path = "detail.html")]
pub(super) struct Detail {
    shell: Shell,
    page: String,
    edit: String,
    version: i64,
    name: String,
    subtitle: String,
    status: web::view::Status,
    price: Money,
    cycle: Option<Cycle>,
    steps: Vec<Step>,
    /// Why there are no dates, when there are none.
    no_steps: &'static str,
    payments: Vec<LedgerLine>,
    paid: String,
    older: Option<String>,
    newest: Option<String>,
    prices: Vec<LedgerLine>,
    facts: Vec<Fact>,
    url: Option<String>,
    notes: Option<String>,
    /// Where one says who sees, pays and shares it.
    sharing: String,
    can_pause: bool,
    can_resume: bool,
    can_cancel: bool,
    can_reactivate: bool,
    cancel: Confirm,
    delete: Confirm,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Query(asked): Query<Asked>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let (subscription, _) = tracker.read(&actor, id).await?;
    let before = asked.before.as_deref().and_then(Cursor::decode).map(|Cursor(date)| date);
    let payments = tracker.payments(&actor, id, before, PAYMENTS).await?;
    let payments = Page::from_rows(payments, PAYMENTS, |row| row.due_on, |row| row);
    let mut page = Detail::new(&frame, &subscription, &payments, before.is_some(), &told);
    let members = tracker.members(&actor).await?;
    page.facts.extend(sharing::facts(&subscription, &members, &frame.manner()));
    render(StatusCode::OK, &page)
}

impl Detail {
    pub(super) fn new(
        frame: &Frame,
        subscription: &Subscription,
        payments: &Page<Payment>,
        paged: bool,
        told: &Told,
    ) -> Self {
        let (manner, status, page) = (frame.manner(), subscription.status, href(subscription.id));
        let whole = !paged && payments.next_cursor.is_none();
        let mut shell = frame.shell(subscription.name.to_string(), Tab::Subscriptions);
        shell.notice = told.notice();
        Self {
            shell,
            edit: format!("{page}/edit"),
            version: subscription.version,
            name: subscription.name.to_string(),
            subtitle: list::row(subscription, frame.today).outlook(&manner),
            status: badge(status),
            price: frame::price(subscription, frame.today),
            cycle: subscription.cycle,
            steps: steps(subscription, &manner),
            no_steps: no_steps(status),
            payments: payments.data.iter().map(|payment| payment_line(payment, &manner)).collect(),
            paid: whole.then(|| paid(payments, subscription, &manner)).flatten().unwrap_or_default(),
            older: payments.next_cursor.as_ref().map(|cursor| format!("{page}?before={cursor}#payments")),
            newest: paged.then(|| format!("{page}#payments")),
            prices: prices(subscription, frame.today, &manner),
            facts: facts(subscription, frame.today, &manner),
            url: subscription.url.as_ref().map(ToString::to_string),
            notes: Some(subscription.notes.to_string()).filter(|notes| !notes.is_empty()),
            sharing: format!("{page}/sharing"),
            can_pause: status == Status::Active,
            can_resume: status == Status::Paused,
            can_cancel: matches!(status, Status::Trial | Status::Active | Status::Paused),
            can_reactivate: matches!(status, Status::Cancelled | Status::Ended),
            cancel: confirm::cancelling(frame, subscription),
            delete: confirm::deleting(subscription),
            page,
        }
    }
}

fn steps(subscription: &Subscription, manner: &Manner) -> Vec<Step> {
    let charges: Vec<_> = subscription.charges_from(manner.today()).take(AHEAD).collect();
    let before = std::iter::once(None).chain(charges.iter().map(|(_, amount)| Some(*amount)));
    let step = |(&(on, amount), before): (&(Date, Money), Option<Money>)| {
        let near = manner.relative(&on);
        let other = before.is_some_and(|before| before != amount);
        let detail = if other { format!("{near}, another price") } else { near };
        let first = before.is_none();
        let step = Step::new(on, if first { "Next charge" } else { "Charge" }).detail(detail).amount(amount);
        if first { step.tone(Tone::Careful) } else { step }
    };
    charges.iter().zip(before).map(step).collect()
}

const fn no_steps(status: Status) -> &'static str {
    match status {
        Status::Trial | Status::Active => "No charge is to come.",
        Status::Paused => "Nothing is charged while it is paused. Resume it to see its dates.",
        Status::Cancelled => "It is cancelled and is not charged again.",
        Status::Ended => "It is over. Reactivate it if you pay for it again.",
    }
}

fn payment_line(payment: &Payment, manner: &Manner) -> LedgerLine {
    let (what, tone) = match payment.state {
        PaymentState::Due => ("Due", Tone::Careful),
        PaymentState::Paid { .. } => ("Paid", Tone::Good),
        PaymentState::Failed => ("Failed", Tone::Bad),
        PaymentState::Skipped => ("Skipped", Tone::Calm),
        PaymentState::Refunded { .. } => ("Refunded", Tone::Calm),
    };
    let moved = payment.state.paid_on().filter(|on| *on != payment.due_on);
    let detail = match (moved, payment.source) {
        (Some(on), _) => Some(format!("on {}", manner.date(&on))),
        (None, PaymentSource::Assumed) => Some("assumed".to_owned()),
        (None, PaymentSource::Message) => Some("from your words".to_owned()),
        (None, PaymentSource::Statement) => Some("from a statement".to_owned()),
        (None, PaymentSource::Renewal | PaymentSource::Manual) => None,
    };
    LedgerLine { on: payment.due_on, what: what.into(), detail, tone, amount: payment.amount }
}

/// What was paid in all, where every payment is on the page.
fn paid(payments: &Page<Payment>, subscription: &Subscription, manner: &Manner) -> Option<String> {
    let paid = payments.data.iter().filter(|payment| matches!(payment.state, PaymentState::Paid { .. }));
    let nothing = Money::zero(subscription.prices.currency());
    let sum = paid.map(|payment| payment.amount).try_fold(nothing, Money::checked_add)?;
    (!sum.is_zero()).then(|| format!("{} so far", manner.money(&sum)))
}

/// The newest step first; the one that holds today is named.
fn prices(subscription: &Subscription, today: Date, manner: &Manner) -> Vec<LedgerLine> {
    let steps: Vec<_> = subscription.prices.steps().collect();
    let now = steps.iter().rposition(|step| step.from <= today).unwrap_or(0);
    let line = |(at, step): (usize, &PriceStep)| {
        let (what, tone) = match at.cmp(&now) {
            std::cmp::Ordering::Less => ("Before", Tone::Calm),
            std::cmp::Ordering::Equal => ("Now", Tone::Good),
            std::cmp::Ordering::Greater => ("To come", Tone::Careful),
        };
        let detail =
            at.checked_sub(1).and_then(|at| steps.get(at)).map(|before| differs(before, step, manner));
        let free =
            (step.price.is_zero() && subscription.trial_ends_on.is_some()).then(|| "free trial".to_owned());
        LedgerLine { on: step.from, what: what.into(), detail: free.or(detail), tone, amount: step.price }
    };
    steps.iter().enumerate().map(line).rev().collect()
}

fn differs(before: &PriceStep, after: &PriceStep, manner: &Manner) -> String {
    let (was, is) = (before.price.minor(), after.price.minor());
    let by = manner
        .money(&Money::from_minor(was.abs_diff(is).try_into().unwrap_or(i64::MAX), after.price.currency()));
    match before.price.is_zero() {
        true => "after the trial".into(),
        false if is > was => format!("{by} more"),
        false => format!("{by} less"),
    }
}

fn facts(subscription: &Subscription, today: Date, manner: &Manner) -> Vec<Fact> {
    let fact = |name, value: Option<String>| value.map(|value| Fact { name, value, note: String::new() });
    let price = frame::price(subscription, today);
    let monthly = subscription.cycle.map(|cycle| crate::domain::monthly(price, cycle));
    let yearly = subscription.cycle.map(|cycle| crate::domain::yearly(price, cycle));
    let trial = subscription.trial_ends_on.filter(|_| subscription.status == Status::Trial);
    let renews = if subscription.auto_renew { "by itself" } else { "when you pay" };
    [
        fact("Plan", subscription.plan.as_ref().map(ToString::to_string)),
        fact("A month", monthly.map(|money| manner.money(&money))),
        fact("A year", yearly.map(|money| manner.money(&money))),
        fact("First charge", Some(manner.date(&subscription.first_charge_on))),
        fact("Free until", trial.map(|date| manner.date(&date))),
        fact("Ends", subscription.ends_on.map(|date| manner.date(&date))),
        fact("Renews", subscription.cycle.map(|_| renews.to_owned())),
        fact("Category", Some(subscription.category.label().to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect()
}
