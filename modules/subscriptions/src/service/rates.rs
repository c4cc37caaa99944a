//! Rates: those in use, and those set by hand.

use std::{sync::Arc, time::Duration};

use jiff::{ToSpan, civil::Date};
use kernel::{Actor, Currency, HouseholdId, Invalid, Money};
use moka::sync::Cache;
use platform::db::Batch;

use super::Tracker;
use crate::{
    domain::{Converter, OwnRate, ReferenceDays},
    error::TrackerError,
    store,
};

/// How long the bank's rates are taken for granted before they are read again: another process may fetch them.
const TAKEN_FOR_GRANTED: Duration = Duration::from_secs(60);
/// How many days back from the first of the month a rate of its days may be.
const REST_DAYS: i64 = 8;

/// The bank's rates of this month, as most figures need them, by today.
pub(super) type RecentRates = Cache<Date, Arc<ReferenceDays>>;

pub(super) fn recent_rates() -> RecentRates {
    Cache::builder().max_capacity(8).time_to_live(TAKEN_FOR_GRANTED).build()
}

/// The rates of a household.
pub(crate) struct Rates {
    /// What they convert into unless told otherwise.
    pub(crate) home: Currency,
    pub(crate) today: Date,
    pub(crate) converter: Converter,
}

impl Tracker {
    /// A converter for amounts of a household, each with the day whose rate counts. Those in its own currency need
    /// none; so one that has no others costs nothing.
    pub(crate) async fn converter(
        &self,
        household: HouseholdId,
        home: Currency,
        today: Date,
        amounts: impl Iterator<Item = (Money, Date)> + Send,
    ) -> Result<Converter, TrackerError> {
        let others = amounts.filter(|(amount, _)| amount.currency() != home);
        match others.map(|(_, day)| day).min() {
            None => Ok(Converter::of_one(home, today)),
            Some(earliest) => self.converter_since(household, home, today, earliest).await,
        }
    }

    /// A converter for days from `earliest` on.
    async fn converter_since(
        &self,
        household: HouseholdId,
        home: Currency,
        today: Date,
        earliest: Date,
    ) -> Result<Converter, TrackerError> {
        let own = store::own_rates(&self.database, household).await?;
        let month = today.first_of_month();
        let days = if earliest >= month {
            match self.recent_rates.get(&today) {
                Some(known) => known,
                None => {
                    let read = self.reference_days(month, today).await?;
                    self.recent_rates.insert(today, Arc::clone(&read));
                    read
                }
            }
        } else {
            self.reference_days(earliest, today).await?
        };
        Ok(Converter::new(home, today, days, own))
    }

    async fn reference_days(&self, earliest: Date, today: Date) -> Result<Arc<ReferenceDays>, TrackerError> {
        let first = earliest.saturating_sub(REST_DAYS.days());
        let found = store::reference_rates(&self.database, first, today).await?;
        Ok(Arc::new(found.into_iter().collect()))
    }

    /// Reads the bank's rates anew: there are others.
    pub(crate) fn forget_rates(&self) {
        self.recent_rates.invalidate_all();
        self.answers.forget();
        self.refreshing.all_changed();
    }

    /// The rates of the actor's household on a day; today's when none is named.
    pub(crate) async fn rates(&self, actor: &Actor, on: Option<Date>) -> Result<Rates, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let earliest = on.unwrap_or(today).min(today);
        let converter = self.converter_since(actor.household, household.currency, today, earliest).await?;
        Ok(Rates { home: household.currency, today, converter })
    }

    /// The currencies of what the actor's household tracks, by code.
    pub(crate) async fn currencies(&self, actor: &Actor) -> Result<Vec<Currency>, TrackerError> {
        Ok(store::currencies(&self.database, actor.household).await?)
    }

    /// Keeps a rate set by hand, and converts by it what has waited for one.
    pub(crate) async fn set_own_rate(&self, actor: &Actor, own: &OwnRate) -> Result<(), TrackerError> {
        let known = store::own_rates(&self.database, actor.household).await?;
        if i64::try_from(known.len()).unwrap_or(i64::MAX) >= store::OWN_RATES {
            let detail = format!("you have {} rates already: remove one first", store::OWN_RATES);
            return Err(Invalid::field("/rate", detail).into());
        }
        let mut batch = Batch::of(actor.household);
        store::upsert_own_rate(&mut batch, actor.household, own, self.clock.now());
        store::wake_conversions(&mut batch, actor.household);
        self.database.apply(batch).await?;
        self.conversions.notify_one();
        Ok(())
    }

    /// Forgets what was set by hand for a pair: the rate of one day, or all of them. What was converted by it stays.
    pub(crate) async fn forget_own_rates(
        &self,
        actor: &Actor,
        (from, to): (Currency, Currency),
        since: Option<Date>,
    ) -> Result<(), TrackerError> {
        let known = store::own_rates(&self.database, actor.household).await?;
        let meant =
            |own: &OwnRate| (own.from, own.to) == (from, to) && since.is_none_or(|since| own.since == since);
        if !known.iter().any(meant) {
            return Err(TrackerError::NoOwnRate);
        }
        let mut batch = Batch::of(actor.household);
        store::delete_own_rates(&mut batch, actor.household, (from, to), since);
        Ok(self.database.apply(batch).await?)
    }
}
