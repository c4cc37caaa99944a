//! A short answer from the manual: what a language model said, as far as it can be shown.

use serde::{Deserialize, Serialize};

/// What became of looking for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Short {
    /// There is nobody to look for one, or nothing came of it that could be shown.
    None,
    /// It is being looked for.
    Waiting,
    /// It was looked for, and the manual holds none.
    Unknown,
    /// It was found.
    Told(ShortAnswer),
}

/// An answer, and the words of the manual that it stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShortAnswer {
    /// In the words of a language model.
    pub(crate) text: String,
    /// In those of the manual.
    pub(crate) quotes: Vec<Quoted>,
}

/// Words of the manual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quoted {
    /// The number of their section on the map of the manual.
    pub(crate) section: usize,
    /// As they stand there.
    pub(crate) words: String,
}

/// How far one has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShortStatus {
    /// It is being looked for.
    Waiting,
    /// It was found.
    Told,
    /// The manual holds none.
    Unknown,
    /// Nothing came of it.
    Failed,
}

impl ShortStatus {
    /// The word that is stored.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Told => "told",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }
}

/// A word that is none of them.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no status of a short answer")]
pub(crate) struct ShortStatusError(String);

impl std::str::FromStr for ShortStatus {
    type Err = ShortStatusError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Waiting, Self::Told, Self::Unknown, Self::Failed]
            .into_iter()
            .find(|status| status.as_str() == word)
            .ok_or_else(|| ShortStatusError(word.to_owned()))
    }
}
