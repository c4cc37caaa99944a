//! Dates told from today: "tomorrow", "in 10 days", "next friday", "a week ago", "the end of the month".

use jiff::{ToSpan, civil::Date};
use kernel::Cycle;

use super::{
    super::{
        super::{Context, token::Tokens},
        Proposals, length, month,
    },
    When, add,
};

const TELLING: i32 = 14;
/// More than a length, a weekday or a unit and the words around it by themselves.
const TELLING_TOGETHER: i32 = 30;
/// More than "the 1st" and "next month" by themselves.
const TELLING_EDGE: i32 = 50;

pub(super) fn propose(tokens: &Tokens<'_>, from: usize, context: &Context, proposals: &mut Proposals) {
    let today = context.today;
    let readings = [
        day_word(tokens, from, today),
        weekday(tokens, from),
        neighbour(tokens, from, today),
        ahead(tokens, from, today),
        behind(tokens, from, today),
    ];
    for reading in readings {
        let telling = match reading.map_or(0, |(_, to)| to - from) {
            0 | 1 => TELLING,
            2 | 3 => TELLING_TOGETHER,
            _ => TELLING_EDGE,
        };
        add(proposals, from, reading, telling);
    }
    add(proposals, from, edge(tokens, from, today), TELLING_EDGE);
}

fn on(date: Option<Date>, to: usize) -> Option<(When, usize)> {
    date.map(|date| (When::On(date, 0), to))
}

fn day_word(tokens: &Tokens<'_>, at: usize, today: Date) -> Option<(When, usize)> {
    let shifted = |days: i64| today.checked_add(days.days()).ok();
    match tokens.text(at) {
        "today" | "aaj" | "tonight" | "heute" | "hoy" => on(Some(today), at + 1),
        "tomorrow" | "tmrw" | "tmr" | "tomorow" | "tommorow" | "tommorrow" | "morgen" | "manana" => {
            on(shifted(1), at + 1)
        }
        "yesterday" | "yday" | "gestern" | "ayer" => on(shifted(-1), at + 1),
        "kal" => Some((When::Beside(1), at + 1)),
        "parso" | "parson" => Some((When::Beside(2), at + 1)),
        "day" if tokens.text(at + 1) == "after" && tokens.text(at + 2) == "tomorrow" => {
            on(shifted(2), at + 3)
        }
        "day" if tokens.text(at + 1) == "before" && tokens.text(at + 2) == "yesterday" => {
            on(shifted(-2), at + 3)
        }
        "last" if tokens.text(at + 1) == "night" => on(shifted(-1), at + 2),
        "this" if matches!(tokens.text(at + 1), "morning" | "evening" | "afternoon") => {
            on(Some(today), at + 2)
        }
        "from" if tokens.text(at + 1) == "now" && tokens.text(at + 2) == "on" => on(Some(today), at + 3),
        "right" if tokens.text(at + 1) == "now" => on(Some(today), at + 2),
        _ => None,
    }
}

/// "friday", "next friday", "this coming monday", "last tuesday".
fn weekday(tokens: &Tokens<'_>, at: usize) -> Option<(When, usize)> {
    if let Some(weekday) = month::weekday(tokens.text(at)) {
        return Some((When::Weekday(weekday), at + 1));
    }
    let next = if tokens.text(at + 1) == "coming" { at + 2 } else { at + 1 };
    let weekday = month::weekday(tokens.text(next))?;
    match tokens.text(at) {
        "next" => Some((When::NextWeekday(weekday), next + 1)),
        "this" | "coming" | "upcoming" => Some((When::Weekday(weekday), next + 1)),
        _ => None,
    }
}

/// "next month", "last week", "this year". A neighbouring month or year is its first day or the same day in
/// it, depending on who says it, so it is never certain.
fn neighbour(tokens: &Tokens<'_>, at: usize, today: Date) -> Option<(When, usize)> {
    if let ("last", Some(weekday)) = (tokens.text(at), month::weekday(tokens.text(at + 1))) {
        return on(today.nth_weekday(-1, weekday).ok(), at + 2);
    }
    let (_, unit) = length::unit(tokens.text(at + 1)).filter(|_| !length::is_letter(tokens.text(at + 1)))?;
    let one = Cycle::new(1, unit).ok()?;
    let date = match tokens.text(at) {
        "next" | "agle" => length::later(today, one)?,
        "last" | "pichle" => length::earlier(today, one)?,
        _ => return None,
    };
    Some((When::On(date, 200), at + 2))
}

/// "in 10 days", "10 days from now", "a week from today".
fn ahead(tokens: &Tokens<'_>, at: usize, today: Date) -> Option<(When, usize)> {
    if matches!(tokens.text(at), "in" | "within") {
        let (length, to) = article_or_count(tokens, at + 1)?;
        return on(length::later(today, length), to);
    }
    let (length, to) = article_or_count(tokens, at)?;
    let from_now = tokens.text(to) == "from" && matches!(tokens.text(to + 1), "now" | "today");
    if from_now {
        return on(length::later(today, length), to + 2);
    }
    matches!(tokens.text(to), "later" | "hence").then(|| on(length::later(today, length), to + 1)).flatten()
}

/// "3 days ago", "a month back", "2 mahine pehle".
fn behind(tokens: &Tokens<'_>, at: usize, today: Date) -> Option<(When, usize)> {
    let (length, to) = article_or_count(tokens, at)?;
    let ago = matches!(tokens.text(to), "ago" | "back" | "pehle" | "earlier");
    ago.then(|| on(length::earlier(today, length), to + 1)).flatten()
}

fn article_or_count(tokens: &Tokens<'_>, at: usize) -> Option<(Cycle, usize)> {
    if matches!(tokens.text(at), "a" | "an") {
        let word = tokens.text(at + 1);
        let (each, unit) = length::unit(word).filter(|_| !length::is_letter(word))?;
        return Cycle::new(each, unit).ok().map(|cycle| (cycle, at + 2));
    }
    length::read(tokens, at)
}

/// "the end of the month", "month end", "start of June", "1st of next month", "the last day of every month".
fn edge(tokens: &Tokens<'_>, at: usize, today: Date) -> Option<(When, usize)> {
    if matches!(tokens.text(at), "month" | "months") && tokens.text(at + 1) == "end" {
        return on(Some(today.last_of_month()), at + 2);
    }
    let (edge, next) = edge_word(tokens, at)?;
    let next = if matches!(tokens.text(next), "of" | "-") { next + 1 } else { next };
    if let Some(month) = month::named(tokens.text(next)) {
        let first = When::Month(month).resolve(today, super::Toward::Future)?.0;
        return on(edge.of(first), next + 1);
    }
    let (offset, next) = match tokens.text(next) {
        "next" => (1_i64, next + 1),
        "the" | "this" | "every" | "each" | "har" | "per" => (0, next + 1),
        _ => (0, next),
    };
    if !matches!(tokens.text(next), "month" | "mahine" | "monthly") {
        return None;
    }
    let month = today.first_of_month().checked_add(offset.months()).ok()?;
    let day = edge.of(month)?;
    let passed = day < today && offset == 0;
    let day = if passed { edge.of(month.checked_add(1.months()).ok()?) } else { Some(day) };
    on(day, next + 1)
}

#[derive(Clone, Copy)]
enum Edge {
    Day(i8),
    Last,
}

impl Edge {
    fn of(self, month: Date) -> Option<Date> {
        match self {
            Self::Day(day) => month.with().day(day.min(month.days_in_month())).build().ok(),
            Self::Last => Some(month.last_of_month()),
        }
    }
}

fn edge_word(tokens: &Tokens<'_>, at: usize) -> Option<(Edge, usize)> {
    match tokens.text(at) {
        "end" => Some((Edge::Last, at + 1)),
        "last" if tokens.text(at + 1) == "day" => Some((Edge::Last, at + 2)),
        "start" | "beginning" | "first" if tokens.text(at + 1) == "of" => Some((Edge::Day(1), at + 1)),
        "first" if tokens.text(at + 1) == "day" => Some((Edge::Day(1), at + 2)),
        "mid" | "middle" => Some((Edge::Day(15), at + 1)),
        _ => {
            let day = tokens.whole(at, 31).filter(|day| *day > 0)?;
            let ending = matches!(tokens.text(at + 1), "st" | "nd" | "rd" | "th") && tokens.glued(at + 1);
            let next_month =
                tokens.text(at + 2) == "of" && matches!(tokens.text(at + 3), "next" | "this" | "the");
            (ending && next_month).then_some((Edge::Day(i8::try_from(day).ok()?), at + 2))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{
        super::{super::Phrase, Toward},
        *,
    };

    #[test]
    fn dates_told_from_today() {
        let context = Context {
            today: date(2026, 5, 5),
            locale: "en-US".parse().unwrap(),
            currency: kernel::Currency::USD,
        };
        for (text, expected) in [
            ("today", date(2026, 5, 5)),
            ("tomorrow", date(2026, 5, 6)),
            ("day after tomorrow", date(2026, 5, 7)),
            ("in 10 days", date(2026, 5, 15)),
            ("in two weeks", date(2026, 5, 19)),
            ("a week from now", date(2026, 5, 12)),
            ("3 days ago", date(2026, 5, 2)),
            ("next friday", date(2026, 5, 8)),
            ("last friday", date(2026, 5, 1)),
            ("end of the month", date(2026, 5, 31)),
            ("last day of every month", date(2026, 5, 31)),
            ("1st of next month", date(2026, 6, 1)),
            ("start of June", date(2026, 6, 1)),
        ] {
            let tokens = Tokens::cut(text).unwrap();
            let mut proposals = Proposals { list: Vec::new() };
            propose(&tokens, 0, &context, &mut proposals);
            let best =
                proposals.list.iter().max_by_key(|candidate| candidate.score).map(|best| best.item.phrase);
            let Some(Phrase::Date(when)) = best else { panic!("{text}") };
            assert_eq!(
                when.resolve(context.today, Toward::Future).map(|(day, _)| day),
                Some(expected),
                "{text}"
            );
        }
    }
}
