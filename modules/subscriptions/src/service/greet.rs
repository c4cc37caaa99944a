//! Who is looking at a page.

use std::time::Duration;

use contracts::users::{Account, Home};
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

    /// The households that the person behind `actor` can look at; none where users does not answer, as a page does
    /// not depend on it.
    pub(crate) async fn homes(&self, actor: &Actor) -> Vec<Home> {
        match tokio::time::timeout(Duration::from_secs(2), self.users.households(actor.user)).await {
            Ok(Ok(homes)) => homes,
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }
}
