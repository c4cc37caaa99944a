//! One payment: what became of it, what can be said of it, its documents and its history.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::{Actor, Invalid, Money, PaymentId};
use platform::http::{PathOf, Problem, Query, Visitor};
use web::{
    Manner, Notice, Shell, Tab, Tone,
    view::{Control, Field, Step},
};

use super::row::{self, word};
use crate::{
    Tracker,
    domain::{ChangeKind, Notes, Past, PaymentSource, PaymentStatus},
    pages::{
        Known,
        done::Told,
        frame::{self, Frame, render},
    },
    service::Ledgered,
    store::Document,
};

/// A button that says what became of it.
pub(in crate::pages) struct Way {
    path: &'static str,
    verb: &'static str,
    kind: &'static str,
}

/// A file, as the page lists it.
pub(in crate::pages) struct File {
    href: String,
    name: String,
    size: String,
}

#[derive(Template)]
#[template(path = "payment.html")]
pub(in crate::pages) struct PaymentPage {
    shell: Shell,
    page: String,
    back: String,
    name: String,
    title: String,
    what: &'static str,
    tone: Tone,
    amount: Money,
    version: i64,
    facts: Vec<(&'static str, String)>,
    ways: Vec<Way>,
    /// Whether it can become paid, and on which day.
    pay: Option<Field>,
    problems: Vec<web::view::Problem>,
    price: Field,
    paid_on: Option<Field>,
    note: Field,
    files: Vec<File>,
    can_attach: bool,
    history: Vec<Step>,
    can_undo: bool,
    can_remove: bool,
}

/// What was typed into the form that corrects a payment.
#[derive(Debug, Clone, Default)]
pub(in crate::pages) struct Typed {
    pub(in crate::pages) amount: String,
    pub(in crate::pages) paid_on: String,
    pub(in crate::pages) note: String,
}

pub(in crate::pages) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<PaymentId>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let seen = tracker.ledgered(&actor, id).await?;
    let mut page = PaymentPage::new(&frame, &actor, &seen, None, &Invalid::new());
    page.shell.notice = told.notice();
    render(StatusCode::OK, &page)
}

/// The page again, as it is now, with why nothing was done.
pub(in crate::pages) async fn again(
    tracker: &Tracker,
    actor: &Actor,
    id: PaymentId,
    status: StatusCode,
    notice: Option<Notice>,
    typed: Option<(Typed, &Invalid)>,
) -> Result<Response, Problem> {
    let frame = Frame::of(tracker, actor).await?;
    let seen = tracker.ledgered(actor, id).await?;
    let nothing = Invalid::new();
    let (typed, wrong) = typed.map_or((None, &nothing), |(typed, wrong)| (Some(typed), wrong));
    let mut page = PaymentPage::new(&frame, actor, &seen, typed, wrong);
    page.shell.notice = notice;
    render(status, &page)
}

impl PaymentPage {
    pub(in crate::pages) fn new(
        frame: &Frame,
        actor: &Actor,
        seen: &Ledgered,
        typed: Option<Typed>,
        wrong: &Invalid,
    ) -> Self {
        let (manner, entry) = (frame.manner(), &seen.entry);
        let (what, tone) = word(entry.state.status());
        let day = manner.date(&entry.due_on);
        let title = if entry.extra { format!("Extra charge of {day}") } else { format!("Charge of {day}") };
        let typed = typed.unwrap_or_else(|| Typed {
            amount: entry.amount.amount_text(),
            paid_on: entry.state.paid_on().map(|day| day.to_string()).unwrap_or_default(),
            note: entry.note.to_string(),
        });
        let price = Field::amount("amount", format!("Amount in {}", entry.amount.currency()))
            .value(typed.amount)
            .check(wrong, "/amount");
        let paid_on = Field::date("paid_on", "Paid on").value(typed.paid_on).check(wrong, "/paid_on");
        let paid_on = entry.state.paid_on().map(|_| paid_on);
        let note = Field::area("note", "Note")
            .value(typed.note)
            .optional()
            .max_length(u32::try_from(Notes::MAX).unwrap_or(u32::MAX))
            .check(wrong, "/note");
        let asked = [Some(&price), paid_on.as_ref(), Some(&note)];
        let problems = web::view::problems(asked.into_iter().flatten().map(|field| field as &dyn Control));
        let ways = entry.ways();
        let pay = Field::date("paid_on", "Paid on").id("pay-on").value(frame.today.to_string());
        Self {
            shell: frame
                .shell(format!("{}, {day}", seen.subscription.name), Tab::Subscriptions)
                .about("payment", entry.id.to_string()),
            page: row::href(entry.id),
            back: frame::href(entry.subscription),
            name: seen.subscription.name.to_string(),
            title,
            what,
            tone,
            amount: entry.amount,
            version: entry.version,
            facts: facts(seen, &manner),
            pay: ways.contains(&PaymentStatus::Paid).then_some(pay),
            ways: ways.iter().filter_map(|status| way(*status)).collect(),
            problems,
            price,
            paid_on,
            note,
            files: seen.documents.iter().map(|document| file(document, entry.id)).collect(),
            can_attach: i64::try_from(seen.documents.len())
                .is_ok_and(|count| count < crate::domain::MOST_OF_PAYMENT),
            history: history(seen, actor, frame, &manner),
            can_undo: seen.can_undo(),
            can_remove: seen.can_remove(&frame.account.profile.time_zone),
        }
    }
}

const fn way(status: PaymentStatus) -> Option<Way> {
    match status {
        PaymentStatus::Failed => Some(Way { path: "failed", verb: "It failed", kind: "secondary" }),
        PaymentStatus::Skipped => Some(Way { path: "skipped", verb: "Skip it", kind: "secondary" }),
        PaymentStatus::Refunded => Some(Way { path: "refunded", verb: "It was refunded", kind: "secondary" }),
        // Paying asks for a day, and nothing becomes due again but by undoing.
        PaymentStatus::Paid | PaymentStatus::Due => None,
    }
}

fn facts(seen: &Ledgered, manner: &Manner) -> Vec<(&'static str, String)> {
    let entry = &seen.entry;
    let known = match entry.source {
        PaymentSource::Renewal => "its charge date arrived",
        PaymentSource::Manual => "entered by hand",
        PaymentSource::Assumed => "assumed, from before it was tracked",
        PaymentSource::Message => "from your words",
        PaymentSource::Statement => "from a statement",
    };
    let day = if entry.extra { "Day" } else { "Charge date" };
    let paid_on = entry.state.paid_on().map(|on| ("Paid on", manner.date(&on)));
    [Some((day, manner.date(&entry.due_on))), paid_on, Some(("How it is known", known.to_owned()))]
        .into_iter()
        .flatten()
        .collect()
}

fn file(document: &Document, payment: PaymentId) -> File {
    File {
        href: format!("{}/documents/{}", row::href(payment), document.id),
        name: document.name.to_string(),
        size: size(document.size),
    }
}

/// In the unit people know, rounded up.
fn size(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} kB", (bytes + 1023) / 1024),
        _ => format!("{} MB", (bytes + 1_048_575) / 1_048_576),
    }
}

/// The newest first, and how it began at the end.
fn history(seen: &Ledgered, actor: &Actor, frame: &Frame, manner: &Manner) -> Vec<Step> {
    let zone = &frame.account.profile.time_zone;
    let whose = |user| if user == actor.user { "by you" } else { "by another of your household" };
    let became = std::iter::once(seen.entry.memory())
        .chain(seen.changes.iter().map(|past| past.before.clone()))
        .collect::<Vec<_>>();
    let steps = seen.changes.iter().zip(&became).map(|(past, after)| {
        let mut detail = vec![whose(past.by).to_owned()];
        if past.before.amount != after.amount {
            detail.push(format!("it was {}", manner.money(&past.before.amount)));
        }
        Step::new(zone.date_at(past.at), title(past, after.state.status())).detail(detail.join(", "))
    });
    let entered = match seen.entry.recorded_by {
        Some(user) => ("Entered", whose(user)),
        None => ("Recorded", "by itself"),
    };
    let began = Step::new(zone.date_at(seen.entry.recorded_at), entered.0).detail(entered.1);
    steps.chain(std::iter::once(began)).collect()
}

fn title(past: &Past, became: PaymentStatus) -> String {
    let (word, _) = word(became);
    let moved = past.before.state.status() != became;
    match (past.kind, moved) {
        (ChangeKind::Undone, _) => format!("Undone: {} again", word.to_lowercase()),
        (ChangeKind::Confirmed, true) => format!("{word}, as a message or a statement says"),
        (ChangeKind::Confirmed, false) => "Confirmed by a message or a statement".into(),
        (ChangeKind::Changed, true) => format!("Marked as {}", word.to_lowercase()),
        (ChangeKind::Changed, false) => "Corrected".into(),
    }
}
