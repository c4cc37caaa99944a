//! What is refused when more is asked than can be done: at once, with the least important first, so that what is let in
//! is answered as fast as ever.

mod class;
mod learner;

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::response::{IntoResponse, Response};
use platform::{context, http::Problem};

pub(crate) use class::Class;
use learner::{Learner, Seen};

platform::settings! {
    "load",
    /// What is refused when more is asked than can be done.
    pub struct LoadSettings {
        /// How many requests are worked on at once at most; how many is well is learnt from how long they take. 0: all that come.
        in_flight: u32 = "1000",
    }
}

/// How often is learnt from.
const LEARNT_FROM: Duration = Duration::from_millis(100);
/// Fewer answers say nothing: one of them may have been unlucky.
const ENOUGH: u64 = 16;
/// With so few at once nobody waits for a processor, and only one in a few is made to look.
const FEW: u32 = 4;
/// Work that never waits for anything keeps its thread until it is done, so that never more are in than there are
/// threads, however many stand before the door. So one in so many lets the others come forward, and sees how long that
/// takes.
const EVERY: u64 = 16;
/// Where it takes longer than so many microseconds, all are made to look for a while.
const CROWDED: u64 = 5_000;

/// The requests that are worked on, and how many that may be.
pub(crate) struct Load {
    begun: Instant,
    in_flight: AtomicU32,
    limit: AtomicU32,
    learner: Option<Mutex<Learner>>,
    /// When is learnt from next, in microseconds since the beginning.
    next: AtomicU64,
    count: AtomicU64,
    looked: AtomicU64,
    waited: AtomicU64,
    took: AtomicU64,
    /// Until when all are made to look, in microseconds since the beginning.
    crowded_until: AtomicU64,
    asked: AtomicU64,
    peak: AtomicU32,
    refused: AtomicU64,
    shed: [metrics::Counter; Class::ALL.len()],
    dropped: metrics::Counter,
    shown: metrics::Gauge,
}

/// A request that was let in, until it is answered or given up.
pub(crate) struct Place<'l> {
    load: &'l Load,
    begun: Instant,
    /// Whether how long it takes says something of everybody else.
    tells: bool,
}

/// Why a request is not worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shed {
    /// There are too many.
    TooMany(Class),
    /// Nobody waits for it any more.
    TooLate,
}

impl Load {
    pub(crate) fn new(settings: &LoadSettings) -> Self {
        let learner = (settings.in_flight > 0).then(|| Learner::new(settings.in_flight));
        Self {
            begun: Instant::now(),
            in_flight: AtomicU32::new(0),
            limit: AtomicU32::new(learner.map_or(u32::MAX, Learner::limit)),
            learner: learner.map(Mutex::new),
            next: AtomicU64::new(0),
            count: AtomicU64::new(0),
            looked: AtomicU64::new(0),
            waited: AtomicU64::new(0),
            took: AtomicU64::new(0),
            crowded_until: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            peak: AtomicU32::new(0),
            refused: AtomicU64::new(0),
            shed: Class::ALL
                .map(|class| metrics::counter!("perennial_shed_total", "class" => class.as_str())),
            dropped: metrics::counter!("perennial_given_up_total"),
            shown: metrics::gauge!("perennial_in_flight_limit"),
        }
    }

    /// Lets a request in, or refuses it at once. What was let in lets others come forward first where there are many,
    /// so that those who are to be refused hear of it before the work of the others is done.
    pub(crate) async fn enter(&self, class: Class, tells: bool) -> Result<Place<'_>, Shed> {
        let inside = self.in_flight.fetch_add(1, Relaxed) + 1;
        if inside > class.share_of(self.limit.load(Relaxed)) {
            self.in_flight.fetch_sub(1, Relaxed);
            self.refused.fetch_add(1, Relaxed);
            self.shed[class as usize].increment(1);
            return Err(Shed::TooMany(class));
        }
        let place = Place { load: self, begun: Instant::now(), tells };
        self.peak.fetch_max(inside, Relaxed);
        let came = micros(place.begun.duration_since(self.begun));
        let one_of_some = self.asked.fetch_add(1, Relaxed).is_multiple_of(EVERY);
        if inside > FEW || one_of_some || came < self.crowded_until.load(Relaxed) {
            tokio::task::yield_now().await;
            let waited = micros(place.begun.elapsed());
            if waited > CROWDED {
                self.crowded_until.store(came + waited + micros(LEARNT_FROM), Relaxed);
            }
            if tells {
                self.looked.fetch_add(1, Relaxed);
                self.waited.fetch_add(waited, Relaxed);
            }
            if context::current(context::Context::is_too_late) == Some(true) {
                self.dropped.increment(1);
                return Err(Shed::TooLate);
            }
        }
        Ok(place)
    }

    /// How many are inside, and how many may be; nothing where that is not limited.
    pub(crate) fn now(&self) -> (u32, Option<u32>) {
        let limit = self.learner.is_some().then(|| self.limit.load(Relaxed));
        (self.in_flight.load(Relaxed), limit)
    }

    fn note(&self, took: Duration) {
        self.count.fetch_add(1, Relaxed);
        self.took.fetch_add(micros(took), Relaxed);
    }

    /// Learns, where it is time and nobody else does.
    fn learn(&self) {
        let Some(learner) = &self.learner else { return };
        let (now, next) = (micros(self.begun.elapsed()), self.next.load(Relaxed));
        let later = now + micros(LEARNT_FROM);
        if now < next
            || self.count.load(Relaxed) < ENOUGH
            || self.next.compare_exchange(next, later, Relaxed, Relaxed).is_err()
        {
            return;
        }
        let seen = Seen {
            count: self.count.swap(0, Relaxed),
            looked: self.looked.swap(0, Relaxed),
            waited: self.waited.swap(0, Relaxed),
            took: self.took.swap(0, Relaxed),
            peak: self.peak.swap(0, Relaxed),
            refused: self.refused.swap(0, Relaxed),
        };
        let mut learner = learner.lock().unwrap_or_else(PoisonError::into_inner);
        learner.learn(seen);
        self.limit.store(learner.limit(), Relaxed);
        self.shown.set(learner.limit());
    }
}

impl Drop for Place<'_> {
    /// It was answered, or given up: that took as long, and says the more.
    fn drop(&mut self) {
        self.load.in_flight.fetch_sub(1, Relaxed);
        if self.tells {
            self.load.note(self.begun.elapsed());
        }
        self.load.learn();
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl IntoResponse for Shed {
    fn into_response(self) -> Response {
        let (detail, seconds) = match self {
            Self::TooMany(class) => (
                "More is asked than can be done at this moment. Nothing was done; try again.",
                class.comes_back_in(),
            ),
            Self::TooLate => ("It was given up before it was begun, for you do not wait any longer.", 1),
        };
        Problem::unavailable(detail).retry_after(seconds).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load() -> Load {
        Load::new(&LoadSettings { in_flight: 10 })
    }

    async fn fill(load: &Load, class: Class) -> Vec<Place<'_>> {
        let mut inside = Vec::new();
        while let Ok(place) = load.enter(class, true).await {
            inside.push(place);
        }
        inside
    }

    #[tokio::test]
    async fn the_least_important_is_refused_first_and_money_last() {
        let load = load();
        let mut inside = Vec::new();
        let mut let_in = Vec::new();
        for class in Class::ALL {
            let more = fill(&load, class).await;
            let_in.push(more.len());
            inside.extend(more);
        }
        assert_eq!(let_in, [5, 1, 3, 1], "bulk, anonymous, interactive, payments");
        assert_eq!(load.enter(Class::Payment, true).await.err(), Some(Shed::TooMany(Class::Payment)));
        // Who leaves makes room.
        inside.truncate(inside.len() - 2);
        assert!(load.enter(Class::Interactive, true).await.is_ok());
        drop(inside);
        assert_eq!(load.in_flight.load(Relaxed), 0);
    }

    #[tokio::test]
    async fn a_refusal_takes_no_time_at_all_however_many_there_are() {
        let load = load();
        let _inside = fill(&load, Class::Payment).await;
        let begun = Instant::now();
        for _ in 0..10_000 {
            let refused = load.enter(Class::Interactive, true).await.err().unwrap().into_response();
            assert_eq!(refused.status(), 503);
            assert!(refused.headers().contains_key("retry-after"));
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?} for ten thousand", begun.elapsed());
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_begun() {
        let load = load();
        let _inside: Vec<_> = {
            let mut some = Vec::new();
            for _ in 0..FEW {
                some.push(load.enter(Class::Payment, true).await.unwrap());
            }
            some
        };
        let late = context::Context::new(None, None, "/").with_timeout(Duration::ZERO);
        let refused = context::within(late, load.enter(Class::Payment, true)).await.err();
        assert_eq!(refused, Some(Shed::TooLate));
        let patient = context::Context::new(None, None, "/").with_timeout(Duration::from_secs(60));
        assert!(context::within(patient, load.enter(Class::Payment, true)).await.is_ok());
    }

    /// What a request does that never waits for anything: it keeps its thread.
    fn work() {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(1) {}
    }

    #[tokio::test]
    async fn who_stands_before_the_door_of_work_that_never_waits_is_seen_too() {
        let load = load();
        let wave = || async {
            let ask = async || load.enter(Class::Interactive, true).await.map(|_place| work()).is_err();
            let all = (0..200).map(|_| Box::pin(ask()));
            futures_util::future::join_all(all).await.into_iter().filter(|refused| *refused).count()
        };
        // The first wave shows that there is one.
        wave().await;
        let refused = wave().await;
        assert!(refused > 150, "{refused} of 200 refused");
        tokio::time::sleep(LEARNT_FROM * 3).await;
        assert!(load.enter(Class::Interactive, true).await.is_ok(), "after it all is as before");
    }

    #[tokio::test]
    async fn where_it_is_turned_off_all_are_let_in() {
        let load = Load::new(&LoadSettings { in_flight: 0 });
        let mut inside = Vec::new();
        for _ in 0..5_000 {
            inside.push(load.enter(Class::Bulk, true).await.ok().unwrap());
        }
        drop(inside);
        assert_eq!(load.in_flight.load(Relaxed), 0);
    }
}
