//! Payments of another currency get what they came to, by the rate of their day.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{Currency, HouseholdId, Money, Zone};
use platform::{
    db::{Batch, DbError},
    jobs::{Progress, Work},
};

use crate::{
    domain::{Converter, OwnRate, ReferenceDays, Settlement},
    service::Tracker,
    store::{self, Unconverted},
};

/// Payments looked at in one pass.
const PASS: i64 = 256;
/// How many days before a payment its rate may be, and some to spare.
const REST_DAYS: i64 = 8;
/// When to look again for a household whose currency is not known yet.
const SOON: Duration = Duration::from_secs(60);
/// When to look again for rates that are to come. Those that arrive wake what waits for them anyway.
const LATER: Duration = Duration::from_secs(3600);
/// When to look again where there is no rate.
const MUCH_LATER: Duration = Duration::from_secs(86_400);

/// Converts what waits for it. Looking at a payment twice changes nothing, so any number of processes may.
pub(crate) struct Conversions(pub(crate) Arc<Tracker>);

#[async_trait]
impl Work for Conversions {
    async fn run(&self) -> Result<Progress, String> {
        let more = self.pass().await.map_err(|error| error.to_string())?;
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}

/// The rates for the payments of a pass.
struct PassRates {
    today: Date,
    days: Arc<ReferenceDays>,
    own: HashMap<HouseholdId, Vec<OwnRate>>,
}

impl PassRates {
    fn converter(&self, household: HouseholdId, home: Currency) -> Converter {
        let own = self.own.get(&household).cloned().unwrap_or_default();
        Converter::new(home, self.today, Arc::clone(&self.days), own)
    }
}

/// A payment with its amount and its household's currency, where they differ.
fn foreign(payment: &Unconverted) -> Option<(Money, Currency)> {
    let (amount, home) = (payment.amount?, payment.home?);
    (amount.currency() != home).then_some((amount, home))
}

impl Conversions {
    /// Whether there may be more.
    async fn pass(&self) -> Result<bool, DbError> {
        let now = self.0.clock.now();
        let mut found = store::unconverted(&self.0.database, now, PASS).await?;
        // Processes that meet on the same payments take them in the same order, and never wait in a circle.
        found.sort_by_key(|payment| payment.id);
        let rates = self.rates(&found, now).await?;
        let mut batch = Batch::unseen();
        for payment in &found {
            settle(&mut batch, payment, &rates, now);
        }
        self.0.database.apply(batch).await?;
        Ok(i64::try_from(found.len()) == Ok(PASS))
    }

    async fn rates(&self, found: &[Unconverted], now: Timestamp) -> Result<PassRates, DbError> {
        // Days begin in the east before they do here.
        let today = Zone::UTC.date_at(now).saturating_add(1.days());
        let foreign: Vec<_> = found.iter().filter(|payment| foreign(payment).is_some()).collect();
        let mut rates = PassRates { today, days: Arc::default(), own: HashMap::new() };
        if let Some(first) = foreign.iter().map(|payment| payment.on).min() {
            let first = first.saturating_sub(REST_DAYS.days());
            let days = store::reference_rates(&self.0.database, first, today).await?;
            rates.days = Arc::new(days.into_iter().collect());
        }
        for payment in foreign {
            if let Entry::Vacant(unknown) = rates.own.entry(payment.household) {
                unknown.insert(store::own_rates(&self.0.database, payment.household).await?);
            }
        }
        Ok(rates)
    }
}

fn settle(batch: &mut Batch, payment: &Unconverted, rates: &PassRates, now: Timestamp) {
    let Some((amount, home)) = foreign(payment) else {
        match payment.amount {
            Some(_) if payment.home.is_none() => store::postpone_conversion(batch, payment, now, SOON),
            Some(_) => store::dismiss_conversion(batch, payment),
            None => {
                tracing::error!(payment = %payment.id, "a payment in no known currency is not converted");
                store::dismiss_conversion(batch, payment);
            }
        }
        return;
    };
    match Settlement::of(amount, payment.on, &rates.converter(payment.household, home)) {
        Settlement::Settled(Some(kept)) => {
            metrics::counter!("perennial_payments_converted_total").increment(1);
            batch.concerns(payment.household);
            store::keep_conversion(batch, payment, amount, &kept);
        }
        Settlement::Settled(None) => store::dismiss_conversion(batch, payment),
        Settlement::Soon => store::postpone_conversion(batch, payment, now, LATER),
        Settlement::Missing => store::postpone_conversion(batch, payment, now, MUCH_LATER),
    }
}
