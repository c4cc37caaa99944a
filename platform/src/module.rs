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
}
