//! A short chaos run; `cargo xtask chaos` is the long one.

use std::time::Duration;

use e2e::chaos::{self, On, Plan};

async fn everything_is_told_once(on: On) {
    let plan = Plan { on, due: 300, people: 10, kills: 8, life: Duration::from_secs(3), seed: 7 };
    let Some(report) = chaos::run(plan).await else { return };
    assert!(report.broken().is_empty(), "{report}");
    assert_eq!(report.notifications(), 300, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_everything_is_told_once_sqlite() {
    everything_is_told_once(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_everything_is_told_once_postgres() {
    everything_is_told_once(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_everything_is_told_once_by_two_processes_on_nats() {
    everything_is_told_once(On::Two).await;
}
