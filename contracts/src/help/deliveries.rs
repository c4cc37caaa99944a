//! What became of what somebody was told, way by way.

use async_trait::async_trait;
use jiff::civil::DateTime;
use kernel::{Actor, ChannelId, NotificationId, ReminderId, SubscriptionId};

use crate::{CallError, subscriptions::ReminderKind};

/// What help asks of notifications. All of it is the actor's own.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// What became of a reminder that was told to the actor; `None` when nothing of it has arrived here.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn trace(
        &self,
        actor: &Actor,
        reminder: ReminderId,
        kind: ReminderKind,
    ) -> Result<Option<Trace>, CallError>;

    /// Has the actor told of a subscription again, and of the household that they look at.
    ///
    /// # Errors
    /// [`CallError::Conflict`] when it was changed meanwhile, [`CallError::Unavailable`].
    async fn unmute(&self, actor: &Actor, subscription: SubscriptionId) -> Result<(), CallError>;

    /// Has a kind told by a channel again.
    ///
    /// # Errors
    /// [`CallError::Conflict`] when it was changed meanwhile, [`CallError::Unavailable`].
    async fn tell_kind(&self, actor: &Actor, kind: ReminderKind, channel: ChannelId)
    -> Result<(), CallError>;

    /// Has no hours be quiet any more.
    ///
    /// # Errors
    /// [`CallError::Conflict`] when it was changed meanwhile, [`CallError::Unavailable`].
    async fn end_quiet_hours(&self, actor: &Actor) -> Result<(), CallError>;

    /// Sends a notification again, at once, by every way that its kind is told by.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when it was changed meanwhile, [`CallError::Unavailable`].
    async fn send_again(&self, actor: &Actor, id: NotificationId) -> Result<(), CallError>;

    /// Turns a channel on where it is off or stopped working, and sends a test by it as everything else is sent.
    /// Waits a moment for what comes of it.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when it was changed meanwhile, [`CallError::Unavailable`].
    async fn try_channel(&self, actor: &Actor, id: ChannelId) -> Result<Tested, CallError>;
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    /// The provider took it.
    Sent,
    /// The provider said no, or nothing. Its words.
    Failed(String),
    /// It is on its way.
    Waiting,
}

/// What became of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Which.
    pub notification: NotificationId,
    /// What the actor turned off that it belongs to, and has not turned on again.
    pub muted: Option<Muted>,
    /// What became of it by each of the actor's channels, the inbox apart.
    pub ways: Vec<Traced>,
}

/// What was turned off as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Muted {
    /// Everything of the household.
    Household,
    /// Everything of the subscription.
    Subscription,
}

/// What became of a notification by a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Which channel.
    pub channel: ChannelId,
    /// What its owner calls it.
    pub name: String,
    /// What became of it.
    pub state: WayState,
}

/// What became of a notification by a channel. Times are by the clock of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayState {
    /// The channel works no more: the provider's words.
    Broken(String),
    /// It was given up: the provider's words.
    Failed(String),
    /// It did not work and is tried again: the provider's words, and when.
    Trying(String, DateTime),
    /// It waits for quiet hours to end.
    Quiet(DateTime),
    /// It waits for the digest.
    Digest(DateTime),
    /// It is to be sent at any moment.
    Waiting,
    /// The kind is turned off for this channel.
    KindOff,
    /// The channel is turned off.
    Off,
    /// It was not sent: why.
    Left(String),
    /// The provider took it.
    Arrived(DateTime),
}
