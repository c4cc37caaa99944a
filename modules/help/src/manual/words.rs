//! What a question and a text have in common: the stems of words that tell something.

use std::{collections::HashSet, sync::LazyLock};

use rust_stemmers::{Algorithm, Stemmer};

/// Words that are in every question.
const IDLE: &str = "a an and are as at be been but by can cannot cant could did do does doesnt dont for from get gets got had \
    has have how i if im in into is isnt it its just like make me my of on one or our out please shall should so some \
    such tell than that the their them then there these they thing this to too up us use used using want was we were \
    what when where which who why will with would you your perennial app way possible need about any after all also am \
    even every own";

/// Words that say little by themselves, whatever they are asked with: that the manual never says one of them tells nothing
/// of whether it knows.
const COMMON: &str = "actually again allow already always another around ask back become begin best better big both \
    bring call certain change come contain day different do done each else enough ever exactly exist explain far few \
    find first give go good great happen help here high important instead keep kind know large last later least leave \
    less let little long look low lot many maybe mean more most much must never new next nothing now number off often \
    old once only open other part people place please point put quite rather really right run same say second see \
    seem several show side since small something sometimes soon sort start still stop take talk tell thing think time \
    together try turn twice type under understand until usual very wait way well while whole without word work wrong yet";

/// Whether a stem is one of the words that say little by themselves.
pub(super) fn is_common(stem: &str) -> bool {
    static STEMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let stemmer = Stemmer::create(Algorithm::English);
        COMMON.split_whitespace().map(|word| stemmer.stem(word).into_owned()).collect()
    });
    STEMS.contains(stem)
}

/// Words that people use for those of the manual. Each gives the words of its row as well.
const ALIKE: [&str; 40] = [
    "notification alert message ping",
    "reminder remind notify",
    "delete remove erase",
    "cancel quit stop unsubscribe end",
    "export backup download takeout",
    "import upload migrate bring",
    "wallos subtrackr tracker",
    "household family wife husband partner spouse flatmate roommate couple together",
    "share split divide",
    "invite add join",
    "currency dollar euro rupee yen money forex",
    "rate exchange conversion convert",
    "zone timezone travel abroad moved",
    "dark theme night light",
    "keyboard shortcut keys mouse",
    "screen reader blind accessibility",
    "javascript script scripts",
    "password login signin log forgot locked",
    "phone mobile android iphone homescreen install",
    "calendar google apple outlook ical ics",
    "bank statement csv ofx mt940 camt",
    "budget limit overspend",
    "spending spent expense cost statistics chart",
    "forecast future upcoming come",
    "trial free",
    "price amount cost",
    "rise increase raise hike",
    "duplicate twice double",
    "receipt invoice document pdf attachment file",
    "undo revert mistake",
    "snooze later postpone",
    "weekend saturday sunday",
    "privacy data gdpr personal",
    "sentence phrase wording words",
    "decimal comma point separator",
    "cheap cheaper discount promotion offer introductory",
    "api interface program developer",
    "log logs logging record",
    "old age stale outdated",
    "telegram discord slack email mail ntfy push webhook channel",
];

/// The stems of the words of a text that tell something, in order.
pub(super) fn stems(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    words(text).map(|word| stemmer.stem(&word).into_owned()).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let text = text.to_lowercase().replace(['\u{2019}', '\''], "");
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter().filter(|word| !IDLE.split_whitespace().any(|idle| idle == word))
}

/// The stems that a question asks for, each with those that mean nearly the same.
pub(super) fn asked(question: &str) -> Vec<(String, Vec<String>)> {
    let stemmer = Stemmer::create(Algorithm::English);
    let rows: Vec<Vec<String>> = ALIKE
        .iter()
        .map(|row| row.split_whitespace().map(|word| stemmer.stem(word).into_owned()).collect())
        .collect();
    let mut asked: Vec<(String, Vec<String>)> = Vec::new();
    for stem in stems(question) {
        if asked.iter().any(|(known, _)| *known == stem) {
            continue;
        }
        let alike = rows.iter().filter(|row| row.contains(&stem)).flatten().filter(|other| **other != stem);
        let alike = alike.cloned().collect();
        asked.push((stem, alike));
    }
    asked
}

/// Whether a question has a word that tells something.
pub(crate) fn says_something(question: &str) -> bool {
    words(question).next().is_some()
}

/// Every word of a text, small, with where it stands.
pub(super) fn spans(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut spans = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                spans.push((from..at, text.get(from..at).unwrap_or("").to_lowercase()));
                begin = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    spans
}

/// How many telling words of a question stand in a text, words that mean nearly the same among them, and how many it has.
pub(crate) fn same_words(question: &str, text: &str) -> (usize, usize) {
    let there = stems(text);
    let asked = asked(question);
    let common = asked
        .iter()
        .filter(|(stem, alike)| there.contains(stem) || alike.iter().any(|it| there.contains(it)));
    (common.count(), asked.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_stand() {
        let text = "Café, “31 May”";
        let found: Vec<_> = spans(text).into_iter().map(|(at, word)| (text[at].to_owned(), word)).collect();
        let pair = |there: &str, word: &str| (there.to_owned(), word.to_owned());
        assert_eq!(found, [pair("Café", "café"), pair("31", "31"), pair("May", "may")]);
        assert!(says_something("dark mode") && !says_something(" how do I? "));
    }

    #[test]
    fn a_question_is_the_stems_of_its_telling_words() {
        let stems: Vec<_> =
            asked("How do I cancel my subscriptions?").into_iter().map(|(stem, _)| stem).collect();
        assert_eq!(stems, ["cancel", "subscript"]);
        assert!(asked("remove").first().is_some_and(|(_, alike)| alike.contains(&"delet".to_owned())));
    }
}
