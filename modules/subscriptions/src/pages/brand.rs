//! What the catalogue knows of a subscription's service: how it looks, and where one cancels it.

use catalogue::Service;
use web::view::Brand;

use crate::{domain::Subscription, service::catalogued};

/// How it looks, where that is known.
pub(super) fn brand(subscription: &Subscription) -> Option<Brand> {
    looks(catalogued(subscription)?)
}

/// How what is called so looks, where that is known.
pub(super) fn brand_of(name: &str) -> Option<Brand> {
    looks(catalogue::find(name)?)
}

fn looks(service: &Service) -> Option<Brand> {
    let colour = service.colour()?;
    Some(Brand { colour: colour.to_string(), ink: colour.ink().to_string(), mark: service.mark() })
}

/// Where one cancels it with its provider.
pub(super) fn cancel_url(subscription: &Subscription) -> Option<&'static str> {
    catalogued(subscription).and_then(Service::cancel_url)
}

/// What to call services in a form: every name that is known.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = catalogue::services().iter().map(Service::name).collect();
    names.sort_unstable_by_key(|name| name.to_lowercase());
    names
}
