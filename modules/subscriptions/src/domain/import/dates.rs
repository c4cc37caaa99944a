//! Dates as people and banks write them, and what a whole column of them says about which number is the day.

use jiff::civil::Date;

use super::Evidence;

/// Which number of a date written in numbers alone comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `2026-05-31`.
    YearFirst,
    /// `31/05/2026`.
    DayFirst,
    /// `05/31/2026`.
    MonthFirst,
}

/// What a column of dates says. A year of four digits, a number above twelve, points between the numbers (nobody
/// writes the month first with those), and, where all that is silent, that a list is in order of time.
pub(super) fn order<'a>(column: impl Iterator<Item = &'a str>) -> Evidence<DateOrder> {
    let mut possible = Possible { year: true, day: true, month: true };
    let mut seen = 0_usize;
    let mut numbers = Vec::new();
    for text in column {
        let Some(Written::Numbers(parts)) = Written::read(text) else { continue };
        seen += 1;
        possible.narrow(&parts);
        numbers.push(parts);
    }
    if seen == 0 {
        // Words for months, or nothing at all: every order reads them alike.
        return Evidence::Sure(DateOrder::DayFirst);
    }
    match possible.left().as_slice() {
        [] => Evidence::Contradiction,
        [one] => Evidence::Sure(*one),
        several => by_sequence(several, &numbers),
    }
}

struct Possible {
    year: bool,
    day: bool,
    month: bool,
}

impl Possible {
    fn narrow(&mut self, parts: &Numbers) {
        let fits = |order| parts.date(order).is_some();
        self.year &= fits(DateOrder::YearFirst);
        self.day &= fits(DateOrder::DayFirst);
        self.month &= fits(DateOrder::MonthFirst) && !parts.points;
    }

    fn left(&self) -> Vec<DateOrder> {
        [
            (self.year, DateOrder::YearFirst),
            (self.day, DateOrder::DayFirst),
            (self.month, DateOrder::MonthFirst),
        ]
        .into_iter()
        .filter_map(|(possible, order)| possible.then_some(order))
        .collect()
    }
}

/// Statements are in order of time, forwards or backwards: when only one reading is, it is the right one. Three
/// different dates are the least that show it.
fn by_sequence(orders: &[DateOrder], numbers: &[Numbers]) -> Evidence<DateOrder> {
    let mut in_order = orders.iter().filter(|order| {
        let dates: Vec<Date> = numbers.iter().filter_map(|parts| parts.date(**order)).collect();
        dates.is_sorted() || dates.iter().rev().is_sorted()
    });
    let different = {
        let mut texts: Vec<_> = numbers.iter().map(|parts| parts.parts).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.len()
    };
    match (in_order.next(), in_order.next()) {
        (Some(order), None) if different >= 3 => Evidence::Sure(*order),
        _ => Evidence::Open,
    }
}

/// The date that a text tells, when it tells one in that order.
pub(super) fn read(text: &str, order: DateOrder) -> Option<Date> {
    match Written::read(text)? {
        Written::Numbers(parts) => parts.date(order),
        Written::Named(date) => Some(date),
    }
}

enum Written {
    Numbers(Numbers),
    /// The month is a word: there is no doubt.
    Named(Date),
}

/// Three numbers, with how many digits each was written.
struct Numbers {
    parts: [(u16, usize); 3],
    points: bool,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (day, points) = (date_part(text), text.contains('.'));
        if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = |range: std::ops::Range<usize>| day[range].parse().ok();
            let parts = [(number(0..4)?, 4), (number(4..6)?, 2), (number(6..8)?, 2)];
            return Some(Self::Numbers(Numbers { parts, points: false }));
        }
        let pieces: Vec<&str> =
            day.split(['-', '/', '.', ' ', ',', '\u{a0}']).filter(|piece| !piece.is_empty()).collect();
        let [one, two, three] = pieces[..] else { return None };
        let number = |piece: &str| {
            let digits =
                !piece.is_empty() && piece.len() <= 4 && piece.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| piece.parse().ok().map(|value: u16| (value, piece.len())))?
        };
        match (number(one), number(two), number(three)) {
            (Some(one), Some(two), Some(three)) => {
                Some(Self::Numbers(Numbers { parts: [one, two, three], points }))
            }
            // 5 May 2026, 2026 May 5
            (Some(first), None, Some(last)) => {
                let month = month_named(two)?;
                let (day, year) = if first.1 == 4 { (last, first) } else { (first, last) };
                civil(full_year(year)?, month, day.0).map(Self::Named)
            }
            // May 5, 2026
            (None, Some(day), Some(year)) => {
                civil(full_year(year)?, month_named(one)?, day.0).map(Self::Named)
            }
            _ => None,
        }
    }
}

/// Without the time of day that some banks put behind the date.
fn date_part(text: &str) -> &str {
    let end = text
        .find(|c: char| matches!(c, 'T' | ':') && text.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(text.len());
    let day = &text[..end];
    // `31/05/2026 12:30` leaves ` 12` behind.
    match (end < text.len() && text[end..].starts_with(':'), day.rfind(' ')) {
        (true, Some(space)) => day[..space].trim_end(),
        _ => day.trim_end(),
    }
}

impl Numbers {
    fn date(&self, order: DateOrder) -> Option<Date> {
        let [one, two, three] = self.parts;
        let (year, month, day) = match order {
            DateOrder::YearFirst => (one, two, three),
            DateOrder::DayFirst => (three, two, one),
            DateOrder::MonthFirst => (three, one, two),
        };
        // A year of two digits that comes first could be a day: only one above the days of a month is taken for a year.
        if order == DateOrder::YearFirst && year.1 == 2 && year.0 <= 31 {
            return None;
        }
        // A day or a month is never written with three digits or more.
        if month.1 > 2 || day.1 > 2 {
            return None;
        }
        civil(full_year(year)?, month.0, day.0)
    }
}

fn full_year((year, digits): (u16, usize)) -> Option<i16> {
    match digits {
        4 => i16::try_from(year).ok().filter(|year| (1900..=2199).contains(year)),
        2 => i16::try_from(year).ok().map(|year| year + if year >= 70 { 1900 } else { 2000 }),
        _ => None,
    }
}

fn civil(year: i16, month: u16, day: u16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The names of months, full or short, in the languages of those whose exports are met most.
fn month_named(word: &str) -> Option<u16> {
    let word = super::columns::folded(word);
    if word.chars().count() < 3 {
        return None;
    }
    let found = MONTHS.iter().position(|names| {
        names.split(' ').any(|name| name == word || (word.chars().count() >= 3 && name.starts_with(&word)))
    })?;
    u16::try_from(found + 1).ok()
}

const MONTHS: [&str; 12] = [
    "january januar janvier enero gennaio janeiro januari jan",
    "february februar fevrier febrero febbraio fevereiro februari feb",
    "march marz maerz mars marzo marco maart mar mrz mrt",
    "april avril abril aprile apr",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho jun",
    "july juli juillet julio luglio julho jul",
    "august aout agosto augustus aug",
    "september septembre septiembre settembre setembro sept",
    "october oktober octobre octubre ottobre outubro oct okt",
    "november novembre noviembre novembro nov",
    "december dezember decembre diciembre dicembre dezembro dec dez",
];

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{DateOrder::*, *};

    fn found(column: &[&str]) -> Evidence<DateOrder> {
        order(column.iter().copied())
    }

    #[test]
    fn a_column_decides_which_number_is_the_day() {
        assert_eq!(found(&["01/02/2026", "13/02/2026"]), Evidence::Sure(DayFirst));
        assert_eq!(found(&["01/02/2026", "02/13/2026"]), Evidence::Sure(MonthFirst));
        assert_eq!(found(&["2026-01-02"]), Evidence::Sure(YearFirst));
        assert_eq!(found(&["20260102"]), Evidence::Sure(YearFirst));
        assert_eq!(found(&["01.02.2026"]), Evidence::Sure(DayFirst));
        assert_eq!(found(&["01.02.26", "05.02.26"]), Evidence::Sure(DayFirst));
        assert_eq!(found(&["1 Feb 2026", "5 Feb 2026"]), Evidence::Sure(DayFirst));
        assert_eq!(found(&["13/02/2026", "02/13/2026"]), Evidence::Contradiction);
        assert_eq!(found(&["01/02/2026", "03/04/2026"]), Evidence::Open);
    }

    #[test]
    fn an_order_of_time_decides_where_the_numbers_do_not() {
        // 5 January to 6 March, a line a month: read with the month first, they jump about.
        assert_eq!(found(&["05/01/2026", "07/02/2026", "06/03/2026"]), Evidence::Sure(DayFirst));
        assert_eq!(found(&["06/03/2026", "07/02/2026", "05/01/2026"]), Evidence::Sure(DayFirst));
    }

    #[test]
    fn dates_are_read_as_they_are_written() {
        for (text, order, expected) in [
            ("31/05/2026", DayFirst, date(2026, 5, 31)),
            ("5/31/26", MonthFirst, date(2026, 5, 31)),
            ("2026-05-31T10:00:00Z", YearFirst, date(2026, 5, 31)),
            ("31/05/2026 23:59:59", DayFirst, date(2026, 5, 31)),
            ("2026/05/31", YearFirst, date(2026, 5, 31)),
            ("20260531", YearFirst, date(2026, 5, 31)),
            ("31-May-26", MonthFirst, date(2026, 5, 31)),
            ("May 31, 2026", DayFirst, date(2026, 5, 31)),
            ("31. Mai 2026", DayFirst, date(2026, 5, 31)),
            ("1 août 2026", DayFirst, date(2026, 8, 1)),
            ("3 März 2026", DayFirst, date(2026, 3, 3)),
            ("29.02.24", DayFirst, date(2024, 2, 29)),
            ("01.01.1999", DayFirst, date(1999, 1, 1)),
        ] {
            assert_eq!(read(text, order), Some(expected), "{text}");
        }
        for wrong in ["", "soon", "31/02/2026", "1/1", "2026-13-01", "99999999", "1/2/3", "5 M 2026"] {
            assert_eq!(read(wrong, DayFirst), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,24}") {
            let _ = order(std::iter::once(text.as_str()));
            for order in [YearFirst, DayFirst, MonthFirst] {
                let _ = read(&text, order);
            }
        }
    }
}
