//! Language models and what writes down what is said: a trait each, and a client for whatever speaks like OpenAI.

pub(crate) mod manual;
mod openai;
pub(crate) mod schema;
mod transcription;

use async_trait::async_trait;
use serde_json::Value;

pub(crate) use openai::OpenAi;
pub(crate) use transcription::{Sound, Transcriber, Whisper};

/// Does what it is asked with data that is fenced from what it is asked.
#[async_trait]
pub(crate) trait LanguageModel: Send + Sync {
    /// Whose answers are kept apart from those of others.
    fn name(&self) -> &str;

    /// What it makes of a task.
    async fn ask(&self, task: &Task) -> Result<Told, ModelError>;
}

/// What a model is asked.
pub(crate) struct Task {
    /// What the form of its answer is called.
    pub(crate) name: &'static str,
    /// What it is to do, whatever the data says.
    pub(crate) rules: &'static str,
    /// With what: a value of JSON, out of which no words can break.
    pub(crate) data: Value,
    /// The form of its answer, as JSON Schema.
    pub(crate) schema: Value,
    /// The most tokens that it can read.
    pub(crate) read: usize,
    /// The most tokens that it may write.
    pub(crate) written: u32,
}

impl Task {
    /// The most tokens it can cost.
    pub(crate) fn most_tokens(&self) -> i64 {
        i64::try_from(self.read).unwrap_or(i64::MAX).saturating_add(i64::from(self.written))
    }
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
