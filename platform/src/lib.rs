//! How we talk to the world: settings, database, events, jobs, HTTP, telemetry, shutdown. Knows no business.

pub mod context;
pub mod db;
pub mod dependencies;
pub mod events;
pub mod foreign;
pub mod http;
pub mod jobs;
pub mod lifecycle;
pub mod mail;
pub mod module;
pub mod networks;
pub mod outbound;
pub mod quota;
pub mod redis;
pub mod sealing;
pub mod settings;
pub mod succession;
pub mod system;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tls;
pub mod ways;
