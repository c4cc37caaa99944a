//! What users hears.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::auth::UserRegistered;
use kernel::{Event, EventPayload};
use platform::{
    db::Batch,
    events::{Consumer, Handler, HandlerError},
};

use crate::People;

pub(crate) fn consumers(people: &Arc<People>) -> Vec<Consumer> {
    vec![Consumer { name: "users.open_account", handler: Arc::new(OpenAccount(Arc::clone(people))) }]
}

/// Makes sure that whoever registered has a profile and a household, should auth's call have failed.
struct OpenAccount(Arc<People>);

#[async_trait]
impl Handler for OpenAccount {
    fn kinds(&self) -> &'static [&'static str] {
        &[UserRegistered::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let payload =
            event.payload::<UserRegistered>().map_err(|error| HandlerError::GiveUp(error.to_string()))?;
        match payload {
            Some(UserRegistered(account)) => Ok(self.0.opening(&account).await?),
            None => Ok(Batch::new()),
        }
    }
}
