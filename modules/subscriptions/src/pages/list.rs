//! Everything that is tracked: a search, the filters, a page of it.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::Cycle;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use platform::http::{Cursor, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Shell, Tab,
    view::{self, Pager, SubscriptionRow},
};

use super::{
    Known,
    brand::brand,
    done::Told,
    frame::{self, Frame, badge, href, render},
};
use crate::{
    domain::Subscription,
    service::{Filter, Found, Place, Wanted},
};

/// How many a page shows.
const LIMIT: usize = 50;
/// How much of a search is looked at: more than any name has.
const WORDS: usize = 200;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) q: String,
    #[serde(default)]
    pub(super) status: String,
    pub(super) cursor: Option<String>,
}

impl Asked {
    /// A status or a cursor that never was given out asks for nothing in particular.
    fn wanted(&self) -> Wanted {
        Wanted {
            filter: Filter {
                words: self.q.chars().take(WORDS).collect(),
                status: self.status.parse().ok(),
                ..Filter::default()
            },
            after: self.cursor.as_deref().and_then(Cursor::decode).map(|Cursor(place)| place),
            ..Wanted::default()
        }
    }
}

#[derive(Template)]
#[template(path = "subscriptions.html")]
pub(super) struct List {
    shell: Shell,
    count: String,
    /// What was searched for.
    words: String,
    /// Which filter a search keeps.
    status: Option<&'static str>,
    filters: Vec<view::Filter>,
    rows: Vec<SubscriptionRow>,
    pager: Pager,
    any: bool,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let wanted = asked.wanted();
    let found = tracker.search(&actor, &wanted, LIMIT).await?;
    render(StatusCode::OK, &List::new(&frame, &wanted, &found, &told))
}

impl List {
    pub(super) fn new(frame: &Frame, wanted: &Wanted, found: &Found, told: &Told) -> Self {
        let mut shell = frame.shell("Subscriptions", Tab::Subscriptions);
        shell.notice = told.notice();
        let total = found.counts.iter().map(|(_, count)| count).sum();
        let address = |status, after| address(&wanted.filter.words, status, after);
        Self {
            shell,
            count: counted(total, &wanted.filter.words),
            words: wanted.filter.words.clone(),
            status: wanted.filter.status.map(Status::as_str),
            filters: filters(wanted, &found.counts, total),
            rows: found.rows.iter().map(|each| row(each, found.today)).collect(),
            pager: Pager {
                first: wanted.after.as_ref().map(|_| address(wanted.filter.status, None)),
                next: found.next.as_ref().map(|place| address(wanted.filter.status, Some(place))),
            },
            any: found.any,
        }
    }
}

fn counted(total: u64, words: &str) -> String {
    match (total, words.trim().is_empty()) {
        (0, true) => String::new(),
        (total, true) => format!("{total} tracked"),
        (1, false) => "1 match".into(),
        (total, false) => format!("{total} matches"),
    }
}

fn filters(wanted: &Wanted, counts: &[(Status, u64)], total: u64) -> Vec<view::Filter> {
    let filter = |text: &str, status, count| view::Filter {
        text: text.into(),
        href: address(&wanted.filter.words, status, None),
        count: Some(count),
        active: wanted.filter.status == status,
    };
    let all = std::iter::once(filter("All", None, total));
    all.chain(counts.iter().map(|(status, count)| filter(badge(*status).label(), Some(*status), *count)))
        .collect()
}

/// The list with a search, a filter and a place in it.
fn address(words: &str, status: Option<Status>, after: Option<&Place>) -> String {
    let words = Some(words.trim()).filter(|words| !words.is_empty());
    let parts = [
        words.map(|words| format!("q={}", utf8_percent_encode(words, NON_ALPHANUMERIC))),
        status.map(|status| format!("status={}", status.as_str())),
        after.map(|place| format!("cursor={}", Cursor(place).encode())),
    ];
    let query: Vec<_> = parts.into_iter().flatten().collect();
    if query.is_empty() { "/subscriptions".into() } else { format!("/subscriptions?{}", query.join("&")) }
}

/// One of them, as lists show it.
pub(super) fn row(subscription: &Subscription, today: Date) -> SubscriptionRow {
    let price = frame::price(subscription, today);
    let cycle = subscription.cycle.filter(|cycle| *cycle != Cycle::MONTHLY);
    SubscriptionRow {
        href: href(subscription.id),
        name: subscription.name.to_string(),
        brand: brand(subscription),
        plan: subscription.plan.as_ref().map(ToString::to_string),
        status: badge(subscription.status),
        price,
        cycle: subscription.cycle,
        monthly: cycle.map(|cycle| crate::domain::monthly(price, cycle)),
        next_charge_on: subscription.next_charge_on(),
        trial_ends_on: subscription.trial_ends_on,
        ends_on: subscription.ends_on,
    }
}
