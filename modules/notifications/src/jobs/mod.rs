//! What happens by itself.

mod lane;
mod pace;
mod serve;
mod waking;
mod webhooks;

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use platform::jobs::{Job, Progress, Work};
use tokio::sync::Notify;

use crate::{domain::ChannelKind, service::Herald, store};

pub(crate) use lane::Lane;

/// How late something that slept can wake.
const WAKING: Duration = Duration::from_secs(2);
/// How late it can be noticed that something is to be sent.
const LOOKING: Duration = Duration::from_secs(1);
/// A lane is woken when there is something to send. This is how often it looks when nobody wakes it, and a third of how
/// long it may be at it before somebody is told.
const LANE: Duration = Duration::from_secs(600);

pub(crate) fn jobs(herald: &Arc<Herald>) -> Vec<Job> {
    let mut jobs = vec![Job {
        name: "notifications.inbox".into(),
        period: WAKING,
        nudge: Arc::default(),
        work: Arc::new(waking::Waking(Arc::clone(herald))),
    }];
    let mut lanes = HashMap::new();
    for kind in herald.offered() {
        let nudge: Arc<Notify> = Arc::default();
        lanes.insert(kind, Arc::clone(&nudge));
        jobs.push(Job {
            name: format!("notifications.{}", kind.as_str()),
            period: LANE,
            work: Arc::new(Lane::new(Arc::clone(herald), kind, Arc::clone(&nudge))),
            nudge,
        });
    }
    jobs.extend(webhooks::jobs(herald));
    jobs.push(Job {
        name: "notifications.due".into(),
        period: LOOKING,
        nudge: Arc::clone(&herald.planned),
        work: Arc::new(Looking { herald: Arc::clone(herald), lanes }),
    });
    jobs
}

/// Wakes the lanes in which there is something to send: one question for all of them.
struct Looking {
    herald: Arc<Herald>,
    lanes: HashMap<ChannelKind, Arc<Notify>>,
}

#[async_trait]
impl Work for Looking {
    async fn run(&self) -> Result<Progress, String> {
        self.herald.succeed().await.map_err(|error| error.to_string())?;
        let due = store::due_kinds(&self.herald.database, self.herald.now()).await;
        for kind in due.map_err(|error| error.to_string())? {
            if let Some(lane) = self.lanes.get(&kind) {
                lane.notify_one();
            }
        }
        Ok(Progress::Idle)
    }
}
