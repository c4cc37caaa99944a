//! `perennial tickets …`: what people handed over, and answers to it.

use std::{io::Read, sync::Arc};

use clap::Subcommand;
use help::{Support, SupportTicket, TicketStatus};
use kernel::{Clock, TicketId};
use platform::system::SystemIds;

use crate::{cli::Failure, output::say, settings::Settings, wiring};

/// Tickets that are read at once.
const PAGE: i64 = 100;

#[derive(Debug, Subcommand)]
pub(crate) enum TicketsCommand {
    /// List those that wait for an answer, the oldest first
    List {
        /// Those of another status: open, answered or closed
        #[arg(long, default_value = "open")]
        status: TicketStatus,
    },
    /// Show one with what it carries and what was said
    Show {
        /// Its id, as `list` shows it
        id: TicketId,
    },
    /// Answer one; the text is read from standard input, and stands in the conversation
    Answer {
        /// Its id, as `list` shows it
        id: TicketId,
    },
    /// Be done with one; it waits again if whoever asked says more
    Close {
        /// Its id, as `list` shows it
        id: TicketId,
    },
}

pub(crate) async fn run(
    command: TicketsCommand,
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> Result<(), Failure> {
    let database = wiring::databases(settings).await?.help;
    let support = Support::new(database, Arc::clone(&clock), Arc::new(SystemIds::new(clock)));
    match command {
        TicketsCommand::List { status } => list(&support, status).await,
        TicketsCommand::Show { id } => show(&support, id).await,
        TicketsCommand::Answer { id } => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            support.answer(id, &text).await?;
            say(format!("{id} is answered: it stands in the conversation"))
        }
        TicketsCommand::Close { id } => {
            support.close(id).await?;
            say(format!("{id} is closed"))
        }
    }
}

fn line(ticket: &SupportTicket) -> String {
    let SupportTicket { id, user, tree, object, status, updated_at, .. } = ticket;
    // What no topic is about was handed over in words alone.
    let tree = if tree.is_empty() { "-" } else { tree };
    format!("{id}  {updated_at}  {}  {tree}  of {user}  {object}", status.as_str())
}

async fn list(support: &Support, status: TicketStatus) -> Result<(), Failure> {
    let (mut count, mut last) = (0_usize, None);
    loop {
        let page = support.tickets(status, last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        count += page.len();
        page.iter().try_for_each(|ticket| say(line(ticket)))?;
    }
    say(format!("{count} {}", status.as_str()))
}

async fn show(support: &Support, id: TicketId) -> Result<(), Failure> {
    let (ticket, said) = support.ticket(id).await?;
    say(format!("{}\n", line(&ticket)))?;
    ticket.path.iter().try_for_each(|(node, what)| say(format!("step  {node}: {what}")))?;
    ticket.facts.iter().try_for_each(|(name, value)| say(format!("fact  {name}: {value}")))?;
    for (theirs, text) in said {
        say(format!("\n{}\n{text}", if theirs { "They:" } else { "Support:" }))?;
    }
    Ok(())
}
