//! What happens by itself: mail is sent, accounts are seen out, keys follow one another, sessions are written down as seen, what is old is forgotten.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use platform::jobs::{Job, Progress, Work};

use crate::Auth;

/// How often keys are looked at: long before a new one signs, every process knows it.
const KEYS: Duration = Duration::from_secs(30);
/// How late a letter can be that another process wrote down.
const LETTERS: Duration = Duration::from_secs(10);
/// How late a list of sessions can tell that one was used.
const SEEN: Duration = Duration::from_secs(20);
/// How long after its time an account can be taken the next step on its way out.
const ERASURES: Duration = Duration::from_secs(2);
/// How often it is looked for what is old.
const FORGETTING: Duration = Duration::from_secs(3_600);

pub(crate) fn jobs(auth: &Arc<Auth>) -> Vec<Job> {
    let job = |name: &str, period, work: Arc<dyn Work>| Job {
        name: format!("auth.{name}"),
        period,
        nudge: Arc::default(),
        work,
    };
    let mut letters = job("letters", LETTERS, Arc::new(Letters(Arc::clone(auth))));
    letters.nudge = Arc::clone(&auth.posted);
    let mut erasures = job("erasures", ERASURES, Arc::new(Erasures(Arc::clone(auth))));
    erasures.nudge = Arc::clone(&auth.confirmed);
    vec![
        letters,
        erasures,
        job("keys", KEYS, Arc::new(Keys(Arc::clone(auth)))),
        job("seen", SEEN, Arc::new(Seen(Arc::clone(auth)))),
        job("forgetting", FORGETTING, Arc::new(Forgetting(Arc::clone(auth)))),
    ]
}

struct Letters(Arc<Auth>);

#[async_trait]
impl Work for Letters {
    async fn run(&self) -> Result<Progress, String> {
        let more = self.0.send_letters().await.map_err(|error| error.to_string())?;
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}

struct Erasures(Arc<Auth>);

#[async_trait]
impl Work for Erasures {
    async fn run(&self) -> Result<Progress, String> {
        let more = self.0.see_erasures_through().await.map_err(|error| error.to_string())?;
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}

struct Keys(Arc<Auth>);

#[async_trait]
impl Work for Keys {
    async fn run(&self) -> Result<Progress, String> {
        self.0.turn_keys().await.map(|()| Progress::Idle).map_err(|error| error.to_string())
    }
}

struct Seen(Arc<Auth>);

#[async_trait]
impl Work for Seen {
    async fn run(&self) -> Result<Progress, String> {
        self.0.write_seen().await.map(|()| Progress::Idle).map_err(|error| error.to_string())
    }

    async fn stop(&self) {
        if let Err(error) = self.0.write_seen().await {
            tracing::warn!(%error, "when sessions were last used is not written down");
        }
    }
}

struct Forgetting(Arc<Auth>);

#[async_trait]
impl Work for Forgetting {
    async fn run(&self) -> Result<Progress, String> {
        let more = self.0.forget().await.map_err(|error| error.to_string())?;
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}
