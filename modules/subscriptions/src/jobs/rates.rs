//! The bank's reference rates are fetched when they are due.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::Timestamp;
use platform::{
    db::{Batch, Holder, Lease},
    jobs::{Progress, Work},
    outbound::{Bounds, Outbound},
    system::random_bytes,
};

use crate::{
    domain::{File, Kept, ReferenceRates, read_sheet},
    service::Tracker,
    settings::RatesSettings,
    store,
};

/// The pause after the first failure; each that follows doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
/// How long the history is let alone when it could not be had: the newest rates must not wait for it.
const HISTORY_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// Over how many seconds the installations of the world spread their asking after the bank has published.
const SPREAD: u64 = 900;

/// Fetches what is missing. The bank being out of reach is no fault of this program's: it is told in the log and in a
/// metric, the rates that are there go on to be used with their age shown, and the job is not late.
pub(super) struct Rates {
    tracker: Arc<Tracker>,
    outbound: Outbound,
    settings: RatesSettings,
    spread: Duration,
    pace: Mutex<Pace>,
    /// Of several processes one asks the bank.
    lease: Lease,
}

/// When to ask again.
#[derive(Default)]
struct Pace {
    failures: u32,
    /// Not before this.
    rest_until: Option<Instant>,
    /// The history not before this.
    history_rest_until: Option<Instant>,
}

impl Rates {
    pub(super) fn new(tracker: Arc<Tracker>, outbound: Outbound, settings: RatesSettings) -> Self {
        let spread = Duration::from_secs(chance(SPREAD));
        let holder = Holder::alone(tracker.ids.uuid());
        let lease = Lease::new(tracker.database.clone(), "rates", holder);
        Self { tracker, outbound, settings, spread, pace: Mutex::default(), lease }
    }

    fn pace<T>(&self, with: impl FnOnce(&mut Pace) -> T) -> T {
        with(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The file to ask for now, if any.
    fn due(&self, kept: Kept, now: Timestamp) -> Option<File> {
        let ahead = |until: Option<Instant>| until.is_some_and(|until| until > Instant::now());
        let (resting, no_history) =
            self.pace(|pace| (ahead(pace.rest_until), ahead(pace.history_rest_until)));
        if resting {
            return None;
        }
        Kept { history: kept.history || no_history, ..kept }.missing(now - self.spread)
    }

    async fn fetch(&self, file: File, now: Timestamp) -> Result<(), String> {
        let address = format!("{}/{}", self.settings.url.trim_end_matches('/'), file.name());
        let bounds = Bounds { timeout: self.settings.timeout.duration(), length: file.limit() };
        let body = self.outbound.get(&address, bounds).await.map_err(|error| error.to_string())?;
        let days = tokio::task::spawn_blocking(move || read(&body))
            .await
            .map_err(|error| error.to_string())?
            .map_err(|cause| format!("{address}: {cause}"))?;
        let mut batch = Batch::unseen();
        store::keep_file(&mut batch, file, &days, now);
        store::wake_all_conversions(&mut batch);
        self.tracker.database.apply(batch).await.map_err(|error| error.to_string())?;
        tracing::info!(file = file.name(), days = days.len(), "reference rates kept");
        Ok(())
    }

    fn succeeded(&self, anything_new: bool) {
        metrics::counter!("perennial_rate_fetches_total", "outcome" => "kept").increment(1);
        let every = self.settings.every.duration();
        self.pace(|pace| {
            pace.failures = 0;
            // Nothing new in it: a holiday, or a copy that is behind.
            pace.rest_until = (!anything_new).then(|| Instant::now() + jittered(every));
        });
        self.tracker.forget_rates();
        self.tracker.conversions.notify_one();
    }

    fn failed(&self, file: File, cause: &str) {
        tracing::warn!(
            file = file.name(),
            cause,
            "reference rates could not be had; those that are kept go on"
        );
        metrics::counter!("perennial_rate_fetches_total", "outcome" => "failed").increment(1);
        let longest = self.settings.every.duration();
        self.pace(|pace| {
            let pause = FIRST_PAUSE.saturating_mul(1_u32 << pace.failures.min(10)).min(longest);
            pace.failures = pace.failures.saturating_add(1);
            pace.rest_until = Some(Instant::now() + jittered(pause));
            if file == File::History {
                pace.history_rest_until = Some(Instant::now() + jittered(HISTORY_PAUSE));
            }
        });
    }
}

fn read(body: &[u8]) -> Result<Vec<ReferenceRates>, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    read_sheet(text).map_err(|error| error.to_string())
}

/// A number below `bound`; nought where the system has no chance to give.
fn chance(bound: u64) -> u64 {
    random_bytes::<8>().map_or(0, u64::from_le_bytes) % bound.max(1)
}

/// A length of time, and up to a tenth more.
fn jittered(length: Duration) -> Duration {
    let tenth = u64::try_from(length.as_millis() / 10).unwrap_or(0);
    length + Duration::from_millis(chance(tenth.max(1)))
}

#[async_trait]
impl Work for Rates {
    async fn run(&self) -> Result<Progress, String> {
        let database = &self.tracker.database;
        let kept = store::kept(database).await.map_err(|error| error.to_string())?;
        let now = self.tracker.clock.now();
        tell_age(kept, now);
        let Some(file) = self.due(kept, now) else { return Ok(Progress::Idle) };
        // Whoever asks for longer than a lease holds may be overtaken: the same file is then read twice, and kept once.
        if !self.lease.acquire().await.map_err(|error| error.to_string())? {
            return Ok(Progress::Idle);
        }
        match self.fetch(file, now).await {
            Ok(()) => {
                let now_kept = store::kept(database).await.map_err(|error| error.to_string())?;
                self.succeeded(now_kept != kept);
                Ok(Progress::More)
            }
            Err(cause) => {
                self.failed(file, &cause);
                Ok(Progress::Idle)
            }
        }
    }
}

/// How old the newest rates are, for those who watch.
fn tell_age(kept: Kept, now: Timestamp) {
    if let Some(newest) = kept.newest {
        let today = kernel::Zone::UTC.date_at(now);
        let days = today.since(newest).map_or(0, |span| span.get_days());
        metrics::gauge!("perennial_rates_age_days").set(f64::from(days));
    }
}
