//! How somebody's words were read.

use async_trait::async_trait;
use kernel::{Actor, Cycle, MessageId, Money, SubscriptionId};

use crate::CallError;

/// What help asks of the reader of words.
#[async_trait]
pub trait Readings: Send + Sync {
    /// How words of the actor's were read: those of that id, or the newest that they typed or sent; `None` when there are
    /// none.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn read(&self, actor: &Actor, id: Option<MessageId>) -> Result<Option<ReadWords>, CallError>;
}

/// Words, and how they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadWords {
    /// Which.
    pub message: MessageId,
    /// The words; empty where they were refused, for then they are not kept.
    pub words: String,
    /// What came of them.
    pub came: Came,
}

/// What came of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// Something is tracked since.
    Made {
        /// What.
        subscription: SubscriptionId,
        /// What it was read to be called.
        name: String,
        /// What it was read to cost.
        price: Money,
        /// How often.
        cycle: Cycle,
    },
    /// Something was done to what is tracked.
    Acted {
        /// To what.
        subscription: SubscriptionId,
        /// What the words call it.
        name: String,
    },
    /// Something is asked, and was not done; the question.
    Asked(String),
    /// They are not about a subscription, or must not be acted upon; why.
    Refused(String),
}
