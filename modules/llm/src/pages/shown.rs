//! A reading as chips: what was found, what is taken for granted, what is missing.

use web::{
    Manner, format,
    view::{Found, Reading, Standing},
};

use crate::{
    answer::{Answer, AnswerStatus, ReadingBody},
    service::after,
};

/// How words were understood, and what will come of them.
pub(super) fn answer(answer: &Answer, manner: &Manner) -> Vec<Reading> {
    match (&answer.refusal, answer.status) {
        (Some(refusal), _) => vec![refused(&refusal.reason, &refusal.detail)],
        (
            None,
            AnswerStatus::Applied
            | AnswerStatus::NeedsConfirmation
            | AnswerStatus::Refused
            | AnswerStatus::Processing,
        ) => answer.readings.iter().map(|each| reading(each, manner)).collect(),
    }
}

fn refused(reason: &str, detail: &str) -> Reading {
    let advice = match reason {
        "one_off_purchase" => "If it comes again, say how often: “monthly”, “every year”.",
        "empty" | "too_long" => "A name, a price and how often it is paid are enough.",
        "one_time_code" | "instruction" | "spam" => "Nothing in it was kept.",
        _ => "Say what you pay for, how much and how often, such as “Netflix ₹499 monthly”.",
    };
    Reading::new(Standing::Refused, detail).note(advice)
}

/// One reading. What was not asked about is done when the words are sent.
pub(super) fn reading(body: &ReadingBody, manner: &Manner) -> Reading {
    let standing = if body.question.is_some() { Standing::Unsure } else { Standing::Ready };
    let mut shown = Reading::new(standing, lead(body));
    shown = facts(shown, body, manner);
    shown = dates(shown, body, manner);
    for missing in &body.missing {
        let (found, question) = asked(missing);
        shown = shown.missing(found, question);
    }
    if let Some(category) = &body.category {
        shown = shown.assumed(Found::Category, category_label(category));
    }
    shown
}

/// What will be done, or what has to be known first.
fn lead(body: &ReadingBody) -> String {
    let name = body.name.as_deref().unwrap_or("a subscription");
    match (&body.question, body.missing.len()) {
        (Some(_), 2..) => format!("{} things are missing", body.missing.len()),
        (Some(question), _) => question.clone(),
        (None, _) => match body.event.as_str() {
            "subscription.created" => "Adds a subscription".into(),
            "subscription.cancelled" => format!("Cancels {name}"),
            "subscription.paused" => format!("Pauses {name}"),
            "subscription.resumed" => format!("Resumes {name}"),
            "subscription.price_changed" => format!("Changes the price of {name}"),
            "payment.failed" => format!("Notes that a payment of {name} failed"),
            "payment.refunded" => format!("Notes that a payment of {name} came back"),
            _ => format!("Notes that {name} was paid"),
        },
    }
}

fn facts(mut shown: Reading, body: &ReadingBody, manner: &Manner) -> Reading {
    if let Some(name) = &body.name {
        let plan = body.plan.as_ref().map(|plan| format!("{name} · {plan}"));
        shown = shown.read(Found::Name, plan.unwrap_or_else(|| name.clone()));
    }
    if let Some(promotion) = &body.promotion {
        let (price, lasts) = (manner.money(&promotion.price), promotion.lasts);
        let unit = if lasts.every() == 1 { lasts.unit().to_string() } else { format!("{}s", lasts.unit()) };
        shown = shown.read(Found::Price, format!("{price} for {} {unit}", lasts.every()));
    }
    if let Some(price) = &body.price {
        let then = if body.promotion.is_some() { "then " } else { "" };
        shown = shown.read(Found::Price, format!("{then}{}", manner.money(price)));
    }
    match body.cycle {
        Some(cycle) => shown.read(Found::Cycle, format::cycle(cycle)),
        None => shown,
    }
}

fn dates(mut shown: Reading, body: &ReadingBody, manner: &Manner) -> Reading {
    if let Some(date) = &body.trial_ends_on {
        shown = shown.read(Found::Trial, format!("free until {}", manner.date(date)));
    }
    if let Some(date) = &body.effective_on {
        let cancelled = body.event == "subscription.cancelled";
        let (found, word) = if cancelled { (Found::End, "until") } else { (Found::Next, "from") };
        shown = shown.read(found, format!("{word} {}", manner.date(date)));
    }
    match (body.first_charge_on, body.next_charge_on) {
        (_, Some(next)) => shown.read(Found::Next, format!("next on {}", manner.date(&next))),
        (Some(first), None) if first <= manner.today() => {
            shown.read(Found::Next, format!("since {}", manner.date(&first)))
        }
        (Some(first), None) => shown.read(Found::Next, format!("first on {}", manner.date(&first))),
        (None, None) => from_today(shown, body, manner),
    }
}

/// Where no date was said, today's charge is the first.
fn from_today(shown: Reading, body: &ReadingBody, manner: &Manner) -> Reading {
    let begins_today = body.event == "subscription.created" && body.trial_ends_on.is_none();
    match body.cycle.filter(|_| begins_today).and_then(|cycle| after(manner.today(), cycle)) {
        Some(next) => shown.assumed(Found::Next, format!("from today, then {}", manner.date(&next))),
        None => shown,
    }
}

fn asked(missing: &str) -> (Found, &'static str) {
    match missing {
        "name" => (Found::Name, "What is it?"),
        "price" => (Found::Price, "How much?"),
        "cycle" => (Found::Cycle, "How often?"),
        "plan" => (Found::Name, "Which plan?"),
        "promotion" => (Found::Price, "For how long?"),
        "trial_ends_on" => (Found::Trial, "Until when?"),
        "first_charge_on" | "next_charge_on" | "effective_on" => (Found::Next, "From when?"),
        _ => (Found::Name, "What happened?"),
    }
}

/// A slug with a capital: `entertainment` is `Entertainment`.
pub(super) fn category_label(slug: &str) -> String {
    let mut letters = slug.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
