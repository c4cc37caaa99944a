//! From modules to the jobs that carry their events.

use std::{path::Path, sync::Arc, time::Duration};

use kernel::{Clock, Ids};
use tokio::sync::Notify;

use super::{
    Bus, Consumer, EventSettings, InProcessBus, Inbox, JetStreamBus, Nats, Relay, forgetting::Forgetting,
};
use crate::{
    db::{Database, Holder, Lease},
    jobs::{Job, Work},
};

/// The file in the data folder that says by which name this process holds leases.
const HOLDER: &str = "events.holder";
/// How long the relay rests when nothing nudges it: how late an event of another process can be.
const RELAY_PERIOD: Duration = Duration::from_millis(500);
/// How often old events are looked for.
const FORGETTING_PERIOD: Duration = Duration::from_secs(3600);
/// How often waiting events are looked at.
const RETRY_PERIOD: Duration = Duration::from_secs(1);

/// How long a consumer rests between two questions to NATS, of which each waits for something new.
const PULL_PERIOD: Duration = Duration::from_millis(5);

/// A module as the events see it.
pub struct Listening {
    /// Its name.
    pub module: &'static str,
    /// Its database, with its outbox and its inbox.
    pub database: Database,
    /// What it listens to.
    pub consumers: Vec<Consumer>,
}

/// A relay for each module, a retry for each consumer, over NATS or, without it, the bus of this process; and forgetting what is
/// old. By the data folder a process knows whom it follows.
pub fn jobs(
    modules: Vec<Listening>,
    settings: &EventSettings,
    nats: Option<Arc<Nats>>,
    folder: &Path,
    clock: &Arc<dyn Clock>,
    ids: &Arc<dyn Ids>,
) -> Vec<Job> {
    let (mut inboxes, mut databases) = (Vec::new(), Vec::new());
    for Listening { module, database, consumers } in modules {
        inboxes.extend(consumers.into_iter().map(|consumer| {
            Arc::new(Inbox::new(consumer, database.clone(), Arc::clone(clock), Arc::clone(ids)))
        }));
        databases.push((module, database));
    }
    let all = databases.iter().map(|(_, database)| database.clone()).collect();
    let holder = Holder::following(ids.uuid(), folder.join(HOLDER), all);
    let forgetting: Vec<Job> = databases
        .iter()
        .map(|(module, database)| {
            let (database, clock, keep) = (database.clone(), Arc::clone(clock), settings.keep.duration());
            let work = Arc::new(Forgetting { database, clock, keep });
            job(format!("{module}.old_events"), FORGETTING_PERIOD, Arc::new(Notify::new()), work)
        })
        .collect();
    let (bus, pullers): (Arc<dyn Bus>, _) = match nats {
        None => (Arc::new(InProcessBus::new(&inboxes)), vec![]),
        Some(nats) => {
            let bus = JetStreamBus::new(nats, &inboxes);
            let pullers = bus.pullers(&holder);
            (bus, pullers)
        }
    };
    let pulling = pullers.into_iter().map(|puller| {
        job(format!("{}.pull", puller.name()), PULL_PERIOD, Arc::new(Notify::new()), Arc::new(puller))
    });
    let relays = databases.into_iter().map(|(module, database)| {
        let (nudge, lease) = (database.told(), Lease::new(database.clone(), "relay", Arc::clone(&holder)));
        let relay = Relay::new(database, Arc::clone(&bus), Arc::clone(clock), lease);
        job(format!("{module}.relay"), RELAY_PERIOD, nudge, Arc::new(relay))
    });
    let retries = inboxes.iter().map(|inbox| {
        job(format!("{}.retry", inbox.name()), RETRY_PERIOD, Arc::new(Notify::new()), Arc::clone(inbox) as _)
    });
    relays.chain(pulling).chain(retries).chain(forgetting).collect()
}

fn job(name: String, period: Duration, nudge: Arc<Notify>, work: Arc<dyn Work>) -> Job {
    Job { name, period, nudge, work }
}
