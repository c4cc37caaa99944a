//! What the program needs stops answering for a while, or is gone, in the middle of everything.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use e2e::{Answer, Client, Does, Provider, Proxy, Sent, Setup, eventually, eventually_within};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::monthly;

const SERVICES: usize = 40;
/// Longer than the program waits for any answer, and longer than whatever tries again by itself is patient.
const AWAY: Duration = Duration::from_secs(30);
/// What was held when the server stopped may be held for a minute after.
const PATIENCE: Duration = Duration::from_secs(100);
const BORN: &str = "2026-05-05T06:30:00Z";
const DUE: &str = "2026-06-02T03:31:00Z";

fn name(number: usize) -> String {
    format!("Service {number:02}")
}

fn all() -> BTreeSet<String> {
    (0..SERVICES).map(|number| format!("{} renews in 3 days", name(number))).collect()
}

/// Somebody outside who takes his time.
async fn provider() -> Provider {
    let yes = |_: &Sent| Does::Answers {
        status: 200,
        headers: String::new(),
        body: String::new(),
        after: Duration::from_millis(400),
    };
    Provider::open(yes).await
}

/// Asha is about to be reminded of many services, by one channel.
async fn about_to_be_reminded(setup: Setup, provider: &Provider) -> Setup {
    let setup = setup.with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true");
    let app = setup.start_at(BORN).await;
    let asha = app.member("asha").await;
    let channel = json!({"kind": "webhook", "config": {"url": format!("{}/", provider.base())}});
    asha.post("/v1/channels", &channel).await.expect(201);
    for number in 0..SERVICES {
        asha.create(&monthly(&name(number))).await;
    }
    app.stop().await;
    setup
}

async fn titles(asha: &Client) -> Vec<String> {
    let told: Vec<Value> = asha.all("/v1/notifications").await;
    let mut titles: Vec<String> = told.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

/// What came outside, by its title.
fn sent(provider: &Provider) -> Vec<String> {
    let title = |sent: &Sent| sent.json()["data"]["title"].as_str().unwrap().to_owned();
    let mut titles: Vec<String> = provider.told().iter().map(|told| title(&told.sent)).collect();
    titles.sort();
    titles
}

/// Everything has been told once, inside and outside.
async fn is_told_once(asha: &Client, provider: &Provider) {
    eventually_within(PATIENCE, "everything to be told and sent", async || {
        let planned = asha.try_get("/v1/deliveries?state=planned&limit=1").await.unwrap();
        let is_done = planned.status() == 200 && planned.value()["data"].as_array().unwrap().is_empty();
        (is_done && provider.accepted() >= SERVICES).then_some(())
    })
    .await;
    assert_eq!(titles(asha).await, Vec::from_iter(all()));
    assert_eq!(sent(provider), Vec::from_iter(all()), "each once");
}

/// Writes as fast as it is answered.
struct Writer {
    stop: Arc<AtomicBool>,
    writing: JoinHandle<Written>,
}

/// What was answered.
#[derive(Debug, Default)]
struct Written {
    acknowledged: BTreeSet<String>,
    refused: usize,
    slowest: Duration,
}

impl Writer {
    fn of(client: Client) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        #[expect(clippy::disallowed_methods, reason = "it is waited for")]
        let writing = tokio::spawn(async move {
            let mut written = Written::default();
            while !told.load(Ordering::Relaxed) {
                let name = format!("Written {}", written.acknowledged.len() + written.refused);
                let began = Instant::now();
                let answer =
                    client.try_send(Method::POST, "/v1/subscriptions", &monthly(&name)).await.unwrap();
                written.slowest = written.slowest.max(began.elapsed());
                if answer.status() == 201 {
                    written.acknowledged.insert(name);
                } else {
                    is_clean(answer);
                    written.refused += 1;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            written
        });
        Self { stop, writing }
    }

    async fn stop(self) -> Written {
        self.stop.store(true, Ordering::Relaxed);
        self.writing.await.unwrap()
    }
}

/// What was acknowledged is there, and nothing is there twice.
async fn is_kept(asha: &Client, written: &Written) {
    let found: Vec<String> = asha.subscriptions().await.into_iter().map(|one| one.name).collect();
    let names: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(names.len(), found.len(), "something is there twice: {found:?}");
    let lost: Vec<&String> = written.acknowledged.difference(&names).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// Whole, in words, and with when to try again.
fn is_clean(refusal: Answer) {
    assert!(refusal.has("retry-after"), "{}", refusal.text());
    let problem = refusal.problem(503);
    assert!(!problem.detail.is_empty(), "{problem:?}");
}

/// The server is away for a while; who looks meanwhile is told so.
async fn away(proxy: &Proxy, asha: &Client, goes: impl Fn(&Proxy)) {
    let began = Instant::now();
    goes(proxy);
    is_clean(asha.try_get("/v1/deliveries").await.unwrap());
    tokio::time::sleep(AWAY.saturating_sub(began.elapsed())).await;
    proxy.go_on();
}

async fn postgres_is_away(goes: impl Fn(&Proxy)) {
    let Some(setup) = Setup::postgres().await else { return };
    let provider = provider().await;
    let (setup, proxy) = about_to_be_reminded(setup, &provider).await.behind_a_proxy().await;
    let app = setup.start_at(DUE).await;
    let asha = app.visitor().log_in("asha@example.org").await;
    let writer = Writer::of(asha.clone());
    eventually("sending to be under way", async || (provider.accepted() >= 4).then_some(())).await;
    away(&proxy, &asha, goes).await;
    eventually("it to answer again", async || {
        let answer = asha.try_get("/readyz").await.unwrap();
        (answer.status() == 200).then_some(())
    })
    .await;
    let written = writer.stop().await;
    assert!(!written.acknowledged.is_empty(), "{written:?}");
    assert!(written.slowest < Duration::from_secs(20), "{written:?}");
    is_told_once(&asha, &provider).await;
    is_kept(&asha, &written).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stops_answering_loses_and_doubles_nothing() {
    postgres_is_away(Proxy::silence).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_gone_for_a_while_loses_and_doubles_nothing() {
    postgres_is_away(Proxy::cut).await;
}

async fn nats_is_away(goes: impl Fn(&Proxy)) {
    let provider = provider().await;
    let Some((setup, proxy)) = Setup::sqlite().over_nats_behind_a_proxy().await else { return };
    let setup = about_to_be_reminded(setup, &provider).await;
    let app = setup.start_at(DUE).await;
    let asha = app.visitor().log_in("asha@example.org").await;
    let writer = Writer::of(asha.clone());
    goes(&proxy);
    tokio::time::sleep(AWAY).await;
    proxy.go_on();
    let written = writer.stop().await;
    assert_eq!(written.refused, 0, "nobody who asks needs it: {written:?}");
    is_told_once(&asha, &provider).await;
    is_kept(&asha, &written).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nats_does_not_answer_everything_is_accepted_and_told_later() {
    nats_is_away(Proxy::silence).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nats_is_gone_everything_is_accepted_and_told_later() {
    nats_is_away(Proxy::cut).await;
}
