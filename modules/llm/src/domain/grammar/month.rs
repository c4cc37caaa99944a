//! The names of months, weekdays and days of the month.

use jiff::civil::Weekday;

/// A month by its English name or abbreviation, and by the commonest foreign ones.
pub(super) fn named(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" | "januar" | "janvier" | "enero" | "janeiro" | "gennaio" | "januari" => 1,
        "february" | "feb" | "februar" | "fevrier" | "febrero" | "fevereiro" | "febbraio" | "februari" => 2,
        "march" | "mar" | "marz" | "maerz" | "mars" | "marzo" | "marco" | "maart" => 3,
        "april" | "apr" | "avril" | "abril" | "aprile" => 4,
        "may" | "mai" | "mayo" | "maio" | "maggio" | "mei" => 5,
        "june" | "jun" | "juni" | "juin" | "junio" | "junho" | "giugno" => 6,
        "july" | "jul" | "juli" | "juillet" | "julio" | "julho" | "luglio" => 7,
        "august" | "aug" | "aout" | "agosto" | "augustus" | "augusti" => 8,
        "september" | "sep" | "sept" | "septembre" | "septiembre" | "setembro" | "settembre" => 9,
        "october" | "oct" | "oktober" | "okt" | "octobre" | "octubre" | "outubro" | "ottobre" => 10,
        "november" | "nov" | "novembre" | "noviembre" | "novembro" => 11,
        "december" | "dec" | "dezember" | "dez" | "decembre" | "diciembre" | "dezembro" | "dicembre" => 12,
        _ => return None,
    })
}

/// Months whose name is another word as well.
pub(super) fn is_everyday(word: &str) -> bool {
    matches!(word, "may" | "mar" | "march" | "mai" | "sep" | "dec" | "mars" | "jan")
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mondays" | "somvar" | "montag" => Weekday::Monday,
        "tuesday" | "tuesdays" | "tues" | "tue" | "mangalvar" | "dienstag" => Weekday::Tuesday,
        "wednesday" | "wednesdays" | "wed" | "budhvar" | "mittwoch" => Weekday::Wednesday,
        "thursday" | "thursdays" | "thurs" | "thu" | "thur" | "guruvar" | "donnerstag" => Weekday::Thursday,
        "friday" | "fridays" | "fri" | "shukravar" | "freitag" => Weekday::Friday,
        "saturday" | "saturdays" | "shanivar" | "samstag" => Weekday::Saturday,
        "sunday" | "sundays" | "ravivar" | "sonntag" => Weekday::Sunday,
        _ => return None,
    })
}

/// "first" to "thirty first", as days of a month; units and tens only, compounds are two tokens.
pub(super) fn ordinal_word(word: &str) -> Option<i8> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}
