//! Addresses that are told of what happens in a household: set up, changed, tried, taken away; and what they are told.

use std::time::Duration;

use jiff::Timestamp;
use kernel::{Actor, Event, HouseholdId, Invalid, UserId, WebhookId, WebhookMessageId};
use platform::{db::Batch, outbound::check_address, system::random_bytes};
use serde_json::{Value, json};

use super::{Herald, News};
use crate::{
    channels::{self, Ask, Config},
    domain::{ChannelState, Facts, HEARD, Kind, TEST, texts::one_line},
    error::HeraldError,
    store::{
        self, Attempt, DeliveryState, KeptAttempt, KeptMessage, KeptWebhook, MOST_WEBHOOKS, NewMessage,
        NextMessage,
    },
};

/// How long what was signed with before is signed with too.
const ROTATION: Duration = Duration::from_secs(24 * 3600);
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;
/// What an address that has no name is called.
const UNNAMED: &str = "Webhook";

const URL: &str = "url";
const SECRET: &str = "secret";
const PREVIOUS: &str = "previous";
const PREVIOUS_UNTIL: &str = "previous_until";

/// What is to be different, or is set up.
#[derive(Debug, Clone, Default)]
pub(crate) struct WebhookChange {
    pub(crate) name: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) kinds: Option<Vec<String>>,
    pub(crate) on: Option<bool>,
}

/// Whether an address is told of an event: what is one person's alone is told to theirs only.
fn told_of(webhook: &KeptWebhook, event: &Event) -> bool {
    let wanted = webhook.kinds.is_empty() || webhook.kinds.contains(&event.kind);
    wanted && event.audience.is_none_or(|audience| audience == webhook.user)
}

/// What is sent of an event.
fn body(event: &Event) -> Value {
    json!({
        "type": event.kind,
        "timestamp": event.time,
        "id": event.id,
        "household_id": event.household,
        "subject": event.subject,
        "schema": event.dataschema,
        "data": event.data,
    })
}

/// The secrets of an address that hold at an instant, the newest first.
fn secrets(config: &Config, now: Timestamp) -> Vec<&str> {
    let mut all: Vec<&str> = config.get(SECRET).map(String::as_str).into_iter().collect();
    let until = config.get(PREVIOUS_UNTIL).and_then(|text| text.parse::<Timestamp>().ok());
    if until.is_some_and(|until| now < until) {
        all.extend(config.get(PREVIOUS).map(String::as_str));
    }
    all
}

impl Herald {
    /// Those of the actor's household, in the order in which they were set up.
    pub(crate) async fn webhooks(&self, actor: &Actor) -> Result<Vec<KeptWebhook>, HeraldError> {
        Ok(store::webhooks(&self.database, actor.household).await?)
    }

    pub(crate) async fn webhook(&self, actor: &Actor, id: WebhookId) -> Result<KeptWebhook, HeraldError> {
        store::webhook(&self.database, actor.household, id).await?.ok_or(HeraldError::NotFound)
    }

    /// Where one leads.
    pub(crate) fn webhook_address(&self, webhook: &KeptWebhook) -> Result<String, HeraldError> {
        let mut config = self.opened(webhook.id.uuid(), &webhook.config)?;
        Ok(config.remove(URL).unwrap_or_default())
    }

    fn new_signing_secret() -> Result<String, HeraldError> {
        let random = random_bytes().map_err(|error| HeraldError::Sealed(error.to_string()))?;
        Ok(channels::new_secret(&random))
    }

    fn check_webhook(&self, change: &WebhookChange) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        if change.name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            invalid.add("/name", format!("must be at most {LONGEST_NAME} characters long"));
        }
        if let Some(url) = &change.url {
            if url.len() > super::channels::LONGEST_ANSWER || url.chars().any(char::is_control) {
                invalid.add("/url", "must be one line, and shorter");
            } else if let Err(wrong) = check_address(url, self.settings.reach()) {
                invalid.add("/url", wrong);
            }
        }
        for (at, kind) in change.kinds.iter().flatten().enumerate() {
            if !HEARD.contains(&kind.as_str()) {
                invalid.add(format!("/events/{at}"), "is no event that can be told");
            }
        }
        if change.kinds.as_ref().is_some_and(|kinds| kinds.len() > HEARD.len()) {
            invalid.add("/events", "must name each event once");
        }
        invalid.into_result()
    }

    /// Sets one up; with the secret it is signed with, which is told this once.
    pub(crate) async fn add_webhook(
        &self,
        actor: &Actor,
        new: &WebhookChange,
    ) -> Result<(KeptWebhook, String), HeraldError> {
        self.check_webhook(new)?;
        let url = new.url.clone().ok_or_else(|| Invalid::field("/url", "is needed"))?;
        let known = store::webhooks(&self.database, actor.household).await?.len();
        if i64::try_from(known).unwrap_or(i64::MAX) >= MOST_WEBHOOKS {
            return Err(HeraldError::Refused(
                "Your household has as many webhooks as one can have: take one away first.",
            ));
        }
        let (id, now, secret): (WebhookId, _, _) = (self.ids.next(), self.now(), Self::new_signing_secret()?);
        let config = Config::from([(URL.to_owned(), url), (SECRET.to_owned(), secret.clone())]);
        let webhook = KeptWebhook {
            id,
            household: actor.household,
            user: actor.user,
            name: named(new.name.as_deref()),
            config: self.sealed(id.uuid(), &config)?,
            kinds: new.kinds.clone().unwrap_or_default(),
            state: ChannelState::On,
            reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
            failures: 0,
            rests_until: None,
        };
        // Whoever is told that it works no more is known from then on.
        let (_, mut batch) = self.known(actor.user).await?;
        store::insert_webhook(&mut batch, &webhook);
        self.database.apply(batch).await?;
        Ok((webhook, secret))
    }

    /// Changes one where `seen` says that it is still what they have seen.
    pub(crate) async fn change_webhook<E: From<HeraldError>>(
        &self,
        actor: &Actor,
        id: WebhookId,
        seen: impl Fn(&KeptWebhook) -> Result<(), E>,
        change: &WebhookChange,
    ) -> Result<KeptWebhook, E> {
        self.check_webhook(change).map_err(HeraldError::from)?;
        let mut webhook = self.webhook(actor, id).await?;
        seen(&webhook)?;
        let (found, now) = (webhook.version, self.now());
        if let Some(name) = &change.name {
            webhook.name = named(Some(name));
        }
        if let Some(url) = &change.url {
            let mut config = self.opened(id.uuid(), &webhook.config)?;
            config.insert(URL.to_owned(), url.clone());
            webhook.config = self.sealed(id.uuid(), &config)?;
        }
        if let Some(kinds) = &change.kinds {
            webhook.kinds.clone_from(kinds);
        }
        match change.on {
            Some(true) => webhook.state = ChannelState::On,
            Some(false) => webhook.state = ChannelState::Off,
            None => {}
        }
        let mut batch = Batch::new();
        if webhook.state == ChannelState::On {
            webhook.reason = None;
        } else {
            store::stop_messages(&mut batch, actor.household, id, "the webhook was turned off", now);
        }
        self.keep_webhook(batch, webhook, found, now).await.map_err(E::from)
    }

    async fn keep_webhook(
        &self,
        mut batch: Batch,
        webhook: KeptWebhook,
        found: i64,
        now: Timestamp,
    ) -> Result<KeptWebhook, HeraldError> {
        store::update_webhook(&mut batch, &webhook, found, now);
        if !self.applied(batch).await? {
            return Err(HeraldError::Changed);
        }
        Ok(KeptWebhook { version: found + 1, updated_at: now, failures: 0, rests_until: None, ..webhook })
    }

    /// Signs with a new secret from now on, and with the one before too for a day. The new one is told this once.
    pub(crate) async fn rotate_webhook(
        &self,
        actor: &Actor,
        id: WebhookId,
    ) -> Result<(KeptWebhook, String, Timestamp), HeraldError> {
        let mut webhook = self.webhook(actor, id).await?;
        let (found, now, secret) = (webhook.version, self.now(), Self::new_signing_secret()?);
        let until = now.saturating_add(ROTATION).unwrap_or(Timestamp::MAX);
        let mut config = self.opened(id.uuid(), &webhook.config)?;
        if let Some(before) = config.insert(SECRET.to_owned(), secret.clone()) {
            config.insert(PREVIOUS.to_owned(), before);
            config.insert(PREVIOUS_UNTIL.to_owned(), until.to_string());
        }
        webhook.config = self.sealed(id.uuid(), &config)?;
        let kept = self.keep_webhook(Batch::new(), webhook, found, now).await?;
        Ok((kept, secret, until))
    }

    /// Takes one away, with everything it was told.
    pub(crate) async fn remove_webhook<E: From<HeraldError>>(
        &self,
        actor: &Actor,
        id: WebhookId,
        seen: impl Fn(&KeptWebhook) -> Result<(), E>,
    ) -> Result<(), E> {
        let webhook = self.webhook(actor, id).await?;
        seen(&webhook)?;
        let mut batch = Batch::new();
        store::delete_webhook(&mut batch, actor.household, id, webhook.version);
        if self.applied(batch).await? { Ok(()) } else { Err(HeraldError::Changed.into()) }
    }

    fn must_be_on(webhook: &KeptWebhook) -> Result<(), HeraldError> {
        match webhook.state {
            ChannelState::On => Ok(()),
            ChannelState::Off | ChannelState::Broken => {
                Err(HeraldError::Refused("The webhook is off: turn it on first."))
            }
        }
    }

    /// Tells an address that this is a test: behind what it is still to be told.
    pub(crate) async fn test_webhook(
        &self,
        actor: &Actor,
        id: WebhookId,
    ) -> Result<WebhookMessageId, HeraldError> {
        let webhook = self.webhook(actor, id).await?;
        Self::must_be_on(&webhook)?;
        let (message, now, event): (WebhookMessageId, _, kernel::EventId) =
            (self.ids.next(), self.now(), self.ids.next());
        let body = json!({
            "type": TEST,
            "timestamp": now,
            "id": event,
            "household_id": webhook.household,
            "subject": webhook.id,
            "data": { "webhook": webhook.id, "name": webhook.name },
        });
        let mut batch = Batch::new();
        let new = NewMessage {
            id: message,
            household: webhook.household,
            webhook: id,
            event,
            kind: TEST.to_owned(),
            body: body.to_string(),
            missed: None,
            now,
        };
        store::insert_message(&mut batch, &new);
        self.wake_webhook(&mut batch, &webhook, now);
        if self.applied(batch).await? { Ok(message) } else { Err(HeraldError::Changed) }
    }

    /// What rested is tried at once: whoever asks for it has mended something.
    fn wake_webhook(&self, batch: &mut Batch, webhook: &KeptWebhook, now: Timestamp) {
        store::update_webhook(batch, webhook, webhook.version, now);
        store::ring_webhook(batch, webhook.household, webhook.id, now);
    }

    /// What an address was told, the newest first, and one more than asked for.
    pub(crate) async fn webhook_messages(
        &self,
        actor: &Actor,
        id: WebhookId,
        state: Option<DeliveryState>,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<KeptMessage>, HeraldError> {
        let webhook = self.webhook(actor, id).await?;
        let limit = i64::from(limit) + 1;
        Ok(store::messages(&self.database, actor.household, webhook.id, state, before, limit).await?)
    }

    /// The tries at an address, the newest first, and one more than asked for.
    pub(crate) async fn webhook_attempts(
        &self,
        actor: &Actor,
        id: WebhookId,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<KeptAttempt>, HeraldError> {
        let webhook = self.webhook(actor, id).await?;
        let limit = i64::from(limit) + 1;
        Ok(store::webhook_attempts(&self.database, actor.household, webhook.id, before, limit).await?)
    }

    /// One thing an address was told, with every try.
    pub(crate) async fn webhook_message(
        &self,
        actor: &Actor,
        id: WebhookId,
        message: WebhookMessageId,
    ) -> Result<(KeptMessage, Vec<Attempt>), HeraldError> {
        let found = store::message(&self.database, actor.household, id, message).await?;
        let found = found.ok_or(HeraldError::NotFound)?;
        let attempts = store::message_attempts(&self.database, actor.household, message).await?;
        Ok((found, attempts))
    }

    /// Tells an address once more what it was told, by the same id.
    pub(crate) async fn resend(
        &self,
        actor: &Actor,
        id: WebhookId,
        message: WebhookMessageId,
    ) -> Result<(), HeraldError> {
        let webhook = self.webhook(actor, id).await?;
        let (found, _) = self.webhook_message(actor, id, message).await?;
        Self::must_be_on(&webhook)?;
        if found.state == DeliveryState::Planned {
            return Err(HeraldError::Refused("It is on its way already."));
        }
        let mut batch = Batch::new();
        store::plan_again(&mut batch, actor.household, message);
        self.wake_webhook(&mut batch, &webhook, self.now());
        if self.applied(batch).await? { Ok(()) } else { Err(HeraldError::Changed) }
    }

    /// Tells an address everything that it has not taken, in the order in which it happened.
    pub(crate) async fn resend_missed(&self, actor: &Actor, id: WebhookId) -> Result<(), HeraldError> {
        let webhook = self.webhook(actor, id).await?;
        Self::must_be_on(&webhook)?;
        let mut batch = Batch::new();
        store::plan_missed_again(&mut batch, actor.household, id);
        self.wake_webhook(&mut batch, &webhook, self.now());
        if self.applied(batch).await? { Ok(()) } else { Err(HeraldError::Changed) }
    }

    /// What the addresses of a household are to be told of an event. What one misses that was turned off because it took
    /// nothing is written down, so that it can be sent when it is mended.
    pub(crate) async fn telling_webhooks(
        &self,
        household: HouseholdId,
        event: &Event,
    ) -> Result<Batch, HeraldError> {
        let mut batch = Batch::new();
        let now = self.now();
        for webhook in store::webhooks(&self.database, household).await? {
            if !told_of(&webhook, event) {
                continue;
            }
            let missed = match webhook.state {
                ChannelState::On => None,
                ChannelState::Broken => Some("the webhook was turned off"),
                ChannelState::Off => continue,
            };
            let new = NewMessage {
                id: self.ids.next(),
                household,
                webhook: webhook.id,
                event: event.id,
                kind: event.kind.clone(),
                body: body(event).to_string(),
                missed,
                now,
            };
            store::insert_message(&mut batch, &new);
            if missed.is_none() {
                store::ring_webhook(&mut batch, household, webhook.id, now);
            }
        }
        Ok(batch)
    }

    /// Somebody has left a household: what they set up there is told nothing more.
    pub(crate) async fn leave_webhooks(
        &self,
        batch: &mut Batch,
        household: HouseholdId,
        user: UserId,
    ) -> Result<(), HeraldError> {
        for webhook in store::webhooks_of(&self.database, household, user).await? {
            store::break_webhook(batch, &webhook, "whoever set it up has left the household", self.now());
        }
        Ok(())
    }

    /// The request that tells an address of something.
    pub(crate) fn webhook_ask(&self, webhook: &KeptWebhook, message: &NextMessage) -> Result<Ask, String> {
        let now = self.now();
        let config = self.opened(webhook.id.uuid(), &webhook.config).map_err(|error| {
            tracing::error!(webhook = %webhook.id, %error, "a webhook cannot be opened");
            "what you entered cannot be opened; whoever runs this Perennial has to look at its key".to_owned()
        })?;
        let (url, secrets) = (config.get(URL).map_or("", String::as_str), secrets(&config, now));
        let body = message.body.clone().into_bytes();
        channels::event(url, &secrets, &message.id.to_string(), now, body).map_err(str::to_owned)
    }

    /// An address is turned off, and whoever set it up is told.
    pub(crate) async fn webhook_broken(
        &self,
        batch: &mut Batch,
        webhook: &KeptWebhook,
        said: &str,
    ) -> Result<(), HeraldError> {
        let said = one_line(said);
        store::break_webhook(batch, webhook, &said, self.now());
        let (known, keeping) = self.known(webhook.user).await?;
        batch.extend(keeping);
        let channels = store::channels(&self.database, webhook.user).await?;
        let news = News {
            recipient: webhook.user,
            household: webhook.household,
            kind: Kind::WebhookBroken,
            about: self.ids.uuid(),
            subscription: None,
            facts: Facts::Webhook { webhook: webhook.id, name: webhook.name.clone(), said },
            urgent: true,
        };
        self.tell(batch, &known, &channels, &news);
        Ok(())
    }
}

fn named(name: Option<&str>) -> String {
    let line = one_line(name.unwrap_or_default());
    if line.is_empty() { UNNAMED.to_owned() } else { line }
}
