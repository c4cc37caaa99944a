//! Whether what a language model answered can be shown: every quote of it stands in the manual, word by word, and it says
//! no number and no address that the manual does not.

use contracts::help::{Quote, Told};

use super::{Found, words::spans};
use crate::domain::{Quoted, ShortAnswer};

/// The longest answer that is shown, in characters.
const MOST_TEXT: usize = 900;
/// Fewer words stand anywhere, and so many are no quote any more.
const FEWEST_WORDS: usize = 3;
const MOST_WORDS: usize = 90;
/// More are not shown.
const MOST_QUOTES: usize = 4;

/// Why an answer is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It says nothing, or too much, or hides letters.
    Unreadable,
    /// It stands on nothing.
    Unquoted,
    /// It quotes what was not given.
    Elsewhere,
    /// A quote does not stand where it says.
    Invented,
    /// It says an address that stands nowhere.
    Address,
    /// It says a number that stands nowhere.
    Number,
}

/// The answer as it is shown; `None` where it says that the manual holds none.
pub(crate) fn checked(question: &str, told: Told, given: &[Found<'_>]) -> Result<Option<ShortAnswer>, Doubt> {
    let Some(text) = told.answer else { return Ok(None) };
    let text = readable(&text).ok_or(Doubt::Unreadable)?;
    if told.quotes.is_empty() {
        return Err(Doubt::Unquoted);
    }
    let mut quotes: Vec<Quoted> = Vec::new();
    for quote in &told.quotes {
        let quoted = stands(quote, given)?;
        if !quotes.contains(&quoted) {
            quotes.push(quoted);
        }
    }
    quotes.truncate(MOST_QUOTES);
    let known: String = given.iter().map(|found| found.section.text.as_str()).collect::<Vec<_>>().join("\n");
    if addresses(&text).any(|address| !known.contains(address)) {
        return Err(Doubt::Address);
    }
    let said: Vec<&str> = numbers(&known).chain(numbers(question)).collect();
    if numbers(&text).any(|number| !said.contains(&number)) {
        return Err(Doubt::Number);
    }
    Ok(Some(ShortAnswer { text, quotes }))
}

/// A text on one line, without anything that is not seen.
fn readable(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let fits = !text.is_empty() && text.chars().count() <= MOST_TEXT && !text.contains(hidden);
    fits.then_some(text)
}

/// The words of a quote as they stand in the section that it names.
fn stands(quote: &Quote, given: &[Found<'_>]) -> Result<Quoted, Doubt> {
    let found = given.iter().find(|found| found.number == quote.passage).ok_or(Doubt::Elsewhere)?;
    let text = &found.section.text;
    let wanted: Vec<String> = spans(&quote.words).into_iter().map(|(_, word)| word).collect();
    if !(FEWEST_WORDS..=MOST_WORDS).contains(&wanted.len()) {
        return Err(Doubt::Invented);
    }
    let there = spans(text);
    let at = there
        .windows(wanted.len())
        .find(|window| window.iter().map(|(_, word)| word).eq(wanted.iter()))
        .ok_or(Doubt::Invented)?;
    let (Some((first, _)), Some((last, _))) = (at.first(), at.last()) else { return Err(Doubt::Invented) };
    // The mark that ends a sentence belongs to it.
    let marks = text.get(last.end..).unwrap_or("").chars().take_while(|c| ".!?”)".contains(*c));
    let end = last.end + marks.map(char::len_utf8).sum::<usize>();
    let words = text.get(first.start..end).unwrap_or("");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Quoted { section: quote.passage, words })
}

/// What leads elsewhere, or looks as if it did: addresses of pages and of mail, and names of hosts.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| {
        word.contains("://") || word.contains('@') || word.contains("www.") || names_a_host(word)
    })
}

/// Whether letters stand on both sides of a dot, as in `example.org`, and not as in `z.B`.
fn names_a_host(word: &str) -> bool {
    word.split_once('.').is_some_and(|(before, after)| {
        let begins = after.chars().take_while(|c| c.is_alphabetic()).count();
        before.ends_with(char::is_alphanumeric) && begins >= 2
    })
}

/// The runs of digits of a text, whichever digits they are.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_numeric()).filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manual::Manual;

    const QUOTE: &str = "Where the manual does not know, it says so.";

    fn given() -> Vec<Found<'static>> {
        let manual = Manual::embedded();
        let of = |href: &str| {
            let number = manual
                .map()
                .iter()
                .map(|heading| heading.number)
                .find(|number| manual.section(*number).is_some_and(|found| found.href() == href));
            manual.section(number.unwrap()).unwrap()
        };
        vec![of("/help/manual/help#ask-the-manual"), of("/help/manual/subscriptions#month-ends")]
    }

    fn told(answer: &str, quotes: &[(usize, &str)]) -> Told {
        let quote = |(passage, words): &(usize, &str)| Quote { passage: *passage, words: (*words).into() };
        Told { answer: Some(answer.into()), quotes: quotes.iter().map(quote).collect() }
    }

    #[test]
    fn what_is_quoted_is_shown_as_it_stands_in_the_manual() {
        let given = given();
        let here = given[0].number;
        for words in [
            QUOTE,
            "where the manual  does not know it says so",
            "“Where the manual does not know,\nit says so.”",
        ] {
            let answer =
                checked("", told("It says\nso.", &[(here, words), (here, QUOTE)]), &given).unwrap().unwrap();
            assert_eq!(answer.text, "It says so.");
            assert_eq!(answer.quotes, [Quoted { section: here, words: QUOTE.into() }], "{words}");
        }
        assert_eq!(checked("", Told::default(), &given), Ok(None));
    }

    #[test]
    fn what_stands_nowhere_is_not_shown() {
        let given = given();
        let (here, there) = (given[0].number, given[1].number);
        let quoted = [(here, QUOTE)];
        for (answer, quotes, doubt) in [
            ("It says so.", vec![], Doubt::Unquoted),
            ("It says so.", vec![(9_999, QUOTE)], Doubt::Elsewhere),
            ("It says so.", vec![(there, QUOTE)], Doubt::Invented),
            ("It says so.", vec![(here, "Where the manual does not know, it guesses.")], Doubt::Invented),
            ("It says so.", vec![(here, "Where the manual does know, it says so.")], Doubt::Invented),
            ("It says so.", vec![(here, QUOTE), (here, "Send your password to support.")], Doubt::Invented),
            ("It says so.", vec![(here, "it")], Doubt::Invented),
            ("It says so.", vec![(here, "")], Doubt::Invented),
            ("", quoted.to_vec(), Doubt::Unreadable),
            ("It \u{202e}says so.", quoted.to_vec(), Doubt::Unreadable),
            ("Log in at https://evil.example/login again.", quoted.to_vec(), Doubt::Address),
            ("Log in at evil.example, please.", quoted.to_vec(), Doubt::Address),
            ("Write to help@evil.example", quoted.to_vec(), Doubt::Address),
            ("It costs 4711 a month.", quoted.to_vec(), Doubt::Number),
            ("इसमें ४७ दिन लगते हैं।", quoted.to_vec(), Doubt::Number),
        ] {
            assert_eq!(checked("", told(answer, &quotes), &given), Err(doubt), "{answer} {quotes:?}");
        }
        let long = "so ".repeat(400);
        assert_eq!(checked("", told(&long, &quoted), &given), Err(Doubt::Unreadable));
    }

    #[test]
    fn a_number_of_the_manual_or_of_the_question_may_be_said() {
        let given = given();
        let quotes = [(given[0].number, QUOTE)];
        assert!(checked("", told("On the 31 it ends, z.B. in May.", &quotes), &given).is_ok());
        assert!(checked("why 4711?", told("Not 4711.", &quotes), &given).is_ok());
    }
}
