//! What NATS adds to the promises of events: servers that go, processes that die, places that are lost.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use async_nats::jetstream::{
    self, AckKind,
    consumer::{PullConsumer, pull},
};
use futures_util::StreamExt;
use platform::{
    both_databases,
    db::{Batch, Database, Holder, Lease},
    events::{Bus, Consumer, Handler, Inbox, JetStreamBus, Nats, NatsSettings, Relay},
    jobs::{Progress, Work},
    settings::Source,
    testing::{SetClock, ids, nats_address, nats_program},
};

use crate::events::{Listener, MIGRATIONS, heard, said};

/// A stream of one's own at a server; gone when this is dropped.
pub(crate) struct Server {
    address: String,
    stream: String,
}

impl Server {
    /// At the server for all tests; `None` where there is none.
    pub(crate) async fn shared() -> Option<Self> {
        Some(Self::at(nats_address()?))
    }

    fn at(address: String) -> Self {
        Self { address, stream: format!("TEST_{}", ids().uuid().simple()) }
    }

    fn settings(&self, megabytes: &str) -> NatsSettings {
        let mut source = Source::new();
        source.add_value("nats.megabytes", megabytes, "test");
        source.add_value("nats.url", &format!("nats://{}", self.address), "test");
        source.add_value("nats.stream", &self.stream, "test");
        source.add_value("nats.timeout", "2s", "test");
        source.section()
    }

    pub(crate) fn nats(&self) -> Arc<Nats> {
        self.nats_with("0")
    }

    fn nats_with(&self, megabytes: &str) -> Arc<Nats> {
        Arc::new(Nats::new(self.settings(megabytes), Duration::from_secs(3600)))
    }

    /// The stream, made as the bus would make it.
    pub(crate) async fn stream(&self) -> jetstream::stream::Stream {
        let context = jetstream::new(async_nats::connect(&self.address).await.unwrap());
        let config = jetstream::stream::Config {
            name: self.stream.clone(),
            subjects: vec![format!("{}.>", self.stream)],
            discard: jetstream::stream::DiscardPolicy::New,
            ..jetstream::stream::Config::default()
        };
        context.get_or_create_stream(config).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Others use the server too; one that is gone has no stream any more.
        let forget = || -> std::io::Result<()> {
            let mut connection = TcpStream::connect(&self.address)?;
            connection.set_read_timeout(Some(Duration::from_secs(2)))?;
            let subject = format!("$JS.API.STREAM.DELETE.{}", self.stream);
            write!(connection, "CONNECT {{\"verbose\":false}}\r\nPUB {subject} nobody 0\r\n\r\nPING\r\n")?;
            BufReader::new(connection).lines().map_while(Result::ok).find(|line| line == "PONG");
            Ok(())
        };
        let _ = forget();
    }
}

/// A server that the test itself starts and stops.
struct OwnServer {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl OwnServer {
    fn start(program: &Path) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        Self { child: spawn(program, port, folder.path()), port, folder }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// It hears and says nothing until `SIGCONT`.
    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
    }

    fn start_again(&mut self, program: &Path) {
        self.child = spawn(program, self.port, self.folder.path());
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(program: &Path, port: u16, folder: &Path) -> Child {
    let mut command = Command::new(program);
    command.args(["--addr", "127.0.0.1", "--port", &port.to_string(), "--jetstream", "--store_dir"]);
    command.arg(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn inbox(name: &'static str, database: &Database) -> Arc<Inbox> {
    let consumer = Consumer { name, handler: Arc::new(Listener::default()) as Arc<dyn Handler> };
    Arc::new(Inbox::new(consumer, database.clone(), SetClock::at("2026-05-05T06:30:00Z"), ids()))
}

async fn say(database: &Database, subject: &str, numbers: impl IntoIterator<Item = i64>) {
    let mut batch = Batch::new();
    let time = "2026-05-05T06:30:00Z".parse().unwrap();
    numbers.into_iter().for_each(|number| batch.tell(&said(subject, number, time)));
    database.apply(batch).await.unwrap();
}

fn relay(database: &Database, bus: &Arc<JetStreamBus>) -> Relay {
    let lease = Lease::new(database.clone(), "relay", Holder::alone(ids().uuid()));
    Relay::new(database.clone(), Arc::clone(bus) as _, SetClock::at("2026-05-05T06:30:00Z"), lease)
}

/// Until so many were heard of the subject; some more passes would show one that came twice.
async fn pull_until(puller: &impl Work, database: &Database, subject: &str, count: usize) -> Vec<i64> {
    for _ in 0..200 {
        let _ = puller.run().await;
        if heard(database, subject).await.len() >= count {
            break;
        }
    }
    let _ = puller.run().await;
    heard(database, subject).await
}

both_databases! { MIGRATIONS,
    async fn a_server_that_is_killed_and_comes_back_loses_and_doubles_nothing(database: Database) {
        let Some(program) = nats_program() else { return };
        let mut own = OwnServer::start(&program);
        let server = Server::at(format!("127.0.0.1:{}", own.port));
        let bus = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let (relay, puller) = (relay(&database, &bus), bus.pullers(&Holder::alone(ids().uuid())).remove(0));
        let saying = async {
            for number in 0..400 {
                say(&database, "a", [number]).await;
                say(&database, "b", [1000 + number]).await;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let stopping = async {
            for _ in 0..2 {
                tokio::time::sleep(Duration::from_millis(1200)).await;
                own.kill();
                tokio::time::sleep(Duration::from_millis(700)).await;
                own.start_again(&program);
            }
        };
        let carried = async {
            for _ in 0..6000 {
                let _ = relay.run().await;
                if heard(&database, "b").await.len() >= 400 && heard(&database, "a").await.len() >= 400 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let pulling = async {
            loop {
                let _ = puller.run().await;
            }
        };
        tokio::select! {
            _ = async { tokio::join!(saying, stopping, carried) } => {}
            () = pulling => {}
        }
        assert_eq!(heard(&database, "a").await, (0..400).collect::<Vec<_>>());
        assert_eq!(heard(&database, "b").await, (1000..1400).collect::<Vec<_>>());
    }

    async fn what_a_killed_process_was_given_is_not_overtaken(database: Database) {
        let Some(server) = Server::shared().await else { return };
        let bus = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let relay = relay(&database, &bus);
        say(&database, "a", 0..20).await;
        relay.run().await.unwrap();
        // As the process would have been given them that is dead now. One it had done with.
        let stream = server.stream().await;
        let consumer: PullConsumer = stream.get_consumer::<pull::Config>("test-listener").await.unwrap();
        let given: Vec<_> = consumer.fetch().max_messages(10).messages().await.unwrap().collect().await;
        assert_eq!(given.len(), 10);
        given[4].as_ref().unwrap().ack_with(AckKind::Ack).await.unwrap();
        let first = serde_json::from_slice(&given[4].as_ref().unwrap().payload).unwrap();
        inbox("test.listener", &database).receive(&first).await.unwrap();
        let puller = bus.pullers(&Holder::alone(ids().uuid())).remove(0);
        let expected: Vec<i64> = [4].into_iter().chain(0..4).chain(5..20).collect();
        assert_eq!(pull_until(&puller, &database, "a", 20).await, expected);
    }

    async fn who_comes_later_hears_what_is_told_from_then_on(database: Database) {
        let Some(server) = Server::shared().await else { return };
        let first = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let relay = relay(&database, &first);
        say(&database, "a", [1, 2]).await;
        relay.run().await.unwrap();
        let late = JetStreamBus::new(server.nats(), &[inbox("test.late", &database)]);
        let puller = late.pullers(&Holder::alone(ids().uuid())).remove(0);
        assert_eq!(puller.run().await, Ok(Progress::Idle));
        say(&database, "a", [3]).await;
        relay.run().await.unwrap();
        assert_eq!(pull_until(&puller, &database, "a", 1).await, [3]);
    }

    async fn who_has_lost_its_place_hears_everything_and_acts_once(database: Database) {
        let Some(server) = Server::shared().await else { return };
        let bus = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let (relay, puller) = (relay(&database, &bus), bus.pullers(&Holder::alone(ids().uuid())).remove(0));
        say(&database, "a", 0..3).await;
        relay.run().await.unwrap();
        assert_eq!(pull_until(&puller, &database, "a", 3).await, [0, 1, 2]);
        server.stream().await.delete_consumer("test-listener").await.unwrap();
        say(&database, "a", 3..6).await;
        relay.run().await.unwrap();
        // A process that starts meanwhile finds that its place is gone.
        let again = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let puller = again.pullers(&Holder::alone(ids().uuid())).remove(0);
        assert_eq!(pull_until(&puller, &database, "a", 6).await, [0, 1, 2, 3, 4, 5]);
    }

    async fn a_stream_that_was_lost_is_made_anew(database: Database) {
        let Some(server) = Server::shared().await else { return };
        let bus = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let (relay, puller) = (relay(&database, &bus), bus.pullers(&Holder::alone(ids().uuid())).remove(0));
        say(&database, "a", [0]).await;
        relay.run().await.unwrap();
        assert_eq!(pull_until(&puller, &database, "a", 1).await, [0]);
        let context = jetstream::new(async_nats::connect(&server.address).await.unwrap());
        context.delete_stream(&server.stream).await.unwrap();
        say(&database, "a", [1]).await;
        // The first finds out.
        relay.run().await.unwrap();
        relay.run().await.unwrap();
        assert_eq!(pull_until(&puller, &database, "a", 2).await, [0, 1]);
    }

    async fn a_full_stream_refuses_what_is_new_and_it_waits_where_it_was_written(database: Database) {
        let Some(server) = Server::shared().await else { return };
        let full = JetStreamBus::new(server.nats_with("1"), &[inbox("test.listener", &database)]);
        say(&database, "a", 0..900).await;
        for other in 0..30 {
            say(&database, &format!("other {other}"), 0..100).await;
        }
        let first = relay(&database, &full);
        while first.run().await.unwrap() == Progress::More {}
        let lies = server.stream().await.info().await.unwrap().state.messages;
        assert!((500..3900).contains(&lies), "{lies}");
        first.stop().await;
        // With room again everything flows; nothing of what lay there was pushed out.
        let roomy = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let second = relay(&database, &roomy);
        while second.run().await.unwrap() == Progress::More {}
        assert_eq!(server.stream().await.info().await.unwrap().state.messages, 3900);
        let puller = roomy.pullers(&Holder::alone(ids().uuid())).remove(0);
        assert_eq!(pull_until(&puller, &database, "a", 900).await, (0..900).collect::<Vec<_>>());
    }

    async fn what_is_told_twice_lies_in_the_stream_once(database: Database) {
        let Some(server) = Server::shared().await else { return };
        let bus = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
        let event = said("a", 1, "2026-05-05T06:30:00Z".parse().unwrap());
        for _ in 0..3 {
            bus.publish(&event).await.unwrap();
        }
        let mut stream = server.stream().await;
        let config = stream.info().await.unwrap().clone();
        assert_eq!(config.state.messages, 1);
        assert_eq!(config.config.max_age, Duration::from_secs(3600));
        assert_eq!(config.config.duplicate_window, Duration::from_secs(120));
    }
}

#[tokio::test]
async fn while_the_server_is_away_nothing_is_tried_and_nothing_fails() {
    let Some(program) = nats_program() else { return };
    let mut own = OwnServer::start(&program);
    let server = Server::at(format!("127.0.0.1:{}", own.port));
    let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
    let bus = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
    own.kill();
    say(&database, "a", [1]).await;
    let (relay, puller) = (relay(&database, &bus), bus.pullers(&Holder::alone(ids().uuid())).remove(0));
    let _ = relay.run().await;
    assert!(bus.is_away());
    let begun = std::time::Instant::now();
    assert_eq!(relay.run().await, Ok(Progress::Idle));
    assert_eq!(puller.run().await, Ok(Progress::Idle));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    own.start_again(&program);
    for _ in 0..100 {
        if !bus.is_away() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    relay.run().await.unwrap();
    assert_eq!(pull_until(&puller, &database, "a", 1).await, [1]);
}

#[tokio::test]
async fn one_request_without_an_answer_is_no_failure_and_a_silent_server_is() {
    let Some(program) = nats_program() else { return };
    let own = OwnServer::start(&program);
    let server = Server::at(format!("127.0.0.1:{}", own.port));
    let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
    let bus = JetStreamBus::new(server.nats(), &[inbox("test.listener", &database)]);
    let (relay, puller) = (relay(&database, &bus), bus.pullers(&Holder::alone(ids().uuid())).remove(0));
    say(&database, "a", [1]).await;
    relay.run().await.unwrap();
    assert_eq!(pull_until(&puller, &database, "a", 1).await, [1]);
    own.signal("STOP");
    assert_eq!(puller.run().await, Ok(Progress::More));
    let silent = puller.run().await;
    own.signal("CONT");
    assert!(silent.is_err(), "{silent:?}");
    say(&database, "a", [2]).await;
    relay.run().await.unwrap();
    assert_eq!(pull_until(&puller, &database, "a", 2).await, [1, 2]);
}
