//! A question that somebody types: what help can solve, what the manual says, and where a language model is asked, what it
//! reads there.

use kernel::{Actor, Language};

use super::Guide;
use crate::{
    domain::{Short, Tree},
    manual::{Found, Manual, same_words},
};

/// The longest question that is looked at, in characters.
pub(crate) const MOST_QUESTION: usize = 200;
/// Sections that are shown.
const SECTIONS: usize = 3;
/// Trees that are.
const TREES: usize = 3;

/// What was found for a question.
pub(crate) struct Searched {
    /// The ids and titles of trees that solve it, the best first.
    pub(crate) topics: Vec<(String, String)>,
    /// The sections that answer it, the best first; none where the manual does not know.
    pub(crate) sections: Vec<Found<'static>>,
    /// What a language model answers from the manual.
    pub(crate) short: Short,
}

impl Guide {
    /// What helps with a question. More than is looked at of it is left out.
    pub(crate) async fn search(&self, actor: &Actor, question: &str, language: Language) -> Searched {
        let question: String = question.chars().take(MOST_QUESTION).collect();
        let forest = self.forest();
        let mut topics: Vec<(usize, &Tree)> = forest
            .for_screen("")
            .into_iter()
            .map(|tree| (likeness(&question, tree, language), tree))
            .filter(|(likeness, _)| *likeness > 0)
            .collect();
        topics.sort_by_key(|(likeness, tree)| (std::cmp::Reverse(*likeness), tree.id.clone()));
        let sections = Manual::embedded().ask(&question, SECTIONS);
        let outcome = if sections.is_empty() { "unknown" } else { "found" };
        metrics::counter!("perennial_help_searches_total", "outcome" => outcome).increment(1);
        let (short, asked_before) = self.short_answer(actor.user, question.trim(), language).await;
        // Whoever looks again whether there is a short answer asks nothing anew.
        if topics.is_empty() && sections.is_empty() && !asked_before {
            self.keep_unanswered(&question, language).await;
        }
        let titled = |(_, tree): (usize, &Tree)| (tree.id.clone(), tree.title(language).to_owned());
        Searched { topics: topics.into_iter().take(TREES).map(titled).collect(), sections, short }
    }
}

/// How many telling words a question has in common with a tree; nought for fewer than two, or than all of it.
fn likeness(question: &str, tree: &Tree, language: Language) -> usize {
    let known = format!("{} {} {}", tree.title(Language::En), tree.title(language), tree.words.join(" "));
    let (common, asked) = same_words(question, &known);
    if common >= 2 || (common == 1 && asked == 1) { common } else { 0 }
}
