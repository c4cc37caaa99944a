//! One turn at one channel: what is due goes, and what came of it is written down.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::join_all};
use jiff::{SignedDuration, Timestamp};
use platform::{
    db::{Batch, DbError},
    outbound,
};

use super::Lane;
use crate::{
    channels::{Config, Message, Outcome},
    domain::{self, ChannelKind, ChannelState, Kind, texts::Reading},
    error::HeraldError,
    mail::Addressed,
    outside::Unanswered,
    service::AtIt,
    store::{self, Attempt, DeliveryState, Due, Held, KeptChannel},
};

/// Deliveries that are looked at in one go.
const PASS: i64 = 64;
/// Those that are on their way to one channel at the same time.
const WIDE: usize = 4;
/// How long one channel is served before others have their turn.
const TURN: Duration = Duration::from_secs(20);

/// What came of one message, as far as the channel is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Went {
    /// The channel works.
    Well,
    /// Not now: it rests that long.
    Wait(Duration),
    /// It works no more.
    Gone,
}

impl Lane {
    pub(super) async fn serve(&self, held: Held, _at_it: AtIt) -> Result<(), HeraldError> {
        let (herald, began) = (&self.herald, Instant::now());
        let (mut failures, mut rests_until) = (held.channel.failures, None);
        'turn: while began.elapsed() < TURN && !herald.closing.is_cancelled() {
            let due = store::due_deliveries(&herald.database, held.channel.id, herald.now(), PASS).await?;
            if due.is_empty() {
                break;
            }
            if held.channel.state != ChannelState::On {
                // It was turned off after they were planned.
                let mut batch = Batch::new();
                store::cancel_all(&mut batch, held.channel.id, "the channel is off", herald.now());
                herald.database.apply(batch).await?;
                break;
            }
            if let Some(rest) = self.provider(&held.channel).and_then(|host| herald.outside.rests(&host)) {
                rests_until = Some(after(herald.now(), rest));
                break;
            }
            let (known, _) = herald.known(held.channel.user).await?;
            let reading = herald.reading(&known);
            let parcels = parcels(due);
            // After a failure one message finds out whether it works again.
            let width = if failures > 0 { 1 } else { WIDE };
            for group in parcels.chunks(width) {
                let sent = group.iter().map(|parcel| self.deliver(&held.channel, failures, parcel, &reading));
                for went in join_all(sent).await {
                    match went? {
                        Went::Well => failures = 0,
                        Went::Wait(rest) => {
                            failures += 1;
                            rests_until = rests_until.max(Some(after(herald.now(), rest)));
                        }
                        Went::Gone => failures = 0,
                    }
                }
                if rests_until.is_some() || began.elapsed() >= TURN {
                    break 'turn;
                }
                if width == 1 {
                    // It works: the rest of them side by side again.
                    continue 'turn;
                }
            }
        }
        self.release(&held, failures, rests_until).await
    }

    async fn release(
        &self,
        held: &Held,
        failures: i64,
        rests_until: Option<Timestamp>,
    ) -> Result<(), HeraldError> {
        let database = &self.herald.database;
        // It may have been taken away meanwhile.
        let Some((rung, wakes_at)) = store::next_wake(database, held.channel.id).await? else {
            return Ok(());
        };
        let mut batch = Batch::new();
        let now = self.herald.now();
        store::release_channel(&mut batch, held, rung, (failures, rests_until), (wakes_at, now));
        Ok(self.herald.noted(&batch).await?)
    }

    /// Whose server a channel leads to.
    fn provider(&self, channel: &KeptChannel) -> Option<String> {
        let config = self.herald.config(channel).ok()?;
        let nothing = Message {
            id: String::new(),
            kind: "",
            title: String::new(),
            body: String::new(),
            link: String::new(),
            urgent: false,
            at: self.herald.now(),
        };
        let ask = self.herald.adapter(channel.kind)?.ask(&config, &nothing).ok()?;
        Some(outbound::host(&ask.url.parse().ok()?))
    }

    /// Sends one message and writes down what came of it.
    async fn deliver(
        &self,
        channel: &KeptChannel,
        failures: i64,
        parcel: &[Due],
        reading: &Reading,
    ) -> Result<Went, HeraldError> {
        let (began_at, began) = (self.herald.now(), Instant::now());
        let message = self.message(parcel, reading);
        // A message that brings something down is refused like any other, and keeps no other from being sent.
        let outcome = AssertUnwindSafe(self.send(channel, &message, reading)).catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|_| {
            tracing::error!(channel = %channel.id, "sending panicked");
            Outcome::Refused("it could not be sent by a mistake of ours, which was noted".into())
        });
        let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.record(channel, failures, parcel, &outcome, (began_at, took_ms)).await
    }

    async fn send(&self, channel: &KeptChannel, message: &Message, reading: &Reading) -> Outcome {
        let config = match self.herald.config(channel) {
            Ok(config) => config,
            Err(error) => {
                tracing::error!(channel = %channel.id, %error, "a channel cannot be opened");
                let said =
                    "what you entered cannot be opened; whoever runs this Perennial has to look at its key";
                return Outcome::Later { said: said.into(), after: None };
            }
        };
        if channel.kind == ChannelKind::Email {
            return self.mail(channel, &config, message, reading).await;
        }
        let Some(adapter) = self.herald.adapter(channel.kind) else {
            return Outcome::Refused("this installation does not offer it".into());
        };
        let ask = match adapter.ask(&config, message) {
            Ok(ask) => ask,
            Err(wrong) => return Outcome::Gone(wrong),
        };
        tokio::time::sleep(self.pace.wait(Instant::now())).await;
        match self.herald.outside.ask(&ask).await {
            Ok(reply) => adapter.read(&reply),
            Err(Unanswered::Address(wrong)) => Outcome::Gone(wrong),
            Err(away) => Outcome::Later { said: away.to_string(), after: None },
        }
    }

    async fn mail(
        &self,
        channel: &KeptChannel,
        config: &Config,
        message: &Message,
        reading: &Reading,
    ) -> Outcome {
        let later = |said: String| Outcome::Later { said, after: None };
        let Some(mailer) = &self.herald.mailer else {
            return later("this installation sends no mail at the moment".into());
        };
        let to = match self.herald.mail_address(channel.user).await {
            Ok(to) => to,
            Err(error) => return later(error.to_string()),
        };
        let mail = Addressed {
            to: &to,
            language: reading.language,
            message,
            choose: format!("{}/notifications/preferences", self.herald.public_url),
            stop: self.herald.stop_address(channel, config),
        };
        mail.send(mailer.as_ref()).await
    }

    fn message(&self, parcel: &[Due], reading: &Reading) -> Message {
        let site = &self.herald.public_url;
        let id = parcel.first().map(|due| due.id.to_string()).unwrap_or_default();
        let at = self.herald.now();
        if let [due] = parcel {
            let words = reading.words(due.kind, &due.facts);
            return Message {
                id,
                kind: due.kind.as_str(),
                title: words.title,
                body: words.body,
                link: format!("{site}{}", crate::http::path(due.subscription, &due.facts)),
                urgent: due.urgent,
                at,
            };
        }
        let lines = parcel.iter().map(|due| {
            let words = reading.words(due.kind, &due.facts);
            format!("• {}: {}", words.title, words.body)
        });
        Message {
            id,
            kind: "digest",
            title: reading.digest_title(parcel.len()),
            body: lines.collect::<Vec<_>>().join("\n"),
            link: format!("{site}/notifications"),
            urgent: false,
            at,
        }
    }

    /// Writes down a try of everything in a message, and what follows from it.
    async fn record(
        &self,
        channel: &KeptChannel,
        failures: i64,
        parcel: &[Due],
        outcome: &Outcome,
        (began_at, took_ms): (Timestamp, i64),
    ) -> Result<Went, HeraldError> {
        let (word, said, went) = match outcome {
            Outcome::Accepted(said) => ("accepted", said, Went::Well),
            Outcome::Refused(said) => ("refused", said, Went::Well),
            Outcome::Gone(said) => ("gone", said, Went::Gone),
            Outcome::Later { said, after } => {
                ("later", said, Went::Wait(domain::pause(failures + 1, *after, self.chance())))
            }
        };
        metrics::counter!("perennial_delivery_attempts_total", "channel" => channel.kind.as_str(), "outcome" => word)
            .increment(1);
        let now = self.herald.now();
        let mut batch = Batch::new();
        for due in parcel {
            let (number, began_at) = (due.tries + 1, began_at);
            let attempt = Attempt { number, outcome: word.into(), said: said.clone(), began_at, took_ms };
            store::insert_attempt(&mut batch, due.user, due.id, &attempt);
            match went {
                Went::Well if word == "accepted" => {
                    store::finish_delivery(&mut batch, due.id, number, (DeliveryState::Sent, None), now);
                }
                Went::Wait(rest) if number < domain::TRIES => {
                    store::retry_delivery(&mut batch, due.id, number, said, after(now, rest));
                }
                Went::Wait(_) => {
                    let reason = format!("given up after {number} tries: {said}");
                    store::finish_delivery(
                        &mut batch,
                        due.id,
                        number,
                        (DeliveryState::Failed, Some(&reason)),
                        now,
                    );
                }
                Went::Well | Went::Gone => {
                    store::finish_delivery(
                        &mut batch,
                        due.id,
                        number,
                        (DeliveryState::Failed, Some(said)),
                        now,
                    );
                }
            }
        }
        if went == Went::Gone {
            store::break_channel(&mut batch, channel.user, channel.id, said, now);
            // Whoever tries a channel looks at what comes of it.
            if parcel.iter().any(|due| due.kind != Kind::Test) {
                self.herald.tell_of_broken(&mut batch, channel, said).await?;
            }
        }
        match self.herald.noted(&batch).await {
            // Somebody decided otherwise meanwhile: that holds, and there is nothing left to do for this one.
            Err(DbError::Conflict | DbError::Unique(_)) => Ok(went),
            other => other.map(|()| went).map_err(HeraldError::from),
        }
    }

    /// From 0 to 999.
    fn chance(&self) -> u32 {
        let random = self.herald.ids.uuid().as_u128() % 1000;
        u32::try_from(random).unwrap_or(0)
    }
}

/// What goes in one message: everything by itself, but what waits for the digest, which goes together.
fn parcels(due: Vec<Due>) -> Vec<Vec<Due>> {
    let (digest, single): (Vec<Due>, Vec<Due>) = due.into_iter().partition(|due| due.digest);
    let mut parcels: Vec<Vec<Due>> = single.into_iter().map(|due| vec![due]).collect();
    if !digest.is_empty() {
        parcels.push(digest);
    }
    parcels
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause).ok().and_then(|pause| now.checked_add(pause).ok()).unwrap_or(now)
}
