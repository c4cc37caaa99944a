//! What something costs, how that is converted, and how often.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{Priced, Pricing, Shown, Totalled},
};
use jiff::civil::Date;
use kernel::{Actor, Cycle, SubscriptionId};
use platform::http::IfMatch;

use crate::{
    Tracker,
    domain::{Amendment, RateSource, ReferenceRates, Subscription, monthly, yearly},
    error::TrackerError,
    service::Whose,
};

/// How many days ago something was.
fn age(today: Date, day: Date) -> i32 {
    today.since(day).map_or(0, |span| span.get_days())
}

impl Tracker {
    async fn price_of(&self, actor: &Actor, subscription: &Subscription) -> Result<Priced, TrackerError> {
        let rates = self.rates(actor, None).await?;
        let (today, home) = (rates.today, rates.home);
        let free_until = subscription.trial_ends_on.filter(|ends_on| today < *ends_on);
        let price = subscription.forecast_on(free_until.unwrap_or(today));
        let shown = match rates.converter.convert(price, today) {
            None if price.currency() == home => Shown::AsItIs,
            None => Shown::Unconverted,
            Some(converted) => {
                let by_hand = converted.quote.source == RateSource::Own;
                let newest = rates.converter.newest().map(ReferenceRates::day).filter(|_| !by_hand);
                Shown::Converted {
                    amount: converted.amount,
                    rate: converted.quote.ratio.to_string(),
                    on: converted.quote.on,
                    by_hand,
                    age_days: newest.map_or(0, |day| age(today, day)),
                }
            }
        };
        let both = |cycle| (monthly(price, cycle), yearly(price, cycle));
        Ok(Priced {
            subscription: subscription.id,
            name: subscription.name.to_string(),
            price,
            free_until,
            cycle: subscription.cycle,
            equivalents: subscription.cycle.map(both),
            next_charge_on: subscription.next_charge_on(),
            home,
            shown,
        })
    }
}

#[async_trait]
impl Pricing for Tracker {
    async fn priced(&self, actor: &Actor, id: SubscriptionId) -> Result<Priced, CallError> {
        let (subscription, _) = self.read(actor, id).await?;
        Ok(self.price_of(actor, &subscription).await?)
    }

    async fn totalled(&self, actor: &Actor) -> Result<Totalled, CallError> {
        let dashboard = self.dashboard(actor, Whose::Ours).await?;
        let (figures, counts) = (&dashboard.figures, dashboard.figures.counts);
        Ok(Totalled {
            per_month: figures.home.per_month,
            converted: figures.converted,
            rates: dashboard.rates_on.map(|day| (day, age(dashboard.today, day))),
            unconverted: figures.others.iter().map(|other| other.per_month).collect(),
            left_out: counts.paused + counts.cancelled + counts.ended,
        })
    }

    async fn charge_every(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        cycle: Cycle,
    ) -> Result<Priced, CallError> {
        let change = Amendment { cycle: Some(Some(cycle)), ..Amendment::default() }.check()?;
        let changed = self.edit(actor, id, &IfMatch::default(), change).await?;
        Ok(self.price_of(actor, &changed).await?)
    }
}
