//! help: it asks, looks, mends, and hands over to a person when it cannot.
//!
//! [`domain`] holds what a tree is. The module looks at and mends what is others' through [`contracts::help`], and asks
//! users how somebody reads.

mod consumers;
pub mod domain;
mod error;
mod http;
mod jobs;
mod manual;
mod pages;
mod service;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod trees;
mod words;

use std::sync::Arc;

use contracts::{
    auth::AuditLog,
    help::{Deliveries, Librarian, LogIns, Readings, Tracked},
    users::Users,
};
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    module::Module,
};

pub use domain::TicketStatus;
pub use error::HelpError;
pub use service::{Guide, Support, SupportTicket};
pub use settings::HelpSettings;

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] = platform::migrations![
    "0001_help",
    "0002_waiting_tickets",
    "0003_desk",
    "0004_funnel",
    "0005_short_answers"
];

/// What the module needs.
pub struct Deps {
    /// Its own database.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Who people are.
    pub users: Arc<dyn Users>,
    /// What is looked at and mended of subscriptions.
    pub tracked: Arc<dyn Tracked>,
    /// What became of what somebody was told.
    pub deliveries: Arc<dyn Deliveries>,
    /// How somebody's words were read.
    pub readings: Arc<dyn Readings>,
    /// Who asks a language model about the manual.
    pub librarian: Arc<dyn Librarian>,
    /// By what somebody logs in.
    pub log_ins: Arc<dyn LogIns>,
    /// Where it is written down what those who answer open.
    pub audit: Arc<dyn AuditLog>,
    /// Where trees of one's own are, and whether a language model answers.
    pub settings: HelpSettings,
}

/// Builds the module: what is served, and what it does by itself.
pub fn module(deps: Deps) -> Module {
    let consumers =
        consumers::consumers(deps.database.clone(), Arc::clone(&deps.clock), Arc::clone(&deps.ids));
    let guide = Arc::new(Guide::new(deps));
    Module {
        name: "help",
        api: http::routes(Arc::clone(&guide)),
        pages: pages::routes(Arc::clone(&guide)),
        consumers,
        jobs: jobs::jobs(&guide),
        long_bodies: Vec::new(),
        marks: Vec::new(),
    }
}
