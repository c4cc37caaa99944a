//! What the dashboard shows.

use std::{collections::HashMap, sync::Arc};

use contracts::users::Household;
use jiff::civil::Date;
use kernel::{Actor, SubscriptionId};

use super::{Tracker, Whose};
use crate::{
    domain::{Figures, Subscription},
    error::TrackerError,
    store,
};

/// Charges ahead that a dashboard lists; how many more there are, it says.
const UPCOMING: usize = 50;

/// The figures of a household, and what they are made of.
pub(crate) struct Dashboard {
    pub(crate) today: Date,
    pub(crate) household: Arc<Household>,
    pub(crate) figures: Figures,
    pub(crate) subscriptions: HashMap<SubscriptionId, Subscription>,
}

impl Tracker {
    /// The figures of the actor's household today, or the actor's part of them.
    pub(crate) async fn dashboard(&self, actor: &Actor, whose: Whose) -> Result<Dashboard, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let subscriptions = store::all(&self.database, actor).await?;
        let (first, last) = (today.first_of_month(), today.last_of_month());
        let payments = store::payments_of_month(&self.database, actor, first, last).await?;
        let view = self.view(actor, whose).await?;
        let kept = match whose {
            Whose::Ours => HashMap::new(),
            Whose::Mine => store::shares_of_month(&self.database, actor.household, first, last).await?,
        };
        let payments = view.of_payments(payments, &subscriptions, &kept);
        let subscriptions = view.of_subscriptions(subscriptions);
        let figures = Figures::on(today, household.currency, &subscriptions, &payments, UPCOMING);
        let subscriptions = subscriptions.into_iter().map(|each| (each.id, each)).collect();
        Ok(Dashboard { today, household, figures, subscriptions })
    }
}
