//! How somebody wants to be told.

use kernel::{Actor, Invalid, UserId};

use super::Herald;
use crate::{
    domain::{Preferences, Way},
    error::HeraldError,
    store::{self, Known},
};

impl Herald {
    /// What somebody chose, kept from now on where it was not.
    pub(crate) async fn preferences(&self, user: UserId) -> Result<Known, HeraldError> {
        let (known, batch) = self.known(user).await?;
        self.database.apply(batch).await?;
        Ok(known)
    }

    /// Replaces what somebody chose, where `seen` says that it is still what they have seen.
    pub(crate) async fn set_preferences<E: From<HeraldError>>(
        &self,
        actor: &Actor,
        seen: impl Fn(&Known) -> Result<(), E>,
        preferences: &Preferences,
    ) -> Result<Known, E> {
        let known = self.preferences(actor.user).await?;
        seen(&known)?;
        self.check(actor.user, preferences).await?;
        if known.preferences == *preferences {
            return Ok(known);
        }
        let mut batch = platform::db::Batch::new();
        store::set_preferences(&mut batch, actor.user, known.preferences_version, preferences);
        match self.database.apply(batch).await {
            Err(platform::db::DbError::Conflict) => Err(HeraldError::Changed.into()),
            Err(error) => Err(HeraldError::from(error).into()),
            Ok(()) => Ok(Known {
                preferences: preferences.clone(),
                preferences_version: known.preferences_version + 1,
                ..known
            }),
        }
    }

    /// What names a channel names one of theirs.
    async fn check(&self, user: UserId, preferences: &Preferences) -> Result<(), HeraldError> {
        let mut invalid = Invalid::new();
        let channels = store::channels(&self.database, user).await?;
        for (kind, ways) in &preferences.off {
            for way in ways {
                let theirs = match way {
                    Way::Inbox => true,
                    Way::Channel(id) => channels.iter().any(|channel| channel.id == *id),
                };
                if !theirs {
                    invalid.add(format!("/kinds/{}/{way}", kind.as_str()), "is no channel of yours");
                }
            }
        }
        if preferences.muted_subscriptions.len() > Preferences::MOST_MUTED {
            invalid.add("/muted_subscriptions", format!("must be at most {}", Preferences::MOST_MUTED));
        }
        invalid.into_result()?;
        Ok(())
    }
}
