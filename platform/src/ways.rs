//! The ways from one module to another in this process. Each has an end in time, so many places and a bucket of its own, so
//! that a module that asks too much, or one that does not answer, is no trouble of any but those two.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use crate::quota::{Limit, Quota};

/// How long an answer is waited for at most, its turn included. Callers have shorter ends of their own, but for what is
/// done as a whole, as an import is.
const PATIENCE: Duration = Duration::from_secs(15);
/// How much is asked by one way at once; more waits for its turn.
const AT_ONCE: usize = 256;

/// From one module to another.
#[derive(Debug)]
pub struct Way {
    from: &'static str,
    to: &'static str,
    patience: Duration,
    places: Semaphore,
    quota: Option<Quota>,
    begun: Instant,
    /// When its bucket is full again, in microseconds since it was begun.
    full_at: AtomicU64,
}

/// Why a question was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// More was asked than may be (`limits.modules`).
    #[error("{from} asks {to} for too much; limits.modules says how much it may")]
    TooOften {
        /// Who asks.
        from: &'static str,
        /// Who is asked.
        to: &'static str,
    },
    /// It was not its turn, or not answered, in time.
    #[error("{to} did not answer {from} in time")]
    Late {
        /// Who asks.
        from: &'static str,
        /// Who is asked.
        to: &'static str,
    },
}

impl Way {
    /// Of the module `from` to the module `to`.
    pub fn new(from: &'static str, to: &'static str, limit: Limit) -> Self {
        Self {
            from,
            to,
            patience: PATIENCE,
            places: Semaphore::new(AT_ONCE),
            quota: limit.0,
            begun: Instant::now(),
            full_at: AtomicU64::new(0),
        }
    }

    /// The same with another end in time, and so many places.
    #[must_use]
    pub fn narrower(self, patience: Duration, places: usize) -> Self {
        Self { patience, places: Semaphore::new(places), ..self }
    }

    /// Asks, where that is not too often; what is not answered in time is dropped.
    ///
    /// # Errors
    /// [`Barred`].
    pub async fn take<T>(&self, question: impl Future<Output = T>) -> Result<T, Barred> {
        let Self { from, to, .. } = *self;
        if !self.has_room() {
            return Err(self.barred("too_often", Barred::TooOften { from, to }));
        }
        let answered = async {
            // Closed it never is.
            let _place = self.places.acquire().await;
            question.await
        };
        let late = |_| self.barred("late", Barred::Late { from, to });
        tokio::time::timeout(self.patience, answered).await.map_err(late)
    }

    /// Takes one from the bucket, where there is one.
    fn has_room(&self) -> bool {
        let Some(quota) = self.quota else { return true };
        let now = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let one_less = |full_at: u64| {
            let decision = quota.decide(full_at.saturating_sub(now));
            decision.allowed.then(|| now.saturating_add(decision.backlog))
        };
        self.full_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }

    fn barred(&self, why: &'static str, barred: Barred) -> Barred {
        tracing::debug!("{barred}");
        metrics::counter!("perennial_calls_barred_total", "from" => self.from, "to" => self.to, "why" => why)
            .increment(1);
        barred
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::settings::{Setting, TomlValue};

    fn way(limit: &str) -> Way {
        Way::new("llm", "users", Limit::read(&TomlValue::String(limit.into())).unwrap())
    }

    #[tokio::test]
    async fn who_asks_too_much_of_one_can_still_ask_another() {
        let (full, other) = (way("3/1h"), way("3/1h"));
        for _ in 0..3 {
            assert_eq!(full.take(async { 7 }).await, Ok(7));
        }
        let barred = Barred::TooOften { from: "llm", to: "users" };
        assert_eq!(full.take(async { 7 }).await, Err(barred));
        assert_eq!(other.take(async { 7 }).await, Ok(7));
        assert_eq!(way("off").take(async { 7 }).await, Ok(7));
    }

    #[tokio::test]
    async fn who_does_not_answer_is_waited_for_until_the_end_and_no_longer() {
        let way = way("off").narrower(Duration::from_millis(20), 1);
        let late = Barred::Late { from: "llm", to: "users" };
        assert_eq!(way.take(std::future::pending::<()>()).await, Err(late));
        assert_eq!(way.take(async {}).await, Ok(()), "the place is free again");
    }

    #[tokio::test]
    async fn no_more_is_asked_at_once_than_there_are_places() {
        let way = way("off").narrower(Duration::from_secs(10), 3);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let ask = || {
            way.take(async {
                most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                now.fetch_sub(1, Ordering::Relaxed);
            })
        };
        let answers = futures_util::future::join_all((0..50).map(|_| ask())).await;
        assert!(answers.into_iter().all(|answer| answer.is_ok()));
        assert_eq!(most.into_inner(), 3);
    }

    #[tokio::test]
    async fn of_many_at_once_as_many_are_let_in_as_may_be() {
        let way = way("1000/1h");
        let let_in: usize = std::thread::scope(|scope| {
            let count = || (0..1_000).filter(|_| way.has_room()).count();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(let_in, 1_000);
    }
}
