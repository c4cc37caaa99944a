//! What a household teaches: a subscription that words made is called or sorted otherwise by its owners, and so are the
//! next words that say the same. Of that household alone, and never of what somebody keeps to themselves.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::subscriptions::{SubscriptionChanged, SubscriptionDeleted};
use kernel::{Actor, Event, EventPayload, HouseholdId, LearntNameId};
use platform::{
    db::{Batch, DbError},
    events::{Consumer, Handler, HandlerError},
    http::Problem,
};

use crate::{
    Reader,
    answer::{Answer, ReadingBody},
    domain::{self, Reading},
    store::{self, LearntName, ReadName},
};

/// So many names a household can teach; those that come after them are not learnt.
pub(crate) const MOST: u16 = 500;

/// A reading as the household would have it, and the words by which its name was said.
#[derive(Debug)]
pub(crate) struct Learnt {
    pub(crate) reading: Reading,
    words: Option<String>,
}

impl Learnt {
    /// What is shown of it.
    pub(crate) fn body(&self) -> ReadingBody {
        let category = self.reading.category.map(str::to_owned);
        ReadingBody { words: self.words.clone(), category, ..ReadingBody::new(&self.reading) }
    }
}

impl Reader {
    /// Readings with the names and categories that the household has taught.
    pub(crate) async fn as_learnt(
        &self,
        household: HouseholdId,
        readings: Vec<Reading>,
    ) -> Result<Vec<Learnt>, DbError> {
        let known = store::learnt_names(self.database(), household, MOST).await?;
        let learn = |mut reading: Reading| {
            let words = reading.name.as_deref().and_then(domain::normalised);
            let taught = known.iter().find(|taught| words.as_ref() == Some(&taught.words));
            if let Some(taught) = taught {
                reading.service =
                    reading.service.or_else(|| catalogue::find(&taught.name).map(|known| known.slug()));
                reading.name = Some(taught.name.clone());
                reading.category = taught.slug().or(reading.category);
            }
            Learnt { reading, words }
        };
        Ok(readings.into_iter().map(learn).collect())
    }

    /// Notes how what was made was read.
    pub(crate) fn note_names(batch: &mut Batch, household: HouseholdId, answer: &Answer) {
        for body in &answer.readings {
            if let ("subscription.created", Some(subscription), Some(words), Some(name), None) =
                (body.event.as_str(), body.subscription_id, &body.words, &body.name, &body.question)
            {
                let read =
                    ReadName { words: words.clone(), name: name.clone(), category: body.category.clone() };
                store::insert_read_name(batch, household, subscription, &read);
            }
        }
    }

    /// What the household has taught, in the order of the words.
    pub(crate) async fn learnt(&self, actor: &Actor) -> Result<Vec<LearntName>, Problem> {
        Ok(store::learnt_names(self.database(), actor.household, MOST).await?)
    }

    /// Forgets one of those.
    pub(crate) async fn unlearn(&self, actor: &Actor, id: LearntNameId) -> Result<(), Problem> {
        if store::learnt_name(self.database(), actor.household, id).await?.is_none() {
            return Err(Problem::not_found("There is no such name."));
        }
        let mut batch = Batch::new();
        store::delete_learnt_name(&mut batch, actor.household, id);
        Ok(self.database().apply(batch).await?)
    }

    async fn learn(&self, household: HouseholdId, changed: &SubscriptionChanged) -> Result<Batch, DbError> {
        let mut batch = Batch::new();
        let Some(read) = store::read_name(self.database(), household, changed.subscription).await? else {
            return Ok(batch);
        };
        let category = changed.category.as_deref().and_then(known_category);
        let sorted_otherwise = category.is_some() && category != read.category.as_deref();
        if changed.name != read.name || sorted_otherwise {
            let taught = store::learnt_names(self.database(), household, MOST).await?;
            let is_known = taught.iter().any(|name| name.words == read.words);
            if is_known || taught.len() < usize::from(MOST) {
                let category = category.map(str::to_owned);
                let name = LearntName {
                    id: self.new_name(),
                    words: read.words,
                    name: changed.name.clone(),
                    category,
                };
                store::put_learnt_name(&mut batch, household, &name, self.now());
            }
        }
        Ok(batch)
    }
}

fn known_category(text: &str) -> Option<&'static str> {
    catalogue::CATEGORIES.into_iter().find(|slug| *slug == text)
}

impl LearntName {
    /// The slug of a built-in category, where one was taught.
    fn slug(&self) -> Option<&'static str> {
        known_category(self.category.as_deref()?)
    }
}

pub(crate) fn consumers(reader: &Arc<Reader>) -> Vec<Consumer> {
    vec![Consumer { name: "llm.learn_names", handler: Arc::new(LearnNames(Arc::clone(reader))) }]
}

/// Learns from what is changed about a subscription that words made.
struct LearnNames(Arc<Reader>);

#[async_trait]
impl Handler for LearnNames {
    fn kinds(&self) -> &'static [&'static str] {
        &[SubscriptionChanged::TYPE, SubscriptionDeleted::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let give_up = |error: &dyn std::fmt::Display| HandlerError::GiveUp(error.to_string());
        let household = event.household.ok_or_else(|| give_up(&"it names no household"))?;
        let mut batch = Batch::new();
        if let Some(gone) = event.payload::<SubscriptionDeleted>().map_err(|error| give_up(&error))? {
            store::delete_read_name(&mut batch, household, gone.subscription);
            return Ok(batch);
        }
        let changed = event.payload::<SubscriptionChanged>().map_err(|error| give_up(&error))?;
        // What one keeps to oneself, the others do not learn by what they say.
        match changed.filter(|_| event.audience.is_none()) {
            Some(changed) => Ok(self.0.learn(household, &changed).await?),
            None => Ok(batch),
        }
    }
}
