//! Whole-system tests against the built binary: it is started, asked over HTTP, stopped, killed and started again.
//!
//! A [`Setup`] is where one installation keeps its data: a folder, or a folder and a PostgreSQL database. It starts
//! [`Instance`]s of the program. [`Client`] speaks to the API, [`Browser`] to the pages, without JavaScript. The tests
//! are in `tests/it`; [`on_both!`] makes two of each body.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "all of this is test code: what cannot be set up has failed, and says so where the runner shows it"
)]

mod binary;
mod browser;
mod chance;
pub mod chaos;
mod chromium;
mod client;
mod form;
mod instance;
mod log;
mod mail;
mod nats;
mod place;
mod postgres;
mod provider;
mod proxy;
mod rows;
mod setup;
mod wire;

use std::time::Duration;

pub use browser::Browser;
pub use chance::Chance;
pub use chromium::Chromium;
pub use client::{Answer, Client};
pub use form::{Field, Form, forms, text};
pub use instance::{Doomed, Instance};
pub use log::Log;
pub use mail::MailServer;
pub use provider::{Does, Provider, Sent, Told};
pub use proxy::Proxy;
pub use setup::{Ended, Setup};
pub use wire::{
    Cycle, FieldError, Message, Money, Page, Payment, ProblemBody, Reading, Subscription, Tokens,
};

/// Where a server for the tests is, as `variable` says; `None`, loudly, where it does not.
///
/// # Panics
/// Under `CI=true` where it does not: leaving a test out is a failure there.
pub fn server(variable: &str) -> Option<String> {
    let place = std::env::var(variable).ok();
    if place.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{variable} is not set: run `cargo xtask test`"
        );
        eprintln!("left out: {variable} is not set; `cargo xtask test` finds or starts a server");
    }
    place
}

/// Asks again and again until there is an answer.
///
/// # Panics
/// With `what` was waited for, after half a minute.
pub async fn eventually<T>(what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(Duration::from_secs(30), what, ask).await
}

/// The same for what takes longer.
///
/// # Panics
/// With `what` was waited for, after `patience`.
pub async fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut ask: impl AsyncFnMut() -> Option<T>,
) -> T {
    const LOOK: Duration = Duration::from_millis(50);
    for _ in 0..patience.as_millis() / LOOK.as_millis() {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(LOOK).await;
    }
    panic!("still waiting after {} seconds: {what}", patience.as_secs());
}

/// Turns each body into two tests, one a database.
///
/// ```text
/// on_both! {
///     async fn what_a_user_would_see(setup: Setup) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($setup:ident: Setup) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn body($setup: $crate::Setup) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                Box::pin(body($crate::Setup::sqlite())).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(setup) = $crate::Setup::postgres().await {
                    Box::pin(body(setup)).await;
                }
            }
        }
    )*};
}
