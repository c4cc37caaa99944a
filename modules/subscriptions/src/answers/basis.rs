use std::sync::{Arc, atomic::Ordering};

use contracts::users::{Household, Member};
use jiff::{Timestamp, civil::Date};
use kernel::Actor;

use crate::{Tracker, store};

/// What an answer was computed from.
#[derive(Clone)]
pub(super) struct Basis {
    revision: i64,
    rates: (u64, Option<Timestamp>),
    today: Date,
    household: Arc<Household>,
    /// Who belongs to the household, for answers that divide it among them.
    members: Vec<Member>,
}

impl Tracker {
    /// Which of the bank's rates there are: another state, other figures.
    async fn rates_state(&self) -> Option<(u64, Option<Timestamp>)> {
        let answers = &self.answers;
        let arrivals = answers.arrivals.load(Ordering::Acquire);
        let read_at = match answers.rates_read_at.get(&()) {
            Some(known) => known,
            None => {
                let read_at = store::rates_read_at(&self.database).await.ok()?;
                answers.rates_read_at.insert((), read_at);
                read_at
            }
        };
        Some((arrivals, read_at))
    }
}

impl Basis {
    /// All of it, as every process of this version would write it.
    pub(super) fn told(&self) -> Option<Vec<u8>> {
        // What this process counts for itself says nothing to others: when rates were read does.
        let (_, rates_read_at) = self.rates;
        let rest = format!("{} {rates_read_at:?} {} {:?} ", self.revision, self.today, self.members);
        let household = serde_json::to_vec(&*self.household).ok()?;
        Some([rest.into_bytes(), household].concat())
    }

    /// What `actor`'s household is like now; nothing where that cannot be found out.
    pub(super) async fn of(tracker: &Tracker, actor: &Actor, divides: bool) -> Option<Self> {
        let id = actor.household;
        let members = if divides { tracker.members(actor).await.ok()? } else { Vec::new() };
        let rates = tracker.rates_state().await?;
        let household = tracker.household(id).await.ok()?;
        let today = tracker.today(&household);
        let revision = tracker.database.revision(id).await.ok()?;
        Some(Self { revision, rates, today, household, members })
    }

    /// When its day ends.
    pub(super) fn day_ends(&self, tracker: &Tracker) -> Timestamp {
        tracker.day_ends(&self.household)
    }

    /// Whether what was computed from this is what would be computed now.
    pub(super) fn holds(&self, now: &Self) -> bool {
        self.revision == now.revision
            && self.rates == now.rates
            && self.today == now.today
            && self.members == now.members
            && (Arc::ptr_eq(&self.household, &now.household) || self.household == now.household)
    }
}
