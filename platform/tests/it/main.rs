//! The platform on real databases.
#![expect(clippy::unwrap_used, reason = "what cannot be had has failed the test")]

mod database;
mod events;
mod nats;
mod outbound;
