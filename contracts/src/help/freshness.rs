//! Whether what is shown is what there is.

use async_trait::async_trait;
use jiff::civil::DateTime;
use kernel::{Actor, Money};

use crate::CallError;

/// What help asks of subscriptions about figures that do not move.
#[async_trait]
pub trait Freshness: Send + Sync {
    /// Computes the actor's figures anew, holds them against those that are shown, and looks for charges that should have
    /// been entered by now.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn freshness(&self, actor: &Actor) -> Result<Fresh, CallError>;

    /// Enters what is overdue, and has everything of the household computed anew.
    ///
    /// # Errors
    /// [`CallError::Conflict`] when somebody else was faster, [`CallError::Unavailable`].
    async fn refresh(&self, actor: &Actor) -> Result<(), CallError>;
}

/// How it stands with the figures of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// What its clocks show.
    pub now: DateTime,
    /// In which time zone that is.
    pub zone: String,
    /// What is remembered and shown is not what there is.
    pub stale: bool,
    /// How many subscriptions have a charge that should have been entered by now.
    pub overdue: usize,
    /// What everything comes to a month, computed just now.
    pub per_month: Money,
}
