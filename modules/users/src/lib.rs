//! users: people, what they prefer, and the households they live in.
//!
//! It hears `user.registered` and what erases accounts, tells `household.changed` and `household.member_…`, and answers [`contracts::users::Users`].

mod consumers;
mod domain;
mod error;
mod http;
mod pages;
mod service;
mod store;

use std::sync::Arc;

use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    module::Module,
};

pub use service::People;

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] =
    platform::migrations!["0001_people", "0002_members", "0003_reminders", "0004_partings"];

/// What the module needs.
pub struct Deps {
    /// Its own database.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Where people reach us, as `https://example.org`.
    pub public_url: String,
}

/// Builds the module: what others may ask of it, and what is served.
pub fn module(deps: Deps) -> (Arc<People>, Module) {
    let people = Arc::new(People::new(deps));
    let module = Module {
        name: "users",
        api: http::routes(Arc::clone(&people)),
        pages: pages::routes(Arc::clone(&people)),
        consumers: consumers::consumers(&people),
        jobs: vec![],
        long_bodies: Vec::new(),
        marks: Vec::new(),
    };
    (people, module)
}
