//! A step in its reader's words.

use kernel::Locale;

use crate::domain::{Language, NodeKind, SOLVED, Session, SessionState, Tree};

/// What is read of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    /// The page an answer leads to.
    pub(crate) link: Option<String>,
    /// What can be answered, with its words.
    pub(crate) options: Vec<(String, String)>,
}

impl Shown {
    /// `None` when the tree has no such place.
    pub(crate) fn new(tree: &Tree, session: &Session, locale: &Locale) -> Option<Self> {
        let node = tree.nodes.get(&session.node)?;
        let language = Language::of(locale);
        let fill = |text: &str| session.facts.fill(text, language, locale);
        let (link, mut options) = match &node.kind {
            NodeKind::Question(choices) => {
                let option =
                    |choice: &crate::domain::Choice| (choice.id.clone(), fill(choice.label.of(language)));
                (None, choices.iter().map(option).collect())
            }
            NodeKind::Answer(link) => {
                (link.as_deref().map(fill), vec![(SOLVED.to_owned(), solved(language).to_owned())])
            }
            NodeKind::Check(..) | NodeKind::Action(..) | NodeKind::Escalation => (None, Vec::new()),
        };
        if session.state != SessionState::Open {
            options.clear();
        }
        Some(Self { kind: node.kind.as_str(), text: fill(node.text.of(language)), link, options })
    }
}

const fn solved(language: Language) -> &'static str {
    match language {
        Language::En => "That solved it",
        Language::De => "Das war die Lösung",
        Language::Hi => "समस्या हल हो गई",
    }
}
