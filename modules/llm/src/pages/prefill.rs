//! From what was read to the form that asks for the rest.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::answer::ReadingBody;

/// The form, with what was read filled in.
pub(super) fn form(reading: &ReadingBody) -> String {
    let price = reading.promotion.as_ref().map(|promotion| promotion.price).or(reading.price);
    let first = reading.first_charge_on.or(reading.next_charge_on);
    let known = [
        ("name", reading.name.clone()),
        ("plan", reading.plan.clone()),
        ("amount", price.map(|price| price.amount_text())),
        ("currency", price.map(|price| price.currency().code().to_owned())),
        ("every", reading.cycle.map(|cycle| cycle.every().to_string())),
        ("unit", reading.cycle.map(|cycle| cycle.unit().to_string())),
        ("first_charge_on", first.map(|date| date.to_string())),
        ("trial_ends_on", reading.trial_ends_on.map(|date| date.to_string())),
        ("category", reading.category.clone()),
        ("service", reading.service.clone()),
    ];
    let pairs = known.into_iter().filter_map(|(name, value)| value.map(|value| pair(name, &value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() { "/subscriptions/new".into() } else { format!("/subscriptions/new?{query}") }
}

/// The list, of what is called like it.
pub(super) fn list(name: Option<&str>) -> String {
    name.map_or_else(|| "/subscriptions".into(), |name| format!("/subscriptions?{}", pair("q", name)))
}

fn pair(name: &str, value: &str) -> String {
    format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
}
