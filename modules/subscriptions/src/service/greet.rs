//! Who is looking at a page.

use std::time::Duration;

use contracts::users::Account;
use kernel::Actor;

use super::Tracker;
use crate::error::TrackerError;

impl Tracker {
    /// The person behind `actor`, as their pages greet them.
    pub(crate) async fn account(&self, actor: &Actor) -> Result<Account, TrackerError> {
        match tokio::time::timeout(Duration::from_secs(2), self.users.account(actor.user)).await {
            Ok(Ok(Some(account))) => Ok(account),
            Ok(Ok(None)) => Err(TrackerError::NoHousehold),
            Ok(Err(error)) => Err(TrackerError::Away(error.to_string())),
            Err(_) => Err(TrackerError::Away("users did not answer in time".into())),
        }
    }
}
