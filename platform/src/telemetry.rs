//! Telling what happens: logs as JSON lines (or text for a person), metrics for Prometheus.

use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::lifecycle::Tasks;

crate::choice! {
    /// How log lines look.
    pub enum LogFormat {
        /// One JSON object a line.
        Json = "json",
        /// For a person at a terminal.
        Text = "text",
    }
}

crate::settings! {
    "log",
    /// What is logged, and how.
    pub struct LogSettings {
        /// What to log: error, warn, info, debug or trace; by part of the program, too: `info,platform::db=debug`.
        level: String = "info",
        /// How log lines look: json, or text for a person at a terminal.
        format: LogFormat = "json",
    }
}

/// Why telemetry could not begin.
#[derive(Debug, thiserror::Error)]
#[error("telemetry: {0}")]
pub struct TelemetryError(String);

/// Whether `level` is one that can be logged at.
///
/// # Errors
/// What is wrong with it.
pub fn check_level(level: &str) -> Result<(), String> {
    EnvFilter::try_new(level).map(|_| ()).map_err(|error| error.to_string())
}

/// Begins to log to standard error and to count.
///
/// # Errors
/// When the level makes no sense, or telemetry has begun already.
pub fn start(settings: &LogSettings) -> Result<PrometheusHandle, TelemetryError> {
    let filter = EnvFilter::try_new(&settings.level)
        .map_err(|error| TelemetryError(format!("log.level {:?}: {error}", settings.level)))?;
    let registry = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let begun = match settings.format {
        LogFormat::Json => registry.with(lines.json().flatten_event(true).with_span_list(false)).try_init(),
        LogFormat::Text => registry.with(lines.compact()).try_init(),
    };
    begun.map_err(|error| TelemetryError(error.to_string()))?;
    let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &buckets)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| TelemetryError(error.to_string()))
}

/// How often durations are put into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Sees to it that what was counted takes no more memory with every request, also where nobody asks for it.
pub fn keep_up(metrics: PrometheusHandle, tasks: &Tasks) {
    let draining = tasks.draining();
    tasks.spawn("telemetry.upkeep", async move {
        while tokio::time::timeout(UPKEEP, draining.cancelled()).await.is_err() {
            metrics.run_upkeep();
        }
    });
}
