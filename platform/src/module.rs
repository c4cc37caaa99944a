//! What a module is to those who start it.

use crate::{events::Consumer, jobs::Job};

/// A module, ready to be served: its routes, its consumers, its jobs.
pub struct Module {
    /// The name of its folder, its database and its part of the metrics.
    pub name: &'static str,
    /// Its JSON API with the description of each route.
    pub api: utoipa_axum::router::OpenApiRouter,
    /// Its HTML pages.
    pub pages: axum::Router,
    /// What it listens to.
    pub consumers: Vec<Consumer>,
    /// What it does by itself.
    pub jobs: Vec<Job>,
    /// Its routes that take longer bodies than others.
    pub long_bodies: Vec<LongBody>,
    /// Its routes that the door treats in a way of their own.
    pub marks: Vec<Mark>,
}

/// What a route is there for, where that makes a difference at the door.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// The route as it is registered: `/v1/auth/login`.
    pub path: &'static str,
    /// What for.
    pub nature: Nature,
}

/// What makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// What is posted there tries a secret: a password, a code.
    LogIn,
    /// What is posted there makes an account.
    SignUp,
    /// What is posted there is about a password that was forgotten.
    Reset,
    /// What is posted there is read, perhaps by a language model.
    Words,
    /// Messages that a program forwards: all that a key of that scope may do.
    Forwarding,
    /// Much at once, for which nobody waits at a page: files in and out.
    Bulk,
    /// Money: what is refused last.
    Payment,
}

/// Marks for routes that are there for the same.
pub fn marks<const N: usize>(nature: Nature, paths: [&'static str; N]) -> Vec<Mark> {
    paths.into_iter().map(|path| Mark { path, nature }).collect()
}

/// A route that takes longer bodies than the rest: files. The door lets them pass, and the route's own layer bounds
/// them.
#[derive(Debug, Clone, Copy)]
pub struct LongBody {
    /// The route as it is registered: `/v1/payments/{id}/documents`.
    pub path: &'static str,
    /// In bytes.
    pub limit: usize,
}
