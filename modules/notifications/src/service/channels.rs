//! The ways by which somebody is told: set up, changed, tried, taken away.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Actor, ChannelId, DeliveryId, Invalid};
use platform::{db::Batch, outbound::check_address, system::random_bytes};

use super::{Herald, News, tell::Sending};
use crate::{
    channels::{self, Adapter, Config, Question, Shape},
    domain::{ChannelKind, ChannelState, Facts, Kind, Plan, Wait, texts::one_line},
    error::HeraldError,
    store::{self, KeptChannel, NewNotification},
};

/// What stops mail, among what is kept of a channel.
const STOP: &str = "stop";
/// The longest name of a channel, in characters.
pub(crate) const LONGEST_NAME: usize = 60;
/// The longest answer to a provider's question.
pub(crate) const LONGEST_ANSWER: usize = 4000;

/// What is to be different about a channel.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChannelChange {
    pub(crate) name: Option<String>,
    /// Answers that are different; an empty one takes an answer back.
    pub(crate) config: Config,
    pub(crate) on: Option<bool>,
}

impl Herald {
    /// Somebody's channels, in the order in which they were set up.
    pub(crate) async fn channels(&self, actor: &Actor) -> Result<Vec<KeptChannel>, HeraldError> {
        Ok(store::channels(&self.database, actor.user).await?)
    }

    /// One of them.
    pub(crate) async fn channel(&self, actor: &Actor, id: ChannelId) -> Result<KeptChannel, HeraldError> {
        store::channel(&self.database, actor.user, id).await?.ok_or(HeraldError::NotFound)
    }

    /// The kinds that this installation offers, in their order.
    pub(crate) fn offered(&self) -> Vec<ChannelKind> {
        let mails = self.mailer.is_some();
        let offered =
            |kind: &ChannelKind| self.adapter(*kind).is_some() || (*kind == ChannelKind::Email && mails);
        ChannelKind::ALL.iter().copied().filter(offered).collect()
    }

    /// What a kind needs to know.
    pub(crate) fn questions(kind: ChannelKind) -> &'static [Question] {
        if kind == ChannelKind::WebPush {
            return channels::QUESTIONS_TO_BROWSERS;
        }
        channels::adapter(kind).map_or(&[], |adapter| adapter.questions())
    }

    /// Who asks the provider of a kind, where it is asked by HTTP.
    pub(crate) fn adapter(&self, kind: ChannelKind) -> Option<&dyn Adapter> {
        if kind == ChannelKind::WebPush {
            return Some(&self.web_push);
        }
        channels::adapter(kind).map(|adapter| adapter as &dyn Adapter)
    }

    /// What was answered, opened.
    pub(crate) fn config(&self, channel: &KeptChannel) -> Result<Config, HeraldError> {
        self.opened(channel.id.uuid(), &channel.config)
    }

    /// What was sealed for what it belongs to.
    pub(super) fn opened(&self, owner: uuid::Uuid, sealed: &[u8]) -> Result<Config, HeraldError> {
        let opened = self.sealing.open(owner.as_bytes(), sealed);
        let opened = opened.map_err(|error| HeraldError::Sealed(error.to_string()))?;
        serde_json::from_slice(&opened).map_err(|error| HeraldError::Sealed(error.to_string()))
    }

    fn seal(&self, id: ChannelId, config: &Config) -> Result<Vec<u8>, HeraldError> {
        self.sealed(id.uuid(), config)
    }

    /// Answers, sealed for what they belong to.
    pub(super) fn sealed(&self, owner: uuid::Uuid, config: &Config) -> Result<Vec<u8>, HeraldError> {
        let failed = |error: &dyn std::fmt::Display| HeraldError::Sealed(error.to_string());
        let plain = serde_json::to_vec(config).map_err(|error| failed(&error))?;
        self.sealing.seal(owner.as_bytes(), &plain).map_err(|error| failed(&error))
    }

    /// Sets a channel up.
    pub(crate) async fn add_channel(
        &self,
        actor: &Actor,
        kind: ChannelKind,
        name: &str,
        config: &Config,
    ) -> Result<KeptChannel, HeraldError> {
        let mut invalid = Invalid::new();
        if !self.offered().contains(&kind) {
            invalid.add("/kind", "is not offered by this installation");
        }
        let name = checked_name(name, kind, &mut invalid);
        let mut config = self.checked(kind, config, &mut invalid);
        invalid.into_result()?;
        if let Some(known) = self.same_browser(actor, kind, &config).await? {
            let change = ChannelChange { name: None, config, on: Some(true) };
            return self.change_channel(actor, known, |_| Ok::<_, HeraldError>(()), &change).await;
        }
        if i64::try_from(store::channels(&self.database, actor.user).await?.len()).unwrap_or(i64::MAX)
            >= store::MOST
        {
            return Err(HeraldError::Refused(
                "You have as many channels as one can have: take one away first.",
            ));
        }
        self.complete(kind, &mut config)?;
        // What is not known of them yet is kept first: what is told by a channel is told to a person.
        let (_, mut batch) = self.known(actor.user).await?;
        let (id, now) = (self.ids.next(), self.now());
        let channel = KeptChannel {
            id,
            user: actor.user,
            kind,
            name,
            config: self.seal(id, &config)?,
            state: ChannelState::On,
            reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
            failures: 0,
            rests_until: None,
        };
        store::insert_channel(&mut batch, &channel);
        self.database.apply(batch).await?;
        Ok(channel)
    }

    /// A browser that is added again is the one it was, and is not told everything twice.
    async fn same_browser(
        &self,
        actor: &Actor,
        kind: ChannelKind,
        config: &Config,
    ) -> Result<Option<ChannelId>, HeraldError> {
        if kind != ChannelKind::WebPush {
            return Ok(None);
        }
        let channels = store::channels(&self.database, actor.user).await?;
        let browsers = channels.iter().filter(|channel| channel.kind == kind);
        let mut same = browsers.filter(|channel| {
            self.config(channel).is_ok_and(|known| known.get("endpoint") == config.get("endpoint"))
        });
        Ok(same.next().map(|channel| channel.id))
    }

    /// What has to be there and was left to us.
    fn complete(&self, kind: ChannelKind, config: &mut Config) -> Result<(), HeraldError> {
        if kind == ChannelKind::Webhook && config.get("secret").is_none_or(String::is_empty) {
            let random = random_bytes().map_err(|error| HeraldError::Sealed(error.to_string()))?;
            config.insert("secret".into(), channels::new_secret(&random));
        }
        if kind == ChannelKind::Email {
            let random: [u8; 16] = random_bytes().map_err(|error| HeraldError::Sealed(error.to_string()))?;
            config.insert(STOP.into(), URL_SAFE_NO_PAD.encode(random));
        }
        Ok(())
    }

    /// Where mail by a channel is stopped.
    pub(crate) fn stop_address(&self, channel: &KeptChannel, config: &Config) -> String {
        let token = config.get(STOP).map_or("", String::as_str);
        format!("{}/notifications/unsubscribe/{}/{token}", self.public_url, channel.id)
    }

    /// Whether mail goes by a channel, to whoever holds what its mails hold.
    pub(crate) async fn mailed(&self, id: ChannelId, token: &str) -> Result<bool, HeraldError> {
        let channel = self.channel_by_token(id, token).await?;
        Ok(channel.state == ChannelState::On)
    }

    /// Turns mail off, by whoever holds what its mails hold. Doing it again changes nothing.
    pub(crate) async fn stop_mail(&self, id: ChannelId, token: &str) -> Result<(), HeraldError> {
        for _ in 0..super::TRIES {
            let channel = self.channel_by_token(id, token).await?;
            if channel.state != ChannelState::On {
                return Ok(());
            }
            let (mut batch, found, now) = (Batch::new(), channel.version, self.now());
            store::update_channel(
                &mut batch,
                &KeptChannel { state: ChannelState::Off, ..channel },
                found,
                now,
            );
            store::cancel_all(&mut batch, id, "you stopped it from an e-mail", now);
            if self.applied(batch).await? {
                return Ok(());
            }
        }
        Err(HeraldError::Changed)
    }

    async fn channel_by_token(&self, id: ChannelId, token: &str) -> Result<KeptChannel, HeraldError> {
        let found = store::channel_for_all(&self.database, id).await?.ok_or(HeraldError::NotFound)?;
        let known = self.config(&found)?.remove(STOP).unwrap_or_default();
        let same = known.len() == token.len()
            && known.bytes().zip(token.bytes()).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0;
        if known.is_empty() || !same { Err(HeraldError::NotFound) } else { Ok(found) }
    }

    /// The answers, each right by itself and all of them together.
    fn checked(&self, kind: ChannelKind, config: &Config, invalid: &mut Invalid) -> Config {
        let questions = Self::questions(kind);
        let mut checked = Config::new();
        for name in
            config.keys().filter(|name| !questions.iter().any(|question| question.name == name.as_str()))
        {
            invalid.add(format!("/config/{name}"), "is not asked for");
        }
        for question in questions {
            let pointer = format!("/config/{}", question.name);
            let answer = config.get(question.name).map(|text| text.trim()).unwrap_or_default();
            if answer.is_empty() {
                if question.default.is_none() {
                    invalid.add(pointer, "is needed");
                }
                continue;
            }
            if answer.len() > LONGEST_ANSWER {
                invalid.add(&pointer, format!("must be at most {LONGEST_ANSWER} bytes long"));
            }
            let one_line = question.shape != Shape::Template;
            if one_line && answer.chars().any(char::is_control) {
                invalid.add(&pointer, "must be one line");
            }
            // Tokens stand in headers and addresses.
            if question.shape == Shape::Secret && !answer.bytes().all(|byte| (33..127).contains(&byte)) {
                invalid.add(&pointer, "must be letters, digits and signs without spaces");
            }
            if matches!(question.shape, Shape::Address | Shape::SecretAddress)
                && let Err(error) = check_address(answer, self.settings.reach())
            {
                invalid.add(&pointer, error);
            }
            checked.insert(question.name.to_owned(), answer.to_owned());
        }
        if let Some(adapter) = self.adapter(kind) {
            adapter.check(&checked, invalid);
        }
        checked
    }

    /// Changes a channel where `seen` says that it is still what they have seen. Whatever is set up anew is on again.
    pub(crate) async fn change_channel<E: From<HeraldError>>(
        &self,
        actor: &Actor,
        id: ChannelId,
        seen: impl Fn(&KeptChannel) -> Result<(), E>,
        change: &ChannelChange,
    ) -> Result<KeptChannel, E> {
        let mut channel = self.channel(actor, id).await?;
        seen(&channel)?;
        let (found, now) = (channel.version, self.now());
        let mut invalid = Invalid::new();
        if let Some(name) = &change.name {
            channel.name = checked_name(name, channel.kind, &mut invalid);
        }
        if !change.config.is_empty() {
            let mut config = self.config(&channel).unwrap_or_default();
            config.extend(change.config.clone());
            let mut config = self.checked(channel.kind, &config, &mut invalid);
            self.complete(channel.kind, &mut config)?;
            channel.config = self.seal(id, &config)?;
            channel.state = ChannelState::On;
        }
        match change.on {
            Some(true) => channel.state = ChannelState::On,
            Some(false) => channel.state = ChannelState::Off,
            None => {}
        }
        invalid.into_result().map_err(HeraldError::from)?;
        if channel.state == ChannelState::On {
            channel.reason = None;
        }
        let mut batch = Batch::new();
        store::update_channel(&mut batch, &channel, found, now);
        if channel.state != ChannelState::On {
            store::cancel_all(&mut batch, id, "you turned the channel off", now);
        }
        if !self.applied(batch).await? {
            return Err(HeraldError::Changed.into());
        }
        Ok(KeptChannel { version: found + 1, updated_at: now, failures: 0, rests_until: None, ..channel })
    }

    /// Takes a channel away, with what was still to go by it.
    pub(crate) async fn remove_channel<E: From<HeraldError>>(
        &self,
        actor: &Actor,
        id: ChannelId,
        seen: impl Fn(&KeptChannel) -> Result<(), E>,
    ) -> Result<(), E> {
        for _ in 0..super::TRIES {
            let channel = self.channel(actor, id).await?;
            seen(&channel)?;
            let (known, mut batch) = self.known(actor.user).await?;
            store::delete_channel(&mut batch, actor.user, id, channel.version, self.now());
            let mut preferences = known.preferences.clone();
            preferences.forget(id);
            if preferences != known.preferences {
                store::set_preferences(&mut batch, actor.user, known.preferences_version, &preferences);
            }
            if self.applied(batch).await? {
                return Ok(());
            }
        }
        Err(HeraldError::Changed.into())
    }

    /// Has a test go by a channel: as a notification like any other, through the same hands.
    pub(crate) async fn test_channel(&self, actor: &Actor, id: ChannelId) -> Result<DeliveryId, HeraldError> {
        let channel = self.channel(actor, id).await?;
        match channel.state {
            ChannelState::On => {}
            ChannelState::Off => return Err(HeraldError::Refused("The channel is off: turn it on first.")),
            ChannelState::Broken => {
                return Err(HeraldError::Refused("The channel stopped working: set it up again first."));
            }
        }
        let (_, mut batch) = self.known(actor.user).await?;
        let (notification, now) = (self.ids.next(), self.now());
        let facts = Facts::Channel { channel: id, name: channel.name.clone(), said: String::new() };
        store::bump_revision(&mut batch, actor.user);
        let new = NewNotification {
            id: notification,
            user: actor.user,
            household: actor.user.own_household(),
            kind: Kind::Test,
            about: notification.uuid(),
            subscription: None,
            facts,
            urgent: true,
            in_inbox: false,
            now,
        };
        store::insert_notification(&mut batch, &new);
        let sending = Sending { user: actor.user, notification, round: 1, now };
        let plan = Plan::Send { at: now, digest: false, wait: Wait::Nothing };
        let delivery = self.to_channel(&mut batch, &sending, &channel, plan);
        // What rested because it failed is tried at once: whoever tests it has mended something.
        store::wake_channel(&mut batch, actor.user, id);
        if !self.applied(batch).await? {
            return Err(HeraldError::Changed);
        }
        Ok(delivery)
    }

    /// The news that a channel works no more, told by those that do.
    pub(crate) async fn tell_of_broken(
        &self,
        batch: &mut Batch,
        broken: &KeptChannel,
        said: &str,
    ) -> Result<(), HeraldError> {
        let (known, keeping) = self.known(broken.user).await?;
        batch.extend(keeping);
        let mut channels = store::channels(&self.database, broken.user).await?;
        for channel in channels.iter_mut().filter(|channel| channel.id == broken.id) {
            channel.state = ChannelState::Broken;
        }
        let news = News {
            recipient: broken.user,
            household: broken.user.own_household(),
            kind: Kind::ChannelBroken,
            about: self.ids.uuid(),
            subscription: None,
            facts: Facts::Channel { channel: broken.id, name: broken.name.clone(), said: one_line(said) },
            urgent: true,
        };
        self.tell(batch, &known, &channels, &news);
        Ok(())
    }
}

fn checked_name(name: &str, kind: ChannelKind, invalid: &mut Invalid) -> String {
    let line = one_line(name);
    if name.chars().count() > LONGEST_NAME {
        invalid.add("/name", format!("must be at most {LONGEST_NAME} characters long"));
    }
    if line.is_empty() { kind.label().to_owned() } else { line }
}
