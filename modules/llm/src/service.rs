//! From words to what they say: read, keep the rules, look for what it may double, act or ask.

use std::{sync::Arc, time::Duration};

use contracts::{
    CallError,
    auth::{Accounts, AuditLog},
    subscriptions::{
        Act, ChargeNews, ChargeOutcome, NewSubscription, Source, Status, Subscriptions, Summary, Teller,
    },
    users::{Account, Home, Household, Users},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{Actor, Clock, Cycle, Ids, Invalid, LearntNameId, MessageId, Unit};
use platform::{
    db::{Batch, Database},
    http::Problem,
};

use crate::{
    Deps, MailInSettings,
    answer::{Answer, AnswerStatus, ReadingBody},
    asking::Models,
    domain::{self, Context, EventKind, Field, Outcome, Reading},
    learning::Learnt,
    store,
};

/// How long another module may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest text that is taken: a long mail.
pub(crate) const LONGEST: usize = 20_000;

/// Where words come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    /// Typed.
    #[default]
    Text,
    /// Dictated.
    Voice,
    /// Forwarded from a phone.
    Sms,
    /// Forwarded from a mailbox.
    Email,
    /// Shared from another app.
    Share,
}

impl Channel {
    const ALL: [Self; 5] = [Self::Text, Self::Voice, Self::Sms, Self::Email, Self::Share];

    /// The channel of a word; typed, where it names none.
    pub(crate) fn named(word: &str) -> Self {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word).unwrap_or_default()
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Voice => "voice",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Share => "share",
        }
    }
}

/// Words that come in.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) text: String,
    pub(crate) channel: Channel,
    /// What "tomorrow" is read from; now when left out.
    pub(crate) sent_at: Option<Timestamp>,
}

impl Incoming {
    /// Words typed just now.
    pub(crate) fn typed(text: String) -> Self {
        Self { text, channel: Channel::Text, sent_at: None }
    }
}

/// Reads words.
pub struct Reader {
    database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    users: Arc<dyn Users>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) audit: Arc<dyn AuditLog>,
    subscriptions: Arc<dyn Subscriptions>,
    pub(crate) models: Models,
    pub(crate) mail_in: MailInSettings,
}

impl Reader {
    pub(crate) fn new(deps: Deps) -> Self {
        Self {
            models: Models::new(&deps),
            mail_in: deps.mail_in,
            database: deps.database,
            clock: deps.clock,
            ids: deps.ids,
            users: deps.users,
            accounts: deps.accounts,
            audit: deps.audit,
            subscriptions: deps.subscriptions,
        }
    }

    /// Where what was read is kept.
    pub(crate) const fn database(&self) -> &Database {
        &self.database
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Who belongs where.
    pub(crate) fn users(&self) -> &dyn Users {
        &*self.users
    }

    /// Reads words and says what would follow; nothing does, and nothing is kept.
    pub(crate) async fn preview(&self, actor: &Actor, incoming: &Incoming) -> Result<Answer, Problem> {
        let (outcome, context) = self.read(actor, incoming).await?;
        match outcome {
            Outcome::Refused(refusal) => Ok(Answer::refused(refusal)),
            Outcome::Readings(readings) => {
                let mut bodies = Vec::with_capacity(readings.len());
                for learnt in &self.as_learnt(actor.household, readings).await? {
                    bodies.push(self.weigh(actor, learnt, context.today).await?.0);
                }
                Ok(Answer::read(bodies))
            }
        }
    }

    /// Reads words and does what they say, where that is sure. Where a language model is asked, what it says may come
    /// later than this answer.
    pub(crate) async fn commit(&self, actor: &Actor, incoming: &Incoming) -> Result<Answer, Problem> {
        let wait = self.models.settings.wait.duration();
        self.commit_as(actor, self.new_message(), incoming, wait).await
    }

    pub(crate) fn new_message(&self) -> MessageId {
        self.ids.next()
    }

    pub(crate) fn new_name(&self) -> LearntNameId {
        self.ids.next()
    }

    /// The same by an id that is given, where nobody waits longer for a model than that.
    pub(crate) async fn commit_as(
        &self,
        actor: &Actor,
        id: MessageId,
        incoming: &Incoming,
        wait: Duration,
    ) -> Result<Answer, Problem> {
        let (outcome, context) = self.read(actor, incoming).await?;
        if self.models.may_help(&incoming.text, &outcome, &context) {
            return self.ask_a_model(actor, id, incoming, wait).await;
        }
        let answer = self.do_as_read(actor, id, outcome, context.today).await?;
        let mut batch = Batch::new();
        Self::note_names(&mut batch, actor.household, &answer);
        store::insert_message(
            &mut batch,
            actor,
            id,
            incoming,
            kept(&incoming.text, &answer),
            &answer,
            self.now(),
        );
        self.database.apply(batch).await?;
        counted(&answer);
        Ok(answer)
    }

    /// Does what was read, where that is sure.
    pub(crate) async fn do_as_read(
        &self,
        actor: &Actor,
        id: MessageId,
        outcome: Outcome,
        today: Date,
    ) -> Result<Answer, Problem> {
        let answer = match outcome {
            Outcome::Refused(refusal) => Answer::refused(refusal),
            Outcome::Readings(readings) => {
                let mut bodies = Vec::with_capacity(readings.len());
                for learnt in &self.as_learnt(actor.household, readings).await? {
                    bodies.push(self.follow(actor, id, learnt, today).await?);
                }
                Answer::read(bodies)
            }
        };
        Ok(Answer { id: Some(id), ..answer })
    }

    /// What was answered to words of before.
    pub(crate) async fn answer(&self, actor: &Actor, id: MessageId) -> Result<Answer, Problem> {
        let found = store::answer(&self.database, actor.household, id).await?;
        found.ok_or_else(|| Problem::not_found("There is no such message."))
    }

    /// How our own reader reads words, and with what in mind.
    pub(crate) async fn read(
        &self,
        actor: &Actor,
        incoming: &Incoming,
    ) -> Result<(Outcome, Context), Problem> {
        self.check(incoming)?;
        let household = self.household(actor).await?;
        let sent_at = incoming.sent_at.unwrap_or_else(|| self.now());
        let today = household.time_zone.date_at(sent_at);
        let context = Context { today, locale: household.locale, currency: household.currency };
        Ok((domain::read(&incoming.text, &context), context))
    }

    /// Whether words can be read at all.
    pub(crate) fn check(&self, incoming: &Incoming) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        if incoming.text.len() > LONGEST {
            invalid.add("/text", format!("must have at most {LONGEST} bytes"));
        }
        if incoming.sent_at.is_some_and(|sent_at| sent_at > self.now() + 24.hours()) {
            invalid.add("/sent_at", "must not lie in the future");
        }
        invalid.into_result()
    }

    /// The households that somebody can look at; none where users does not answer, as no page depends on it.
    pub(crate) async fn homes(&self, actor: &Actor) -> Vec<Home> {
        patiently(self.users.households(actor.user)).await.unwrap_or_default()
    }

    /// Who somebody is to their pages, and which day it is for them.
    pub(crate) async fn person(&self, actor: &Actor) -> Result<(Account, Date), Problem> {
        let account =
            patiently(self.users.account(actor.user)).await.map_err(away)?.ok_or_else(still_being_made)?;
        let today = account.profile.time_zone.date_at(self.clock.now());
        Ok((account, today))
    }

    async fn household(&self, actor: &Actor) -> Result<Household, Problem> {
        let found = patiently(self.users.household(actor.household)).await.map_err(away)?;
        found.ok_or_else(still_being_made)
    }

    /// What a reading would do, and to which subscription; with a question where it must not be done unasked.
    async fn weigh(
        &self,
        actor: &Actor,
        learnt: &Learnt,
        today: Date,
    ) -> Result<(ReadingBody, Option<Summary>), Problem> {
        let (mut body, reading) = (learnt.body(), &learnt.reading);
        let meant = self.meant(actor, reading).await?;
        body.question = question(reading, meant.as_ref(), today);
        match (reading.event, &meant) {
            (EventKind::SubscriptionCreated, Some(known)) => body.duplicate_of = Some(known.id),
            (_, Some(known)) => body.subscription_id = Some(known.id),
            (_, None) => {}
        }
        Ok((body, meant))
    }

    /// The tracked subscription a reading speaks of: of the same service, or of the same name.
    async fn meant(&self, actor: &Actor, reading: &Reading) -> Result<Option<Summary>, Problem> {
        let Some(name) = &reading.name else { return Ok(None) };
        let found = patiently(self.subscriptions.named(actor, name, reading.service)).await.map_err(away)?;
        let same = |candidate: &Summary| {
            let same_service = reading.service.is_some() && candidate.service.as_deref() == reading.service;
            let same_name = candidate.name.to_lowercase() == name.to_lowercase();
            candidate.status != Status::Ended && (same_service || same_name)
        };
        Ok(found.into_iter().find(same))
    }

    async fn follow(
        &self,
        actor: &Actor,
        message: MessageId,
        learnt: &Learnt,
        today: Date,
    ) -> Result<ReadingBody, Problem> {
        let reading = &learnt.reading;
        let (mut body, meant) = self.weigh(actor, learnt, today).await?;
        if body.question.is_some() {
            return Ok(body);
        }
        let done = match (reading.event, meant, outcome(reading.event)) {
            (EventKind::SubscriptionCreated, ..) => self.create(actor, message, reading, today).await,
            (_, Some(known), Some(outcome)) => self.confirm(actor, &known, reading, outcome, &mut body).await,
            (_, Some(known), None) => self.act(actor, &known, reading).await,
            (_, None, _) => Err(CallError::NotFound),
        };
        match done {
            Ok(summary) => {
                body.subscription_id = Some(summary.id);
                body.next_charge_on = summary.next_charge_on;
            }
            Err(CallError::Invalid(invalid)) => body.question = Some(said(&invalid)),
            Err(CallError::Conflict(sentence)) => body.question = Some(sentence),
            Err(CallError::NotFound) => body.question = Some("Which subscription do you mean?".into()),
            Err(CallError::Unavailable(cause)) => return Err(away(CallError::Unavailable(cause))),
        }
        Ok(body)
    }

    async fn create(
        &self,
        actor: &Actor,
        message: MessageId,
        reading: &Reading,
        today: Date,
    ) -> Result<Summary, CallError> {
        let (Some(name), Some(regular)) = (reading.name.clone(), reading.price) else {
            return Err(CallError::NotFound);
        };
        let first_charge_on = reading.first_charge_on.or(reading.next_charge_on);
        let new = NewSubscription {
            name,
            plan: reading.plan.clone(),
            service: reading.service.map(Into::into),
            price: reading.promotion.map_or(regular, |promotion| promotion.price),
            cycle: reading.cycle,
            first_charge_on,
            trial_ends_on: reading.trial_ends_on,
            ends_on: None,
            backfill: true,
            category: reading.category.map(Into::into),
            source: Source::Text { message_id: message },
        };
        let begins_on = first_charge_on.or(reading.trial_ends_on).unwrap_or(today);
        let created = patiently(self.subscriptions.create(actor, new)).await?;
        match reading.promotion.and_then(|promotion| after(begins_on, promotion.lasts)) {
            None => Ok(created),
            Some(from) => {
                let then = Act::ChangePrice { price: regular, from: Some(from) };
                patiently(self.subscriptions.act(actor, created.id, then)).await
            }
        }
    }

    /// A payment that was told of: the one in the ledger that it is becomes what was told, and none is added.
    async fn confirm(
        &self,
        actor: &Actor,
        known: &Summary,
        reading: &Reading,
        outcome: ChargeOutcome,
        body: &mut ReadingBody,
    ) -> Result<Summary, CallError> {
        let news = ChargeNews {
            subscription: known.id,
            outcome,
            amount: reading.price,
            on: reading.effective_on,
            teller: Teller::Message,
        };
        let confirmed = patiently(self.subscriptions.confirm_charge(actor, news)).await?;
        body.payment_id = Some(confirmed.payment);
        Ok(confirmed.subscription)
    }

    async fn act(&self, actor: &Actor, known: &Summary, reading: &Reading) -> Result<Summary, CallError> {
        let act = match (reading.event, reading.price) {
            (EventKind::SubscriptionCancelled, _) => Act::Cancel { ends_on: reading.effective_on },
            (EventKind::SubscriptionPaused, _) => Act::Pause,
            (EventKind::SubscriptionResumed, _) if known.status == Status::Cancelled => Act::Reactivate,
            (EventKind::SubscriptionResumed, _) => Act::Resume,
            (EventKind::SubscriptionPriceChanged, Some(price)) => {
                Act::ChangePrice { price, from: reading.effective_on }
            }
            _ => return Err(CallError::NotFound),
        };
        patiently(self.subscriptions.act(actor, known.id, act)).await
    }
}

/// What a reading says became of a charge, where it speaks of one.
const fn outcome(event: EventKind) -> Option<ChargeOutcome> {
    match event {
        EventKind::PaymentRecorded => Some(ChargeOutcome::Paid),
        EventKind::PaymentFailed => Some(ChargeOutcome::Failed),
        EventKind::PaymentRefunded => Some(ChargeOutcome::Refunded),
        EventKind::SubscriptionCreated
        | EventKind::SubscriptionCancelled
        | EventKind::SubscriptionPaused
        | EventKind::SubscriptionResumed
        | EventKind::SubscriptionPriceChanged => None,
    }
}

/// What has to be asked before a reading may be followed.
fn question(reading: &Reading, meant: Option<&Summary>, today: Date) -> Option<String> {
    if let Some(missing) = reading.missing.first() {
        return Some(ask_for(*missing).into());
    }
    if reading.confidence.asks() {
        return Some("Is this what you mean?".into());
    }
    if let Some(date) = far_ahead(reading, today) {
        return Some(format!("Is it really not charged before {date}?"));
    }
    match (reading.event, meant) {
        (EventKind::SubscriptionCreated, Some(known)) => {
            Some(format!("{} is tracked already. Is this another one?", known.name))
        }
        (EventKind::SubscriptionCreated, None) => None,
        (_, None) => Some("Which subscription do you mean?".into()),
        (
            EventKind::PaymentRecorded
            | EventKind::PaymentFailed
            | EventKind::PaymentRefunded
            | EventKind::SubscriptionCancelled
            | EventKind::SubscriptionPaused
            | EventKind::SubscriptionResumed
            | EventKind::SubscriptionPriceChanged,
            Some(_),
        ) => None,
    }
}

/// The first charge, when it lies further ahead than its rhythm and a month: more often a day and a month that were
/// meant the other way round, or one that has passed, than a plan.
fn far_ahead(reading: &Reading, today: Date) -> Option<Date> {
    let rhythm = reading.cycle.filter(|_| reading.event == EventKind::SubscriptionCreated)?;
    let first = reading.first_charge_on.or(reading.next_charge_on)?;
    let expected = after(after(reading.trial_ends_on.unwrap_or(today), rhythm)?, Cycle::MONTHLY)?;
    (first > expected).then_some(first)
}

const fn ask_for(field: Field) -> &'static str {
    match field {
        Field::Name => "What is it that you pay for?",
        Field::Price => "How much is it?",
        Field::Cycle => "How often is it paid?",
        Field::Event => "What happened?",
        Field::Plan => "Which plan is it?",
        Field::FirstChargeOn | Field::NextChargeOn => "When is it charged?",
        Field::TrialEndsOn => "When does the trial end?",
        Field::EffectiveOn => "From which day on?",
        Field::Promotion => "How long does the first price hold?",
    }
}

/// The day on which a cycle that began on a day is over.
pub(crate) fn after(begins_on: Date, lasts: Cycle) -> Option<Date> {
    let every = i64::from(lasts.every());
    let span = match lasts.unit() {
        Unit::Day => every.days(),
        Unit::Week => every.weeks(),
        Unit::Month => every.months(),
        Unit::Year => every.years(),
    };
    begins_on.checked_add(span).ok()
}

fn said(invalid: &Invalid) -> String {
    format!("It cannot be added as it was read: {}.", mistakes(invalid))
}

/// What is wrong with each member, in words.
pub(crate) fn mistakes(invalid: &Invalid) -> String {
    let each: Vec<String> = invalid
        .errors()
        .iter()
        .map(|error| format!("{} {}", error.pointer.trim_start_matches('/').replace('_', " "), error.detail))
        .collect();
    each.join("; ")
}

fn still_being_made() -> Problem {
    Problem::unavailable("Your account is still being made; try again in a moment.").retry_after(1)
}

pub(crate) async fn patiently<T>(call: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    tokio::time::timeout(PATIENCE, call)
        .await
        .unwrap_or_else(|_| Err(CallError::Unavailable("it did not answer in time".into())))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
pub(crate) fn away(error: CallError) -> Problem {
    tracing::error!(%error, "a module that words are read with is away");
    Problem::unavailable("A part of the system is away; try again in a moment.").retry_after(1)
}

const fn status_word(status: AnswerStatus) -> &'static str {
    match status {
        AnswerStatus::Applied => "applied",
        AnswerStatus::NeedsConfirmation => "needs_confirmation",
        AnswerStatus::Refused => "refused",
        AnswerStatus::Processing => "processing",
    }
}

/// What is kept of words: of those that are refused, such as a code or a stranger's message, nothing.
pub(crate) fn kept<'a>(text: &'a str, answer: &Answer) -> &'a str {
    if answer.status == AnswerStatus::Refused { "" } else { text }
}

pub(crate) fn counted(answer: &Answer) {
    metrics::counter!("perennial_messages_total", "status" => status_word(answer.status)).increment(1);
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 5, 5);

    fn asked(text: &str) -> Option<String> {
        let locale = "en-IN".parse().unwrap();
        let context = Context { today: TODAY, locale, currency: kernel::Currency::INR };
        let Outcome::Readings(readings) = domain::read(text, &context) else { panic!("{text} is refused") };
        question(&readings[0], None, TODAY)
    }

    #[test]
    fn a_plain_sentence_is_followed_unasked() {
        for text in ["Netflix ₹499 monthly", "Gym 9990 every 6 months", "Spotify 1189 yearly from 1 June"] {
            assert_eq!(asked(text), None, "{text}");
        }
    }

    #[test]
    fn a_payment_of_something_that_is_tracked_is_noted_unasked() {
        let known = Summary {
            id: "sub_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap(),
            name: "Netflix".into(),
            service: Some("netflix".into()),
            status: Status::Active,
            price: kernel::Money::from_minor(49_900, kernel::Currency::INR),
            cycle: Some(Cycle::MONTHLY),
            next_charge_on: None,
            trial_ends_on: None,
            ends_on: None,
        };
        for (text, expected) in [
            ("paid netflix 499", ChargeOutcome::Paid),
            ("my netflix payment failed", ChargeOutcome::Failed),
            ("netflix refunded me 499", ChargeOutcome::Refunded),
        ] {
            let locale = "en-IN".parse().unwrap();
            let context = Context { today: TODAY, locale, currency: kernel::Currency::INR };
            let Outcome::Readings(readings) = domain::read(text, &context) else {
                panic!("{text} is refused")
            };
            assert_eq!(outcome(readings[0].event), Some(expected), "{text}");
            assert_eq!(question(&readings[0], Some(&known), TODAY), None, "{text}");
            assert!(question(&readings[0], None, TODAY).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_missing_or_unlikely_is_asked_about() {
        for text in ["Netflix monthly", "Netflix ₹499", "Netflix 499 monthly from 03/04"] {
            assert!(asked(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_promotion_ends_on_the_day_of_its_length() {
        assert_eq!(after(date(2026, 1, 31), Cycle::MONTHLY), Some(date(2026, 2, 28)));
        assert_eq!(after(Date::MAX, Cycle::YEARLY), None);
    }
}
