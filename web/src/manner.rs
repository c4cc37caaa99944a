//! How one person reads.

use jiff::{ToSpan, civil::Date};
use kernel::{Cycle, Locale, Money};

use crate::format;

/// How one person reads money and dates, and which day it is for them. Every template has one, as
/// `shell.manner`.
///
/// The methods take references because templates pass every argument as one.
#[derive(Debug, Clone)]
pub struct Manner {
    locale: Locale,
    today: Date,
}

impl Manner {
    /// The manner of `locale`, on the day it is in the person's time zone.
    pub const fn new(locale: Locale, today: Date) -> Self {
        Self { locale, today }
    }

    /// The manner of a page for nobody in particular: it shows no date and no amount of anybody's.
    #[expect(clippy::expect_used, reason = "the tag is well formed, as a test shows")]
    pub fn of_nobody() -> Self {
        Self::new("en-GB".parse().expect("a well-formed tag"), Date::ZERO)
    }

    /// The locale.
    pub const fn locale(&self) -> &Locale {
        &self.locale
    }

    /// Which day it is for the person.
    pub const fn today(&self) -> Date {
        self.today
    }

    /// What the page's `lang` says. The texts are English, of the person's own kind where they read English;
    /// to claim another language would make a screen reader mispronounce all of it.
    pub fn language(&self) -> &str {
        if self.locale.language() == "en" { self.locale.as_str() } else { "en" }
    }

    /// `₹4,99,000.00`.
    pub fn money(&self, money: &Money) -> String {
        format::money(*money, &self.locale)
    }

    /// Whether an amount is so long that on a phone it needs a line of its own.
    pub fn is_long(&self, money: &Money) -> bool {
        self.money(money).chars().count() > 13
    }

    /// `5 Jun 2026`.
    pub fn date(&self, date: &Date) -> String {
        format::date(*date, &self.locale)
    }

    /// `5 Jun` in this year, `5 Jun 2027` in another.
    pub fn day(&self, date: &Date) -> String {
        if date.year() == self.today.year() {
            format::day(*date, &self.locale)
        } else {
            format::date(*date, &self.locale)
        }
    }

    /// A month with its year: `June 2026`.
    pub fn month(&self, date: &Date) -> String {
        format::month_of_year(*date)
    }

    /// A month in three letters: `Jun`.
    pub fn month_letters(&self, date: &Date) -> String {
        format::month_letters(*date).to_owned()
    }

    /// The first day of the week that a date is in, as weeks begin where this reader is.
    pub fn week_start(&self, date: &Date) -> Date {
        format::week_start(*date, &self.locale)
    }

    /// The days of a week, in the order in which they come where this reader is.
    pub fn weekdays(&self) -> Vec<&'static str> {
        let first = self.week_start(&self.today);
        (0..7).map(|days: i64| format::weekday(first.saturating_add(days.days()))).collect()
    }

    /// `Friday 5 Jun`, with the year where it is another one.
    pub fn weekday(&self, date: &Date) -> String {
        format!("{} {}", format::weekday(*date), self.day(date))
    }

    /// `today`, `tomorrow`, `in 3 days`.
    pub fn relative(&self, date: &Date) -> String {
        format::relative(*date, self.today)
    }

    /// `monthly`; `once` for what has no cycle.
    pub fn cycle(&self, cycle: &Option<Cycle>) -> String {
        cycle.map_or_else(|| "once".to_owned(), format::cycle)
    }

    /// `a month`, as it follows a price; `once` for what has no cycle.
    pub fn per(&self, cycle: &Option<Cycle>) -> String {
        cycle.map_or_else(|| "once".to_owned(), format::per)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn pages_for_nobody_are_in_english() {
        assert_eq!(Manner::of_nobody().language(), "en-GB");
    }

    #[test]
    fn another_year_is_named() {
        let manner = Manner::new("en-IN".parse().unwrap(), date(2026, 12, 30));
        assert_eq!(manner.day(&date(2026, 12, 31)), "31 Dec");
        assert_eq!(manner.weekday(&date(2027, 1, 1)), "Friday 1 Jan 2027");
    }

    #[test]
    fn the_language_of_the_page_is_that_of_its_texts() {
        let language = |tag: &str| Manner::new(tag.parse().unwrap(), date(2026, 1, 1)).language().to_owned();
        assert_eq!((language("en-IN").as_str(), language("de-DE").as_str()), ("en-IN", "en"));
    }
}
