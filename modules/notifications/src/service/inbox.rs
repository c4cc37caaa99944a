//! What people do with what they were told.

use jiff::Timestamp;
use kernel::{Actor, DeliveryId, NotificationId, UserId};
use platform::db::Batch;

use super::{Herald, TRIES, tell::Sending};
use crate::{
    domain::{Plan, Wait, Way, plan},
    error::HeraldError,
    store::{self, Attempt, DeliveryState, KeptDelivery, Listed, NotificationPlace, Told},
};

/// The farthest that something can be put to sleep.
const FARTHEST_SLEEP: jiff::SignedDuration = jiff::SignedDuration::from_hours(366 * 24);

impl Herald {
    /// A page of somebody's notifications and one more, the newest first.
    pub(crate) async fn list(
        &self,
        actor: &Actor,
        listed: Listed,
        after: Option<NotificationPlace>,
        limit: u16,
    ) -> Result<Vec<Told>, HeraldError> {
        let limit = i64::from(limit) + 1;
        Ok(store::notifications(&self.database, actor.user, listed, after, limit).await?)
    }

    pub(crate) async fn notification(&self, user: UserId, id: NotificationId) -> Result<Told, HeraldError> {
        store::notification(&self.database, user, id).await?.ok_or(HeraldError::NotFound)
    }

    /// How many somebody has not read; a hundred is that or more.
    pub(crate) async fn unread(&self, actor: &Actor) -> Result<i64, HeraldError> {
        Ok(store::unread(&self.database, actor.user).await?)
    }

    /// Marks some as read, or everything. Ids that are not theirs change nothing.
    pub(crate) async fn read(
        &self,
        actor: &Actor,
        ids: Option<&[NotificationId]>,
    ) -> Result<(), HeraldError> {
        let mut batch = Batch::new();
        store::bump_revision(&mut batch, actor.user);
        store::mark_read(&mut batch, actor.user, ids, self.now());
        Ok(self.database.apply(batch).await?)
    }

    /// Puts one away for good, with what was still to be sent of it; or takes it out again.
    pub(crate) async fn set_done(
        &self,
        actor: &Actor,
        id: NotificationId,
        done: bool,
    ) -> Result<Told, HeraldError> {
        self.notification(actor.user, id).await?;
        let (mut batch, now) = (Batch::new(), self.now());
        store::bump_revision(&mut batch, actor.user);
        store::mark_done(&mut batch, actor.user, id, done.then_some(now), now);
        if done {
            store::cancel_deliveries(&mut batch, actor.user, id, "you were done with it", now);
        }
        if !self.applied(batch).await? {
            return Err(HeraldError::NotFound);
        }
        self.notification(actor.user, id).await
    }

    /// Puts one to sleep: it comes again then, by everything, as if it were told for the first time.
    pub(crate) async fn snooze(
        &self,
        actor: &Actor,
        id: NotificationId,
        until: Timestamp,
    ) -> Result<Told, HeraldError> {
        let now = self.now();
        if until <= now {
            return Err(HeraldError::Invalid(kernel::Invalid::field("/until", "must be in the future")));
        }
        if until.duration_since(now) > FARTHEST_SLEEP {
            return Err(HeraldError::Invalid(kernel::Invalid::field("/until", "must be within a year")));
        }
        self.again(actor.user, id, until, "you snoozed it").await?;
        self.notification(actor.user, id).await
    }

    /// Sends one again now, by every way that its kind is told by. Whoever asks for it waits for nothing.
    pub(crate) async fn send_again(&self, actor: &Actor, id: NotificationId) -> Result<Told, HeraldError> {
        let now = self.now();
        self.again(actor.user, id, now, "you had it sent again").await?;
        self.notification(actor.user, id).await
    }

    /// Another round of one notification, at an instant. What is open of the rounds before is not sent.
    async fn again(
        &self,
        user: UserId,
        id: NotificationId,
        at: Timestamp,
        why: &'static str,
    ) -> Result<(), HeraldError> {
        let told = self.notification(user, id).await?;
        for _ in 0..TRIES {
            let (known, mut batch) = self.known(user).await?;
            let (now, channels) = (self.now(), store::channels(&self.database, user).await?);
            let round = store::last_round(&self.database, user, id).await? + 1;
            let asleep = at > now;
            store::bump_revision(&mut batch, user);
            store::cancel_deliveries(&mut batch, user, id, why, now);
            if asleep {
                store::snooze(&mut batch, user, id, at);
            } else {
                store::surface(&mut batch, user, id, now);
            }
            let sending = Sending { user, notification: id, round, now };
            self.to_inbox(&mut batch, &sending, Plan::Send { at, digest: false, wait: Wait::Nothing });
            let about = (told.household, told.subscription);
            for channel in &channels {
                let urgent = told.urgent || !asleep;
                let planned = plan(
                    &known.preferences,
                    &known.zone,
                    at,
                    (told.kind, urgent),
                    about,
                    Way::Channel(channel.id),
                );
                self.to_channel(&mut batch, &sending, channel, planned);
            }
            if self.applied(batch).await? {
                return Ok(());
            }
        }
        Err(HeraldError::Changed)
    }

    /// What became of a notification, way by way.
    pub(crate) async fn deliveries_of(
        &self,
        actor: &Actor,
        id: NotificationId,
    ) -> Result<Vec<KeptDelivery>, HeraldError> {
        Ok(store::deliveries_of(&self.database, actor.user, id).await?)
    }

    /// A page of somebody's delivery log and one more, the newest first.
    pub(crate) async fn deliveries(
        &self,
        actor: &Actor,
        channel: Option<kernel::ChannelId>,
        state: Option<DeliveryState>,
        after: Option<DeliveryId>,
        limit: u16,
    ) -> Result<Vec<KeptDelivery>, HeraldError> {
        let limit = i64::from(limit) + 1;
        Ok(store::deliveries(&self.database, actor.user, channel, state, after, limit).await?)
    }

    /// One delivery with every try.
    pub(crate) async fn delivery(
        &self,
        actor: &Actor,
        id: DeliveryId,
    ) -> Result<(KeptDelivery, Vec<Attempt>), HeraldError> {
        let found = store::delivery(&self.database, actor.user, id).await?.ok_or(HeraldError::NotFound)?;
        Ok((found, store::attempts(&self.database, actor.user, id).await?))
    }
}
