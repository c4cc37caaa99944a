//! Beginning to track one.

use kernel::Actor;
use platform::db::Batch;

use super::{CHARGES_AT_ONCE, Tracker};
use crate::{
    domain::{Birth, Draft, SharingChange, Subscription},
    error::TrackerError,
    store,
};

impl Tracker {
    /// Tracks `draft` for the actor's household, with the charges that have fallen due.
    pub(crate) async fn create_draft(
        &self,
        actor: &Actor,
        draft: Draft,
    ) -> Result<Subscription, TrackerError> {
        self.create_shared(actor, draft, &SharingChange::default()).await
    }

    /// The same, shared in a way of its own.
    pub(crate) async fn create_shared(
        &self,
        actor: &Actor,
        draft: Draft,
        sharing: &SharingChange,
    ) -> Result<Subscription, TrackerError> {
        self.check_points(actor, None, draft.points_at()).await?;
        let members = if sharing.is_empty() { Vec::new() } else { self.everybody(actor).await? };
        let household = self.household(actor.household).await?;
        let birth = Birth {
            id: self.ids.next(),
            household: actor.household,
            created_by: actor.user,
            today: self.today(&household),
            now: self.clock.now(),
        };
        let (mut subscription, advance) = Subscription::create(draft, birth, CHARGES_AT_ONCE);
        subscription.reshare(sharing, actor.user, &members, birth.today)?;
        let mut batch = Batch::of(actor.household);
        store::insert(&mut batch, &subscription, &household.time_zone);
        if !sharing.is_empty() {
            store::update_sharing(&mut batch, &subscription);
        }
        self.plan_reminders(&mut batch, &subscription, &household);
        self.record(&mut batch, &subscription, &advance);
        self.database.apply(batch).await?;
        if subscription.prices.currency() != household.currency {
            self.conversions.notify_one();
        }
        if advance.more {
            self.sweep.notify_one();
        }
        Ok(subscription)
    }
}
