//! Rhythms: "monthly", "/mo", "every other week", "half-yearly", "twice a year", "every friday".

use kernel::{Cycle, Unit};

use super::{super::token::Tokens, Phrase, Proposals, date::When, length, month};

/// Stands for a whole rhythm by itself.
const WORDY: i32 = 12;
/// A unit without "per" or "every": "499 month".
const BARE_UNIT: i32 = 1;

pub(super) fn propose(tokens: &Tokens<'_>, from: usize, proposals: &mut Proposals) {
    if let Some((cycle, to)) = adverb(tokens, from) {
        proposals.add(from, to, Phrase::Cycle(cycle), WORDY);
    }
    if let Some((cycle, to)) = per_unit(tokens, from) {
        proposals.add(from, to, Phrase::Cycle(Some(cycle)), WORDY);
    }
    if let Some((cycle, to)) = times_per_unit(tokens, from) {
        proposals.add(from, to, Phrase::Cycle(cycle), WORDY);
    }
    if let Some((cycle, to)) = counted_adverb(tokens, from) {
        proposals.add(from, to, Phrase::Cycle(Some(cycle)), WORDY + 4);
    }
    if let Some((cycle, to)) = hindi_length(tokens, from) {
        proposals.add(from, to, Phrase::Cycle(Some(cycle)), WORDY);
    }
    if let Some((phrase, to)) = every_named_day(tokens, from) {
        proposals.add(from, to, phrase, WORDY);
    }
    if let Some((cycle, telling)) = bare_unit(tokens, from) {
        proposals.add(from, from + 1, Phrase::Cycle(Some(cycle)), telling);
    }
}

fn cycle(every: i64, unit: Unit) -> Option<Cycle> {
    Cycle::new(every, unit).ok()
}

/// "monthly", "p.a.", "half-yearly", "bi-weekly"; the inner `None` is a rhythm no cycle holds.
fn adverb(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Cycle>, usize)> {
    if let Some(found) = prefixed(tokens, at) {
        return Some(found);
    }
    let word = tokens.text(at);
    if word == "p" && matches!(tokens.text(at + 1), "/" | ".") {
        let (every, unit) = letter_unit(tokens.text(at + 2))?;
        return Some((cycle(every, unit), at + 3));
    }
    // "på" is no "p.a.".
    if word == "pa" && !tokens.written(at, at + 1).is_ascii() {
        return None;
    }
    let (every, unit) = single(word).or_else(|| misspelt(word))?;
    let once = tokens.text(at + 1) == "once";
    Some((cycle(every, unit), at + 1 + usize::from(once)))
}

fn letter_unit(letter: &str) -> Option<(i64, Unit)> {
    Some(match letter {
        "m" | "month" | "mo" | "mth" => (1, Unit::Month),
        "a" | "y" | "yr" => (1, Unit::Year),
        "w" | "wk" => (1, Unit::Week),
        "d" => (1, Unit::Day),
        "q" => (3, Unit::Month),
        _ => return None,
    })
}

fn single(word: &str) -> Option<(i64, Unit)> {
    Some(match word {
        "daily" | "everyday" | "rozana" | "roz" | "taglich" | "pd" => (1, Unit::Day),
        "weekly" | "pw" | "saptahik" | "wochentlich" | "semanal" | "tygodniowo" | "ukentlig"
        | "ugentligt" | "haftalik" | "mingguan" | "settimanale" | "wekelijks" | "hebdomadaire"
        | "semanalmente" => (1, Unit::Week),
        "fortnightly" | "biweekly" => (2, Unit::Week),
        "monthly"
        | "mthly"
        | "mnthly"
        | "mthy"
        | "pm"
        | "pcm"
        | "masik"
        | "maasik"
        | "monatlich"
        | "mensual"
        | "mensuel"
        | "mensuelle"
        | "mensal"
        | "mensile"
        | "mensualmente"
        | "mensalmente"
        | "maandelijks"
        | "manadsvis"
        | "miesiecznie"
        | "manedlig"
        | "manedligt"
        | "kuukausittain"
        | "kuukaudessa"
        | "aylik"
        | "ayda"
        | "bulanan"
        | "mensili"
        | "mensuales"
        | "mensais"
        | "mensilmente"
        | "mesicne"
        | "havonta"
        | "lunar"
        | "ежемесячно" => (1, Unit::Month),
        "bimonthly" => (2, Unit::Month),
        "quarterly" | "qtrly" | "trimestral" | "vierteljahrlich" | "trimestriel" | "kwartalnie"
        | "trimestrale" | "driemaandelijks" | "tremasik" | "qtly" => (3, Unit::Month),
        "semiannual" | "semiannually" | "biannual" | "biannually" | "halbjahrlich" | "semestral"
        | "semestriel" | "halfyearly" | "chhamahi" => (6, Unit::Month),
        "yearly" | "annually" | "annual" | "pa" | "salana" | "saalana" | "varshik" | "jahrlich" | "anual"
        | "annuel" | "annuelle" | "anualmente" | "annum" | "annualy" | "anually" | "yrly" | "jaarlijks"
        | "arligen" | "rocznie" | "arlig" | "arligt" | "vuosittain" | "vuodessa" | "yillik" | "yilda"
        | "tahunan" | "annuale" | "annuo" | "anuales" | "anuais" | "annualmente" | "rocne" | "evente"
        | "ежегодно" => (1, Unit::Year),
        "biennial" | "biennially" => (2, Unit::Year),
        "triennial" | "triennially" => (3, Unit::Year),
        _ => return None,
    })
}

/// A letter wrong in a long adverb: "montly", "quaterly", "fortnigthly".
fn misspelt(word: &str) -> Option<(i64, Unit)> {
    const LONG: [&str; 5] = ["monthly", "quarterly", "fortnightly", "annually", "weekly"];
    let near = |adverb: &&&str| super::super::lexicon::mistakes(adverb, word) == Some(1);
    let long_enough = word.len() >= 6 && word.is_ascii() && word.ends_with('y');
    LONG.iter().filter(|_| long_enough).find(near).and_then(|adverb| single(adverb))
}

/// "half-yearly", "semi annual", "bi-monthly".
fn prefixed(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Cycle>, usize)> {
    let prefix = tokens.text(at);
    if !matches!(prefix, "half" | "semi" | "bi" | "tri") {
        return None;
    }
    let next = if tokens.text(at + 1) == "-" { at + 2 } else { at + 1 };
    let (every, unit) = match (prefix, tokens.text(next)) {
        ("half" | "semi" | "bi", "yearly" | "annual" | "annually" | "annum") => (6, Unit::Month),
        ("half", "year") => (6, Unit::Month),
        ("bi", "weekly") => (2, Unit::Week),
        ("bi", "monthly") => (2, Unit::Month),
        ("tri", "monthly") => (3, Unit::Month),
        ("semi", "monthly") => return Some((None, next + 1)),
        _ => return None,
    };
    Some((cycle(every, unit), next + 1))
}

fn opens(word: &str) -> bool {
    matches!(
        word,
        "every"
            | "each"
            | "per"
            | "a"
            | "an"
            | "/"
            | "har"
            | "हर"
            | "prati"
            | "pro"
            | "par"
            | "por"
            | "al"
            | "im"
            | "je"
            | "ao"
            | "jeden"
            | "jede"
            | "chaque"
            | "cada"
            | "one"
            | "the"
            | "@"
            | "once"
            | "per -"
            | "in"
    )
}

/// "a month", "per 28 days", "every other week", "/yr", "once every three months".
fn per_unit(tokens: &Tokens<'_>, from: usize) -> Option<(Cycle, usize)> {
    let (opening, at) = match tokens.text(from) {
        "once" | "billed" | "paid" if opens(tokens.text(from + 1)) => (tokens.text(from + 1), from + 2),
        word => (word, from + 1),
    };
    if !opens(opening) || matches!(opening, "the" | "one" | "in" | "once" | "@") {
        return None;
    }
    let counted = matches!(opening, "every" | "each" | "per" | "/" | "har" | "हर" | "alle" | "cada");
    if counted && let Some((cycle, to)) = other_or_counted(tokens, at) {
        return Some((cycle, to));
    }
    let word = tokens.text(at);
    if length::is_letter(word) && opening != "/" {
        return None;
    }
    let at = if word == "single" || word == "calendar" { at + 1 } else { at };
    let (every, unit) = length::unit(tokens.text(at))?;
    Cycle::new(every, unit).ok().map(|cycle| (cycle, at + 1))
}

/// After "every": "other month", "2nd week", "three months", "half year", "4 weeks".
fn other_or_counted(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    let skipping = match tokens.text(at) {
        "other" | "second" | "alternate" | "2nd" | "alternative" | "dusre" => Some((2, at + 1)),
        "third" => Some((3, at + 1)),
        "fourth" => Some((4, at + 1)),
        "sixth" => Some((6, at + 1)),
        "half" => return half_year(tokens, at + 1),
        word => hindi_count(word).map(|count| (count, at + 1)).or_else(|| ordinal(tokens, at)),
    };
    if let Some((every, next)) = skipping {
        let (each, unit) = length::unit(tokens.text(next))?;
        return Cycle::new(every * each, unit).ok().map(|cycle| (cycle, next + 1));
    }
    length::read(tokens, at)
}

/// "har teen mahine". Only after "every": elsewhere "do" and "char" are other words.
fn hindi_count(word: &str) -> Option<i64> {
    Some(match word {
        "do" | "दो" => 2,
        "teen" | "tin" | "तीन" => 3,
        "char" | "chaar" | "चार" => 4,
        "panch" | "paanch" | "पांच" | "पाँच" => 5,
        "chhe" | "chhah" | "chah" | "che" | "छह" | "छः" | "छे" => 6,
        "nau" | "नौ" => 9,
        "barah" | "baarah" | "बारह" => 12,
        _ => return None,
    })
}

/// "teen mahine ka 499": what is paid for three months.
fn hindi_length(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    let count = hindi_count(tokens.text(at))?;
    let (each, unit) = length::unit(tokens.text(at + 1))?;
    let of = matches!(tokens.text(at + 2), "ka" | "ki" | "का" | "की");
    of.then(|| Cycle::new(count * each, unit).ok()).flatten().map(|cycle| (cycle, at + 3))
}

fn half_year(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    let next = if tokens.text(at) == "-" { at + 1 } else { at };
    let year = matches!(tokens.text(next), "year" | "yr" | "yearly");
    year.then(|| Cycle::new(6, Unit::Month).ok()).flatten().map(|cycle| (cycle, next + 1))
}

fn ordinal(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize)> {
    let value = tokens.whole(at, 99)?;
    let suffix = matches!(tokens.text(at + 1), "st" | "nd" | "rd" | "th") && tokens.glued(at + 1);
    suffix.then_some((i64::from(value), at + 2))
}

/// "once a year", "twice a year", "2 times a month".
fn times_per_unit(tokens: &Tokens<'_>, from: usize) -> Option<(Option<Cycle>, usize)> {
    let (times, at) = match tokens.text(from) {
        "once" => (1, from + 1),
        "twice" => (2, from + 1),
        "thrice" => (3, from + 1),
        _ => {
            let (count, next, _) = length::count(tokens, from)?;
            (count, matches!(tokens.text(next), "times" | "x").then_some(next + 1)?)
        }
    };
    let at = if matches!(tokens.text(at), "a" | "an" | "per" | "every" | "each" | "in") {
        at + 1
    } else {
        return None;
    };
    let at = if matches!(tokens.text(at), "a") { at + 1 } else { at };
    let (each, unit) = length::unit(tokens.text(at))?;
    let months = match unit {
        Unit::Year => 12 * each,
        Unit::Month if each > 1 => each,
        Unit::Day | Unit::Week | Unit::Month => return Some((once(times, each, unit), at + 1)),
    };
    let exact = times > 0 && months % times == 0;
    let found = if times == 1 {
        once(1, each, unit)
    } else if exact {
        cycle(months / times, Unit::Month)
    } else {
        None
    };
    Some((found, at + 1))
}

fn once(times: i64, each: i64, unit: Unit) -> Option<Cycle> {
    if times == 1 { cycle(each, unit) } else { None }
}

/// "6-monthly", "four weekly".
fn counted_adverb(tokens: &Tokens<'_>, from: usize) -> Option<(Cycle, usize)> {
    let (count, next, numeral) = length::count(tokens, from)?;
    let hyphen = tokens.text(next) == "-" && tokens.glued(next);
    // "499 monthly" is a price; "4 weekly" and "6-monthly" are rhythms.
    if !hyphen && (numeral || count > 12) {
        return None;
    }
    let at = if hyphen { next + 1 } else { next };
    let unit = match tokens.text(at) {
        "weekly" => Unit::Week,
        "monthly" => Unit::Month,
        "yearly" => Unit::Year,
        _ => return None,
    };
    (2..=24).contains(&count).then(|| Cycle::new(count, unit).ok()).flatten().map(|cycle| (cycle, at + 1))
}

/// "every friday", "every june", "every 5 june".
fn every_named_day(tokens: &Tokens<'_>, from: usize) -> Option<(Phrase, usize)> {
    if !matches!(tokens.text(from), "every" | "each" | "har") {
        return None;
    }
    let other = tokens.text(from + 1) == "other";
    let at = from + 1 + usize::from(other);
    if let Some(weekday) = month::weekday(tokens.text(at)) {
        let every = if other { cycle(2, Unit::Week)? } else { Cycle::WEEKLY };
        return Some((Phrase::Rhythm(every, When::EveryWeekday(weekday)), at + 1));
    }
    if let Some((when, to)) = super::date::month_day(tokens, at) {
        return Some((Phrase::Rhythm(Cycle::YEARLY, when), to));
    }
    let month = month::named(tokens.text(at)).filter(|_| tokens.capital(at) || tokens.text(at).len() > 3)?;
    Some((Phrase::Rhythm(Cycle::YEARLY, When::Month(month)), at + 1))
}

/// "mahine" says a rhythm; "month" does after an amount.
fn bare_unit(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, i32)> {
    let word = tokens.text(at);
    // "weeks" by itself counts nothing that is paid.
    if length::is_letter(word) || matches!(word, "mon" | "days" | "weeks" | "months" | "quarters" | "years") {
        return None;
    }
    let (every, unit) = length::unit(word)?;
    let other_sense = at > 0
        && matches!(
            tokens.text(at - 1),
            "this"
                | "next"
                | "last"
                | "first"
                | "the"
                | "of"
                | "previous"
                | "coming"
                | "pichle"
                | "agle"
                | "is"
                | "current"
                | "one"
                | "half"
                | "free"
        );
    if other_sense {
        return None;
    }
    let telling = match word {
        "mahine" | "mahina" | "maheena" | "maheene" | "saal" | "hafte" | "hafta" | "महीने" | "महीना"
        | "साल" => WORDY,
        _ => BARE_UNIT,
    };
    Cycle::new(every, unit).ok().map(|cycle| (cycle, telling))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(u16, Unit)> {
        let tokens = Tokens::cut(text).unwrap();
        let mut proposals = Proposals { list: Vec::new() };
        propose(&tokens, 0, &mut proposals);
        let best = proposals.list.iter().max_by_key(|candidate| candidate.score)?;
        let (Phrase::Cycle(Some(cycle)) | Phrase::Rhythm(cycle, _)) = best.item.phrase else { return None };
        Some((cycle.every(), cycle.unit()))
    }

    #[test]
    fn rhythms_in_all_usual_forms() {
        for (text, every, unit) in [
            ("monthly", 1, Unit::Month),
            ("montly", 1, Unit::Month),
            ("p.m.", 1, Unit::Month),
            ("p/m", 1, Unit::Month),
            ("per annum", 1, Unit::Year),
            ("p.a.", 1, Unit::Year),
            ("/mo", 1, Unit::Month),
            ("/y", 1, Unit::Year),
            ("fortnightly", 2, Unit::Week),
            ("every fortnight", 2, Unit::Week),
            ("every other month", 2, Unit::Month),
            ("every 2nd week", 2, Unit::Week),
            ("half-yearly", 6, Unit::Month),
            ("semi annually", 6, Unit::Month),
            ("every six months", 6, Unit::Month),
            ("six-monthly", 6, Unit::Month),
            ("twice a year", 6, Unit::Month),
            ("once every 3 months", 3, Unit::Month),
            ("quaterly", 3, Unit::Month),
            ("har mahine", 1, Unit::Month),
            ("har teen mahine", 3, Unit::Month),
            ("har do hafte", 2, Unit::Week),
            ("हर तीन महीने", 3, Unit::Month),
            ("every friday", 1, Unit::Week),
            ("every 28 days", 28, Unit::Day),
            ("par mois", 1, Unit::Month),
        ] {
            assert_eq!(read(text), Some((every, unit)), "{text}");
        }
        assert_eq!(read("twice a week"), None);
        assert_eq!(read("mostly"), None);
    }
}
