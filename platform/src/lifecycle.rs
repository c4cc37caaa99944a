//! Starting and stopping: every task is tracked, the first signal drains, the second stops.

use std::{future::Future, time::Duration};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Every task of the process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    draining: CancellationToken,
    stopping: CancellationToken,
}

/// How the process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything in flight was finished.
    Drained,
    /// Time or patience ran out; what was in flight was cut off.
    CutOff,
}

impl Tasks {
    /// No tasks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a task that ends by itself soon after draining begins, and is cut off when stopping begins.
    pub fn spawn(&self, name: impl Into<String>, task: impl Future<Output = ()> + Send + 'static) {
        let (name, stopping) = (name.into(), self.stopping.clone());
        self.tracker.spawn(async move {
            if stopping.run_until_cancelled(task).await.is_none() {
                tracing::warn!(task = name, "cut off");
            }
        });
    }

    /// Cancelled when no new work is to be begun.
    pub fn draining(&self) -> CancellationToken {
        self.draining.clone()
    }

    /// Begins to drain, as the first signal does.
    pub fn drain(&self) {
        self.draining.cancel();
    }

    /// Waits for a signal (or for [`drain`](Self::drain)), then for what is in flight: for `grace` at most, or
    /// until a second signal.
    ///
    /// # Errors
    /// When signals cannot be listened to.
    pub async fn wait(&self, grace: Duration) -> std::io::Result<Ending> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => tracing::info!("asked to stop: draining"),
            _ = interrupt.recv() => tracing::info!("asked to stop: draining"),
            () = self.draining.cancelled() => {}
        }
        self.draining.cancel();
        self.tracker.close();
        let ending = tokio::select! {
            () = self.tracker.wait() => Ending::Drained,
            () = tokio::time::sleep(grace) => Ending::CutOff,
            _ = terminate.recv() => Ending::CutOff,
            _ = interrupt.recv() => Ending::CutOff,
        };
        self.stopping.cancel();
        self.tracker.wait().await;
        Ok(ending)
    }
}
