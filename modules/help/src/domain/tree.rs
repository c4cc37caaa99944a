//! A tree that holds what is promised of trees.

use std::collections::BTreeMap;

use super::{Language, Look, Mend, Texts};

/// The most nodes on any way through a tree.
pub const MOST_LEVELS: usize = 5;

/// What is answered where an answer solved it.
pub const SOLVED: &str = "solved";

/// A tree. Every node can be reached, no way turns back or is longer than [`MOST_LEVELS`], and each ends in an answer
/// or with a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Its name, as it is kept and counted.
    pub id: String,
    /// What tells it from what it was before: the beginning of a hash of its file.
    pub version: String,
    /// What it solves.
    pub title: Texts,
    /// Words people type for it.
    pub words: Vec<String>,
    /// The screens on which it comes first.
    pub screens: Vec<String>,
    /// Where it begins.
    pub start: String,
    /// Its nodes.
    pub nodes: BTreeMap<String, Node>,
}

/// A place in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What is read there.
    pub text: Texts,
    /// What happens there.
    pub kind: NodeKind,
}

/// What happens at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// The person answers.
    Question(Vec<Choice>),
    /// Something is looked at, and how it turns out leads on.
    Check(Look, BTreeMap<String, String>),
    /// Something is mended; how that turns out leads on.
    Action(Mend, BTreeMap<String, String>),
    /// What to do, and where; it may lead to a page of the product.
    Answer(Option<String>),
    /// A person takes it over.
    Escalation,
}

/// An answer that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub id: String,
    /// What is read.
    pub label: Texts,
    /// Where it leads.
    pub next: String,
}

impl NodeKind {
    /// The word for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Question(_) => "question",
            Self::Check(..) => "check",
            Self::Action(..) => "action",
            Self::Answer(_) => "answer",
            Self::Escalation => "escalation",
        }
    }
}

impl Tree {
    /// What it solves, in words.
    pub fn title(&self, language: Language) -> &str {
        self.title.of(language)
    }
}
