//! The sweep that tells what is to be told.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use kernel::SubscriptionId;
use platform::{
    db::{Batch, DbError},
    jobs::{Job, Progress, Work},
};

use crate::{
    service::Tracker,
    store::{self, Ripening},
};

/// How late a reminder can be.
const PERIOD: Duration = Duration::from_secs(5);
/// Subscriptions looked at in one pass.
const PASS: i64 = 256;
/// Those worked on at the same time: enough to share the flush of a commit.
const AT_ONCE: usize = 64;
/// How long one that makes no sense is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(3600);

pub(super) fn job(tracker: &Arc<Tracker>) -> Job {
    Job {
        name: "subscriptions.reminders".into(),
        period: PERIOD,
        nudge: Arc::default(),
        work: Arc::new(Reminding(Arc::clone(tracker))),
    }
}

/// Tells every reminder whose instant has come, once, in any number of processes: its day is settled in the batch
/// that tells of it, where nobody else has settled it.
pub(super) struct Reminding(pub(super) Arc<Tracker>);

#[async_trait]
impl Work for Reminding {
    async fn run(&self) -> Result<Progress, String> {
        let found = async {
            let ripe = store::ripe(&self.0.database, self.0.clock.now(), PASS).await?;
            Ok::<_, DbError>((ripe, store::unplanned(&self.0.database, PASS).await?))
        };
        let (mut ripe, unplanned) = found.await.map_err(|error| error.to_string())?;
        let full = [ripe.len(), unplanned.len()].contains(&usize::try_from(PASS).unwrap_or(usize::MAX));
        ripe.extend(unplanned);
        let outcomes: Vec<Result<bool, DbError>> =
            stream::iter(ripe).map(|ripe| self.remind(ripe)).buffer_unordered(AT_ONCE).collect().await;
        let mut more = full;
        for outcome in outcomes {
            more |= outcome.map_err(|error| error.to_string())?;
        }
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}

impl Reminding {
    /// Whether there is more to do for it.
    async fn remind(&self, Ripening { id, found }: Ripening) -> Result<bool, DbError> {
        match found {
            Ok(ripe) => match self.0.remind(&ripe).await {
                Err(DbError::Inconsistent(cause)) => self.leave_alone(id, &cause.to_string()).await,
                other => other,
            },
            Err(cause) => self.leave_alone(id, &cause).await,
        }
    }

    async fn leave_alone(&self, id: SubscriptionId, cause: &str) -> Result<bool, DbError> {
        tracing::error!(subscription = %id, cause, "a subscription makes no sense: nothing is told of it for an hour");
        let mut batch = Batch::unseen();
        store::postpone_reminders(&mut batch, id, self.0.clock.now() + LEFT_ALONE);
        self.0.database.apply(batch).await.map(|()| false)
    }
}
