//! The optional parts of the form, as typed.

use contracts::users::ReminderDays;
use kernel::{Currency, Cycle, CycleText, Invalid, Money};
use serde::Deserialize;

use super::sheet::{date, given};
use crate::domain::{
    LabelKind, ParticularsInput, PriceStep, Schedule, Sorting, Subscription, Term, Usage, Weekend,
};

/// What somebody writes who wants no reminders.
pub(super) const NEVER: &str = "none";
/// The most charges of a promotion.
const MOST_PROMISED: i64 = 999;

/// Its fields. All of them are texts: a form inside a form is read as such.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct More {
    pub(super) price_varies: String,
    /// For how many charges the price holds, and what it costs then.
    pub(super) promo_charges: String,
    pub(super) promo_then: String,
    pub(super) weekend: String,
    pub(super) charges_left: String,
    pub(super) term_length: String,
    pub(super) term_unit: String,
    pub(super) renews_for: String,
    pub(super) renews_unit: String,
    pub(super) notice: String,
    pub(super) notice_unit: String,
    pub(super) term_from: String,
    pub(super) payment_method: String,
    /// Names, with commas between them.
    pub(super) tags: String,
    /// One a line: what it is for, and where it leads.
    pub(super) links: String,
    pub(super) account: String,
    pub(super) usage: String,
    pub(super) replaced_by: String,
    pub(super) reminder_days: String,
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn count(cycle: Option<Cycle>) -> (String, String) {
    let unit = cycle.map_or("month", |cycle| cycle.unit().as_str());
    (text(cycle.map(Cycle::every)), unit.to_owned())
}

/// A number as typed; what is none is out of every range, and is told so.
fn number(text: &str) -> Option<i64> {
    given(text).map(|text| text.parse().unwrap_or(-1))
}

/// A length of time, when one was given.
fn span(every: &str, unit: &str, pointer: &str, invalid: &mut Invalid) -> Option<Cycle> {
    let every = number(every)?;
    CycleText { every, unit: unit.trim().to_owned() }.read(pointer, invalid)
}

impl More {
    /// Those of one that exists.
    pub(super) fn of(subscription: &Subscription, sorting: &Sorting) -> Self {
        let kept = &subscription.particulars;
        let term = subscription.term;
        let (term_length, term_unit) = count(term.map(|term| term.length));
        let (renews_for, renews_unit) = count(term.and_then(|term| term.renews_for));
        let (notice, notice_unit) = count(term.and_then(|term| term.notice));
        let tags = kept.tags.iter().filter_map(|id| sorting.find(LabelKind::Tag, *id));
        let links = kept.links.iter().map(|link| format!("{} {}", link.label, link.url));
        Self {
            price_varies: if subscription.price_varies { "true".into() } else { String::new() },
            weekend: subscription.weekend.as_str().into(),
            charges_left: text(subscription.charges_left),
            term_length,
            term_unit,
            renews_for,
            renews_unit,
            notice,
            notice_unit,
            term_from: text(term.and_then(|term| term.from)),
            payment_method: text(kept.payment_method),
            tags: tags.map(|tag| tag.name.to_string()).collect::<Vec<_>>().join(", "),
            links: links.collect::<Vec<_>>().join("\n"),
            account: text(kept.account.as_ref()),
            usage: kept.usage.map_or("", Usage::as_str).into(),
            replaced_by: text(kept.replaced_by),
            reminder_days: reminders(kept.reminder_days.as_ref()),
            ..Self::default()
        }
    }

    /// The names of the tags, each once.
    pub(super) fn tag_names(&self) -> Vec<String> {
        self.tags.split([',', '\n']).filter_map(given).collect()
    }

    pub(super) fn weekend(&self, invalid: &mut Invalid) -> Option<Weekend> {
        given(&self.weekend).and_then(|word| invalid.check("/weekend", word.parse()))
    }

    pub(super) fn varies(&self) -> bool {
        self.price_varies == "true"
    }

    pub(super) fn charges_left(&self) -> Option<i64> {
        number(&self.charges_left)
    }

    pub(super) fn term(&self, invalid: &mut Invalid) -> Option<Term> {
        let found = invalid.errors().len();
        let length = span(&self.term_length, &self.term_unit, "/term/length", invalid);
        let renews_for = span(&self.renews_for, &self.renews_unit, "/term/renews_for", invalid);
        let notice = span(&self.notice, &self.notice_unit, "/term/notice", invalid);
        let from = date(&self.term_from, "/term/from", invalid);
        let more = renews_for.is_some() || notice.is_some() || from.is_some();
        if length.is_none() && more && invalid.errors().len() == found {
            invalid.add("/term/length", "say how long it is, or leave the rest empty too");
        }
        Some(Term { length: length?, renews_for, notice, from })
    }

    /// The price behind a promotion: from the charge on that is no longer part of it.
    pub(super) fn later_prices(
        &self,
        schedule: Schedule,
        currency: Currency,
        invalid: &mut Invalid,
    ) -> Vec<PriceStep> {
        let (Some(charges), then) = (number(&self.promo_charges), given(&self.promo_then)) else {
            if given(&self.promo_then).is_some() {
                invalid.add("/promo_charges", "say after how many charges");
            }
            return Vec::new();
        };
        let Some(then) = then else {
            invalid.add("/promo_then", "say what it costs then");
            return Vec::new();
        };
        let from = (1..=MOST_PROMISED).contains(&charges).then_some(charges);
        let from = from.and_then(|charges| schedule.charge(u32::try_from(charges).ok()?));
        let price = invalid.check("/promo_then", Money::parse(&then, currency));
        match (from, price) {
            (Some(from), Some(price)) => vec![PriceStep { from, price }],
            (None, _) => {
                invalid.add(
                    "/promo_charges",
                    format!("must be from 1 to {MOST_PROMISED}, and charged again after it"),
                );
                Vec::new()
            }
            (Some(_), None) => Vec::new(),
        }
    }

    /// Everything but the tags, whose names have to be looked up.
    pub(super) fn particulars(&self, invalid: &mut Invalid) -> ParticularsInput {
        let days = |text: String| {
            let days = text.split([',', ' ']).filter(|day| !day.is_empty());
            days.map(|day| day.parse().unwrap_or(-1)).collect()
        };
        ParticularsInput {
            payment_method: Some(
                given(&self.payment_method).and_then(|id| invalid.check("/payment_method_id", id.parse())),
            ),
            tags: None,
            links: Some(self.links.lines().filter_map(given).map(link).collect()),
            account: Some(given(&self.account)),
            usage: Some(given(&self.usage).and_then(|word| invalid.check("/usage", word.parse()))),
            replaced_by: Some(
                given(&self.replaced_by).and_then(|id| invalid.check("/replaced_by", id.parse())),
            ),
            reminder_days: Some(match given(&self.reminder_days) {
                Some(text) if text.eq_ignore_ascii_case(NEVER) => Some(Vec::new()),
                other => other.map(days),
            }),
        }
    }
}

fn reminders(days: Option<&ReminderDays>) -> String {
    match days.map(ReminderDays::days) {
        Some([]) => NEVER.to_owned(),
        Some(days) => days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        None => String::new(),
    }
}

/// A line of the links: its last word leads somewhere, what stands before it says where.
fn link(line: String) -> (String, String) {
    match line.rsplit_once(char::is_whitespace) {
        Some((label, url)) => (label.trim().to_owned(), url.to_owned()),
        None => ("Link".to_owned(), line),
    }
}
