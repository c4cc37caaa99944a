//! What carries an event from the module that says it to those that listen.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_trait::async_trait;
use futures_util::future::join_all;
use kernel::Event;

use super::Inbox;
use crate::db::DbError;

/// An event could not be handed over; it will be tried again.
#[derive(Debug, thiserror::Error)]
#[error("the event could not be handed over: {0}")]
pub struct BusError(pub String);

/// Carries events. Once [`publish`](Bus::publish) has succeeded, every consumer has the event safe: handled, or
/// written down to be handled.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Whether it is known to be away for now: what is to be told then waits where it is.
    fn is_away(&self) -> bool {
        false
    }

    /// Hands an event over, at least once.
    ///
    /// # Errors
    /// [`BusError`] when a consumer could not even write it down. The event is then published again.
    async fn publish(&self, event: &Event) -> Result<(), BusError>;

    /// Hands several over in their order, and says of each whether it has been. Of one subject none is handed over
    /// behind one that was not.
    async fn publish_all(&self, events: &[&Event]) -> Vec<Result<(), BusError>> {
        let mut outcomes = Vec::with_capacity(events.len());
        let mut stuck: HashSet<&str> = HashSet::new();
        for event in events {
            let outcome = if stuck.contains(event.subject.as_str()) {
                Err(BusError("an earlier event of its subject was not handed over".into()))
            } else {
                self.publish(event).await
            };
            if outcome.is_err() {
                stuck.insert(&event.subject);
            }
            outcomes.push(outcome);
        }
        outcomes
    }
}

/// Hands an inbox all it listens to, also what another could not take: left out, it would hear the next one first. Says
/// which it could not take, by their places.
async fn receive(inbox: &Inbox, events: &[&Event]) -> Vec<(usize, DbError)> {
    let listens = |at: &usize| inbox.kinds().contains(&events[*at].kind.as_str());
    let heard: Vec<usize> = (0..events.len()).filter(listens).collect();
    let of: Vec<&Event> = heard.iter().map(|at| events[*at]).collect();
    let outcomes = inbox.receive_all(&of).await;
    heard.into_iter().zip(outcomes).filter_map(|(at, outcome)| Some((at, outcome.err()?))).collect()
}

/// The bus of a single process, and of several that share their databases and run every module: it hands events
/// straight to the consumers' inboxes.
#[derive(Default)]
pub struct InProcessBus {
    inboxes: Vec<Arc<Inbox>>,
    listeners: HashMap<&'static str, Vec<Arc<Inbox>>>,
}

impl InProcessBus {
    /// A bus to these inboxes.
    pub fn new(inboxes: &[Arc<Inbox>]) -> Self {
        let mut listeners: HashMap<&'static str, Vec<Arc<Inbox>>> = HashMap::new();
        for inbox in inboxes {
            for kind in inbox.kinds() {
                listeners.entry(kind).or_default().push(Arc::clone(inbox));
            }
        }
        Self { inboxes: inboxes.to_vec(), listeners }
    }
}

#[async_trait]
impl Bus for InProcessBus {
    async fn publish(&self, event: &Event) -> Result<(), BusError> {
        for inbox in self.listeners.get(event.kind.as_str()).into_iter().flatten() {
            inbox.receive(event).await.map_err(|error| BusError(error.to_string()))?;
        }
        Ok(())
    }

    async fn publish_all(&self, events: &[&Event]) -> Vec<Result<(), BusError>> {
        // Side by side: what each makes of them is a transaction of its own, and none waits for another's.
        let receiving: Vec<_> = self.inboxes.iter().map(|inbox| receive(inbox, events)).collect();
        let mut outcomes: Vec<Result<(), BusError>> = events.iter().map(|_| Ok(())).collect();
        for (at, error) in join_all(receiving).await.into_iter().flatten() {
            outcomes[at] = Err(BusError(error.to_string()));
        }
        // What stands behind one that is told again is told again as well, so that its order is kept.
        let mut stuck: HashSet<&str> = HashSet::new();
        for (event, outcome) in events.iter().zip(&mut outcomes) {
            match outcome {
                Err(_) => {
                    stuck.insert(&event.subject);
                }
                Ok(()) if stuck.contains(event.subject.as_str()) => {
                    *outcome = Err(BusError("an earlier event of its subject was not handed over".into()));
                }
                Ok(()) => {}
            }
        }
        outcomes
    }
}
