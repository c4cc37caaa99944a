//! More than can be done: what is refused, in which order, and what goes on.

use std::time::{Duration, Instant};

use e2e::{Answer, Client, Instance, Setup, eventually};
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::monthly;

/// A request that has been let in and goes on for as long as its body does not end.
async fn unfinished(app: &Instance, asha: &Client, path: &str, more: &str) -> TcpStream {
    let host = app.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n{more}\
         Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{",
        asha.token()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn beyond_what_can_be_done_the_least_important_is_refused_first_and_at_once() {
    let app = Setup::sqlite().with("PERENNIAL_LOAD_IN_FLIGHT", "10").start().await;
    let asha = app.member("asha").await;
    let mut inside = Vec::new();
    let mut hold = async |many: usize, path: &str| {
        for _ in 0..many {
            inside.push(unfinished(&app, &asha, path, "").await);
        }
    };
    hold(5, "/v1/subscriptions").await;
    let refused = eventually("files to be refused", async || {
        let answer = asha.get("/v1/exports/json").await;
        (answer.status() == 503).then_some(answer)
    })
    .await;
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    refused.problem(503);
    asha.get("/v1/me").await.expect(200);
    app.visitor().get("/v1/me").await.problem(401);

    hold(1, "/v1/subscriptions").await;
    eventually("strangers to be refused", async || {
        (app.visitor().get("/v1/me").await.status() == 503).then_some(())
    })
    .await;
    asha.get("/v1/me").await.expect(200);

    // One of these may itself be what was one too many, where a request before it was not quite over.
    eventually("people to be refused", async || {
        inside.push(unfinished(&app, &asha, "/v1/subscriptions", "").await);
        (asha.get("/v1/me").await.status() == 503).then_some(())
    })
    .await;
    let asked = Instant::now();
    for _ in 0..20 {
        asha.get("/v1/me").await.problem(503);
    }
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?} for twenty", asked.elapsed());
    // Money goes on, and health.
    asha.post("/v1/payments", &monthly("x")).await.problem(422);
    app.visitor().get("/livez").await.expect(200);
    app.visitor().get("/readyz").await.expect(200);
    let metrics = app.visitor().get("/metrics").await.expect(200).text();
    for class in ["bulk", "anonymous", "interactive"] {
        assert!(metrics.contains(&format!("perennial_shed_total{{class=\"{class}\"}}")), "{metrics}");
    }

    // Who goes away is not worked for any longer.
    drop(inside);
    eventually("all to go on", async || (asha.get("/v1/exports/json").await.status() == 200).then_some(()))
        .await;
    app.finish().await;
}

#[tokio::test]
async fn whoever_says_how_long_they_wait_is_answered_by_then() {
    let app = Setup::sqlite().start().await;
    let asha = app.member("asha").await;
    let asked = Instant::now();
    let mut stream = unfinished(&app, &asha, "/v1/subscriptions", "Perennial-Timeout: 300\r\n").await;
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 503"), "{}", String::from_utf8_lossy(&answer[..read]));
    assert!((300..5_000).contains(&asked.elapsed().as_millis()), "{:?}", asked.elapsed());
    // Nobody waits longer than they may, and what is no number is as if it were not there.
    for said in ["99999999", "soon"] {
        let request = asha.request(Method::GET, "/v1/me").header("Perennial-Timeout", said);
        Answer::of(request).await.unwrap().expect(200);
    }
    app.finish().await;
}
