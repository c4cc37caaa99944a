//! llm: words to events. Reads what a person typed, said or forwarded, and does what it says where that is sure.
//!
//! [`domain`] is the deterministic reader: a sentence in, events or an honest refusal out. It does no IO, asks no
//! clock and never guesses an amount, a currency or a cycle that was not said. Around it the module asks users how
//! somebody reads dates and counts money, asks subscriptions what is tracked already, and has it tracked. Where the
//! reader is not sure and a language model is set up, it is asked in the background; it may point at words, and what they
//! say the reader reads.

mod answer;
mod asking;
mod consumers;
pub mod domain;
mod forwarding;
mod helping;
mod http;
mod jobs;
mod learning;
mod librarian;
mod list;
mod mail;
mod model;
mod pages;
mod service;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod voice;

use std::sync::Arc;

use contracts::{
    auth::{Accounts, AuditLog},
    subscriptions::Subscriptions,
    users::Users,
};
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    module::{Module, Nature, marks},
    outbound::Outbound,
};

pub use mail::{MailInSettings, open as open_mail_in};
pub use service::Reader;
pub use settings::LlmSettings;

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] = platform::migrations![
    "0001_messages",
    "0002_models",
    "0003_forwarding",
    "0004_learnt_names",
    "0005_mail_addresses"
];

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
    /// Whether somebody who is not there may still do something.
    pub accounts: Arc<dyn Accounts>,
    /// Where it is written down that somebody has an address for mail.
    pub audit: Arc<dyn AuditLog>,
    /// What is tracked.
    pub subscriptions: Arc<dyn Subscriptions>,
    /// To where language models are, which whoever runs the installation says.
    pub outbound: Outbound,
    /// Which, and how long words are kept.
    pub settings: LlmSettings,
    /// Whether mail comes in, and where.
    pub mail_in: MailInSettings,
}

/// Builds the module: what others may ask of it, and what is served.
pub fn module(deps: Deps) -> (Arc<Reader>, Module) {
    let consumers =
        consumers::consumers(deps.database.clone(), Arc::clone(&deps.clock), Arc::clone(&deps.ids));
    let reader = Arc::new(Reader::new(deps));
    let module = Module {
        name: "llm",
        api: http::routes(Arc::clone(&reader)),
        pages: pages::routes(Arc::clone(&reader)),
        consumers: [learning::consumers(&reader), consumers].concat(),
        jobs: jobs::jobs(&reader),
        long_bodies: Vec::new(),
        marks: [
            marks(Nature::Words, ["/v1/messages", "/v1/messages/audio", "/add/voice"]),
            marks(Nature::Forwarding, ["/v1/messages/batch"]),
        ]
        .concat(),
    };
    (reader, module)
}
