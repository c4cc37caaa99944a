//! From news to a notification and its deliveries, in one batch.

use jiff::Timestamp;
use kernel::{DeliveryId, HouseholdId, NotificationId, SubscriptionId, UserId};
use platform::db::Batch;
use uuid::Uuid;

use super::Herald;
use crate::{
    domain::{ChannelState, Facts, Kind, Plan, Wait, Way, plan},
    error::HeraldError,
    store::{self, DeliveryState, INBOX, KeptChannel, Known, NewDelivery, NewNotification},
};

/// What the inbox is called where channels are named.
pub(crate) const INBOX_KIND: &str = "inbox";

/// Something one person should know.
#[derive(Debug, Clone)]
pub(crate) struct News {
    pub(crate) recipient: UserId,
    pub(crate) household: HouseholdId,
    pub(crate) kind: Kind,
    /// What it is told by: being told of the same twice changes nothing.
    pub(crate) about: Uuid,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) facts: Facts,
    pub(crate) urgent: bool,
}

impl Herald {
    /// The batch that tells somebody; nothing when they have been told.
    pub(crate) async fn telling(&self, news: &News) -> Result<Batch, HeraldError> {
        if store::told_of(&self.database, news.recipient, news.kind, news.about).await?.is_some() {
            return Ok(Batch::new());
        }
        let (known, mut batch) = self.known(news.recipient).await?;
        let channels = store::channels(&self.database, news.recipient).await?;
        self.tell(&mut batch, &known, &channels, news);
        Ok(batch)
    }

    /// Writes a notification, and for each way one delivery or why there is none.
    pub(crate) fn tell(
        &self,
        batch: &mut Batch,
        known: &Known,
        channels: &[KeptChannel],
        news: &News,
    ) -> NotificationId {
        let (id, now) = (self.ids.next(), self.now());
        let planned = |way| {
            let about = (news.household, news.subscription);
            plan(&known.preferences, &known.zone, now, (news.kind, news.urgent), about, way)
        };
        let inbox = planned(Way::Inbox);
        store::bump_revision(batch, news.recipient);
        let new = NewNotification {
            id,
            user: news.recipient,
            household: news.household,
            kind: news.kind,
            about: news.about,
            subscription: news.subscription,
            facts: news.facts.clone(),
            urgent: news.urgent,
            in_inbox: matches!(inbox, Plan::Send { .. }),
            now,
        };
        store::insert_notification(batch, &new);
        metrics::counter!("perennial_notifications_total", "kind" => news.kind.as_str()).increment(1);
        let whole = Sending { user: news.recipient, notification: id, round: 1, now };
        self.to_inbox(batch, &whole, inbox);
        for channel in channels {
            self.to_channel(batch, &whole, channel, planned(Way::Channel(channel.id)));
        }
        id
    }

    /// The delivery to the inbox, which is done with the batch itself unless it is for later.
    pub(super) fn to_inbox(&self, batch: &mut Batch, sending: &Sending, plan: Plan) {
        let (state, reason, at) = match plan {
            Plan::Leave(reason) => (DeliveryState::Cancelled, Some(reason), sending.now),
            Plan::Send { at, .. } if at > sending.now => (DeliveryState::Planned, Some("you snoozed it"), at),
            Plan::Send { at, .. } => (DeliveryState::Sent, None, at),
        };
        let new = NewDelivery {
            id: self.ids.next(),
            user: sending.user,
            notification: sending.notification,
            channel: INBOX,
            channel_kind: INBOX_KIND,
            round: sending.round,
            digest: false,
            state,
            reason: reason.map(str::to_owned),
            planned_for: at,
            now: sending.now,
        };
        store::insert_delivery(batch, &new);
    }

    /// The delivery to a channel, or why there is none.
    pub(super) fn to_channel(
        &self,
        batch: &mut Batch,
        sending: &Sending,
        channel: &KeptChannel,
        plan: Plan,
    ) -> DeliveryId {
        let plan = match channel.state {
            ChannelState::On => plan,
            ChannelState::Off => Plan::Leave("you turned the channel off"),
            ChannelState::Broken => Plan::Leave("the channel stopped working"),
        };
        let (state, reason, at, digest) = match plan {
            Plan::Leave(reason) => (DeliveryState::Cancelled, Some(reason), sending.now, false),
            Plan::Send { at, digest, wait } => (DeliveryState::Planned, waits(wait), at, digest),
        };
        let new = NewDelivery {
            id: self.ids.next(),
            user: sending.user,
            notification: sending.notification,
            channel: channel.id,
            channel_kind: channel.kind.as_str(),
            round: sending.round,
            digest,
            state,
            reason: reason.map(str::to_owned),
            planned_for: at,
            now: sending.now,
        };
        store::insert_delivery(batch, &new);
        if state == DeliveryState::Planned {
            store::ring_channel(batch, sending.user, channel.id, at);
        }
        new.id
    }
}

/// What the deliveries of one round have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    pub(super) user: UserId,
    pub(super) notification: NotificationId,
    pub(super) round: i64,
    pub(super) now: Timestamp,
}

const fn waits(wait: Wait) -> Option<&'static str> {
    match wait {
        Wait::Nothing => None,
        Wait::QuietHours => Some("it waits for your quiet hours to end"),
        Wait::Digest => Some("it comes with your digest"),
    }
}
