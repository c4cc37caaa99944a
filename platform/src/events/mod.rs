//! Events: outbox → relay → bus → inbox.
//!
//! An event is written to its module's **outbox** in the batch of the change it speaks of. The **relay** takes what
//! is unpublished, in order, and gives it to the **bus**; the bus gives it to the **inbox** of every consumer. An
//! inbox drops what it has seen, in the batch of the consumer's own change, so a consumer may be told any number
//! of times and acts once. One that cannot take an event tries again later with growing pauses; events of the same
//! subject wait behind it, all others go on. After its tries the event becomes a dead letter.
//!
//! There are two buses with the same promises: the in-process one hands events straight to the inboxes, the one over
//! NATS JetStream lays them into a stream from which each consumer's are pulled.

mod bus;
mod dead_letters;
mod forgetting;
mod inbox;
mod jetstream;
mod relay;
mod replay;
mod traces;
mod wiring;

use kernel::Event;

pub use bus::{Bus, BusError, InProcessBus};
pub use dead_letters::{DeadLetter, DeadLetterOffice, DeadLetterPlace, DeadLetters};
pub use forgetting::EventSettings;
pub use inbox::{Consumer, Handler, HandlerError, Inbox};
pub use jetstream::{JetStreamBus, Nats, NatsSettings, Puller};
pub use relay::Relay;
pub use replay::{Period, replay};
pub use traces::Traces;
pub use wiring::{Listening, jobs};

use crate::db::{Statement, Value};

/// The statement that puts an event into the outbox.
pub(crate) fn outbox_row(event: &Event) -> Statement {
    crate::sql!(
        "INSERT INTO outbox (event_id, event, recorded_at) VALUES ($1, $2, $3)",
        event.id,
        Value::json(event),
        event.time
    )
}
