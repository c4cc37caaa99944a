//! gateway: the front door. Puts every module's routes together, finds out who is asking, keeps forged page
//! requests out, and describes the API.

mod body_limit;
mod dead_letters;
mod docs_page;
mod document;
mod door;
mod event_documents;
mod fields;
mod frame;
mod idempotency;
mod identity;
mod limits;
mod load;
mod problem_page;
mod same_origin;
mod status;

use std::sync::Arc;

use axum::middleware;
use contracts::{
    auth::{AuditLog, Authentication},
    users::Users,
};
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    events::Consumer,
    http::{Front, Health, Origins, Problem, cors, front, operations},
    jobs::Job,
    lifecycle::Tasks,
    module::Module,
    networks::Networks,
    redis::Redis,
    sealing::Sealing,
};
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;

pub use axum::Router;
pub use document::{describe, document};
pub use limits::LimitSettings;
pub use load::LoadSettings;

/// The schema of the door's own database.
pub const MIGRATIONS: &[Migration] = platform::migrations!["0001_idempotency"];

/// Writes that clients may send again by an `Idempotency-Key`: what became of them is kept for a day.
#[derive(Clone)]
pub struct Repeatable(Arc<idempotency::Idempotency>);

impl Repeatable {
    /// Kept in the door's own database, sealed.
    pub fn new(database: Database, clock: Arc<dyn Clock>, sealing: Sealing) -> Self {
        Self(Arc::new(idempotency::Idempotency::new(database, clock, sealing)))
    }

    /// What has to be done now and then.
    pub fn jobs(&self) -> Vec<Job> {
        idempotency::jobs(&self.0)
    }

    /// What the door hears.
    pub fn consumers(&self, ids: &Arc<dyn Ids>) -> Vec<Consumer> {
        idempotency::consumers(&self.0, ids)
    }
}

/// What the door needs.
pub struct Deps {
    /// Who somebody is.
    pub authentication: Arc<dyn Authentication>,
    /// Where what administrators do is written down.
    pub audit: Arc<dyn AuditLog>,
    /// Who belongs to which household.
    pub users: Arc<dyn Users>,
    /// Writes that may be repeated.
    pub repeatable: Repeatable,
    /// What goes on although nobody waits for it.
    pub tasks: Tasks,
    /// Time limit and transport.
    pub front: Front,
    /// The longest body, in bytes.
    pub body_limit: usize,
    /// How often somebody may ask.
    pub limits: LimitSettings,
    /// How much is done at once.
    pub load: LoadSettings,
    /// Where that is counted when several processes count together.
    pub redis: Option<Arc<Redis>>,
    /// Whose word on where a request comes from is believed.
    pub trusted_proxies: Networks,
    /// Which other sites may use the API from a browser.
    pub cors_origins: Origins,
    /// What `/readyz` and `/metrics` look at.
    pub health: Arc<Health>,
    /// The files pages are made with.
    pub assets: Router,
}

/// Every route of the process behind one door.
///
/// From the outside in: the front (request id, time limit, log line), compression, problems as pages, the body limit,
/// the door itself (limits and identity), and the same-origin check of pages.
pub fn router(modules: Vec<Module>, deps: Deps) -> Router {
    let (mut api, mut pages) = (describe(), Router::new());
    let (mut bodies, mut marks) = (body_limit::Limits::new(deps.body_limit), Vec::new());
    for module in modules {
        bodies.allow(&module.long_bodies);
        marks.extend(module.marks);
        api = api.merge(module.api);
        pages = pages.merge(module.pages);
    }
    let identity = identity::Identity::new(deps.authentication, Arc::clone(&deps.users), deps.front.https);
    let limits = limits::Limits::new(deps.limits, deps.redis);
    let door = Arc::new(door::Door::new(
        identity,
        (deps.repeatable.0, deps.tasks),
        limits,
        load::Load::new(&deps.load),
        deps.trusted_proxies,
        &marks,
        document::repeatable(api.get_openapi()),
    ));
    let source = Arc::new(status::Source {
        health: Arc::clone(&deps.health),
        door: Arc::clone(&door),
        users: Arc::clone(&deps.users),
    });
    let letters = Arc::new(dead_letters::Source::new(&deps.health, deps.audit, deps.users));
    let (api, document) = api
        .merge(status::api().with_state(Arc::clone(&source)))
        .merge(dead_letters::api().with_state(Arc::clone(&letters)))
        .split_for_parts();
    let pages = pages.merge(status::pages(source)).merge(dead_letters::pages(letters));
    let fields = Arc::new(fields::Fields::of(&document));
    let document = document::with_answers_of_the_door(document);
    let pages = pages.layer(middleware::from_fn(same_origin::check));
    let router = Router::new()
        .merge(api.layer(middleware::from_fn_with_state(fields, fields::trim)))
        .merge(pages)
        .layer(middleware::from_fn_with_state(door, door::pass))
        .merge(document::routes(&document))
        .merge(event_documents::routes())
        .merge(operations(deps.health))
        .merge(deps.assets)
        .fallback(async || Problem::not_found("There is nothing at this address."))
        .layer(middleware::from_fn_with_state(Arc::new(bodies), body_limit::refuse_long))
        .layer(axum::extract::DefaultBodyLimit::max(deps.body_limit))
        .layer(middleware::from_fn(problem_page::show))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::new(deps.front), front))
        // What the front itself refuses (too late, a panic) has passed nothing that could show it.
        .layer(middleware::from_fn(problem_page::show));
    if deps.cors_origins.is_empty() {
        return router;
    }
    router.layer(middleware::from_fn_with_state(Arc::new(deps.cors_origins), cors))
}

/// The API of these modules, described, without serving it.
pub fn api_of(modules: Vec<Module>) -> utoipa::openapi::OpenApi {
    let api = modules.into_iter().fold(describe(), |api: OpenApiRouter, module| api.merge(module.api));
    let mut document = api.split_for_parts().1;
    document.merge(status::api().into_openapi());
    document.merge(dead_letters::api().into_openapi());
    document::with_answers_of_the_door(document)
}
