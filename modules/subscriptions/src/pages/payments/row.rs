//! A payment as lists show it.

use jiff::civil::Date;
use kernel::{Money, PaymentId};
use web::{Manner, Tone};

use crate::domain::{Entry, Payment, PaymentSource, PaymentState, PaymentStatus};

/// Where a payment's page is.
pub(in crate::pages) fn href(id: PaymentId) -> String {
    format!("/payments/{id}")
}

/// A line of the ledger.
#[derive(Debug, Clone)]
pub(in crate::pages) struct PaymentRow {
    pub(in crate::pages) href: String,
    /// Of what; empty where the page says it.
    pub(in crate::pages) name: String,
    pub(in crate::pages) on: Date,
    pub(in crate::pages) what: &'static str,
    pub(in crate::pages) tone: Tone,
    pub(in crate::pages) detail: Option<String>,
    pub(in crate::pages) amount: Money,
    pub(in crate::pages) version: i64,
    /// Whether the money has yet to move: then it can be said here what became of it.
    pub(in crate::pages) open: bool,
}

impl PaymentRow {
    pub(in crate::pages) fn new(entry: &Entry, name: &str, manner: &Manner) -> Self {
        Self { version: entry.version, ..Self::of(&entry.payment, name, manner) }
    }

    /// One that is only shown.
    pub(in crate::pages) fn of(payment: &Payment, name: &str, manner: &Manner) -> Self {
        let (what, tone) = word(payment.state.status());
        Self {
            href: href(payment.id),
            name: name.to_owned(),
            on: payment.due_on,
            what,
            tone,
            detail: detail(payment, manner),
            amount: payment.amount,
            version: 1,
            open: payment.is_open(),
        }
    }
}

/// What became of it, as its badge says it.
pub(in crate::pages) const fn word(status: PaymentStatus) -> (&'static str, Tone) {
    match status {
        PaymentStatus::Due => ("Due", Tone::Careful),
        PaymentStatus::Paid => ("Paid", Tone::Good),
        PaymentStatus::Failed => ("Failed", Tone::Bad),
        PaymentStatus::Skipped => ("Skipped", Tone::Calm),
        PaymentStatus::Refunded => ("Refunded", Tone::Calm),
    }
}

fn detail(payment: &Payment, manner: &Manner) -> Option<String> {
    let moved = payment.state.paid_on().filter(|on| *on != payment.due_on);
    let parts = [
        payment.extra.then(|| "extra".to_owned()),
        payment.expected.then(|| "expected amount".to_owned()),
        moved.map(|on| format!("on {}", manner.date(&on))),
        source(payment).map(str::to_owned),
        late(payment, manner.today()),
        converted(payment, manner),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What a payment of another currency came to, and by which rate.
fn converted(payment: &Payment, manner: &Manner) -> Option<String> {
    let kept = payment.converted.as_ref()?;
    Some(format!("≈ {} at {} of {}", manner.money(&kept.amount), kept.rate, manner.day(&kept.rate_on)))
}

/// How it is known, where that is worth a word.
const fn source(payment: &Payment) -> Option<&'static str> {
    match (payment.source, payment.state) {
        (PaymentSource::Assumed, PaymentState::Paid { .. }) => Some("assumed"),
        (PaymentSource::Message, _) => Some("from your words"),
        (PaymentSource::Statement, _) => Some("from a statement"),
        (PaymentSource::Renewal | PaymentSource::Manual | PaymentSource::Assumed, _) => None,
    }
}

fn late(payment: &Payment, today: Date) -> Option<String> {
    let days = today.duration_since(payment.due_on).as_hours() / 24;
    match payment.state {
        PaymentState::Due if days == 1 => Some("1 day late".into()),
        PaymentState::Due if days > 1 => Some(format!("{days} days late")),
        PaymentState::Due
        | PaymentState::Paid { .. }
        | PaymentState::Failed
        | PaymentState::Skipped
        | PaymentState::Refunded { .. } => None,
    }
}
