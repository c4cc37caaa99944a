//! Names the reader knows: services with their aliases and misspellings, and the nouns of each category.

mod categories;
mod distance;
mod services;

use std::{collections::HashMap, sync::LazyLock};

use super::token::{Kind, Tokens};
pub(super) use categories::category_of;

/// A service many people pay for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Its stable id.
    pub slug: &'static str,
    /// Its name as it writes it.
    pub name: &'static str,
    /// The slug of its category.
    pub category: &'static str,
    aliases: &'static str,
}

/// Every service the reader knows.
pub const fn services() -> &'static [Service] {
    services::SERVICES
}

/// Everyday words that are a service's name too: they count where they are written as a name.
const EVERYDAY: [&str; 34] = [
    "max",
    "now",
    "ring",
    "calm",
    "stan",
    "binge",
    "box",
    "medium",
    "linear",
    "three",
    "orange",
    "spectrum",
    "factor",
    "brilliant",
    "crave",
    "time",
    "prime",
    "switch online",
    "monday",
    "smart",
    "slack",
    "zoom",
    "progressive",
    "lemonade",
    "cursor",
    "atlantic",
    "nebula",
    "wired",
    "cult",
    "match",
    "globe",
    "flo",
    "vi",
    "notion",
];

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
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index {
        exact: HashMap::new(),
        longest: HashMap::new(),
        joined: HashMap::new(),
        by_length: vec![Vec::new(); 40],
    };
    for (number, service) in services::SERVICES.iter().enumerate() {
        let aliases = service.aliases.split('|').filter(|alias| !alias.is_empty());
        std::iter::once(service.name).chain(aliases).for_each(|alias| index.add(alias, number));
    }
    index
});

impl Index {
    fn add(&mut self, alias: &str, service: usize) {
        let Ok(tokens) = Tokens::cut(alias) else { return };
        let longest = self.longest.entry(tokens.text(0).to_owned()).or_default();
        *longest = tokens.len().max(*longest);
        self.exact.entry(joined(&tokens, 0, tokens.len(), " ")).or_insert(service);
        let together = letters(&tokens, 0, tokens.len());
        if EVERYDAY.contains(&alias.to_lowercase().as_str()) {
            return;
        }
        if self.joined.insert(together.clone(), service).is_none()
            && let Some(row) = self.by_length.get_mut(together.len())
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
    services::SERVICES.get(number).map(|service| Found { service, to, mistakes })
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
    EVERYDAY.contains(&text.as_str())
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
    if text.len() < 5 {
        return None;
    }
    INDEX.joined.get(&text).and_then(|number| found(*number, to, 0))
}

fn nearly(tokens: &Tokens<'_>, from: usize, to: usize) -> Option<Found> {
    if !is_name_part(tokens, from, to) {
        return None;
    }
    let text = letters(tokens, from, to);
    let allowed = match text.len() {
        0..6 => return None,
        8..30 if to == from + 1 => 2,
        6..30 => 1,
        _ => return None,
    };
    let lengths = text.len().saturating_sub(allowed)..=text.len() + allowed;
    let rows = lengths.filter_map(|length| INDEX.by_length.get(length)).flatten();
    let nearest = rows
        .filter(|(alias, _)| begins_alike(alias, &text))
        .filter_map(|(alias, number)| {
            distance::within(alias, &text, allowed).map(|mistakes| (mistakes, *number))
        })
        .min()?;
    found(nearest.1, to, u8::try_from(nearest.0).unwrap_or(u8::MAX))
}

/// The mistakes between a word and what it may stand for, at most two.
pub(super) fn mistakes(meant: &str, written: &str) -> Option<usize> {
    distance::within(meant, written, 2)
}

/// People rarely get the first letter wrong; they swap it with the second.
fn begins_alike(alias: &str, text: &str) -> bool {
    let (a, b) = (alias.as_bytes(), text.as_bytes());
    a.first() == b.first() || (a.first() == b.get(1) && a.get(1) == b.first())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn slug(text: &str) -> Option<&'static str> {
        let tokens = Tokens::cut(text).unwrap();
        let found = exact(&tokens, 0).or_else(|| misspelt(&tokens, 0, tokens.len()))?;
        Some(found.service.slug)
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
            ("spotfy", "spotify"),
            ("amazonprime", "amazon-prime"),
            ("you tube premium", "youtube-premium"),
            ("T-Mobile", "t-mobile"),
            ("AT&T", "att"),
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

    #[test]
    fn slugs_are_unique_and_categories_are_built_in() {
        let mut slugs = HashSet::new();
        for service in services() {
            assert!(slugs.insert(service.slug), "{}", service.slug);
            assert!(categories::SLUGS.contains(&service.category), "{}", service.category);
        }
        assert!(slugs.len() >= 120);
    }
}
