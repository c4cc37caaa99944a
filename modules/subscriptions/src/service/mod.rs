//! The use cases: read, decide, one batch.

mod books;
mod budgets;
mod change;
mod create;
mod export;
mod feed;
mod figures;
mod filter;
mod greet;
mod helping;
mod import;
mod payments;
mod pointing;
mod rates;
mod read;
mod reminders;
mod search;
mod sharing;
mod sorting;
mod statistics;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use contracts::{
    CallError,
    subscriptions::{Act, ChargeNews, Confirmation, NewSubscription, Subscriptions, Summary},
    users::{Household, Rosters, Users},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{Actor, Clock, HouseholdId, Ids, SubscriptionId};
use moka::sync::Cache;
use platform::{
    db::{Batch, Database},
    http::IfMatch,
};
use tokio::sync::{Notify, Semaphore};

use crate::{
    Deps,
    answers::{Answers, Refreshing},
    domain::{Advance, Fact, PaymentSource, Subscription},
    error::TrackerError,
    store,
};

pub(crate) use books::Settling;
pub(crate) use budgets::{Budgets, budget_etag};
pub(crate) use change::{Seen, etag};
pub(crate) use feed::{FeedWish, Timetable};
pub(crate) use figures::Dashboard;
pub(crate) use filter::Filter;
pub(crate) use helping::catalogued;
pub(crate) use import::{Received, import_etag};
pub(crate) use payments::{Ledgered, SeenPayment, payment_etag};
pub(crate) use rates::Rates;
pub(crate) use reminders::{ReminderPlace, Seek, SeenReminder};
pub(crate) use search::{Found, Group, Order, Place, Wanted};
pub(crate) use sharing::Whose;
pub(crate) use sorting::label_etag;
pub(crate) use statistics::{Days, Outlook, Spendings, SpentRow};

/// How long what is known of a household is taken for granted before it is read again.
const HOUSEHOLDS_FOR: Duration = Duration::from_secs(5);
/// How many households are remembered.
const HOUSEHOLDS: u64 = 50_000;
/// How often a change is decided anew when somebody else was first.
const TRIES: usize = 5;
/// Charges of one subscription recorded in one batch; the sweep does the rest.
pub(crate) const CHARGES_AT_ONCE: usize = 64;

/// Tracks subscriptions.
pub struct Tracker {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    users: Arc<dyn Users>,
    rosters: Arc<dyn Rosters>,
    households: Cache<HouseholdId, Arc<Household>>,
    recent_rates: rates::RecentRates,
    /// What was answered, while it holds.
    pub(crate) answers: Answers,
    /// What of it is kept up to date.
    pub(crate) refreshing: Arc<Refreshing>,
    /// Wakes the sweep.
    pub(crate) sweep: Arc<Notify>,
    /// Wakes whoever converts payments.
    pub(crate) conversions: Arc<Notify>,
    /// Turns at reading files, which takes memory.
    reading: Arc<Semaphore>,
}

impl Tracker {
    pub(crate) fn new(deps: Deps) -> Self {
        deps.database.count_changes();
        let refreshing = Arc::new(Refreshing::new());
        let changing = Arc::clone(&refreshing);
        deps.database.on_change(Box::new(move |household| changing.changed(household)));
        Self {
            refreshing,
            answers: Answers::new(u64::from(deps.settings.answers_memory) << 20, deps.shared),
            database: deps.database,
            clock: deps.clock,
            ids: deps.ids,
            users: deps.users,
            rosters: deps.rosters,
            households: Cache::builder().max_capacity(HOUSEHOLDS).time_to_live(HOUSEHOLDS_FOR).build(),
            recent_rates: rates::recent_rates(),
            sweep: Arc::new(Notify::new()),
            conversions: Arc::new(Notify::new()),
            reading: Arc::new(Semaphore::new(import::AT_ONCE)),
        }
    }

    /// How a household counts: as kept here from its news, or, before the first of them has come, as users says.
    pub(crate) async fn household(&self, household: HouseholdId) -> Result<Arc<Household>, TrackerError> {
        if let Some(known) = self.households.get(&household) {
            return Ok(known);
        }
        let settings = match store::household(&self.database, household).await? {
            Some(known) => known.settings,
            None => self.ask_users(household).await?,
        };
        let settings = Arc::new(settings);
        self.households.insert(household, Arc::clone(&settings));
        Ok(settings)
    }

    async fn ask_users(&self, household: HouseholdId) -> Result<Household, TrackerError> {
        let asked = tokio::time::timeout(Duration::from_secs(2), self.users.household(household)).await;
        match asked {
            Ok(Ok(Some(settings))) => Ok(settings),
            Ok(Ok(None)) => Err(TrackerError::NoHousehold),
            Ok(Err(error)) => Err(TrackerError::Away(error.to_string())),
            Err(_) => Err(TrackerError::Away("users did not answer in time".into())),
        }
    }

    pub(crate) fn forget_household(&self, household: HouseholdId) {
        self.households.invalidate(&household);
    }

    /// What day it is where the household lives.
    pub(crate) fn today(&self, household: &Household) -> Date {
        household.time_zone.date_at(self.clock.now())
    }

    /// When that day ends there.
    pub(crate) fn day_ends(&self, household: &Household) -> Timestamp {
        household.time_zone.start_of(self.today(household).saturating_add(1.day()))
    }

    /// Puts what time has brought into a batch: the payments, and the facts.
    pub(crate) fn record(&self, batch: &mut Batch, subscription: &Subscription, advance: &Advance) {
        let now = self.clock.now();
        metrics::counter!("perennial_charges_total").increment(advance.charges.len() as u64);
        for charge in &advance.charges {
            let payment = charge.payment(self.ids.next(), subscription);
            store::insert_payment(batch, &payment, now);
            // What was paid before it was tracked is nobody's news.
            if payment.source != PaymentSource::Assumed {
                self.tell(batch, subscription, None, &[payment.recorded().into()]);
            }
        }
        self.tell(batch, subscription, None, &advance.facts);
    }

    pub(crate) fn tell(
        &self,
        batch: &mut Batch,
        about: &Subscription,
        actor: Option<&Actor>,
        facts: &[Fact],
    ) {
        let now = self.clock.now();
        // What somebody keeps to themselves is nobody else's news.
        let audience = about.sharing.private.then_some(about.created_by);
        for fact in facts {
            let event = fact.event(self.ids.next(), now).with_household(about.household);
            let mut event = event.with_audience(audience);
            event.user = actor.map(|actor| actor.user);
            event.traceparent = platform::context::current(|context| context.traceparent.clone());
            batch.tell(&event);
        }
    }
}

#[async_trait]
impl Subscriptions for Tracker {
    async fn create(&self, actor: &Actor, new: NewSubscription) -> Result<Summary, CallError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let draft = crate::domain::Proposal::from(new).check(today)?;
        let subscription = self.create_draft(actor, draft).await?;
        Ok(subscription.summary(today))
    }

    async fn named(
        &self,
        actor: &Actor,
        name: &str,
        service: Option<&str>,
    ) -> Result<Vec<Summary>, CallError> {
        Ok(self.find_named(actor, name, service).await?)
    }

    async fn act(&self, actor: &Actor, id: SubscriptionId, act: Act) -> Result<Summary, CallError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let seen = IfMatch::default();
        let changed =
            self.change(actor, id, &seen, |subscription, today| subscription.act(&act, today)).await?;
        Ok(changed.summary(today))
    }

    async fn confirm_charge(&self, actor: &Actor, news: ChargeNews) -> Result<Confirmation, CallError> {
        self.confirm(actor, news).await
    }
}
