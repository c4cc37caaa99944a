//! Telling addresses of what happened: to each in order, and to none because another is slow.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::{SignedDuration, Timestamp};
use platform::{
    db::{Batch, DbError},
    jobs::{Job, Progress, Work},
    system::wall_clock,
};
use tokio::sync::Notify;

use super::lane::found;
use crate::{
    channels::{self, Outcome},
    domain::{ChannelState, pause_of_messages},
    error::HeraldError,
    outside::Unanswered,
    service::{AtIt, Herald},
    store::{self, Attempt, HeldWebhook, KeptWebhook, NextMessage},
};

/// Addresses that are told at the same time. One that hangs takes up one of these places until it is given up.
const PLACES: usize = 32;
/// How long one is held: longer than a turn takes.
const LEASE: Duration = Duration::from_secs(90);
/// How long one is told before others have their turn.
const TURN: Duration = Duration::from_secs(20);
/// How late it can be noticed that something is to be told.
const LOOKING: Duration = Duration::from_secs(1);
/// How often one looks for more while something is under way.
const LOOK: Duration = Duration::from_millis(250);
/// How long it works without a rest.
const SHIFT: Duration = Duration::from_secs(20);
/// How long what was told can be looked at, and sent again.
const KEPT: Duration = Duration::from_secs(30 * 86_400);
const FORGETTING: Duration = Duration::from_secs(3600);
const FORGOTTEN_AT_ONCE: i64 = 1_000;

pub(super) fn jobs(herald: &Arc<Herald>) -> [Job; 2] {
    [
        Job {
            name: "notifications.webhooks".into(),
            period: LOOKING,
            nudge: Arc::clone(&herald.happened),
            work: Arc::new(Telling(Arc::clone(herald))),
        },
        Job {
            name: "notifications.old_webhook_messages".into(),
            period: FORGETTING,
            nudge: Arc::<Notify>::default(),
            work: Arc::new(Forgetting(Arc::clone(herald))),
        },
    ]
}

/// Tells what is due. Addresses are claimed by lease, so that any number of processes share the work, each address is
/// told by one at a time, and what a killed one held comes back.
struct Telling(Arc<Herald>);

#[async_trait]
impl Work for Telling {
    async fn run(&self) -> Result<Progress, String> {
        let began = Instant::now();
        let mut busy = FuturesUnordered::new();
        // As in a lane: looking for more and what is under way go on side by side.
        let mut looking = None;
        let (mut trouble, mut rested) = (None, true);
        loop {
            let free = PLACES - busy.len();
            let tired = began.elapsed() > SHIFT;
            let open = !tired && trouble.is_none() && free > 0 && !self.0.closing.is_cancelled();
            if looking.is_none() && rested && open {
                looking = Some(Box::pin(self.claim(free)));
            }
            if busy.is_empty() && looking.is_none() {
                let progress = if tired { Progress::More } else { Progress::Idle };
                return trouble.map_or(Ok(progress), Err);
            }
            tokio::select! {
                Some(outcome) = busy.next() => {
                    rested = true;
                    let outcome: Result<(), HeraldError> = outcome;
                    if let Err(error) = outcome {
                        trouble = Some(error.to_string());
                    }
                }
                found = found(&mut looking), if looking.is_some() => {
                    looking = None;
                    match found {
                        Ok(held) => {
                            // With places to spare there is nothing more just now.
                            rested = held.len() == free;
                            busy.extend(held.into_iter().map(|(held, at_it)| Box::pin(self.serve(held, at_it))));
                        }
                        // What is under way is finished first.
                        Err(error) => trouble = Some(error.to_string()),
                    }
                }
                () = tokio::time::sleep(LOOK), if looking.is_none() && !rested => rested = true,
            }
        }
    }
}

/// What came of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Went {
    /// It was taken: the next can go.
    Well,
    /// Not now: it is left alone for so long.
    Wait(Duration),
    /// It is turned off.
    Over,
}

impl Telling {
    async fn claim(&self, places: usize) -> Result<Vec<(HeldWebhook, AtIt)>, HeraldError> {
        let (wall, limit) = (wall_clock(), i64::try_from(places).unwrap_or(1));
        let (lease, now) = (self.0.holder.name(), self.0.now());
        let claimed =
            store::claim_webhooks(&self.0.database, now, (wall, wall + LEASE), lease, limit).await?;
        let begin =
            |held: HeldWebhook| self.0.holder.begin(held.webhook.id.uuid()).map(|at_it| (held, at_it));
        Ok(claimed.into_iter().filter_map(begin).collect())
    }

    async fn serve(&self, held: HeldWebhook, _at_it: AtIt) -> Result<(), HeraldError> {
        let (herald, began) = (&self.0, Instant::now());
        let (mut failures, mut rests_until) = (held.webhook.failures, None);
        while began.elapsed() < TURN && !herald.closing.is_cancelled() {
            // It may have been changed, turned off or taken away since it was claimed.
            let Some(webhook) = store::webhook_for_all(&herald.database, held.webhook.id).await? else {
                return Ok(());
            };
            let Some(message) = store::next_message(&herald.database, webhook.id).await? else { break };
            if webhook.state != ChannelState::On {
                let mut batch = Batch::new();
                let (household, id) = (webhook.household, webhook.id);
                store::stop_messages(&mut batch, household, id, "the webhook was turned off", herald.now());
                herald.database.apply(batch).await?;
                break;
            }
            match self.tell(&webhook, &message).await? {
                Went::Well => failures = 0,
                Went::Wait(rest) => {
                    failures += 1;
                    rests_until = Some(after(herald.now(), rest));
                    break;
                }
                Went::Over => break,
            }
        }
        let Some(settled) = store::settle_webhook(&herald.database, held.webhook.id).await? else {
            return Ok(());
        };
        let mut batch = Batch::new();
        store::release_webhook(&mut batch, &held, settled, (failures, rests_until), herald.now());
        Ok(herald.noted(&batch).await?)
    }

    async fn tell(&self, webhook: &KeptWebhook, message: &NextMessage) -> Result<Went, HeraldError> {
        let (began_at, began) = (self.0.now(), Instant::now());
        let later = |said: String| Outcome::Later { said, after: None };
        let outcome = match self.0.webhook_ask(webhook, message) {
            Err(wrong) => later(wrong),
            Ok(ask) => match self.0.outside.ask(&ask).await {
                Ok(reply) => channels::heard(&reply),
                Err(away @ (Unanswered::Address(_) | Unanswered::Unreachable(_) | Unanswered::Late(_))) => {
                    later(away.to_string())
                }
            },
        };
        let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.record(webhook, message, &outcome, (began_at, took_ms)).await
    }

    async fn record(
        &self,
        webhook: &KeptWebhook,
        message: &NextMessage,
        outcome: &Outcome,
        (began_at, took_ms): (Timestamp, i64),
    ) -> Result<Went, HeraldError> {
        let (herald, now) = (&self.0, self.0.now());
        let (word, said) = match outcome {
            Outcome::Accepted(said) => ("accepted", said),
            Outcome::Later { said, .. } => ("later", said),
            Outcome::Refused(said) => ("refused", said),
            Outcome::Gone(said) => ("gone", said),
        };
        metrics::counter!("perennial_webhook_attempts_total", "outcome" => word).increment(1);
        let mut batch = Batch::new();
        let attempt = Attempt {
            number: message.tried + 1,
            outcome: word.into(),
            said: said.clone(),
            began_at,
            took_ms,
        };
        store::insert_message_attempt(&mut batch, webhook, message.id, &attempt);
        let pause = match outcome {
            Outcome::Later { after, .. } => pause_of_messages(message.tries + 1, *after, self.chance()),
            Outcome::Accepted(_) | Outcome::Refused(_) | Outcome::Gone(_) => None,
        };
        let went = match (outcome, pause) {
            (Outcome::Accepted(_), _) => {
                store::finish_message(&mut batch, message.id, now);
                Went::Well
            }
            (Outcome::Later { .. } | Outcome::Refused(_) | Outcome::Gone(_), Some(rest)) => {
                store::put_off_message(&mut batch, message.id, said);
                Went::Wait(rest)
            }
            (Outcome::Later { .. } | Outcome::Refused(_) | Outcome::Gone(_), None) => {
                store::fail_message(&mut batch, message.id, said, now);
                herald.webhook_broken(&mut batch, webhook, said).await?;
                tracing::info!(webhook = %webhook.id, kind = message.kind, "a webhook was turned off");
                Went::Over
            }
        };
        match herald.noted(&batch).await {
            // Somebody decided otherwise meanwhile: that holds.
            Err(DbError::Conflict | DbError::Unique(_)) => Ok(Went::Over),
            other => other.map(|()| went).map_err(HeraldError::from),
        }
    }

    /// From 0 to 999.
    fn chance(&self) -> u32 {
        u32::try_from(self.0.ids.uuid().as_u128() % 1000).unwrap_or(0)
    }
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause).ok().and_then(|pause| now.checked_add(pause).ok()).unwrap_or(now)
}

/// Forgets what addresses were told a month ago.
struct Forgetting(Arc<Herald>);

#[async_trait]
impl Work for Forgetting {
    async fn run(&self) -> Result<Progress, String> {
        let before = self.0.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        let more = store::forget_messages(&self.0.database, before, FORGOTTEN_AT_ONCE).await;
        more.map(|more| if more { Progress::More } else { Progress::Idle }).map_err(|error| error.to_string())
    }
}
