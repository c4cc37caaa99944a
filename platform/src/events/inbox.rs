//! The receiving end: each consumer acts once on each event, however often it is told.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use kernel::{Clock, Event, EventId, Ids};
use uuid::Uuid;

use crate::{
    db::{Batch, Database, DbError, Json, Value},
    jobs::{Progress, Work},
};

/// Tries before an event becomes a dead letter.
const TRIES: i64 = 5;
/// The pause before the second try; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// How often a handler is asked again at once when somebody else changed the rows it had read.
const CONFLICTS: usize = 5;
/// Events that share a batch at most.
const TOGETHER: usize = 64;
/// Events of one batch that are decided at the same time.
const SIDE_BY_SIDE: usize = 16;
/// Waiting subjects that are known together; with more, each event asks for its own.
const SUBJECTS: i64 = 1_000;
/// How many waiting events one pass looks at.
const PASS: i64 = 100;

/// Why a handler did not take an event.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// Something is away for now.
    #[error("{0}")]
    Retry(String),
    /// It will never take this one.
    #[error("{0}")]
    GiveUp(String),
}

impl From<DbError> for HandlerError {
    fn from(error: DbError) -> Self {
        Self::Retry(error.to_string())
    }
}

/// What a consumer does with an event.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The types it listens to.
    fn kinds(&self) -> &'static [&'static str];

    /// The change that follows from the event. It is applied together with the note that the event was seen; the
    /// handler writes nothing itself, so that being told twice changes nothing.
    ///
    /// # Errors
    /// [`HandlerError`] says whether to try again.
    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError>;
}

/// A named handler. The name is kept with what was seen: a renamed consumer sees everything again.
#[derive(Clone)]
pub struct Consumer {
    /// Unique within the module: `subscriptions.household_changed`.
    pub name: &'static str,
    /// What it does.
    pub handler: Arc<dyn Handler>,
}

/// A consumer and the database its seen events are kept in, which is its module's own.
pub struct Inbox {
    consumer: Consumer,
    database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

type Waiting = (i64, Json<Event>, i64, String);

impl Inbox {
    /// The inbox of `consumer`.
    pub fn new(consumer: Consumer, database: Database, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { consumer, database, clock, ids }
    }

    /// The types its consumer listens to.
    pub fn kinds(&self) -> &'static [&'static str] {
        self.consumer.handler.kinds()
    }

    /// Which consumer's it is.
    pub fn name(&self) -> &'static str {
        self.consumer.name
    }

    /// Where what was seen is kept.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// Whether its consumer was ever told anything, as far as is still known.
    pub(super) async fn has_heard(&self) -> Result<bool, DbError> {
        let one: Option<(i64,)> = self
            .database
            .optional(crate::sql!(
                "SELECT sequence FROM inbox WHERE consumer = $1 LIMIT 1",
                self.consumer.name
            ))
            .await?;
        Ok(one.is_some())
    }

    /// Handles an event, or writes it down to be handled.
    ///
    /// # Errors
    /// [`DbError`] when neither was possible; it must then be told again.
    pub async fn receive(&self, event: &Event) -> Result<(), DbError> {
        let outcome = if self.is_behind_another(event).await? {
            self.keep_waiting(event, 0, "an earlier event of its subject waits").await
        } else {
            match self.change(event, None).await {
                Ok(()) => {
                    self.count_handled(&[event]);
                    Ok(())
                }
                Err(error) => self.first_try_failed(event, error).await,
            }
        };
        unless_seen(outcome)
    }

    async fn first_try_failed(&self, event: &Event, error: HandlerError) -> Result<(), DbError> {
        match error {
            HandlerError::Retry(cause) => self.keep_waiting(event, 1, &cause).await,
            HandlerError::GiveUp(cause) => self.bury(event, None, 1, &cause).await,
        }
    }

    /// Handles several in their order, or writes them down to be handled; says of each whether either was possible.
    /// Those of different subjects share a batch: what one consumer does with them is then one write, and not hundreds.
    ///
    /// Each is decided on what was there before the batch, as it would be in two processes. Where that turns out to be
    /// wrong they are taken one by one, as are those that have to wait or cannot be taken: they hold up no other. What
    /// stands behind one that could not even be written down is not looked at.
    pub async fn receive_all(&self, events: &[&Event]) -> Vec<Result<(), DbError>> {
        let mut outcomes = Vec::with_capacity(events.len());
        let mut stuck: HashSet<&str> = HashSet::new();
        let mut rest = events;
        while !rest.is_empty() {
            let (together, behind) = rest.split_at(of_different_subjects(rest));
            let free: Vec<&Event> =
                together.iter().copied().filter(|event| !stuck.contains(event.subject.as_str())).collect();
            let mut known = if free.len() > 1 { self.change_all(&free).await } else { HashMap::new() };
            for event in together {
                let outcome = match known.remove(&event.id) {
                    _ if stuck.contains(event.subject.as_str()) => Err(DbError::Unavailable(
                        "an earlier event of its subject is not written down".into(),
                    )),
                    Some(Ok(())) => Ok(()),
                    Some(Err(error)) => unless_seen(self.first_try_failed(event, error).await),
                    None => self.receive(event).await,
                };
                if outcome.is_err() {
                    stuck.insert(&event.subject);
                }
                outcomes.push(outcome);
            }
            rest = behind;
        }
        outcomes
    }

    /// What is known of them afterwards: that one was handled by their batch, or why it could not be decided. Of what
    /// is not named nothing is known.
    async fn change_all(&self, events: &[&Event]) -> HashMap<EventId, Result<(), HandlerError>> {
        let Ok(waiting) = self.waiting_subjects().await else { return HashMap::new() };
        let mut free: Vec<&Event> =
            events.iter().copied().filter(|event| !waiting.contains(&event.subject)).collect();
        let (mut known, mut applied) = self.decide_all(&free).await;
        let mut seen = HashSet::new();
        if applied.as_ref().is_err_and(|error| error.violates("inbox_seen_once")) {
            // Some of them were told before: by a process that was killed before it noted so. The others need not suffer
            // for that.
            let Ok(before) = self.seen(&free).await else { return HashMap::new() };
            seen = before;
            free.retain(|event| !seen.contains(&event.id));
            (known, applied) = self.decide_all(&free).await;
        }
        if applied.is_err() {
            known.retain(|_, outcome| outcome.is_err());
        }
        let is_handled = |event: &&Event| known.get(&event.id).is_some_and(Result::is_ok);
        let handled: Vec<&Event> = free.iter().copied().filter(is_handled).collect();
        self.count_handled(&handled);
        known.extend(seen.into_iter().map(|id| (id, Ok(()))));
        known
    }

    /// Decides on each, and applies what was decided as one; what came of either.
    async fn decide_all(
        &self,
        events: &[&Event],
    ) -> (HashMap<EventId, Result<(), HandlerError>>, Result<(), DbError>) {
        let deciding: Vec<_> = events
            .iter()
            .copied()
            .map(|event| async move { (event, self.consumer.handler.handle(event).await) })
            .collect();
        let decided: Vec<_> = stream::iter(deciding).buffered(SIDE_BY_SIDE).collect().await;
        let (mut whole, mut seen, mut known) = (Batch::new(), Batch::new(), HashMap::new());
        for (event, decided) in decided {
            let outcome = decided.map(|batch| {
                whole.extend(batch);
                self.note_seen(&mut seen, event, None);
            });
            known.insert(event.id, outcome);
        }
        whole.extend(seen);
        (known, self.database.apply(whole).await)
    }

    /// Which of them its consumer has seen.
    async fn seen(&self, events: &[&Event]) -> Result<HashSet<EventId>, DbError> {
        let asking: Vec<_> = events.iter().map(|event| self.is_seen(event.id)).collect();
        let asked: Vec<_> = stream::iter(asking).buffered(SIDE_BY_SIDE).collect().await;
        let seen = events.iter().zip(asked).map(|(event, seen)| seen.map(|seen| seen.then_some(event.id)));
        seen.filter_map(Result::transpose).collect()
    }

    async fn is_seen(&self, event: EventId) -> Result<bool, DbError> {
        let seen: Option<(i64,)> = self
            .database
            .optional(crate::sql!(
                "SELECT sequence FROM inbox WHERE consumer = $1 AND event_id = $2",
                self.consumer.name,
                event
            ))
            .await?;
        Ok(seen.is_some())
    }

    /// Counts what its consumer has taken, and how late that was.
    fn count_handled(&self, events: &[&Event]) {
        let (consumer, now) = (self.consumer.name, self.clock.now());
        metrics::counter!("perennial_events_handled_total", "consumer" => consumer)
            .increment(events.len() as u64);
        let delays = metrics::histogram!("perennial_event_delay_seconds", "consumer" => consumer);
        for event in events {
            delays.record(now.duration_since(event.time).as_secs_f64().max(0.0));
        }
    }

    /// Subjects with an event that waits: those behind it wait as well.
    async fn waiting_subjects(&self) -> Result<HashSet<String>, DbError> {
        let waiting: Vec<(String,)> = self
            .database
            .all(crate::sql!(
                "SELECT DISTINCT subject FROM inbox WHERE consumer = $1 AND state = 'waiting' LIMIT $2",
                self.consumer.name,
                SUBJECTS
            ))
            .await?;
        if i64::try_from(waiting.len()) == Ok(SUBJECTS) {
            return Err(DbError::Unavailable("too many subjects wait to look at them together".into()));
        }
        Ok(waiting.into_iter().map(|(subject,)| subject).collect())
    }

    async fn is_behind_another(&self, event: &Event) -> Result<bool, DbError> {
        let waiting: Option<(i64,)> = self
            .database
            .optional(crate::sql!(
                "SELECT sequence FROM inbox WHERE consumer = $1 AND subject = $2 AND state = 'waiting' LIMIT 1",
                self.consumer.name,
                &event.subject
            ))
            .await?;
        Ok(waiting.is_some())
    }

    /// Has the handler decide, and applies what it decided together with the note that the event was seen.
    async fn change(&self, event: &Event, waiting: Option<i64>) -> Result<(), HandlerError> {
        for _ in 0..CONFLICTS {
            let mut batch = self.consumer.handler.handle(event).await?;
            self.note_seen(&mut batch, event, waiting);
            match self.database.apply(batch).await {
                Err(error) if error.violates("inbox_seen_once") => return Ok(()),
                // Somebody else wrote what was decided on, or wrote the same: decide again on what is there now.
                Err(DbError::Conflict | DbError::Unique(_)) => {}
                other => return other.map_err(HandlerError::from),
            }
        }
        Err(HandlerError::Retry("others kept changing the rows it reads".into()))
    }

    fn note_seen(&self, batch: &mut Batch, event: &Event, waiting: Option<i64>) {
        match waiting {
            None => batch.add(crate::sql!(
                "INSERT INTO inbox (consumer, event_id, subject, state, tries, received_at)
                 VALUES ($1, $2, $3, 'done', 1, $4)",
                self.consumer.name,
                event.id,
                &event.subject,
                self.clock.now()
            )),
            Some(sequence) => batch.expect(
                1,
                crate::sql!(
                    "UPDATE inbox SET state = 'done', event = NULL, error = NULL, next_try_at = NULL
                     WHERE sequence = $1 AND state = 'waiting'",
                    sequence
                ),
            ),
        }
    }

    async fn keep_waiting(&self, event: &Event, tries: i64, cause: &str) -> Result<(), DbError> {
        tracing::warn!(consumer = self.consumer.name, event = %event.id, kind = event.kind, cause, "an event waits");
        let mut batch = Batch::new();
        batch.add(crate::sql!(
            "INSERT INTO inbox (consumer, event_id, subject, state, tries, event, error, received_at, next_try_at)
             VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7, $8)",
            self.consumer.name,
            event.id,
            &event.subject,
            tries,
            Value::json(event),
            cause,
            self.clock.now(),
            self.clock.now() + pause_after(tries, event.id)
        ));
        self.database.apply(batch).await
    }

    /// Makes a dead letter of it.
    async fn bury(
        &self,
        event: &Event,
        waiting: Option<i64>,
        tries: i64,
        cause: &str,
    ) -> Result<(), DbError> {
        tracing::error!(consumer = self.consumer.name, event = %event.id, kind = event.kind, cause, "a dead letter");
        metrics::counter!("perennial_dead_letters_total", "consumer" => self.consumer.name).increment(1);
        let mut batch = Batch::new();
        batch.add(crate::sql!(
            "INSERT INTO dead_letters (id, consumer, event_id, subject, event, error, tries, died_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            self.ids.uuid(),
            self.consumer.name,
            event.id,
            &event.subject,
            Value::json(event),
            cause,
            tries,
            self.clock.now()
        ));
        self.note_seen(&mut batch, event, waiting);
        self.database.apply(batch).await
    }

    /// The waiting events whose time has come, each the first of its subject.
    async fn due(&self) -> Result<Vec<Waiting>, DbError> {
        self.database
            .all(crate::sql!(
                "SELECT sequence, event, tries, error FROM inbox AS candidate
                 WHERE consumer = $1 AND state = 'waiting' AND next_try_at <= $2
                   AND NOT EXISTS (SELECT 1 FROM inbox AS earlier
                                   WHERE earlier.consumer = candidate.consumer AND earlier.state = 'waiting'
                                     AND earlier.subject = candidate.subject
                                     AND earlier.sequence < candidate.sequence)
                 ORDER BY sequence LIMIT $3",
                self.consumer.name,
                self.clock.now(),
                PASS
            ))
            .await
    }

    async fn try_again(&self, (sequence, Json(event), tries, _): Waiting) -> Result<(), DbError> {
        let tries = tries + 1;
        let outcome = match self.change(&event, Some(sequence)).await {
            Ok(()) => {
                self.count_handled(&[&event]);
                Ok(())
            }
            Err(HandlerError::Retry(cause)) if tries < TRIES => {
                self.put_back(sequence, &event, tries, &cause).await
            }
            Err(HandlerError::Retry(cause) | HandlerError::GiveUp(cause)) => {
                self.bury(&event, Some(sequence), tries, &cause).await
            }
        };
        match outcome {
            // Another process was faster.
            Err(error) if error.is_conflict() => Ok(()),
            other => other,
        }
    }

    async fn put_back(&self, sequence: i64, event: &Event, tries: i64, cause: &str) -> Result<(), DbError> {
        let mut batch = Batch::new();
        batch.expect(
            1,
            crate::sql!(
                "UPDATE inbox SET tries = $2, error = $3, next_try_at = $4 WHERE sequence = $1 AND state = 'waiting'",
                sequence,
                tries,
                cause,
                self.clock.now() + pause_after(tries, event.id)
            ),
        );
        self.database.apply(batch).await
    }

    /// How many dead letters there are.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn dead_letters(&self) -> Result<Vec<(EventId, String)>, DbError> {
        let rows: Vec<(Uuid, String)> = self
            .database
            .all(crate::sql!(
                "SELECT event_id, error FROM dead_letters WHERE consumer = $1 ORDER BY died_at, id LIMIT 100",
                self.consumer.name
            ))
            .await?;
        Ok(rows.into_iter().map(|(id, error)| (EventId::from_uuid(id), error)).collect())
    }
}

/// Trying again what waits, as a periodic job.
#[async_trait]
impl Work for Inbox {
    async fn run(&self) -> Result<Progress, String> {
        let due = self.due().await.map_err(|error| error.to_string())?;
        let progress = if due.is_empty() { Progress::Idle } else { Progress::More };
        for waiting in due {
            self.try_again(waiting).await.map_err(|error| error.to_string())?;
        }
        Ok(progress)
    }
}

/// What was seen before is a promise that is kept already.
fn unless_seen(outcome: Result<(), DbError>) -> Result<(), DbError> {
    match outcome {
        Err(error) if error.violates("inbox_seen_once") => Ok(()),
        other => other,
    }
}

/// How many of the first events share a batch: no two of one subject, as the second is decided on what the first did.
fn of_different_subjects(events: &[&Event]) -> usize {
    let mut subjects = HashSet::new();
    events.iter().take(TOGETHER).take_while(|event| subjects.insert(event.subject.as_str())).count()
}

/// It doubles with each try, and is longer by up to a half: those that failed together do not all come back at the same
/// moment. By how much follows from the event and the try, so that it can be computed again.
fn pause_after(tries: i64, event: EventId) -> Duration {
    let doublings = u32::try_from(tries.clamp(1, 10)).unwrap_or(1) - 1;
    let pause = FIRST_PAUSE * 2_u32.pow(doublings);
    // The last bytes of an id are chance.
    let [.., high, low] = *event.uuid().as_bytes();
    let chance = u32::from(high.rotate_left(doublings)) ^ u32::from(low);
    pause + pause * chance / 510
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ_between_events() {
        let event = |number: u128| EventId::from_uuid(Uuid::from_u128(number));
        for tries in 1..=5 {
            let least = FIRST_PAUSE * 2_u32.pow(u32::try_from(tries).unwrap() - 1);
            let pauses: HashSet<Duration> =
                (0..0x1_0000).step_by(7).map(|n| pause_after(tries, event(n))).collect();
            assert!(
                pauses.iter().all(|pause| (least..=least + least / 2).contains(pause)),
                "{tries}: {pauses:?}"
            );
            assert!(pauses.len() > 200, "{tries}: {} different ones", pauses.len());
        }
    }
}
