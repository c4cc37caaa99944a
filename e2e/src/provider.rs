//! A provider on this machine that is sent messages over HTTP, answers as it is told to, and remembers.

use std::{
    io,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Under which path.
    pub path: String,
    /// The headers, in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When it had come whole.
    pub came: Instant,
}

impl Sent {
    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What it does with a message.
#[derive(Debug, Clone)]
pub enum Does {
    /// Answers, after a while.
    Answers {
        /// With a status,
        status: u16,
        /// headers, each with the end of its line,
        headers: String,
        /// and a body,
        body: String,
        /// so much later.
        after: Duration,
    },
    /// Takes it and never answers.
    Hangs,
    /// Closes the connection.
    HangsUp,
}

impl Does {
    /// Says yes at once.
    pub fn yes() -> Self {
        Self::status(200)
    }

    /// Answers at once with a status.
    pub fn status(status: u16) -> Self {
        Self::Answers { status, headers: String::new(), body: r#"{"id":1}"#.into(), after: Duration::ZERO }
    }
}

/// A message, and when it was answered with which status; `None` where there was no answer.
#[derive(Debug, Clone)]
pub struct Told {
    /// What was sent.
    pub sent: Sent,
    /// What was said to it. When it is written down, the answer is about to be sent.
    pub said: Option<(u16, Instant)>,
}

type Manners = Arc<dyn Fn(&Sent) -> Does + Send + Sync>;

/// It is there until the test ends. Cheap to clone.
#[derive(Clone)]
pub struct Provider {
    base: String,
    told: Arc<Mutex<Vec<Told>>>,
    manners: Arc<Mutex<Manners>>,
}

impl Provider {
    /// Listens, and does with each message what `manners` says.
    pub async fn open(manners: impl Fn(&Sent) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            base: format!("http://{}", listener.local_addr().unwrap()),
            told: Arc::default(),
            manners: Arc::new(Mutex::new(Arc::new(manners))),
        };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let provider = serving.clone();
                // Whoever hangs up in the middle has ended the talk.
                tokio::spawn(async move { drop(provider.talk(stream).await) });
            }
        });
        provider
    }

    /// From now on it does something else.
    pub fn turn(&self, manners: impl Fn(&Sent) -> Does + Send + Sync + 'static) {
        *self.manners.lock().unwrap() = Arc::new(manners);
    }

    /// `http://127.0.0.1:40001`
    pub fn base(&self) -> &str {
        &self.base
    }

    /// All it was sent, in the order in which it answered.
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    /// How much of it it said yes to.
    pub fn accepted(&self) -> usize {
        let is_yes = |told: &&Told| told.said.is_some_and(|(status, _)| (200..300).contains(&status));
        self.told.lock().unwrap().iter().filter(is_yes).count()
    }

    async fn talk(&self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some(sent) = request(&mut stream).await? {
            let manners = Arc::clone(&self.manners.lock().unwrap());
            let (status, headers, body) = match manners(&sent) {
                Does::Answers { status, headers, body, after } => {
                    tokio::time::sleep(after).await;
                    (status, headers, body)
                }
                Does::HangsUp => {
                    self.note(sent, None);
                    return Ok(());
                }
                Does::Hangs => {
                    self.note(sent, None);
                    // Until the other side has enough of it.
                    stream.read_u8().await?;
                    return Ok(());
                }
            };
            self.note(sent, Some(status));
            let length = body.len();
            let answer = format!("HTTP/1.1 {status} \r\n{headers}content-length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }

    fn note(&self, sent: Sent, said: Option<u16>) {
        let said = said.map(|status| (status, Instant::now()));
        self.told.lock().unwrap().push(Told { sent, said });
    }
}

/// The next request; `None` when the other side is done.
async fn request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Sent>> {
    let Some(first) = line(stream).await? else { return Ok(None) };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    while let Some(header) = line(stream).await?.filter(|line| !line.is_empty()) {
        let (name, value) = header.split_once(':').unwrap_or((&header, ""));
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let mut sent = Sent { path, headers, body: Vec::new(), came: Instant::now() };
    sent.body = vec![0; sent.header("content-length").parse().unwrap_or(0)];
    stream.read_exact(&mut sent.body).await?;
    sent.came = Instant::now();
    Ok(Some(sent))
}

async fn line(stream: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await?;
    Ok((read > 0).then(|| line.trim_end().to_owned()))
}
