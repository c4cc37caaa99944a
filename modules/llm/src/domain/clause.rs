//! Several subscriptions in a message, told apart.

use super::{
    grammar::{Item, Phrase},
    phrasebook::Meaning,
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

/// A receipt of one amount is one clause, on however many lines it stands.
fn is_receipt(tokens: &Tokens<'_>, items: &[Item]) -> bool {
    let named =
        items.iter().any(|item| is_act(item) && (item.from..item.to).any(|at| tokens.text(at) == "receipt"));
    named && items.iter().filter(|item| is_amount(item)).count() == 1
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
    match amounts {
        (true, true) => true,
        (false, false) => both_known || hard,
        (true, false) => both_known && hard,
        (false, true) => both_known || hard,
    }
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
