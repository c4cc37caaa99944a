//! Set phrases: words that mean something by themselves, wherever they stand.

mod table;

use std::{collections::HashMap, sync::LazyLock};

use super::{reading::EventKind, token::Tokens};

/// What a set phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It happened, or should.
    Act(EventKind),
    /// What the date beside it is.
    Cue(Cue),
    /// Something is subscribed to: "membership", "plan", "auto-pay".
    Subscribing,
    /// What comes after a trial or a promotion.
    Then,
    /// A tier: "premium", "family".
    Plan,
    /// Carries no news: "please", "the", "I".
    Filler,
    /// Buying once: "bought", "ordered".
    BuyingOnce,
    /// What is bought once: "shoes", "dinner".
    BoughtOnce,
    /// Denies what follows.
    Not,
    /// Not decided: "thinking about".
    Maybe,
    /// What could be done and was not: "cancel anytime", "unless you cancel".
    Conditional,
    /// Opens a question.
    Question,
    /// Opens a request that only looks like a question: "can you".
    Request,
    /// Everyday talk.
    Chat,
    /// A one-time code.
    Code,
    /// What an account holds.
    Balance,
    /// Money that came in.
    Credit,
    /// A lure.
    Spam,
    /// Orders to the machinery.
    Injection,
}

/// What the date beside it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// "starting", "from".
    First,
    /// "since".
    Since,
    /// "renews", "due".
    Next,
    /// "ends", "expires", "until".
    Ends,
    /// "effective", "as of".
    Effective,
}

/// A set phrase found at tokens `from..to`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signal {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) meaning: Meaning,
}

/// Phrases with what they mean, by their first word, the longest first.
pub(super) struct Book<M>(HashMap<String, Vec<(Vec<String>, M)>>);

impl<M: Copy> Book<M> {
    /// From rows of phrases of one meaning, alternatives parted by `|`.
    pub(super) fn new(rows: &[(M, &str)]) -> Self {
        let mut book = Self(HashMap::new());
        for (meaning, phrases) in rows {
            for phrase in phrases.split('|') {
                book.add(phrase.trim(), *meaning);
            }
        }
        book.0
            .values_mut()
            .for_each(|entries| entries.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len())));
        book
    }

    /// Phrases are cut by the lexer that cuts messages, so both agree on what a token is.
    fn add(&mut self, phrase: &str, meaning: M) {
        let Ok(tokens) = Tokens::cut(phrase) else { return };
        let rest = (1..tokens.len()).map(|at| tokens.text(at).to_owned()).collect();
        self.0.entry(tokens.text(0).to_owned()).or_default().push((rest, meaning));
    }

    /// The longest phrase that begins at a token: what it means, and the token after it.
    pub(super) fn at(&self, tokens: &Tokens<'_>, from: usize) -> Option<(M, usize)> {
        let entries = self.0.get(tokens.text(from))?;
        let fits = |rest: &[String]| rest.iter().zip(from + 1..).all(|(word, at)| tokens.text(at) == word);
        let (rest, meaning) = entries.iter().find(|(rest, _)| fits(rest))?;
        Some((*meaning, from + 1 + rest.len()))
    }
}

static BOOK: LazyLock<Book<Meaning>> = LazyLock::new(|| Book::new(table::PHRASES));

/// The longest set phrase at every token, by where it starts.
pub(super) fn find(tokens: &Tokens<'_>) -> Vec<Signal> {
    let found = (0..tokens.len()).filter_map(|from| {
        let (meaning, to) = BOOK.at(tokens, from)?;
        // "über 12 €" is an amount, not a ride.
        let ride = meaning != Meaning::BoughtOnce || !tokens.written(from, to).starts_with(['ü', 'Ü']);
        ride.then_some(())?;
        Some(Signal { from, to, meaning })
    });
    found.collect()
}

/// The first signal of a meaning.
pub(super) fn first(signals: &[Signal], wanted: impl Fn(Meaning) -> bool) -> Option<Signal> {
    signals.iter().copied().find(|signal| wanted(signal.meaning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_found() {
        let tokens = Tokens::cut("please put it on hold").unwrap();
        let found = find(&tokens);
        assert!(found.iter().any(|signal| signal.meaning == Meaning::Act(EventKind::SubscriptionPaused)));
    }

    #[test]
    fn no_phrase_is_listed_under_two_meanings() {
        for (word, entries) in &BOOK.0 {
            for (index, (rest, meaning)) in entries.iter().enumerate() {
                let twice = entries[index + 1..].iter().find(|(other, _)| other == rest);
                assert!(twice.is_none(), "{word} {rest:?}: {meaning:?} and {twice:?}");
            }
        }
    }
}
