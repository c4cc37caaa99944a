//! For those who run it.

use std::time::Duration;

use e2e::{Answer, Client, Instance, Setup, on_both};
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::monthly;

/// A request of which only the head and the first half of the body have been sent.
async fn half_a_request(app: &Instance, asha: &Client) -> (TcpStream, String) {
    let body = monthly("Netflix").to_string();
    let (first, second) = body.split_at(body.len() / 2);
    let host = app.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST /v1/subscriptions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{first}",
        asha.token(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    (stream, second.to_owned())
}

on_both! {
    async fn it_says_how_it_is(setup: Setup) {
        let app = setup.start().await;
        let visitor = app.visitor();
        let _ = visitor.get("/livez").await.expect(200);
        let ready = visitor.get("/readyz").await.expect(200).value();
        assert_eq!(ready["ready"], true);
        assert!(ready["databases"].as_object().unwrap().values().all(|said| said == "ok"), "{ready}");
        assert!(ready["jobs"].as_object().unwrap().keys().any(|name| name.contains("renew")), "{ready}");
        let metrics = visitor.get("/metrics").await.expect(200).text();
        assert!(metrics.contains("perennial_request_seconds"), "{metrics}");
        app.finish().await;
    }

    async fn a_request_under_way_is_finished_before_it_stops(setup: Setup) {
        let mut app = setup.start().await;
        let asha = app.member("asha").await;
        let (mut stream, rest) = half_a_request(&app, &asha).await;
        // Until the head has been read there is no request to finish.
        tokio::time::sleep(Duration::from_millis(300)).await;
        app.ask_to_stop();
        tokio::time::sleep(Duration::from_millis(300)).await;
        stream.write_all(rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        let status = app.ended().await;
        assert!(status.success(), "{status}");

        let app = setup.start().await;
        let asha = app.visitor().log_in("asha@example.org").await;
        assert_eq!(asha.subscriptions().await.len(), 1);
        app.finish().await;
    }
}

#[tokio::test]
async fn asked_to_stop_the_moment_it_listens_it_stops_in_good_order() {
    let setup = Setup::sqlite();
    for _ in 0..20 {
        setup.start_hastily().await.stop().await;
    }
}

#[tokio::test]
async fn a_request_id_is_taken_when_well_formed_and_made_when_not() {
    let app = Setup::sqlite().start().await;
    let ask = async |id: Option<&str>| {
        let mut request = app.visitor().request(Method::GET, "/v1/nothing");
        if let Some(id) = id {
            request = request.header("X-Request-ID", id);
        }
        let answer = Answer::of(request).await.unwrap();
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(ask(Some("from-outside-1")).await, "from-outside-1");
    let made = [ask(None).await, ask(None).await, ask(Some("no good!")).await, ask(Some("short")).await];
    assert!(made.iter().all(|id| id.len() >= 8 && !id.contains(' ')), "{made:?}");
    assert_ne!(made[0], made[1]);
    assert!(app.log().lines().iter().any(|line| line.contains("from-outside-1")), "it is not in the log");
    app.finish().await;
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let app = Setup::sqlite().start().await;
    let asha = app.member("asha").await;
    for path in ["/", "/v1/subscriptions", "/v1/nothing", "/livez"] {
        let answer = asha.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!answer.header("referrer-policy").is_empty(), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_method_that_is_not_served_is_a_405_that_says_which_are() {
    let app = Setup::sqlite().start().await;
    let answer = app.visitor().delete("/v1/auth/login").await;
    assert!(answer.header("allow").contains("POST"));
    answer.problem(405);
    app.visitor().get("/v1/nothing").await.problem(404);
    app.finish().await;
}

#[tokio::test]
async fn only_sites_that_were_named_may_use_the_api_from_a_browser() {
    let app = Setup::sqlite().with("PERENNIAL_HTTP_CORS_ORIGINS", "https://app.example.org").start().await;
    let asha = app.member("asha").await;
    let ask = async |method: Method, origin: &str, path: &str| {
        let request = asha.request(method, path).header("Origin", origin);
        Answer::of(request.header("Access-Control-Request-Method", "PATCH")).await.unwrap()
    };
    let first = ask(Method::OPTIONS, "https://app.example.org", "/v1/me").await.expect(204);
    assert_eq!(first.header("access-control-allow-origin"), "https://app.example.org");
    assert!(first.header("access-control-allow-methods").contains("PATCH"));
    assert!(first.header("access-control-allow-headers").contains("authorization"));
    assert!(!first.has("access-control-allow-credentials"), "a cookie is never taken along");
    let then = ask(Method::GET, "https://app.example.org", "/v1/me").await.expect(200);
    assert_eq!(then.header("access-control-allow-origin"), "https://app.example.org");
    assert!(then.header("access-control-expose-headers").contains("etag"));
    // Refusals can be read too, and everybody else reads nothing.
    let refused = ask(Method::GET, "https://app.example.org", "/v1/subscriptions/sub_1").await.expect(404);
    assert_eq!(refused.header("access-control-allow-origin"), "https://app.example.org");
    for (method, origin, path) in [
        (Method::OPTIONS, "https://evil.example", "/v1/me"),
        (Method::GET, "https://app.example.org.evil.example", "/v1/me"),
        (Method::GET, "null", "/v1/me"),
        (Method::GET, "https://app.example.org", "/dashboard"),
    ] {
        assert!(!ask(method, origin, path).await.has("access-control-allow-origin"), "{origin} {path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_can_read_it() {
    let app = Setup::sqlite().start().await;
    for coding in ["br", "gzip", "zstd"] {
        let request = app.visitor().request(Method::GET, "/openapi.json").header("Accept-Encoding", coding);
        assert_eq!(Answer::of(request).await.unwrap().header("content-encoding"), coding);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_document_describes_what_is_served() {
    let setup = Setup::sqlite();
    let app = setup.start().await;
    let served = app.visitor().get("/openapi.json").await.expect(200).value();
    let printed = setup.run(&["openapi"]).await;
    assert!(printed.success, "{printed:?}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&printed.output).unwrap(), served);
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));

    let paths = served["paths"].as_object().unwrap();
    for promised in [
        "/v1/auth/register",
        "/v1/auth/login",
        "/v1/auth/refresh",
        "/v1/auth/logout",
        "/v1/me",
        "/v1/subscriptions",
        "/v1/subscriptions/{id}",
        "/v1/subscriptions/{id}/pause",
        "/v1/subscriptions/{id}/resume",
        "/v1/subscriptions/{id}/cancel",
        "/v1/subscriptions/{id}/reactivate",
        "/v1/subscriptions/{id}/payments",
        "/v1/messages",
        "/v1/dashboard",
    ] {
        assert!(paths.contains_key(promised), "{promised} is not described");
    }
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys().filter(|key| key.as_str() != "parameters") {
            let method: Method = method.to_uppercase().parse().unwrap();
            let asked = path.replace("{id}", "sub_01970000000070008000000000000000");
            let answer = Answer::of(app.visitor().request(method.clone(), &asked)).await.unwrap();
            assert!(![404, 405, 500].contains(&answer.status()), "{method} {path}: {}", answer.status());
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_said_so() {
    let setup = Setup::sqlite();
    let app = setup.start().await;
    let taken = app.base().trim_start_matches("http://").to_owned();
    let refused = Setup::sqlite().run_on_data(&["serve", "--listen", &taken]).await;
    assert!(!refused.success && refused.errors.contains(&taken), "{refused:?}");
    app.finish().await;
}

#[tokio::test]
async fn what_is_slow_to_send_its_head_is_let_go() {
    let app = Setup::sqlite().with("PERENNIAL_HTTP_HEADER_TIMEOUT", "500ms").start().await;
    let mut stream = TcpStream::connect(app.base().trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nHo").await.unwrap();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "the connection was kept");
    let asha = app.member("asha").await;
    asha.post("/v1/messages", &json!({"text": "Netflix ₹499 monthly"})).await.expect(201);
    app.finish().await;
}
