//! What was told and heard is kept for a while, and then forgotten.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use kernel::Clock;

use crate::{
    db::{Database, DbError, Statement},
    jobs::{Progress, Work},
    settings::Span,
};

crate::settings! {
    "events",
    /// What modules tell one another.
    pub struct EventSettings {
        /// How long an event is kept after it was told.
        keep: Span = "90d",
    }
}

/// Rows that one pass forgets of a table.
const PASS: i64 = 2_000;
/// How much longer it is known that an event was seen than the event is kept.
const SEEN_LONGER: Duration = Duration::from_secs(7 * 86_400);

/// Forgets the old events of a module. What has not been told, or waits to be taken, is kept however old it is.
pub(super) struct Forgetting {
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keep: Duration,
}

impl Forgetting {
    async fn forget(&self, statement: Statement) -> Result<bool, DbError> {
        let gone: Vec<(i64,)> = self.database.claim(statement).await?;
        Ok(i64::try_from(gone.len()) == Ok(PASS))
    }

    async fn pass(&self, told_before: Timestamp, heard_before: Timestamp) -> Result<bool, DbError> {
        let told = self.forget(crate::sql!(
            "DELETE FROM outbox WHERE sequence IN
                 (SELECT sequence FROM outbox WHERE published_at < $1 ORDER BY published_at LIMIT $2)
             RETURNING sequence",
            told_before,
            PASS
        ));
        let more = told.await?;
        let heard = self.forget(crate::sql!(
            "DELETE FROM inbox WHERE sequence IN
                 (SELECT sequence FROM inbox WHERE received_at < $1 AND state = 'done' ORDER BY received_at LIMIT $2)
             RETURNING sequence",
            heard_before,
            PASS
        ));
        Ok(heard.await? || more)
    }
}

#[async_trait]
impl Work for Forgetting {
    async fn run(&self) -> Result<Progress, String> {
        let ago = |span: Duration| self.clock.now().saturating_sub(span).unwrap_or(Timestamp::MIN);
        let more = self.pass(ago(self.keep), ago(self.keep + SEEN_LONGER)).await;
        more.map(|more| if more { Progress::More } else { Progress::Idle }).map_err(|error| error.to_string())
    }
}
