//! Watching one's notifications: what changed after a place, and a place for every change.

use std::str::FromStr;

use kernel::UserId;
use uuid::Uuid;

use super::Herald;
use crate::{
    error::HeraldError,
    store::{self, Told},
};

/// How many changes are looked at in one go.
const PASS: i64 = 50;

/// A place in the changes of somebody's notifications: everything up to it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    revision: i64,
    id: Uuid,
}

impl Place {
    /// Behind everything of a revision.
    const fn end_of(revision: i64) -> Self {
        Self { revision, id: Uuid::max() }
    }

    /// That of one notification.
    pub(crate) const fn of(told: &Told) -> Self {
        Self { revision: told.revision, id: told.id.uuid() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.revision, self.id.simple())
    }
}

/// A text that is no place.
#[derive(Debug)]
pub(crate) struct PlaceError;

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (revision, id) = text.split_once('-').ok_or(PlaceError)?;
        let revision: i64 = revision.parse().map_err(|_| PlaceError)?;
        Ok(Self { revision, id: Uuid::try_parse(id).map_err(|_| PlaceError)? })
    }
}

impl Herald {
    /// Where somebody's changes are now: whoever watches from here misses nothing that comes.
    pub(crate) async fn here(&self, user: UserId) -> Result<Place, HeraldError> {
        Ok(Place::end_of(store::revision(&self.database, user).await?))
    }

    /// What changed after a place, the earliest first, each as it is now, and the place after it all.
    pub(crate) async fn changes(
        &self,
        user: UserId,
        after: Place,
    ) -> Result<(Vec<Told>, Place), HeraldError> {
        let now = store::revision(&self.database, user).await?;
        if now <= after.revision && after.id == Uuid::max() {
            return Ok((Vec::new(), after));
        }
        let found = store::changed_since(&self.database, user, (after.revision, after.id), PASS).await?;
        let full = i64::try_from(found.len()) == Ok(PASS);
        // What is behind the last one found has been looked at up to the revision that was read first.
        let place = match found.last() {
            Some(last) if full => Place::of(last),
            Some(last) => Place::end_of(now).max(Place::of(last)),
            None => Place::end_of(now).max(after),
        };
        Ok((found, place))
    }
}
