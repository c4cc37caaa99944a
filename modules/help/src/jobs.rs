//! What help does by itself: it sees to its trees, forgets who left, and has short answers looked for.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use platform::jobs::{Job, Progress, Work};

use crate::{
    service::{Guide, day_of, forgotten_before},
    store,
};

/// How many sessions are forgotten in one pass.
const PASS: i64 = 500;
/// For how many days it is kept what steps were taken.
const STEPS: i64 = 400;
/// For how many days a question that found nothing is kept after it was last asked.
const QUESTIONS: i64 = 90;

pub(crate) fn jobs(guide: &Arc<Guide>) -> Vec<Job> {
    vec![
        Job {
            name: "help.trees".into(),
            period: Duration::from_secs(2),
            nudge: Arc::default(),
            work: Arc::new(Rereading(Arc::clone(guide))),
        },
        Job {
            name: "help.sessions".into(),
            period: Duration::from_secs(60),
            nudge: Arc::default(),
            work: Arc::new(Forgetting(Arc::clone(guide))),
        },
        Job {
            name: "help.answers".into(),
            period: Duration::from_secs(2),
            nudge: Arc::clone(&guide.asked),
            work: Arc::new(Answering(Arc::clone(guide))),
        },
    ]
}

/// Takes trees of the folder into service when they change.
pub(crate) struct Rereading(pub(crate) Arc<Guide>);

#[async_trait]
impl Work for Rereading {
    async fn run(&self) -> Result<Progress, String> {
        self.0.trees.reread().map_err(|error| format!("the folder of trees: {error}"))?;
        Ok(Progress::Idle)
    }
}

/// Has a language model look through the manual for short answers that somebody waits for.
pub(crate) struct Answering(pub(crate) Arc<Guide>);

#[async_trait]
impl Work for Answering {
    async fn run(&self) -> Result<Progress, String> {
        let more = self.0.look_for_short_answers().await.map_err(|error| error.to_string())?;
        Ok(if more { Progress::More } else { Progress::Idle })
    }

    /// A model that takes its time is no trouble of anybody else.
    fn is_vital(&self) -> bool {
        false
    }
}

/// Forgets sessions that have expired. What was handed over, and what is counted, stays.
pub(crate) struct Forgetting(pub(crate) Arc<Guide>);

#[async_trait]
impl Work for Forgetting {
    async fn run(&self) -> Result<Progress, String> {
        let (database, now) = (&self.0.database, self.0.now());
        self.0.measure_waiting().await.map_err(|error| error.to_string())?;
        let gone = store::expired(database, now, PASS).await.map_err(|error| error.to_string())?;
        let more = i64::try_from(gone.len()) == Ok(PASS);
        let batch = store::forget_sessions(&gone, now);
        database.apply(batch).await.map_err(|error| error.to_string())?;
        let before = |days: i64| day_of(now).saturating_sub(jiff::Span::new().days(days));
        for batch in [
            store::forget_steps(before(STEPS), PASS),
            store::forget_unanswered(before(QUESTIONS)),
            store::forget_short(forgotten_before(now)),
        ] {
            database.apply(batch).await.map_err(|error| error.to_string())?;
        }
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}
