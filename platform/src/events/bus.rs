//! What carries an event from the module that says it to those that listen.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use kernel::Event;

use super::Inbox;

/// An event could not be handed over; it will be tried again.
#[derive(Debug, thiserror::Error)]
#[error("the event could not be handed over: {0}")]
pub struct BusError(pub String);

/// Carries events. Once [`publish`](Bus::publish) has succeeded, every consumer has the event safe: handled, or
/// written down to be handled.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Hands an event over, at least once.
    ///
    /// # Errors
    /// [`BusError`] when a consumer could not even write it down. The event is then published again.
    async fn publish(&self, event: &Event) -> Result<(), BusError>;
}

/// The bus of a single process, and of several that share their databases and run every module: it hands events
/// straight to the consumers' inboxes.
#[derive(Default)]
pub struct InProcessBus {
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
        Self { listeners }
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
}
