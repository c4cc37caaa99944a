//! Days, by name and by distance.

use jiff::{
    ToSpan,
    civil::{Date, Time, Weekday},
};
use kernel::Locale;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn month(date: Date) -> &'static str {
    usize::try_from(date.month())
        .ok()
        .and_then(|month| MONTHS.get(month.checked_sub(1)?))
        .copied()
        .unwrap_or("")
}

/// A date with its year: `5 Jun 2026`, and `Jun 5, 2026` where the month comes first.
pub fn date(date: Date, locale: &Locale) -> String {
    if locale.day_first() {
        format!("{} {} {}", date.day(), month(date), date.year())
    } else {
        format!("{} {}, {}", month(date), date.day(), date.year())
    }
}

/// A date whose year is plain from the context: `5 Jun`, `Jun 5`.
pub fn day(date: Date, locale: &Locale) -> String {
    if locale.day_first() {
        format!("{} {}", date.day(), month(date))
    } else {
        format!("{} {}", month(date), date.day())
    }
}

/// A month in three letters: `Jun`.
pub fn month_letters(date: Date) -> &'static str {
    month(date)
}

/// A month with its year: `June 2026`.
pub fn month_of_year(date: Date) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = usize::try_from(date.month()).ok().and_then(|month| NAMES.get(month.checked_sub(1)?)).copied();
    format!("{} {}", name.unwrap_or_default(), date.year())
}

/// The first day of the week that a date is in: a Sunday, a Saturday or a Monday, as CLDR has it for the region.
pub fn week_start(date: Date, locale: &Locale) -> Date {
    const SUNDAY: &[&str] = &[
        "AU", "BD", "BR", "CA", "CO", "HK", "ID", "IL", "IN", "JP", "KE", "KR", "MX", "NP", "PE", "PH", "PK",
        "SA", "SG", "TH", "TW", "US", "VE", "ZA",
    ];
    const SATURDAY: &[&str] =
        &["AE", "AF", "BH", "DZ", "EG", "IQ", "IR", "JO", "KW", "LY", "OM", "QA", "SD", "SY"];
    let region = locale.region().unwrap_or_default();
    let first = if SUNDAY.contains(&region) {
        Weekday::Sunday
    } else if SATURDAY.contains(&region) {
        Weekday::Saturday
    } else {
        Weekday::Monday
    };
    let since = i64::from(first.until(date.weekday()));
    date.saturating_sub(since.days())
}

/// The day of the week: `Friday`.
pub fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// How far a date is from today: `today`, `tomorrow`, `in 3 days`, `yesterday`, `12 days ago`.
///
/// Days are counted up to two months, because "in 5 weeks" would hide which day; beyond them whole calendar
/// months, then whole years, which is as exact as the word says.
pub fn relative(date: Date, today: Date) -> String {
    let days = days_between(today, date);
    match days {
        0 => return "today".into(),
        1 => return "tomorrow".into(),
        -1 => return "yesterday".into(),
        _ => {}
    }
    let (earlier, later) = if days > 0 { (today, date) } else { (date, today) };
    let months = whole_months(earlier, later);
    let distance = match (days.abs(), months) {
        (days @ ..=60, _) => counted(days, "day"),
        (_, months @ ..=23) => counted(months, "month"),
        (_, months) => counted(months / 12, "year"),
    };
    if days > 0 { format!("in {distance}") } else { format!("{distance} ago") }
}

fn counted(count: i64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn days_between(from: Date, to: Date) -> i64 {
    // A span in days between two dates always fits: jiff's years are -9999 to 9999.
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn whole_months(earlier: Date, later: Date) -> i64 {
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    // The 31st to the 30th of a shorter month is a whole month: there is no later day to wait for.
    let short = later.day() < earlier.day() && later.day() < later.days_in_month();
    months(later) - months(earlier) - i64::from(short)
}

/// What one says on meeting at this time of day.
pub fn greeting(time: Time) -> &'static str {
    match time.hour() {
        5..=11 => "Good morning",
        12..=16 => "Good afternoon",
        _ => "Good evening",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date as on, time};

    use super::*;

    fn locale(tag: &str) -> Locale {
        tag.parse().unwrap()
    }

    #[test]
    fn weeks_begin_where_the_reader_is() {
        let start = |locale: &str| week_start(on(2026, 5, 6), &locale.parse().unwrap()).to_string();
        assert_eq!(start("de-DE"), "2026-05-04");
        assert_eq!(start("en-IN"), "2026-05-03");
        assert_eq!(start("ar-EG"), "2026-05-02");
        assert_eq!(month_of_year(on(2026, 5, 6)), "May 2026");
    }

    #[test]
    fn the_month_comes_first_only_where_it_does() {
        let june = on(2026, 6, 5);
        assert_eq!(date(june, &locale("en-IN")), "5 Jun 2026");
        assert_eq!(date(june, &locale("de-DE")), "5 Jun 2026");
        assert_eq!(date(june, &locale("en-US")), "Jun 5, 2026");
        assert_eq!(day(june, &locale("en-GB")), "5 Jun");
        assert_eq!(day(june, &locale("en")), "Jun 5");
        assert_eq!(date(on(2027, 12, 31), &locale("en-GB")), "31 Dec 2027");
        assert_eq!(weekday(june), "Friday");
    }

    #[test]
    fn distances_are_exact_to_what_they_say() {
        let today = on(2026, 5, 14);
        for (date, expected) in [
            (on(2026, 5, 14), "today"),
            (on(2026, 5, 15), "tomorrow"),
            (on(2026, 5, 13), "yesterday"),
            (on(2026, 5, 17), "in 3 days"),
            (on(2026, 5, 2), "12 days ago"),
            (on(2026, 7, 13), "in 60 days"),
            (on(2026, 7, 14), "in 2 months"),
            (on(2026, 8, 13), "in 2 months"),
            (on(2026, 8, 14), "in 3 months"),
            (on(2027, 5, 14), "in 12 months"),
            (on(2028, 5, 13), "in 23 months"),
            (on(2028, 5, 14), "in 2 years"),
            (on(2023, 5, 15), "2 years ago"),
            (on(2023, 5, 14), "3 years ago"),
            (Date::MAX, "in 7973 years"),
        ] {
            assert_eq!(relative(date, today), expected, "{date}");
        }
        assert_eq!(relative(on(2026, 11, 30), on(2026, 8, 31)), "in 3 months");
        assert_eq!(relative(on(2028, 2, 29), on(2027, 2, 28)), "in 12 months");
    }

    #[test]
    fn distances_count_days_across_leap_days_and_years() {
        assert_eq!(relative(on(2028, 3, 1), on(2028, 2, 28)), "in 2 days");
        assert_eq!(relative(on(2027, 1, 1), on(2026, 12, 31)), "tomorrow");
    }

    #[test]
    fn greetings_follow_the_day() {
        for (hour, expected) in
            [(4, "Good evening"), (5, "Good morning"), (12, "Good afternoon"), (17, "Good evening")]
        {
            assert_eq!(greeting(time(hour, 0, 0, 0)), expected, "{hour}");
        }
    }
}
