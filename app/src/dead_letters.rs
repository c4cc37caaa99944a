//! `perennial dead-letters …`: events that could not be taken.

use clap::{Args, Subcommand};
use platform::events::{DeadLetter, DeadLetters};
use uuid::Uuid;

use crate::{cli::Failure, output::say, settings::Settings, wiring};

/// Letters that are read at once.
const PAGE: i64 = 100;

#[derive(Debug, Subcommand)]
pub(crate) enum DeadLettersCommand {
    /// List them, the oldest first
    List {
        /// Only those of this consumer, such as subscriptions.keep_household
        #[arg(long)]
        consumer: Option<String>,
    },
    /// Show one with its event and what was met
    Show {
        /// Its id, as `list` shows it
        id: Uuid,
    },
    /// Give them to their consumers once more; a running program takes them within a second or so
    Replay(Which),
    /// Throw them away
    Discard(Which),
}

/// One, those of a consumer, or all.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// The one with this id
    id: Option<Uuid>,
    /// Those of this consumer
    #[arg(long)]
    consumer: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
}

pub(crate) async fn run(command: DeadLettersCommand, settings: &Settings) -> Result<(), Failure> {
    let databases = wiring::databases(settings).await?.named();
    let modules: Vec<DeadLetters> =
        databases.into_iter().map(|(_, database)| DeadLetters::new(database)).collect();
    match command {
        DeadLettersCommand::List { consumer } => {
            let mut count = 0_usize;
            each(&modules, consumer.as_deref(), async |_, letter| {
                count += 1;
                say(line(&letter))
            })
            .await?;
            say(format!("{count} dead letters"))?;
        }
        DeadLettersCommand::Show { id } => {
            let (_, letter) = one(&modules, id).await?;
            say(format!("{}\n\n{}", line(&letter), serde_json::to_string_pretty(&letter.event)?))?;
        }
        DeadLettersCommand::Replay(which) => {
            let count = chosen(&modules, which, async |of, letter| Ok(of.replay(&letter).await?)).await?;
            say(format!("{count} sent again"))?;
        }
        DeadLettersCommand::Discard(which) => {
            let count = chosen(&modules, which, async |of, letter| Ok(of.discard(&letter).await?)).await?;
            say(format!("{count} thrown away"))?;
        }
    }
    Ok(())
}

fn line(letter: &DeadLetter) -> String {
    let DeadLetter { id, consumer, event, error, tries, died_at } = letter;
    format!("{id}  {died_at}  {consumer}  {} of {}  after {tries} tries: {error}", event.kind, event.subject)
}

async fn one(modules: &[DeadLetters], id: Uuid) -> Result<(&DeadLetters, DeadLetter), Failure> {
    for module in modules {
        if let Some(letter) = module.find(id).await? {
            return Ok((module, letter));
        }
    }
    Err(format!("there is no dead letter {id}; `perennial dead-letters list` shows those there are").into())
}

/// Does something to each of those chosen; how many there were.
async fn chosen(
    modules: &[DeadLetters],
    which: Which,
    act: impl AsyncFn(&DeadLetters, DeadLetter) -> Result<bool, Failure>,
) -> Result<usize, Failure> {
    if let Some(id) = which.id {
        let (module, letter) = one(modules, id).await?;
        return Ok(usize::from(act(module, letter).await?));
    }
    let mut count = 0;
    each(modules, which.consumer.as_deref(), async |module, letter| {
        count += usize::from(act(module, letter).await?);
        Ok(())
    })
    .await?;
    Ok(count)
}

/// Goes through all of them, a page at a time.
async fn each(
    modules: &[DeadLetters],
    consumer: Option<&str>,
    mut act: impl AsyncFnMut(&DeadLetters, DeadLetter) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for module in modules {
        let mut last = None;
        loop {
            let page = module.list(consumer, last.as_ref(), PAGE).await?;
            let Some(end) = page.last().cloned() else { break };
            for letter in page {
                act(module, letter).await?;
            }
            last = Some(end);
        }
    }
    Ok(())
}
