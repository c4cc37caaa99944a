//! What users hears.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::{
    auth::UserRegistered,
    erasure::{AccountClosing, AccountErasing},
};
use kernel::{Event, EventPayload};
use platform::{
    db::Batch,
    events::{Consumer, Handler, HandlerError},
};

use crate::People;

pub(crate) fn consumers(people: &Arc<People>) -> Vec<Consumer> {
    vec![
        Consumer { name: "users.open_account", handler: Arc::new(OpenAccount(Arc::clone(people))) },
        Consumer { name: "users.erase_account", handler: Arc::new(EraseAccount(Arc::clone(people))) },
    ]
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

/// Takes somebody out of their households, and erases what there is of them.
struct EraseAccount(Arc<People>);

#[async_trait]
impl Handler for EraseAccount {
    fn kinds(&self) -> &'static [&'static str] {
        &[AccountClosing::TYPE, AccountErasing::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let given_up = |error: serde_json::Error| HandlerError::GiveUp(error.to_string());
        if let Some(closing) = event.payload::<AccountClosing>().map_err(given_up)? {
            let parted = self.0.part(&closing, event).await;
            return parted.map_err(|error| HandlerError::Retry(error.to_string()));
        }
        match event.payload::<AccountErasing>().map_err(given_up)? {
            Some(erasing) => Ok(self.0.erase(&erasing, event).await?),
            None => Ok(Batch::new()),
        }
    }
}
