//! Names the reader knows: services with their aliases and misspellings, and the nouns of each category.

mod categories;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::token::{Kind, Tokens};
pub use catalogue::{Service, services};
pub(super) use categories::category_of;

/// Longer names than this are not looked for.
const MAX_TOKENS: usize = 5;

struct Index {
    /// Token texts joined by spaces.
    exact: HashMap<String, usize>,
    /// How many tokens the longest alias has that begins with this token.
    longest: HashMap<String, usize>,
    /// Letters and digits alone, by length, for names written together and for misspellings.
    joined: HashMap<String, usize>,
    by_length: Vec<Vec<(String, usize)>>,
    /// Short names without the second of two letters alike.
    single: HashMap<String, usize>,
    /// Everyday words that are a service's name too: they count where they are written as a name.
    everyday: HashSet<String>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index {
        exact: HashMap::new(),
        longest: HashMap::new(),
        joined: HashMap::new(),
        by_length: vec![Vec::new(); 40],
        single: HashMap::new(),
        everyday: HashSet::new(),
    };
    for (number, service) in services().iter().enumerate() {
        let everyday: HashSet<&str> = service.everyday().iter().map(String::as_str).collect();
        service.names().for_each(|name| index.add(name, number, everyday.contains(name)));
    }
    index
});

impl Index {
    fn add(&mut self, alias: &str, service: usize, everyday: bool) {
        let Ok(tokens) = Tokens::cut(alias) else { return };
        let longest = self.longest.entry(tokens.text(0).to_owned()).or_default();
        *longest = tokens.len().max(*longest);
        let text = joined(&tokens, 0, tokens.len(), " ");
        if everyday {
            self.everyday.insert(text.clone());
        }
        self.exact.entry(text).or_insert(service);
        if everyday {
            return;
        }
        let together = letters(&tokens, 0, tokens.len());
        if (4..7).contains(&together.chars().count()) {
            self.single.entry(without_doubles(&together)).or_insert(service);
        }
        if self.joined.insert(together.clone(), service).is_none()
            && let Some(row) = self.by_length.get_mut(together.chars().count())
        {
            row.push((together, service));
        }
    }
}

fn joined(tokens: &Tokens<'_>, from: usize, to: usize, between: &str) -> String {
    let mut text = String::with_capacity(24);
    for at in from..to {
        if at > from {
            text.push_str(between);
        }
        text.push_str(tokens.text(at));
    }
    text
}

fn letters(tokens: &Tokens<'_>, from: usize, to: usize) -> String {
    let mut text = joined(tokens, from, to, "");
    text.retain(|c| c.is_alphanumeric() || c == '+');
    text
}

/// A service found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) service: &'static Service,
    /// The token after its name.
    pub(super) to: usize,
    /// How many letters were wrong.
    pub(super) mistakes: u8,
}

fn found(number: usize, to: usize, mistakes: u8) -> Option<Found> {
    services().get(number).map(|service| Found { service, to, mistakes })
}

/// The longest known name that begins at a token.
pub(super) fn exact(tokens: &Tokens<'_>, from: usize) -> Option<Found> {
    let index = &*INDEX;
    let longest = *index.longest.get(tokens.text(from))?;
    (1..=longest.min(MAX_TOKENS)).rev().find_map(|count| {
        let to = (from + count).min(tokens.len());
        let number = index.exact.get(&joined(tokens, from, to, " "))?;
        found(*number, to, 0)
    })
}

/// Whether the name at these tokens is an everyday word that is not written as a name.
pub(super) fn is_everyday(tokens: &Tokens<'_>, from: usize, to: usize) -> bool {
    let text = joined(tokens, from, to, " ");
    INDEX.everyday.contains(&text)
}

/// A known name written together or with a letter or two wrong, beginning at a token.
pub(super) fn misspelt(tokens: &Tokens<'_>, from: usize, limit: usize) -> Option<Found> {
    let most = limit.saturating_sub(from).min(3);
    let together = (1..=most).rev().find_map(|count| written_together(tokens, from, from + count));
    together.or_else(|| (1..=most).rev().find_map(|count| nearly(tokens, from, from + count)))
}

fn is_name_part(tokens: &Tokens<'_>, from: usize, to: usize) -> bool {
    (from..to).all(|at| matches!(tokens.kind(at), Some(Kind::Word | Kind::Number)))
}

fn written_together(tokens: &Tokens<'_>, from: usize, to: usize) -> Option<Found> {
    if !is_name_part(tokens, from, to) {
        return None;
    }
    let text = letters(tokens, from, to);
    if text.chars().count() < 5 {
        return None;
    }
    INDEX.joined.get(&text).and_then(|number| found(*number, to, 0))
}

fn nearly(tokens: &Tokens<'_>, from: usize, to: usize) -> Option<Found> {
    if !is_name_part(tokens, from, to) {
        return None;
    }
    let text = letters(tokens, from, to);
    let count = text.chars().count();
    let allowed = match count {
        4..6 => return doubled(&text, to),
        0..4 => return None,
        8..30 if to == from + 1 => 2,
        6..30 => 1,
        _ => return None,
    };
    let lengths = count.saturating_sub(allowed)..=count + allowed;
    let rows = lengths.filter_map(|length| INDEX.by_length.get(length)).flatten();
    let nearest = rows
        .filter(|(alias, _)| begins_alike(alias, &text))
        .filter_map(|(alias, number)| {
            catalogue::within(alias, &text, allowed).map(|mistakes| (mistakes, *number))
        })
        .min()?;
    found(nearest.1, to, u8::try_from(nearest.0).unwrap_or(u8::MAX))
}

/// A short name with a letter too many or too few of two alike: "hullu". Any other mistake in it makes another word.
fn doubled(text: &str, to: usize) -> Option<Found> {
    INDEX.single.get(&without_doubles(text)).and_then(|number| found(*number, to, 1))
}

fn without_doubles(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for c in text.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    single
}

/// The mistakes between a word and what it may stand for, at most two.
pub(super) fn mistakes(meant: &str, written: &str) -> Option<usize> {
    catalogue::within(meant, written, 2)
}

/// People rarely get the first letter wrong; they swap it with the second.
fn begins_alike(alias: &str, text: &str) -> bool {
    let begins = |text: &str| {
        let mut chars = text.chars();
        (chars.next(), chars.next())
    };
    let (one, other) = (begins(alias), begins(text));
    one.0 == other.0 || (one.0 == other.1 && one.1 == other.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Option<&'static str> {
        let tokens = Tokens::cut(text).unwrap();
        let found = exact(&tokens, 0).or_else(|| misspelt(&tokens, 0, tokens.len()))?;
        Some(found.service.slug())
    }

    #[test]
    fn names_aliases_and_misspellings_are_found() {
        for (text, expected) in [
            ("Disney+", "disney-plus"),
            ("disney plus", "disney-plus"),
            ("Office 365", "microsoft-365"),
            ("1Password", "1password"),
            ("nteflix", "netflix"),
            ("netflx", "netflix"),
            ("hullu", "hulu"),
            ("spotfy", "spotify"),
            ("amazonprime", "amazon-prime"),
            ("you tube premium", "youtube-premium"),
            ("T-Mobile", "t-mobile"),
            ("AT&T", "att"),
            ("नेटफ्लिक्स", "netflix"),
            ("नेटफ्लिकस", "netflix"),
        ] {
            assert_eq!(slug(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for text in ["gym", "rent", "monthly", "start", "notice", "audio", "stand", "canvas"] {
            assert!(!matches!(slug(text), Some(s) if s != "canva"), "{text}: {:?}", slug(text));
        }
    }
}
