//! Periodic work that converges: it takes no input, looks at what is there, and does what is missing.
//!
//! The same code runs on a period and on a nudge, in any number of processes.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::FutureExt;
use tokio::sync::Notify;

use crate::lifecycle::Tasks;

/// Whether there is more to do at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All that was due is done.
    Idle,
    /// There may be more: run again.
    More,
}

/// What a job does.
#[async_trait]
pub trait Work: Send + Sync {
    /// One bounded pass.
    ///
    /// # Errors
    /// Why it could not be done, for the operator. It is tried again on the next period.
    async fn run(&self) -> Result<Progress, String>;

    /// Said once, after the last pass.
    async fn stop(&self) {}

    /// Whether the process is not well while this is late. Not where it waits for somebody outside, or is done ahead of
    /// who would ask for it: then the rest is as well as ever.
    fn is_vital(&self) -> bool {
        true
    }
}

/// Work with a name and a period.
#[derive(Clone)]
pub struct Job {
    /// Unique: `subscriptions.renewals`.
    pub name: String,
    /// How long it rests between passes when nobody nudges it.
    pub period: Duration,
    /// Wakes it early.
    pub nudge: Arc<Notify>,
    /// What it does.
    pub work: Arc<dyn Work>,
}

/// When a job last did all that was due: what `/readyz` looks at.
#[derive(Debug)]
pub struct JobHealth {
    name: String,
    period: Duration,
    is_vital: bool,
    started: Instant,
    /// Milliseconds after `started`.
    last_done: AtomicU64,
}

impl JobHealth {
    fn new(job: &Job) -> Self {
        Self {
            name: job.name.clone(),
            period: job.period,
            is_vital: job.work.is_vital(),
            started: Instant::now(),
            last_done: AtomicU64::new(0),
        }
    }

    /// Which job.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long ago it last did all that was due.
    pub fn age(&self) -> Duration {
        let done = Duration::from_millis(self.last_done.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(done)
    }

    /// Whether it has missed several of its periods.
    pub fn is_late(&self) -> bool {
        self.age() > self.period * 3 + Duration::from_secs(30)
    }

    /// Whether the process is not well for it: it is late, and not one that [may be](Work::is_vital).
    pub fn is_amiss(&self) -> bool {
        self.is_vital && self.is_late()
    }

    fn done(&self) {
        let elapsed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_done.store(elapsed, Ordering::Relaxed);
    }
}

/// Runs a job until draining begins; a pass that has begun is finished.
pub fn start(job: Job, tasks: &Tasks) -> Arc<JobHealth> {
    let health = Arc::new(JobHealth::new(&job));
    let watched = Arc::clone(&health);
    let draining = tasks.draining();
    tasks.spawn(job.name.clone(), async move {
        while !draining.is_cancelled() {
            let progress = pass(&job).await;
            if progress == Ok(Progress::More) {
                continue;
            }
            if progress.is_ok() {
                watched.done();
            }
            tokio::select! {
                () = draining.cancelled() => {}
                () = job.nudge.notified() => {}
                () = tokio::time::sleep(job.period) => {}
            }
        }
        job.work.stop().await;
    });
    health
}

async fn pass(job: &Job) -> Result<Progress, ()> {
    let begun = Instant::now();
    // A panic in one pass must not end the job for good: the next pass may meet other rows.
    let outcome = AssertUnwindSafe(job.work.run()).catch_unwind().await;
    metrics::histogram!("perennial_job_seconds", "job" => job.name.clone()).record(begun.elapsed());
    match outcome {
        Ok(Ok(progress)) => Ok(progress),
        Ok(Err(cause)) => {
            metrics::counter!("perennial_job_failures_total", "job" => job.name.clone()).increment(1);
            tracing::error!(job = job.name, cause, "a job failed");
            Err(())
        }
        Err(_) => {
            metrics::counter!("perennial_job_failures_total", "job" => job.name.clone()).increment(1);
            tracing::error!(job = job.name, "a job panicked");
            Err(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Idles {
        is_vital: bool,
    }

    #[async_trait]
    impl Work for Idles {
        async fn run(&self) -> Result<Progress, String> {
            Ok(Progress::Idle)
        }

        fn is_vital(&self) -> bool {
            self.is_vital
        }
    }

    fn health(is_vital: bool, seconds_ago: u64) -> JobHealth {
        let (period, nudge) = (Duration::from_secs(2), Arc::default());
        let health =
            JobHealth::new(&Job { name: "a job".into(), period, nudge, work: Arc::new(Idles { is_vital }) });
        let started = Instant::now().checked_sub(Duration::from_secs(seconds_ago)).unwrap();
        JobHealth { started, ..health }
    }

    #[test]
    fn a_job_that_waits_for_others_may_be_late() {
        for (is_vital, seconds, late, amiss) in [
            (true, 30, false, false),
            (true, 40, true, true),
            (false, 30, false, false),
            (false, 40, true, false),
        ] {
            let health = health(is_vital, seconds);
            assert_eq!((health.is_late(), health.is_amiss()), (late, amiss), "{is_vital}, {seconds} s");
        }
    }
}
