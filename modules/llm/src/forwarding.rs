//! Messages that a program forwards, many at once: each is read and acted upon once, however often it comes.

use std::time::{Duration, Instant};

use jiff::ToSpan;
use kernel::Actor;
use platform::http::Problem;

use crate::{
    Reader,
    answer::Answer,
    asking::hash,
    domain,
    service::{Incoming, mistakes},
    store,
};

/// So many are taken at once.
pub(crate) const MOST: usize = 50;
/// After that what is left is to be sent again, so that nobody waits in vain.
const SHIFT: Duration = Duration::from_secs(8);

/// A message as a program forwards it.
#[derive(Debug, Clone)]
pub(crate) struct Forwarded {
    /// By what the program knows it; without one, by its words and when it was sent.
    pub(crate) key: Option<String>,
    pub(crate) incoming: Incoming,
}

/// What became of one.
#[derive(Debug)]
pub(crate) enum Became {
    /// It was read.
    Read(Answer),
    /// It was before.
    Known(Answer),
    /// Not now; it is to be sent again.
    Later,
    /// It cannot be read as it is.
    Wrong(String),
}

impl Reader {
    /// Reads messages one after the other; what became of each, in order.
    pub(crate) async fn forward(&self, actor: &Actor, messages: &[Forwarded]) -> Vec<Became> {
        let begun = Instant::now();
        let mut became = Vec::with_capacity(messages.len());
        for message in messages {
            let late = begun.elapsed() > SHIFT;
            became.push(if late { Became::Later } else { self.forward_one(actor, message).await });
        }
        became
    }

    async fn forward_one(&self, actor: &Actor, message: &Forwarded) -> Became {
        if let Err(invalid) = self.check(&message.incoming) {
            return Became::Wrong(mistakes(&invalid));
        }
        self.once(actor, message).await.unwrap_or_else(|problem| {
            tracing::warn!(?problem, "a forwarded message could not be read");
            Became::Later
        })
    }

    async fn once(&self, actor: &Actor, message: &Forwarded) -> Result<Became, Problem> {
        let (hash, new, now) = (told_apart(message), self.new_message(), self.now());
        let taken =
            store::take_forwarded(self.database(), actor, &hash, new, (now, now - 1.minute())).await?;
        let Some(id) = taken else {
            return self.known(actor, &hash).await;
        };
        if id != new
            && let Some(answer) = store::answer(self.database(), actor.household, id).await?
        {
            return Ok(Became::Known(answer));
        }
        self.commit_as(actor, id, &message.incoming, Duration::ZERO).await.map(Became::Read)
    }

    async fn known(&self, actor: &Actor, hash: &[u8]) -> Result<Became, Problem> {
        let Some(id) = store::forwarded(self.database(), actor, hash).await? else {
            return Ok(Became::Later);
        };
        let found = store::answer(self.database(), actor.household, id).await?;
        Ok(found.map_or(Became::Later, Became::Known))
    }
}

/// What a message is known by when it comes again, without its words.
fn told_apart(message: &Forwarded) -> Vec<u8> {
    match &message.key {
        Some(key) => hash("key", key),
        None => {
            let sent = message.incoming.sent_at.map(|at| at.to_string()).unwrap_or_default();
            let words = domain::normalised(&message.incoming.text);
            hash(&sent, words.as_deref().unwrap_or(&message.incoming.text))
        }
    }
}

impl Became {
    /// For programs: `read`, `known`, `later` or `wrong`.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Read(_) => "read",
            Self::Known(_) => "known",
            Self::Later => "later",
            Self::Wrong(_) => "wrong",
        }
    }

    /// The answer, where there is one, and what was wrong, in words.
    pub(crate) fn parts(self) -> (Option<Answer>, Option<String>) {
        match self {
            Self::Read(answer) | Self::Known(answer) => (Some(answer), None),
            Self::Later => (None, Some("It was not read yet; send it again.".into())),
            Self::Wrong(detail) => (None, Some(detail)),
        }
    }
}
