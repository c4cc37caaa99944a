//! What calendars read. Nobody is logged in: who knows the address may read it.

use std::collections::HashMap;

use axum::{
    extract::State,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::Response,
};
use kernel::SubscriptionId;
use platform::http::{ETag, IfNoneMatch, PathOf, Problem};
use sha2::{Digest, Sha256};
use web::Manner;

use super::Known;
use crate::{
    domain::{
        Subscription,
        feed::{Calendar, Entry, Event, Happening},
    },
    error::TrackerError,
    service::Timetable,
};

pub(super) async fn read(
    State(tracker): Known,
    PathOf(file): PathOf<String>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let token = file.strip_suffix(".ics").ok_or(TrackerError::NoFeed)?;
    let text = calendar(&tracker.timetable(token).await?).to_string();
    let digest: String = Sha256::digest(&text).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let headers = [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CACHE_CONTROL, "private, max-age=3600")];
    Ok(has.answer(ETag::of(&[&digest]), (headers, text)))
}

/// The entries in the words of the household's locale.
pub(super) fn calendar(told: &Timetable) -> Calendar {
    let manner = Manner::new(told.household.locale.clone(), told.today);
    let named: HashMap<SubscriptionId, &Subscription> =
        told.subscriptions.iter().map(|subscription| (subscription.id, subscription)).collect();
    let events = told
        .entries
        .iter()
        .filter_map(|entry| Some(event(entry, named.get(&entry.subscription)?, &manner)))
        .collect();
    Calendar { name: told.feed.name.to_string(), events }
}

fn event(entry: &Entry, subscription: &Subscription, manner: &Manner) -> Event {
    let name = &subscription.name;
    let amount = entry.amount.map(|amount| format!(" · {}", manner.money(&amount))).unwrap_or_default();
    let summary = match entry.what {
        Happening::Charge => format!("{name}{amount}"),
        Happening::Paid => format!("{name}{amount} (paid)"),
        Happening::Open => format!("{name}{amount} (not paid)"),
        Happening::TrialEnds => format!("{name}: the free trial ends"),
        Happening::Ends => format!("{name} ends"),
        Happening::CancelBy => format!("{name}: the last day to cancel"),
    };
    let plan = subscription.plan.as_ref().map(|plan| format!("{plan} · ")).unwrap_or_default();
    Event {
        uid: entry.uid(),
        run: entry.run,
        summary,
        description: format!("{plan}{}", manner.cycle(&subscription.cycle)),
        revised_at: subscription.updated_at,
        sequence: subscription.version,
    }
}
