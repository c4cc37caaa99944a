//! `perennial events …`: telling consumers once more what they were told.

use std::sync::Arc;

use clap::Subcommand;
use jiff::Timestamp;
use kernel::Clock;
use platform::{
    db::Database,
    events::{Period, replay},
};

use crate::{cli::Failure, output::say, settings::Settings, wiring};

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// List the consumers there are, and what each listens to
    Consumers,
    /// Give a consumer once more what it was told, in its order; a running program takes it within a second or so
    Replay {
        /// Which one, such as subscriptions.keep_household
        consumer: String,
        /// What happened from this time on (RFC 3339); else all that is kept
        #[arg(long, value_name = "TIME")]
        from: Option<Timestamp>,
        /// What happened before this time; else all until now
        #[arg(long, value_name = "TIME")]
        to: Option<Timestamp>,
    },
}

pub(crate) async fn run(
    command: EventsCommand,
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> Result<(), Failure> {
    let now = clock.now();
    let wired = wiring::wire(settings, clock, None).await?;
    let databases = wired.databases.named();
    let consumers = wired.consumers;
    match command {
        EventsCommand::Consumers => consumers.iter().try_for_each(|(consumer, _)| {
            say(format!("{}  {}", consumer.name, consumer.handler.kinds().join(" ")))
        }),
        EventsCommand::Replay { consumer, from, to } => {
            let Some((consumer, database)) = consumers.iter().find(|(known, _)| known.name == consumer)
            else {
                return Err(format!(
                    "there is no consumer {consumer}; `perennial events consumers` lists those there are"
                )
                .into());
            };
            let period =
                Period { from: from.unwrap_or(Timestamp::UNIX_EPOCH), to: to.unwrap_or(Timestamp::MAX) };
            let sources: Vec<Database> = databases.iter().map(|(_, database)| database.clone()).collect();
            let count = replay(consumer, database, &sources, period, now).await?;
            say(format!("{count} events are told to {} once more", consumer.name))
        }
    }
}
