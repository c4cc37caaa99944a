//! Telling people, and what they do with what they were told.

mod channels;
mod helping;
mod holding;
mod inbox;
mod preferences;
mod tell;
mod watch;
mod webhooks;

use std::{sync::Arc, time::Duration};

use contracts::users::{Account, Home, Users};
use jiff::{Timestamp, civil::Date};
use kernel::{Actor, Clock, HouseholdId, Ids, UserId};
use platform::{
    db::{Batch, Database, DbError},
    mail::Mailer,
    outbound::Outbound,
    sealing::Sealing,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    Deps, WebPush,
    domain::{Language, Preferences, texts::Reading},
    error::HeraldError,
    outside::{Outside, Web},
    settings::NotificationSettings,
    store::{self, Known},
};

pub(crate) use channels::ChannelChange;
pub(crate) use holding::{AtIt, Holder};
pub(crate) use tell::News;
pub(crate) use watch::Place;
pub(crate) use webhooks::WebhookChange;

/// How often a change is decided anew when somebody else was first.
const TRIES: usize = 5;

/// How soon it is tried again to write something down.
const AGAIN: Duration = Duration::from_millis(500);

/// Tells people what they should know.
pub struct Herald {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) holder: Holder,
    users: Arc<dyn Users>,
    pub(crate) settings: NotificationSettings,
    pub(crate) sealing: Sealing,
    pub(crate) outside: Arc<dyn Outside>,
    /// The installation as browsers know it.
    pub(crate) web_push: WebPush,
    /// Where mail is handed over, where this installation has a mail server.
    pub(crate) mailer: Option<Arc<dyn Mailer>>,
    /// Where people reach us, for links that are sent.
    pub(crate) public_url: String,
    /// Wakes the workers when something is to be sent at once.
    pub(crate) planned: Arc<Notify>,
    /// Wakes whoever tells addresses of events.
    pub(crate) happened: Arc<Notify>,
    /// Cancelled when the process is asked to stop: nobody is kept watching then.
    pub(crate) closing: CancellationToken,
}

impl Herald {
    pub(crate) fn new(deps: Deps) -> Self {
        let outbound = Outbound::new(deps.settings.reach(), &deps.dependencies);
        let outside = Arc::new(Web::new(outbound, deps.settings.timeout.duration(), Arc::clone(&deps.clock)));
        Self::asking(deps, outside)
    }

    /// One that asks providers by other means.
    pub(crate) fn asking(deps: Deps, outside: Arc<dyn Outside>) -> Self {
        Self {
            holder: Holder::new(deps.ids.uuid(), &deps.folder),
            outside,
            web_push: deps.web_push,
            mailer: deps.mailer,
            sealing: deps.sealing,
            settings: deps.settings,
            public_url: deps.public_url.trim_end_matches('/').to_owned(),
            database: deps.database,
            clock: deps.clock,
            ids: deps.ids,
            users: deps.users,
            planned: Arc::default(),
            happened: Arc::default(),
            closing: CancellationToken::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What is known of somebody; of whom nothing is known yet, users is asked, and the batch keeps it.
    pub(crate) async fn known(&self, user: UserId) -> Result<(Known, Batch), HeraldError> {
        if let Some(known) = store::person(&self.database, user).await? {
            return Ok((known, Batch::new()));
        }
        let told = self.users.household(user.own_household()).await?.ok_or(HeraldError::NoProfile)?;
        let known = Known {
            user,
            locale: told.locale,
            zone: told.time_zone,
            version: 0,
            preferences: Preferences::default(),
            preferences_version: 1,
        };
        let mut batch = Batch::new();
        store::insert_person(&mut batch, &known);
        Ok((known, batch))
    }

    /// How somebody reads, today.
    pub(crate) fn reading(&self, known: &Known) -> Reading {
        Reading {
            language: known.preferences.language.unwrap_or_else(|| Language::of(&known.locale)),
            locale: known.locale.clone(),
            today: self.today(known),
        }
    }

    /// Which day it is for somebody.
    pub(crate) fn today(&self, known: &Known) -> Date {
        known.zone.date_at(self.now())
    }

    /// The person behind a page.
    pub(crate) async fn account(&self, actor: &Actor) -> Result<Account, HeraldError> {
        self.users.account(actor.user).await?.ok_or(HeraldError::NoProfile)
    }

    /// Where somebody can be written to.
    pub(crate) async fn mail_address(&self, user: UserId) -> Result<String, HeraldError> {
        Ok(self.users.account(user).await?.ok_or(HeraldError::NoProfile)?.email)
    }

    /// The households they belong to.
    pub(crate) async fn homes(&self, user: UserId) -> Result<Vec<Home>, HeraldError> {
        Ok(self.users.households(user).await?)
    }

    /// Everybody of a household who has a log-in.
    pub(crate) async fn people_of(&self, household: HouseholdId) -> Result<Vec<UserId>, HeraldError> {
        let members = self.users.members(household).await?;
        Ok(members
            .into_iter()
            .filter(|member| member.left_at.is_none())
            .filter_map(|member| member.user)
            .collect())
    }

    /// Writes down what has happened outside. That cannot be taken back: when the database is away, it is written down as
    /// soon as it is there again, so that nothing is sent twice for want of a note.
    pub(crate) async fn noted(&self, batch: &Batch) -> Result<(), DbError> {
        let mut is_away = false;
        loop {
            match self.database.apply(batch.clone()).await {
                Err(DbError::Unavailable(cause)) => {
                    if !is_away {
                        tracing::warn!(cause, "what was sent cannot be noted yet");
                    }
                    is_away = true;
                    tokio::time::sleep(AGAIN).await;
                }
                other => return other,
            }
        }
    }

    /// Applies what was decided, and wakes the workers; `false` when somebody else was first, so that it is to be
    /// decided anew.
    async fn applied(&self, batch: Batch) -> Result<bool, HeraldError> {
        match self.database.apply(batch).await {
            Err(DbError::Conflict | DbError::Unique(_)) => Ok(false),
            Err(error) => Err(error.into()),
            Ok(()) => {
                self.planned.notify_one();
                self.happened.notify_one();
                Ok(true)
            }
        }
    }
}
