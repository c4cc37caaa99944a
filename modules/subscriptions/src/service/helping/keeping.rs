//! Whether something is worth keeping, and how one gets rid of it.

use async_trait::async_trait;
use catalogue::Service;
use contracts::{
    CallError,
    help::{self, Keeping, Weighed},
    subscriptions::{Act, Source},
};
use kernel::{Actor, MessageId, Money, SubscriptionId};
use platform::http::IfMatch;

use crate::{
    Tracker,
    domain::{Subscription, Usage, overlaps, yearly},
    error::TrackerError,
    service::statistics::parts_of,
    store,
};

/// The service one is of: that which is kept with it, else the one its name tells.
pub(crate) fn catalogued(subscription: &Subscription) -> Option<&'static Service> {
    match &subscription.service {
        Some(slug) => catalogue::by_slug(slug.as_str()),
        None => catalogue::find(subscription.name.as_str()),
    }
}

const fn used(usage: Option<Usage>) -> help::Usage {
    match usage {
        Some(Usage::Often) => help::Usage::Often,
        Some(Usage::Sometimes) => help::Usage::Sometimes,
        Some(Usage::Rarely) => help::Usage::Rarely,
        Some(Usage::Never) => help::Usage::Never,
        None => help::Usage::Unsaid,
    }
}

impl Tracker {
    async fn weigh(&self, actor: &Actor, id: SubscriptionId) -> Result<Weighed, TrackerError> {
        let (one, today) = self.read(actor, id).await?;
        let free_until = one.trial_ends_on.filter(|ends_on| today < *ends_on);
        let price = one.forecast_on(free_until.unwrap_or(today));
        let paid = store::paid_for(&self.database, actor.household, id).await?;
        let bound = one.bound(today).and_then(|bound| bound.cancel_by.map(|by| (by, bound.term_ends_on)));
        Ok(Weighed {
            subscription: id,
            name: one.name.to_string(),
            status: one.status,
            price,
            cycle: one.cycle,
            a_year: one.cycle.map(|cycle| yearly(price, cycle)),
            paid: Money::from_minor(paid, price.currency()),
            usage: used(one.particulars.usage),
            bound,
            free_until,
            next_charge_on: one.next_charge_on(),
            ends_on: one.ends_on,
            cancelled_at: catalogued(&one).and_then(Service::cancel_url).map(str::to_owned),
            alternative: self.alternative(actor, id).await?,
        })
    }

    /// Another that does the same as one, or that it comes with.
    async fn alternative(&self, actor: &Actor, id: SubscriptionId) -> Result<Option<String>, TrackerError> {
        let rates = self.rates(actor, None).await?;
        let all = store::all(&self.database, actor).await?;
        let found = overlaps(rates.today, &all, &rates.converter, parts_of);
        let other = found.into_iter().find_map(|overlap| match (overlap.keep == id, overlap.spare == id) {
            (true, _) => Some(overlap.spare),
            (_, true) => Some(overlap.keep),
            (false, false) => None,
        });
        let other = other.and_then(|other| all.iter().find(|each| each.id == other));
        Ok(other.map(|other| other.name.to_string()))
    }

    async fn act_for_help(&self, actor: &Actor, id: SubscriptionId, act: &Act) -> Result<(), TrackerError> {
        let seen = IfMatch::default();
        self.change(actor, id, &seen, |subscription, today| subscription.act(act, today)).await?;
        Ok(())
    }
}

#[async_trait]
impl Keeping for Tracker {
    async fn weighed(&self, actor: &Actor, id: SubscriptionId) -> Result<Weighed, CallError> {
        Ok(self.weigh(actor, id).await?)
    }

    async fn cancel(&self, actor: &Actor, id: SubscriptionId) -> Result<Weighed, CallError> {
        self.act_for_help(actor, id, &Act::Cancel { ends_on: None }).await?;
        Ok(self.weigh(actor, id).await?)
    }

    async fn pause(&self, actor: &Actor, id: SubscriptionId) -> Result<(), CallError> {
        Ok(self.act_for_help(actor, id, &Act::Pause).await?)
    }

    async fn came_from(&self, actor: &Actor, id: SubscriptionId) -> Result<Option<MessageId>, CallError> {
        let (subscription, _) = self.read(actor, id).await?;
        Ok(match subscription.source {
            Source::Text { message_id } => Some(message_id),
            Source::Manual | Source::Import { .. } => None,
        })
    }
}
