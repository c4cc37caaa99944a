//! Language models and what writes down what is said: a trait each, and a client for whatever speaks like OpenAI.

mod openai;
mod schema;
mod transcription;

use async_trait::async_trait;

use crate::domain::Suggestion;

pub(crate) use openai::OpenAi;
pub(crate) use transcription::{Sound, Transcriber, Whisper};

/// Reads words where the grammar is not sure.
#[async_trait]
pub(crate) trait LanguageModel: Send + Sync {
    /// Whose answers are kept apart from those of others: its name, and the version of what it is asked.
    fn name(&self) -> String;

    /// The most tokens one question about a text can cost.
    fn most_tokens(&self, text: &str) -> i64;

    /// What it says of a text.
    async fn ask(&self, text: &str) -> Result<Told, ModelError>;

    /// What an answer suggests; `None` for one that does not keep to the schema.
    fn read(&self, content: &str) -> Option<Vec<Suggestion>>;
}

/// What a model answered, and what that cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// In its words, whatever they are.
    pub(crate) content: String,
    /// In tokens, read and written; `None` where it does not say.
    pub(crate) usage: Option<Usage>,
}

/// What an answer cost, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) read: u32,
    pub(crate) written: u32,
}

impl Usage {
    pub(crate) fn total(self) -> i64 {
        i64::from(self.read) + i64::from(self.written)
    }
}

/// Why a model said nothing. For the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelError {
    /// It may answer another time.
    #[error("the language model does not answer: {0}")]
    Away(String),
    /// It will not answer this.
    #[error("the language model refuses: {0}")]
    Refuses(String),
}
