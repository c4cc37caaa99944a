//! One suite for both buses: what is promised of events does not depend on what carries them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_nats::jetstream;
use async_trait::async_trait;
use kernel::{Event, EventPayload, HouseholdId};
use platform::{
    both_databases,
    db::{Batch, Database, Holder, Lease, Migration, Statement},
    events::{
        self, Bus, Consumer, DeadLetters, Handler, HandlerError, InProcessBus, Inbox, JetStreamBus,
        Listening, Period, Puller, Relay,
    },
    jobs::{Progress, Work},
    sql,
    testing::{SetClock, ids},
};
use serde::{Deserialize, Serialize};

use crate::nats::Server;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_heard",
    text: "CREATE TABLE heard (place SEQUENCE, subject TEXT NOT NULL, number INTEGER NOT NULL) STRICT;",
}];

/// Subjects of what flows.
const SUBJECTS: i64 = 100;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    number: i64,
}

impl EventPayload for Said {
    const TYPE: &'static str = "test.said";
    const SOURCE: &'static str = "/test";
}

pub(crate) fn said(subject: &str, number: i64, time: jiff::Timestamp) -> Event {
    Event::new((*ids()).next(), subject.into(), time, &Said { number })
}

/// The numbers that were heard of a subject, in the order in which they were.
pub(crate) async fn heard(database: &Database, subject: &str) -> Vec<i64> {
    let rows: Vec<(i64,)> = database
        .all(sql!("SELECT number FROM heard WHERE subject = $1 ORDER BY place LIMIT 20000", subject))
        .await
        .unwrap();
    rows.into_iter().map(|(number,)| number).collect()
}

/// Writes down what it hears; refuses a number as often as it is told to.
#[derive(Default)]
pub(crate) struct Listener {
    refusals: Mutex<HashMap<i64, u32>>,
}

#[async_trait]
impl Handler for Listener {
    fn kinds(&self) -> &'static [&'static str] {
        &["test.said"]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let said: Said = event.payload().unwrap().unwrap();
        if let Some(left) = self.refusals.lock().unwrap().get_mut(&said.number).filter(|left| **left > 0) {
            *left -= 1;
            return Err(HandlerError::Retry("not now".into()));
        }
        let mut batch = Batch::new();
        batch.add(sql!("INSERT INTO heard (subject, number) VALUES ($1, $2)", &event.subject, said.number));
        Ok(batch)
    }
}

/// How events get from the outbox to the inbox.
enum Way {
    InProcess,
    JetStream { puller: Box<Puller>, stream: Box<jetstream::stream::Stream>, _server: Server },
}

struct Room {
    database: Database,
    clock: Arc<SetClock>,
    listener: Arc<Listener>,
    inbox: Arc<Inbox>,
    bus: Arc<dyn Bus>,
    relay: Relay,
    way: Way,
}

/// What a bus is built on.
fn listening(database: &Database) -> (Arc<SetClock>, Arc<Listener>, Arc<Inbox>) {
    let clock = SetClock::at("2026-05-05T06:30:00Z");
    let listener = Arc::new(Listener::default());
    let consumer = Consumer { name: "test.listener", handler: Arc::clone(&listener) as Arc<dyn Handler> };
    let inbox = Arc::new(Inbox::new(consumer, database.clone(), clock.clone(), ids()));
    (clock, listener, inbox)
}

impl Room {
    fn in_process(database: Database) -> Self {
        let parts = listening(&database);
        let bus = Arc::new(InProcessBus::new(&[Arc::clone(&parts.2)]));
        Self::new(database, parts, bus, Way::InProcess)
    }

    /// Over a stream of its own; `None` where there is no server.
    async fn jetstream(database: Database) -> Option<Self> {
        let server = Server::shared().await?;
        let parts = listening(&database);
        let bus = JetStreamBus::new(server.nats(), &[Arc::clone(&parts.2)]);
        let puller = Box::new(bus.pullers(&Holder::alone(ids().uuid())).remove(0));
        let stream = Box::new(server.stream().await);
        Some(Self::new(database, parts, bus, Way::JetStream { puller, stream, _server: server }))
    }

    fn new(
        database: Database,
        (clock, listener, inbox): (Arc<SetClock>, Arc<Listener>, Arc<Inbox>),
        bus: Arc<dyn Bus>,
        way: Way,
    ) -> Self {
        let lease = Lease::new(database.clone(), "relay", Holder::alone(ids().uuid()));
        let relay = Relay::new(database.clone(), Arc::clone(&bus), clock.clone(), lease);
        Self { database, clock, listener, inbox, bus, relay, way }
    }

    fn event(&self, subject: &str, number: i64) -> Event {
        said(subject, number, kernel::Clock::now(&*self.clock))
    }

    async fn say(&self, subject: &str, numbers: impl IntoIterator<Item = i64>) {
        let mut batch = Batch::new();
        numbers.into_iter().for_each(|number| batch.tell(&self.event(subject, number)));
        self.database.apply(batch).await.unwrap();
    }

    /// Each number to each of many subjects; how long it took until all of them were heard.
    async fn flow(&self, numbers: std::ops::Range<i64>) -> Duration {
        for number in numbers {
            let mut batch = Batch::new();
            (0..SUBJECTS).for_each(|subject| batch.tell(&self.event(&subject.to_string(), number)));
            self.database.apply(batch).await.unwrap();
        }
        let began = Instant::now();
        self.relay().await;
        began.elapsed()
    }

    fn refuse(&self, number: i64, times: u32) {
        self.listener.refusals.lock().unwrap().insert(number, times);
    }

    /// Carries everything there is, as far as it can be carried.
    async fn relay(&self) {
        while self.relay.run().await.unwrap() == Progress::More {}
        self.pull().await;
    }

    async fn pull(&self) {
        let Way::JetStream { puller, stream, .. } = &self.way else { return };
        loop {
            // Its place is made with the first that is told.
            let Ok(info) = stream.consumer_info("test-listener").await else { return };
            if info.num_pending == 0 && info.num_ack_pending == 0 || puller.run().await.is_err() {
                return;
            }
        }
    }

    /// Lets time pass and tries again what waits, until nothing does.
    async fn let_time_pass(&self) {
        for _ in 0..10 {
            self.clock.advance(Duration::from_secs(60));
            while self.inbox.run().await.unwrap() == Progress::More {}
        }
    }

    async fn heard(&self, subject: &str) -> Vec<i64> {
        heard(&self.database, subject).await
    }
}

/// Turns each body into four tests: one a bus and a database.
macro_rules! both_buses {
    ($(async fn $name:ident($room:ident: Room) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn check($room: Room) $body

            both_databases! { MIGRATIONS,
                async fn in_process(database: Database) {
                    check(Room::in_process(database)).await;
                }

                async fn jetstream(database: Database) {
                    if let Some(room) = Room::jetstream(database).await {
                        check(room).await;
                    }
                }
            }
        }
    )*};
}

both_buses! {
    async fn events_are_heard_once_and_in_order(room: Room) {
        room.say("a", 0..600).await;
        room.relay().await;
        room.relay().await;
        assert_eq!(room.heard("a").await, (0..600).collect::<Vec<_>>());
    }

    async fn an_event_of_a_batch_that_failed_is_never_told(room: Room) {
        let mut batch = Batch::new();
        batch.tell(&room.event("a", 1));
        batch.expect(1, sql!("UPDATE heard SET number = 2 WHERE number = $1", 77_i64));
        room.database.apply(batch).await.unwrap_err();
        room.relay().await;
        assert_eq!(room.heard("a").await, [0_i64; 0]);
    }

    async fn being_told_twice_changes_nothing(room: Room) {
        let event = room.event("a", 1);
        for _ in 0..3 {
            room.bus.publish(&event).await.unwrap();
            room.pull().await;
        }
        assert_eq!(room.heard("a").await, [1]);
    }

    async fn what_fails_is_tried_again_and_its_subject_waits_while_others_go_on(room: Room) {
        room.refuse(1, 2);
        room.say("a", [1, 2, 3]).await;
        room.say("b", [10, 11]).await;
        room.relay().await;
        assert_eq!((room.heard("a").await, room.heard("b").await), (vec![], vec![10, 11]));
        room.let_time_pass().await;
        assert_eq!(room.heard("a").await, [1, 2, 3]);
    }

    async fn a_poisoned_event_becomes_a_dead_letter_and_blocks_nobody(room: Room) {
        let clean = room.flow(100..120).await;
        room.refuse(1, u32::MAX);
        room.say("a", [1, 2]).await;
        let poisoned = room.flow(200..300).await;
        // Ten thousand behind it, and five times two thousand without it.
        assert!(poisoned < clean * 10 + Duration::from_secs(2), "{poisoned:?} behind it, a fifth in {clean:?} without");
        for subject in 0..SUBJECTS {
            let heard = room.heard(&subject.to_string()).await;
            assert_eq!(heard, (100..120).chain(200..300).collect::<Vec<_>>());
        }
        assert_eq!(room.heard("a").await, [0_i64; 0], "it waits, and the one behind it");
        room.let_time_pass().await;
        assert_eq!(room.heard("a").await, [2]);
        let dead = DeadLetters::new(room.database.clone()).list(None, None, 10).await.unwrap();
        let dead: Vec<_> = dead.iter().map(|letter| (letter.error.as_str(), letter.tries)).collect();
        assert_eq!(dead, [("not now", 5)]);
    }

    async fn a_dead_letter_is_sent_again_or_thrown_away(room: Room) {
        let database = room.database.clone();
        room.refuse(1, 5);
        room.refuse(7, u32::MAX);
        room.say("a", [1]).await;
        room.say("b", [7]).await;
        room.relay().await;
        room.let_time_pass().await;
        let letters = DeadLetters::new(database);
        let dead = letters.list(None, None, 10).await.unwrap();
        assert_eq!(dead.iter().map(|letter| letter.tries).collect::<Vec<_>>(), [5, 5]);
        assert_eq!(letters.count().await.unwrap().0, 2);
        let second = letters.list(Some(&dead[0].consumer), Some(dead[0].place()), 10).await.unwrap();
        assert_eq!(second.iter().map(|letter| letter.id).collect::<Vec<_>>(), [dead[1].id]);
        assert!(letters.list(Some("nobody"), None, 10).await.unwrap().is_empty());
        let (one, other): (Vec<_>, Vec<_>) = dead.into_iter().partition(|letter| letter.event.subject == "a");
        assert!(letters.replay(&one[0]).await.unwrap());
        assert!(!letters.replay(&one[0]).await.unwrap(), "it is not there any more");
        room.let_time_pass().await;
        assert_eq!(room.heard("a").await, [1]);
        let found = letters.find(other[0].id).await.unwrap().unwrap();
        assert!(letters.discard(&found).await.unwrap());
        assert!(!letters.discard(&found).await.unwrap());
        assert_eq!((letters.count().await.unwrap().0, room.heard("b").await), (0, vec![]));
    }

    async fn what_stands_behind_an_event_that_could_not_even_be_noted_stays_behind_it(room: Room) {
        let database = room.database.clone();
        // A trigger makes one row impossible, as a full disk would.
        if database.is_shared() {
            return;
        }
        let (first, second, other) = (room.event("a", 1), room.event("a", 2), room.event("b", 3));
        let mut batch = Batch::new();
        [&first, &other, &second].into_iter().for_each(|event| batch.tell(event));
        database.apply(batch).await.unwrap();
        let id = first.id.uuid().simple();
        let text = format!(
            "CREATE TRIGGER full BEFORE INSERT ON inbox WHEN NEW.event_id = x'{id}' BEGIN SELECT RAISE(ABORT, 'full'); END"
        );
        let mut fill = Batch::new();
        fill.add(Statement::new(Box::leak(text.into_boxed_str()), vec![]));
        database.apply(fill).await.unwrap();
        room.relay().await;
        assert_eq!((room.heard("a").await, room.heard("b").await), (vec![], vec![3]));
        let mut empty = Batch::new();
        empty.add(sql!("DROP TRIGGER full"));
        database.apply(empty).await.unwrap();
        room.relay().await;
        room.let_time_pass().await;
        assert_eq!((room.heard("a").await, room.heard("b").await), (vec![1, 2], vec![3]));
    }

    async fn what_was_made_of_events_is_rebuilt_from_those_that_are_kept(room: Room) {
        let database = room.database.clone();
        for round in 0..3 {
            room.say("a", round * 600..(round + 1) * 600).await;
            room.say("b", [round]).await;
            room.clock.advance(Duration::from_secs(3600));
        }
        room.relay().await;
        let before = (room.heard("a").await, room.heard("b").await);
        let again = async |from: &str, to: &str| {
            let mut lost = Batch::new();
            lost.add(sql!("DELETE FROM heard"));
            database.apply(lost).await.unwrap();
            let consumer = Consumer { name: "test.listener", handler: room.listener.clone() };
            let period = Period { from: from.parse().unwrap(), to: to.parse().unwrap() };
            let sources = std::slice::from_ref(&database);
            let now = kernel::Clock::now(&*room.clock);
            let count = events::replay(&consumer, &database, sources, period, now).await.unwrap();
            while room.inbox.run().await.unwrap() == Progress::More {}
            count
        };
        assert_eq!(again("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z").await, 1803);
        assert_eq!((room.heard("a").await, room.heard("b").await), before);
        assert_eq!(again("2026-05-05T07:30:00Z", "2026-05-05T08:30:00Z").await, 601);
        assert_eq!((room.heard("a").await, room.heard("b").await), ((600..1200).collect(), vec![1]));
        // What is told meanwhile comes behind it, and nothing is told by itself once more.
        room.say("b", [3]).await;
        room.relay().await;
        assert_eq!(room.heard("b").await, [1, 3]);
    }

    async fn told_again_after_a_crash_between_publishing_and_noting_it(room: Room) {
        room.say("a", [1, 2]).await;
        room.relay().await;
        // As if the process had died before it noted what it had published.
        let mut forget = Batch::new();
        forget.add(sql!("UPDATE outbox SET published_at = NULL"));
        room.database.apply(forget).await.unwrap();
        room.relay().await;
        assert_eq!(room.heard("a").await, [1, 2]);
    }
}

/// Hears what it can, and never comes back from one.
struct Hangs {
    at: i64,
    heard: Arc<Listener>,
    calls: AtomicUsize,
}

#[async_trait]
impl Handler for Hangs {
    fn kinds(&self) -> &'static [&'static str] {
        &["test.said"]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let said: Said = event.payload().unwrap().unwrap();
        if said.number == self.at {
            std::future::pending::<()>().await;
        }
        self.heard.handle(event).await
    }
}

/// All of one household, whose commits are counted.
struct OfOne(HouseholdId);

#[async_trait]
impl Handler for OfOne {
    fn kinds(&self) -> &'static [&'static str] {
        &["test.said"]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let said: Said = event.payload().unwrap().unwrap();
        let mut batch = Batch::of(self.0);
        batch.add(sql!("INSERT INTO heard (subject, number) VALUES ($1, $2)", &event.subject, said.number));
        Ok(batch)
    }
}

async fn unpublished(database: &Database) -> i64 {
    let count = sql!("SELECT count(*) FROM outbox WHERE published_at IS NULL");
    let (count,): (i64,) = database.optional(count).await.unwrap().unwrap();
    count
}

both_databases! { MIGRATIONS,
    async fn a_process_that_is_killed_in_the_middle_of_much_leaves_the_rest_to_the_next(database: Database) {
        let mut room = Room::in_process(database.clone());
        let hangs = Arc::new(Hangs { at: 850, heard: room.listener.clone(), calls: AtomicUsize::new(0) });
        let consumer = Consumer { name: "test.listener", handler: hangs.clone() };
        let inbox = Arc::new(Inbox::new(consumer, database.clone(), room.clock.clone(), ids()));
        let bus = Arc::new(InProcessBus::new(&[inbox]));
        let lease = Lease::new(database.clone(), "relay", Holder::alone(ids().uuid()));
        room.relay = Relay::new(database.clone(), bus, room.clock.clone(), lease);
        let mut batch = Batch::new();
        (0..1000).for_each(|number| batch.tell(&room.event(&number.to_string(), number)));
        database.apply(batch).await.unwrap();
        // It is killed while it hangs.
        let running = room.relay.run();
        let hanging = async {
            while hangs.calls.load(Ordering::Relaxed) <= 850 || unpublished(&database).await > 400 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            _ = running => panic!("it does not hang"),
            noted = tokio::time::timeout(Duration::from_secs(60), hanging) => assert!(noted.is_ok(), "what was told was not noted"),
        }
        let lease = Lease::new(database.clone(), "other", Holder::alone(ids().uuid()));
        let rest = Relay::new(database.clone(), room.bus.clone(), room.clock.clone(), lease);
        while rest.run().await.unwrap() == Progress::More {}
        let heard: Vec<(i64,)> = database.all(sql!("SELECT number FROM heard LIMIT 2000")).await.unwrap();
        let mut heard: Vec<i64> = heard.into_iter().map(|(number,)| number).collect();
        heard.sort_unstable();
        assert_eq!(heard, (0..1000).collect::<Vec<_>>());
    }

    async fn what_was_seen_before_does_not_keep_others_from_sharing_a_batch(database: Database) {
        let (clock, _, _) = listening(&database);
        let household = HouseholdId::from_uuid(ids().uuid());
        let consumer = Consumer { name: "test.listener", handler: Arc::new(OfOne(household)) };
        let inbox = Inbox::new(consumer, database.clone(), clock.clone(), ids());
        let commits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&commits);
        database.on_change(Box::new(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        }));
        let now = kernel::Clock::now(&*clock);
        let events: Vec<Event> = (0..60).map(|number| said(&number.to_string(), number, now)).collect();
        for seen in [3, 40] {
            inbox.receive(&events[seen]).await.unwrap();
        }
        assert_eq!(commits.swap(0, Ordering::Relaxed), 2);
        let outcomes = inbox.receive_all(&events.iter().collect::<Vec<_>>()).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(commits.load(Ordering::Relaxed), 1);
        for number in 0..60 {
            assert_eq!(heard(&database, &number.to_string()).await, [number]);
        }
    }

    async fn the_leases_of_a_killed_process_are_those_of_the_one_after_it(database: Database) {
        if !database.is_shared() {
            return;
        }
        let (here, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let lease = |folder: &tempfile::TempDir, name| {
            let holder = Holder::following(ids().uuid(), folder.path().join("holder"), vec![database.clone()]);
            Lease::new(database.clone(), name, holder)
        };
        let killed = lease(&here, "work");
        assert!(killed.acquire().await.unwrap());
        assert!(!lease(&here, "work").acquire().await.unwrap(), "it is alive");
        assert!(!lease(&elsewhere, "work").acquire().await.unwrap());
        drop(killed);
        assert!(!lease(&elsewhere, "work").acquire().await.unwrap(), "who knows whether it is dead?");
        assert!(lease(&here, "work").acquire().await.unwrap(), "it followed it");
    }

    async fn what_is_old_is_forgotten_and_what_waits_is_not(database: Database) {
        let room = Room::in_process(database.clone());
        room.refuse(2, 2);
        room.say("a", [1]).await;
        room.say("b", [2]).await;
        room.relay().await;
        let settings = platform::settings::Source::new().section();
        let clock: Arc<dyn kernel::Clock> = room.clock.clone();
        let listening = Listening { module: "test", database: database.clone(), consumers: vec![] };
        let forgetting = events::jobs(vec![listening], &settings, None, std::path::Path::new("."), &clock, &ids()).pop().unwrap();
        assert_eq!(forgetting.name, "test.old_events");
        let left = async |days: u64| {
            room.clock.advance(Duration::from_secs(days * 86_400));
            while forgetting.work.run().await.unwrap() == Progress::More {}
            let (told,): (i64,) = database.optional(sql!("SELECT count(*) FROM outbox")).await.unwrap().unwrap();
            let (heard,): (i64,) = database.optional(sql!("SELECT count(*) FROM inbox")).await.unwrap().unwrap();
            (told, heard)
        };
        assert_eq!(left(89).await, (2, 2));
        assert_eq!(left(2).await, (0, 2));
        assert_eq!(left(7).await, (0, 1), "what waits is kept");
        room.let_time_pass().await;
        assert_eq!(room.heard("b").await, [2]);
    }

    async fn one_process_at_a_time_relays(database: Database) {
        if database.is_shared() {
            let first = Lease::new(database.clone(), "work", Holder::alone(ids().uuid()));
            let second = Lease::new(database.clone(), "work", Holder::alone(ids().uuid()));
            assert!(first.acquire().await.unwrap());
            assert!(!second.acquire().await.unwrap());
            first.release().await.unwrap();
            assert!(second.acquire().await.unwrap());
        }
    }
}
