use std::{any::Any, future::Future, sync::Arc};

use jiff::civil::Date;
use kernel::{Actor, HouseholdId, MemberId, UserId};
use moka::sync::Cache;
use tokio::sync::Mutex;

use super::{KEPT_FOR, OVERHEAD, TURNS, TURNS_FOR, basis::Basis};
use crate::{Tracker, domain::By, error::TrackerError, service::Whose};

/// What a subscription, or a row of a figure, takes in memory.
const ROW: usize = 1024;

/// Figures that take work to compute: pages and the API show the same ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Figure {
    Budgets,
    Dashboard(Whose),
    Days { whose: Whose, from: Date, to: Date },
    Outlook { whose: Whose, months: usize, opened: Option<Date> },
    Spendings { whose: Whose, months: usize, by: Vec<By>, opened: Option<String> },
}

impl Figure {
    /// How many months of payments it is made of, beside the one that runs: what takes long.
    pub(super) fn months_back(&self) -> usize {
        match self {
            Self::Budgets | Self::Dashboard(_) | Self::Days { .. } | Self::Outlook { .. } => 0,
            Self::Spendings { months, .. } => *months,
        }
    }

    /// Whether it may depend on who belongs to the household.
    fn divides(&self) -> bool {
        match self {
            Self::Budgets => true,
            Self::Dashboard(whose) | Self::Days { whose, .. } | Self::Outlook { whose, .. } => {
                *whose == Whose::Mine
            }
            Self::Spendings { whose, by, .. } => *whose == Whose::Mine || by.contains(&By::Member),
        }
    }
}

/// How many subscriptions and rows something holds.
pub(crate) trait Size: Send + Sync + 'static {
    fn rows(&self) -> usize;
}

/// Whose figure, and which.
type Key = (UserId, HouseholdId, MemberId, Figure);

struct Kept {
    basis: Basis,
    rows: usize,
    figure: Arc<dyn Any + Send + Sync>,
}

/// The figures of this process.
pub(super) struct Figures {
    kept: Cache<Key, Arc<Kept>>,
    /// Turns at computing one: what is just being kept up to date is waited for.
    turns: Cache<Key, Arc<Mutex<()>>>,
}

impl Figures {
    pub(super) fn new(bytes: u64) -> Self {
        let weight =
            |_: &Key, kept: &Arc<Kept>| u32::try_from(OVERHEAD + kept.rows * ROW).unwrap_or(u32::MAX);
        Self {
            kept: Cache::builder().max_capacity(bytes).weigher(weight).time_to_live(KEPT_FOR).build(),
            turns: Cache::builder().max_capacity(TURNS).time_to_idle(TURNS_FOR).build(),
        }
    }
}

impl Tracker {
    /// A figure from memory where that still holds; else as `compute` gives it, and kept.
    pub(crate) async fn remembered<T: Size>(
        &self,
        actor: &Actor,
        figure: Figure,
        compute: impl Future<Output = Result<T, TrackerError>> + Send,
    ) -> Result<Arc<T>, TrackerError> {
        let Some(Figures { kept, turns }) = &self.answers.figures else {
            return compute.await.map(Arc::new);
        };
        // What cannot be found out is for the computation to tell.
        let Some(basis) = Basis::of(self, actor, figure.divides()).await else {
            return compute.await.map(Arc::new);
        };
        self.refreshing.looked(actor, &figure, basis.day_ends(self));
        let key = (actor.user, actor.household, actor.member, figure);
        let known = || {
            let known = kept.get(&key).filter(|known| known.basis.holds(&basis));
            known.and_then(|known| Arc::clone(&known.figure).downcast().ok())
        };
        if let Some(known) = known() {
            return Ok(known);
        }
        let turn = turns.get_with_by_ref(&key, Arc::default);
        let _turn = turn.lock().await;
        if let Some(known) = known() {
            return Ok(known);
        }
        let fresh = Arc::new(compute.await?);
        let rows = fresh.rows();
        kept.insert(key.clone(), Arc::new(Kept { basis, rows, figure: Arc::<T>::clone(&fresh) }));
        Ok(fresh)
    }
}
