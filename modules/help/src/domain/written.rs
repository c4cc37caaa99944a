//! A tree as its file has it, with where everything stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A text by its languages.
pub(super) type WrittenTexts = Spanned<BTreeMap<String, String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTree {
    pub(super) id: Spanned<String>,
    pub(super) start: Spanned<String>,
    #[serde(default)]
    pub(super) screens: Vec<String>,
    #[serde(default)]
    pub(super) words: Vec<String>,
    pub(super) title: WrittenTexts,
    pub(super) nodes: Vec<Spanned<WrittenNode>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum WrittenKind {
    Question,
    Check,
    Action,
    Answer,
    Escalation,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenNode {
    pub(super) id: String,
    pub(super) kind: WrittenKind,
    pub(super) text: WrittenTexts,
    #[serde(default)]
    pub(super) options: Vec<Spanned<WrittenOption>>,
    /// The name of what is looked at, or of what is mended.
    #[serde(rename = "do")]
    pub(super) does: Option<Spanned<String>>,
    /// Where each way it can turn out leads.
    #[serde(default)]
    pub(super) ways: BTreeMap<String, Spanned<String>>,
    /// The page an answer leads to.
    pub(super) link: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOption {
    pub(super) id: String,
    pub(super) next: Spanned<String>,
    pub(super) label: WrittenTexts,
}
