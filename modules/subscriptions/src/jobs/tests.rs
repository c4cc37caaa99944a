//! The sweep on both databases.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use kernel::{Actor, Ids, Role};
use platform::{
    both_databases,
    db::Database,
    testing::{SetClock, ids},
};
use uuid::Uuid;

use super::*;
use crate::{
    Deps, MIGRATIONS,
    domain::testing::{day, id, netflix},
    testing::Neighbours,
};

/// Real ids, but that one of them comes again and again while it is wanted.
struct Stuck {
    wanted: AtomicU64,
    real: Arc<dyn Ids>,
}

impl Ids for Stuck {
    fn uuid(&self) -> Uuid {
        let left = self.wanted.load(Ordering::Relaxed);
        if left == 0 { self.real.uuid() } else { Uuid::from_u128(7) }
    }
}

pub(super) fn actor() -> Actor {
    Actor::at_home(id(1), Role::User, id(1))
}

pub(super) fn tracker(database: &Database, clock: &Arc<SetClock>, ids: Arc<dyn Ids>) -> Arc<Tracker> {
    let clock = Arc::clone(clock) as Arc<dyn kernel::Clock>;
    let neighbours = Neighbours::living_in("UTC");
    Arc::new(Tracker::new(Deps {
        database: database.clone(),
        clock,
        ids,
        users: neighbours.clone(),
        rosters: neighbours,
        shared: None,
        outbound: platform::testing::outbound(),
        rates: platform::settings::Source::new().section(),
        settings: platform::settings::Source::new().section(),
    }))
}

async fn track(tracker: &Tracker, count: usize) -> Vec<SubscriptionId> {
    let mut made = Vec::new();
    for _ in 0..count {
        let draft = netflix().check(day("2026-05-05")).unwrap();
        made.push(tracker.create_draft(&actor(), draft).await.unwrap().id);
    }
    made
}

async fn charged(tracker: &Tracker, id: SubscriptionId) -> Vec<Date> {
    let mut dates: Vec<_> =
        tracker.payments(&actor(), id, None, 100).await.unwrap().iter().map(|row| row.due_on).collect();
    dates.sort();
    dates
}

pub(super) async fn sweep(tracker: &Arc<Tracker>) {
    let work = Renewals(Arc::clone(tracker));
    while work.run().await.unwrap() == Progress::More {}
}

const BORN: &str = "2026-05-05T06:30:00Z";
const LATER: &str = "2026-06-05T06:30:00Z";

both_databases! { MIGRATIONS,
    async fn more_than_one_batch_is_charged_in_one_sweep(database: Database) {
        let clock = SetClock::at(BORN);
        let tracker = tracker(&database, &clock, ids());
        let made = track(&tracker, TOGETHER + 3).await;
        clock.set(LATER);
        sweep(&tracker).await;
        for id in made {
            assert_eq!(charged(&tracker, id).await, [day("2026-05-05"), day("2026-06-05")]);
        }
    }

    async fn a_sweep_run_twice_at_once(database: Database) {
        let clock = SetClock::at(BORN);
        let (one, other) = (tracker(&database, &clock, ids()), tracker(&database, &clock, ids()));
        let made = track(&one, TOGETHER * 3).await;
        clock.set("2026-08-05T06:30:00Z");
        tokio::join!(sweep(&one), sweep(&other));
        let expected = ["2026-05-05", "2026-06-05", "2026-07-05", "2026-08-05"].map(day);
        for id in made {
            assert_eq!(charged(&one, id).await, expected);
        }
    }

    async fn a_charge_that_the_database_will_not_take_keeps_no_other_from_being_charged(database: Database) {
        let clock = SetClock::at(BORN);
        let stuck = Arc::new(Stuck { wanted: AtomicU64::new(0), real: ids() });
        let tracker = tracker(&database, &clock, Arc::clone(&stuck) as Arc<dyn Ids>);
        let made = track(&tracker, 3).await;
        clock.set(LATER);
        // Every payment now gets the same id: one can be stored, the others cannot.
        stuck.wanted.store(1, Ordering::Relaxed);
        sweep(&tracker).await;
        let mut charges = Vec::new();
        for id in &made {
            charges.push(charged(&tracker, *id).await.len());
        }
        assert_eq!(charges, [2, 1, 1]);
        // Left alone for an hour, and looked at again after it.
        stuck.wanted.store(0, Ordering::Relaxed);
        clock.advance(LEFT_ALONE);
        sweep(&tracker).await;
        for id in made {
            assert_eq!(charged(&tracker, id).await, [day("2026-05-05"), day("2026-06-05")]);
        }
    }
}
