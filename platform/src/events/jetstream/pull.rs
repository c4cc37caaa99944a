//! Hearing: from the stream into an inbox, in order, acknowledged when it is safe there.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::jetstream::{
    AckKind, Context, Message,
    consumer::{PullConsumer, pull},
};
use async_trait::async_trait;
use futures_util::StreamExt;
use kernel::Event;
use tokio::sync::Mutex;

use super::{
    JetStreamBus,
    publish::{ACKNOWLEDGED_IN, durable, failed},
};
use crate::{
    db::{DbError, Holder, Lease},
    events::{BusError, Inbox},
    jobs::{Progress, Work},
};

/// Events that are pulled at once, and that may be under way to a consumer.
pub(super) const PASS: usize = 512;
/// How long one request waits for something new.
const WAITS: Duration = Duration::from_millis(500);
/// How long to rest where another process pulls, the server is away, or the database does not take it.
const REST: Duration = Duration::from_millis(250);
/// How often the server is told that what it gave out is being worked on, and the lease is kept.
const STILL_AT_IT: Duration = Duration::from_secs(1);
/// How much later than promised the server may notice that something was not acknowledged.
const NOTICED_LATE: Duration = Duration::from_secs(1);

/// Brings the events of one consumer. One process at a time does it, so that order is kept.
pub struct Puller {
    bus: Arc<JetStreamBus>,
    inbox: Arc<Inbox>,
    lease: Lease,
    place: Mutex<Place>,
}

/// An event that was given out and is not acknowledged yet.
struct Given {
    event: Event,
    message: Message,
}

/// Where we stand with the server. Anything unexpected, and we begin anew from what it says.
#[derive(Default)]
struct Place {
    generation: u64,
    consumer: Option<PullConsumer>,
    /// The number that the next delivery must have: were it a higher one, what is between them came to nobody.
    next: Option<u64>,
    /// How many deliveries come anew before anything new does.
    owed: usize,
    /// When all that came to nobody will be given out anew.
    settled: Option<Instant>,
    /// What the inbox could not take, not even to be handled later. It is tried before anything else is pulled.
    held: Vec<Given>,
}

impl Place {
    fn lose(&mut self) {
        *self = Self { settled: self.settled, ..Self::default() };
    }
}

impl Puller {
    pub(super) fn new(bus: Arc<JetStreamBus>, inbox: Arc<Inbox>, holder: Arc<Holder>) -> Self {
        let lease = Lease::new(inbox.database().clone(), inbox.name(), holder);
        Self { bus, inbox, lease, place: Mutex::new(Place::default()) }
    }

    /// Whose events it brings.
    pub fn name(&self) -> &'static str {
        self.inbox.name()
    }

    async fn pass(&self, place: &mut Place) -> Result<Progress, BusError> {
        let (context, generation) = self.bus.prepare().await?;
        if place.generation != generation {
            *place = Place { generation, ..Place::default() };
        }
        if place.held.is_empty() {
            let Some(consumer) = self.settle(&context, place).await? else {
                tokio::time::sleep(REST).await;
                return Ok(Progress::Idle);
            };
            let Some(messages) = self.pull(&consumer).await? else {
                // Now and then one request is lost on a server that is well. Where it is not, it fails when it is asked
                // where we stand.
                tracing::warn!(consumer = self.name(), "NATS left a request unanswered: it is asked again");
                place.lose();
                return Ok(Progress::More);
            };
            if messages.is_empty() {
                return Ok(Progress::Idle);
            }
            if !in_order(place, &messages) {
                place.lose();
                return Ok(Progress::More);
            }
            self.count_pending(&messages);
            place.held = self.ours(messages).await;
        }
        self.receive(place).await?;
        Ok(Progress::More)
    }

    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float; there are never that many")]
    fn count_pending(&self, messages: &[Message]) {
        let pending = messages.last().and_then(|last| last.info().ok()).map_or(0, |info| info.pending);
        metrics::gauge!("perennial_events_pending", "consumer" => self.name()).set(pending as f64);
    }

    /// Finds out where we stand. `None` while something is given out that came to nobody: what is newer would overtake
    /// it.
    async fn settle(&self, context: &Context, place: &mut Place) -> Result<Option<PullConsumer>, BusError> {
        if let (Some(consumer), Some(_)) = (&place.consumer, place.next) {
            return Ok(Some(consumer.clone()));
        }
        let stream = &self.bus.nats().stream().name;
        let consumer: PullConsumer =
            context.get_consumer_from_stream(durable(&self.inbox), stream).await.map_err(failed)?;
        let info = consumer.cached_info();
        if info.num_ack_pending > 0 {
            let now = Instant::now();
            if now < *place.settled.get_or_insert(now + ACKNOWLEDGED_IN + NOTICED_LATE) {
                return Ok(None);
            }
        }
        place.settled = None;
        place.owed = info.num_ack_pending;
        place.next = Some(info.delivered.consumer_sequence + 1);
        place.consumer = Some(consumer.clone());
        Ok(Some(consumer))
    }

    /// What there is; else the first that comes, for a while. `None` where the server did not say in time.
    async fn pull(&self, consumer: &PullConsumer) -> Result<Option<Vec<Message>>, BusError> {
        let patience = self.bus.nats().timeout();
        let ready = consumer.fetch().max_messages(PASS).messages().await.map_err(failed)?;
        let messages = arrived(ready, patience).await?;
        if messages.as_ref().is_none_or(|messages| !messages.is_empty()) {
            return Ok(messages);
        }
        let first = consumer.batch().max_messages(1).expires(WAITS).messages().await.map_err(failed)?;
        arrived(first, WAITS + patience).await
    }

    /// What of it our consumer listens to. The rest is done with.
    async fn ours(&self, messages: Vec<Message>) -> Vec<Given> {
        let mut given = Vec::with_capacity(messages.len());
        for message in messages {
            match serde_json::from_slice::<Event>(&message.payload) {
                Ok(event) if self.inbox.kinds().contains(&event.kind.as_str()) => {
                    given.push(Given { event, message });
                }
                Ok(_) => acknowledge(&message).await,
                Err(error) => {
                    tracing::error!(consumer = self.name(), subject = %message.subject, %error, "no event of ours: left out");
                    acknowledge(&message).await;
                }
            }
        }
        given
    }

    /// Gives the inbox what is held, and keeps what it could not take.
    async fn receive(&self, place: &mut Place) -> Result<(), BusError> {
        let held = std::mem::take(&mut place.held);
        let outcomes = self.hand_over(&held).await;
        let mut trouble = None;
        for (given, outcome) in held.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => acknowledge(&given.message).await,
                Err(error) => {
                    trouble.get_or_insert(error);
                    place.held.push(given);
                }
            }
        }
        trouble.map_or(Ok(()), |error| Err(BusError(error.to_string())))
    }

    async fn hand_over(&self, held: &[Given]) -> Vec<Result<(), DbError>> {
        let events: Vec<&Event> = held.iter().map(|given| &given.event).collect();
        let receiving = self.inbox.receive_all(&events);
        let at_it = async {
            let mut tick = tokio::time::interval_at((Instant::now() + STILL_AT_IT).into(), STILL_AT_IT);
            loop {
                tick.tick().await;
                self.still_at_it(held).await;
            }
        };
        tokio::select! {
            outcomes = receiving => outcomes,
            never = at_it => never,
        }
    }

    async fn still_at_it(&self, held: &[Given]) {
        // Whichever does not work: at worst another process is given the same, and the inbox takes it once.
        for given in held {
            let _ = given.message.ack_with(AckKind::Progress).await;
        }
        // A database that is away must not keep the server waiting.
        let _ = tokio::time::timeout(STILL_AT_IT, self.lease.acquire()).await;
    }
}

#[async_trait]
impl Work for Puller {
    async fn run(&self) -> Result<Progress, String> {
        let mut place = self.place.lock().await;
        let ours = !self.bus.nats().is_away()
            && self.lease.acquire().await.map_err(|error: DbError| error.to_string())?;
        if !ours {
            place.lose();
            tokio::time::sleep(REST).await;
            return Ok(Progress::Idle);
        }
        let outcome = self.pass(&mut place).await;
        if let Err(error) = &outcome {
            tracing::debug!(consumer = self.name(), %error, "nothing was pulled");
            if place.held.is_empty() {
                // What the server was asked for and did not arrive may be given out: begin anew.
                place.lose();
            }
            tokio::time::sleep(REST).await;
        }
        match outcome {
            Ok(progress) => Ok(progress),
            // That it is away is told by the connection, once.
            Err(_) if self.bus.nats().is_away() => Ok(Progress::Idle),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn stop(&self) {
        // At worst the lease runs out by itself.
        let _ = self.lease.release().await;
    }
}

/// All of a batch; `None` where it was not whole in time.
async fn arrived(batch: pull::Batch, within: Duration) -> Result<Option<Vec<Message>>, BusError> {
    let Ok(all) = tokio::time::timeout(within, batch.collect::<Vec<_>>()).await else { return Ok(None) };
    let each = all.into_iter().map(|one| one.map_err(|error| BusError(format!("NATS: {error}"))));
    each.collect::<Result<Vec<_>, _>>().map(Some)
}

/// Whether nothing is missing between what came before and these: each delivery has the next number, and what came to
/// nobody comes anew first.
fn in_order(place: &mut Place, messages: &[Message]) -> bool {
    for message in messages {
        let Ok(info) = message.info() else { return false };
        if place.next != Some(info.consumer_sequence) {
            return false;
        }
        if place.owed > 0 {
            if info.delivered < 2 {
                return false;
            }
            place.owed -= 1;
        }
        place.next = Some(info.consumer_sequence + 1);
    }
    true
}

async fn acknowledge(message: &Message) {
    // One that gets lost has the event given out anew; the inbox has seen it then.
    let _ = message.ack().await;
}
