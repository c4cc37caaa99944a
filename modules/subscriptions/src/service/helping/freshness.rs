//! Whether what is shown is what there is.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{Fresh, Freshness},
};
use kernel::{Actor, SubscriptionId};
use platform::{db::Batch, http::IfMatch};

use crate::{
    Tracker,
    error::TrackerError,
    service::{Dashboard, Whose},
    store,
};

/// How many subscriptions are caught up with at once; the sweep does the rest.
const AT_ONCE: usize = 50;

impl Dashboard {
    /// Whether both show the same.
    fn shows_the_same(&self, other: &Self) -> bool {
        self.today == other.today && self.figures == other.figures && self.open == other.open
    }
}

impl Tracker {
    /// Those of the actor's household of which something should have been entered by now.
    async fn overdue(&self, actor: &Actor) -> Result<Vec<SubscriptionId>, TrackerError> {
        let today = self.today(&*self.household(actor.household).await?);
        let mut all = store::all(&self.database, actor).await?;
        all.retain(|each| each.wakes_on().is_some_and(|day| day <= today));
        Ok(all.into_iter().map(|each| each.id).collect())
    }

    async fn how_fresh(&self, actor: &Actor) -> Result<Fresh, TrackerError> {
        let household = self.household(actor.household).await?;
        let mut stale = false;
        let mut per_month = None;
        for whose in [Whose::Ours, Whose::Mine] {
            let shown = self.dashboard(actor, whose).await?;
            let anew = self.compute_dashboard(actor, whose).await?;
            stale |= !shown.shows_the_same(&anew);
            per_month = per_month.or(Some(anew.figures.home.per_month));
        }
        Ok(Fresh {
            now: household.time_zone.datetime_at(self.clock.now()),
            zone: household.time_zone.name().to_owned(),
            stale,
            overdue: self.overdue(actor).await?.len(),
            per_month: per_month.unwrap_or(kernel::Money::zero(household.currency)),
        })
    }

    async fn bring_up_to_date(&self, actor: &Actor) -> Result<(), TrackerError> {
        for id in self.overdue(actor).await?.into_iter().take(AT_ONCE) {
            // Whatever changes something lets time do its part first: nothing else is changed.
            match self.change(actor, id, &IfMatch::default(), |_, _| Ok(Vec::new())).await {
                Ok(_) | Err(TrackerError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        self.sweep.notify_one();
        // A change of the household's makes everything that was remembered of it hold no more; what waits for a rate is
        // looked at with it.
        let mut batch = Batch::of(actor.household);
        store::wake_conversions(&mut batch, actor.household);
        self.database.apply(batch).await?;
        self.conversions.notify_one();
        Ok(())
    }
}

#[async_trait]
impl Freshness for Tracker {
    async fn freshness(&self, actor: &Actor) -> Result<Fresh, CallError> {
        Ok(self.how_fresh(actor).await?)
    }

    async fn refresh(&self, actor: &Actor) -> Result<(), CallError> {
        Ok(self.bring_up_to_date(actor).await?)
    }
}
