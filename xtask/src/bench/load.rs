//! Many clients at once over HTTP/1.1, each on its own connection, each asking again as soon as it is answered.
//!
//! It speaks just enough HTTP to cost little beside the server it shares the machine with.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use super::instance::Instance;
use crate::failure::Failure;

/// Answers are at most a page of twenty.
const BUFFER: usize = 64 * 1024;

/// What came of asking for a while.
pub(super) struct Measured {
    pub(super) answers: u64,
    pub(super) elapsed: Duration,
    /// In microseconds.
    pub(super) latencies: Histogram<u64>,
}

impl Measured {
    pub(super) fn new() -> Result<Self, Failure> {
        // Up to a minute, to three digits.
        let latencies =
            Histogram::new_with_max(60_000_000, 3).map_err(|error| Failure::new(error.to_string()))?;
        Ok(Self { answers: 0, elapsed: Duration::ZERO, latencies })
    }

    pub(super) fn note(&mut self, latency: Duration) {
        self.answers += 1;
        self.latencies.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
    }

    /// Together with what another one measured at the same time.
    pub(super) fn merge(&mut self, other: &Self) {
        self.answers += other.answers;
        self.elapsed = self.elapsed.max(other.elapsed);
        // Both were made alike, so that one fits into the other.
        let _ = self.latencies.add(&other.latencies);
    }
}

/// Somebody with subscriptions, and their requests, ready to be sent.
pub(super) struct Load {
    address: String,
    list: Arc<[u8]>,
    create: Arc<[u8]>,
}

impl Load {
    pub(super) async fn prepare(instance: &Instance, listed: usize) -> Result<Self, Failure> {
        let address = instance.address.clone();
        let (email, password) = ("bench@example.org", "a password for measuring");
        let body =
            json!({"email": email, "password": password, "locale": "en-IN", "time_zone": "Asia/Kolkata"});
        let mut connection = Connection::open(&address).await?;
        connection.ask(&request(&address, "POST", "/v1/auth/register", "", &body.to_string())).await?;
        let body = json!({"email": email, "password": password});
        let answer =
            connection.ask(&request(&address, "POST", "/v1/auth/login", "", &body.to_string())).await?;
        let answer: Value =
            serde_json::from_slice(answer).map_err(|error| Failure::new(error.to_string()))?;
        let token =
            answer["access_token"].as_str().ok_or_else(|| Failure::new("logging in gave no token"))?;
        let body = json!({
            "name": "Netflix", "service": "netflix", "category": "entertainment",
            "price": {"amount": "499.00", "currency": "INR"}, "cycle": {"every": 1, "unit": "month"},
        });
        let list = request(&address, "GET", "/v1/subscriptions?limit=20", token, "");
        let create = request(&address, "POST", "/v1/subscriptions", token, &body.to_string());
        for _ in 0..listed {
            connection.ask(&create).await?;
        }
        Ok(Self { address, list: list.into(), create: create.into() })
    }

    /// Pages of twenty.
    pub(super) async fn list(&self, connections: usize, duration: Duration) -> Result<Measured, Failure> {
        self.repeat(&self.list, connections, duration).await
    }

    /// An answer that needs neither identity nor data: what HTTP itself costs on this machine, our end and the
    /// client's.
    pub(super) async fn nothing(&self, connections: usize, duration: Duration) -> Result<Measured, Failure> {
        self.repeat(&request(&self.address, "GET", "/livez", "", "").into(), connections, duration).await
    }

    /// New subscriptions.
    pub(super) async fn create(&self, connections: usize, duration: Duration) -> Result<Measured, Failure> {
        self.repeat(&self.create, connections, duration).await
    }

    async fn repeat(
        &self,
        request: &Arc<[u8]>,
        connections: usize,
        duration: Duration,
    ) -> Result<Measured, Failure> {
        let mut clients = JoinSet::new();
        for _ in 0..connections {
            clients.spawn(client(self.address.clone(), Arc::clone(request), duration));
        }
        let mut all = Measured::new()?;
        while let Some(client) = clients.join_next().await {
            all.merge(&client.map_err(|error| Failure::new(error.to_string()))??);
        }
        Ok(all)
    }
}

async fn client(address: String, request: Arc<[u8]>, duration: Duration) -> Result<Measured, Failure> {
    let mut connection = Connection::open(&address).await?;
    let mut measured = Measured::new()?;
    let begun = Instant::now();
    while begun.elapsed() < duration {
        let asked = Instant::now();
        connection.ask(&request).await?;
        measured.note(asked.elapsed());
    }
    measured.elapsed = begun.elapsed();
    Ok(measured)
}

/// What is at an address that needs no log-in.
pub(super) async fn get(address: &str, path: &str) -> Result<String, Failure> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.ask(&request(address, "GET", path, "", "")).await?;
    Ok(String::from_utf8_lossy(answer).into_owned())
}

fn request(address: &str, method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    let identity =
        if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{identity}content-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; BUFFER] })
    }

    /// The body of the answer, which must say that all is well.
    async fn ask(&mut self, request: &[u8]) -> Result<&[u8], Failure> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(Failure::new("the server closed the connection"));
            }
            filled += read;
            if let Some((head, length)) = head(&self.buffer[..filled]) {
                if !self.buffer.starts_with(b"HTTP/1.1 2") {
                    let said = String::from_utf8_lossy(&self.buffer[..filled]).into_owned();
                    return Err(Failure::new(format!("the server answered {said}")));
                }
                if filled >= head + length {
                    return Ok(&self.buffer[head..head + length]);
                }
            }
        }
    }
}

/// Where the body begins, and how long it is.
fn head(answer: &[u8]) -> Option<(usize, usize)> {
    const LENGTH: &[u8] = b"content-length: ";
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let at = answer[..end].windows(LENGTH.len()).position(|some| some == LENGTH)? + LENGTH.len();
    let digits = answer[at..end].iter().take_while(|byte| byte.is_ascii_digit());
    Some((end, digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'))))
}
