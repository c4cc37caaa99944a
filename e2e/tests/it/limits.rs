//! How often somebody may ask, what they are told, and what becomes of it when what processes share goes away.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use e2e::{Answer, Client, Instance, Setup, eventually};
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A try to log in that comes from an address by way of a proxy.
async fn try_from(app: &Instance, address: &str) -> Answer {
    let wrong = json!({"email": "nobody@example.org", "password": "not the password at all"});
    let request = app.visitor().request(Method::POST, "/v1/auth/login").json(&wrong);
    Answer::of(request.header("X-Forwarded-For", address)).await.unwrap()
}

async fn statuses(app: &Instance, addresses: &[&str]) -> Vec<u16> {
    let mut seen = Vec::new();
    for address in addresses {
        seen.push(try_from(app, address).await.status());
    }
    seen
}

#[tokio::test]
async fn who_tries_too_often_to_log_in_is_told_when_to_come_back() {
    let app = Setup::sqlite().with("PERENNIAL_LIMITS_LOG_IN", "3/1m").start().await;
    app.visitor()
        .post("/v1/auth/register", &json!({"email": "asha@example.org", "password": Client::PASSWORD}))
        .await
        .expect(201);
    let first = try_from(&app, "198.51.100.1").await;
    assert_eq!(first.header("ratelimit-policy"), "\"log-in\";q=3;w=60");
    assert_eq!(first.header("ratelimit"), "\"log-in\";r=2;t=20");
    // What is said of where it comes from is worth nothing: nobody was named who may say it.
    assert_eq!(statuses(&app, &["198.51.100.2", "198.51.100.3", "198.51.100.4"]).await, [401, 401, 429]);
    let right = json!({"email": "asha@example.org", "password": Client::PASSWORD});
    let refused = app.visitor().post("/v1/auth/login", &right).await;
    assert_eq!(refused.header("ratelimit"), "\"log-in\";r=0;t=60");
    assert!((1..=20).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    assert!(refused.problem(429).detail.contains("Try again in"));
    // Whoever is logged in, or only looks, goes on.
    app.visitor().get("/v1/catalog?q=netflix").await.problem(401);
    let mut browser = e2e::Browser::open(app.base());
    browser.visit("/login").await;
    assert_eq!(browser.status(), 200);
    let mut form = browser.form(|form| form.has_kind("password"));
    form.fill_kind("email", "asha@example.org").fill_kind("password", Client::PASSWORD);
    browser.submit(&form).await;
    assert_eq!(browser.status(), 429);
    assert!(browser.text().contains("Try again in"), "{}", browser.text());
    let metrics = app.visitor().get("/metrics").await.expect(200).text();
    assert!(metrics.contains("perennial_limited_total{limit=\"log-in\"} 3"), "{metrics}");
    app.finish().await;
}

#[tokio::test]
async fn behind_a_proxy_that_was_named_each_address_has_its_own_limit() {
    let setup = Setup::sqlite().with("PERENNIAL_HTTP_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8");
    let app = setup.with("PERENNIAL_LIMITS_LOG_IN", "1/1h").start().await;
    let tried = statuses(
        &app,
        &[
            "198.51.100.1",
            "198.51.100.1",
            "198.51.100.2",
            // Written by the client itself, and then by proxies of ours.
            "203.0.113.1, 198.51.100.1, 10.0.0.7",
            "2001:db8:1:2::3",
            "2001:db8:1:2::4",
        ],
    )
    .await;
    assert_eq!(tried, [401, 429, 401, 429, 401, 429]);
    app.finish().await;
}

#[tokio::test]
async fn one_users_limit_is_nobody_elses() {
    let setup =
        Setup::sqlite().with("PERENNIAL_LIMITS_USER", "5/1h").with("PERENNIAL_LIMITS_MESSAGES", "2/1h");
    let app = setup.start().await;
    let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
    let say = async |who: &Client| who.post("/v1/messages", &json!({"text": "Netflix ₹499 monthly"})).await;
    say(&asha).await.expect(201);
    let second = say(&asha).await;
    assert_eq!(second.header("ratelimit"), "\"messages\";r=0;t=3600");
    say(&asha).await.problem(429);
    // What was refused took nothing of the wider limit.
    for left in ["2", "1", "0"] {
        let answer = asha.get("/v1/me").await.expect(200);
        assert!(answer.header("ratelimit").starts_with(&format!("\"user\";r={left};")), "{left}");
    }
    asha.get("/v1/me").await.problem(429);
    // Another log-in is the same user.
    let again = app.visitor().log_in("asha@example.org").await;
    again.get("/v1/me").await.problem(429);
    ravi.get("/v1/me").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn a_module_that_asks_another_too_much_is_no_trouble_of_the_rest() {
    let app = Setup::sqlite().with("PERENNIAL_LIMITS_MODULES", "4/1h").start().await;
    let asha = app.member("asha").await;
    let mut said = Vec::new();
    for name in ["Netflix", "Spotify", "Zee5", "Dropbox", "Notion"] {
        said.push(asha.post("/v1/messages", &json!({"text": format!("{name} ₹499 monthly")})).await);
    }
    let refused = said.pop().unwrap();
    said.remove(0).expect(201);
    assert!(!refused.header("retry-after").is_empty());
    refused.problem(503);
    for path in ["/v1/me", "/v1/subscriptions", "/v1/dashboard", "/v1/notifications"] {
        asha.get(path).await.expect(200);
    }
    let metrics = app.visitor().get("/metrics").await.expect(200).text();
    assert!(metrics.contains("perennial_calls_barred_total{from=\"llm\",to=\"users\""), "{metrics}");
    // That somebody was turned away is a fault to whoever runs it.
    app.stop().await;
}

/// What lies between a process and its Redis, and may be slow or cut.
struct Between {
    address: String,
    trouble: Arc<Trouble>,
    _passing: JoinSet<()>,
}

#[derive(Default)]
struct Trouble {
    stalled: AtomicBool,
    cut: AtomicBool,
}

impl Between {
    async fn open(redis: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, trouble) = (listener.local_addr().unwrap().to_string(), Arc::<Trouble>::default());
        let seen = Arc::clone(&trouble);
        let mut passing = JoinSet::new();
        passing.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                if seen.cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(far) = TcpStream::connect(&redis).await else { continue };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                connections.spawn(pass_on(near_in, far_out, Arc::clone(&seen)));
                connections.spawn(pass_on(far_in, near_out, Arc::clone(&seen)));
            }
        });
        Self { address, trouble, _passing: passing }
    }

    fn stall(&self, stalled: bool) {
        self.trouble.stalled.store(stalled, Ordering::SeqCst);
    }

    fn cut(&self, cut: bool) {
        self.trouble.cut.store(cut, Ordering::SeqCst);
    }
}

async fn pass_on(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    trouble: Arc<Trouble>,
) {
    let mut buffer = vec![0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if trouble.stalled.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        if trouble.cut.load(Ordering::SeqCst) {
            return;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn redis_is(app: &Instance, said: &str) {
    eventually(said, async || {
        let ready = app.visitor().get("/readyz").await.expect(200).value();
        ready["redis"].as_str().filter(|is| is.starts_with(said)).map(|_| ())
    })
    .await;
}

/// An address that no other run of this test has.
fn some_address() -> String {
    let [a, b, c] = [0, 1, 2].map(|part| RandomState::new().hash_one(part) & 0xFFFF);
    format!("fd00:{a:x}:{b:x}:{c:x}::1")
}

#[tokio::test]
async fn processes_limit_as_one_and_alone_while_what_they_share_is_away() {
    let Some(redis) = e2e::server("PERENNIAL_TEST_REDIS") else { return };
    let between = Between::open(redis).await;
    let setup = || {
        Setup::sqlite()
            .with("PERENNIAL_REDIS_URL", &format!("redis://{}/", between.address))
            .with("PERENNIAL_HTTP_TRUSTED_PROXIES", "127.0.0.1")
            .with("PERENNIAL_LIMITS_LOG_IN", "3/1h")
    };
    let (one, two) = (setup().start().await, setup().start().await);
    redis_is(&one, "ok").await;
    redis_is(&two, "ok").await;
    let address = some_address();
    let seen = [
        statuses(&one, &[&address, &address]).await,
        statuses(&two, &[&address, &address]).await,
        statuses(&one, &[&address]).await,
    ];
    assert_eq!(seen.concat(), [401, 401, 401, 429, 429]);

    let asha = one.member("asha").await;
    between.stall(true);
    let mut waited = Vec::new();
    for _ in 0..100 {
        let asked = Instant::now();
        let _ = asha.get("/v1/me").await.expect(200);
        waited.push(asked.elapsed());
    }
    // The first may wait as long as Redis is given, and nobody after it.
    waited.sort();
    assert!(waited[98] < Duration::from_millis(50) && waited[99] < Duration::from_millis(500), "{waited:?}");
    redis_is(&one, "does not answer").await;
    // What was known stays known.
    assert_eq!(statuses(&one, &[&address]).await, [429]);
    between.stall(false);
    redis_is(&one, "ok").await;
    one.finish().await;
    two.finish().await;
}

/// Forgets everything that one database of a Redis holds.
async fn flush(redis: &str, database: u8) {
    let mut stream = TcpStream::connect(redis).await.unwrap();
    stream.write_all(format!("SELECT {database}\r\nFLUSHDB\r\n").as_bytes()).await.unwrap();
    let mut answer = [0; 10];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"+OK\r\n+OK\r\n");
}

#[tokio::test]
async fn no_request_fails_while_what_processes_share_is_emptied_slow_or_cut() {
    /// One that no other test uses.
    const OWN: u8 = 9;
    let Some(redis) = e2e::server("PERENNIAL_TEST_REDIS") else { return };
    let between = Between::open(redis.clone()).await;
    let setup = Setup::sqlite().with("PERENNIAL_REDIS_URL", &format!("redis://{}/{OWN}", between.address));
    let app = setup.start().await;
    redis_is(&app, "ok").await;
    let asha = app.member("asha").await;
    let over = Arc::new(AtomicBool::new(false));
    let mut askers = JoinSet::new();
    for _ in 0..4 {
        let (asha, over) = (asha.clone(), Arc::clone(&over));
        askers.spawn(async move {
            let mut answers = 0;
            while !over.load(Ordering::SeqCst) {
                asha.get("/v1/me").await.expect(200);
                answers += 1;
            }
            answers
        });
    }
    flush(&redis, OWN).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    between.stall(true);
    redis_is(&app, "does not answer").await;
    between.stall(false);
    redis_is(&app, "ok").await;
    between.cut(true);
    redis_is(&app, "does not answer").await;
    between.cut(false);
    redis_is(&app, "ok").await;
    flush(&redis, OWN).await;
    over.store(true, Ordering::SeqCst);
    let answers = askers.join_all().await;
    assert!(answers.iter().all(|each| *each > 10), "{answers:?}");
    app.finish().await;
}
