//! What was paid: month by month, and by whatever one wants to see it by.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::Money;
use platform::http::{Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab,
    view::{Bar, ChargeDay, ChargeRow, Column, Columns, Filter, StatTile, permilles},
};

use super::{
    Known, brand,
    frame::{Frame, render},
    payments, whose,
};
use crate::{
    domain::{By, Group, Key, Spending, Sum},
    service::{Spendings, SpentRow, Whose},
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
    /// The group to open.
    key: Option<String>,
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
    /// Whose figures, where several share them.
    views: Vec<Filter>,
    by_label: &'static str,
    tiles: Vec<StatTile>,
    any: bool,
    months: Option<Columns>,
    bars: Vec<Bar>,
    opened: Option<Opened>,
    /// Why the groups come to more than the whole.
    overlap: bool,
    rates: Option<String>,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
    Query(view): Query<whose::Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    // What no link of ours asks for is taken for the usual.
    let by = asked.by.parse().ok().filter(|by| *by != By::Month).unwrap_or(By::Category);
    let months =
        SPANS.iter().find(|(months, _)| months.to_string() == asked.months).map_or(12, |(months, _)| *months);
    let spendings =
        tracker.spendings(&actor, view.whose(), months, &[By::Month, by], asked.key.as_deref()).await?;
    let shared = whose::shared(&tracker, &actor).await;
    render(
        StatusCode::OK,
        &SpendingPage::new(&frame, &spendings, shared.then(|| view.whose()), asked.key.as_deref()),
    )
}

fn address(by: By, months: usize, whose: Whose) -> String {
    whose::address(&format!("/figures?by={}&months={months}", by.as_str()), whose)
}

impl SpendingPage {
    /// `shared` says whose figures they are, where several share the household.
    pub(super) fn new(
        frame: &Frame,
        spendings: &Spendings,
        shared: Option<Whose>,
        opened: Option<&str>,
    ) -> Self {
        let whose = shared.unwrap_or_default();
        let manner = frame.manner();
        let count = spendings.months.len();
        let [(_, by_month), (by, groups)] = spendings.by.as_slice() else {
            return Self::empty(frame);
        };
        let filter =
            |text: &str, href: String, active| Filter { text: text.into(), href, count: None, active };
        let spans = SPANS.map(|(months, text)| filter(text, address(*by, months, whose), months == count));
        let mut others = vec![By::Category, By::PaymentMethod, By::Tag, By::Subscription];
        if shared == Some(Whose::Ours) {
            others.push(By::Member);
        }
        let others = others.into_iter();
        Self {
            shell: frame.shell("Spending", Tab::Figures),
            rooms: rooms("/figures"),
            spans: spans.into(),
            by: others
                .map(|other| filter(other.label(), address(other, count, whose), other == *by))
                .collect(),
            views: shared
                .map(|whose| whose::views(&address(*by, count, Whose::Ours), whose))
                .unwrap_or_default(),
            by_label: by.label(),
            tiles: tiles(by_month, count, &manner),
            any: by_month.payments > 0,
            months: (count <= COLUMNS).then(|| columns(by_month, whose, &manner)),
            bars: bars(groups, spendings, &|key| opens(*by, count, whose, key), &manner),
            opened: opened.and_then(|word| Opened::new(groups, spendings, word, &manner)),
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
            views: Vec::new(),
            by_label: "",
            tiles: Vec::new(),
            any: false,
            months: None,
            bars: Vec::new(),
            opened: None,
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

fn columns(spending: &Spending, whose: Whose, manner: &Manner) -> Columns {
    let amounts: Vec<Money> = spending.groups.iter().map(|group| group.sum.home()).collect();
    let column = |(group, permille): (&Group, i64)| {
        let month = if let Key::Month(month) = group.key { month } else { manner.today() };
        Column {
            label: manner.month_letters(&month),
            name: manner.month(&month),
            href: Some(whose::address(&format!("/calendar?month={}", month.strftime("%Y-%m")), whose)),
            value: said(&group.sum, manner),
            permille,
            active: month == manner.today().first_of_month(),
        }
    };
    let columns = spending.groups.iter().zip(permilles(&amounts)).map(column).collect();
    Columns { label: "What was paid, by month".into(), columns }
}

fn bars(
    spending: &Spending,
    spendings: &Spendings,
    opens: &impl Fn(Key) -> String,
    manner: &Manner,
) -> Vec<Bar> {
    let amounts: Vec<Money> = spending.groups.iter().map(|group| group.sum.home()).collect();
    let bar = |(group, permille): (&Group, i64)| Bar {
        name: spendings.name(group.key),
        href: Some(opens(group.key)),
        value: said(&group.sum, manner),
        note: if group.payments == 1 { "1 payment".into() } else { format!("{} payments", group.payments) },
        permille,
    };
    spending.groups.iter().zip(permilles(&amounts)).map(bar).collect()
}

/// What a group is called in addresses.
fn word(key: Key) -> String {
    key.word().unwrap_or_else(|| "none".to_owned())
}

/// Where the payments that make up a group can be seen.
fn opens(by: By, months: usize, whose: Whose, key: Key) -> String {
    format!("{}&key={}#rows", address(by, months, whose), word(key))
}

/// A group with the payments that make it up.
struct Opened {
    name: String,
    sum: String,
    days: Vec<ChargeDay>,
    left_out: usize,
}

impl Opened {
    fn new(spending: &Spending, spendings: &Spendings, asked: &str, manner: &Manner) -> Option<Self> {
        let group = spending.groups.iter().find(|group| word(group.key) == asked)?;
        let row = |row: &SpentRow| {
            let known = spendings.tracked.subscriptions.get(&row.spent.subscription);
            let foreign = row.spent.at_home.filter(|home| home.currency() != row.spent.amount.currency());
            ChargeRow {
                href: payments::row::href(row.payment),
                name: known.map(|known| known.name.to_string()).unwrap_or_default(),
                brand: known.and_then(brand::brand),
                detail: known.map(|known| manner.cycle(&known.cycle)).unwrap_or_default(),
                amount: row.spent.amount,
                converted: foreign,
                badge: None,
            }
        };
        let days = spendings.rows.chunk_by(|one, other| one.on == other.on).filter_map(|rows| {
            Some(ChargeDay { on: rows.first()?.on, rows: rows.iter().map(row).collect() })
        });
        Some(Self {
            name: spendings.name(group.key),
            sum: said(&group.sum, manner),
            days: days.collect(),
            left_out: spendings.left_out,
        })
    }
}
