//! Dates of the calendar: `2026-06-12`, `12/06/26`, "5th of June", "June 2026", "the 5th of every month".

use jiff::civil::Date;
use kernel::Cycle;

use super::{
    super::{
        super::{Context, token::Tokens},
        Phrase, Proposals, length, month,
    },
    When, add,
};

const WRITTEN: i32 = 14;
const DAY: i32 = 12;
/// More than a month and a day of the month by themselves.
const NAMED: i32 = 24;

pub(super) fn propose(tokens: &Tokens<'_>, from: usize, context: &Context, proposals: &mut Proposals) {
    add(proposals, from, iso(tokens, from), WRITTEN + 4);
    add(proposals, from, counted(tokens, from), WRITTEN + 4);
    add(proposals, from, parted(tokens, from, context), WRITTEN);
    add(proposals, from, dotted(tokens, from, context), WRITTEN + 6);
    add(proposals, from, month_day(tokens, from), NAMED);
    add(proposals, from, month_alone(tokens, from), 4);
    if let Some((day, to)) = day_of_month(tokens, from) {
        match every_month(tokens, to) {
            Some(end) => proposals.add(from, end, Phrase::Rhythm(Cycle::MONTHLY, When::Day(day)), NAMED),
            None => add(proposals, from, Some((When::Day(day), to)), DAY),
        }
    }
}

fn full_year(token: &str) -> Option<i16> {
    let value: i16 = token.parse().ok()?;
    match token.len() {
        2 => Some(2000 + value),
        4 if (1970..=2100).contains(&value) => Some(value),
        _ => None,
    }
}

fn small(token: &str, most: i8) -> Option<i8> {
    token.parse().ok().filter(|value| (1..=most).contains(value) && token.len() <= 2)
}

/// `2026-06-12`, `2026/06/12`, `2026:06:12`.
fn iso(tokens: &Tokens<'_>, at: usize) -> Option<(When, usize)> {
    let year = tokens.numeral(at).filter(|year| year.len() == 4).and_then(full_year)?;
    let sign = tokens.text(at + 1);
    if !matches!(sign, "-" | "/" | ":") || tokens.text(at + 3) != sign {
        return None;
    }
    let month = small(tokens.numeral(at + 2)?, 12)?;
    let day = small(tokens.numeral(at + 4)?, 31)?;
    Date::new(year, month, day).ok().map(|date| (When::On(date, 0), at + 5))
}

/// `2026年6月12日`, `6月12日`, `6월 12일`: each number before what it counts.
fn counted(tokens: &Tokens<'_>, at: usize) -> Option<(When, usize)> {
    let counts = |at: usize, signs: [char; 2]| tokens.written(at, at + 1).starts_with(signs);
    let year = if counts(at + 1, ['年', '년']) { Some(full_year(tokens.numeral(at)?)?) } else { None };
    let at = at + if year.is_some() { 2 } else { 0 };
    if !counts(at + 1, ['月', '월']) || !counts(at + 3, ['日', '일']) {
        return None;
    }
    let month = small(tokens.numeral(at)?, 12)?;
    let day = small(tokens.numeral(at + 2)?, 31)?;
    // What follows without a space is another word.
    let to = at + 3 + usize::from(tokens.written(at + 3, at + 4).chars().count() == 1);
    match year {
        Some(year) => Date::new(year, month, day).ok().map(|date| (When::On(date, 0), to)),
        None => Date::new(2028, month, day).is_ok().then_some((When::MonthDay(month, day), to)),
    }
}

/// Which of two numbers is the day. The other order is taken where only it is a date.
fn day_and_month(first: &str, second: &str, context: &Context) -> Option<(i8, i8, bool)> {
    let (day, month) = if context.locale.day_first() { (first, second) } else { (second, first) };
    let ambiguous = small(first, 12).is_some() && small(second, 12).is_some() && first != second;
    match (small(day, 31), small(month, 12)) {
        (Some(day), Some(month)) => Some((day, month, ambiguous)),
        _ => Some((small(month, 31)?, small(day, 12)?, false)),
    }
}

/// `12/06`, `12-06-26`, `1/9/2026`.
fn parted(tokens: &Tokens<'_>, at: usize, context: &Context) -> Option<(When, usize)> {
    let sign = tokens.text(at + 1);
    if !matches!(sign, "/" | "-") || !tokens.glued(at + 1) || !tokens.glued(at + 2) {
        return None;
    }
    let (day, month, ambiguous) = day_and_month(tokens.numeral(at)?, tokens.numeral(at + 2)?, context)?;
    let year = tokens.numeral(at + 4).and_then(full_year);
    if let Some(year) = year.filter(|_| tokens.text(at + 3) == sign && tokens.glued(at + 3)) {
        let doubt = if ambiguous { 20 } else { 0 };
        return Date::new(year, month, day).ok().map(|date| (When::On(date, doubt), at + 5));
    }
    // "10-15" is a range and "24/7" a boast; a stroke after two numbers belongs to something else.
    let other = sign == "-" || (day, month) == (24, 7) || tokens.text(at + 3) == "/";
    let exists = Date::new(2028, month, day).is_ok();
    (!other && exists).then_some((When::ShortMonthDay(month, day), at + 3))
}

/// `12.06.2026`, `12.06.26`, and after a word that announces a date `12.06.`.
fn dotted(tokens: &Tokens<'_>, at: usize, context: &Context) -> Option<(When, usize)> {
    let numeral = tokens.numeral(at)?;
    let parts: Vec<&str> = numeral.split('.').collect();
    match parts.as_slice() {
        [first, second, year] => {
            let (day, month, ambiguous) = day_and_month(first, second, context)?;
            let doubt = if ambiguous { 20 } else { 0 };
            Date::new(full_year(year)?, month, day).ok().map(|date| (When::On(date, doubt), at + 1))
        }
        [day, month] if tokens.text(at + 1) == "." && tokens.glued(at + 1) && announced(tokens, at) => {
            let (day, month) = (small(day, 31)?, small(month, 12)?);
            let exists = Date::new(2028, month, day).is_ok();
            exists.then_some((When::MonthDay(month, day), at + 2))
        }
        _ => None,
    }
}

fn announced(tokens: &Tokens<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| tokens.text(before));
    matches!(
        before,
        "am" | "zahlung"
            | "fallig"
            | "on"
            | "ab"
            | "zum"
            | "bis"
            | "due"
            | "renews"
            | "from"
            | "since"
            | "starting"
            | "until"
            | "vom"
            | "seit"
            | "starts"
            | "by"
            | "dem"
            | "renewal"
            | "next"
            | "ends"
            | "expires"
            | "till"
    )
}

/// "5 June", "5th of June 2026", "June 5th, 2026", "5-Jun-26", "05JUN".
pub(in crate::domain::grammar) fn month_day(tokens: &Tokens<'_>, at: usize) -> Option<(When, usize)> {
    day_then_month(tokens, at).or_else(|| month_then_day(tokens, at))
}

fn day_then_month(tokens: &Tokens<'_>, at: usize) -> Option<(When, usize)> {
    let (day, next) = day_number(tokens, at)?;
    let next = match tokens.text(next) {
        "of" | "-" | "." | "/" | "de" | "di" => next + 1,
        _ => next,
    };
    let month = month::named(tokens.text(next))?;
    with_year(tokens, month, day, next + 1)
}

fn month_then_day(tokens: &Tokens<'_>, at: usize) -> Option<(When, usize)> {
    let month = month::named(tokens.text(at))?;
    let next = if matches!(tokens.text(at + 1), "the" | "." | "-") { at + 2 } else { at + 1 };
    let (day, after) = day_number(tokens, next)?;
    let counts =
        length::unit(tokens.text(after)).is_some() || matches!(tokens.text(after), "$" | "€" | "£" | "₹");
    if counts && tokens.glued(after) {
        return None;
    }
    with_year(tokens, month, day, after)
}

/// A day of the month in digits or as an ordinal, with its ending.
fn day_number(tokens: &Tokens<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(numeral) = tokens.numeral(at) {
        let day = small(numeral, 31)?;
        let ending = matches!(tokens.text(at + 1), "st" | "nd" | "rd" | "th" | "er") && tokens.glued(at + 1);
        return Some((day, at + 1 + usize::from(ending)));
    }
    spelled(tokens, at)
}

/// "fifth", "twenty first", "twenty-first".
fn spelled(tokens: &Tokens<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(day) = month::ordinal_word(tokens.text(at)) {
        return Some((day, at + 1));
    }
    let tens = match tokens.text(at) {
        "twenty" => 20,
        "thirty" => 30,
        _ => return None,
    };
    let next = if tokens.text(at + 1) == "-" { at + 2 } else { at + 1 };
    let unit = month::ordinal_word(tokens.text(next)).filter(|unit| *unit < 10)?;
    Some((tens + unit, next + 1)).filter(|(day, _)| *day <= 31)
}

fn with_year(tokens: &Tokens<'_>, month: i8, day: i8, at: usize) -> Option<(When, usize)> {
    let next = if matches!(tokens.text(at), "," | "-" | "'" | "/") { at + 1 } else { at };
    let year = tokens.numeral(next).filter(|year| {
        // "5-Jun-26", and "05JUN26" where nothing parts the three.
        let together = at > 0 && tokens.glued(at - 1) && tokens.numeral(at.saturating_sub(2)).is_some();
        let glued = tokens.glued(next) && (next > at || together);
        year.len() == 4 || (year.len() == 2 && glued)
    });
    if let Some(year) = year.and_then(full_year).filter(|year| *year >= 2000) {
        return Date::new(year, month, day).ok().map(|date| (When::On(date, 0), next + 1));
    }
    Date::new(2028, month, day).is_ok().then_some((When::MonthDay(month, day), at))
}

/// "June 2026"; "June" alone after a word that lets it be a date.
fn month_alone(tokens: &Tokens<'_>, at: usize) -> Option<(When, usize)> {
    let word = tokens.text(at);
    let month = month::named(word)?;
    let year = tokens.numeral(at + 1).filter(|year| year.len() == 4).and_then(full_year);
    if let Some(year) = year.filter(|year| *year >= 2015) {
        return Date::new(year, month, 1).ok().map(|date| (When::On(date, 0), at + 2));
    }
    let before = at.checked_sub(1).map_or("", |before| tokens.text(before));
    let announced = matches!(
        before,
        "from"
            | "in"
            | "since"
            | "until"
            | "till"
            | "starting"
            | "starts"
            | "started"
            | "next"
            | "this"
            | "by"
            | "beginning"
            | "of"
            | "last"
            | "for"
            | "effective"
            | "ab"
            | "seit"
            | "depuis"
            | "desde"
            | "dal"
            | "da"
            | "sinds"
            | "vanaf"
            | "sedan"
            | "siden"
            | "de"
            | "en"
            | "begins"
            | "on"
            | "se"
            | "through"
            | "renews"
            | "expires"
            | "ends"
    );
    (announced && (!month::is_everyday(word) || tokens.capital(at) || before != "this"))
        .then_some((When::Month(month), at + 1))
}

/// "the 5th", "on 5th", "the first", "5 tareekh", "the 15".
fn day_of_month(tokens: &Tokens<'_>, at: usize) -> Option<(i8, usize)> {
    let before = at.checked_sub(1).map_or("", |before| tokens.text(before));
    let introduced = matches!(before, "the" | "on" | "every" | "each" | "tareekh" | "date" | "day" | "har");
    let (day, to) = day_number(tokens, at)?;
    let ending = tokens.numeral(at).is_some() && to == at + 2;
    // "15 ko due hai".
    if tokens.text(to) == "ko" && tokens.numeral(at).is_some() {
        return Some((day, to + 1));
    }
    let hindi = matches!(tokens.text(to), "tareekh" | "tarikh" | "taarikh" | "tarik");
    if hindi {
        return Some((day, to + 1));
    }
    // "the first month", "the 2nd year", "every third week" count something else.
    // "the first 6 months" counts, too.
    if length::unit(tokens.text(to)).is_some()
        || tokens.text(to) == "charge"
        || (tokens.numeral(at).is_none() && length::read(tokens, to).is_some())
    {
        return None;
    }
    let numeral = tokens.numeral(at).is_some();
    let plain = numeral && !ending;
    let stands = if plain {
        let ends = tokens.kind(to).is_none()
            || matches!(tokens.text(to), "," | "." | "of" | "every" | "each" | "and" | ";" | "\n");
        matches!(before, "the" | "tareekh" | "date" | "day") && ends
    } else if numeral {
        true
    } else {
        introduced && before != "every" && before != "each"
    };
    stands.then_some((day, to))
}

/// "of every month", "of the month", "each month"; says a rhythm only with "every", "each" or "har".
fn every_month(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let next = if tokens.text(at) == "of" { at + 1 } else { at };
    let each = matches!(tokens.text(next), "every" | "each" | "har" | "per");
    let month = matches!(tokens.text(next + 1), "month" | "mo" | "mahine" | "months");
    (each && month).then_some(next + 2)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str, locale: &str) -> Option<When> {
        let context = Context {
            today: date(2026, 5, 5),
            locale: locale.parse().unwrap(),
            currency: kernel::Currency::EUR,
        };
        let tokens = Tokens::cut(text).unwrap();
        let mut proposals = Proposals { list: Vec::new() };
        for from in 0..tokens.len() {
            propose(&tokens, from, &context, &mut proposals);
        }
        let best = proposals.list.iter().max_by_key(|candidate| candidate.score)?;
        let (Phrase::Date(when) | Phrase::Rhythm(_, when)) = best.item.phrase else { return None };
        Some(when)
    }

    #[test]
    fn dates_of_the_calendar() {
        for (text, locale, expected) in [
            ("2026-06-12", "en-US", When::On(date(2026, 6, 12), 0)),
            ("12/06", "en-GB", When::ShortMonthDay(6, 12)),
            ("12/06", "en-US", When::ShortMonthDay(12, 6)),
            ("25/12", "en-US", When::ShortMonthDay(12, 25)),
            ("12/06/26", "en-GB", When::On(date(2026, 6, 12), 20)),
            ("05-05-26", "en-IN", When::On(date(2026, 5, 5), 0)),
            ("01.06.2026", "de-DE", When::On(date(2026, 6, 1), 20)),
            ("on 12.06.", "de-DE", When::MonthDay(6, 12)),
            ("5 June", "en-US", When::MonthDay(6, 5)),
            ("June 5th, 2027", "en-US", When::On(date(2027, 6, 5), 0)),
            ("5th of June", "en-US", When::MonthDay(6, 5)),
            ("5-Jun-26", "en-US", When::On(date(2026, 6, 5), 0)),
            ("from March", "en-US", When::Month(3)),
            ("June 2026", "en-US", When::On(date(2026, 6, 1), 0)),
            ("the 5th", "en-US", When::Day(5)),
            ("on the first", "en-US", When::Day(1)),
            ("the twenty-first", "en-US", When::Day(21)),
            ("20th of every month", "en-US", When::Day(20)),
        ] {
            assert_eq!(read(text, locale), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_date() {
        for text in ["10-15", "24/7", "31/02", "the first month", "2026-02-30", "499/-", "may"] {
            assert_eq!(read(text, "en-GB"), None, "{text}");
        }
    }
}
