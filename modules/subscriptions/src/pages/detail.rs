//! One of them: what it costs, when, and what was paid.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Actor, Cycle, Invalid, Money, SubscriptionId};
use platform::http::{Cursor, Page, PathOf, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab, Tone,
    view::{Brand, Confirm, Field, LedgerLine, Step},
};

use super::{
    Known, brand, confirm,
    done::Told,
    frame::{self, Frame, badge, href, render},
    list,
    payments::row::PaymentRow,
    prices::Planned,
    reminders, sharing,
};
use crate::{
    Tracker,
    domain::{Entry, LabelKind, PaymentState, PriceStep, Sorting, Subscription, Weekend},
    service::SeenReminder,
    store::LedgerPlace,
};

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
    /// Where a payment is entered.
    enter: String,
    version: i64,
    name: String,
    brand: Option<Brand>,
    subtitle: String,
    status: web::view::Status,
    price: Money,
    cycle: Option<Cycle>,
    steps: Vec<Step>,
    /// Why there are no dates, when there are none.
    no_steps: &'static str,
    /// What is told of it next, and why then.
    reminders: Vec<Step>,
    payments: Vec<PaymentRow>,
    paid: String,
    older: Option<String>,
    newest: Option<String>,
    prices: Vec<LedgerLine>,
    facts: Vec<Fact>,
    url: Option<String>,
    /// What they are for, and where they lead.
    links: Vec<(String, String)>,
    /// What took its place: its name and its page.
    successor: Option<(String, String)>,
    /// Where one cancels it, as the catalogue says.
    cancel_at: Option<&'static str>,
    notes: Option<String>,
    /// Where one says who sees, pays and shares it.
    sharing: String,
    plan: Plan,
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
    let before: Option<LedgerPlace> =
        asked.before.as_deref().and_then(Cursor::decode).map(|Cursor(place)| place);
    render(StatusCode::OK, &shown(&tracker, &actor, id, before, &told).await?)
}

async fn shown(
    tracker: &Tracker,
    actor: &Actor,
    id: SubscriptionId,
    before: Option<LedgerPlace>,
    told: &Told,
) -> Result<Detail, Problem> {
    let frame = Frame::of(tracker, actor).await?;
    let (subscription, _) = tracker.read(actor, id).await?;
    let paged = before.is_some();
    let payments = tracker.payments(actor, id, before, PAYMENTS).await?;
    let payments = Page::from_rows(payments, PAYMENTS, LedgerPlace::of, |row| row);
    let known = (&subscription, &tracker.sorting(actor).await?);
    let next = tracker.reminders_of(actor, &subscription).await?;
    let page = Detail::new(&frame, known, &payments, paged, told);
    let mut page = page.reminding(&next, &frame.manner());
    if let Some(successor) = subscription.particulars.replaced_by
        && let Ok((successor, _)) = tracker.read(actor, successor).await
    {
        page.successor = Some((successor.name.to_string(), href(successor.id)));
    }
    let members = tracker.members(actor).await?;
    page.facts.extend(sharing::facts(&subscription, &members, &frame.manner()));
    Ok(page)
}

/// The page with what was typed for a price to come, and what is wrong with it.
pub(super) async fn page(
    tracker: &Tracker,
    actor: &Actor,
    id: SubscriptionId,
    (typed, wrong): &(Planned, Invalid),
) -> Result<Detail, Problem> {
    let mut page = shown(tracker, actor, id, None, &Told::default()).await?;
    page.plan.fields = PlanFields::new(typed, wrong);
    page.plan.open = true;
    Ok(page)
}

/// Prices to come: those that can be taken away, and the fields of another.
pub(super) struct Plan {
    steps: Vec<PriceStep>,
    fields: PlanFields,
    open: bool,
}

struct PlanFields {
    from: Field,
    amount: Field,
    charges: Field,
}

impl PlanFields {
    fn new(typed: &Planned, wrong: &Invalid) -> Self {
        Self {
            from: Field::date("plan_from", "From").value(&*typed.plan_from).check(wrong, "/plan_from"),
            amount: Field::amount("plan_amount", "Price")
                .value(&*typed.plan_amount)
                .check(wrong, "/plan_amount"),
            charges: Field::count("plan_charges", "For so many charges only")
                .optional()
                .value(&*typed.plan_charges)
                .hint("Then as it would have been without it.")
                .check(wrong, "/plan_charges"),
        }
    }
}

impl Detail {
    /// With what is told of it next.
    #[must_use]
    pub(super) fn reminding(self, next: &[SeenReminder], manner: &Manner) -> Self {
        Self { reminders: reminders::steps(next, manner), ..self }
    }

    pub(super) fn new(
        frame: &Frame,
        (subscription, sorting): (&Subscription, &Sorting),
        payments: &Page<Entry>,
        paged: bool,
        told: &Told,
    ) -> Self {
        let (manner, status, page) = (frame.manner(), subscription.status, href(subscription.id));
        let whole = !paged && payments.next_cursor.is_none();
        let mut shell = frame
            .shell(subscription.name.to_string(), Tab::Subscriptions)
            .about("subscription", subscription.id.to_string());
        shell.notice = told.notice();
        Self {
            shell,
            edit: format!("{page}/edit"),
            enter: format!("{page}/payments/new"),
            version: subscription.version,
            name: subscription.name.to_string(),
            brand: brand::brand(subscription),
            subtitle: list::row(subscription, frame.today).outlook(&manner),
            status: badge(status),
            price: frame::price(subscription, frame.today),
            cycle: subscription.cycle,
            steps: steps(subscription, &manner),
            no_steps: no_steps(status),
            reminders: Vec::new(),
            payments: payments.data.iter().map(|entry| PaymentRow::new(entry, "", &manner)).collect(),
            paid: whole.then(|| paid(payments, subscription, &manner)).flatten().unwrap_or_default(),
            older: payments.next_cursor.as_ref().map(|cursor| format!("{page}?before={cursor}#payments")),
            newest: paged.then(|| format!("{page}#payments")),
            prices: prices(subscription, frame.today, &manner),
            facts: facts((subscription, sorting), &manner),
            url: subscription.url.as_ref().map(ToString::to_string),
            links: links(subscription),
            successor: None,
            plan: Plan {
                steps: subscription.planned_prices(frame.today),
                fields: PlanFields::new(&Planned::default(), &Invalid::new()),
                open: false,
            },
            cancel_at: brand::cancel_url(subscription)
                .filter(|at| subscription.url.as_ref().is_none_or(|url| url.as_str() != *at)),
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
        let moves_on = subscription.moves_on(on);
        let moved =
            if moves_on == on { String::new() } else { format!(", taken on {}", manner.weekday(&moves_on)) };
        let other = if before.is_some_and(|before| before != amount) { ", another price" } else { "" };
        let detail = format!("{}{moved}{other}", manner.relative(&on));
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

/// What was paid in all, where every payment is on the page.
fn paid(payments: &Page<Entry>, subscription: &Subscription, manner: &Manner) -> Option<String> {
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

fn links(subscription: &Subscription) -> Vec<(String, String)> {
    let links = subscription.particulars.links.iter();
    links.map(|link| (link.label.to_string(), link.url.to_string())).collect()
}

fn facts((subscription, sorting): (&Subscription, &Sorting), manner: &Manner) -> Vec<Fact> {
    let today = manner.today();
    let fact = |name, value: Option<String>| value.map(|value| Fact { name, value, note: String::new() });
    let price = frame::price(subscription, today);
    let monthly = subscription.cycle.map(|cycle| crate::domain::monthly(price, cycle));
    let yearly = subscription.cycle.map(|cycle| crate::domain::yearly(price, cycle));
    let trial = subscription.trial_ends_on.filter(|_| subscription.status == Status::Trial);
    let kept = &subscription.particulars;
    let bound = subscription.bound(today);
    let list = |texts: Vec<String>| Some(texts.join(", ")).filter(|text| !text.is_empty());
    let tags =
        kept.tags.iter().filter_map(|id| sorting.find(LabelKind::Tag, *id)).map(|tag| tag.name.to_string());
    let method = kept.payment_method.and_then(|id| sorting.find(LabelKind::PaymentMethod, id));
    let weekend = Some(subscription.weekend).filter(|weekend| *weekend != Weekend::Keep);
    let usage = kept.usage.map(|usage| match kept.usage_marked_on {
        Some(on) => format!("{} (said on {})", usage.label(), manner.date(&on)),
        None => usage.label().to_owned(),
    });
    let reminders = kept.reminder_days.as_ref().map(|days| match days.days() {
        [] => "Never".to_owned(),
        days => format!("{} days ahead", days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    });
    let renews = if subscription.auto_renew { "by itself" } else { "when you pay" };
    [
        fact("Plan", subscription.plan.as_ref().map(ToString::to_string)),
        fact("A month", monthly.map(|money| manner.money(&money))),
        fact("A year", yearly.map(|money| manner.money(&money))),
        fact("First charge", Some(manner.date(&subscription.first_charge_on))),
        fact("Free until", trial.map(|date| manner.date(&date))),
        fact("Ends", subscription.ends_on.map(|date| manner.date(&date))),
        fact("Cancel by", bound.and_then(|bound| bound.cancel_by).map(|date| manner.date(&date))),
        fact("Bound until", bound.map(|bound| manner.date(&bound.term_ends_on))),
        fact("Charges to come", subscription.charges_left.map(|left| left.to_string())),
        fact("On weekends", weekend.map(|weekend| weekend.label().to_owned())),
        fact("Price", subscription.price_varies.then(|| "varies; what is shown is expected".to_owned())),
        fact("Renews", subscription.cycle.map(|_| renews.to_owned())),
        fact("Category", Some(sorting.category(subscription.category).to_owned())),
        fact("Tags", list(tags.collect())),
        fact("Paid with", method.map(crate::domain::Label::text)),
        fact("Account", kept.account.as_ref().map(ToString::to_string)),
        fact("Used", usage),
        fact("Reminders", reminders),
    ]
    .into_iter()
    .flatten()
    .collect()
}
