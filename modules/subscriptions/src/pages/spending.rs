//! What was paid: month by month, and by whatever one wants to see it by.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::Money;
use platform::http::{Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab,
    view::{Bar, Column, Columns, Filter, StatTile, permilles},
};

use super::{
    Known,
    frame::{Frame, href, render},
};
use crate::{
    domain::{By, Group, Key, Spending, Sum},
    service::Spendings,
};

/// The spans one can choose: months, and what they are called.
const SPANS: [(usize, &str); 4] = [(3, "3 months"), (12, "12 months"), (36, "3 years"), (120, "10 years")];
/// Most columns that can be told apart on a phone.
const COLUMNS: usize = 36;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    by: String,
    #[serde(default)]
    months: String,
}

/// The pages about figures, as links above each of them.
pub(super) fn rooms(active: &str) -> Vec<Filter> {
    [
        ("Spending", "/figures"),
        ("To come", "/figures/outlook"),
        ("Calendar", "/calendar"),
        ("Budgets", "/budgets"),
    ]
    .map(|(text, href)| Filter { text: text.into(), href: href.into(), count: None, active: href == active })
    .into()
}

#[derive(Template)]
#[template(path = "spending.html")]
pub(super) struct SpendingPage {
    shell: Shell,
    rooms: Vec<Filter>,
    spans: Vec<Filter>,
    by: Vec<Filter>,
    by_label: &'static str,
    tiles: Vec<StatTile>,
    any: bool,
    months: Option<Columns>,
    bars: Vec<Bar>,
    /// Why the groups come to more than the whole.
    overlap: bool,
    rates: Option<String>,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    // What no link of ours asks for is taken for the usual.
    let by = asked.by.parse().ok().filter(|by| *by != By::Month).unwrap_or(By::Category);
    let months =
        SPANS.iter().find(|(months, _)| months.to_string() == asked.months).map_or(12, |(months, _)| *months);
    let spendings = tracker.spendings(&actor, months, &[By::Month, by]).await?;
    render(StatusCode::OK, &SpendingPage::new(&frame, &spendings))
}

fn address(by: By, months: usize) -> String {
    format!("/figures?by={}&months={months}", by.as_str())
}

impl SpendingPage {
    pub(super) fn new(frame: &Frame, spendings: &Spendings) -> Self {
        let manner = frame.manner();
        let count = spendings.months.len();
        let [(_, by_month), (by, groups)] = spendings.by.as_slice() else {
            return Self::empty(frame);
        };
        let filter =
            |text: &str, href: String, active| Filter { text: text.into(), href, count: None, active };
        let spans = SPANS.map(|(months, text)| filter(text, address(*by, months), months == count));
        let others = [By::Category, By::PaymentMethod, By::Tag, By::Subscription];
        Self {
            shell: frame.shell("Spending", Tab::Figures),
            rooms: rooms("/figures"),
            spans: spans.into(),
            by: others.map(|other| filter(other.label(), address(other, count), other == *by)).into(),
            by_label: by.label(),
            tiles: tiles(by_month, count, &manner),
            any: by_month.payments > 0,
            months: (count <= COLUMNS).then(|| columns(by_month, &manner)),
            bars: bars(groups, spendings, &manner),
            overlap: *by == By::Tag,
            rates: spendings.rates_on.map(|on| manner.date(&on)),
        }
    }

    fn empty(frame: &Frame) -> Self {
        Self {
            shell: frame.shell("Spending", Tab::Figures),
            rooms: rooms("/figures"),
            spans: Vec::new(),
            by: Vec::new(),
            by_label: "",
            tiles: Vec::new(),
            any: false,
            months: None,
            bars: Vec::new(),
            overlap: false,
            rates: None,
        }
    }
}

/// What has no rate stands beside the sum, never in it.
pub(super) fn said(sum: &Sum, manner: &Manner) -> String {
    let apart = sum.apart().map(|amount| format!(" + {}", manner.money(&amount))).collect::<String>();
    format!("{}{apart}", manner.money(&sum.home()))
}

fn tiles(spending: &Spending, months: usize, manner: &Manner) -> Vec<StatTile> {
    let home = spending.total.home();
    let mean = home.scaled(1, i128::try_from(months.max(1)).unwrap_or(1));
    let payments = if spending.payments == 1 {
        "1 payment".to_owned()
    } else {
        format!("{} payments", spending.payments)
    };
    let apart: Vec<_> = spending.total.apart().map(|amount| manner.money(&amount)).collect();
    let mut tiles = vec![
        StatTile::new("Paid", manner.money(&home)).note(payments),
        StatTile::new("A month, on average", manner.money(&mean)),
    ];
    if !apart.is_empty() {
        tiles.push(StatTile::new("Without a rate", apart.join(" + ")).note("in none of the sums"));
    }
    tiles
}

fn columns(spending: &Spending, manner: &Manner) -> Columns {
    let amounts: Vec<Money> = spending.groups.iter().map(|group| group.sum.home()).collect();
    let column = |(group, permille): (&Group, i64)| {
        let month = if let Key::Month(month) = group.key { month } else { manner.today() };
        Column {
            label: manner.month_letters(&month),
            name: manner.month(&month),
            href: Some(format!("/calendar?month={}", month.strftime("%Y-%m"))),
            value: said(&group.sum, manner),
            permille,
            active: month == manner.today().first_of_month(),
        }
    };
    let columns = spending.groups.iter().zip(permilles(&amounts)).map(column).collect();
    Columns { label: "What was paid, by month".into(), columns }
}

fn bars(spending: &Spending, spendings: &Spendings, manner: &Manner) -> Vec<Bar> {
    let amounts: Vec<Money> = spending.groups.iter().map(|group| group.sum.home()).collect();
    let bar = |(group, permille): (&Group, i64)| Bar {
        name: spendings.name(group.key),
        href: rows(group.key),
        value: said(&group.sum, manner),
        note: if group.payments == 1 { "1 payment".into() } else { format!("{} payments", group.payments) },
        permille,
    };
    spending.groups.iter().zip(permilles(&amounts)).map(bar).collect()
}

/// Where what a group is made of can be seen.
fn rows(key: Key) -> Option<String> {
    match key {
        Key::Category(category) => Some(format!("/subscriptions?category={category}")),
        Key::PaymentMethod(method) => method.map(|id| format!("/subscriptions?payment_method={id}")),
        Key::Tag(tag) => tag.map(|id| format!("/subscriptions?tag={id}")),
        Key::Subscription(id) => Some(format!("{}#payments", href(id))),
        Key::Month(_) => None,
    }
}
