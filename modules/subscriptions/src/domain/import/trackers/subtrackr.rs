//! Subtrackr: its export and backup, and the answer of its API, which are the same objects in different wrappings.

use kernel::{Currency, Cycle, Unit};
use serde_json::{Map, Value};

use super::{Fields, category, date, fields, life, price, text, wallos::Given};
use crate::domain::{
    Usage,
    import::{
        amounts::DecimalMark,
        entry::{Entry, Raw},
    },
};

/// Whether an object is one of its subscriptions.
pub(in crate::domain::import) fn is_one(fields: &Fields) -> bool {
    ["name", "cost", "schedule"].iter().all(|name| fields.contains_key(*name))
}

/// One of its subscriptions.
pub(in crate::domain::import) fn entry(line: u32, object: &Map<String, Value>, given: Given) -> Entry {
    let fields = fields(object);
    let mut raw = Raw::new(line, text(&fields, "name"), given.backfill);
    let currency = match text(&fields, "original_currency") {
        "" => given.currency,
        code => code.parse().unwrap_or_else(|_| {
            raw.wrong(format!("currency: “{code}” is none that is known"));
            Currency::EUR
        }),
    };
    price(&mut raw, text(&fields, "cost"), DecimalMark::Point, currency);
    match scheduled(&fields) {
        Some(cycle) => raw.proposal.cycle = Some(cycle),
        None => raw.wrong(format!("schedule: “{}” is none that is known", text(&fields, "schedule"))),
    }
    let status = text(&fields, "status");
    raw.proposal.first_charge_on = date(text(&fields, "start_date"));
    raw.next_charge_on = date(text(&fields, "renewal_date"));
    raw.life = life(status, date(text(&fields, "cancellation_date")));
    if status.eq_ignore_ascii_case("trial") {
        raw.proposal.trial_ends_on = raw.next_charge_on;
        raw.proposal.first_charge_on = raw.next_charge_on;
    }
    raw.proposal.plan = Some(text(&fields, "label").to_owned());
    raw.proposal.url = Some(text(&fields, "url").to_owned());
    raw.proposal.notes = text(&fields, "notes").to_owned();
    let named = object.get("category").and_then(|category| category.get("name")).and_then(Value::as_str);
    category(&mut raw, named.unwrap_or_default());
    raw.pays_with(text(&fields, "payment_method"));
    raw.proposal.particulars.account = Some(Some(text(&fields, "account").to_owned()));
    raw.proposal.particulars.usage = Some(usage(text(&fields, "usage")));
    if text(&fields, "reminder_enabled") == "0" {
        raw.proposal.particulars.reminder_days = Some(Some(Vec::new()));
    }
    raw.check(given.today)
}

fn usage(word: &str) -> Option<Usage> {
    match word.to_lowercase().as_str() {
        "high" => Some(Usage::Often),
        "medium" => Some(Usage::Sometimes),
        "low" => Some(Usage::Rarely),
        "none" => Some(Usage::Never),
        _ => None,
    }
}

fn scheduled(fields: &Fields) -> Option<Cycle> {
    let interval = match text(fields, "schedule_interval") {
        "" | "0" => 1,
        number => number.parse::<i64>().ok()?,
    };
    let (every, unit) = match text(fields, "schedule").to_lowercase().as_str() {
        "daily" => (1, Unit::Day),
        "weekly" => (1, Unit::Week),
        "monthly" => (1, Unit::Month),
        "quarterly" => (3, Unit::Month),
        "annual" | "yearly" => (1, Unit::Year),
        _ => return None,
    };
    Cycle::new(interval.checked_mul(every)?, unit).ok()
}
