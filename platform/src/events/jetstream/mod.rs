//! The bus of several processes: events lie in a stream of NATS JetStream, and every consumer has a durable place in
//! it. It works with servers from 2.9 on.
//!
//! What is promised is what the in-process bus promises. **Once published, an event is safe**: the server has
//! acknowledged it. **Order of a subject**: its relay waits for each acknowledgement before it tells the next; one
//! process at a time pulls for a consumer, by a lease; and what was given out and came to nobody is waited for, as it
//! would else come behind what is newer. **At least once**: a message is acknowledged when the inbox has it safe, and
//! the inbox drops what it has seen. Tries, pauses and dead letters are the inbox's, and so the same on either bus.

mod publish;
mod pull;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_nats::{
    Client, ConnectOptions, ServerAddr,
    connection::State,
    jetstream::{self, Context, stream},
};
use tokio::sync::OnceCell;

pub use publish::JetStreamBus;
pub use pull::Puller;

use super::BusError;
use crate::settings::{Secret, Span};

crate::settings! {
    "nats",
    /// Where several processes tell one another events.
    pub struct NatsSettings {
        /// A NATS server with JetStream, nats://user:password@host:4222 or tls://…, several with commas between them. Empty: each process hands events to its own modules.
        url: Secret = "",
        /// A PEM file of the authorities that the server's certificate is checked against. Empty: the system's.
        authorities: String = "",
        /// The stream that holds the events; installations that share a server need one each.
        stream: String = "PERENNIAL",
        /// On how many servers of a cluster each event lies.
        replicas: u32 = "1",
        /// Megabytes of events that are kept at most; what is beyond waits where it was written. 0: no limit but their age, `events.keep`.
        megabytes: u32 = "0",
        /// How long the server knows what it was told, so that it keeps what is told again once.
        duplicates: Span = "2m",
        /// How long the server may take to answer.
        timeout: Span = "5s",
    }
}

impl NatsSettings {
    /// Whether events go by NATS.
    pub fn is_chosen(&self) -> bool {
        !self.url.expose().is_empty()
    }

    /// What is wrong with them: the setting's name, and what it must be.
    pub fn mistake(&self) -> Option<(&'static str, &'static str)> {
        let named = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !self.is_chosen() {
            None
        } else if servers(&self.url).is_err() {
            Some((
                "nats.url",
                "must be one or more addresses such as nats://host:4222, with commas between them",
            ))
        } else if self.stream.is_empty() || !self.stream.chars().all(named) {
            Some(("nats.stream", "must be letters, digits, _ and -"))
        } else if !(1..=5).contains(&self.replicas) {
            Some(("nats.replicas", "must be 1 to 5"))
        } else {
            None
        }
    }
}

fn servers(url: &Secret) -> Result<Vec<ServerAddr>, BusError> {
    // What was met is left out: it could show the password.
    let parsed = url.expose().split(',').map(|one| one.trim().parse()).collect::<Result<_, _>>();
    parsed.map_err(|_| BusError("nats.url is no address".into()))
}

/// A connection to NATS that may come and go.
#[derive(Debug)]
pub struct Nats {
    settings: NatsSettings,
    keep: Duration,
    client: OnceCell<Client>,
    state: Arc<Connection>,
}

/// What is known of the connection.
#[derive(Debug, Default)]
struct Connection {
    /// Grows whenever what was known of the server may no longer hold.
    generation: AtomicU64,
    /// The trouble that was told of last, so that it is told once.
    trouble: Mutex<Option<String>>,
}

impl Connection {
    fn changed(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Tells of trouble once, and once that it is over.
    fn told(&self, trouble: Option<String>) {
        let mut last = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if *last == trouble {
            return;
        }
        match &trouble {
            Some(cause) => tracing::warn!(cause, "NATS: what is told waits until it answers"),
            None => tracing::info!("NATS: events go their way again"),
        }
        *last = trouble;
    }
}

impl Nats {
    /// The one of the settings, not yet connected to: that is done when it is first needed. Events are kept for `keep`.
    pub fn new(settings: NatsSettings, keep: Duration) -> Self {
        Self { settings, keep, client: OnceCell::new(), state: Arc::default() }
    }

    /// Whether it was there and is not now. Nothing need be tried then.
    pub fn is_away(&self) -> bool {
        self.client.get().is_some_and(|client| client.connection_state() != State::Connected)
    }

    /// How long it may take to answer.
    fn timeout(&self) -> Duration {
        self.settings.timeout.duration()
    }

    fn generation(&self) -> u64 {
        self.state.generation.load(Ordering::SeqCst)
    }

    /// The way to it.
    async fn context(&self) -> Result<Context, BusError> {
        let client = self.client.get_or_try_init(|| self.connect()).await?;
        if client.connection_state() != State::Connected {
            return Err(BusError("NATS does not answer".into()));
        }
        let timeout = self.timeout();
        Ok(jetstream::context::ContextBuilder::new()
            .timeout(timeout)
            .ack_timeout(timeout)
            .build(client.clone()))
    }

    async fn connect(&self) -> Result<Client, BusError> {
        let state = Arc::clone(&self.state);
        let mut options = ConnectOptions::new()
            .name("perennial")
            .retry_on_initial_connect()
            .connection_timeout(self.timeout())
            .request_timeout(Some(self.timeout()))
            .reconnect_delay_callback(|attempt| Duration::from_millis(100 << attempt.min(4)))
            .event_callback(move |event| {
                let state = Arc::clone(&state);
                async move { state.heard(&event) }
            });
        if !self.settings.authorities.is_empty() {
            options = options.add_root_certificates(PathBuf::from(&self.settings.authorities));
        }
        let connected = options.connect(servers(&self.settings.url)?).await;
        let client = connected.map_err(|error| BusError(format!("NATS: {error}")))?;
        // The first who asks should find it, where it is there.
        let _ = tokio::time::timeout(self.timeout(), client.flush()).await;
        Ok(client)
    }

    /// The stream as the settings want it.
    fn stream(&self) -> stream::Config {
        let megabytes = i64::from(self.settings.megabytes);
        stream::Config {
            name: self.settings.stream.clone(),
            subjects: vec![format!("{}.>", self.settings.stream)],
            description: Some("Events of Perennial".into()),
            max_age: self.keep,
            max_bytes: if megabytes == 0 { -1 } else { megabytes * 1_000_000 },
            max_messages: -1,
            max_messages_per_subject: -1,
            max_consumers: -1,
            // What is new waits in its outbox; what is old may not have been heard.
            discard: stream::DiscardPolicy::New,
            storage: stream::StorageType::File,
            num_replicas: usize::try_from(self.settings.replicas).unwrap_or(1),
            duplicate_window: self.settings.duplicates.duration().min(self.keep),
            ..stream::Config::default()
        }
    }
}

impl Connection {
    fn heard(&self, event: &async_nats::Event) {
        match event {
            async_nats::Event::Connected => {
                metrics::gauge!("perennial_nats_up").set(1.0);
                self.changed();
            }
            async_nats::Event::Disconnected | async_nats::Event::Closed => {
                metrics::gauge!("perennial_nats_up").set(0.0);
                self.changed();
                self.told(Some("the connection was lost".into()));
            }
            async_nats::Event::LameDuckMode
            | async_nats::Event::Draining
            | async_nats::Event::SlowConsumer(_)
            | async_nats::Event::ServerError(_)
            | async_nats::Event::ClientError(_) => tracing::debug!(%event, "NATS"),
        }
    }
}
