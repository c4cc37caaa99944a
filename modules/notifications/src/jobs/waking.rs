//! What slept comes back.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{NotificationId, UserId};
use platform::{
    db::{Batch, DbError},
    jobs::{Progress, Work},
};

use crate::{
    service::Herald,
    store::{self, DeliveryState, Due, INBOX},
};

/// How many are woken in one pass.
const PASS: i64 = 100;

/// Brings what slept back to the inbox when its time has come, once, in any number of processes: its delivery is
/// finished in the same batch, where nobody else has finished it.
pub(super) struct Waking(pub(super) Arc<Herald>);

#[async_trait]
impl Work for Waking {
    async fn run(&self) -> Result<Progress, String> {
        let due = store::due_deliveries(&self.0.database, INBOX, self.0.now(), PASS).await;
        let due = due.map_err(|error| error.to_string())?;
        let full = i64::try_from(due.len()) == Ok(PASS);
        for delivery in due {
            self.wake(&delivery).await.map_err(|error| error.to_string())?;
        }
        Ok(if full { Progress::More } else { Progress::Idle })
    }

    async fn stop(&self) {
        self.0.closing.cancel();
    }
}

impl Waking {
    async fn wake(&self, due: &Due) -> Result<(), DbError> {
        let (mut batch, now) = (Batch::new(), self.0.now());
        let (user, notification): (UserId, NotificationId) = (due.user, due.notification);
        store::bump_revision(&mut batch, user);
        store::surface(&mut batch, user, notification, now);
        store::finish_delivery(&mut batch, due.id, due.tries + 1, (DeliveryState::Sent, None), now);
        match self.0.database.apply(batch).await {
            // Another process woke it, or its owner decided otherwise.
            Err(DbError::Conflict) => Ok(()),
            other => other,
        }
    }
}
