//! Lengths of time: "3 months", "7-day", "a week", "28 days".

use jiff::{Span, civil::Date};
use kernel::{Cycle, Unit};

use super::{super::token::Tokens, Phrase, Proposals, spoken};

/// What a word counts: a unit and how many of it.
pub(super) fn unit(word: &str) -> Option<(i64, Unit)> {
    Some(match word {
        "day" | "days" | "din" | "d" | "tag" | "tage" | "jour" | "jours" | "dia" | "dias" | "giorno"
        | "giorni" | "dag" | "dagen" | "dagar" => (1, Unit::Day),
        "week" | "weeks" | "wk" | "wks" | "hafta" | "hafte" | "woche" | "wochen" | "semaine" | "semana"
        | "semaines" | "semanas" | "settimana" | "settimane" | "weken" | "vecka" | "uke" | "w"
        | "wochentlich" => (1, Unit::Week),
        "fortnight" | "fortnights" => (2, Unit::Week),
        "month" | "months" | "mo" | "mos" | "mth" | "mths" | "mnth" | "mnths" | "mon" | "mahina"
        | "mahine" | "mahino" | "maheena" | "maheene" | "mahinah" | "maah" | "monat" | "monate"
        | "monats" | "monaten" | "mese" | "mesi" | "maand" | "maanden" | "manad" | "manaden" | "maned"
        | "maneden" | "miesiac" | "bulan" | "mois" | "mes" | "meses" | "monthe" | "moth" | "m" | "महीने"
        | "महीना" => (1, Unit::Month),
        "quarter" | "quarters" | "qtr" | "qtrs" | "trimestre" | "quartal" => (3, Unit::Month),
        "year" | "years" | "yr" | "yrs" | "annum" | "saal" | "sal" | "jahr" | "jahre" | "jahren" | "ano"
        | "anos" | "anni" | "anno" | "jaar" | "arsvis" | "varsh" | "y" | "année" | "साल" => {
            (1, Unit::Year)
        }
        _ => return None,
    })
}

/// Single letters are units only right after a number or a stroke: `6m`, `/y`.
pub(super) fn is_letter(word: &str) -> bool {
    word.len() == 1
}

/// A count of units, where one begins at a token: the cycle it makes and the token after it.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    let (count, next, numeral) = count(tokens, at)?;
    let hyphen = tokens.text(next) == "-" && tokens.glued(next);
    let next = if hyphen { next + 1 } else { next };
    let next = if tokens.text(next) == "full" { next + 1 } else { next };
    let word = tokens.text(next);
    if is_letter(word) && !(numeral && tokens.glued(next)) {
        return None;
    }
    let (each, unit) = unit(word)?;
    let cycle = Cycle::new(count.checked_mul(each)?, unit).ok()?;
    Some((cycle, next + 1))
}

/// How many, the token after it, and whether it was a numeral.
pub(super) fn count(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize, bool)> {
    if let Some(value) = tokens.whole(at, 999) {
        return Some((i64::from(value), at + 1, true));
    }
    if matches!(tokens.text(at), "half") && matches!(tokens.text(at + 1), "a") {
        return None;
    }
    if tokens.text(at) == "couple" {
        let next = if tokens.text(at + 1) == "of" { at + 2 } else { at + 1 };
        return Some((2, next, false));
    }
    let (value, next) = spoken::cardinal(tokens, at)?;
    (value < 1000).then_some((i64::try_from(value).ok()?, next, false))
}

/// The length and, where a plan is named by it, its noun.
pub(super) fn propose(tokens: &Tokens<'_>, from: usize, proposals: &mut Proposals) {
    let stuck = tokens.glued(from) && from > 0 && tokens.is_word(from - 1);
    if stuck {
        return;
    }
    if let Some((cycle, to)) = for_one(tokens, from) {
        return proposals.add(from, to, Phrase::Length(cycle), 14);
    }
    let Some((cycle, to)) = read(tokens, from).or_else(|| initial(tokens, from)) else { return };
    let noun = matches!(
        tokens.text(to),
        "plan" | "pack" | "recharge" | "validity" | "package" | "subscription" | "contract"
    );
    let to = if noun { to + 1 } else { to };
    proposals.add(from, to, Phrase::Length(cycle), if noun { 12 } else { 7 });
}

/// "for a year": how long, not how often.
fn for_one(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    let told = matches!(tokens.text(at), "a" | "an" | "one") && at > 0 && tokens.text(at - 1) == "for";
    let (each, unit) = unit(tokens.text(at + 1)).filter(|_| told && !is_letter(tokens.text(at + 1)))?;
    Cycle::new(each, unit).ok().map(|cycle| (cycle, at + 2))
}

/// "first year", "initial 3 months".
fn initial(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    if !matches!(tokens.text(at), "first" | "initial") {
        return None;
    }
    let one = unit(tokens.text(at + 1)).filter(|_| !is_letter(tokens.text(at + 1)));
    match one {
        Some((each, unit)) => Cycle::new(each, unit).ok().map(|cycle| (cycle, at + 2)),
        None => read(tokens, at + 1),
    }
}

/// The date a length after another.
pub(in crate::domain) fn later(date: Date, length: Cycle) -> Option<Date> {
    date.checked_add(span(length)).ok()
}

/// The date a length before another.
pub(super) fn earlier(date: Date, length: Cycle) -> Option<Date> {
    date.checked_sub(span(length)).ok()
}

fn span(length: Cycle) -> Span {
    let count = i64::from(length.every());
    match length.unit() {
        Unit::Day => Span::new().days(count),
        Unit::Week => Span::new().weeks(count),
        Unit::Month => Span::new().months(count),
        Unit::Year => Span::new().years(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read() {
        for (text, every, unit) in [
            ("28 days", 28, Unit::Day),
            ("7-day trial", 7, Unit::Day),
            ("two weeks", 2, Unit::Week),
            ("12mo", 12, Unit::Month),
            ("3 quarters", 9, Unit::Month),
            ("2-year plan", 2, Unit::Year),
        ] {
            let tokens = Tokens::cut(text).unwrap();
            assert_eq!(read(&tokens, 0).map(|(cycle, _)| cycle), Cycle::new(every, unit).ok(), "{text}");
        }
        assert_eq!(read(&Tokens::cut("1000 days").unwrap(), 0), None);
    }
}
