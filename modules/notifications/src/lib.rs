//! notifications: telling people what they should know. Each notification is planned, sent once, explained, and can be
//! sent again; one that cannot be sent keeps no other from being sent.
//!
//! It hears `reminder.due`, `budget.passed` and `household.changed`, and asks users of whom it knows nothing yet.

mod consumers;
pub mod domain;
mod error;
mod http;
mod jobs;
mod pages;
mod service;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use contracts::users::Users;
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    module::Module,
};

pub use error::HeraldError;
pub use service::Herald;

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] = platform::migrations!["0001_notifications"];

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
}

/// Builds the module: what is served, what it hears, and what it does by itself.
pub fn module(deps: Deps) -> Module {
    let herald = Arc::new(Herald::new(deps));
    Module {
        name: "notifications",
        api: http::routes(Arc::clone(&herald)),
        pages: pages::routes(Arc::clone(&herald)),
        consumers: consumers::consumers(&herald),
        jobs: jobs::jobs(&herald),
        long_bodies: Vec::new(),
    }
}
