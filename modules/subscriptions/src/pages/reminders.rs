//! What will be told, and what was.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use contracts::subscriptions::ReminderKind;
use platform::http::{Cursor, Page, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab, Tone,
    view::{ChargeDay, ChargeRow, Filter, Pager, Step},
};

use super::{
    Known,
    brand::brand_of,
    frame::{Frame, href, render},
};
use crate::{
    domain::{Reminder, ReminderState},
    service::{ReminderPlace, Seek, SeenReminder},
};

/// How many a page shows.
const LIMIT: u16 = 50;
/// How many the page of one subscription shows.
const NEXT: usize = 5;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    cursor: Option<String>,
}

impl Asked {
    /// A state or a cursor that never was given out asks for nothing in particular.
    fn seek(&self) -> Seek {
        let after = self.cursor.as_deref().and_then(Cursor::<ReminderPlace>::decode);
        Seek {
            state: self.state.parse().unwrap_or(ReminderState::Planned),
            from: None,
            to: None,
            after: after.map(|Cursor(place)| place),
        }
    }
}

#[derive(Template)]
#[template(path = "reminders.html")]
pub(super) struct Reminders {
    shell: Shell,
    filters: Vec<Filter>,
    days: Vec<ChargeDay>,
    /// What it means that there are none.
    none: (&'static str, &'static str),
    pager: Pager,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let seek = asked.seek();
    let found = tracker.reminders(&actor, &seek, LIMIT).await?;
    let page = Page::from_rows(found, LIMIT, SeenReminder::place, |row| row);
    render(StatusCode::OK, &Reminders::new(&frame, &seek, &page))
}

impl Reminders {
    pub(super) fn new(frame: &Frame, seek: &Seek, page: &Page<SeenReminder>) -> Self {
        let manner = frame.manner();
        let same_day = page.data.chunk_by(|one, other| one.reminder.on == other.reminder.on);
        let day = |seen: &[SeenReminder]| {
            let rows = seen.iter().map(|each| row(each, &manner)).collect();
            Some(ChargeDay { on: seen.first()?.reminder.on, rows })
        };
        let next = page.next_cursor.as_ref();
        Self {
            shell: frame.shell("Reminders", Tab::Settings).about("reminders", ""),
            filters: ReminderState::ALL.map(|state| filter(state, seek.state)).to_vec(),
            days: same_day.filter_map(day).collect(),
            none: none(seek.state),
            pager: Pager {
                first: seek.after.as_ref().map(|_| address(seek.state)),
                next: next.map(|cursor| format!("{}&cursor={cursor}", address(seek.state))),
            },
        }
    }
}

fn address(state: ReminderState) -> String {
    format!("/reminders?state={}", state.as_str())
}

fn filter(state: ReminderState, now: ReminderState) -> Filter {
    Filter { text: state.label().into(), href: address(state), count: None, active: state == now }
}

const fn none(state: ReminderState) -> (&'static str, &'static str) {
    match state {
        ReminderState::Planned => {
            ("Nothing to be told", "In the next 60 days nothing comes that you wanted to be reminded of.")
        }
        ReminderState::Sent => ("Nothing told yet", "What you have been reminded of is kept here."),
        ReminderState::Dropped => (
            "Nothing left out",
            "A reminder whose day passes before it can be told is kept here, with the reason.",
        ),
    }
}

fn row(seen: &SeenReminder, manner: &Manner) -> ChargeRow {
    let about = said(&seen.reminder, manner);
    let detail = match &seen.reason {
        Some(reason) => format!("{about} · left out: {reason}"),
        None if seen.reminder.kind == ReminderKind::PaymentFailed => format!("{about} · at once"),
        None => format!("{about} · {}", lead(seen.reminder.lead)),
    };
    ChargeRow {
        href: href(seen.subscription),
        name: seen.name.clone(),
        detail,
        amount: seen.reminder.amount,
        converted: None,
        badge: None,
        brand: brand_of(&seen.name),
    }
}

/// What it is about, as a sentence without its subject: `renews on 5 Jun`.
fn said(reminder: &Reminder, manner: &Manner) -> String {
    let words = match reminder.kind {
        ReminderKind::RenewalNear => "renews on",
        ReminderKind::TrialEnds => "free trial ends on",
        ReminderKind::PromotionEnds => "promotion ends on",
        ReminderKind::PriceRises => "costs more from",
        ReminderKind::CancelByNear => "last day to cancel is",
        ReminderKind::PaymentDue => "to be paid by",
        ReminderKind::PaymentOverdue => "was to be paid by",
        ReminderKind::PaymentFailed => "payment failed that was due on",
    };
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    format!(
        "{}{} {}",
        first.map(String::from).unwrap_or_default(),
        letters.as_str(),
        manner.day(&reminder.about_on)
    )
}

/// Why on that day.
fn lead(days: i64) -> String {
    match days {
        0 => "on the day".into(),
        1 => "a day ahead".into(),
        -1 => "a day after".into(),
        ahead @ 2.. => format!("{ahead} days ahead"),
        after => format!("{} days after", after.unsigned_abs()),
    }
}

/// The next of one subscription, as its page shows them.
pub(super) fn steps(planned: &[SeenReminder], manner: &Manner) -> Vec<Step> {
    let step = |seen: &SeenReminder| {
        let reminder = &seen.reminder;
        let detail = format!("{}, {}", manner.relative(&reminder.on), lead(reminder.lead));
        let tone = if reminder.is_urgent() { Tone::Careful } else { Tone::Calm };
        Step::new(reminder.on, said(reminder, manner)).detail(detail).tone(tone)
    };
    planned.iter().take(NEXT).map(step).collect()
}
