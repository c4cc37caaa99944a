//! What llm hears.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::erasure::AccountErasing;
use kernel::{Clock, Event, EventPayload, Ids};
use platform::{
    db::{Batch, Database},
    events::{Consumer, Handler, HandlerError, Traces},
};

use crate::store;

pub(crate) fn consumers(database: Database, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Vec<Consumer> {
    vec![Consumer { name: "llm.erase_account", handler: Arc::new(EraseAccount { database, clock, ids }) }]
}

/// Erases the words of somebody, and those of households that ended with them.
struct EraseAccount {
    database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

#[async_trait]
impl Handler for EraseAccount {
    fn kinds(&self) -> &'static [&'static str] {
        &[AccountErasing::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let payload =
            event.payload::<AccountErasing>().map_err(|error| HandlerError::GiveUp(error.to_string()))?;
        let Some(erasing) = payload else { return Ok(Batch::new()) };
        let mut batch = Batch::new();
        store::erase(&mut batch, &erasing);
        let traces = Traces::new(erasing.user, erasing.ended(), erasing.is_last());
        batch.extend(traces.removing(&self.database).await?);
        batch.tell(&erasing.confirmed("llm", self.ids.next(), self.clock.now()).caused_by(event));
        Ok(batch)
    }
}
