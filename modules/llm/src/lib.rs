//! llm: words to events. Reads what a person typed, said or forwarded, and does what it says where that is sure.
//!
//! [`domain`] is the deterministic reader: a sentence in, events or an honest refusal out. It does no IO, asks no
//! clock and never guesses an amount, a currency or a cycle that was not said. Around it the module asks users how
//! somebody reads dates and counts money, asks subscriptions what is tracked already, and has it tracked.

mod answer;
pub mod domain;
mod helping;
mod http;
mod pages;
mod service;
mod store;

use std::sync::Arc;

use contracts::{subscriptions::Subscriptions, users::Users};
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    module::{Module, Nature, marks},
};

pub use service::Reader;

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] = platform::migrations!["0001_messages"];

/// What the module needs.
pub struct Deps {
    /// Its own database.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// How people read and count.
    pub users: Arc<dyn Users>,
    /// What is tracked.
    pub subscriptions: Arc<dyn Subscriptions>,
}

/// Builds the module: what others may ask of it, and what is served.
pub fn module(deps: Deps) -> (Arc<Reader>, Module) {
    let reader = Arc::new(Reader::new(deps));
    let module = Module {
        name: "llm",
        api: http::routes(Arc::clone(&reader)),
        pages: pages::routes(Arc::clone(&reader)),
        consumers: vec![],
        jobs: vec![],
        long_bodies: Vec::new(),
        marks: marks(Nature::Words, ["/v1/messages"]),
    };
    (reader, module)
}
