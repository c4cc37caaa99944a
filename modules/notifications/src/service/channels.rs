//! The ways by which somebody is told.

use kernel::Actor;

use super::Herald;
use crate::{
    error::HeraldError,
    store::{self, KeptChannel},
};

impl Herald {
    /// Somebody's channels, in the order in which they were set up.
    pub(crate) async fn channels(&self, actor: &Actor) -> Result<Vec<KeptChannel>, HeraldError> {
        Ok(store::channels(&self.database, actor.user).await?)
    }
}
