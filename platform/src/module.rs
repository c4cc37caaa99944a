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
