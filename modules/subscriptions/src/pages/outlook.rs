//! What is to come month by month, and what one might do about it.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use kernel::{Money, SubscriptionId};
use platform::http::{Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab,
    view::{Brand, ChargeDay, ChargeRow, Column, Columns, Filter, StatTile, permilles},
};

use super::{
    Known, brand,
    frame::{Frame, href, render},
    spending::{rooms, said},
    whose,
};
use crate::{
    domain::{Expected, ForecastMonth, NoticeKind, OverlapKind, Rise, Saved, Sum},
    service::{Outlook, Whose},
};

/// How many months ahead.
const MONTHS: usize = 12;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    /// A month to open: `2026-05`.
    #[serde(default)]
    month: String,
}

/// A line about one or two of them.
pub(super) struct Hint {
    name: String,
    brand: Option<Brand>,
    href: String,
    /// What there is to say of it.
    text: String,
    value: String,
}

#[derive(Template)]
#[template(path = "outlook.html")]
pub(super) struct OutlookPage {
    shell: Shell,
    rooms: Vec<Filter>,
    /// Whose figures, where several share them.
    views: Vec<Filter>,
    tiles: Vec<StatTile>,
    months: Columns,
    opened: Option<(String, Vec<ChargeDay>)>,
    left_out: usize,
    notices: Vec<Hint>,
    rises: Vec<Hint>,
    overlaps: Vec<Hint>,
    saved: Vec<Hint>,
    saved_in_all: String,
}

/// The first day of a month that is written as `2026-05`.
pub(super) fn month(text: &str) -> Option<Date> {
    kernel::parse_date(&format!("{text}-01")).ok()
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
    Query(view): Query<whose::Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let opened = month(&asked.month);
    let outlook = tracker.outlook(&actor, view.whose(), MONTHS, opened).await?;
    let mut page = OutlookPage::new(&frame, &outlook, opened, view.whose());
    if whose::shared(&tracker, &actor).await {
        page.views = whose::views("/figures/outlook", view.whose());
    }
    render(StatusCode::OK, &page)
}

struct Names<'a>(&'a Outlook);

impl Names<'_> {
    fn brand(&self, id: SubscriptionId) -> Option<Brand> {
        self.0.tracked.subscriptions.get(&id).and_then(brand::brand)
    }

    fn of(&self, id: SubscriptionId) -> String {
        self.0.tracked.subscriptions.get(&id).map(|known| known.name.to_string()).unwrap_or_default()
    }
}

impl OutlookPage {
    pub(super) fn new(frame: &Frame, outlook: &Outlook, opened: Option<Date>, whose: Whose) -> Self {
        let (manner, names) = (frame.manner(), Names(outlook));
        let hint = |id, text: String, value: String| Hint {
            name: names.of(id),
            brand: names.brand(id),
            href: href(id),
            text,
            value,
        };
        let mut in_all = Sum::nothing(frame.currency);
        outlook.saved.iter().for_each(|saved| in_all.add(saved.amount, saved.at_home));
        let notices = outlook.notices.iter().map(|notice| {
            let (day, near) = (manner.day(&notice.on), manner.relative(&notice.on));
            let text = match notice.kind {
                NoticeKind::Trial => format!("Free until {day}, {near}"),
                NoticeKind::CancelBy => format!("Cancel by {day}, {near}, or it renews for another term"),
            };
            hint(notice.subscription, text, manner.money(&notice.price))
        });
        let overlaps = outlook.overlaps.iter().map(|overlap| {
            let keep = names.of(overlap.keep);
            let text = match overlap.kind {
                OverlapKind::Duplicate => format!("May be the same as {keep}"),
                OverlapKind::Included => format!("Comes with {keep}"),
            };
            let month = overlap.a_month.map(|month| format!("{} a month", manner.money(&month)));
            hint(overlap.spare, text, month.unwrap_or_default())
        });
        let opened = opened.map(|month| (manner.month(&month), days(&outlook.charges, &names, &manner)));
        Self {
            shell: frame.shell("To come", Tab::Figures),
            rooms: rooms("/figures/outlook"),
            tiles: tiles(frame, outlook, &manner),
            views: Vec::new(),
            months: columns(
                &outlook.months,
                opened.is_some().then_some(outlook).and_then(first),
                whose,
                &manner,
            ),
            opened,
            left_out: outlook.left_out,
            notices: notices.collect(),
            rises: outlook
                .rises
                .iter()
                .map(|rise| hint(rise.subscription, rose(rise, &manner), a_year(rise, &manner)))
                .collect(),
            overlaps: overlaps.collect(),
            saved: outlook
                .saved
                .iter()
                .map(|saved| hint(saved.subscription, ended(saved, &manner), manner.money(&saved.amount)))
                .collect(),
            saved_in_all: said(&in_all, &manner),
        }
    }
}

fn first(outlook: &Outlook) -> Option<Date> {
    outlook.charges.first().map(|charge| charge.on.first_of_month())
}

fn days(charges: &[Expected], names: &Names<'_>, manner: &Manner) -> Vec<ChargeDay> {
    let same_day = charges.chunk_by(|one, other| one.on == other.on);
    same_day
        .filter_map(|charges| {
            let rows = charges.iter().map(|charge| row(charge, names, manner)).collect();
            Some(ChargeDay { on: charges.first()?.on, rows })
        })
        .collect()
}

fn row(charge: &Expected, names: &Names<'_>, manner: &Manner) -> ChargeRow {
    let known = names.0.tracked.subscriptions.get(&charge.subscription);
    let foreign = charge.at_home.filter(|at_home| at_home.currency() != charge.amount.currency());
    ChargeRow {
        href: href(charge.subscription),
        name: names.of(charge.subscription),
        brand: names.brand(charge.subscription),
        detail: known.map(|known| manner.cycle(&known.cycle)).unwrap_or_default(),
        amount: charge.amount,
        converted: foreign,
        badge: None,
    }
}

fn tiles(frame: &Frame, outlook: &Outlook, manner: &Manner) -> Vec<StatTile> {
    let mut year = Sum::nothing(frame.currency);
    outlook.months.iter().for_each(|month| year.extend(&month.sum));
    let dearest = outlook.months.iter().max_by_key(|month| month.sum.home().minor());
    let mut tiles = vec![StatTile::new("Next 12 months", said(&year, manner))];
    if let Some(month) = dearest.filter(|month| !month.sum.is_nothing()) {
        let tile = StatTile::new("Dearest month", manner.money(&month.sum.home()));
        tiles.push(tile.note(manner.month(&month.month)));
    }
    tiles
}

fn columns(months: &[ForecastMonth], opened: Option<Date>, whose: Whose, manner: &Manner) -> Columns {
    let amounts: Vec<Money> = months.iter().map(|month| month.sum.home()).collect();
    let column = |(month, permille): (&ForecastMonth, i64)| Column {
        label: manner.month_letters(&month.month),
        name: manner.month(&month.month),
        href: Some(whose::address(
            &format!("/figures/outlook?month={}#charges", month.month.strftime("%Y-%m")),
            whose,
        )),
        value: said(&month.sum, manner),
        permille,
        active: opened == Some(month.month),
    };
    let columns = months.iter().zip(permilles(&amounts)).map(column).collect();
    Columns { label: "What is to come, by month".into(), columns }
}

fn rose(rise: &Rise, manner: &Manner) -> String {
    let (before, after) = (manner.money(&rise.before), manner.money(&rise.after));
    let verb = if rise.from > manner.today() { "rises" } else { "rose" };
    format!("{verb} from {before} to {after} on {}", manner.date(&rise.from))
}

fn a_year(rise: &Rise, manner: &Manner) -> String {
    format!("{} more a year", manner.money(&rise.a_year))
}

fn ended(saved: &Saved, manner: &Manner) -> String {
    let charges =
        if saved.charges == 1 { "1 charge".to_owned() } else { format!("{} charges", saved.charges) };
    format!("not paid since {}, {charges}", manner.date(&saved.since))
}
