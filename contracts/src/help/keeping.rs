//! Whether something is worth keeping, and how one gets rid of it.

use async_trait::async_trait;
use jiff::civil::Date;
use kernel::{Actor, Cycle, MessageId, Money, SubscriptionId};

use crate::{CallError, subscriptions::Status};

/// What help asks of subscriptions about keeping one.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// What speaks for one and against it.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn weighed(&self, actor: &Actor, id: SubscriptionId) -> Result<Weighed, CallError>;

    /// Has one not renew any more: what its page does.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, [`CallError::Unavailable`].
    async fn cancel(&self, actor: &Actor, id: SubscriptionId) -> Result<Weighed, CallError>;

    /// Has one rest: what its page does.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, [`CallError::Unavailable`].
    async fn pause(&self, actor: &Actor, id: SubscriptionId) -> Result<(), CallError>;

    /// The words that one came from; `None` when it came from a form or a file.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn came_from(&self, actor: &Actor, id: SubscriptionId) -> Result<Option<MessageId>, CallError>;
}

/// What speaks for one and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Which.
    pub subscription: SubscriptionId,
    /// What people call it.
    pub name: String,
    /// Where it is in its life.
    pub status: Status,
    /// What a charge costs; in a trial, what it costs after that.
    pub price: Money,
    /// How often; `None` was bought once.
    pub cycle: Option<Cycle>,
    /// What it comes to a year.
    pub a_year: Option<Money>,
    /// What was paid for it so far.
    pub paid: Money,
    /// How much it is used, as its owner marked it.
    pub usage: Usage,
    /// The last day on which it can be cancelled before it binds for another term, and the first day after this one.
    pub bound: Option<(Date, Date)>,
    /// The first day that is not free, where it is free today.
    pub free_until: Option<Date>,
    /// The next charge; `None` when there is none to come.
    pub next_charge_on: Option<Date>,
    /// The first day on which it can no longer be used, where that is known.
    pub ends_on: Option<Date>,
    /// Where one cancels it, where that is known.
    pub cancelled_at: Option<String>,
    /// Another that does the same, or that it comes with.
    pub alternative: Option<String>,
}

/// How much something is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    /// All the time.
    Often,
    /// Now and then.
    Sometimes,
    /// Hardly.
    Rarely,
    /// Not at all.
    Never,
    /// It was not said.
    Unsaid,
}
