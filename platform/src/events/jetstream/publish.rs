//! Telling: into the stream, each event acknowledged by the server.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_nats::jetstream::{
    Context,
    consumer::{AckPolicy, DeliverPolicy, pull},
    context::ConsumerInfoErrorKind,
    message::PublishMessage,
    stream::Stream,
};
use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use kernel::Event;
use tokio::sync::Mutex;

use super::{Nats, Puller, pull::PASS};
use crate::{
    db::Holder,
    events::{Bus, BusError, Inbox},
};

/// Subjects whose events are under way at the same time.
const SIDE_BY_SIDE: usize = 128;
/// How long the server waits for an acknowledgement before it gives an event out anew. Whoever works longer on it says
/// so in time.
pub(super) const ACKNOWLEDGED_IN: Duration = Duration::from_secs(5);

/// A bus over NATS.
pub struct JetStreamBus {
    nats: Arc<Nats>,
    inboxes: Vec<Arc<Inbox>>,
    /// With what generation of the connection stream and consumers were seen to be there.
    prepared: Mutex<Option<u64>>,
}

impl JetStreamBus {
    /// A bus to these inboxes.
    pub fn new(nats: Arc<Nats>, inboxes: &[Arc<Inbox>]) -> Arc<Self> {
        Arc::new(Self { nats, inboxes: inboxes.to_vec(), prepared: Mutex::new(None) })
    }

    /// What brings events from the stream to the inboxes, one an inbox.
    pub fn pullers(self: &Arc<Self>, holder: &Arc<Holder>) -> Vec<Puller> {
        self.inboxes
            .iter()
            .map(|inbox| Puller::new(Arc::clone(self), Arc::clone(inbox), Arc::clone(holder)))
            .collect()
    }

    pub(super) fn nats(&self) -> &Nats {
        &self.nats
    }

    /// Sees to it that the stream and every consumer is there, once with each connection: nothing may be told before
    /// all who listen have their place. Says with which connection that was.
    pub(super) async fn prepare(&self) -> Result<(Context, u64), BusError> {
        let outcome = self.try_to_prepare().await;
        self.nats.state.told(outcome.as_ref().err().map(ToString::to_string));
        outcome
    }

    async fn try_to_prepare(&self) -> Result<(Context, u64), BusError> {
        let context = self.nats.context().await?;
        let mut prepared = self.prepared.lock().await;
        let generation = self.nats.generation();
        if *prepared != Some(generation) {
            let config = self.nats.stream();
            let name = config.name.clone();
            context.create_or_update_stream(config).await.map_err(failed)?;
            let stream = context.get_stream_no_info(name).await.map_err(failed)?;
            for inbox in &self.inboxes {
                self.prepare_consumer(&stream, inbox).await?;
            }
            *prepared = Some(generation);
        }
        Ok((context, generation))
    }

    async fn prepare_consumer(&self, stream: &Stream<()>, inbox: &Inbox) -> Result<(), BusError> {
        let name = durable(inbox);
        let filter_subject = self.filter(inbox);
        let config = match stream.consumer_info(&name).await {
            Ok(info)
                if info.config.filter_subject == filter_subject
                    && info.config.ack_wait == ACKNOWLEDGED_IN =>
            {
                return Ok(());
            }
            // It listens to other events than it did, or is waited for longer. Where it stands stays as it is.
            Ok(info) => self.consumer(name, filter_subject, info.config.deliver_policy),
            Err(error) if error.kind() == ConsumerInfoErrorKind::NotFound => {
                // One that never heard anything hears what is told from now on, as it would in one process. One that
                // did and has lost its place hears all there is: its inbox knows what it has seen.
                let heard = inbox.has_heard().await.map_err(|error| BusError(error.to_string()))?;
                self.consumer(
                    name,
                    filter_subject,
                    if heard { DeliverPolicy::All } else { DeliverPolicy::New },
                )
            }
            Err(error) => return Err(failed(error)),
        };
        stream.create_consumer(config).await.map_err(failed)?;
        Ok(())
    }

    fn consumer(&self, name: String, filter_subject: String, deliver_policy: DeliverPolicy) -> pull::Config {
        pull::Config {
            durable_name: Some(name),
            deliver_policy,
            ack_policy: AckPolicy::Explicit,
            ack_wait: ACKNOWLEDGED_IN,
            max_deliver: -1,
            max_ack_pending: i64::try_from(PASS).unwrap_or(i64::MAX),
            filter_subject,
            ..pull::Config::default()
        }
    }

    /// Servers before 2.10 know one filter a consumer, and several consumers would not keep the order of a subject:
    /// who listens to more than one type is given all, and leaves what is none of theirs.
    fn filter(&self, inbox: &Inbox) -> String {
        match inbox.kinds() {
            [one] => self.subject(one),
            _ => self.subject(">"),
        }
    }

    fn subject(&self, kind: &str) -> String {
        format!("{}.{kind}", self.nats.settings.stream)
    }

    /// Tells one, and waits until the server has it.
    async fn tell(&self, context: &Context, event: &Event) -> Result<(), BusError> {
        let text = serde_json::to_vec(event).map_err(failed)?;
        let message = PublishMessage::build()
            .payload(text.into())
            .message_id(event.id.to_string())
            .expected_stream(&self.nats.settings.stream);
        let under_way = context.send_publish(self.subject(&event.kind), message).await.map_err(failed)?;
        under_way.await.map_err(failed)?;
        Ok(())
    }

    /// Tells those of one subject, each when the one before is safe.
    async fn tell_in_order(
        &self,
        context: &Context,
        chain: Vec<(usize, &Event)>,
    ) -> Vec<(usize, Result<(), BusError>)> {
        let mut outcomes: Vec<(usize, Result<(), BusError>)> = Vec::with_capacity(chain.len());
        let mut stuck = false;
        for (at, event) in chain {
            let outcome = if stuck {
                Err(BusError("an earlier event of its subject was not handed over".into()))
            } else {
                self.tell(context, event).await
            };
            stuck = outcome.is_err();
            outcomes.push((at, outcome));
        }
        outcomes
    }
}

#[async_trait]
impl Bus for JetStreamBus {
    fn is_away(&self) -> bool {
        self.nats.is_away()
    }

    async fn publish(&self, event: &Event) -> Result<(), BusError> {
        let (context, _) = self.prepare().await?;
        self.tell(&context, event).await
    }

    async fn publish_all(&self, events: &[&Event]) -> Vec<Result<(), BusError>> {
        let context = match self.prepare().await {
            Ok((context, _)) => context,
            Err(BusError(cause)) => return events.iter().map(|_| Err(BusError(cause.clone()))).collect(),
        };
        let mut chains: Vec<Vec<(usize, &Event)>> = Vec::new();
        let mut of: HashMap<&str, usize> = HashMap::new();
        for (at, event) in events.iter().enumerate() {
            let chain = *of.entry(&event.subject).or_insert_with(|| {
                chains.push(Vec::new());
                chains.len() - 1
            });
            chains[chain].push((at, event));
        }
        let telling: Vec<_> = chains.into_iter().map(|chain| self.tell_in_order(&context, chain)).collect();
        let told: Vec<_> = stream::iter(telling).buffer_unordered(SIDE_BY_SIDE).collect().await;
        let mut outcomes: Vec<Result<(), BusError>> = events.iter().map(|_| Ok(())).collect();
        for (at, outcome) in told.into_iter().flatten() {
            outcomes[at] = outcome;
        }
        if outcomes.iter().any(Result::is_err) {
            // Perhaps the stream is gone: look before the next one is told.
            self.nats.state.changed();
        }
        outcomes
    }
}

/// What a consumer is called there: a dot would be part of a subject.
pub(super) fn durable(inbox: &Inbox) -> String {
    inbox.name().replace('.', "-")
}

pub(super) fn failed(error: impl std::error::Error) -> BusError {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    BusError(format!("NATS: {error}{cause}"))
}
