//! Providers that say who somebody is (OpenID Connect Core 1.0): which there are, what they are asked, and whether what
//! they say holds.

mod client;
mod id_token;
mod providers;

pub(crate) use client::{Client, Question, Said};
pub(crate) use id_token::IdentityError;
pub use providers::{Provider, Providers};
