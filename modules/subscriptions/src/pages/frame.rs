//! What stands around every page: who looks at it, and how they read.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use contracts::{subscriptions::Status, users::Account};
use jiff::civil::{Date, Time};
use kernel::{Actor, Currency, Money, SubscriptionId};
use platform::http::Problem;
use web::{Manner, Person, Shell, Tab};

use crate::{Tracker, domain::Subscription};

/// Who looks at a page, and where and when they are.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) account: Account,
    /// The households they can look at.
    pub(super) homes: Vec<web::Home>,
    /// What the household's totals are in.
    pub(super) currency: Currency,
    pub(super) today: Date,
    /// The time of day where the household lives.
    pub(super) time: Time,
}

impl Frame {
    pub(super) async fn of(tracker: &Tracker, actor: &Actor) -> Result<Self, Problem> {
        let account = tracker.account(actor).await?;
        let household = tracker.household(actor.household).await?;
        let here = household.time_zone.datetime_at(tracker.clock.now());
        let homes = tracker.homes(actor).await.into_iter().map(|home| web::Home {
            current: home.household == actor.household,
            id: home.household.to_string(),
            name: home.name,
            may_change: home.access.may_change(),
        });
        let homes = homes.collect();
        Ok(Self { account, homes, currency: household.currency, today: here.date(), time: here.time() })
    }

    pub(super) fn manner(&self) -> Manner {
        Manner::new(self.account.profile.locale.clone(), self.today)
    }

    pub(super) fn shell(&self, title: impl Into<String>, tab: Tab) -> Shell {
        let person = Person { name: self.account.profile.name.clone(), email: self.account.email.clone() };
        Shell::new(title, self.manner()).signed_in(person).among(self.homes.clone()).on(tab)
    }
}

/// The page, or the problem of having none.
pub(super) fn render(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    web::page_with(status, template).map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Problem::internal("Showing this page changed nothing. It has been noted; please try again.")
    })
}

/// Where a subscription's page is.
pub(super) fn href(id: SubscriptionId) -> String {
    format!("/subscriptions/{id}")
}

/// The status as its badge says it.
pub(super) const fn badge(status: Status) -> web::view::Status {
    match status {
        Status::Trial => web::view::Status::Trial,
        Status::Active => web::view::Status::Active,
        Status::Paused => web::view::Status::Paused,
        Status::Cancelled => web::view::Status::Cancelled,
        Status::Ended => web::view::Status::Ended,
    }
}

/// What it costs today; in a trial what it will cost, because "nothing" tells nobody anything.
pub(super) fn price(subscription: &Subscription, today: Date) -> Money {
    subscription.price_on(subscription.trial_ends_on.map_or(today, |ends_on| ends_on.max(today)))
}
