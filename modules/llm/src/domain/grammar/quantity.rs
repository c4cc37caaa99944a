//! Numbers that are no price: "100 GB", "4 screens", "XX1234", "at 5 pm", "50%".

use super::{
    super::{lexicon, token::Tokens},
    Phrase, Proposals, month,
};

const TELLING: i32 = 10;

pub(super) fn propose(tokens: &Tokens<'_>, from: usize, proposals: &mut Proposals) {
    let found = measured(tokens, from)
        .or_else(|| counted(tokens, from))
        .or_else(|| clock(tokens, from))
        .or_else(|| account_tail(tokens, from))
        .or_else(|| resolution(tokens, from))
        .or_else(|| greeting(tokens, from));
    if let Some(to) = found {
        proposals.add(from, to, Phrase::Aside, TELLING);
    }
}

/// "Hi Ana,", "Dear Mr. Rao": whoever is written to is paid nothing.
fn greeting(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let begins = at == 0 || matches!(tokens.text(at - 1), "\n" | "." | "!");
    if !begins
        || !matches!(
            tokens.text(at),
            "hi" | "hello" | "hey" | "dear" | "hallo" | "hola" | "bonjour" | "ola" | "ciao"
        )
    {
        return None;
    }
    let is_name = |to: &usize| (tokens.is_word(*to) && tokens.capital(*to)) || tokens.text(*to) == ".";
    let to = (at + 1..at + 5).find(|to| !is_name(to))?;
    let ends = matches!(tokens.text(to), "," | "!" | "\n");
    let known = (at + 1..to).any(|at| lexicon::exact(tokens, at).is_some());
    (ends && to > at + 1 && !known).then_some(to)
}

/// "20 by 30 by 40", "4 x 6".
fn measured(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    tokens.numeral(at)?;
    let mut to = at + 1;
    while matches!(tokens.text(to), "by" | "x" | "×") && tokens.numeral(to + 1).is_some() {
        to += 2;
    }
    (to > at + 1).then_some(to)
}

/// A number of things.
fn counted(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    tokens.numeral(at)?;
    let hyphen = tokens.text(at + 1) == "-" && tokens.glued(at + 1);
    let noun = at + 1 + usize::from(hyphen);
    let counts = matches!(
        tokens.text(noun),
        "gb" | "tb"
            | "mb"
            | "mbps"
            | "gbps"
            | "kbps"
            | "users"
            | "user"
            | "screens"
            | "screen"
            | "devices"
            | "device"
            | "people"
            | "persons"
            | "person"
            | "members"
            | "seats"
            | "seat"
            | "accounts"
            | "channels"
            | "lines"
            | "lessons"
            | "sessions"
            | "meals"
            | "bottles"
            | "minutes"
            | "min"
            | "mins"
            | "hours"
            | "hrs"
            | "hour"
            | "km"
            | "kg"
            | "litre"
            | "litres"
            | "liters"
            | "percent"
            | "%"
            | "credits"
            | "kwh"
            | "sms"
            | "books"
            | "episodes"
            | "kids"
            | "children"
            | "visits"
            | "adults"
            | "miles"
            | "mile"
            | "steps"
            | "laps"
            | "pages"
            | "pushups"
            | "cups"
            | "glasses"
            | "calories"
            | "games"
            | "pm2"
    );
    counts.then_some(noun + 1)
}

/// "10:30", "10:30 am", "at 5 pm", "by 9 PM", "5am". "499 p.m." is a price: hours end at twelve, and a month's price
/// is not written with capitals.
fn clock(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let told = matches!(tokens.text(at), "at" | "by" | "before" | "after" | "until" | "till" | "around");
    let start = if told { at + 1 } else { at };
    let hour = tokens.whole(start, 24)?;
    let half = |at: usize| matches!(tokens.text(at), "am" | "pm" | "oclock");
    if tokens.text(start + 1) == ":" && tokens.glued(start + 1) && tokens.whole(start + 2, 59).is_some() {
        let seconds = tokens.text(start + 3) == ":" && tokens.whole(start + 4, 59).is_some();
        let to = start + if seconds { 5 } else { 3 };
        return Some(to + usize::from(half(to)));
    }
    let shouted = hour <= 12 && tokens.written(start + 1, start + 2) == "PM";
    // "every monday at 10"
    let day_before = at.checked_sub(1).map_or("", |before| tokens.text(before));
    let of_a_day = month::weekday(day_before).is_some()
        || matches!(
            day_before,
            "today" | "tomorrow" | "tonight" | "morning" | "evening" | "afternoon" | "night"
        );
    if tokens.text(at) == "at" && of_a_day && hour >= 1 {
        return Some(start + 1 + usize::from(half(start + 1)));
    }
    let said = start > at && half(start + 1) || tokens.text(start + 1) == "am" || shouted;
    said.then_some(start + 2)
}

/// `XX1234`, "ending 1234", "card 1234", "a/c no. 1234", "#1234".
fn account_tail(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let word = tokens.text(at);
    let masked = tokens.is_word(at) && word.bytes().all(|b| b == b'x') && tokens.glued(at + 1);
    if masked && tokens.numeral(at + 1).is_some() {
        return Some(at + 2);
    }
    if matches!(word, "*" | "#") && tokens.glued(at + 1) && tokens.numeral(at + 1).is_some() {
        return Some(at + 2);
    }
    if !matches!(
        word,
        "ending"
            | "card"
            | "no"
            | "ref"
            | "acct"
            | "txn"
            | "id"
            | "number"
            | "request"
            | "ticket"
            | "booking"
            | "case"
            | "complaint"
            | "pnr"
    ) {
        return None;
    }
    let holder = at.checked_sub(1).map_or("", |before| tokens.text(before));
    if word == "card"
        && !matches!(holder, "credit" | "debit" | "bank" | "your" | "my" | "from" | "visa" | "mastercard")
    {
        return None;
    }
    let next = if matches!(tokens.text(at + 1), "in" | "with" | "." | ":" | "no") { at + 2 } else { at + 1 };
    let digits = tokens
        .numeral(next)
        .filter(|digits| digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit()))?;
    (!digits.is_empty()).then_some(next + 1)
}

/// "4k plan" is a picture, not four thousand.
fn resolution(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    tokens.whole(at, 8).filter(|value| matches!(value, 4 | 8))?;
    let picture = tokens.text(at + 1) == "k"
        && matches!(
            tokens.text(at + 2),
            "plan" | "uhd" | "streaming" | "quality" | "tier" | "hdr" | "ultra" | "screens"
        );
    picture.then_some(at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_price() {
        for text in [
            "100 GB",
            "50mbps",
            "50%",
            "XX1234",
            "at 5 pm",
            "10:30",
            "ending in 4821",
            "4k plan",
            "4 screens",
            "20 by 30 by 40",
        ] {
            let tokens = Tokens::cut(text).unwrap();
            let mut proposals = Proposals { list: Vec::new() };
            propose(&tokens, 0, &mut proposals);
            assert_eq!(proposals.list.len(), 1, "{text}");
        }
    }
}
