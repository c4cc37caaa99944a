//! Who got the money: the words behind the preposition that most tells so, or a service that is known by name.

mod behind;
mod stops;

use std::sync::LazyLock;

use super::{
    super::{
        fold::visible,
        grammar::Phrase,
        lexicon::{self, Service},
        phrasebook::Book,
        token::Kind,
    },
    Direction, Parts,
    words::{CUES, Sense},
};
use behind::{
    addressed, beside_the_amount, handle_anywhere, narrated, of_an_address, on_a_line, without_reference,
};
use stops::{is_title, stops};

static BEFORE: LazyLock<Book<u8>> = LazyLock::new(|| Book::new(CUES));

/// How telling a word is that says where somebody bought something. A shop may have a number behind its name.
const AT: u8 = 8;
/// How telling it is that somebody was credited.
const CREDITED: i32 = 7;
/// How telling a narration is.
const NARRATED: i32 = 7;
/// Longer than any payee.
const MOST_CHARS: usize = 60;
/// The most words of a payee.
const MOST_WORDS: usize = 5;

/// Whoever got the money, at tokens `from..to`.
#[derive(Debug, Clone)]
pub(super) struct Payee {
    pub(super) name: String,
    pub(super) service: Option<&'static Service>,
    pub(super) from: usize,
    pub(super) to: usize,
    /// In thousandths.
    pub(super) doubt: u16,
}

pub(super) fn find(parts: &Parts<'_, '_>, direction: Direction) -> Option<Payee> {
    let mut best: Option<(i32, Payee)> = None;
    for at in 0..parts.tokens.len() {
        let Some((telling, begins)) = BEFORE.at(parts.tokens, at).or_else(|| at_sign(parts, at)) else {
            continue;
        };
        // Whoever is billed pays.
        if at > 0 && matches!(parts.tokens.text(at - 1), "billed" | "bill" | "invoiced") {
            continue;
        }
        // "From: KHALID OMAR" names a field.
        let begins = begins + usize::from(parts.tokens.text(begins) == ":");
        let Some(to) = run(parts, begins) else { continue };
        // Money comes from one's own account unless it is a charge, a refund or a mandate that comes from somebody.
        let Some(payee) = payee(parts, begins, to, telling == AT) else { continue };
        // "a" is a word before names in Romance languages, and before things in English.
        if matches!(parts.tokens.text(at), "a" | "an") && begins == at + 1 && !parts.tokens.capital(begins) {
            continue;
        }
        let from_whom = parts.tokens.text(at) == "from" && payee.service.is_none();
        if from_whom && !matches!(direction, Direction::Credit | Direction::Refund) {
            continue;
        }
        let score = i32::from(telling) + if payee.service.is_some() { 20 } else { 0 };
        if best.as_ref().is_none_or(|(other, _)| score > *other) {
            best = Some((score, payee));
        }
    }
    if best.as_ref().is_none_or(|(score, _)| *score < NARRATED)
        && let Some(payee) = narrated(parts)
    {
        best = Some((NARRATED, payee));
    }
    // "…; HARI STORES credited": what left one account came to another.
    if direction == Direction::Debit
        && best.as_ref().is_none_or(|(score, _)| *score < CREDITED)
        && let Some(payee) = before(parts, |at| parts.tokens.text(at) == "credited")
    {
        best = Some((CREDITED, payee));
    }
    if best.is_none() {
        let payee = giver(parts, direction).or_else(|| beside_the_amount(parts));
        best = payee.or_else(|| on_a_line(parts)).map(|payee| (0, payee));
    }
    // A service that is named anywhere else; whoever opens the message speaks, and is not paid.
    let named = || {
        let services = parts.items.iter().filter_map(|item| {
            if let Phrase::Service(found) = item.phrase { Some((item, found)) } else { None }
        });
        // "Airtel Payments Bank" and "FASTag wallet" are where the money is kept.
        let is_bank = |to: usize| {
            parts.tokens.text(to) == "wallet" || (to..to + 2).any(|at| parts.tokens.text(at) == "bank")
        };
        let services = services.filter(|(item, _)| !is_bank(item.to));
        let (speaking, spoken_of): (Vec<_>, Vec<_>) =
            services.partition(|(item, _)| speaks(parts, item.from, item.to));
        // "to continue" is nobody: then whoever speaks was to be paid.
        let nobody = best.as_ref().is_none_or(|(_, payee)| !parts.tokens.capital(payee.from));
        let speaker = speaking.first().filter(|_| nobody);
        spoken_of.first().or(speaker).map(|(item, found)| Payee {
            name: found.service.name().to_owned(),
            service: Some(found.service),
            from: item.from,
            to: item.to,
            doubt: 60 + 60 * u16::from(found.mistakes),
        })
    };
    match &best {
        Some((_, payee)) if payee.service.is_some() => Some(payee.clone()),
        Some((_, payee)) => named().or_else(|| Some(payee.clone())),
        None => named().or_else(|| handle_anywhere(parts)),
    }
}

/// "@ SHOPRITE", "@SHOPRITE": the sign for "at", which is none inside of an address.
fn at_sign(parts: &Parts<'_, '_>, at: usize) -> Option<(u8, usize)> {
    (parts.tokens.text(at) == "@" && !parts.tokens.glued(at)).then_some((AT, at + 1))
}

/// Whoever stands as a name before the word that says what they did: "Sophie Turner sent you", "Hulu issued", "PureGym
/// took".
fn giver(parts: &Parts<'_, '_>, direction: Direction) -> Option<Payee> {
    before(parts, |at| {
        let tokens = parts.tokens;
        let gives = matches!(tokens.text(at), "paid" | "sent" | "transferred");
        let told = gives && (tokens.text(at + 1) == "you" || direction == Direction::Credit);
        let sets_up = tokens.text(at) == "set" && tokens.text(at + 1) == "up";
        let takes =
            direction == Direction::Debit && matches!(tokens.text(at), "took" | "takes" | "collected");
        told || sets_up || takes || matches!(tokens.text(at), "issued" | "refunded" | "reversed")
    })
}

/// The name right before the first word of a kind that has one.
fn before(parts: &Parts<'_, '_>, is_act: impl Fn(usize) -> bool) -> Option<Payee> {
    let tokens = parts.tokens;
    (1..tokens.len()).filter(|at| is_act(*at)).find_map(|act| {
        let mut from = act;
        while from > 0
            && act - from < MOST_WORDS
            && tokens.is_word(from - 1)
            && tokens.capital(from - 1)
            && !stops(tokens.text(from - 1))
        {
            from -= 1;
        }
        let is_name = from < act && !is_an_account(parts, from, act);
        if is_name { payee(parts, from, act, true) } else { None }
    })
}

/// Whether what stands at these tokens is whoever wrote the message: "Revolut: …", "… -SBI".
fn speaks(parts: &Parts<'_, '_>, from: usize, to: usize) -> bool {
    let opens = from == 0 && matches!(parts.tokens.text(to), ":" | "-");
    let closes = to == parts.tokens.len() && from > 0 && matches!(parts.tokens.text(from - 1), "-" | "\n");
    opens || closes
}

/// The token after the words of a payee that begins at one, where there is one.
fn run(parts: &Parts<'_, '_>, from: usize) -> Option<usize> {
    let tokens = parts.tokens;
    let mut to = from;
    let mut words = 0;
    while to < tokens.len() && words < MOST_WORDS {
        let glued = to > from && tokens.glued(to);
        // "Acc: …" begins something else.
        if to > from && tokens.text(to + 1) == ":" && names_a_field(parts, to) {
            break;
        }
        match tokens.kind(to) {
            Some(Kind::Word) if stops(tokens.text(to)) && !glued && !is_inside_a_name(parts, to) => break,
            Some(Kind::Word) => words += 1,
            Some(Kind::Number)
                if to > from && (glued || tokens.text(to).len() <= 4) && !begins_other(parts, to) => {}
            Some(Kind::Symbol)
                if joins(tokens.text(to)) && to > from && tokens.glued(to) && tokens.glued(to + 1) => {}
            Some(Kind::Symbol) if matches!(tokens.text(to), "&" | "+") && to > from => {}
            Some(Kind::Symbol) if tokens.text(to) == "." && to > from && is_title(tokens.text(to - 1)) => {}
            _ => break,
        }
        if begins_other(parts, to) {
            break;
        }
        to += 1;
    }
    (words > 0 && !is_an_account(parts, from, to)).then_some(to)
}

/// The "A" of "Pret A Manger": a small word with a capital between others that have one too.
fn is_inside_a_name(parts: &Parts<'_, '_>, at: usize) -> bool {
    let tokens = parts.tokens;
    let is_titled = |at: usize| tokens.is_word(at) && tokens.capital(at) && !is_shouted(parts, at);
    at.checked_sub(1).is_some_and(is_titled)
        && is_titled(at)
        && is_titled(at + 1)
        && tokens.text(at).len() <= 2
        && !stops(tokens.text(at + 1))
}

fn joins(sign: &str) -> bool {
    matches!(sign, "." | "*" | "-" | "&" | "/" | "_" | "@" | "'")
}

/// Without the words around a name in capitals that are not: "servicio CFE por".
fn without_small_words(parts: &Parts<'_, '_>, from: usize, to: usize) -> (usize, usize) {
    let tokens = parts.tokens;
    let is_small = |at: usize| tokens.is_word(at) && !tokens.capital(at);
    let Some(first) = (from..to).find(|at| is_shouted(parts, *at)) else { return (from, to) };
    let last = (from..to).rev().find(|at| is_shouted(parts, *at)).unwrap_or(first);
    let begins = if (from..first).all(is_small) { first } else { from };
    let ends = if (last + 1..to).all(is_small) { last + 1 } else { to };
    (begins, ends)
}

/// "Acc:", "Date:"; in "from EMPRESA X: R$ 50" the colon ends a name.
fn names_a_field(parts: &Parts<'_, '_>, at: usize) -> bool {
    let told = parts.words.iter().any(|word| (word.from..word.to).contains(&at));
    let named = matches!(
        parts.tokens.text(at),
        "date" | "dt" | "amt" | "amount" | "desc" | "ref" | "purpose" | "reason" | "info" | "time" | "acc"
    );
    told || named
}

/// A word of capitals alone, which is how many banks write names.
fn is_shouted(parts: &Parts<'_, '_>, at: usize) -> bool {
    let written = parts.tokens.written(at, at + 1);
    let capitals = written.chars().filter(|c| c.is_uppercase()).count();
    parts.tokens.is_word(at) && capitals > 1 && !written.chars().any(char::is_lowercase)
}

/// An amount or a date ends a payee.
fn begins_other(parts: &Parts<'_, '_>, at: usize) -> bool {
    parts.items.iter().any(|item| {
        let other = matches!(item.phrase, Phrase::Date(_) | Phrase::Aside)
            || matches!(item.phrase, Phrase::Amount(amount) if amount.marked);
        item.from == at && other
    })
}

/// "to your account", "from HDFC Bank": where money is kept, not to whom it goes.
fn is_an_account(parts: &Parts<'_, '_>, from: usize, to: usize) -> bool {
    let bank = (from..to)
        .any(|at| matches!(parts.tokens.text(at), "bank" | "banka" | "banco" | "banque" | "bankasi"));
    let account = parts.words.iter().any(|word| {
        matches!(word.sense, Sense::Account | Sense::Holds) && word.from >= from && word.to <= to
    });
    bank || account
}

fn payee(parts: &Parts<'_, '_>, from: usize, to: usize, is_shop: bool) -> Option<Payee> {
    let tokens = parts.tokens;
    let to = if is_shop { to } else { without_reference(parts, from, to) };
    let handle = (from..to).find(|at| tokens.text(*at) == "@");
    if let Some(payee) = handle.and_then(|handle| addressed(parts, from, handle)) {
        return Some(payee);
    }
    let to = handle.unwrap_or(to);
    let known = (from..to).find_map(|at| {
        // In "TOAST BOX" an everyday word is a part of another name.
        let stands = |to: usize| at == from || !lexicon::is_everyday(tokens, at, to);
        let exact = lexicon::exact(tokens, at).filter(|found| found.to <= to && stands(found.to));
        // Machines print these names: what is nearly another inside of one is a word of its own.
        let nearly = || lexicon::misspelt(tokens, at, to).filter(|_| at == from);
        let found = exact.or_else(nearly)?;
        let doubt = 60 * u16::from(found.mistakes) + if at == from { 0 } else { 30 };
        Some((found, doubt, at))
    });
    if let Some((found, doubt, at)) = known {
        let name = found.service.name().to_owned();
        return Some(Payee { name, service: Some(found.service), from: at, to: found.to, doubt });
    }
    // A star is how those who collect for others write; without one, a plain name may sell many things.
    let collected = tokens.written(from, to);
    if let Some(service) = catalogue::on_statement(collected).filter(|_| collected.contains('*')) {
        return Some(Payee { name: service.name().to_owned(), service: Some(service), from, to, doubt: 30 });
    }
    if let Some(payee) = handle.and_then(|handle| of_an_address(parts, handle)) {
        return Some(payee);
    }
    let (from, to) = without_small_words(parts, from, to);
    let name = cleaned(&visible(tokens.written(from, to)));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2 && name.chars().count() <= MOST_CHARS).then_some(Payee {
        name,
        service: None,
        from,
        to,
        doubt: 120,
    })
}

/// Without the address and the numbers that terminals put behind a name, in ordinary capitals.
fn cleaned(written: &str) -> String {
    let name = written.split('*').next_back().unwrap_or(written);
    let name = name.split('/').next().unwrap_or(name).trim();
    let lower = name.to_lowercase();
    let ending = [".com", ".in", ".co", ".net", ".org"].into_iter().find(|ending| lower.ends_with(ending));
    let name = ending.map_or(name, |ending| name.get(..name.len() - ending.len()).unwrap_or(name));
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut begins = true;
    let mut titled = String::with_capacity(name.len());
    for c in name.chars() {
        if begins {
            titled.push(c);
        } else {
            titled.extend(c.to_lowercase());
        }
        begins = !c.is_alphanumeric();
    }
    titled
}
