//! Bad input gets a 4xx that names the field, and leaves nothing behind.

use e2e::{Answer, Client, on_both};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{monthly, with};

/// Bodies that break a rule, and the member that is to be named.
fn refused_bodies() -> Vec<(Value, &'static str)> {
    let cycle = |every: Value, unit: &str| with(monthly("a"), "cycle", json!({"every": every, "unit": unit}));
    let price =
        |amount: Value, code: &str| with(monthly("a"), "price", json!({"amount": amount, "currency": code}));
    vec![
        (with(monthly("a"), "colour", json!("red")), "/colour"),
        (with(monthly("a"), "name", json!(7)), "/name"),
        (with(monthly("a"), "name", json!("")), "/name"),
        (with(monthly("a"), "name", json!("x".repeat(10_000))), "/name"),
        (with(monthly("a"), "price", json!("499.00")), "/price"),
        (json!({"name": "a", "cycle": {"every": 1, "unit": "month"}}), "/price"),
        (
            json!({"price": {"amount": "1.00", "currency": "INR"}, "cycle": {"every": 1, "unit": "month"}}),
            "/name",
        ),
        (cycle(json!(0), "month"), "/cycle/every"),
        (cycle(json!(1000), "month"), "/cycle/every"),
        (cycle(json!(-1), "month"), "/cycle/every"),
        (cycle(json!(1.5), "month"), "/cycle/every"),
        (cycle(json!("1"), "month"), "/cycle/every"),
        (cycle(json!(1), "fortnight"), "/cycle/unit"),
        (price(json!("4.999"), "INR"), "/price/amount"),
        (price(json!("4.9"), "JPY"), "/price/amount"),
        (price(json!("-1.00"), "INR"), "/price/amount"),
        (price(json!(499), "INR"), "/price/amount"),
        (price(json!("90000000000000.00"), "INR"), "/price/amount"),
        (price(json!("1e3"), "INR"), "/price/amount"),
        (price(json!("5.00"), "XXQ"), "/price/currency"),
        (with(monthly("a"), "price", json!(["499.00", "INR"])), "/price"),
        (with(monthly("a"), "cycle", json!([1, "month"])), "/cycle"),
        (with(monthly("a"), "first_charge_on", json!("2026-02-30")), "/first_charge_on"),
        (with(monthly("a"), "first_charge_on", json!("tomorrow")), "/first_charge_on"),
        (with(monthly("a"), "status", json!("ended")), "/status"),
    ]
}

/// What is wrong, the content type it is sent with, the bytes, and the statuses it may get.
type RefusedBytes = (&'static str, Option<&'static str>, Vec<u8>, &'static [u16]);

/// Bytes that are no JSON document of ours at all.
fn refused_bytes() -> Vec<RefusedBytes> {
    let json = Some("application/json");
    let good = monthly("a").to_string().into_bytes();
    let nested = |open: &str, close: &str| {
        format!(r#"{{"name":{}{}}}"#, open.repeat(10_000), close.repeat(10_000)).into_bytes()
    };
    vec![
        (
            "two mebibytes",
            json,
            with(monthly("a"), "notes", json!("x".repeat(2 << 20))).to_string().into(),
            &[413],
        ),
        ("two mebibytes of nothing", json, vec![b' '; 2 << 20], &[413]),
        ("not UTF-8", json, b"{\"name\":\"\xff\xfe\"}".to_vec(), &[400]),
        ("arrays nested 10,000 deep", json, nested("[", "]"), &[400, 422]),
        ("objects nested 10,000 deep", json, nested("{\"a\":", "1}"), &[400, 422]),
        ("no content type", None, good.clone(), &[415]),
        ("another content type", Some("text/plain"), good.clone(), &[415]),
        ("not JSON", json, b"name=Netflix".to_vec(), &[400]),
        ("nothing", json, Vec::new(), &[400]),
        ("cut off", json, good[..good.len() - 1].to_vec(), &[400]),
        ("trailing garbage", json, [&good[..], b" x"].concat(), &[400]),
        ("two documents", json, [&good[..], &good[..]].concat(), &[400]),
        ("an array", json, b"[1]".to_vec(), &[422]),
        ("a text", json, b"\"Netflix\"".to_vec(), &[422]),
    ]
}

async fn send(client: &Client, path: &str, kind: Option<&str>, body: Vec<u8>) -> Answer {
    let mut request = client.request(Method::POST, path).body(body);
    if let Some(kind) = kind {
        request = request.header("Content-Type", kind);
    }
    Answer::of(request).await.unwrap()
}

/// Sends megabytes, announced or in chunks, all of them before it looks for the answer, as many clients do.
async fn megabytes(app: &e2e::Instance, asha: &Client, many: usize, chunked: bool) -> String {
    let host = app.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let (one, length) = (vec![b' '; 1 << 20], many << 20);
    let how =
        if chunked { "Transfer-Encoding: chunked".to_owned() } else { format!("Content-Length: {length}") };
    let head = format!(
        "POST /v1/subscriptions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
         Content-Type: application/json\r\n{how}\r\n\r\n",
        asha.token()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..many {
        if chunked {
            stream.write_all(b"100000\r\n").await.unwrap();
        }
        stream.write_all(&one).await.unwrap();
        if chunked {
            stream.write_all(b"\r\n").await.unwrap();
        }
    }
    if chunked {
        stream.write_all(b"0\r\n\r\n").await.unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_body_that_is_far_too_long_is_refused_in_a_way_that_reaches_whoever_sends_it() {
    let app = e2e::Setup::sqlite().start().await;
    let asha = app.member("asha").await;
    for (many, chunked) in [(17, false), (200, false), (2, true), (17, true), (200, true)] {
        let answer = megabytes(&app, &asha, many, chunked).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{many} MB, chunked {chunked}: {answer}");
        assert!(
            answer.contains("application/problem+json") && answer.contains("/problems/too-large"),
            "{answer}"
        );
    }
    app.finish().await;
}

on_both! {
    async fn a_wrong_member_is_named_and_nothing_is_written(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        for (body, pointer) in refused_bodies() {
            let problem = asha.post("/v1/subscriptions", &body).await.problem(422);
            assert_eq!(problem.pointers(), [pointer], "{body}");
        }
        assert!(asha.subscriptions().await.is_empty());
        app.finish().await;
    }

    async fn what_is_no_document_is_refused_whole(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        for path in ["/v1/subscriptions", "/v1/messages", "/v1/auth/register"] {
            for (what, kind, body, statuses) in refused_bytes() {
                let answer = send(&asha, path, kind, body).await;
                assert!(statuses.contains(&answer.status()), "{what} to {path}: {}", answer.status());
                let status = answer.status();
                answer.problem(status);
            }
        }
        assert!(asha.subscriptions().await.is_empty());
        app.finish().await;
    }

    async fn a_change_that_breaks_a_rule_changes_nothing(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let before = asha.create(&monthly("Netflix")).await;
        let path = format!("/v1/subscriptions/{}", before.id);
        for (patch, pointer) in [
            (json!({"name": null}), "/name"),
            (json!({"name": "New", "price": {"amount": "4.999", "currency": "INR"}}), "/price/amount"),
            (json!({"name": "New", "id": "sub_1"}), "/id"),
            (json!({"name": "New", "cycle": {"every": 0, "unit": "month"}}), "/cycle/every"),
        ] {
            assert_eq!(asha.patch(&path, &patch).await.problem(422).pointers(), [pointer], "{patch}");
        }
        assert_eq!(asha.subscription(&before.id).await, before);
        app.finish().await;
    }

    async fn a_message_is_checked_like_anything_else(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        for (body, pointer) in [
            (json!({}), "/text"),
            (json!({"text": 1}), "/text"),
            (json!({"text": "x ".repeat(50_000)}), "/text"),
            (json!({"text": "Netflix ₹499 monthly", "mode": "guess"}), "/mode"),
            (json!({"text": "Netflix ₹499 monthly", "sent_at": "yesterday"}), "/sent_at"),
            (json!({"text": "Netflix ₹499 monthly", "colour": "red"}), "/colour"),
        ] {
            assert_eq!(asha.post("/v1/messages", &body).await.problem(422).pointers(), [pointer]);
        }
        assert!(asha.subscriptions().await.is_empty());
        app.finish().await;
    }

    async fn odd_paths_and_queries_are_the_callers_mistake(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        for (path, status) in [
            ("/v1/subscriptions/sub_1", 404),
            ("/v1/subscriptions/%FF", 400),
            ("/v1/subscriptions/usr_01970000000070008000000000000000", 404),
            ("/v1/subscriptions?limit=many", 422),
            ("/v1/subscriptions?limit=-1", 422),
            ("/v1/nothing", 404),
        ] {
            asha.get(path).await.problem(status);
        }
        app.finish().await;
    }
}
