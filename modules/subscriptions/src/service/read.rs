//! Looking.

use std::cmp::Reverse;

use contracts::subscriptions::{Status, Summary};
use jiff::civil::Date;
use kernel::{Actor, SubscriptionId};

use super::{Filter, Tracker};
use crate::{
    domain::{Entry, SoundName, Subscription},
    error::TrackerError,
    store::{self, LedgerPlace, LedgerQuery},
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
        filter: &Filter,
        after: Option<SubscriptionId>,
        limit: u16,
    ) -> Result<(Vec<Subscription>, Date), TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let most = i64::from(limit) + 1;
        if filter.is_status_alone() {
            let found = store::list(&self.database, actor, filter.status, after, most).await?;
            return Ok((found, today));
        }
        let sorting = self.sorting(actor).await?;
        let filter = filter.ready(&sorting);
        let mut found = store::all(&self.database, actor).await?;
        found.retain(|each| after.is_none_or(|after| each.id > after) && filter.takes(each));
        found.truncate(usize::from(limit) + 1);
        Ok((found, today))
    }

    /// The ids and names of the others, by name: what may have taken its place.
    pub(crate) async fn others(
        &self,
        actor: &Actor,
        id: SubscriptionId,
    ) -> Result<Vec<(String, String)>, TrackerError> {
        let mut others = store::all(&self.database, actor).await?;
        others.retain(|other| other.id != id);
        others.sort_by_cached_key(|other| other.name.as_str().to_lowercase());
        Ok(others.into_iter().map(|other| (other.id.to_string(), other.name.to_string())).collect())
    }

    /// A page of the payments of one, the newest first, and one more when another page follows.
    pub(crate) async fn payments(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        after: Option<LedgerPlace>,
        limit: u16,
    ) -> Result<Vec<Entry>, TrackerError> {
        let query = LedgerQuery { subscription: Some(id), after, ..LedgerQuery::default() };
        let found = store::ledger(&self.database, actor, &query, i64::from(limit) + 1).await?;
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
