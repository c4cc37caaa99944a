//! What happened, or why nothing did.

use super::{
    super::{
        filter::{not_about, refusal},
        lexicon,
        reading::{EventKind, Refusal, RefusalReason},
        token::Tokens,
    },
    facts::Facts,
    name::Name,
};

/// From the most telling act to the least.
const ORDER: [EventKind; 7] = [
    EventKind::PaymentRefunded,
    EventKind::PaymentFailed,
    EventKind::SubscriptionResumed,
    EventKind::SubscriptionPaused,
    EventKind::SubscriptionCancelled,
    EventKind::SubscriptionPriceChanged,
    EventKind::PaymentRecorded,
];

/// The event a clause tells, and the doubt in thousandths.
pub(super) fn choose(tokens: &Tokens<'_>, facts: &Facts) -> (EventKind, u16) {
    if is_rise(tokens, facts) {
        return (EventKind::SubscriptionPriceChanged, 20);
    }
    let announces = |kind: EventKind| {
        matches!(kind, EventKind::SubscriptionPriceChanged | EventKind::PaymentRecorded)
            && !facts.trials.is_empty()
    };
    let said = ORDER.iter().copied().find(|kind| facts.says(*kind) && is_possible(facts, *kind));
    match said {
        // "paid on the 22nd, 75 a month": a habit, not one payment.
        Some(EventKind::PaymentRecorded) if !facts.cycles.is_empty() && !facts.receipt => {
            (EventKind::SubscriptionCreated, 140)
        }
        // "your trial ends tomorrow, you will be charged 9.99 a month"
        Some(kind) if announces(kind) => (EventKind::SubscriptionCreated, 60),
        Some(kind) => (kind, several(facts)),
        None => (EventKind::SubscriptionCreated, 0),
    }
}

/// A new price needs a price, or nothing else that happened.
fn is_possible(facts: &Facts, kind: EventKind) -> bool {
    kind != EventKind::SubscriptionPriceChanged
        || !facts.amounts.is_empty()
        || facts.acts.iter().all(|act| act.value == kind)
}

/// Acts that contradict each other.
fn several(facts: &Facts) -> u16 {
    let lasting =
        [EventKind::SubscriptionCancelled, EventKind::SubscriptionPaused, EventKind::SubscriptionResumed];
    let said = lasting.iter().filter(|kind| facts.says(**kind)).count();
    if said > 1 { 200 } else { 0 }
}

/// "from 499 to 649", "499 se 649".
fn is_rise(tokens: &Tokens<'_>, facts: &Facts) -> bool {
    let [first, second] = facts.amounts.as_slice() else { return false };
    let (Some(from), Some(to)) = (facts.items.get(first.place), facts.items.get(second.place)) else {
        return false;
    };
    let before = |at: usize| at.checked_sub(1).map_or("", |at| tokens.text(at));
    let english = before(from.from) == "from" && before(to.from) == "to";
    english || (tokens.text(from.to) == "se" && from.to + 1 == to.from)
}

/// Says no to a clause that names no subscription.
pub(super) fn refuse(
    tokens: &Tokens<'_>,
    facts: &Facts,
    event: EventKind,
    name: Option<&Name>,
) -> Option<Refusal> {
    if let Some(refusal) = once(tokens, facts, event, name) {
        return Some(refusal);
    }
    let told = if event == EventKind::SubscriptionCreated {
        tells_creation(facts, name)
    } else {
        tells_act(facts, event, name)
    };
    (!told).then(|| not_about("It does not say what is paid for again and again, or what happened to it."))
}

/// Something bought once, unless it is said to repeat.
fn once(tokens: &Tokens<'_>, facts: &Facts, event: EventKind, name: Option<&Name>) -> Option<Refusal> {
    let may_be = matches!(event, EventKind::SubscriptionCreated | EventKind::PaymentRecorded);
    if !may_be || !facts.cycles.is_empty() || !facts.trials.is_empty() || facts.subscribes {
        return None;
    }
    let known = name.is_some_and(|name| name.service.is_some());
    let unknown_payee = event == EventKind::PaymentRecorded
        && !known
        && !facts.amounts.is_empty()
        && name.is_some_and(|name| lexicon::category_of(&name.text).is_none());
    let place = facts.bought_once.or_else(|| facts.buying_once.filter(|_| !known || facts.bought));
    if let Some(place) = place.filter(|_| facts.buying_once.is_some() || !facts.amounts.is_empty()) {
        let (start, end) = facts.span(tokens, place);
        let words = tokens.source.get(start..end).unwrap_or("");
        return Some(refusal(
            RefusalReason::OneOffPurchase,
            format!("“{words}” reads as something paid for once."),
        ));
    }
    unknown_payee.then(|| {
        refusal(
            RefusalReason::OneOffPurchase,
            "A single payment to somebody who is no known subscription.".to_owned(),
        )
    })
}

fn has_category(name: &Name) -> bool {
    lexicon::category_of(&name.text).is_some()
}

fn tells_creation(facts: &Facts, name: Option<&Name>) -> bool {
    let amount = !facts.amounts.is_empty();
    let marked = facts.amounts.iter().any(|amount| amount.value.marked);
    let cycle = !facts.cycles.is_empty() || !facts.lengths.is_empty();
    let rhythm = cycle || !facts.trials.is_empty();
    let said = facts.says(EventKind::SubscriptionCreated) || facts.subscribes;
    match name {
        None => amount && rhythm,
        Some(name) if name.service.is_some() => amount || rhythm || said || (name.doubt < 30 && !facts.chats),
        Some(name) => {
            let chat = facts.chats && !(cycle && amount) && (!marked || !(rhythm || said));
            !chat
                && ((amount && (marked || rhythm || said || has_category(name)))
                    || (rhythm && (said || has_category(name)))
                    || (said && facts.subscribes && !facts.chats))
        }
    }
}

fn tells_act(facts: &Facts, event: EventKind, name: Option<&Name>) -> bool {
    // "lost the receipt for the tv"
    if facts.receipt && facts.amounts.is_empty() {
        return false;
    }
    let payment =
        matches!(event, EventKind::PaymentFailed | EventKind::PaymentRefunded | EventKind::PaymentRecorded);
    let elsewhere = facts.chats || facts.bought_once.is_some();
    let marked = facts.amounts.iter().any(|amount| amount.value.marked);
    match name {
        Some(name) if name.service.is_some() => true,
        Some(name) => facts.subscribes || (!elsewhere && (has_category(name) || marked || name.doubt <= 60)),
        None => facts.subscribes || (payment && !facts.chats),
    }
}
