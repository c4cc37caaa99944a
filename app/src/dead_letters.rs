//! `perennial dead-letters …`: events that could not be taken.

use clap::{Args, Subcommand};
use kernel::DeadLetterId;
use platform::events::{DeadLetter, DeadLetterOffice, DeadLetters};

use crate::{cli::Failure, output::say, settings::Settings, wiring};

/// Letters that are read at once.
const PAGE: usize = 100;

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
        id: DeadLetterId,
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
    id: Option<DeadLetterId>,
    /// Those of this consumer
    #[arg(long)]
    consumer: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
}

pub(crate) async fn run(command: DeadLettersCommand, settings: &Settings) -> Result<(), Failure> {
    let office = DeadLetterOffice::new(wiring::databases(settings).await?.named());
    match command {
        DeadLettersCommand::List { consumer } => {
            let mut count = 0_usize;
            each(&office, consumer.as_deref(), async |_, letter| {
                count += 1;
                say(line(&letter))
            })
            .await?;
            say(format!("{count} dead letters"))?;
        }
        DeadLettersCommand::Show { id } => {
            let (_, letter) = one(&office, id).await?;
            say(format!("{}\n\n{}", line(&letter), serde_json::to_string_pretty(&letter.event)?))?;
        }
        DeadLettersCommand::Replay(which) => {
            let count = chosen(&office, which, async |of, letter| Ok(of.replay(&letter).await?)).await?;
            say(format!("{count} sent again"))?;
        }
        DeadLettersCommand::Discard(which) => {
            let count = chosen(&office, which, async |of, letter| Ok(of.discard(&letter).await?)).await?;
            say(format!("{count} thrown away"))?;
        }
    }
    Ok(())
}

fn line(letter: &DeadLetter) -> String {
    let DeadLetter { id, consumer, event, error, tries, died_at } = letter;
    format!("{id}  {died_at}  {consumer}  {} of {}  after {tries} tries: {error}", event.kind, event.subject)
}

async fn one(office: &DeadLetterOffice, id: DeadLetterId) -> Result<(&DeadLetters, DeadLetter), Failure> {
    if let Some((module, letter)) = office.find(id).await?
        && let Some(letters) = office.of(module)
    {
        return Ok((letters, letter));
    }
    Err(format!("there is no dead letter {id}; `perennial dead-letters list` shows those there are").into())
}

/// Does something to each of those chosen; how many there were.
async fn chosen(
    office: &DeadLetterOffice,
    which: Which,
    act: impl AsyncFn(&DeadLetters, DeadLetter) -> Result<bool, Failure>,
) -> Result<usize, Failure> {
    if let Some(id) = which.id {
        let (letters, letter) = one(office, id).await?;
        return Ok(usize::from(act(letters, letter).await?));
    }
    let mut count = 0;
    each(office, which.consumer.as_deref(), async |letters, letter| {
        count += usize::from(act(letters, letter).await?);
        Ok(())
    })
    .await?;
    Ok(count)
}

/// Goes through all of them, a page at a time.
async fn each(
    office: &DeadLetterOffice,
    consumer: Option<&str>,
    mut act: impl AsyncFnMut(&DeadLetters, DeadLetter) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut last = None;
    loop {
        let page = office.list(consumer, last, PAGE).await?;
        let Some((_, end)) = page.last() else { return Ok(()) };
        last = Some(end.place());
        for (module, letter) in page {
            if let Some(letters) = office.of(module) {
                act(letters, letter).await?;
            }
        }
    }
}
