//! What help asks: where the manual answers a question, and what it says there. Of whoever asks, a model learns the
//! question and the language, and nothing else.

use std::time::Duration;

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{Heading, Librarian, Passage, Question, Told},
};
use kernel::UserId;

use crate::{
    Reader,
    model::{self, Task, manual},
};

#[async_trait]
impl Librarian for Reader {
    fn patience(&self) -> Option<Duration> {
        self.models.model.as_ref().map(|_| self.models.settings.timeout.duration())
    }

    async fn find(&self, question: &Question, map: &[Heading]) -> Result<Vec<usize>, CallError> {
        let told = self.told(question.user, &manual::finding(question, map)).await?;
        self.read_as(&told, manual::found(&told.content))
    }

    async fn answer(&self, question: &Question, passages: &[Passage]) -> Result<Told, CallError> {
        let told = self.told(question.user, &manual::answering(question, passages)).await?;
        self.read_as(&told, manual::answered(&told.content))
    }
}

impl Reader {
    async fn told(&self, user: UserId, task: &Task) -> Result<model::Told, CallError> {
        let Some(model) = &self.models.model else {
            return Err(CallError::Unavailable("no language model is set up".into()));
        };
        let asked = self.consult(&**model, user, task).await;
        match asked.map_err(|error| CallError::Unavailable(error.to_string()))? {
            None => Err(CallError::Conflict("Your share of the language model is used up for today.".into())),
            Some(said) => said.map_err(|error| CallError::Unavailable(error.to_string())),
        }
    }

    fn read_as<T>(&self, told: &model::Told, read: Option<T>) -> Result<T, CallError> {
        self.models.count(if read.is_some() { "answered" } else { "unusable" }, told.usage);
        read.ok_or_else(|| CallError::Unavailable("the language model kept to no form".into()))
    }
}
