//! What help asks: how somebody's words were read.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{Came, ReadWords, Readings},
};
use kernel::{Actor, MessageId};

use crate::{
    Reader,
    answer::{Answer, AnswerStatus},
    store,
};

/// What came of words: what was asked before what was done, and of several readings the first.
fn came(answer: &Answer) -> Came {
    if answer.status == AnswerStatus::Processing {
        return Came::Asked("It is still being read; look again in a moment.".into());
    }
    if let Some(refusal) = &answer.refusal {
        return Came::Refused(refusal.detail.clone());
    }
    if let Some(question) = answer.readings.iter().find_map(|reading| reading.question.clone()) {
        return Came::Asked(question);
    }
    let Some(reading) = answer.readings.first() else { return Came::Refused(String::new()) };
    let name = reading.name.clone().unwrap_or_default();
    match (reading.event.as_str(), reading.subscription_id, reading.price, reading.cycle) {
        ("subscription.created", Some(subscription), Some(price), Some(cycle)) => {
            Came::Made { subscription, name, price, cycle }
        }
        (_, Some(subscription), ..) => Came::Acted { subscription, name },
        (_, None, ..) => Came::Asked(String::new()),
    }
}

#[async_trait]
impl Readings for Reader {
    async fn read(&self, actor: &Actor, id: Option<MessageId>) -> Result<Option<ReadWords>, CallError> {
        let found = store::read_words(self.database(), actor, id).await;
        let found = found.map_err(|error| CallError::Unavailable(error.to_string()))?;
        Ok(found.map(|(message, words, answer)| ReadWords { message, words, came: came(&answer) }))
    }
}
