//! The name: a known service, else the words that nothing else explains.

use super::{
    super::{
        fold::visible,
        grammar::{Item, Phrase},
        lexicon::{self, Found, Service},
        phrasebook::Meaning,
        token::{Kind, Tokens},
    },
    facts::{At, Facts},
};

/// What is paid for.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) service: Option<&'static Service>,
    pub(super) plan: Option<(String, usize, usize)>,
    /// Tokens.
    pub(super) from: usize,
    pub(super) to: usize,
    /// In thousandths.
    pub(super) doubt: u16,
}

/// Longer than any name.
const MAX_CHARS: usize = 60;
/// Words that stand behind a service's name for a part of it: "Sky Broadband".
const PARTS: [&str; 12] = [
    "broadband",
    "internet",
    "mobile",
    "sports",
    "insurance",
    "fiber",
    "fibre",
    "wifi",
    "energy",
    "amc",
    "cinema",
    "movies",
];

/// A run of words that may be a name.
#[derive(Debug, Clone, Copy)]
struct Run {
    from: usize,
    to: usize,
}

pub(super) fn choose(tokens: &Tokens<'_>, facts: &Facts, price: Option<usize>) -> Option<Name> {
    let runs = runs(tokens, facts, price);
    if let Some(service) = facts.services.iter().max_by_key(|service| service.value.to) {
        let first = facts.services.first().unwrap_or(service);
        return Some(known(tokens, facts, first, &runs));
    }
    let misspelt = runs.iter().find_map(|run| from_run(tokens, facts, *run));
    if let Some((found, from)) = misspelt {
        return Some(nearly_known(tokens, facts, found, from, &runs));
    }
    unknown(tokens, facts, &runs)
}

/// A known name inside words left over: an everyday word, or a misspelling.
fn from_run(tokens: &Tokens<'_>, facts: &Facts, run: Run) -> Option<(Found, usize)> {
    let is_name = |found: &Found| facts.everyday_names || !lexicon::is_everyday(tokens, run.from, found.to);
    let whole = lexicon::exact(tokens, run.from).filter(|found| found.to == run.to && is_name(found));
    if let Some(found) = whole {
        return Some((found, run.from));
    }
    let starts = run.from..run.to.min(run.from + 6);
    starts.into_iter().find_map(|from| {
        let found = lexicon::misspelt(tokens, from, run.to)?;
        (found.mistakes == 0 || !has_other_capital(tokens, run, from, found.to)).then_some((found, from))
    })
}

/// Beside another capitalised word a word is a part of a name, not a misspelling: "Letterboxd Patron".
fn has_other_capital(tokens: &Tokens<'_>, run: Run, from: usize, to: usize) -> bool {
    (run.from..run.to).any(|at| tokens.capital(at) && !(from..to).contains(&at))
}

fn known(tokens: &Tokens<'_>, facts: &Facts, at: &At<Found>, runs: &[Run]) -> Name {
    let item = facts.items.get(at.place).copied();
    let (from, to) = item.map_or((0, 0), |item| (item.from, item.to));
    let others =
        facts.services.iter().filter(|other| other.value.service.slug() != at.value.service.slug()).count();
    let mut name = build_known(tokens, facts, at.value, from, to, runs);
    name.doubt += if others > 0 { 150 } else { 0 };
    name
}

fn nearly_known(tokens: &Tokens<'_>, facts: &Facts, found: Found, from: usize, runs: &[Run]) -> Name {
    let mut name = build_known(tokens, facts, found, from, found.to, runs);
    name.doubt += 60 * u16::from(found.mistakes);
    name
}

fn build_known(
    tokens: &Tokens<'_>,
    facts: &Facts,
    found: Found,
    from: usize,
    to: usize,
    runs: &[Run],
) -> Name {
    let part = PARTS.contains(&tokens.text(to)) && tokens.is_word(to);
    let text = if part {
        format!("{} {}", found.service.name(), title(&visible(tokens.written(to, to + 1))))
    } else {
        found.service.name().to_owned()
    };
    let to = if part { to + 1 } else { to };
    let unexplained: usize =
        runs.iter().filter(|run| run.to <= from || run.from >= to).map(|run| run.to - run.from).sum();
    let unexplained = u16::try_from(unexplained.min(8)).unwrap_or(8);
    // A word left over may have been the news: one is enough not to be sure of the rest.
    let doubt = if unexplained == 0 { 0 } else { 60 + unexplained * 30 };
    Name { text, service: Some(found.service), plan: plan(tokens, facts, from, to), from, to, doubt }
}

/// The tier right behind the name or anywhere in the clause.
fn plan(tokens: &Tokens<'_>, facts: &Facts, from: usize, to: usize) -> Option<(String, usize, usize)> {
    let item = facts
        .plans
        .iter()
        .filter_map(|plan| facts.items.get(plan.place))
        .find(|item| item.from >= to || item.to <= from)?;
    let last = if tokens.text(item.to - 1) == "plan" { item.to - 1 } else { item.to };
    let text = title(&visible(tokens.written(item.from, last)));
    Some((text, item.from, last))
}

fn unknown(tokens: &Tokens<'_>, facts: &Facts, runs: &[Run]) -> Option<Name> {
    let best = *runs.iter().max_by_key(|run| (rank(tokens, facts, **run), std::cmp::Reverse(run.from)))?;
    let others: usize = runs.iter().filter(|run| run.from != best.from).map(|run| run.to - run.from).sum();
    let text = title(&visible(tokens.written(best.from, best.to)));
    let length = text.chars().count();
    if !(2..=MAX_CHARS).contains(&length) || !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let long = if best.to - best.from > 4 { 150 } else { 0 };
    // "I run": what somebody does is rarely what they pay for.
    let before = best.from.checked_sub(1).map_or("", |at| tokens.text(at));
    let verb = matches!(before, "i" | "we" | "they" | "he" | "she") && !tokens.capital(best.from);
    let long = long + if verb { 400 } else { 0 };
    let doubt = 40 + long + u16::try_from(others.min(6)).unwrap_or(6) * 60;
    Some(Name { text, service: None, plan: None, from: best.from, to: best.to, doubt })
}

/// Capitals, a noun of a category, a preposition before it: what makes words look like a name.
fn rank(tokens: &Tokens<'_>, facts: &Facts, run: Run) -> usize {
    let before = run.from.checked_sub(1).map_or("", |at| tokens.text(at));
    let capitals = (run.from..run.to).filter(|at| tokens.capital(*at)).count();
    let preposition = matches!(
        before,
        "for" | "to" | "towards" | "on" | "my" | "our" | "at" | "from" | "of" | "the" | "cancel"
    );
    let noun = lexicon::category_of(tokens.written(run.from, run.to)).is_some();
    let site = tokens.written(run.from, run.to).contains('.');
    let first = facts.items.first().is_some_and(|item| item.from == run.from);
    (run.to - run.from).min(4)
        + 2 * capitals.min(3)
        + 2 * usize::from(preposition)
        + 4 * usize::from(noun)
        + 6 * usize::from(site)
        + usize::from(first)
}

/// Runs of words that may belong to a name, joined over hyphens, ampersands and small words between capitals.
fn runs(tokens: &Tokens<'_>, facts: &Facts, price: Option<usize>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (place, item) in facts.items.iter().enumerate() {
        if !may_be_name(tokens, facts, place, item, price) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if joins(tokens, run.to, item.from) => run.to = item.to,
            _ => runs.push(Run { from: item.from, to: item.to }),
        }
    }
    runs.retain(|run| (run.from..run.to).any(|at| tokens.is_word(at)));
    runs
}

fn may_be_name(tokens: &Tokens<'_>, facts: &Facts, place: usize, item: &Item, price: Option<usize>) -> bool {
    if let Phrase::Amount(amount) = item.phrase {
        let other = price.is_some_and(|price| price != place);
        return !amount.marked && other && tokens.kind(item.from) == Some(Kind::Number);
    }
    // A tier is a part of a name nobody knows.
    if item.phrase == Phrase::Set(Meaning::Plan) {
        return facts.services.is_empty() && !is_insurance_premium(tokens, item);
    }
    let word = item.phrase == Phrase::Word
        && (tokens.is_word(item.from) || tokens.glued(item.from) || tokens.glued(item.to));
    word || matches!(item.phrase, Phrase::Set(Meaning::BoughtOnce | Meaning::Chat))
}

fn is_insurance_premium(tokens: &Tokens<'_>, item: &Item) -> bool {
    let before = item.from.checked_sub(1).map_or("", |at| tokens.text(at));
    tokens.text(item.from) == "premium" && before == "insurance"
}

/// Whether what stands between two words of a name keeps them together.
fn joins(tokens: &Tokens<'_>, to: usize, from: usize) -> bool {
    match from - to {
        0 => true,
        1 => match tokens.text(to) {
            "-" => tokens.glued(to) && tokens.glued(from),
            "&" | "+" | "." => true,
            "of" | "the" | "and" | "de" | "by" | "for" => {
                tokens.capital(to.saturating_sub(1)) && tokens.capital(from)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Each word with a capital, unless the writer chose the capitals.
fn title(text: &str) -> String {
    if text.chars().any(char::is_uppercase) || text.contains('.') {
        return text.to_owned();
    }
    let mut titled = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins {
            titled.extend(c.to_uppercase());
        } else {
            titled.push(c);
        }
        begins = c.is_whitespace() || c == '-';
    }
    titled
}
