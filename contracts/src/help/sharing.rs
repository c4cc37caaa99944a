//! Who sees something, pays it and shares it.

use async_trait::async_trait;
use kernel::{Actor, Money, SubscriptionId};

use crate::CallError;

/// What help asks of subscriptions about sharing.
#[async_trait]
pub trait Sharing: Send + Sync {
    /// How one is shared.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn shared(&self, actor: &Actor, id: SubscriptionId) -> Result<Shared, CallError>;

    /// Lets the household see one that was private, and count it: what its page does.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, [`CallError::Unavailable`].
    async fn show_to_household(&self, actor: &Actor, id: SubscriptionId) -> Result<(), CallError>;
}

/// How one is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Which.
    pub subscription: SubscriptionId,
    /// What people call it.
    pub name: String,
    /// What a charge costs today.
    pub price: Money,
    /// Whether whoever added it alone sees and counts it.
    pub private: bool,
    /// How many belong to the household.
    pub members: usize,
    /// What whoever pays it is called; `None` is the common purse.
    pub payer: Option<String>,
    /// How many bear a part of it.
    pub among: usize,
    /// The actor's part of a charge.
    pub mine: Money,
}
