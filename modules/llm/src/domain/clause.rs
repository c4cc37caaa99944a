//! Several subscriptions in a message, told apart.

use super::{
    grammar::{Item, Phrase},
    lexicon,
    phrasebook::Meaning,
    reading::EventKind,
    token::Tokens,
};

/// The phrases that belong to one subscription, in order.
pub(super) type Clause = Vec<Item>;

/// Cuts at line ends and semicolons, and at commas and conjunctions where a new name with its own price, or a
/// second known service, begins.
pub(super) fn split(tokens: &Tokens<'_>, items: Vec<Item>) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut current: Clause = Vec::new();
    if is_receipt(tokens, &items) {
        return vec![items];
    }
    for (chunk, hard) in chunks(tokens, items) {
        if starts_anew(tokens, &current, &chunk, hard) {
            clauses.push(std::mem::take(&mut current));
        }
        current.extend(chunk);
    }
    clauses.push(current);
    clauses
}

/// A receipt of one amount is one clause, on however many lines it stands, and however often it is said.
fn is_receipt(tokens: &Tokens<'_>, items: &[Item]) -> bool {
    let says = |at: usize| matches!(tokens.text(at), "receipt" | "order");
    let named = items.iter().any(|item| is_act(item) && (item.from..item.to).any(says));
    let mut amounts = items.iter().filter_map(Item::money);
    let first = amounts.next();
    named && first.is_some() && amounts.all(|other| Some(other) == first)
}

/// Runs of phrases between separators, each with whether a line ended before it. Separators lead their chunk.
fn chunks(tokens: &Tokens<'_>, items: Vec<Item>) -> Vec<(Clause, bool)> {
    let mut chunks: Vec<(Clause, bool)> = Vec::new();
    let mut chunk = Clause::new();
    let mut hard = false;
    let mut amounts_left = items.iter().filter(|item| is_amount(item)).count();
    for item in items {
        let separator = separator(tokens, &item);
        let unannounced = amounts_left > 0 && begins_unannounced(&chunk, &item);
        if separator.is_some() || unannounced {
            chunks.push((std::mem::take(&mut chunk), hard));
            hard = separator == Some(true);
        }
        amounts_left -= usize::from(is_amount(&item));
        chunk.push(item);
    }
    chunks.push((chunk, hard));
    chunks
}

/// Whether an item separates, and whether it does so for good.
fn separator(tokens: &Tokens<'_>, item: &Item) -> Option<bool> {
    if !matches!(item.phrase, Phrase::Line | Phrase::Symbol | Phrase::Set(_)) {
        return None;
    }
    match tokens.text(item.from) {
        "\n" | ";" | "|" => Some(true),
        "," | "." | "&" | "+" | "!" => Some(false),
        "and" | "aur" | "plus" | "also" | "und" | "y" | "et" | "e" => Some(false),
        _ => None,
    }
}

/// "Netflix 499 Spotify 119": a second known name after a complete first one.
fn begins_unannounced(chunk: &[Item], item: &Item) -> bool {
    is_service(item) && chunk.iter().any(is_service) && chunk.iter().any(is_amount)
}

fn is_amount(item: &Item) -> bool {
    matches!(item.phrase, Phrase::Amount(_))
}

fn is_service(item: &Item) -> bool {
    matches!(item.phrase, Phrase::Service(_))
}

fn is_act(item: &Item) -> bool {
    matches!(item.phrase, Phrase::Set(Meaning::Act(_)))
}

fn is_named(tokens: &Tokens<'_>, items: &[Item]) -> bool {
    items.iter().any(|item| {
        let word = matches!(item.phrase, Phrase::Word | Phrase::Set(Meaning::BoughtOnce));
        is_service(item) || (word && tokens.is_word(item.from))
    })
}

fn starts_anew(tokens: &Tokens<'_>, current: &[Item], chunk: &[Item], hard: bool) -> bool {
    if !is_named(tokens, current) || !is_named(tokens, chunk) || continues(chunk) {
        return false;
    }
    let amounts = (current.iter().any(is_amount), chunk.iter().any(is_amount));
    let both_known = match (service_of(current), service_of(chunk)) {
        (Some(first), Some(second)) => first != second,
        _ => false,
    };
    if both_known && chunk.iter().any(is_act) {
        return true;
    }
    // "dropped one, switched to another": two things happened, each to what is named beside it.
    if let (Some(first), Some(second)) = (lasting_act(current), lasting_act(chunk))
        && first != second
    {
        return true;
    }
    match amounts {
        (true, true) => true,
        (false, false) => (both_known || hard) && !is_heading(tokens, current, chunk),
        (true, false) => both_known && hard,
        (false, true) => (both_known || hard) && !is_heading(tokens, current, chunk),
    }
}

/// The subject of a mail names a service and says what the lines under it are about: "Your Strava membership renews
/// soon". What follows it without another known name, or an act of its own, tells the details.
fn is_heading(tokens: &Tokens<'_>, current: &[Item], chunk: &[Item]) -> bool {
    let says_what = |item: &Item| {
        matches!(
            item.phrase,
            Phrase::Set(
                Meaning::Subscribing
                    | Meaning::Cue(_)
                    | Meaning::Act(
                        EventKind::PaymentRecorded
                            | EventKind::PaymentFailed
                            | EventKind::PaymentRefunded
                            | EventKind::SubscriptionPriceChanged
                    )
            )
        )
    };
    let is_told_of = current.iter().any(says_what) && service_of(current).is_some();
    // "gym 30 monthly" under it is another thing.
    let is_thing = |item: &Item| {
        item.phrase == Phrase::Word && lexicon::category_of(tokens.written(item.from, item.to)).is_some()
    };
    is_told_of && service_of(chunk).is_none() && lasting_act(chunk).is_none() && !chunk.iter().any(is_thing)
}

/// What is said to begin, pause or end in some phrases.
fn lasting_act(items: &[Item]) -> Option<EventKind> {
    items.iter().find_map(|item| match item.phrase {
        Phrase::Set(Meaning::Act(
            kind @ (EventKind::SubscriptionCreated
            | EventKind::SubscriptionCancelled
            | EventKind::SubscriptionPaused
            | EventKind::SubscriptionResumed),
        )) => Some(kind),
        Phrase::Set(_)
        | Phrase::Word
        | Phrase::Symbol
        | Phrase::Line
        | Phrase::Service(_)
        | Phrase::Amount(_)
        | Phrase::Cycle(_)
        | Phrase::Rhythm(..)
        | Phrase::Length(_)
        | Phrase::Trial(_)
        | Phrase::Date(_)
        | Phrase::Aside => None,
    })
}

fn service_of(items: &[Item]) -> Option<&'static str> {
    items.iter().find_map(|item| {
        let Phrase::Service(found) = item.phrase else { return None };
        Some(found.service.slug())
    })
}

/// A chunk that opens with "then" goes on about the one before.
fn continues(chunk: &[Item]) -> bool {
    let mut telling = chunk
        .iter()
        .filter(|item| !matches!(item.phrase, Phrase::Symbol | Phrase::Line | Phrase::Set(Meaning::Filler)));
    telling.next().is_some_and(|item| matches!(item.phrase, Phrase::Set(Meaning::Then)))
}
