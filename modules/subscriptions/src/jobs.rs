//! The sweep: what time brings, for everybody.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use kernel::{SubscriptionId, Zone};
use platform::{
    db::{Batch, DbError},
    jobs::{Job, Progress, Work},
};

use crate::{
    domain::Subscription,
    service::{CHARGES_AT_ONCE, Tracker},
    store::{self, Due},
};

/// How late a charge date can be noticed.
const PERIOD: Duration = Duration::from_secs(5);
/// Subscriptions looked at in one pass.
const PASS: i64 = 256;
/// Those worked on at the same time: enough to share the flush of a commit.
const AT_ONCE: usize = 64;
/// How long one that makes no sense is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(3600);

pub(crate) fn jobs(tracker: &Arc<Tracker>) -> Vec<Job> {
    vec![Job {
        name: "subscriptions.renewals".into(),
        period: PERIOD,
        nudge: Arc::clone(&tracker.sweep),
        work: Arc::new(Renewals(Arc::clone(tracker))),
    }]
}

/// Records every charge whose date has arrived, exactly once, in any number of processes: a subscription is stored
/// only where it is still as it was found, and a charge date has one payment by its index.
struct Renewals(Arc<Tracker>);

#[async_trait]
impl Work for Renewals {
    async fn run(&self) -> Result<Progress, String> {
        let due = store::due(&self.0.database, self.0.clock.now(), PASS)
            .await
            .map_err(|error| error.to_string())?;
        let full = i64::try_from(due.len()) == Ok(PASS);
        let outcomes: Vec<Result<bool, DbError>> =
            stream::iter(due).map(|due| self.renew(due)).buffer_unordered(AT_ONCE).collect().await;
        let mut more = full;
        for outcome in outcomes {
            more |= outcome.map_err(|error| error.to_string())?;
        }
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}

impl Renewals {
    /// Whether there is more to do for it.
    async fn renew(&self, due: Due) -> Result<bool, DbError> {
        match due.found {
            Ok((zone, subscription)) => self.advance(subscription, &zone).await,
            Err(cause) => self.leave_alone(due.id, &cause).await,
        }
    }

    async fn advance(&self, mut subscription: Subscription, zone: &Zone) -> Result<bool, DbError> {
        let now = self.0.clock.now();
        let advance = subscription.advance(zone.date_at(now), CHARGES_AT_ONCE);
        let found = subscription.revise(now);
        let mut batch = Batch::new();
        store::update(&mut batch, &subscription, found, zone);
        self.0.record(&mut batch, &subscription, &advance);
        match self.0.database.apply(batch).await {
            // Another process, or its owner, was first: it is looked at again.
            Err(DbError::Conflict) => Ok(true),
            other => other.map(|()| advance.more),
        }
    }

    async fn leave_alone(&self, id: SubscriptionId, cause: &str) -> Result<bool, DbError> {
        tracing::error!(subscription = %id, cause, "a subscription makes no sense and is left alone for an hour");
        let mut batch = Batch::new();
        store::postpone(&mut batch, id, self.0.clock.now() + LEFT_ALONE);
        self.0.database.apply(batch).await.map(|()| false)
    }
}
