//! What somebody looks at is kept up to date: the dashboard, the budgets, what is to come, what was spent. What a change,
//! another day or other rates have made stale of them is computed anew by itself, so that the next look finds it.
//! Figures that cost more, years of spending say, are computed less often while one change follows another.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::Timestamp;
use kernel::{Actor, HouseholdId, MemberId, UserId};
use moka::sync::Cache;
use platform::jobs::{Progress, Work};
use tokio::sync::Notify;

use super::Figure;
use crate::{Tracker, error::TrackerError};

/// How long somebody's figures are kept up to date after they last looked: over a weekend.
const LOOKS_FOR: Duration = Duration::from_secs(3 * 24 * 3600);
/// Households that are kept up to date at once; those that looked longest ago make room.
const HOUSEHOLDS: u64 = 1_000;
/// Figures of a household that are; the one asked for longest ago makes room.
const FIGURES: usize = 12;
/// Figures that are known to rest; one that is not known is computed.
const RESTING: u64 = 12_000;
/// How long changes are gathered before anything is computed: an act changes several things.
const GATHERED_FOR: Duration = Duration::from_millis(10);
/// How soon a figure is computed anew at most: many changes cost no more than ten a second.
const REST: Duration = Duration::from_millis(100);
/// How many times as long as it took to compute it rests: none takes more than a sixth of a processor.
const RESTS: u32 = 5;
/// How long whoever computes pauses at most after a figure.
const LONGEST_BREAK: Duration = Duration::from_millis(100);
/// How long households are seen to in one pass; the others come with the next.
const PASS: Duration = Duration::from_secs(5);
/// How long a pass waits at most for what rests: days end meanwhile.
const WAITS: Duration = Duration::from_secs(1);
/// How long it rests at most, whatever it took.
const LONGEST_REST: Duration = Duration::from_secs(60);

tokio::task_local! {
    /// There, while figures are computed that nobody has asked for.
    static BY_ITSELF: ();
}

/// Who looked at what in a household.
#[derive(Default)]
struct Looks {
    at: Vec<(Actor, Figure)>,
    /// When its day ends: then all of it is stale.
    day_ends: Option<Timestamp>,
}

/// Whose figure, and which.
type Look = (HouseholdId, UserId, MemberId, Figure);

fn look(actor: &Actor, figure: &Figure) -> Look {
    (actor.household, actor.user, actor.member, figure.clone())
}

/// Who looked at what, and whose figures are stale.
pub(crate) struct Refreshing {
    looked_at: Cache<HouseholdId, Arc<Mutex<Looks>>>,
    stale: Mutex<HashSet<HouseholdId>>,
    /// When a figure may be computed again.
    rests_until: Cache<Look, Instant>,
    /// Wakes whoever computes.
    pub(crate) nudge: Arc<Notify>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Refreshing {
    pub(crate) fn new() -> Self {
        Self {
            looked_at: Cache::builder().max_capacity(HOUSEHOLDS).time_to_idle(LOOKS_FOR).build(),
            stale: Mutex::default(),
            rests_until: Cache::builder().max_capacity(RESTING).time_to_live(LONGEST_REST).build(),
            nudge: Arc::new(Notify::new()),
        }
    }

    /// Somebody looks at a figure on a day that ends then; what is computed by itself is no look.
    pub(super) fn looked(&self, actor: &Actor, figure: &Figure, day_ends: Timestamp) {
        if BY_ITSELF.try_with(|()| ()).is_ok() {
            return;
        }
        let looks = self.looked_at.get_with(actor.household, Arc::default);
        let mut looks = locked(&looks);
        looks.day_ends = Some(day_ends);
        looks.at.retain(|(who, what)| (who.user, who.member, what) != (actor.user, actor.member, figure));
        if looks.at.len() >= FIGURES {
            looks.at.remove(0);
        }
        looks.at.push((*actor, figure.clone()));
    }

    /// Something of a household has changed.
    pub(crate) fn changed(&self, household: HouseholdId) {
        if self.looked_at.contains_key(&household) {
            locked(&self.stale).insert(household);
            self.nudge.notify_one();
        }
    }

    /// What all households convert by has changed.
    pub(crate) fn all_changed(&self) {
        locked(&self.stale).extend(self.looked_at.iter().map(|(household, _)| *household));
        self.nudge.notify_one();
    }

    /// Those whose figures are to be computed now: something has changed, or their day has ended.
    fn due(&self, now: Timestamp) -> Vec<HouseholdId> {
        let mut due = std::mem::take(&mut *locked(&self.stale));
        let ended = self.looked_at.iter().filter(|(_, looks)| {
            // Until it is known when the next one ends.
            let ends = locked(looks).day_ends.take_if(|ends| *ends <= now);
            ends.is_some()
        });
        due.extend(ended.map(|(household, _)| *household));
        due.into_iter().collect()
    }

    /// Until when it rests, where it does.
    fn rests(&self, look: &Look) -> Option<Instant> {
        self.rests_until.get(look).filter(|until| Instant::now() < *until)
    }

    /// A figure was computed from `began` on, and is left alone for a while.
    fn rest(&self, look: Look, began: Instant) {
        self.rests_until.insert(look, began + rest_after(began.elapsed()));
    }

    /// Who looks at what in a household, without that being a look.
    fn looks(&self, household: HouseholdId) -> Option<Arc<Mutex<Looks>>> {
        self.looked_at.iter().find(|(known, _)| **known == household).map(|(_, looks)| looks)
    }
}

impl Looks {
    /// What is looked at, until a day ends; what takes long comes last.
    fn until(&mut self, day_ends: Option<Timestamp>) -> Vec<(Actor, Figure)> {
        self.day_ends = day_ends.or(self.day_ends);
        let mut looks = self.at.clone();
        looks.sort_by_key(|(_, figure)| figure.months_back());
        looks
    }
}

/// How long after it was begun a figure rests that took so long.
fn rest_after(took: Duration) -> Duration {
    (took * RESTS).clamp(REST, LONGEST_REST)
}

/// Computes what is stale and looked at.
pub(crate) struct Refresh(pub(crate) Arc<Tracker>);

#[async_trait]
impl Work for Refresh {
    async fn run(&self) -> Result<Progress, String> {
        let Self(tracker) = self;
        let refreshing = &tracker.refreshing;
        tokio::time::sleep(GATHERED_FOR).await;
        let (begun, mut rested): (_, Option<Instant>) = (Instant::now(), None);
        let mut due = refreshing.due(tracker.clock.now()).into_iter();
        while let Some(household) = due.next() {
            if begun.elapsed() > PASS {
                let mut stale = locked(&refreshing.stale);
                stale.insert(household);
                stale.extend(due);
                return Ok(Progress::More);
            }
            let Some(looks) = refreshing.looks(household) else { continue };
            let day_ends = tracker.household(household).await.ok().map(|known| tracker.day_ends(&known));
            let looks = locked(&looks).until(day_ends);
            for (actor, figure) in looks {
                let (look, began) = (look(&actor, &figure), Instant::now());
                if let Some(until) = refreshing.rests(&look) {
                    locked(&refreshing.stale).insert(household);
                    rested = Some(rested.map_or(until, |first| first.min(until)));
                    continue;
                }
                let computing = BY_ITSELF.scope((), tracker.compute_again(&actor, &figure));
                // Where a database answers on the thread that asks, requests are served by others meanwhile.
                let computed = if tracker.database.is_shared() {
                    computing.await
                } else {
                    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(computing))
                };
                // One that cannot be computed is told of to whoever asks for it.
                if let Err(error) = computed {
                    tracing::debug!(%error, "a figure was not kept up to date");
                }
                let took = began.elapsed();
                refreshing.rest(look, began);
                // All of them together take no more than half of a processor.
                tokio::time::sleep(took.min(LONGEST_BREAK)).await;
            }
        }
        let Some(rested) = rested else { return Ok(Progress::Idle) };
        // Its turn comes then, or when something else has changed.
        let until = rested.min(Instant::now() + WAITS);
        let _ = tokio::time::timeout_at(until.into(), refreshing.nudge.notified()).await;
        Ok(Progress::More)
    }

    /// Who looks at what is not there yet has it computed.
    fn is_vital(&self) -> bool {
        false
    }
}

impl Tracker {
    /// Asks for a figure as whoever looked at it did.
    async fn compute_again(&self, actor: &Actor, figure: &Figure) -> Result<(), TrackerError> {
        match figure {
            Figure::Budgets => self.budgets(actor).await.map(drop),
            Figure::Dashboard(whose) => self.dashboard(actor, *whose).await.map(drop),
            Figure::Days { whose, from, to } => self.days(actor, *whose, *from..=*to).await.map(drop),
            Figure::Outlook { whose, months, opened } => {
                self.outlook(actor, *whose, *months, *opened).await.map(drop)
            }
            Figure::Spendings { whose, months, by, opened } => {
                self.spendings(actor, *whose, *months, by, opened.as_deref()).await.map(drop)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_rests_longer_within_bounds() {
        for (took, rests) in [(0, 100), (19, 100), (200, 1_000), (60_000, 60_000)] {
            assert_eq!(rest_after(Duration::from_millis(took)), Duration::from_millis(rests), "{took} ms");
        }
    }
}
