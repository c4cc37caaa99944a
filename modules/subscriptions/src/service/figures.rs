//! What the dashboard shows.

use std::{collections::HashMap, sync::Arc};

use contracts::users::Household;
use jiff::civil::Date;
use kernel::{Actor, SubscriptionId};

use super::{Tracker, Whose};
use crate::{
    answers::{Figure, Size},
    domain::{Figures, Payment, ReferenceRates, Subscription},
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
    /// The day of the bank's rates that were used, where any were needed.
    pub(crate) rates_on: Option<Date>,
    /// Whether the household has set rates of its own.
    pub(crate) own_rates: bool,
    /// What is due or has failed by today, the longest overdue first.
    pub(crate) open: Vec<Payment>,
}

impl Size for Dashboard {
    fn rows(&self) -> usize {
        self.subscriptions.len() + self.open.len()
    }
}

impl Tracker {
    /// The figures of the actor's household today, or the actor's part of them.
    pub(crate) async fn dashboard(
        &self,
        actor: &Actor,
        whose: Whose,
    ) -> Result<Arc<Dashboard>, TrackerError> {
        self.remembered(actor, Figure::Dashboard(whose), self.compute_dashboard(actor, whose)).await
    }

    pub(crate) async fn compute_dashboard(
        &self,
        actor: &Actor,
        whose: Whose,
    ) -> Result<Dashboard, TrackerError> {
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
        let prices = subscriptions.iter().map(|each| (each.price_on(today), today));
        let paid = payments.iter().filter(|payment| payment.state.paid_on().is_some());
        let paid = paid.map(|payment| (payment.amount, payment.rate_day()));
        let due = payments.iter().map(|payment| (payment.amount, today));
        let amounts = prices.chain(paid).chain(due);
        let converter = self.converter(actor.household, household.currency, today, amounts).await?;
        let figures = Figures::on(today, &converter, &subscriptions, &payments, UPCOMING);
        let rates_on = converter.newest().map(ReferenceRates::day);
        let own_rates = !converter.own().is_empty();
        let subscriptions = subscriptions.into_iter().map(|each| (each.id, each)).collect();
        let mut open: Vec<_> =
            payments.into_iter().filter(|payment| payment.is_open() && payment.due_on <= today).collect();
        open.sort_by_key(|payment| (payment.due_on, payment.id));
        Ok(Dashboard { today, household, figures, subscriptions, rates_on, own_rates, open })
    }
}
