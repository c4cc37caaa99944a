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

/// Most answers are a page of twenty; for longer ones there is made room.
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

/// Somebody with a log-in, on a connection of their own.
pub(super) struct Person {
    connection: Connection,
    address: String,
    token: String,
    cookie: String,
}

impl Person {
    /// Registers and logs in, for the API and for the pages.
    pub(super) async fn register(address: &str, email: &str) -> Result<Self, Failure> {
        let mut person = Self {
            connection: Connection::open(address).await?,
            address: address.to_owned(),
            token: String::new(),
            cookie: String::new(),
        };
        let password = "a password for measuring";
        let body =
            json!({"email": email, "password": password, "locale": "en-IN", "time_zone": "Asia/Kolkata"});
        person.ask("POST", "/v1/auth/register", &body.to_string()).await?;
        let body = json!({"email": email, "password": password});
        let answer = person.ask("POST", "/v1/auth/login", &body.to_string()).await?;
        let answer: Value =
            serde_json::from_slice(answer).map_err(|error| Failure::new(error.to_string()))?;
        let token = answer["access_token"].as_str();
        token.ok_or_else(|| Failure::new("logging in gave no token"))?.clone_into(&mut person.token);
        let form = format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
        person.cookie = person.connection.log_in(&form_request(address, "/login", &form)).await?;
        Ok(person)
    }

    /// Comes back: a connection on which nothing is asked for some seconds is closed by the server.
    pub(super) async fn come_back(&mut self) -> Result<(), Failure> {
        self.connection = Connection::open(&self.address).await?;
        Ok(())
    }

    /// The body of an answer, which must say that all is well.
    pub(super) async fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<&[u8], Failure> {
        let request = self.request(method, path, body);
        self.connection.ask(&request).await
    }

    /// A request as they send it: with a token to the API, with a cookie elsewhere.
    pub(super) fn request(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let identity = match (path.starts_with("/v1/"), self.token.as_str()) {
            (_, "") => String::new(),
            (true, token) => format!("authorization: Bearer {token}\r\n"),
            (false, _) => format!("cookie: {}\r\n", self.cookie),
        };
        request(&self.address, method, path, &identity, body)
    }
}

impl Person {
    /// A request of somebody who does not say who they are.
    pub(super) fn without_name(&self, method: &str, path: &str) -> Vec<u8> {
        request(&self.address, method, path, "", "")
    }
}

/// Somebody with subscriptions, and their requests, ready to be sent.
pub(super) struct Load {
    address: String,
    list: Arc<[u8]>,
    me: Arc<[u8]>,
    create: Arc<[u8]>,
}

impl Load {
    pub(super) async fn prepare(instance: &Instance, listed: usize) -> Result<Self, Failure> {
        let mut person = Person::register(&instance.address, "bench@example.org").await?;
        let body = json!({
            "name": "Netflix", "service": "netflix", "category": "entertainment",
            "price": {"amount": "499.00", "currency": "INR"}, "cycle": {"every": 1, "unit": "month"},
        });
        let list = person.request("GET", "/v1/subscriptions?limit=20", "");
        let me = person.request("GET", "/v1/me", "");
        let create = person.request("POST", "/v1/subscriptions", &body.to_string());
        for _ in 0..listed {
            person.connection.ask(&create).await?;
        }
        Ok(Self { address: person.address, list: list.into(), me: me.into(), create: create.into() })
    }

    /// Who one is: what it costs to be let in, and one row.
    pub(super) async fn me(&self, connections: usize, duration: Duration) -> Result<Measured, Failure> {
        self.repeat(&self.me, connections, duration).await
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

/// How many charges a program has recorded since it was started.
pub(super) async fn charges(address: &str) -> Result<usize, Failure> {
    let metrics = get(address, "/metrics").await?;
    let line = metrics.lines().find_map(|line| line.strip_prefix("perennial_charges_total "));
    Ok(line.and_then(|number| number.trim().parse().ok()).unwrap_or(0))
}

fn request(address: &str, method: &str, path: &str, identity: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{identity}content-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn form_request(address: &str, path: &str, form: &str) -> Vec<u8> {
    let length = form.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\n\r\n{form}"
    )
    .into_bytes()
}

pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; BUFFER] })
    }

    /// The body of the answer, which must say that all is well.
    async fn ask(&mut self, request: &[u8]) -> Result<&[u8], Failure> {
        let (head, end) = self.exchange(request).await?;
        if !self.buffer.starts_with(b"HTTP/1.1 2") {
            let said = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
            return Err(Failure::new(format!("the server answered {said}")));
        }
        Ok(&self.buffer[head..end])
    }

    /// The status of the answer, whatever it says.
    pub(super) async fn status(&mut self, request: &[u8]) -> Result<u16, Failure> {
        self.exchange(request).await?;
        let status = std::str::from_utf8(&self.buffer[9..12]).ok().and_then(|digits| digits.parse().ok());
        status.ok_or_else(|| Failure::new("the answer has no status"))
    }

    /// Sends the form that logs in, and gives the cookie that the answer sets.
    async fn log_in(&mut self, request: &[u8]) -> Result<String, Failure> {
        let (head, _) = self.exchange(request).await?;
        let text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        let cookie = text.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        cookie.map(str::to_owned).ok_or_else(|| Failure::new(format!("logging in set no cookie: {text}")))
    }

    /// Where the body of the answer begins and ends in the buffer.
    async fn exchange(&mut self, request: &[u8]) -> Result<(usize, usize), Failure> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(Failure::new("the server closed the connection"));
            }
            filled += read;
            if let Some((head, length)) = head(&self.buffer[..filled])
                && filled >= head + length
            {
                return Ok((head, head + length));
            }
        }
    }
}

/// Where the body begins, and how long it is.
pub(super) fn head(answer: &[u8]) -> Option<(usize, usize)> {
    const LENGTH: &[u8] = b"content-length: ";
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let at = answer[..end].windows(LENGTH.len()).position(|some| some == LENGTH)? + LENGTH.len();
    let digits = answer[at..end].iter().take_while(|byte| byte.is_ascii_digit());
    Some((end, digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'))))
}
