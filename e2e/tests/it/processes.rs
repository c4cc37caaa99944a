//! Several processes on one database.

use e2e::{Client, Setup, eventually};
use serde_json::json;

use crate::{monthly, with};

const DAYS: [&str; 7] =
    ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"];

async fn forty(asha: &Client) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..40 {
        ids.push(asha.create(&monthly(&format!("Service {number}"))).await.id);
    }
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_sweeping_one_database_record_each_renewal_once() {
    let Some(setup) = Setup::postgres().await else { return };
    let app = setup.start_at("2026-01-31T09:00:00Z").await;
    let ids = forty(&app.member("asha").await).await;
    app.stop().await;

    let (setup_of_twin, later) = (setup.twin(), "2026-08-02T00:00:00Z");
    let (one, other) = tokio::join!(setup.start_at(later), setup_of_twin.start_at(later));
    let asha = one.visitor().log_in("asha@example.org").await;
    eventually("all renewals to be recorded", async || {
        let all = asha.subscriptions().await;
        all.iter().all(|one| one.next_charge_on.as_deref() == Some("2026-08-31")).then_some(())
    })
    .await;
    for id in &ids {
        assert_eq!(asha.due_dates(id).await, DAYS);
    }
    one.finish().await;
    other.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_at_one_is_read_at_the_other() {
    let Some(setup) = Setup::postgres().await else { return };
    let (one, other) = (setup.start().await, setup.twin().start().await);
    let asha = one.member("asha").await;
    let made = asha.create(&with(monthly("Netflix"), "notes", json!("ours"))).await;
    // Logged in at one is logged in at the other: neither has keys of its own.
    let there = asha.asking(other.base());
    assert_eq!(there.subscription(&made.id).await, made);
    let path = format!("/v1/subscriptions/{}", made.id);
    there.patch(&path, &json!({"name": "Netflix HD"})).await.expect(200);
    assert_eq!(asha.subscription(&made.id).await.name, "Netflix HD");
    one.finish().await;
    there.act(&format!("{path}/pause")).await.expect(200);
    other.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_start_on_an_empty_database_share_what_they_make() {
    let Some(setup) = Setup::postgres().await else { return };
    let twin = setup.twin();
    let (one, other) = tokio::join!(setup.start(), twin.start());
    let asha = one.member("asha").await;
    asha.asking(other.base()).get("/v1/me").await.expect(200);
    one.finish().await;
    other.finish().await;
}
