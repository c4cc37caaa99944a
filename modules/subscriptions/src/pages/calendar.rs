//! A month, day by day.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use jiff::{ToSpan, civil::Date};
use kernel::SubscriptionId;
use platform::http::{Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab, Tone,
    view::{Brand, Filter},
};

use super::{
    Known, brand,
    frame::{Frame, href, render},
    outlook::month,
    spending::{rooms, said},
    whose,
};
use crate::{
    domain::{CalendarEntry, Happening, PaymentStatus, Subscription},
    service::{Days, Whose},
};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    /// `2026-05`; this month where it is nothing.
    #[serde(default)]
    month: String,
}

/// A day of the grid.
pub(super) struct Cell {
    on: Date,
    /// Whether it belongs to the month beside it.
    outside: bool,
    today: bool,
    entries: Vec<Mark>,
}

/// Something on a day.
pub(super) struct Mark {
    name: String,
    brand: Option<Brand>,
    href: String,
    what: String,
    tone: Tone,
    amount: String,
}

/// The days of a month on a phone: those on which something happens.
pub(super) struct DayOfList {
    on: Date,
    marks: Vec<Mark>,
}

#[derive(Template)]
#[template(path = "calendar.html")]
pub(super) struct CalendarPage {
    shell: Shell,
    rooms: Vec<Filter>,
    /// Whose figures, where several share them.
    views: Vec<Filter>,
    month: String,
    sum: String,
    before: String,
    after: String,
    weekdays: Vec<&'static str>,
    weeks: Vec<Vec<Cell>>,
    days: Vec<DayOfList>,
    left_out: usize,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
    Query(view): Query<whose::Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let first = month(&asked.month).unwrap_or(frame.today.first_of_month());
    let days = tracker.days(&actor, view.whose(), first..=first.last_of_month()).await?;
    let mut page = CalendarPage::new(&frame, first, &days, view.whose());
    if whose::shared(&tracker, &actor).await {
        page.views = whose::views(&address(first), view.whose());
    }
    render(StatusCode::OK, &page)
}

fn address(month: Date) -> String {
    format!("/calendar?month={}", month.strftime("%Y-%m"))
}

impl CalendarPage {
    pub(super) fn new(frame: &Frame, first: Date, days: &Days, whose: Whose) -> Self {
        let manner = frame.manner();
        let mut by_day: HashMap<Date, Vec<&CalendarEntry>> = HashMap::new();
        for entry in &days.calendar.entries {
            by_day.entry(entry.on).or_default().push(entry);
        }
        let marks = |on: Date| -> Vec<Mark> {
            let entries = by_day.get(&on).map(Vec::as_slice).unwrap_or_default();
            entries.iter().map(|entry| mark(entry, &days.tracked.subscriptions, &manner)).collect()
        };
        let mut weeks = Vec::new();
        let mut on = manner.week_start(&first);
        while on <= first.last_of_month() {
            let cell = |day: i64| {
                let on = on.saturating_add(day.days());
                let outside = on.first_of_month() != first;
                let entries = if outside { Vec::new() } else { marks(on) };
                Cell { on, outside, today: on == frame.today, entries }
            };
            weeks.push((0..7).map(cell).collect());
            on = on.saturating_add(7.days());
        }
        let listed = (0..31).map(|day: i64| first.saturating_add(day.days()));
        let listed = listed.filter(|on| on.first_of_month() == first);
        let beside = |month: Date| whose::address(&address(month), whose);
        Self {
            shell: frame.shell("Calendar", Tab::Figures).about("calendar", ""),
            rooms: rooms("/calendar"),
            views: Vec::new(),
            month: manner.month(&first),
            sum: said(&days.calendar.sum, &manner),
            before: beside(first.saturating_sub(1.month())),
            after: beside(first.saturating_add(1.month())),
            weekdays: manner.weekdays(),
            weeks,
            days: listed
                .map(|on| DayOfList { on, marks: marks(on) })
                .filter(|day| !day.marks.is_empty())
                .collect(),
            left_out: days.calendar.left_out,
        }
    }
}

fn mark(entry: &CalendarEntry, known: &HashMap<SubscriptionId, Subscription>, manner: &Manner) -> Mark {
    let (what, tone) = match entry.what {
        Happening::Payment { status, .. } => match status {
            PaymentStatus::Due => ("Due", Tone::Careful),
            PaymentStatus::Paid => ("Paid", Tone::Good),
            PaymentStatus::Failed => ("Failed", Tone::Bad),
            PaymentStatus::Skipped => ("Skipped", Tone::Calm),
            PaymentStatus::Refunded => ("Refunded", Tone::Calm),
        },
        Happening::Charge => ("To come", Tone::Calm),
        Happening::TrialEnds => ("Trial ends", Tone::Careful),
        Happening::CancelBy => ("Cancel by", Tone::Careful),
        Happening::Ends => ("Ends", Tone::Calm),
    };
    Mark {
        brand: known.get(&entry.subscription).and_then(brand::brand),
        name: known.get(&entry.subscription).map(|known| known.name.to_string()).unwrap_or_default(),
        href: match entry.what {
            Happening::Payment { id, .. } => format!("/payments/{id}"),
            Happening::Charge | Happening::TrialEnds | Happening::CancelBy | Happening::Ends => {
                href(entry.subscription)
            }
        },
        what: what.into(),
        tone,
        amount: entry.amount.map(|amount| manner.money(&amount)).unwrap_or_default(),
    }
}
