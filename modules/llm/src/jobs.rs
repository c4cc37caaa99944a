//! What happens by itself: language models are asked, and words that are old are erased.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use platform::jobs::{Job, Progress, Work};

use crate::Reader;

/// How late words can be asked about that another process wrote down.
const ASKING: Duration = Duration::from_secs(2);
/// How often it is looked for words that are old.
const FORGETTING: Duration = Duration::from_secs(3_600);

pub(crate) fn jobs(reader: &Arc<Reader>) -> Vec<Job> {
    vec![
        Job {
            name: "llm.asking".into(),
            period: ASKING,
            nudge: Arc::clone(&reader.models.asked),
            work: Arc::new(Asking(Arc::clone(reader))),
        },
        Job {
            name: "llm.forgetting".into(),
            period: FORGETTING,
            nudge: Arc::default(),
            work: Arc::new(Forgetting(Arc::clone(reader))),
        },
    ]
}

struct Asking(Arc<Reader>);

#[async_trait]
impl Work for Asking {
    async fn run(&self) -> Result<Progress, String> {
        let more = self.0.ask_about_waiting().await?;
        Ok(if more { Progress::More } else { Progress::Idle })
    }

    /// A model that takes its time is no trouble of anybody else.
    fn is_vital(&self) -> bool {
        false
    }
}

struct Forgetting(Arc<Reader>);

#[async_trait]
impl Work for Forgetting {
    async fn run(&self) -> Result<Progress, String> {
        let more = self.0.forget().await.map_err(|error| error.to_string())?;
        Ok(if more { Progress::More } else { Progress::Idle })
    }
}
