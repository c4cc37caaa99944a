//! What somebody looks at is kept up to date: the dashboard, the budgets, what is to come, what was spent. What a change
//! has made stale of them is computed anew by itself, so that the next look finds it. Figures that cost more, years of
//! spending say, are computed less often while one change follows another.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use kernel::{Actor, HouseholdId, MemberId, UserId};
use moka::sync::Cache;
use platform::jobs::{Progress, Work};
use tokio::sync::Notify;

use super::Figure;
use crate::{Tracker, error::TrackerError};

/// How long somebody's figures are kept up to date after they last looked.
const LOOKS_FOR: Duration = Duration::from_secs(600);
/// Households that are kept up to date at once; those that looked longest ago make room.
const HOUSEHOLDS: u64 = 1_000;
/// Figures of a household that are; the one asked for longest ago makes room.
const FIGURES: usize = 12;
/// Figures that are known to rest; one that is not known is computed.
const RESTING: u64 = 12_000;
/// How long changes are gathered before anything is computed: an act changes several things.
const GATHERED_FOR: Duration = Duration::from_millis(10);
/// How soon a figure is computed anew at most: many changes cost no more than one a second.
const REST: Duration = Duration::from_secs(1);
/// How many times as long as it took to compute it rests: none takes more than a sixth of a processor.
const RESTS: u32 = 5;
/// How long it rests at most, whatever it took.
const LONGEST_REST: Duration = Duration::from_secs(60);

tokio::task_local! {
    /// There, while figures are computed that nobody has asked for.
    static BY_ITSELF: ();
}

/// Somebody, and what they looked at.
type Looks = Arc<Mutex<Vec<(Actor, Figure)>>>;

/// Whose figure, and which.
type Look = (HouseholdId, UserId, MemberId, Figure);

fn look(actor: &Actor, figure: &Figure) -> Look {
    (actor.household, actor.user, actor.member, figure.clone())
}

/// Who looked at what, and whose figures are stale.
pub(crate) struct Refreshing {
    looked_at: Cache<HouseholdId, Looks>,
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

    /// Somebody looks at a figure; what is computed by itself is no look.
    pub(super) fn looked(&self, actor: &Actor, figure: &Figure) {
        if BY_ITSELF.try_with(|()| ()).is_ok() {
            return;
        }
        let looks = self.looked_at.get_with(actor.household, Looks::default);
        let mut looks = locked(&looks);
        looks.retain(|(who, what)| (who.user, who.member, what) != (actor.user, actor.member, figure));
        if looks.len() >= FIGURES {
            looks.remove(0);
        }
        looks.push((*actor, figure.clone()));
    }

    /// Something of a household has changed.
    pub(crate) fn changed(&self, household: HouseholdId) {
        if self.looked_at.contains_key(&household) {
            locked(&self.stale).insert(household);
            self.nudge.notify_one();
        }
    }

    /// Those whose figures are to be computed now.
    fn due(&self) -> Vec<HouseholdId> {
        locked(&self.stale).drain().collect()
    }

    fn rests(&self, look: &Look) -> bool {
        self.rests_until.get(look).is_some_and(|until| Instant::now() < until)
    }

    /// A figure was computed from `began` on, and is left alone for a while.
    fn rest(&self, look: Look, began: Instant) {
        let rest = (began.elapsed() * RESTS).clamp(REST, LONGEST_REST);
        self.rests_until.insert(look, began + rest);
    }

    /// What is looked at in a household, without that being a look; what takes long comes last.
    fn looks(&self, household: HouseholdId) -> Vec<(Actor, Figure)> {
        let found = self.looked_at.iter().find(|(known, _)| **known == household);
        let mut looks = found.map(|(_, looks)| locked(&looks).clone()).unwrap_or_default();
        looks.sort_by_key(|(_, figure)| figure.months_back());
        looks
    }
}

/// Computes what is stale and looked at.
pub(crate) struct Refresh(pub(crate) Arc<Tracker>);

#[async_trait]
impl Work for Refresh {
    async fn run(&self) -> Result<Progress, String> {
        let refreshing = &self.0.refreshing;
        tokio::time::sleep(GATHERED_FOR).await;
        for household in refreshing.due() {
            for (actor, figure) in refreshing.looks(household) {
                let (look, began) = (look(&actor, &figure), Instant::now());
                if refreshing.rests(&look) {
                    // Its turn comes when this is run again.
                    locked(&refreshing.stale).insert(household);
                    continue;
                }
                let computing = BY_ITSELF.scope((), self.0.compute_again(&actor, &figure));
                // Where a database answers on the thread that asks, requests are served by others meanwhile.
                let computed = if self.0.database.is_shared() {
                    computing.await
                } else {
                    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(computing))
                };
                // One that cannot be computed is told of to whoever asks for it.
                if let Err(error) = computed {
                    tracing::debug!(%error, "a figure was not kept up to date");
                }
                refreshing.rest(look, began);
            }
        }
        Ok(Progress::Idle)
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
