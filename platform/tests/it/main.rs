//! The platform on real databases.

mod database;
mod events;
