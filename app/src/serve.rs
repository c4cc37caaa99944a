//! Serving: telemetry, databases, modules, jobs, the door; and the way back.

use std::{fs::File, net::SocketAddr, path::Path, sync::Arc};

use kernel::Clock;
use platform::{
    http::{self, Health},
    jobs,
    lifecycle::{Ending, Signals, Tasks},
    redis::Redis,
    telemetry,
};

use crate::{cli::Failure, settings::Settings, wiring};

/// Serves until it is asked to stop. `ready` is told the address once requests are answered.
pub(crate) async fn serve(
    settings: Settings,
    clock: Arc<dyn Clock>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let metrics = telemetry::start(&settings.log)?;
    let _alone =
        if settings.database.url.expose().is_empty() { Some(alone(settings.folder())?) } else { None };
    let (signals, tasks) = (Signals::listen()?, Tasks::new());
    telemetry::keep_up(metrics.clone(), &tasks);
    let redis = Redis::start(&settings.redis, &tasks).await.map_err(|error| format!("redis.url: {error}"))?;
    let wired = wiring::wire(&settings, Arc::clone(&clock), redis.as_ref()).await?;
    let jobs = wired.jobs.into_iter().map(|job| jobs::start(job, &tasks)).collect();
    let health = Arc::new(Health {
        databases: wired.databases.named(),
        jobs,
        clock,
        redis,
        nats: wired.nats,
        dependencies: wired.dependencies,
        metrics,
    });
    let router = wiring::router(
        &settings,
        wired.modules,
        &wired.auth,
        &wired.users,
        (wired.repeatable, tasks.clone()),
        health,
    );
    let address = http::serve(&settings.http, router, &tasks).await?;
    let mail_in = llm::open_mail_in(&wired.reader, &tasks).await;
    if let Some(address) = mail_in.map_err(|error| format!("mail_in.listen: {error}"))? {
        tracing::info!(%address, "mail comes in");
    }
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    ready(address);
    let ending = tasks.wait(signals, settings.http.drain.duration()).await;
    for (name, database) in wired.databases.named() {
        if let Err(error) = database.close().await {
            tracing::warn!(database = name, %error, "not closed; nothing is lost");
        }
    }
    match ending {
        Ending::Drained => tracing::info!("stopped: everything in flight was finished"),
        Ending::CutOff => tracing::warn!("stopped: what was still in flight was cut off"),
    }
    Ok(())
}

/// Sees to it that no other process serves the same folder: two would both tell every event and run every job.
fn alone(folder: &Path) -> Result<File, Failure> {
    platform::db::private_folder(folder)?;
    let path = folder.join("lock");
    let lock = File::options().create(true).truncate(false).write(true).open(&path)?;
    lock.try_lock().map_err(|_| {
        format!(
            "another process serves {}: stop it first, or give this one another --data folder",
            folder.display()
        )
    })?;
    Ok(lock)
}
