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
/// With so few at once nobody waits for a processor, and nobody is made to look.
const FEW: u32 = 4;

/// The requests that are worked on, and how many that may be.
pub(crate) struct Load {
    begun: Instant,
    in_flight: AtomicU32,
    limit: AtomicU32,
    learner: Option<Mutex<Learner>>,
    /// When is learnt from next, in microseconds since the beginning.
    next: AtomicU64,
    count: AtomicU64,
    waited: AtomicU64,
    took: AtomicU64,
    peak: AtomicU32,
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
            waited: AtomicU64::new(0),
            took: AtomicU64::new(0),
            peak: AtomicU32::new(0),
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
            self.shed[class as usize].increment(1);
            return Err(Shed::TooMany(class));
        }
        let place = Place { load: self, begun: Instant::now(), tells };
        self.peak.fetch_max(inside, Relaxed);
        if inside > FEW {
            tokio::task::yield_now().await;
            if tells {
                self.waited.fetch_add(micros(place.begun.elapsed()), Relaxed);
            }
            if context::current(context::Context::is_too_late) == Some(true) {
                self.dropped.increment(1);
                return Err(Shed::TooLate);
            }
        }
        Ok(place)
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
            waited: self.waited.swap(0, Relaxed),
            took: self.took.swap(0, Relaxed),
            peak: self.peak.swap(0, Relaxed),
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
