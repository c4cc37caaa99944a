//! Short answers from the manual, by a language model: it finds its way by the map of headings, reads what stands there
//! and answers with quotes. In the background, never twice about the same question of the same person; and whatever comes
//! of it, what the search found stands.

use std::time::Duration;

use contracts::{
    CallError,
    help::{Librarian, Passage, Question},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{Language, UserId};
use platform::db::DbError;
use sha2::{Digest, Sha256};

use super::Guide;
use crate::{
    domain::{Short, ShortAnswer, ShortStatus},
    manual::{Found, Manual, checked, says_something},
    store::{self, AskedShort, KeptShort},
};

/// Counted up when what is done with a question changes, so that what came of it before is not taken for it.
const VERSION: u8 = 1;
/// How many are looked for at once by each process.
const AT_ONCE: i64 = 2;
/// How often whoever waits looks whether it is there.
const LOOK: Duration = Duration::from_millis(40);
/// How many sections a model reads: those that it chose, and the first that the search found.
const CHOSEN: usize = 4;
const SEARCHED: usize = 2;
/// How often it is begun where whoever was at it died.
const TRIES: i64 = 2;
/// What else has to be done, at most.
const MARGIN: Duration = Duration::from_secs(10);
/// After how long one that failed is looked for anew, where it is asked for again.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);

impl Guide {
    /// The short answer to a question, and whether the same person has asked it before. Without a model, or where nothing
    /// can be kept, there is none.
    pub(super) async fn short_answer(
        &self,
        user: UserId,
        question: &str,
        language: Language,
    ) -> (Short, bool) {
        let patience = self.librarian.as_ref().and_then(|librarian| librarian.patience());
        let Some(patience) = patience.filter(|_| says_something(question)) else {
            return (Short::None, false);
        };
        let asked = self.ask_short(user, question, language, patience).await;
        asked.unwrap_or_else(|error| {
            tracing::warn!(%error, "a short answer could not be asked for");
            (Short::None, false)
        })
    }

    async fn ask_short(
        &self,
        user: UserId,
        question: &str,
        language: Language,
        patience: Duration,
    ) -> Result<(Short, bool), DbError> {
        let hash = hash(question, language);
        let abandoned = |kept: &KeptShort| self.now() - longest(patience) > kept.asked_at;
        match store::short_answer(&self.database, user, &hash).await? {
            Some(kept) if kept.status == ShortStatus::Waiting && abandoned(&kept) => {
                return Ok((Short::None, true));
            }
            Some(kept) if kept.status != ShortStatus::Failed || kept.asked_at + AGAIN > self.now() => {
                return Ok((shown(kept), true));
            }
            Some(_) | None => {}
        }
        let asked = store::ask_short(user, &hash, (question, language), self.now());
        self.database.apply(asked).await?;
        self.asked.notify_one();
        let there = async {
            loop {
                tokio::time::sleep(LOOK).await;
                match store::short_answer(&self.database, user, &hash).await? {
                    Some(kept) if kept.status == ShortStatus::Waiting => {}
                    Some(kept) => return Ok::<_, DbError>(shown(kept)),
                    None => return Ok(Short::None),
                }
            }
        };
        let short = tokio::time::timeout(self.wait, there).await.unwrap_or(Ok(Short::Waiting))?;
        Ok((short, false))
    }

    /// Looks for some that wait; whether there may be more.
    pub(crate) async fn look_for_short_answers(&self) -> Result<bool, DbError> {
        let Some(librarian) = &self.librarian else { return Ok(false) };
        let Some(patience) = librarian.patience() else { return Ok(false) };
        let until = self.now() + longest(patience);
        let claimed = store::claim_short(&self.database, self.now(), until, AT_ONCE).await?;
        let found = claimed.iter().map(|asked| self.settle_short(&**librarian, asked, patience));
        for settled in futures_util::future::join_all(found).await {
            settled?;
        }
        Ok(i64::try_from(claimed.len()) == Ok(AT_ONCE))
    }

    async fn settle_short(
        &self,
        librarian: &dyn Librarian,
        asked: &AskedShort,
        patience: Duration,
    ) -> Result<(), DbError> {
        let language = Language::ALL.into_iter().find(|language| language.code() == asked.language);
        let question = Question {
            user: asked.user,
            text: asked.question.clone(),
            language: language.unwrap_or(Language::En),
        };
        let found = if asked.tries > TRIES {
            Err(CallError::Unavailable("whoever looked for it died of it".into()))
        } else {
            look_for(librarian, &question, patience).await
        };
        let (status, answer) = match found {
            Ok(Some(answer)) => (ShortStatus::Told, Some(answer)),
            Ok(None) => (ShortStatus::Unknown, None),
            Err(error) => {
                tracing::info!(%error, "the search answers without the language model");
                (ShortStatus::Failed, None)
            }
        };
        metrics::counter!("perennial_help_answers_total", "outcome" => status.as_str()).increment(1);
        self.database.apply(store::settle_short(asked.user, &asked.hash, status, answer.as_ref())).await
    }
}

/// By the map to sections, and from them to an answer that can be shown; `None` where the manual holds none.
async fn look_for(
    librarian: &dyn Librarian,
    question: &Question,
    patience: Duration,
) -> Result<Option<ShortAnswer>, CallError> {
    let manual = Manual::embedded();
    let chosen = within(patience, librarian.find(question, &manual.map())).await?;
    let mut given: Vec<Found<'static>> = Vec::new();
    let chosen = chosen.into_iter().filter_map(|number| manual.section(number)).take(CHOSEN);
    for found in chosen.chain(manual.ask(&question.text, SEARCHED)) {
        if given.iter().all(|known| known.number != found.number) {
            given.push(found);
        }
    }
    if given.is_empty() {
        return Ok(None);
    }
    let passages: Vec<Passage> = given
        .iter()
        .map(|found| Passage {
            number: found.number,
            heading: format!("{} › {}", found.above(), found.section.title),
            text: found.section.text.clone(),
        })
        .collect();
    let told = within(patience, librarian.answer(question, &passages)).await?;
    checked(&question.text, told, &given)
        .map_err(|doubt| CallError::Unavailable(format!("the language model is not believed: {doubt:?}")))
}

/// Somebody who asks a model answers within its patience, and what they have to do beside.
async fn within<T>(
    patience: Duration,
    asked: impl Future<Output = Result<T, CallError>>,
) -> Result<T, CallError> {
    let late = |_| CallError::Unavailable("no short answer in time".into());
    tokio::time::timeout(patience + MARGIN, asked).await.map_err(late)?
}

/// The longest that one is looked for.
fn longest(patience: Duration) -> Duration {
    (patience + MARGIN) * 2 + MARGIN
}

fn shown(kept: KeptShort) -> Short {
    match (kept.status, kept.answer) {
        (ShortStatus::Waiting, _) => Short::Waiting,
        (ShortStatus::Unknown, _) => Short::Unknown,
        (ShortStatus::Told, Some(answer)) => Short::Told(answer),
        (ShortStatus::Told, None) | (ShortStatus::Failed, _) => Short::None,
    }
}

/// A question of a language to this manual, without its words.
fn hash(question: &str, language: Language) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update([VERSION]);
    hash.update(Manual::embedded().version());
    hash.update(language.code());
    for word in question.to_lowercase().split_whitespace() {
        hash.update([0]);
        hash.update(word);
    }
    hash.finalize().to_vec()
}

/// Before when they are forgotten.
pub(crate) fn forgotten_before(now: Timestamp) -> Timestamp {
    const KEPT: SignedDuration = SignedDuration::from_hours(24);
    now.checked_sub(KEPT).unwrap_or(Timestamp::MIN)
}
