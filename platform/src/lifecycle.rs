//! Starting and stopping: every task is tracked, the first signal drains, the second stops.

use std::{future::Future, time::Duration};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Every task of the process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    draining: CancellationToken,
    stopping: CancellationToken,
}

/// The signals that ask the process to stop. Listened to before anybody is told that it serves: until then a signal
/// ends it at once.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the operating system does not allow it.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
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
    pub async fn wait(&self, mut signals: Signals, grace: Duration) -> Ending {
        tokio::select! {
            () = signals.next() => tracing::info!("asked to stop: draining"),
            () = self.draining.cancelled() => {}
        }
        self.draining.cancel();
        self.tracker.close();
        let ending = tokio::select! {
            () = self.tracker.wait() => Ending::Drained,
            () = tokio::time::sleep(grace) => Ending::CutOff,
            () = signals.next() => Ending::CutOff,
        };
        self.stopping.cancel();
        self.tracker.wait().await;
        ending
    }
}
