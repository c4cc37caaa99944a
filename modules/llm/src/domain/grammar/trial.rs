//! What is free at first: "7-day trial", "first month free", "free for 2 weeks", "free trial".

use kernel::Cycle;

use super::{super::token::Tokens, Phrase, Proposals, length};

const TELLING: i32 = 12;
/// More than a length and "trial" by themselves.
const TELLING_WITH_LENGTH: i32 = 34;

pub(super) fn propose(tokens: &Tokens<'_>, from: usize, proposals: &mut Proposals) {
    let found = length_first(tokens, from)
        .or_else(|| first_unit_free(tokens, from))
        .or_else(|| word_first(tokens, from));
    if let Some((length, to)) = found {
        let telling = if length.is_some() { TELLING_WITH_LENGTH } else { TELLING };
        proposals.add(from, to, Phrase::Trial(length), telling);
    }
}

/// "7-day free trial", "1 month free", "a free month", "two week trial period".
fn length_first(tokens: &Tokens<'_>, from: usize) -> Option<(Option<Cycle>, usize)> {
    let (length, to) = counted(tokens, from)?;
    trial_words(tokens, to).map(|to| (Some(length), to))
}

fn counted(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    if matches!(tokens.text(at), "a" | "an") {
        let word = tokens.text(at + 1);
        let (each, unit) = length::unit(word).filter(|_| !length::is_letter(word))?;
        return Cycle::new(each, unit).ok().map(|cycle| (cycle, at + 2));
    }
    length::read(tokens, at)
}

/// Past "of free trial period", "trial", "free".
fn trial_words(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let mut to = at;
    if matches!(tokens.text(to), "of" | "-" | "for" | "is" | "are") {
        to += 1;
    }
    let begin = to;
    while matches!(tokens.text(to), "free" | "trial" | "gratis" | "muft" | "kostenlos" | "trail") {
        to += 1;
    }
    if to == begin {
        return None;
    }
    Some(if matches!(tokens.text(to), "period" | "offer") { to + 1 } else { to })
}

/// "first month free", "first 3 months are free", "free first month".
fn first_unit_free(tokens: &Tokens<'_>, from: usize) -> Option<(Option<Cycle>, usize)> {
    if tokens.text(from) != "first" && tokens.text(from) != "pehla" {
        return None;
    }
    let (length, to) = after_first(tokens, from + 1)?;
    trial_words(tokens, to).map(|to| (Some(length), to))
}

fn after_first(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    if let Some(found) = length::read(tokens, at) {
        return Some(found);
    }
    let word = tokens.text(at);
    let (each, unit) = length::unit(word).filter(|_| !length::is_letter(word))?;
    Cycle::new(each, unit).ok().map(|cycle| (cycle, at + 1))
}

/// "free for 2 weeks", "trial of 7 days", "free month", "free trial".
fn word_first(tokens: &Tokens<'_>, from: usize) -> Option<(Option<Cycle>, usize)> {
    if tokens.text(from) == "no" && tokens.text(from + 1) == "charge" {
        return None;
    }
    let words = match tokens.text(from) {
        "free" | "trial" | "trail" | "gratis" => trial_words(tokens, from)?,
        _ => return None,
    };
    let mut at = words;
    while matches!(tokens.text(at), "for" | "of" | "the" | "a" | "first" | ":" | "(") {
        at += 1;
    }
    match after_first(tokens, at) {
        Some((length, to)) => Some((Some(length), to)),
        None => Some((None, words)),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Unit;

    use super::*;

    #[test]
    fn trials_with_and_without_a_length() {
        for (text, expected) in [
            ("7-day trial", Some((7, Unit::Day))),
            ("14 day free trial", Some((14, Unit::Day))),
            ("one month free", Some((1, Unit::Month))),
            ("first month free", Some((1, Unit::Month))),
            ("first 3 months are free", Some((3, Unit::Month))),
            ("free for the first two weeks", Some((2, Unit::Week))),
            ("trial of 30 days", Some((30, Unit::Day))),
            ("free month", Some((1, Unit::Month))),
            ("free trial", None),
        ] {
            let tokens = Tokens::cut(text).unwrap();
            let mut proposals = Proposals { list: Vec::new() };
            propose(&tokens, 0, &mut proposals);
            let phrase = proposals.list.first().map(|candidate| candidate.item.phrase);
            let expected = expected.and_then(|(every, unit)| Cycle::new(every, unit).ok());
            assert_eq!(phrase, Some(Phrase::Trial(expected)), "{text}");
        }
    }
}
