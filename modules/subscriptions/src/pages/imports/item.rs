//! One thing that a file tells of, as the page shows it.

use kernel::{Cycle, CycleText, Invalid, Money};
use web::{Manner, Tone, view::LedgerLine};

use crate::{
    domain::import::{Action, Done, Import, ImportStatus, Item},
    pages::frame,
};

/// Items of one kind, under their heading.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) items: Vec<ItemView>,
    /// How many more there are than are shown.
    pub(super) more: usize,
}

/// An item.
pub(super) struct ItemView {
    pub(super) number: u32,
    /// Whether it can be chosen.
    pub(super) choosable: bool,
    pub(super) chosen: bool,
    pub(super) name: String,
    pub(super) href: Option<String>,
    pub(super) detail: String,
    pub(super) price: Option<Money>,
    pub(super) often: String,
    pub(super) badge: Option<(String, Tone)>,
    pub(super) remarks: Vec<String>,
    pub(super) lines: Vec<LedgerLine>,
    pub(super) lines_text: String,
}

/// How many items of one kind a page shows. The rest is done as it is proposed.
pub(super) const SHOWN: usize = 300;

const KINDS: [(Action, &str, &str); 4] = [
    (Action::Create, "New", "They are added to your subscriptions."),
    (Action::Confirm, "Charges of what you track", "They mark payments as paid; nothing is added."),
    (Action::Duplicate, "Tracked already, it seems", "They are left out unless you choose them."),
    (Action::Error, "Cannot be imported", "Nothing can be made of these."),
];

/// The items of an import under their headings.
pub(super) fn sections(import: &Import, manner: &Manner) -> Vec<Section> {
    KINDS
        .into_iter()
        .filter_map(|(action, title, text)| {
            let all: Vec<&Item> = import.plan.items.iter().filter(|item| item.action == action).collect();
            (!all.is_empty()).then(|| Section {
                title,
                text,
                more: all.len().saturating_sub(SHOWN),
                items: all.into_iter().take(SHOWN).map(|item| ItemView::of(import, item, manner)).collect(),
            })
        })
        .collect()
}

impl ItemView {
    fn of(import: &Import, item: &Item, manner: &Manner) -> Self {
        let done = import.done(item.number);
        let there = |done: &Done| import.status == ImportStatus::Applied || done.kept.is_some();
        let made = done.filter(|done| there(done)).and_then(|done| done.made.subscription());
        let mut remarks = item.remarks.clone();
        remarks.extend(done.and_then(|done| done.kept.clone()));
        Self {
            number: item.number,
            choosable: import.status == ImportStatus::Ready && item.action != Action::Error,
            chosen: item.chosen,
            name: if item.name.trim().is_empty() { "Without a name".into() } else { item.name.clone() },
            href: made.or(item.subscription).map(frame::href),
            detail: detail(item, manner),
            price: item.price,
            often: often(item, manner),
            badge: badge(import, item),
            remarks,
            lines: lines(item),
            lines_text: match item.lines.len() {
                1 => "The line that shows it".into(),
                count => format!("The {count} lines that show it"),
            },
        }
    }
}

fn cycle(text: &CycleText) -> Option<Cycle> {
    text.read("", &mut Invalid::new())
}

fn often(item: &Item, manner: &Manner) -> String {
    match (&item.cycle, item.once) {
        (Some(text), _) => cycle(text).map(|cycle| manner.cycle(&Some(cycle))).unwrap_or_default(),
        (None, true) => manner.cycle(&None),
        (None, false) => String::new(),
    }
}

fn detail(item: &Item, manner: &Manner) -> String {
    let date = item.first_charge_on.map(|date| manner.date(&date));
    let line = format!("line {}", item.line);
    match (item.action, date) {
        (Action::Confirm, Some(date)) => format!("The charge of {date} · {line}"),
        (Action::Duplicate, _) if item.subscription_name.is_some() => {
            format!("Like {} · {line}", item.subscription_name.as_deref().unwrap_or_default())
        }
        (Action::Create | Action::Duplicate, Some(date)) => {
            let sure = item.confidence.map(|sure| format!("{sure}% sure · ")).unwrap_or_default();
            let payments = match item.payments {
                0 => String::new(),
                1 => " · 1 payment".into(),
                count => format!(" · {count} payments"),
            };
            format!("{sure}first charge {date}{payments}")
        }
        (Action::Error | Action::Confirm, _) | (Action::Create | Action::Duplicate, None) => line,
    }
}

fn badge(import: &Import, item: &Item) -> Option<(String, Tone)> {
    let done = import.done(item.number);
    let (text, tone) = match (import.status, done) {
        (ImportStatus::Asking | ImportStatus::Ready, _) => return None,
        (_, None) if item.action == Action::Error => ("Not possible", Tone::Bad),
        (_, None) => ("Left out", Tone::Calm),
        (ImportStatus::Undone, Some(done)) if done.kept.is_some() => ("Kept", Tone::Careful),
        (ImportStatus::Undone, Some(_)) => ("Undone", Tone::Calm),
        (ImportStatus::Applied, Some(done)) if done.made.is_confirmation() => ("Confirmed", Tone::Good),
        (ImportStatus::Applied, Some(_)) => ("Added", Tone::Good),
    };
    Some((text.to_owned(), tone))
}

fn lines(item: &Item) -> Vec<LedgerLine> {
    item.lines
        .iter()
        .map(|line| LedgerLine {
            on: line.booked_on,
            what: format!("Line {}", line.line),
            detail: Some(line.text.clone()),
            tone: Tone::Calm,
            amount: line.amount,
        })
        .collect()
}
