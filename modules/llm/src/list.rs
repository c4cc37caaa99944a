//! A list of many at once: each line is read for itself, as if it had been typed alone, and one that cannot be taken holds
//! up no other.

use std::time::{Duration, Instant};

use kernel::{Actor, Invalid};
use platform::http::Problem;

use crate::{
    Reader,
    answer::Answer,
    service::{Incoming, LONGEST},
};

/// So many lines are read at once.
pub(crate) const MOST: usize = 50;
/// After that what is left stays unread, so that nobody waits in vain.
const SHIFT: Duration = Duration::from_secs(8);

/// What is to be done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Nothing; only show how it is read.
    Look,
    /// What it says, where that is sure.
    Add,
}

impl Reader {
    /// Reads lines one after the other, and does what those say that are to be added; what became of each, in order. One
    /// that could not be read just now is `None`: nothing was done for it.
    pub(crate) async fn read_lines(&self, actor: &Actor, lines: &[(&str, Intent)]) -> Vec<Option<Answer>> {
        let begun = Instant::now();
        let mut became = Vec::with_capacity(lines.len());
        for &(line, intent) in lines {
            if begun.elapsed() > SHIFT {
                became.push(None);
                continue;
            }
            let read = self.read_line(actor, line, intent).await;
            became
                .push(read.inspect_err(|problem| tracing::warn!(?problem, "a line could not be read")).ok());
        }
        became
    }

    async fn read_line(&self, actor: &Actor, line: &str, intent: Intent) -> Result<Answer, Problem> {
        let incoming = Incoming::typed(line.into());
        match intent {
            Intent::Look => self.preview(actor, &incoming).await,
            // Nobody waits for a model: what it says is found at the message.
            Intent::Add => self.commit_as(actor, self.new_message(), &incoming, Duration::ZERO).await,
        }
    }
}

/// Whether a list can be read at all.
pub(crate) fn check(text: &str) -> Result<(), Invalid> {
    let mut invalid = Invalid::new();
    if text.len() > LONGEST {
        invalid.add("/text", format!("must have at most {LONGEST} bytes; the list can come in parts"));
    }
    invalid.into_result()
}
