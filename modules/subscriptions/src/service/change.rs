//! Changing one, and tracking it no more.

use contracts::users::Household;
use jiff::civil::Date;
use kernel::{Actor, SubscriptionId};
use platform::{
    db::{Batch, DbError},
    http::{ETag, IfMatch},
};

use super::{CHARGES_AT_ONCE, TRIES, Tracker};
use crate::{
    domain::{Change, DecisionError, Fact, SharingChange, Subscription},
    error::TrackerError,
    store,
};

/// Changes with every stored change, and with the day, because prices and statuses are those of a day.
pub(crate) fn etag(subscription: &Subscription, today: Date) -> ETag {
    let step = subscription.prices.steps().filter(|step| step.from <= today).count();
    ETag::of(&[&subscription.version, &step])
}

/// What somebody has seen of one, on which their change is based.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seen<'a> {
    /// The tags that the request of a program names, if any.
    Tags(&'a IfMatch),
    /// The version that a form was filled in for.
    Version(i64),
}

impl<'a> From<&'a IfMatch> for Seen<'a> {
    fn from(tags: &'a IfMatch) -> Self {
        Self::Tags(tags)
    }
}

impl Seen<'_> {
    fn check(self, found: &Subscription, today: Date) -> Result<(), TrackerError> {
        let same = match self {
            Self::Tags(tags) => tags.check(&etag(found, today)).is_ok(),
            Self::Version(version) => version == found.version,
        };
        if same { Ok(()) } else { Err(TrackerError::Changed) }
    }
}

impl Tracker {
    /// Changes one as `decide` says, when the client has `seen` it as it is. Decided anew when somebody else was
    /// first.
    pub(crate) async fn change(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        seen: impl Into<Seen<'_>> + Send,
        decide: impl Fn(&mut Subscription, Date) -> Result<Vec<Fact>, DecisionError> + Send,
    ) -> Result<Subscription, TrackerError> {
        let seen = seen.into();
        for _ in 0..TRIES {
            self.remind_first(actor.household, id).await?;
            let (mut subscription, household, today) = self.seen(actor, id, seen).await?;
            let before = subscription.clone();
            let mut batch = Batch::of(actor.household);
            self.catch_up(&mut batch, &mut subscription, today);
            let facts = decide(&mut subscription, today)?;
            self.tell(&mut batch, &subscription, Some(actor), &facts);
            let reshared = subscription.sharing != before.sharing;
            if reshared {
                // What was paid so far stays shared as it was.
                store::keep_payment_shares(&mut batch, actor.household, id);
            }
            self.catch_up(&mut batch, &mut subscription, today);
            if subscription == before {
                return Ok(subscription);
            }
            if reshared {
                store::update_sharing(&mut batch, &subscription);
            }
            match self.store(batch, &mut subscription, &household).await {
                Err(DbError::Conflict) => self.forget_household(actor.household),
                other => {
                    other?;
                    return Ok(subscription);
                }
            }
        }
        Err(TrackerError::Contended)
    }

    /// Changes what one says.
    pub(crate) async fn edit(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        seen: impl Into<Seen<'_>> + Send,
        change: Change,
    ) -> Result<Subscription, TrackerError> {
        self.edit_shared(actor, id, seen, change, &SharingChange::default()).await
    }

    /// The same, and how it is shared.
    pub(crate) async fn edit_shared(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        seen: impl Into<Seen<'_>> + Send,
        change: Change,
        sharing: &SharingChange,
    ) -> Result<Subscription, TrackerError> {
        self.check_points(actor, Some(id), change.points_at()).await?;
        let members = if sharing.is_empty() { Vec::new() } else { self.everybody(actor).await? };
        self.change(actor, id, seen, |subscription, today| {
            let mut facts = subscription.edit(change.clone(), today)?;
            facts.extend(subscription.reshare(sharing, actor.user, &members, today)?);
            Ok(facts)
        })
        .await
    }

    pub(super) async fn seen(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        seen: Seen<'_>,
    ) -> Result<(Subscription, std::sync::Arc<Household>, Date), TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let found = store::find(&self.database, actor, id).await?.ok_or(TrackerError::NotFound)?;
        seen.check(&found, today)?;
        Ok((found, household, today))
    }

    /// Lets time do its part before and after somebody's decision.
    pub(super) fn catch_up(&self, batch: &mut Batch, subscription: &mut Subscription, today: Date) {
        loop {
            let advance = subscription.advance(today, CHARGES_AT_ONCE);
            self.record(batch, subscription, &advance);
            if !advance.more {
                break;
            }
        }
    }

    pub(super) async fn store(
        &self,
        mut batch: Batch,
        subscription: &mut Subscription,
        household: &Household,
    ) -> Result<(), DbError> {
        let found = subscription.revise(self.clock.now());
        store::update(&mut batch, subscription, found, &household.time_zone);
        self.plan_reminders(&mut batch, subscription, household);
        self.database.apply(batch).await
    }

    /// Tracks it and its payments no more.
    pub(crate) async fn delete(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        seen: impl Into<Seen<'_>> + Send,
    ) -> Result<(), TrackerError> {
        let seen = seen.into();
        for _ in 0..TRIES {
            let (subscription, ..) = self.seen(actor, id, seen).await?;
            let mut batch = Batch::of(actor.household);
            store::delete(&mut batch, actor.household, id, subscription.version);
            store::delete_payment_shares(&mut batch, actor.household, id);
            store::delete_payments(&mut batch, actor.household, id);
            store::delete_reminders(&mut batch, actor.household, id);
            store::forget_successor(&mut batch, actor.household, id);
            self.tell(&mut batch, &subscription, Some(actor), &[subscription.deleted()]);
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => {}
                other => return Ok(other?),
            }
        }
        Err(TrackerError::Contended)
    }
}
