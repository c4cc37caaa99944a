//! Ways through trees, and what is handed over.

mod answering;
mod desk;
mod funnel;
mod looking;
mod mending;
mod searching;
mod shown;
mod support;
mod tickets;
mod walking;

use std::{path::Path, sync::Arc, time::Duration};

use contracts::{
    auth::AuditLog,
    help::{Deliveries, Librarian, LogIns, Readings, Tracked},
    users::{Account, Home, Users},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock, Ids};
use platform::db::Database;
use tokio::sync::Notify;

use crate::{Deps, domain::Forest, error::HelpError, trees::Trees};

pub(crate) use answering::forgotten_before;
pub(crate) use desk::{DeskTicket, Figures, MOST_NAME, Queue, TemplateInput};
pub(crate) use funnel::{Day, MOST_DAYS, WalkedTree, day_of};
pub(crate) use searching::{MOST_QUESTION, Searched};
pub(crate) use shown::Shown;
pub use support::{Support, SupportTicket};
pub(crate) use tickets::MOST_TEXT;
pub(crate) use walking::Beginning;

/// For how long somebody can come back.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Guides people through trees, and answers from the manual.
pub struct Guide {
    pub(crate) database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    users: Arc<dyn Users>,
    tracked: Arc<dyn Tracked>,
    deliveries: Arc<dyn Deliveries>,
    readings: Arc<dyn Readings>,
    log_ins: Arc<dyn LogIns>,
    audit: Arc<dyn AuditLog>,
    librarian: Option<Arc<dyn Librarian>>,
    /// How long whoever asks waits for a short answer.
    wait: Duration,
    /// There is one to look for.
    pub(crate) asked: Arc<Notify>,
    support: Support,
    pub(crate) trees: Trees,
}

impl Guide {
    pub(crate) fn new(deps: Deps) -> Self {
        Self {
            support: Support::new(deps.database.clone(), Arc::clone(&deps.clock), Arc::clone(&deps.ids)),
            audit: deps.audit,
            librarian: Some(deps.librarian).filter(|_| deps.settings.answers),
            wait: deps.settings.wait.duration(),
            asked: Arc::default(),
            database: deps.database,
            clock: deps.clock,
            ids: deps.ids,
            users: deps.users,
            tracked: deps.tracked,
            deliveries: deps.deliveries,
            readings: deps.readings,
            log_ins: deps.log_ins,
            trees: Trees::new(Path::new(&deps.settings.trees)),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The trees in service.
    pub(crate) fn forest(&self) -> Arc<Forest> {
        self.trees.forest()
    }

    /// Who somebody is, and how they read.
    pub(crate) async fn account(&self, actor: &Actor) -> Result<Account, HelpError> {
        self.users.account(actor.user).await?.ok_or(HelpError::NoProfile)
    }

    /// The households they belong to.
    pub(crate) async fn homes(&self, actor: &Actor) -> Result<Vec<Home>, HelpError> {
        Ok(self.users.households(actor.user).await?)
    }
}
