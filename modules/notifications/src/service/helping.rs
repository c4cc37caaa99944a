//! What help asks: it looks at what became of what somebody was told, and mends it as they could by hand.

use std::time::Duration;

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{Deliveries, Muted, Tested, Trace, Traced, WayState},
    subscriptions::ReminderKind,
};
use jiff::Timestamp;
use kernel::{Actor, ChannelId, DeliveryId, NotificationId, ReminderId, SubscriptionId};

use super::{ChannelChange, Herald, TRIES};
use crate::{
    domain::{ChannelState, Kind, Preferences, Way, texts::one_line},
    error::HeraldError,
    store::{self, DeliveryState, INBOX, KeptChannel, KeptDelivery, Known},
};

/// For how long a test is waited for, and how often one looks. Whoever asks waits for two seconds altogether.
const PATIENCE: Duration = Duration::from_millis(1_600);
const LOOKS: u32 = 32;

impl Herald {
    async fn traced(
        &self,
        actor: &Actor,
        reminder: ReminderId,
        kind: Kind,
    ) -> Result<Option<Trace>, HeraldError> {
        let found = store::told_of(&self.database, actor.user, kind, reminder.uuid()).await?;
        let Some(id) = found else { return Ok(None) };
        let told = self.notification(actor.user, id).await?;
        let known = self.preferences(actor.user).await?;
        let deliveries = self.deliveries_of(actor, id).await?;
        let channels = store::channels(&self.database, actor.user).await?;
        let ways = channels.iter().filter_map(|channel| {
            // The newest round is the one that counts.
            let delivery = deliveries.iter().rfind(|delivery| delivery.channel == channel.id);
            let state = way_state(&known, channel, kind, delivery, self.now())?;
            Some(Traced { channel: channel.id, name: channel.name.clone(), state })
        });
        let preferences = &known.preferences;
        let muted = if preferences.muted_households.contains(&told.household) {
            Some(Muted::Household)
        } else {
            let muted = |id| preferences.muted_subscriptions.contains(id);
            told.subscription.as_ref().filter(|id| muted(id)).map(|_| Muted::Subscription)
        };
        Ok(Some(Trace { notification: id, muted: muted.filter(|_| kind.can_be_off()), ways: ways.collect() }))
    }

    /// Changes what somebody chose, by what it is now.
    async fn choose(&self, actor: &Actor, change: impl Fn(&mut Preferences)) -> Result<(), HeraldError> {
        for _ in 0..TRIES {
            let mut preferences = self.preferences(actor.user).await?.preferences;
            change(&mut preferences);
            match self.set_preferences::<HeraldError>(actor, |_| Ok(()), &preferences).await {
                Err(HeraldError::Changed) => {}
                other => return other.map(|_| ()),
            }
        }
        Err(HeraldError::Changed)
    }

    async fn try_one(&self, actor: &Actor, id: ChannelId) -> Result<Tested, HeraldError> {
        let channel = self.channel(actor, id).await?;
        if channel.state != ChannelState::On {
            let on = ChannelChange { on: Some(true), ..ChannelChange::default() };
            self.change_channel::<HeraldError>(actor, id, |_| Ok(()), &on).await?;
        }
        let delivery = self.test_channel(actor, id).await?;
        for _ in 0..LOOKS {
            tokio::time::sleep(PATIENCE / LOOKS).await;
            if let Some(tested) = self.came_of(actor, delivery).await? {
                return Ok(tested);
            }
        }
        Ok(Tested::Waiting)
    }

    async fn came_of(&self, actor: &Actor, id: DeliveryId) -> Result<Option<Tested>, HeraldError> {
        let (delivery, attempts) = self.delivery(actor, id).await?;
        let said = || attempts.last().map(|attempt| one_line(&attempt.said)).unwrap_or_default();
        Ok(match delivery.state {
            DeliveryState::Sent => Some(Tested::Sent),
            DeliveryState::Failed | DeliveryState::Cancelled => Some(Tested::Failed(said())),
            DeliveryState::Planned => (delivery.tries > 0).then(|| Tested::Failed(said())),
        })
    }
}

/// What became of a notification by a channel; nothing where the channel was set up later.
fn way_state(
    known: &Known,
    channel: &KeptChannel,
    kind: Kind,
    delivery: Option<&KeptDelivery>,
    now: Timestamp,
) -> Option<WayState> {
    if channel.state == ChannelState::Broken {
        return Some(WayState::Broken(one_line(channel.reason.as_deref().unwrap_or_default())));
    }
    let delivery = delivery.filter(|delivery| delivery.channel != INBOX)?;
    let reason = || one_line(delivery.reason.as_deref().unwrap_or_default());
    let local = |instant| known.zone.datetime_at(instant);
    let preferences = &known.preferences;
    Some(match delivery.state {
        DeliveryState::Sent => WayState::Arrived(local(delivery.finished_at.unwrap_or(delivery.planned_for))),
        DeliveryState::Failed => WayState::Failed(reason()),
        DeliveryState::Planned => match delivery.next_try_at {
            Some(again) => WayState::Trying(reason(), local(again)),
            None if delivery.planned_for <= now => WayState::Waiting,
            None if delivery.digest => WayState::Digest(local(delivery.planned_for)),
            None => WayState::Quiet(local(delivery.planned_for)),
        },
        DeliveryState::Cancelled if channel.state == ChannelState::Off => WayState::Off,
        DeliveryState::Cancelled if !preferences.tells(kind, Way::Channel(channel.id)) => WayState::KindOff,
        DeliveryState::Cancelled => WayState::Left(reason()),
    })
}

#[async_trait]
impl Deliveries for Herald {
    async fn trace(
        &self,
        actor: &Actor,
        reminder: ReminderId,
        kind: ReminderKind,
    ) -> Result<Option<Trace>, CallError> {
        Ok(self.traced(actor, reminder, kind.into()).await?)
    }

    async fn unmute(&self, actor: &Actor, subscription: SubscriptionId) -> Result<(), CallError> {
        let change = |preferences: &mut Preferences| {
            preferences.muted_subscriptions.remove(&subscription);
            preferences.muted_households.remove(&actor.household);
        };
        Ok(self.choose(actor, change).await?)
    }

    async fn tell_kind(
        &self,
        actor: &Actor,
        kind: ReminderKind,
        channel: ChannelId,
    ) -> Result<(), CallError> {
        let change =
            |preferences: &mut Preferences| preferences.set(kind.into(), Way::Channel(channel), true);
        Ok(self.choose(actor, change).await?)
    }

    async fn end_quiet_hours(&self, actor: &Actor) -> Result<(), CallError> {
        Ok(self.choose(actor, |preferences| preferences.quiet_hours = None).await?)
    }

    async fn send_again(&self, actor: &Actor, id: NotificationId) -> Result<(), CallError> {
        Herald::send_again(self, actor, id).await?;
        Ok(())
    }

    async fn try_channel(&self, actor: &Actor, id: ChannelId) -> Result<Tested, CallError> {
        Ok(self.try_one(actor, id).await?)
    }
}
