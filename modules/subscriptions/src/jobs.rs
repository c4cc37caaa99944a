//! The sweep: what time brings, for everybody. Rates, and what payments come to by them.

mod conversions;
mod rates;
#[cfg(test)]
mod rates_tests;
mod reminders;
#[cfg(test)]
mod reminders_life;
#[cfg(test)]
mod reminders_tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use kernel::{SubscriptionId, Zone};
use platform::{
    db::{Batch, DbError},
    jobs::{Job, Progress, Work},
    outbound::Outbound,
};
use tokio::sync::Notify;

pub(crate) use conversions::Conversions;

use crate::{
    answers::Refresh,
    domain::Subscription,
    service::{CHARGES_AT_ONCE, Tracker},
    settings::RatesSettings,
    store::{self, Due},
};

/// How late a charge date can be noticed.
const PERIOD: Duration = Duration::from_secs(5);
/// Subscriptions looked at in one pass.
const PASS: i64 = 1024;
/// Those written in one batch: enough to share its round trip and its commit.
const TOGETHER: usize = 64;
/// Batches on their way at the same time: while one is written, the next is decided.
const AT_ONCE: usize = 4;
/// How long figures that change again and again may be stale.
const FIGURES: Duration = Duration::from_secs(1);
/// How often old imports are looked for.
const FORGETTING: Duration = Duration::from_secs(3600);
/// How long one that makes no sense is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(3600);

/// How long a payment can wait to be converted.
const CONVERSIONS: Duration = Duration::from_secs(30);
/// How often it is asked whether rates are due; how often the bank is asked is a setting.
const RATES: Duration = Duration::from_secs(60);

pub(crate) fn jobs(tracker: &Arc<Tracker>, outbound: Outbound, settings: RatesSettings) -> Vec<Job> {
    let job = |name: &str, period, nudge: &Arc<Notify>, work| Job {
        name: format!("subscriptions.{name}"),
        period,
        nudge: Arc::clone(nudge),
        work,
    };
    let mut jobs = vec![
        job("renewals", PERIOD, &tracker.sweep, Arc::new(Renewals(Arc::clone(tracker)))),
        job("conversions", CONVERSIONS, &tracker.conversions, Arc::new(Conversions(Arc::clone(tracker)))),
        job("figures", FIGURES, &tracker.refreshing.nudge, Arc::new(Refresh(Arc::clone(tracker)))),
        job("old_imports", FORGETTING, &Arc::default(), Arc::new(OldImports(Arc::clone(tracker)))),
    ];
    jobs.push(reminders::job(tracker));
    if settings.fetch {
        let rates = rates::Rates::new(Arc::clone(tracker), outbound, settings);
        jobs.push(job("rates", RATES, &Arc::default(), Arc::new(rates)));
    }
    jobs
}

/// Forgets imports that have been kept for long enough, with the files that were sent.
struct OldImports(Arc<Tracker>);

#[async_trait]
impl Work for OldImports {
    async fn run(&self) -> Result<Progress, String> {
        let mut batch = Batch::unseen();
        store::expire_imports(&mut batch, self.0.clock.now());
        self.0.database.apply(batch).await.map(|()| Progress::Idle).map_err(|error| error.to_string())
    }
}

/// Records every charge whose date has arrived, exactly once, in any number of processes: a subscription is stored
/// only where it is still as it was found, and a charge date has one payment by its index.
pub(crate) struct Renewals(pub(crate) Arc<Tracker>);

#[async_trait]
impl Work for Renewals {
    async fn run(&self) -> Result<Progress, String> {
        let due = store::due(&self.0.database, self.0.clock.now(), PASS)
            .await
            .map_err(|error| error.to_string())?;
        let (any, full) = (!due.is_empty(), i64::try_from(due.len()) == Ok(PASS));
        let (mut sound, mut more) = (Vec::with_capacity(due.len()), full);
        for Due { id, found } in due {
            match found {
                Ok(found) => sound.push(found),
                Err(cause) => self.leave_alone(id, &cause).await.map_err(|error| error.to_string())?,
            }
        }
        // Processes that meet on the same rows take them in the same order, and so never wait for one another in a
        // circle.
        sound.sort_by_key(|(_, subscription)| subscription.id);
        let groups: Vec<Vec<Found>> = sound.chunks(TOGETHER).map(<[Found]>::to_vec).collect();
        let outcomes: Vec<Result<bool, DbError>> =
            stream::iter(groups).map(|group| self.renew(group)).buffer_unordered(AT_ONCE).collect().await;
        for outcome in outcomes {
            more |= outcome.map_err(|error| error.to_string())?;
        }
        if any {
            self.0.conversions.notify_one();
        }
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}

type Found = (Zone, Subscription);

impl Renewals {
    /// Whether there is more to do for any of them.
    async fn renew(&self, group: Vec<Found>) -> Result<bool, DbError> {
        match self.write(&group).await {
            Err(DbError::Refused(_) | DbError::Unique(_)) if group.len() > 1 => self.renew_each(&group).await,
            other => other,
        }
    }

    /// One by one, so that a row that the database will not take keeps no other from being charged.
    async fn renew_each(&self, group: &[Found]) -> Result<bool, DbError> {
        let mut more = false;
        for one in group {
            more |= match self.write(std::slice::from_ref(one)).await {
                Err(error @ (DbError::Refused(_) | DbError::Unique(_))) => {
                    self.leave_alone(one.1.id, &error.to_string()).await?;
                    false
                }
                other => other?,
            };
        }
        Ok(more)
    }

    async fn write(&self, group: &[Found]) -> Result<bool, DbError> {
        let now = self.0.clock.now();
        // What is alike stands together, for engines that put in many rows at once.
        let (mut batch, mut recorded, mut more) = (Batch::new(), Batch::new(), false);
        for (zone, found) in group {
            let mut subscription = found.clone();
            batch.concerns(found.household);
            let advance = subscription.advance(zone.date_at(now), CHARGES_AT_ONCE);
            // One that was woken for nothing stays as it was seen.
            let version = if subscription == *found { found.version } else { subscription.revise(now) };
            store::advance(&mut batch, &subscription, version, zone);
            self.0.record(&mut recorded, &subscription, &advance);
            more |= advance.more;
        }
        batch.extend(recorded);
        match self.0.database.apply(batch).await {
            // Another process, or an owner, was first: they are looked at again.
            Err(DbError::Conflict) => Ok(true),
            other => other.map(|()| more),
        }
    }

    async fn leave_alone(&self, id: SubscriptionId, cause: &str) -> Result<(), DbError> {
        tracing::error!(subscription = %id, cause, "a subscription makes no sense and is left alone for an hour");
        let mut batch = Batch::unseen();
        store::postpone(&mut batch, id, self.0.clock.now() + LEFT_ALONE);
        self.0.database.apply(batch).await
    }
}

#[cfg(test)]
mod tests;
