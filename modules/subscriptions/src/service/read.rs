//! Looking.

use std::cmp::Reverse;

use contracts::subscriptions::{Status, Summary};
use jiff::civil::Date;
use kernel::{Actor, SubscriptionId};

use super::Tracker;
use crate::{
    domain::{Payment, SoundName, Subscription},
    error::TrackerError,
    store,
};

/// How many may be meant by one name.
const MEANT: usize = 10;

impl Tracker {
    /// One, as it is today.
    pub(crate) async fn read(
        &self,
        actor: &Actor,
        id: SubscriptionId,
    ) -> Result<(Subscription, Date), TrackerError> {
        let household = self.household(actor.household).await?;
        let found = store::find(&self.database, actor, id).await?.ok_or(TrackerError::NotFound)?;
        Ok((found, self.today(&household)))
    }

    /// A page of them in the order in which they were added, and one more when another page follows.
    pub(crate) async fn list(
        &self,
        actor: &Actor,
        status: Option<Status>,
        after: Option<SubscriptionId>,
        limit: u16,
    ) -> Result<(Vec<Subscription>, Date), TrackerError> {
        let household = self.household(actor.household).await?;
        let found = store::list(&self.database, actor, status, after, i64::from(limit) + 1).await?;
        Ok((found, self.today(&household)))
    }

    /// A page of the payments of one, the newest first, and one more when another page follows.
    pub(crate) async fn payments(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        before: Option<Date>,
        limit: u16,
    ) -> Result<Vec<Payment>, TrackerError> {
        let found = store::payments_of(&self.database, actor, id, before, i64::from(limit) + 1).await?;
        if found.is_empty() {
            // Without payments, or none of the actor's?
            store::find(&self.database, actor, id).await?.ok_or(TrackerError::NotFound)?;
        }
        Ok(found)
    }

    /// Those that may be meant by a name, the likeliest first, and of those the ones that still run.
    pub(crate) async fn find_named(
        &self,
        actor: &Actor,
        name: &str,
        service: Option<&str>,
    ) -> Result<Vec<Summary>, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let wanted = SoundName::new(name);
        let mut meant: Vec<_> = store::all(&self.database, actor)
            .await?
            .into_iter()
            .filter_map(|candidate| {
                let same_service =
                    service.is_some() && candidate.service.as_ref().map(|s| s.as_str()) == service;
                let likeness = wanted.likeness(&SoundName::new(candidate.name.as_str()));
                (same_service || likeness.is_some()).then_some((Reverse((same_service, likeness)), candidate))
            })
            .collect();
        meant.sort_by_key(|(likeness, candidate)| {
            (*likeness, candidate.status == Status::Ended, candidate.id)
        });
        Ok(meant.into_iter().take(MEANT).map(|(_, candidate)| candidate.summary(today)).collect())
    }
}
