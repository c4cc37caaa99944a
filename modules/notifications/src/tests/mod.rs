//! The module as others meet it: events come in, and people see what they were told. On both databases.

mod helping;
mod inbox;
mod mail;
mod pages;
mod provider;
mod sending;
mod web_push;
mod webhooks;

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use contracts::{
    CallError,
    subscriptions::{ReminderDue, ReminderKind},
    users::{Account, Home, Household, Member, Membership, Profile, Users},
};
use jiff::civil::date;
use kernel::{Access, Actor, Currency, Event, EventPayload, HouseholdId, Id, Ids, Money, Role, UserId};
use platform::{
    db::Database,
    dependencies::Dependencies,
    events::Inbox,
    jobs::Progress,
    outbound::{Outbound, Reach},
    sealing::Sealing,
    testing::{SetClock, ids},
};
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;

use crate::{Deps, Herald, consumers, jobs, outside::Web};

/// An id of a small number.
pub(crate) fn id<K>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number))
}

/// Everybody lives in Kolkata; two of them share the first one's household.
struct Neighbours;

fn profile() -> Profile {
    Profile {
        name: "Asha".into(),
        locale: "en-IN".parse().unwrap(),
        time_zone: "Asia/Kolkata".parse().unwrap(),
        currency: Currency::INR,
        reminders: contracts::users::Reminders::default(),
    }
}

#[async_trait]
impl Users for Neighbours {
    async fn open_account(&self, _: &Account) -> Result<(), CallError> {
        Ok(())
    }

    async fn household(&self, _: HouseholdId) -> Result<Option<Household>, CallError> {
        let Profile { locale, time_zone, currency, reminders, .. } = profile();
        Ok(Some(Household { time_zone, currency, locale, reminders }))
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError> {
        Ok(Some(Account { user, email: "asha@example.org".into(), profile: profile() }))
    }

    async fn membership(&self, _: UserId, _: HouseholdId) -> Result<Option<Membership>, CallError> {
        Ok(None)
    }

    async fn members(&self, _: HouseholdId) -> Result<Vec<Member>, CallError> {
        let member = |number, user, left_at| Member {
            id: id(number),
            user,
            name: "Asha".into(),
            access: Access::Editor,
            left_at,
        };
        let gone = Some("2026-01-01T00:00:00Z".parse().unwrap());
        Ok(vec![
            member(1, Some(id(1)), None),
            member(2, Some(id(2)), None),
            member(3, None, None),
            member(4, Some(id(4)), gone),
        ])
    }

    async fn households(&self, user: UserId) -> Result<Vec<Home>, CallError> {
        let home = |household, name: &str| Home {
            household,
            name: name.into(),
            member: user.own_member(),
            access: Access::Owner,
        };
        Ok(vec![home(user.own_household(), "Asha’s household"), home(id(99), "The flat")])
    }
}

/// The module on a database, at noon of 2 June 2026 in Kolkata.
pub(crate) struct Stage {
    pub(crate) database: Database,
    pub(crate) herald: Arc<Herald>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) ids: Arc<dyn Ids>,
    _folder: tempfile::TempDir,
}

/// As they are when nobody sets any, but for the addresses: everything of the tests is on this machine.
fn settings(others: &[(&str, &str)]) -> crate::NotificationSettings {
    let mut source = platform::settings::Source::new();
    source.add_value("notifications.private_addresses", "true", "tests");
    for (name, value) in others {
        source.add_value(name, value, "tests");
    }
    source.section()
}

pub(crate) fn actor(number: u128) -> Actor {
    Actor::at_home(id(number), Role::User, id(number))
}

impl Stage {
    pub(crate) fn set(database: Database) -> Self {
        Self::set_with(database, &[])
    }

    /// With other settings.
    pub(crate) fn set_with(database: Database, others: &[(&str, &str)]) -> Self {
        Self::made(database, others, Herald::new)
    }

    /// One for whom every host is that provider.
    pub(crate) fn rerouted(database: Database, provider: &provider::Provider) -> Self {
        Self::made(database, &[], |deps| {
            let outbound = Outbound::new(Reach::Anywhere, &deps.dependencies);
            let web = Web::new(outbound, std::time::Duration::from_secs(10), Arc::clone(&deps.clock));
            Herald::asking(deps, Arc::new(provider::Rerouted { web, provider: provider.clone() }))
        })
    }

    /// The process that is started after this one was killed.
    pub(crate) fn succeeded(self) -> Self {
        let Self { database, _folder: folder, .. } = self;
        Self::made_in(folder, database, &[], Herald::new)
    }

    fn made(database: Database, others: &[(&str, &str)], make: impl FnOnce(Deps) -> Herald) -> Self {
        Self::made_in(tempfile::tempdir().unwrap(), database, others, make)
    }

    fn made_in(
        folder: tempfile::TempDir,
        database: Database,
        others: &[(&str, &str)],
        make: impl FnOnce(Deps) -> Herald,
    ) -> Self {
        let clock = SetClock::at("2026-06-02T06:30:00Z");
        let ids = ids();
        // Here the clock goes on by hours at once.
        let dependencies = Dependencies::resting_for(std::time::Duration::ZERO);
        let herald = Arc::new(make(Deps {
            database: database.clone(),
            clock: clock.clone(),
            ids: Arc::clone(&ids),
            users: Arc::new(Neighbours),
            settings: settings(others),
            mailer: crate::mailer(&settings(others), &dependencies).unwrap(),
            dependencies,
            web_push: crate::WebPush::new(b"a key of the tests", "https://perennial.example").unwrap(),
            sealing: Sealing::new(b"a key of the tests", "notifications"),
            folder: folder.path().to_owned(),
            public_url: "https://perennial.example".into(),
        }));
        Self { database, herald, clock, ids, _folder: folder }
    }

    /// Has every consumer that listens to it receive an event, as the bus does.
    pub(crate) async fn hears(&self, event: &Event) {
        for consumer in consumers::consumers(&self.herald) {
            if consumer.handler.kinds().contains(&event.kind.as_str()) {
                let (database, clock) = (self.database.clone(), self.clock.clone());
                let inbox = Inbox::new(consumer, database, clock, Arc::clone(&self.ids));
                inbox.receive(event).await.unwrap();
                assert!(inbox.dead_letters().await.unwrap().is_empty());
            }
        }
    }

    pub(crate) fn event<P: EventPayload>(&self, payload: &P) -> Event {
        let now = kernel::Clock::now(&*self.clock);
        Event::new(self.ids.next(), "sub_1".into(), now, payload).with_household(id(1))
    }

    /// Tells the first person of a subscription of theirs.
    pub(crate) async fn reminds(&self, reminder: u128) {
        self.hears(&self.event(&due(reminder))).await;
    }

    /// Runs what happens by itself until there is nothing left to do.
    pub(crate) async fn works(&self) {
        for job in jobs::jobs(&self.herald) {
            while job.work.run().await.unwrap() == Progress::More {}
        }
    }

    fn pages(&self) -> Router {
        crate::pages::routes(Arc::clone(&self.herald))
    }

    /// What a browser of somebody's gets.
    pub(crate) async fn browser(
        &self,
        who: u128,
        method: Method,
        path: &str,
        form: &str,
    ) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .extension(actor(who))
            .body(Body::from(form.to_owned()))
            .unwrap();
        let answer = self.pages().oneshot(request).await.unwrap();
        let status = answer.status();
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, location.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap()))
    }

    pub(crate) async fn page(&self, who: u128, path: &str) -> String {
        let (status, body) = self.browser(who, Method::GET, path, "").await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// What a program of somebody's gets.
    pub(crate) async fn api(
        &self,
        who: u128,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .extension(actor(who))
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        let (router, _) = crate::http::routes(Arc::clone(&self.herald)).split_for_parts();
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, who: u128, path: &str) -> Value {
        let (status, body) = self.api(who, Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub(crate) async fn post(&self, who: u128, path: &str, body: Option<&Value>) -> Value {
        let (status, body) = self.api(who, Method::POST, path, body).await;
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// The titles of somebody's list, the newest first.
    pub(crate) async fn titles(&self, who: u128, show: &str) -> Vec<String> {
        let page = self.get(who, &format!("/v1/notifications?show={show}")).await;
        let titles = page["data"].as_array().unwrap().iter();
        titles.map(|each| each["title"].as_str().unwrap().to_owned()).collect()
    }
}

/// Netflix renews on Friday, in three days.
pub(crate) fn due(reminder: u128) -> ReminderDue {
    ReminderDue {
        reminder: id(reminder),
        subscription: id(7),
        recipient: id(1),
        kind: ReminderKind::RenewalNear,
        name: "Netflix".into(),
        about_on: date(2026, 6, 5),
        lead_days: 3,
        amount: Money::from_minor(49_900, Currency::INR),
        planned_for: "2026-06-02T03:30:00Z".parse().unwrap(),
        urgent: false,
    }
}
