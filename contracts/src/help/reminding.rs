//! Whether there was something to be reminded of, and what became of it.

use async_trait::async_trait;
use jiff::civil::{Date, DateTime, Time};
use kernel::{Actor, ReminderId, SubscriptionId};

use crate::{
    CallError,
    subscriptions::{ReminderKind, Status},
};

/// What help asks of subscriptions about reminders.
#[async_trait]
pub trait Reminding: Send + Sync {
    /// How it stands with what the actor is reminded of: of one subscription, or of whatever was told last.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn reminded(
        &self,
        actor: &Actor,
        subscription: Option<SubscriptionId>,
    ) -> Result<Reminded, CallError>;

    /// Has one renew again that is paused: what its page does.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, [`CallError::Unavailable`].
    async fn resume(&self, actor: &Actor, id: SubscriptionId) -> Result<(), CallError>;
}

/// How it stands with reminders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminded {
    /// The subscription that was asked about, if one was.
    pub of: Option<RemindedOf>,
    /// Whether no days ahead are chosen, so that nothing is announced.
    pub never: bool,
    /// At which time of the day it is told.
    pub time: Time,
    /// The newest that was told or left out.
    pub newest: Option<PastReminder>,
    /// The next to come.
    pub next: Option<NextReminder>,
}

/// What is reminded of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemindedOf {
    /// Which.
    pub subscription: SubscriptionId,
    /// What people call it.
    pub name: String,
    /// Where it is in its life.
    pub status: Status,
    /// Whether it is the actor who is told.
    pub is_told_to_actor: bool,
    /// Whether it has days of its own.
    pub has_own_days: bool,
}

/// A reminder whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastReminder {
    /// Which.
    pub reminder: ReminderId,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// What people call that.
    pub name: String,
    /// What it is about.
    pub kind: ReminderKind,
    /// The day that it is about.
    pub about_on: Date,
    /// When it was told or left out, by the clock of the household.
    pub at: DateTime,
    /// Whether it was told; else it was left out, because its day had passed before it could be.
    pub told: bool,
}

/// A reminder to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextReminder {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// What people call that.
    pub name: String,
    /// When it is told, by the clock of the household.
    pub at: DateTime,
}
