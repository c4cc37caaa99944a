//! The core: what is paid for again and again, and when.
//!
//! [`domain`] holds the rules and nothing else: no clock, no database, no HTTP. Every date it gives is computed
//! from a subscription's anchor by [`domain::Schedule`]; there is no second path.
//!
//! It hears `household.changed` and `household.member_removed`, tells `subscription.…` and `payment.…`, asks users how a household counts, and
//! answers [`contracts::subscriptions::Subscriptions`].

mod answers;
mod consumers;
pub mod domain;
mod error;
mod http;
mod jobs;
mod pages;
mod sent;
mod service;
mod settings;
mod store;
#[cfg(test)]
mod testing;
mod upload;

use std::sync::Arc;

use contracts::users::{Rosters, Users};
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    module::{LongBody, Module, Nature, marks},
    outbound::Outbound,
};

pub use answers::Shared;
pub use error::TrackerError;
pub use service::Tracker;
pub use settings::{RatesSettings, SubscriptionsSettings};

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] = platform::migrations![
    "0001_subscriptions",
    "0002_model",
    "0003_payments",
    "0004_rates",
    "0005_feeds",
    "0006_imports",
    "0007_shares",
    "0008_reminders",
    "0009_budgets",
    "0010_open_payments",
    "0011_member_budgets",
    "0012_member_feeds",
    "0013_cancelled",
];

/// What the module needs.
pub struct Deps {
    /// Its own database.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// How households count.
    pub users: Arc<dyn Users>,
    /// Who belongs to them, where that is to change.
    pub rosters: Arc<dyn Rosters>,
    /// Where figures are kept for other processes, where there may be others.
    pub shared: Option<Shared>,
    /// How the bank is asked for rates.
    pub outbound: Outbound,
    /// Whether and where it is asked.
    pub rates: RatesSettings,
    /// What it may use.
    pub settings: SubscriptionsSettings,
}

/// Builds the module: what others may ask of it, and what is served.
pub fn module(deps: Deps) -> (Arc<Tracker>, Module) {
    let (outbound, rates) = (deps.outbound.clone(), deps.rates.clone());
    let tracker = Arc::new(Tracker::new(deps));
    let module = Module {
        name: "subscriptions",
        api: http::routes(Arc::clone(&tracker)),
        pages: pages::routes(Arc::clone(&tracker)),
        consumers: consumers::consumers(&tracker),
        jobs: jobs::jobs(&tracker, outbound, rates),
        long_bodies: [
            (http::DOCUMENTS, upload::BODY_LIMIT),
            (pages::DOCUMENTS, upload::BODY_LIMIT),
            (http::IMPORTS, sent::BODY_LIMIT),
            (pages::IMPORTS, sent::BODY_LIMIT),
        ]
        .map(|(path, limit)| LongBody { path, limit })
        .into(),
        marks: [marks(Nature::Bulk, http::BULK), marks(Nature::Payment, http::PAYMENTS)].concat(),
    };
    (tracker, module)
}
