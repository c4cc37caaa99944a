//! Charges, and from what dates are computed.

use async_trait::async_trait;
use jiff::civil::Date;
use kernel::{Actor, Cycle, Money, PaymentId, SubscriptionId};

use crate::{CallError, subscriptions::Status};

/// What help asks of subscriptions. Every call is for the actor's household and sees nothing else.
#[async_trait]
pub trait Charges: Send + Sync {
    /// One charge.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn charge(&self, actor: &Actor, id: PaymentId) -> Result<Charge, CallError>;

    /// The newest charge that did not go through; `None` when there is none.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn newest_failure(&self, actor: &Actor) -> Result<Option<Charge>, CallError>;

    /// Makes a charge paid, today: what its page does.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, [`CallError::Unavailable`].
    async fn mark_paid(&self, actor: &Actor, id: PaymentId) -> Result<Charge, CallError>;

    /// From what the dates of a subscription are computed.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn reckoning(&self, actor: &Actor, id: SubscriptionId) -> Result<Reckoning, CallError>;
}

/// A charge, as far as help needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Which.
    pub payment: PaymentId,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// What people call that.
    pub name: String,
    /// The charge date.
    pub due_on: Date,
    /// How much.
    pub amount: Money,
    /// What became of it.
    pub state: ChargeState,
}

/// What became of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeState {
    /// It is still to be paid by hand.
    Due,
    /// It did not go through.
    Failed,
    /// It is paid, was left out on purpose, or was given back: nothing is open.
    Settled,
}

/// From what the dates of a subscription are computed, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoning {
    /// Which.
    pub subscription: SubscriptionId,
    /// What people call it.
    pub name: String,
    /// Where it is in its life.
    pub status: Status,
    /// What a charge costs today.
    pub price: Money,
    /// The day all others are counted from.
    pub anchor: Date,
    /// How often; `None` was bought once.
    pub cycle: Option<Cycle>,
    /// The next charge; `None` when there is none to come.
    pub next_charge_on: Option<Date>,
}
