//! Finding a service by what people and banks call it.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    Service,
    distance::within,
    fold::{fold, together},
    services,
};

/// How a service was found, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// By one of its names.
    Name,
    /// By how its name begins.
    NameBegins,
    /// By how another of its names begins.
    AliasBegins,
    /// By how a word in one of its names begins.
    WordBegins,
    /// By how it stands on a bank statement.
    Statement,
    /// By a name with a letter or two wrong.
    Misspelt,
}

/// A service that was found, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// How.
    pub by: Match,
    /// What.
    pub service: &'static Service,
}

/// One of the names of a service, folded.
struct Known {
    words: String,
    letters: String,
    service: usize,
    /// The name it goes by, not an alias.
    first: bool,
    /// An everyday word is never what a misspelling means.
    everyday: bool,
}

struct Index {
    names: Vec<Known>,
    by_letters: HashMap<String, usize>,
    by_slug: HashMap<&'static str, usize>,
    /// Patterns of statements, the longest first.
    statements: Vec<(String, usize)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::build);

impl Index {
    fn build() -> Self {
        let names: Vec<Known> =
            services().iter().enumerate().flat_map(|(at, each)| known(at, each)).collect();
        let by_letters = names.iter().map(|name| (name.letters.clone(), name.service)).collect();
        let by_slug = services().iter().enumerate().map(|(at, each)| (each.slug(), at)).collect();
        let mut statements: Vec<(String, usize)> = services()
            .iter()
            .enumerate()
            .flat_map(|(at, each)| each.statement().iter().map(move |pattern| (line(pattern), at)))
            .collect();
        statements.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
        Self { names, by_letters, by_slug, statements }
    }
}

fn known(service: usize, each: &'static Service) -> impl Iterator<Item = Known> {
    each.names().enumerate().map(move |(place, name)| {
        let words = fold(name);
        let everyday = each.everyday().iter().any(|word| word == name);
        Known { letters: together(&words), words, service, first: place == 0, everyday }
    })
}

/// A line of a statement with single spaces, in capitals.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

/// The service of a slug.
pub fn by_slug(slug: &str) -> Option<&'static Service> {
    INDEX.by_slug.get(slug).and_then(|at| services().get(*at))
}

/// Words behind a service's name that say which of its offers it is, not that it is something else.
#[rustfmt::skip]
const OFFERS: &[&str] = &[
    "4k", "account", "ad", "ads", "annual", "app", "basic", "broadband", "bundle", "business", "couple", "duo",
    "enterprise", "essential", "extra", "families", "family", "fiber", "fibre", "free", "gold", "gym", "hd",
    "individual", "internet", "lite", "max", "membership", "mini", "mobile", "monthly", "personal", "plan", "platinum",
    "plus", "postpaid", "premium", "prepaid", "pro", "recharge", "solo", "standard", "storage", "student", "sub",
    "subscription", "team", "trial", "ultimate", "wifi", "yearly",
];

/// The service that a subscription of this name is of: its name or an alias, and at most the name of an offer
/// behind it.
pub fn find(name: &str) -> Option<&'static Service> {
    let folded = fold(name);
    let mut words = folded.as_str();
    loop {
        let found = INDEX.by_letters.get(&together(words)).and_then(|at| services().get(*at));
        if found.is_some() {
            return found;
        }
        let (before, last) = words.rsplit_once(' ')?;
        if !OFFERS.contains(&last) {
            return None;
        }
        words = before;
    }
}

/// The service that a line of a bank statement is about: the longest pattern that stands in it.
pub fn on_statement(text: &str) -> Option<&'static Service> {
    let text = line(text);
    let (_, at) = INDEX.statements.iter().find(|(pattern, _)| stands_in(&text, pattern))?;
    services().get(*at)
}

/// Whether a pattern stands in a line and begins where a word does; a short one also ends where a word does.
fn stands_in(text: &str, pattern: &str) -> bool {
    text.match_indices(pattern).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + pattern.len()..).and_then(|after| after.chars().next());
        let begins = before.is_none_or(|c| !c.is_alphanumeric());
        begins && (pattern.len() > 4 || after.is_none_or(|c| !c.is_alphanumeric()))
    })
}

/// The services that a text may mean, the likeliest first, then by name; all of them for an empty text.
pub fn search(text: &str) -> Vec<Hit> {
    let words = fold(text);
    let letters = together(&words);
    if letters.is_empty() && !text.trim().is_empty() {
        return Vec::new();
    }
    let mut best: HashMap<usize, Match> = HashMap::new();
    let mut note = |service: usize, by: Match| {
        best.entry(service).and_modify(|before| *before = by.min(*before)).or_insert(by);
    };
    for name in &INDEX.names {
        if let Some(by) = how(name, &words, &letters) {
            note(name.service, by);
        }
    }
    if let Some(found) = on_statement(text).and_then(|found| INDEX.by_slug.get(found.slug())) {
        note(*found, Match::Statement);
    }
    let hit = |(at, by): (usize, Match)| services().get(at).map(|service| Hit { by, service });
    let mut hits: Vec<Hit> = best.into_iter().filter_map(hit).collect();
    // A misspelling is only looked for where nothing was spelt right.
    if hits.iter().any(|hit| hit.by != Match::Misspelt) {
        hits.retain(|hit| hit.by != Match::Misspelt);
    }
    hits.sort_by_cached_key(Hit::place);
    hits
}

impl Hit {
    /// Where it stands among others: how it was found, then its name.
    pub fn place(&self) -> (u8, String, &'static str) {
        (self.by as u8, fold(self.service.name()), self.service.slug())
    }
}

fn how(name: &Known, words: &str, letters: &str) -> Option<Match> {
    if letters.is_empty() || name.letters.starts_with(letters) {
        let whole = name.letters.len() == letters.len();
        return Some(match (whole, name.first) {
            (true, _) => Match::Name,
            (false, true) => Match::NameBegins,
            (false, false) => Match::AliasBegins,
        });
    }
    let in_a_word = name.words.match_indices(words).any(|(at, _)| name.words[..at].ends_with(' '));
    if in_a_word {
        return Some(Match::WordBegins);
    }
    let allowed = match letters.chars().count() {
        0..=4 => return None,
        5..=7 => 1,
        _ => 2,
    };
    let misspelt = !name.everyday && within(&name.letters, letters, allowed).is_some();
    misspelt.then_some(Match::Misspelt)
}
