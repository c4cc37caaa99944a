//! Questions that the manual may answer, asked of a language model.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Language, UserId};

use crate::CallError;

/// What help asks of whoever can ask a language model. What comes back is what the model said, whatever that is: help
/// believes no word of it that it does not find in the manual.
#[async_trait]
pub trait Librarian: Send + Sync {
    /// How long a model may take over one of these; `None` where there is none to ask.
    fn patience(&self) -> Option<Duration>;

    /// Under which headings a question would be answered: their numbers, the likeliest first.
    ///
    /// # Errors
    /// [`CallError::Conflict`] when the person's share of the model is used up, [`CallError::Unavailable`] when it does
    /// not answer, or nothing that can be used.
    async fn find(&self, question: &Question, map: &[Heading]) -> Result<Vec<usize>, CallError>;

    /// What passages say to a question.
    ///
    /// # Errors
    /// As [`Self::find`].
    async fn answer(&self, question: &Question, passages: &[Passage]) -> Result<Told, CallError>;
}

/// What somebody wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Of whose share of the model it is asked.
    pub user: UserId,
    /// In their words.
    pub text: String,
    /// In which language they want to be answered.
    pub language: Language,
}

/// A heading of the manual, with those above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its number on the map.
    pub number: usize,
    /// The page's title first, its own last.
    pub path: Vec<String>,
}

/// What stands under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The number of its heading.
    pub number: usize,
    /// The heading, with those above it.
    pub heading: String,
    /// The whole of it.
    pub text: String,
}

/// What a model said of passages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Its answer; `None` where it says that the passages hold none.
    pub answer: Option<String>,
    /// What it says the answer stands on.
    pub quotes: Vec<Quote>,
}

/// Words that a model says stand in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// In which.
    pub passage: usize,
    /// Which.
    pub words: String,
}
