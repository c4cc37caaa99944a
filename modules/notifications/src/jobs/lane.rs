//! One lane for each provider: whatever one of them does, the others do not wait for it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::stream::{FuturesUnordered, StreamExt};
use platform::{
    jobs::{Progress, Work},
    system::wall_clock,
};
use tokio::sync::Notify;

use super::pace::Pace;
use crate::{
    domain::ChannelKind,
    error::HeraldError,
    service::{AtIt, Herald},
    store::{self, Held},
};

/// Channels that are worked on at the same time. One that hangs takes up one of these places until it is given up.
const PLACES: usize = 32;
/// How long a channel is held: longer than one turn at it takes.
const LEASE: Duration = Duration::from_secs(60);
/// How often one looks for more while something is under way.
const LOOK: Duration = Duration::from_millis(250);
/// How long a lane works without a rest. A rest lasts as long as its slowest request.
const SHIFT: Duration = Duration::from_secs(1200);

/// Sends what is due by one provider. Channels are claimed by lease, so that any number of processes share the work,
/// and what a killed one held comes back.
pub(crate) struct Lane {
    pub(super) herald: Arc<Herald>,
    pub(super) kind: ChannelKind,
    pub(super) pace: Pace,
    nudge: Arc<Notify>,
}

impl Lane {
    pub(crate) fn new(herald: Arc<Herald>, kind: ChannelKind, nudge: Arc<Notify>) -> Self {
        Self { herald, kind, pace: Pace::new(gap(kind)), nudge }
    }

    async fn claim(&self, places: usize) -> Result<Vec<(Held, AtIt)>, HeraldError> {
        let (wall, limit) = (wall_clock(), i64::try_from(places).unwrap_or(1));
        let (now, until) = (self.herald.now(), wall + LEASE);
        let lease = self.herald.holder.name();
        let claimed =
            store::claim_channels(&self.herald.database, self.kind, now, (wall, until), lease, limit).await?;
        let begin = |held: Held| self.herald.holder.begin(held.channel.id.uuid()).map(|at_it| (held, at_it));
        Ok(claimed.into_iter().filter_map(begin).collect())
    }
}

/// What providers say they stand of one sender.
const fn gap(kind: ChannelKind) -> Duration {
    match kind {
        // Thirty messages a second.
        ChannelKind::Telegram => Duration::from_millis(34),
        ChannelKind::Pushover | ChannelKind::Pushbullet => Duration::from_millis(50),
        ChannelKind::PushPlus | ChannelKind::ServerChan => Duration::from_millis(200),
        ChannelKind::Email
        | ChannelKind::WebPush
        | ChannelKind::Ntfy
        | ChannelKind::Discord
        | ChannelKind::Slack
        | ChannelKind::Mattermost
        | ChannelKind::Gotify
        | ChannelKind::Matrix
        | ChannelKind::Bark
        | ChannelKind::Teams
        | ChannelKind::Webhook
        | ChannelKind::Apprise => Duration::ZERO,
    }
}

#[async_trait]
impl Work for Lane {
    async fn run(&self) -> Result<Progress, String> {
        let began = Instant::now();
        let mut busy = FuturesUnordered::new();
        // Looking for more and what is under way go on side by side: each may wait for a connection that the other holds.
        let mut looking = None;
        let (mut trouble, mut rested) = (None, true);
        loop {
            let tired = began.elapsed() > SHIFT;
            let free = PLACES - busy.len();
            let open = !tired && trouble.is_none() && free > 0 && !self.herald.closing.is_cancelled();
            if looking.is_none() && rested && open {
                looking = Some(Box::pin(self.claim(free)));
            }
            if busy.is_empty() && looking.is_none() {
                if tired {
                    self.nudge.notify_one();
                }
                return trouble.map_or(Ok(Progress::Idle), Err);
            }
            tokio::select! {
                Some(outcome) = busy.next() => {
                    // A place is free.
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

/// What was found, where somebody looks.
pub(super) async fn found<F: Future + Unpin>(looking: &mut Option<F>) -> F::Output {
    match looking {
        Some(looking) => looking.await,
        None => std::future::pending().await,
    }
}
