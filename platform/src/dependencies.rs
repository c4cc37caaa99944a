//! What this process needs of others, and how each of them does: one place for the time they are given, how much is asked of
//! them at once, and when they are left alone (a circuit breaker). What they say is counted here, whoever asks.
//!
//! Nothing here tries again. What failed is tried again in one place each, which knows whether that is safe: events by the
//! relay, deliveries by their own plan, rates by their job; what a person asked for is told to the person.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::system::wall_clock;

/// Failures in a row after which nobody is asked for a while.
const TRIPS: u32 = 8;
/// For how long.
const RESTS: Duration = Duration::from_secs(30);
/// How much one is asked at once; more waits for its turn.
const AT_ONCE: usize = 32;
/// The most that are remembered; those that were well and are not being asked make room.
const MOST: usize = 2_000;

/// All of them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Dependencies {
    known: Arc<Mutex<HashMap<String, Arc<One>>>>,
    rest: Duration,
}

/// One of them.
#[derive(Debug)]
struct One {
    places: Semaphore,
    record: Mutex<Record>,
}

#[derive(Debug, Clone, Default)]
struct Record {
    failures: u32,
    open_until: Option<Instant>,
    answered: u64,
    failed: u64,
    answered_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
    said: Option<&'static str>,
}

/// How one of them did when it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It answered, whatever it said of what was asked.
    Answered,
    /// It did not; in a few words that name no address and no secret.
    Failed(&'static str),
}

/// Why one of them was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// It failed again and again, and is left alone for so long yet.
    #[error("it does not answer, and is left alone for {} seconds", .0.as_secs())]
    Resting(Duration),
    /// Others wait for it already, longer than there is time.
    #[error("too much is being asked of it already")]
    Crowded,
}

/// How one of them does, for those who run the installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which: a host, with its port where that is not the usual one.
    pub name: String,
    /// What is being asked of it now.
    pub in_flight: usize,
    /// How much can be at once.
    pub at_once: usize,
    /// How much longer it is left alone.
    pub resting: Option<Duration>,
    /// How often it failed in a row.
    pub failures: u32,
    /// How often it answered since this process began.
    pub answered: u64,
    /// How often it did not.
    pub failed: u64,
    /// When it last answered.
    pub answered_at: Option<Timestamp>,
    /// When it last did not, and what was met.
    pub failed_at: Option<(Timestamp, &'static str)>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl One {
    fn new() -> Self {
        Self { places: Semaphore::new(AT_ONCE), record: Mutex::default() }
    }

    fn in_flight(&self) -> usize {
        AT_ONCE - self.places.available_permits().min(AT_ONCE)
    }

    fn is_well(&self) -> bool {
        self.in_flight() == 0 && locked(&self.record).failures == 0
    }
}

impl Default for Dependencies {
    fn default() -> Self {
        Self::new()
    }
}

impl Dependencies {
    /// None is known yet.
    pub fn new() -> Self {
        Self::resting_for(RESTS)
    }

    /// The same, where those who fail again and again are left alone for so long.
    pub fn resting_for(rest: Duration) -> Self {
        Self { known: Arc::default(), rest }
    }

    fn one(&self, name: &str) -> Arc<One> {
        let mut known = locked(&self.known);
        if let Some(one) = known.get(name) {
            return Arc::clone(one);
        }
        if known.len() >= MOST {
            known.retain(|_, one| !one.is_well());
        }
        if known.len() >= MOST {
            known.clear();
        }
        let one = Arc::new(One::new());
        known.insert(name.to_owned(), Arc::clone(&one));
        one
    }

    /// How much longer one is left alone. Who asks when that is over is the one who finds out, and nobody else until then.
    pub fn rests(&self, name: &str) -> Option<Duration> {
        let one = Arc::clone(locked(&self.known).get(name)?);
        let (mut record, now) = (locked(&one.record), Instant::now());
        let until = record.open_until?;
        if until <= now {
            record.open_until = Some(now + self.rest);
            return None;
        }
        Some(until - now)
    }

    /// Asks one that is not left alone, when it is its turn, and notes what came of it. Waiting is a part of `work`'s time:
    /// whoever limits that limits this with it.
    ///
    /// # Errors
    /// [`NotAsked`], at once.
    pub async fn ask<T>(
        &self,
        name: &str,
        work: impl Future<Output = T>,
        outcome: impl FnOnce(&T) -> Outcome,
    ) -> Result<T, NotAsked> {
        match self.rests(name) {
            Some(rest) => Err(NotAsked::Resting(rest)),
            None => self.ask_anyway(name, work, outcome).await,
        }
    }

    /// The same for whoever has looked whether it [rests](Self::rests) before a whole row of questions.
    ///
    /// # Errors
    /// [`NotAsked::Crowded`] when there is no turn to be had.
    pub async fn ask_anyway<T>(
        &self,
        name: &str,
        work: impl Future<Output = T>,
        outcome: impl FnOnce(&T) -> Outcome,
    ) -> Result<T, NotAsked> {
        let one = self.one(name);
        let _place = one.places.acquire().await.map_err(|_| NotAsked::Crowded)?;
        let done = work.await;
        self.note(name, &one, outcome(&done));
        Ok(done)
    }

    fn note(&self, name: &str, one: &One, outcome: Outcome) {
        let mut record = locked(&one.record);
        match outcome {
            Outcome::Answered => {
                if record.failures >= TRIPS {
                    tracing::info!(dependency = name, "it answers again");
                }
                record.failures = 0;
                record.open_until = None;
                record.answered += 1;
                record.answered_at = Some(wall_clock());
            }
            Outcome::Failed(said) => {
                record.failures = record.failures.saturating_add(1);
                record.failed += 1;
                record.failed_at = Some(wall_clock());
                record.said = Some(said);
                if record.failures >= TRIPS {
                    record.open_until = Some(Instant::now() + self.rest);
                }
                if record.failures == TRIPS {
                    tracing::warn!(dependency = name, said, "it fails again and again, and is left alone");
                    metrics::counter!("perennial_dependency_rests_total").increment(1);
                }
            }
        }
    }

    /// How they do, those in trouble first, then by name; at most `limit`.
    pub fn standing(&self, limit: usize) -> Vec<Standing> {
        let known: Vec<_> =
            locked(&self.known).iter().map(|(name, one)| (name.clone(), Arc::clone(one))).collect();
        let now = Instant::now();
        let of = |(name, one): (String, Arc<One>)| {
            let record = locked(&one.record).clone();
            Standing {
                name,
                in_flight: one.in_flight(),
                at_once: AT_ONCE,
                resting: record.open_until.map(|until| until.saturating_duration_since(now)),
                failures: record.failures,
                answered: record.answered,
                failed: record.failed,
                answered_at: record.answered_at,
                failed_at: record.failed_at.zip(record.said),
            }
        };
        let mut all: Vec<_> = known.into_iter().map(of).collect();
        all.sort_by(|one, other| (other.failures, &one.name).cmp(&(one.failures, &other.name)));
        all.truncate(limit);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(all: &Dependencies, name: &str, well: bool) -> Result<bool, NotAsked> {
        let judge = |well: &bool| if *well { Outcome::Answered } else { Outcome::Failed("it is away") };
        all.ask(name, async { well }, judge).await
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_away_is_left_alone_and_then_asked_by_one() {
        let all = Dependencies::new();
        for _ in 0..TRIPS {
            answer(&all, "a", false).await.unwrap();
        }
        assert!(matches!(answer(&all, "a", true).await, Err(NotAsked::Resting(_))));
        assert!(answer(&all, "b", true).await.is_ok(), "the others are asked");
        // As if that time had passed.
        locked(&all.one("a").record).open_until = Some(Instant::now());
        assert_eq!(all.rests("a"), None, "one finds out");
        assert!(all.rests("a").is_some(), "and nobody else until then");
        all.ask_anyway("a", async {}, |()| Outcome::Answered).await.unwrap();
        assert!(answer(&all, "a", true).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_one_takes_no_more_than_its_places_and_nobody_elses() {
        let all = Dependencies::new();
        let slow = || all.ask("slow", tokio::time::sleep(Duration::from_secs(5)), |()| Outcome::Answered);
        let mut many: Vec<_> = (0..AT_ONCE + 8).map(|_| Box::pin(slow())).collect();
        let waiting = futures_util::future::join_all(many.iter_mut());
        assert!(tokio::time::timeout(Duration::from_secs(1), waiting).await.is_err());
        assert_eq!(all.standing(1)[0].in_flight, AT_ONCE);
        assert!(tokio::time::timeout(Duration::from_secs(1), answer(&all, "quick", true)).await.is_ok());
        drop(many);
        assert_eq!(all.standing(9).iter().find(|one| one.name == "slow").unwrap().in_flight, 0);
    }

    #[tokio::test]
    async fn what_is_shown_begins_with_those_in_trouble() {
        let all = Dependencies::new();
        for (name, well) in [("a", true), ("c", false), ("b", true)] {
            answer(&all, name, well).await.unwrap();
        }
        let shown = all.standing(2);
        assert_eq!(shown.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["c", "a"]);
        assert_eq!(shown[0].failed_at.map(|(_, said)| said), Some("it is away"));
        for number in 0..MOST + 5 {
            answer(&all, &format!("host {number}"), true).await.unwrap();
        }
        assert!(all.standing(usize::MAX).len() <= MOST);
        assert_eq!(all.standing(1)[0].name, "c", "trouble is not forgotten for want of room");
    }
}
