//! What is to come and what it costs.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use contracts::subscriptions::Status;
use kernel::{Money, SubscriptionId};
use platform::http::{Problem, Query, Visitor};
use web::{
    Manner, Shell, Tab,
    format::greeting,
    view::{ChargeDay, ChargeRow, Filter, Progress, QuickAdd, StatTile},
};

use super::{
    Known,
    brand::brand,
    done::Told,
    frame::{Frame, badge, href, render},
    payments::row::PaymentRow,
    rates::FRESH_DAYS,
    whose,
};
use crate::{
    domain::{Figures, Payment, Subscription, Totals, TrialEnding, Upcoming},
    service,
};

/// How many payments that wait are shown; how many more there are, the page says.
const OPEN: usize = 5;

/// The sums in a currency that there is no rate for.
pub(super) struct Other {
    name: String,
    per_month: String,
    note: String,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
pub(super) struct Dashboard {
    shell: Shell,
    greeting: String,
    quick: QuickAdd,
    /// Whether anything is tracked.
    any: bool,
    tiles: Vec<StatTile>,
    upcoming: String,
    left_out: usize,
    days: Vec<ChargeDay>,
    trials: Vec<ChargeRow>,
    /// What is due or has failed.
    open: Vec<PaymentRow>,
    open_left_out: usize,
    progress: Progress,
    paid: String,
    to_come: String,
    others: Vec<Other>,
    /// Whose figures, where several share them.
    views: Vec<Filter>,
    /// Which rates the totals were converted by, where any were.
    rates: String,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(told): Query<Told>,
    Query(asked): Query<whose::Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let dashboard = tracker.dashboard(&actor, asked.whose()).await?;
    let mut page = Dashboard::new(&frame, &dashboard, &told);
    if whose::shared(&tracker, &actor).await {
        page.views = whose::views("/dashboard", asked.whose());
    }
    render(StatusCode::OK, &page)
}

type Named = HashMap<SubscriptionId, Subscription>;

impl Dashboard {
    pub(super) fn new(frame: &Frame, seen: &service::Dashboard, told: &Told) -> Self {
        let (manner, figures) = (frame.manner(), &seen.figures);
        let (paid, to_come) = (figures.home.paid_this_month, figures.home.to_come_this_month);
        let whole = paid.checked_add(to_come).unwrap_or(paid);
        let any = !seen.subscriptions.is_empty();
        let mut shell = frame.shell("Dashboard", Tab::Dashboard);
        shell.notice = told.notice();
        Self {
            shell,
            greeting: greeted(frame),
            quick: QuickAdd { autofocus: !any, ..QuickAdd::default() },
            any,
            tiles: tiles(frame, &figures.home, &manner),
            upcoming: upcoming(figures, frame, &manner),
            left_out: figures.upcoming_left_out,
            days: days(&figures.upcoming, &seen.subscriptions, &manner),
            trials: figures
                .trials_ending
                .iter()
                .filter_map(|each| trial(each, &seen.subscriptions, &manner))
                .collect(),
            open: open(seen, &manner),
            open_left_out: seen.open.len().saturating_sub(OPEN),
            progress: Progress::new("Paid of this month's charges", paid, whole),
            paid: manner.money(&paid),
            to_come: manner.money(&to_come),
            others: figures.others.iter().map(|totals| other(totals, &manner)).collect(),
            views: Vec::new(),
            rates: rates(seen, &manner),
        }
    }
}

/// By the first of their names, if they gave any.
fn greeted(frame: &Frame) -> String {
    match frame.account.profile.name.split_whitespace().next() {
        Some(name) => format!("{}, {name}", greeting(frame.time)),
        None => greeting(frame.time).to_owned(),
    }
}

fn tiles(frame: &Frame, home: &Totals, manner: &Manner) -> Vec<StatTile> {
    let tile = |label: &str, money: Money| StatTile::new(label, manner.money(&money));
    vec![
        tile("Per month", home.per_month).href("/subscriptions?status=active"),
        tile("Per year", home.per_year),
        tile("Paid this month", home.paid_this_month).href("/payments?status=paid"),
        tile("Still to come", home.to_come_this_month)
            .href("/payments?status=open")
            .note(format!("until {}", manner.day(&frame.today.last_of_month()))),
    ]
}

/// What the charges ahead come to in the household's own currency, where there is a rate for all of them.
fn upcoming(figures: &Figures, frame: &Frame, manner: &Manner) -> String {
    let home = |charge: &Upcoming| match charge.converted {
        None if charge.amount.currency() == frame.currency => Some(charge.amount),
        converted => converted,
    };
    let mut amounts = figures.upcoming.iter().filter_map(home);
    let sum = amounts.try_fold(Money::zero(frame.currency), Money::checked_add);
    sum.filter(|_| figures.upcoming_left_out == 0).map(|sum| manner.money(&sum)).unwrap_or_default()
}

/// By which rates the totals were converted, and how old they are.
fn rates(seen: &service::Dashboard, manner: &Manner) -> String {
    if !seen.figures.converted {
        return String::new();
    }
    let own = if seen.own_rates { ", and by your own" } else { "" };
    match seen.rates_on {
        Some(day) => {
            let age = manner.today().since(day).map_or(0, |span| span.get_days());
            let old = if age > FRESH_DAYS { format!(", {age} days old") } else { String::new() };
            let day = manner.day(&day);
            format!("Other currencies are converted by the European Central Bank's rates of {day}{old}{own}.")
        }
        None => "Other currencies are converted by the rates that you have set.".to_owned(),
    }
}

fn days(upcoming: &[Upcoming], named: &Named, manner: &Manner) -> Vec<ChargeDay> {
    let same_day = upcoming.chunk_by(|one, other| one.on == other.on);
    same_day
        .filter_map(|charges| {
            let rows: Vec<_> = charges.iter().filter_map(|charge| row(charge, named, manner)).collect();
            let on = charges.first()?.on;
            (!rows.is_empty()).then_some(ChargeDay { on, rows })
        })
        .collect()
}

fn row(charge: &Upcoming, named: &Named, manner: &Manner) -> Option<ChargeRow> {
    let subscription = named.get(&charge.subscription)?;
    let cycle = manner.cycle(&subscription.cycle);
    let detail = match &subscription.plan {
        Some(plan) => format!("{plan} · {cycle}"),
        None => cycle,
    };
    Some(ChargeRow {
        href: href(charge.subscription),
        name: subscription.name.to_string(),
        brand: brand(subscription),
        detail,
        amount: charge.amount,
        converted: charge.converted,
        badge: Some(subscription.status).filter(|status| *status == Status::Trial).map(badge),
    })
}

fn trial(ending: &TrialEnding, named: &Named, manner: &Manner) -> Option<ChargeRow> {
    let subscription = named.get(&ending.subscription)?;
    Some(ChargeRow {
        href: href(ending.subscription),
        name: subscription.name.to_string(),
        brand: brand(subscription),
        detail: format!("Free until {}, then {}", manner.day(&ending.on), manner.cycle(&subscription.cycle)),
        amount: ending.price,
        converted: ending.converted,
        badge: None,
    })
}

fn open(seen: &service::Dashboard, manner: &Manner) -> Vec<PaymentRow> {
    let name = |payment: &Payment| {
        seen.subscriptions.get(&payment.subscription).map_or("", |found| found.name.as_str())
    };
    seen.open.iter().take(OPEN).map(|payment| PaymentRow::of(payment, name(payment), manner)).collect()
}

fn other(totals: &Totals, manner: &Manner) -> Other {
    let (paid, to_come) = (totals.paid_this_month, totals.to_come_this_month);
    let said =
        |money: Money, words: &str| (!money.is_zero()).then(|| format!("{} {words}", manner.money(&money)));
    let this_month: Vec<_> = [said(paid, "paid"), said(to_come, "to come")].into_iter().flatten().collect();
    Other {
        name: totals.per_month.currency().name().to_owned(),
        per_month: format!("{} a month", manner.money(&totals.per_month)),
        note: this_month.join(", "),
    }
}
