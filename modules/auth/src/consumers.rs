//! What auth hears.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::erasure::{AccountPartErased, AccountParted};
use kernel::{Event, EventPayload};
use platform::{
    db::Batch,
    events::{Consumer, Handler, HandlerError},
};

use crate::{
    Auth,
    service::FollowError::{Database, Payload},
};

pub(crate) fn consumers(auth: &Arc<Auth>) -> Vec<Consumer> {
    vec![Consumer { name: "auth.follow_erasures", handler: Arc::new(FollowErasures(Arc::clone(auth))) }]
}

/// Counts who has erased their part of an account.
struct FollowErasures(Arc<Auth>);

#[async_trait]
impl Handler for FollowErasures {
    fn kinds(&self) -> &'static [&'static str] {
        &[AccountParted::TYPE, AccountPartErased::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        self.0.follow_erasure(event).await.map_err(|error| match error {
            Payload(error) => HandlerError::GiveUp(error.to_string()),
            Database(error) => error.into(),
        })
    }
}
