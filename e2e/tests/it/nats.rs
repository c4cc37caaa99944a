//! Events over NATS: what people see is the same.

use e2e::{Client, Instance, Setup, eventually};

use crate::monthly;

const SERVICES: usize = 12;

async fn several(app: &Instance) {
    let asha = app.member("asha").await;
    for number in 0..SERVICES {
        asha.create(&monthly(&format!("Service {number:02}"))).await;
    }
}

async fn told(client: &Client) -> Vec<String> {
    let page = client.get("/v1/notifications?limit=100").await.expect(200).value();
    let title = |one: &serde_json::Value| one["title"].as_str().unwrap().to_owned();
    let mut titles: Vec<String> = page["data"].as_array().unwrap().iter().map(title).collect();
    titles.sort();
    titles
}

fn each_once() -> Vec<String> {
    (0..SERVICES).map(|number| format!("Service {number:02} renews in 3 days")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_finds_its_way_over_nats() {
    let Some(setup) = Setup::sqlite().over_nats() else { return };
    let app = setup.start_at("2026-05-05T06:30:00Z").await;
    several(&app).await;
    app.stop().await;
    let app = setup.start_at("2026-06-02T03:31:00Z").await;
    let asha = app.visitor().log_in("asha@example.org").await;
    eventually("every reminder", async || (told(&asha).await == each_once()).then_some(())).await;
    let ready = app.visitor().get("/readyz").await.expect(200).value();
    assert_eq!(ready["nats"], "ok");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_on_nats_one_is_killed_and_everything_is_told_once() {
    let Some(setup) = Setup::postgres().await.and_then(Setup::over_nats) else { return };
    let app = setup.start_at("2026-05-05T06:30:00Z").await;
    several(&app).await;
    app.stop().await;
    let (twin, later) = (setup.twin(), "2026-06-02T03:31:00Z");
    let (one, other) = tokio::join!(setup.start_at(later), twin.start_at(later));
    one.kill9();
    let asha = other.visitor().log_in("asha@example.org").await;
    eventually("every reminder", async || (told(&asha).await.len() >= SERVICES).then_some(())).await;
    assert_eq!(told(&asha).await, each_once());
    other.finish().await;
}
