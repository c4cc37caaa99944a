//! What something costs, how that is converted, and how often.

use async_trait::async_trait;
use jiff::civil::Date;
use kernel::{Actor, Currency, Cycle, Money, SubscriptionId};

use crate::CallError;

/// What help asks of subscriptions about prices and totals.
#[async_trait]
pub trait Pricing: Send + Sync {
    /// What one costs.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn priced(&self, actor: &Actor, id: SubscriptionId) -> Result<Priced, CallError>;

    /// What everything of the actor's household comes to.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn totalled(&self, actor: &Actor) -> Result<Totalled, CallError>;

    /// Has one charged at another rhythm, its price being that of one charge as before: what its form does.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Invalid`] and [`CallError::Conflict`] where a rule or its state does not
    /// allow it, [`CallError::Unavailable`].
    async fn charge_every(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        cycle: Cycle,
    ) -> Result<Priced, CallError>;
}

/// What one costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// Which.
    pub subscription: SubscriptionId,
    /// What people call it.
    pub name: String,
    /// What a charge costs; where it is free for now, what it costs after that.
    pub price: Money,
    /// The first day that is not free, where it is free today.
    pub free_until: Option<Date>,
    /// How often; `None` was bought once.
    pub cycle: Option<Cycle>,
    /// What that price comes to a month and a year, in its own currency.
    pub equivalents: Option<(Money, Money)>,
    /// The next charge; `None` when there is none to come.
    pub next_charge_on: Option<Date>,
    /// What the household counts in.
    pub home: Currency,
    /// How the price is shown there.
    pub shown: Shown,
}

/// How an amount is shown in the currency of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It is in it.
    AsItIs,
    /// By a rate.
    Converted {
        /// What it comes to.
        amount: Money,
        /// How much of the household's currency one of the other buys.
        rate: String,
        /// The day the rate is of.
        on: Date,
        /// Whether it was set by hand.
        by_hand: bool,
        /// How many days old the bank's rates are; nought where it was set by hand.
        age_days: i32,
    },
    /// There is no rate: it stands beside the totals.
    Unconverted,
}

/// What everything comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totalled {
    /// A month, in the currency of the household, without what has no rate.
    pub per_month: Money,
    /// Whether anything in it was converted.
    pub converted: bool,
    /// The day of the bank's rates that were used, and how many days ago that was.
    pub rates: Option<(Date, i32)>,
    /// What there is no rate for, a month.
    pub unconverted: Vec<Money>,
    /// How many count nothing, because they are paused, cancelled or over.
    pub left_out: usize,
}
