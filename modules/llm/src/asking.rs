//! Asking a language model where our own reader is not sure: in the background, within a budget, and never twice about the
//! same words. What it says is held against the words, and completes what we read or becomes a question.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Actor, HouseholdId, MessageId, Role, Scope, SessionId, UserId};
use platform::{
    db::{Batch, DbError},
    http::Problem,
};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use crate::{
    Deps, LlmSettings, Reader,
    answer::{Answer, AnswerStatus},
    domain::{self, Context, Outcome, Suggestion},
    model::{LanguageModel, ModelError, OpenAi, Task, Told, Transcriber, Usage, Whisper, schema},
    service::{Incoming, away, counted, kept, patiently},
    store::{self, Asking},
};

/// Longer texts are read by the grammar alone.
const LONGEST: usize = 4_000;
/// How often whoever waits looks whether there is an answer.
const LOOK: Duration = Duration::from_millis(40);
/// How long it rests before a model that was away is asked again.
const AGAIN: Duration = Duration::from_secs(2);
/// How often it is asked about the same words at most.
const TRIES: i64 = 2;
/// How long it is known that a message was forwarded.
const FORWARDED: Duration = Duration::from_hours(24 * 400);
/// What else has to be done about words that a model was asked about, at most.
const MARGIN: Duration = Duration::from_secs(60);
/// Of ten questions one may be asked again, and so many at once after a quiet time. In tenths.
const RETRIES: i64 = 100;
const A_RETRY: i64 = 10;

/// Whom the reader asks, and what that may cost.
pub(crate) struct Models {
    pub(crate) model: Option<Arc<dyn LanguageModel>>,
    /// Who writes down what is said.
    pub(crate) transcriber: Option<Arc<dyn Transcriber>>,
    pub(crate) settings: LlmSettings,
    /// There are words to ask about.
    pub(crate) asked: Arc<Notify>,
    /// What is left for asking again, in tenths of a question.
    retries: AtomicI64,
}

/// What came of asking.
enum Asked {
    Said(Vec<Suggestion>, Option<Fresh>),
    /// Nothing, and why, in words for the person.
    Cannot(&'static str),
    Later,
}

/// An answer that was not known before.
struct Fresh {
    hash: Vec<u8>,
    content: String,
}

const AWAY: &str = "The language model does not answer just now; this was read without it.";
const SPENT: &str = "Your share of the language model is used up for today; this was read without it.";
const UNUSABLE: &str = "The language model gave no answer that can be used; this was read without it.";

impl Models {
    pub(crate) fn new(deps: &Deps) -> Self {
        let model = OpenAi::new(deps.outbound.clone(), &deps.settings);
        let transcriber = Whisper::new(deps.outbound.clone(), &deps.settings);
        Self {
            model: model.map(|model| Arc::new(model) as Arc<dyn LanguageModel>),
            transcriber: transcriber.map(|one| Arc::new(one) as Arc<dyn Transcriber>),
            settings: deps.settings.clone(),
            asked: Arc::default(),
            retries: AtomicI64::new(RETRIES),
        }
    }

    /// Whether a model is asked about words.
    pub(crate) fn may_help(&self, text: &str, outcome: &Outcome, context: &Context) -> bool {
        self.model.is_some() && text.len() <= LONGEST && domain::is_unsure(text, outcome, context)
    }

    fn may_ask_again(&self, tries: i64) -> bool {
        let take = |left: i64| (left >= A_RETRY).then_some(left - A_RETRY);
        tries < TRIES && self.retries.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn earn_a_retry(&self) {
        let earn = |left: i64| (left < RETRIES).then_some(left + 1);
        // At the most there is nothing to earn.
        let _ = self.retries.fetch_update(Ordering::Relaxed, Ordering::Relaxed, earn);
    }

    pub(crate) fn count(&self, outcome: &'static str, usage: Option<Usage>) {
        metrics::counter!("perennial_model_requests_total", "outcome" => outcome).increment(1);
        let Some(usage) = usage else { return };
        for (direction, tokens, price) in [
            ("read", usage.read, self.settings.read_price),
            ("written", usage.written, self.settings.write_price),
        ] {
            metrics::counter!("perennial_model_tokens_total", "direction" => direction)
                .increment(u64::from(tokens));
            // Cents a million tokens are millionths of a cent a token.
            metrics::counter!("perennial_model_cost_microcents_total", "direction" => direction)
                .increment(u64::from(tokens) * u64::from(price));
        }
    }
}

impl Reader {
    /// Writes words down for a model to be asked about, and waits a moment for what comes of it.
    pub(crate) async fn ask_a_model(
        &self,
        actor: &Actor,
        id: MessageId,
        incoming: &Incoming,
        wait: Duration,
    ) -> Result<Answer, Problem> {
        let (waiting, now) = (Answer::processing(id), self.now());
        let mut batch = Batch::new();
        store::insert_message(&mut batch, actor, id, incoming, &incoming.text, &waiting, now);
        store::insert_asking(&mut batch, actor, id, now);
        self.database().apply(batch).await?;
        self.models.asked.notify_one();
        if wait.is_zero() {
            return Ok(waiting);
        }
        let answered = async {
            loop {
                tokio::time::sleep(LOOK).await;
                let answer = self.answer(actor, id).await?;
                if answer.status != AnswerStatus::Processing {
                    return Ok(answer);
                }
            }
        };
        tokio::time::timeout(wait, answered).await.unwrap_or(Ok(waiting))
    }

    /// Asks about words that wait, a few at once; whether there may be more.
    pub(crate) async fn ask_about_waiting(&self) -> Result<bool, String> {
        let limit = self.models.settings.at_once.max(1);
        let until = self.now() + self.models.settings.timeout.duration() + MARGIN;
        let claimed = store::claim_askings(self.database(), self.now(), until, i64::from(limit)).await;
        let claimed = claimed.map_err(|error| error.to_string())?;
        let full = u32::try_from(claimed.len()).is_ok_and(|found| found == limit);
        let served = futures_util::future::join_all(claimed.iter().map(|asking| self.serve(asking))).await;
        for problem in served.into_iter().filter_map(Result::err) {
            // It is due again before long.
            tracing::warn!(?problem, "words could not be read");
        }
        Ok(full)
    }

    async fn serve(&self, asking: &Asking) -> Result<(), Problem> {
        let found = store::words(self.database(), asking.household, asking.message).await?;
        let (Some(incoming), Some(actor)) = (found, self.still_allowed(asking).await?) else {
            return self.drop_asking(asking).await;
        };
        let (outcome, context) = self.read(&actor, &incoming).await?;
        let (suggestions, fresh, note) = match self.suggestions(asking, &incoming.text).await? {
            Asked::Said(suggestions, fresh) => (suggestions, fresh, None),
            Asked::Cannot(note) => (Vec::new(), None, Some(note.to_owned())),
            Asked::Later => return self.ask_later(asking).await,
        };
        let told = domain::weigh(&incoming.text, &suggestions, &context);
        let settled = domain::settle(&outcome, told);
        let reader = if settled.is_some() { "model" } else { "rules" };
        let outcome = settled.map_or(outcome, Outcome::Readings);
        let answer = self.do_as_read(&actor, asking.message, outcome, context.today).await?;
        let answer = Answer { reader: reader.into(), note, ..answer };
        let mut batch = Batch::new();
        let text = kept(&incoming.text, &answer);
        store::update_message(&mut batch, asking.household, asking.message, text, &answer);
        store::delete_asking(&mut batch, asking.household, asking.message);
        Self::note_names(&mut batch, asking.household, &answer);
        if let Some(fresh) = fresh {
            store::insert_model_answer(&mut batch, asking.user, &fresh.hash, &fresh.content, self.now());
        }
        self.database().apply(batch).await?;
        counted(&answer);
        Ok(())
    }

    /// Who said the words, as long as they may still change something there.
    async fn still_allowed(&self, asking: &Asking) -> Result<Option<Actor>, Problem> {
        self.acting(asking.user, asking.household, asking.message).await
    }

    /// Somebody who is not there, as they act by a message of theirs, as long as their account is open and they may
    /// change something there.
    pub(crate) async fn acting(
        &self,
        user: UserId,
        household: HouseholdId,
        message: MessageId,
    ) -> Result<Option<Actor>, Problem> {
        if !patiently(self.accounts.is_open(user)).await.map_err(away)? {
            return Ok(None);
        }
        let found = patiently(self.users().membership(user, household)).await.map_err(away)?;
        let place = found.filter(|place| place.access.may_change());
        let session = SessionId::from_uuid(message.uuid());
        Ok(place.map(|place| {
            Actor::at_home(user, Role::User, session)
                .acting_for(household, place.member, place.access)
                .limited_to(Scope::Write)
        }))
    }

    /// Nobody is there any more for whom it could be done.
    async fn drop_asking(&self, asking: &Asking) -> Result<(), Problem> {
        let gone = domain::Refusal {
            reason: domain::RefusalReason::NotAboutASubscription,
            detail: "Whoever said it may not change anything here any more.".into(),
        };
        let answer = Answer { id: Some(asking.message), ..Answer::refused(gone) };
        let mut batch = Batch::new();
        store::update_message(&mut batch, asking.household, asking.message, "", &answer);
        store::delete_asking(&mut batch, asking.household, asking.message);
        Ok(self.database().apply(batch).await?)
    }

    async fn ask_later(&self, asking: &Asking) -> Result<(), Problem> {
        let mut batch = Batch::new();
        store::delay_asking(&mut batch, asking.household, asking.message, self.now() + AGAIN);
        self.database().apply(batch).await?;
        Ok(())
    }

    async fn suggestions(&self, asking: &Asking, text: &str) -> Result<Asked, DbError> {
        let models = &self.models;
        let (Some(model), Some(normalised)) = (&models.model, domain::normalised(text)) else {
            return Ok(Asked::Cannot(AWAY));
        };
        let hash = hash(&format!("{} {}", model.name(), schema::VERSION), &normalised);
        let known = store::model_answer(self.database(), asking.user, &hash).await?;
        if let Some(suggestions) = known.and_then(|content| schema::read(&content)) {
            models.count("known", None);
            return Ok(Asked::Said(suggestions, None));
        }
        match self.consult(&**model, asking.user, &schema::task(text)).await? {
            None => Ok(Asked::Cannot(SPENT)),
            Some(Ok(told)) => {
                models.earn_a_retry();
                let Some(suggestions) = schema::read(&told.content) else {
                    models.count("unusable", told.usage);
                    return Ok(Asked::Cannot(UNUSABLE));
                };
                models.count("answered", told.usage);
                Ok(Asked::Said(suggestions, Some(Fresh { hash, content: told.content })))
            }
            Some(Err(error)) => {
                let again = matches!(error, ModelError::Away(_)) && models.may_ask_again(asking.tries);
                Ok(if again { Asked::Later } else { Asked::Cannot(AWAY) })
            }
        }
    }

    /// Has a model do a task where somebody's share of the day allows it; `None` where it does not.
    pub(crate) async fn consult(
        &self,
        model: &dyn LanguageModel,
        user: UserId,
        task: &Task,
    ) -> Result<Option<Result<Told, ModelError>>, DbError> {
        let (day, most) = (utc_day(self.now()), task.most_tokens());
        if !self.may_spend(user, day, most).await? {
            self.models.count("over_budget", None);
            return Ok(None);
        }
        let begun = Instant::now();
        let said = model.ask(task).await;
        metrics::histogram!("perennial_model_seconds").record(begun.elapsed());
        let spent =
            said.as_ref().map_or(0, |told| told.usage.map_or(most, Usage::total).clamp(0, most.max(1) * 10));
        let mut batch = Batch::new();
        store::return_tokens(&mut batch, user, day, most - spent);
        self.database().apply(batch).await?;
        if let Err(error) = &said {
            tracing::warn!(%error, "a language model was asked in vain");
            self.models.count(if matches!(error, ModelError::Away(_)) { "away" } else { "refused" }, None);
        }
        Ok(Some(said))
    }

    /// Takes that much of somebody's share of today, where there is as much.
    pub(crate) async fn may_spend_today(&self, user: UserId, tokens: i64) -> Result<bool, DbError> {
        self.may_spend(user, utc_day(self.now()), tokens).await
    }

    async fn may_spend(&self, user: UserId, day: Date, tokens: i64) -> Result<bool, DbError> {
        let limit = i64::from(self.models.settings.daily_tokens);
        Ok(tokens <= limit && store::take_tokens(self.database(), user, day, tokens, limit).await?)
    }

    /// Erases words that are older than they are kept, and forgets what models said of them; whether there may be more.
    pub(crate) async fn forget(&self) -> Result<bool, DbError> {
        const AT_ONCE: i64 = 500;
        let now = self.now();
        let before = now.checked_sub(self.models.settings.keep.duration()).unwrap_or(Timestamp::MIN);
        let erased = store::erase_words(self.database(), before, AT_ONCE).await?;
        let mut batch = Batch::new();
        let yesterday = utc_day(now).yesterday().unwrap_or(Date::MIN);
        store::forget_models(&mut batch, before, yesterday);
        store::forget_forwarded(&mut batch, now.checked_sub(FORWARDED).unwrap_or(Timestamp::MIN));
        self.database().apply(batch).await?;
        Ok(i64::try_from(erased).is_ok_and(|erased| erased == AT_ONCE))
    }
}

fn utc_day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// Words by which an answer is known again, without them.
pub(crate) fn hash(model: &str, normalised: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(model.as_bytes());
    hash.update([0]);
    hash.update(normalised.as_bytes());
    hash.finalize().to_vec()
}
