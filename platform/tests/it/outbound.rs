//! Asking others, on the loopback: in time, in length, and sent on.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use platform::{
    dependencies::Dependencies,
    lifecycle::Tasks,
    outbound::{Bounds, Outbound, OutboundError, Reach},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const BOUNDS: Bounds = Bounds { timeout: Duration::from_secs(20), length: 1000 };

/// A server that gives each path the whole text of an answer, and then hangs up, or keeps silent where there is none.
async fn server(answers: Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answers = Arc::new(answers);
    Tasks::new().spawn("server", async move {
        let mut silent = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let read = client.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            match answers.iter().find(|(known, _)| *known == path) {
                Some((_, answer)) => client.write_all(answer.as_bytes()).await.unwrap(),
                None if request.starts_with("GET ") => silent.push(client),
                None => client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap(),
            }
        }
    });
    base
}

fn answer(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n{body}")
}

fn moved(to: &str) -> String {
    answer(&format!("302 Found\r\nContent-Length: 0\r\nLocation: {to}"), "")
}

async fn asked(base: &str, path: &str) -> Result<String, OutboundError> {
    let body =
        Outbound::new(Reach::Anywhere, &Dependencies::new()).get(&format!("{base}{path}"), BOUNDS).await?;
    Ok(String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_whole_answer_is_given_and_half_of_one_is_none() {
    let chunk = "x".repeat(0x100);
    let endless: String = (0..8).map(|_| format!("100\r\n{chunk}\r\n")).collect();
    let base = server(vec![
        ("/whole", answer("200 OK\r\nContent-Length: 5", "rates")),
        ("/half", answer("200 OK\r\nContent-Length: 500", "rates")),
        ("/half-a-chunk", answer("200 OK\r\nTransfer-Encoding: chunked", "5\r\nra")),
        ("/long", answer("200 OK\r\nContent-Length: 1001", &"x".repeat(1001))),
        ("/endless", answer("200 OK\r\nTransfer-Encoding: chunked", &endless)),
        ("/gone", answer("410 Gone\r\nContent-Length: 5", "rates")),
        ("/no-http", "SSH-2.0\r\n\r\n".into()),
    ])
    .await;
    assert_eq!(asked(&base, "/whole").await.unwrap(), "rates");
    assert!(matches!(asked(&base, "/half").await, Err(OutboundError::BrokeOff { .. })));
    assert!(matches!(asked(&base, "/half-a-chunk").await, Err(OutboundError::BrokeOff { .. })));
    assert!(matches!(asked(&base, "/long").await, Err(OutboundError::TooLong { limit: 1000, .. })));
    assert!(matches!(asked(&base, "/endless").await, Err(OutboundError::TooLong { .. })));
    let gone = asked(&base, "/gone").await;
    assert!(matches!(gone, Err(OutboundError::Status { status: StatusCode::GONE, .. })));
    assert!(matches!(asked(&base, "/no-http").await, Err(OutboundError::Unreachable { .. })));
}

#[tokio::test]
async fn we_are_sent_on_a_few_times_and_not_forever() {
    let elsewhere = server(vec![("/here", answer("200 OK\r\nContent-Length: 5", "rates"))]).await;
    let base = server(vec![
        ("/moved", moved("/moved-again")),
        ("/moved-again", moved(&format!("{elsewhere}/here"))),
        ("/round", moved("/round")),
        ("/file", moved("file:///etc/passwd")),
    ])
    .await;
    assert_eq!(asked(&base, "/moved").await.unwrap(), "rates");
    assert!(matches!(asked(&base, "/round").await, Err(OutboundError::Redirected(_))));
    assert!(matches!(asked(&base, "/file").await, Err(OutboundError::Redirected(_))));
}

#[tokio::test]
async fn who_does_not_answer_is_not_waited_for() {
    let base = server(vec![]).await;
    let bounds = Bounds { timeout: Duration::from_millis(100), length: 1000 };
    let late =
        Outbound::new(Reach::Anywhere, &Dependencies::new()).get(&format!("{base}/silent"), bounds).await;
    assert!(matches!(late, Err(OutboundError::Late(_))));
    // Nobody listens on the port that a listener has just given back.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let refused = Outbound::new(Reach::Anywhere, &Dependencies::new()).get(&nobody, BOUNDS).await;
    assert!(matches!(refused, Err(OutboundError::Unreachable { .. })));
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_trusted() {
    let base = server(vec![("/", answer("200 OK\r\nContent-Length: 5", "rates"))]).await;
    let refused = Outbound::new(Reach::Anywhere, &Dependencies::new())
        .get(&base.replace("http://", "https://"), BOUNDS)
        .await;
    assert!(matches!(refused, Err(OutboundError::Unreachable { .. })));
}
