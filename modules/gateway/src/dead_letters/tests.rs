use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use contracts::{
    CallError,
    auth::{AuditLog, Deed},
    users::{Account, Home, Household, Member, Membership, Profile, Reminders, Users},
};
use kernel::{Actor, Currency, Event, EventPayload, HouseholdId, Role, Scope, UserId};
use platform::{
    both_databases,
    db::{Batch, Database, Migration},
    events::{Consumer, DeadLetterOffice, Handler, HandlerError, Inbox},
    jobs::{Progress, Work},
    testing::{SetClock, ids},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use super::{Source, api, pages};

const MIGRATIONS: &[Migration] = &[];

fn id<K>(number: u128) -> kernel::Id<K> {
    kernel::Id::from_uuid(Uuid::from_u128(number))
}

#[derive(Serialize, Deserialize)]
struct Said(String);

impl EventPayload for Said {
    const TYPE: &'static str = "test.said";
    const SOURCE: &'static str = "/test";
}

/// Takes nothing until its cause is mended.
#[derive(Default)]
struct Stubborn(Mutex<bool>);

#[async_trait]
impl Handler for Stubborn {
    fn kinds(&self) -> &'static [&'static str] {
        &[Said::TYPE]
    }

    async fn handle(&self, _: &Event) -> Result<Batch, HandlerError> {
        if *self.0.lock().unwrap() {
            Ok(Batch::unseen())
        } else {
            Err(HandlerError::GiveUp("<b>not like this</b>".into()))
        }
    }
}

/// Remembers what was written down.
#[derive(Default)]
struct Log(Mutex<Vec<(UserId, Deed, String)>>);

#[async_trait]
impl AuditLog for Log {
    async fn write_down(
        &self,
        actor: &Actor,
        deed: Deed,
        detail: &str,
        _: (Option<IpAddr>, &str),
    ) -> Result<(), CallError> {
        self.0.lock().unwrap().push((actor.user, deed, detail.to_owned()));
        Ok(())
    }
}

struct Somebody;

#[async_trait]
impl Users for Somebody {
    async fn open_account(&self, _: &Account) -> Result<(), CallError> {
        Ok(())
    }

    async fn household(&self, _: HouseholdId) -> Result<Option<Household>, CallError> {
        Ok(None)
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError> {
        let profile = Profile {
            name: "Asha".into(),
            locale: "en-IN".parse().unwrap(),
            time_zone: "Asia/Kolkata".parse().unwrap(),
            currency: Currency::INR,
            reminders: Reminders::default(),
        };
        Ok(Some(Account { user, email: "asha@example.org".into(), profile }))
    }

    async fn membership(&self, _: UserId, _: HouseholdId) -> Result<Option<Membership>, CallError> {
        Ok(None)
    }

    async fn members(&self, _: HouseholdId) -> Result<Vec<Member>, CallError> {
        Ok(Vec::new())
    }

    async fn households(&self, _: UserId) -> Result<Vec<Home>, CallError> {
        Ok(Vec::new())
    }
}

struct Stage {
    handler: Arc<Stubborn>,
    inboxes: Vec<Inbox>,
    clock: Arc<SetClock>,
    log: Arc<Log>,
    source: Arc<Source>,
}

impl Stage {
    /// A module with two consumers, and another that has nothing to do with it.
    fn set(database: &Database, other: Database) -> Self {
        let (clock, handler) = (SetClock::at("2026-06-02T06:30:00Z"), Arc::new(Stubborn::default()));
        let inbox = |name| {
            let consumer = Consumer { name, handler: handler.clone() };
            Inbox::new(consumer, database.clone(), clock.clone(), ids())
        };
        let inboxes = vec![inbox("test.one"), inbox("test.other")];
        let log = Arc::new(Log::default());
        let source = Arc::new(Source {
            office: DeadLetterOffice::new(vec![("other", other), ("test", database.clone())]),
            clock: clock.clone(),
            audit: log.clone(),
            users: Arc::new(Somebody),
        });
        Self { handler, inboxes, clock, log, source }
    }

    /// An event that dies at each of the consumers.
    async fn tells(&self, subject: &str) {
        let now = kernel::Clock::now(&*self.clock);
        let event = Event::new((*ids()).next(), subject.into(), now, &Said(subject.into()));
        for inbox in &self.inboxes {
            inbox.receive(&event).await.unwrap();
        }
        self.clock.advance(Duration::from_secs(60));
    }

    async fn ask(
        &self,
        actor: Actor,
        method: Method,
        path: &str,
        body: &str,
        kind: &str,
    ) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", kind)
            .extension(actor)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let (router, _) = api().with_state(Arc::clone(&self.source)).split_for_parts();
        let router: Router = router.merge(pages(Arc::clone(&self.source)));
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status();
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, location.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap()))
    }

    async fn api(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let (status, said) =
            self.ask(administrator(), method, path, &body.to_string(), "application/json").await;
        (status, serde_json::from_str(&said).unwrap_or_default())
    }

    async fn list(&self, query: &str) -> Value {
        let (status, page) =
            self.api(Method::GET, &format!("/v1/admin/dead-letters{query}"), &Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page
    }

    async fn page(&self, path: &str) -> String {
        let (status, page) = self.ask(administrator(), Method::GET, path, "", "text/plain").await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }

    async fn posts(&self, path: &str, form: &str) -> String {
        let kind = "application/x-www-form-urlencoded";
        let (status, said) = self.ask(administrator(), Method::POST, path, form, kind).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}: {said}");
        said
    }

    /// Lets what was sent again be taken.
    async fn works(&self) {
        for inbox in &self.inboxes {
            while inbox.run().await.unwrap() == Progress::More {}
        }
    }
}

fn administrator() -> Actor {
    Actor::at_home(id(1), Role::Administrator, id(1))
}

fn subjects(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|each| each["subject"].as_str().unwrap()).collect()
}

async fn on_two(database: Database) -> (Stage, tempfile::TempDir) {
    let (other, folder) = platform::testing::sqlite("other", MIGRATIONS).await;
    (Stage::set(&database, other), folder)
}

both_databases! { MIGRATIONS,
    async fn they_are_listed_in_pages_read_sent_again_and_thrown_away_and_each_act_is_written_down(database: Database) {
        let (stage, _folder) = on_two(database).await;
        assert_eq!(stage.list("").await, json!({ "data": [], "next_cursor": null }));
        for subject in ["a", "b", "c"] {
            stage.tells(subject).await;
        }
        let first = stage.list("?limit=4").await;
        assert_eq!(subjects(&first), ["a", "a", "b", "b"]);
        let rest = stage.list(&format!("?limit=4&cursor={}", first["next_cursor"].as_str().unwrap())).await;
        assert_eq!((subjects(&rest), &rest["next_cursor"]), (vec!["c", "c"], &Value::Null));
        let one = stage.list("?consumer=test.one").await;
        assert_eq!(subjects(&one), ["a", "b", "c"]);
        let letter = &one["data"][0];
        assert_eq!((&letter["module"], &letter["error"], &letter["tries"]), (&json!("test"), &json!("<b>not like this</b>"), &json!(1)));
        assert!(letter["event"].is_null());
        let path = format!("/v1/admin/dead-letters/{}", letter["id"].as_str().unwrap());
        let (_, read) = stage.api(Method::GET, &path, &Value::Null).await;
        assert_eq!((&read["event"]["data"], &read["event"]["type"]), (&json!("a"), &json!("test.said")));

        // Sent again before its cause is mended, it comes back; afterwards it is taken.
        assert_eq!(stage.api(Method::POST, &format!("{path}/replay"), &Value::Null).await.0, StatusCode::NO_CONTENT);
        assert_eq!(stage.api(Method::POST, &format!("{path}/replay"), &Value::Null).await.0, StatusCode::NOT_FOUND);
        stage.works().await;
        assert_eq!(subjects(&stage.list("?consumer=test.one").await), ["b", "c", "a"]);
        *stage.handler.0.lock().unwrap() = true;
        let (status, done) = stage.api(Method::POST, "/v1/admin/dead-letters/replay", &json!({ "consumer": "test.one" })).await;
        assert_eq!((status, done), (StatusCode::OK, json!({ "count": 3, "more": false })));
        stage.works().await;
        assert_eq!(subjects(&stage.list("").await), ["a", "b", "c"], "those of the other consumer");

        let path = format!("/v1/admin/dead-letters/{}", stage.list("").await["data"][1]["id"].as_str().unwrap());
        assert_eq!(stage.api(Method::DELETE, &path, &Value::Null).await.0, StatusCode::NO_CONTENT);
        assert_eq!(subjects(&stage.list("").await), ["a", "c"]);
        let (_, done) = stage.api(Method::POST, "/v1/admin/dead-letters/discard", &json!({ "all": true })).await;
        assert_eq!(done["count"], 2);
        stage.works().await;
        assert!(subjects(&stage.list("").await).is_empty());
        let log = stage.log.0.lock().unwrap().clone();
        let said: Vec<_> = log.iter().map(|(who, deed, detail)| (*who, *deed, detail.as_str())).collect();
        let (who, replayed, discarded) = (id(1), Deed::DeadLettersReplayed, Deed::DeadLettersDiscarded);
        assert_eq!(said, [
            (who, replayed, "test.one: test.said of a"),
            (who, replayed, "test.one"),
            (who, discarded, "test.other: test.said of b"),
            (who, discarded, "all of them"),
        ]);
    }

    async fn nobody_but_an_administrator_who_has_logged_in_reaches_them(database: Database) {
        let (stage, _folder) = on_two(database).await;
        stage.tells("a").await;
        let letter = stage.list("").await["data"][0]["id"].as_str().unwrap().to_owned();
        let one = format!("/v1/admin/dead-letters/{letter}");
        let others = [
            Actor::at_home(id(2), Role::User, id(2)),
            Actor::at_home(id(2), Role::Agent, id(2)),
            administrator().limited_to(Scope::Write),
        ];
        for who in others {
            for (method, path, body) in [
                (Method::GET, "/v1/admin/dead-letters", ""),
                (Method::GET, one.as_str(), ""),
                (Method::DELETE, one.as_str(), ""),
                (Method::POST, &format!("{one}/replay"), ""),
                (Method::POST, "/v1/admin/dead-letters/replay", "{\"all\": true}"),
                (Method::POST, "/v1/admin/dead-letters/discard", "{\"all\": true}"),
            ] {
                let (status, said) = stage.ask(who, method.clone(), path, body, "application/json").await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}: {said}");
            }
        }
        for who in &others[..2] {
            for (method, path) in [
                (Method::GET, "/admin/dead-letters".to_owned()),
                (Method::GET, format!("/admin/dead-letters/{letter}")),
                (Method::POST, format!("/admin/dead-letters/{letter}")),
                (Method::POST, "/admin/dead-letters/all".to_owned()),
            ] {
                let form = "application/x-www-form-urlencoded";
                let (status, _) = stage.ask(*who, method, &path, "fate=discard", form).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
            }
        }
        assert_eq!(subjects(&stage.list("").await), ["a", "a"]);
        assert!(stage.log.0.lock().unwrap().is_empty());
        for (body, pointer) in [
            (json!({}), "/consumer"),
            (json!({ "all": true, "consumer": "x" }), "/all"),
            (json!({ "every": true }), "/every"),
            (json!({ "consumer": "x".repeat(201) }), "/consumer"),
        ] {
            let (status, problem) = stage.api(Method::POST, "/v1/admin/dead-letters/discard", &body).await;
            assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer)));
        }
        assert_eq!(stage.api(Method::GET, "/v1/admin/dead-letters?limit=0", &Value::Null).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn the_pages_show_them_and_ask_before_anything_is_thrown_away(database: Database) {
        let (stage, _folder) = on_two(database).await;
        assert!(stage.page("/admin/dead-letters").await.contains("Every event was taken"));
        for number in 0..30 {
            stage.tells(&format!("subject {number}")).await;
        }
        let list = stage.page("/admin/dead-letters").await;
        assert!(list.contains("test.one") && list.contains("test.other") && list.contains("Show more"), "{list}");
        assert!(!list.contains("<b>not like this"), "{list}");
        let theirs = stage.page("/admin/dead-letters?consumer=test.one").await;
        assert!(!theirs.contains("test.other") && theirs.contains("Only those of"), "{theirs}");
        let letter = stage.list("?consumer=test.one").await["data"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/admin/dead-letters/{letter}");
        let shown = stage.page(&path).await;
        assert!(shown.contains("&quot;subject 0&quot;") || shown.contains("&#34;subject 0&#34;"), "{shown}");
        assert!(stage.page(&format!("{path}/discard")).await.contains("Throw this event away?"));
        assert_eq!(stage.posts(&path, "fate=discard").await, "/admin/dead-letters?done=discard");
        assert!(stage.page("/admin/dead-letters?done=discard").await.contains("Thrown away."));
        let asked = stage.page("/admin/dead-letters/all?fate=replay&consumer=test.one").await;
        assert!(asked.contains("Send them again?") && asked.contains("Those of test.one"), "{asked}");
        let back = stage.posts("/admin/dead-letters/all", "fate=replay&consumer=test.one").await;
        assert_eq!(back, "/admin/dead-letters?consumer=test%2Eone&done=replay");
        *stage.handler.0.lock().unwrap() = true;
        stage.works().await;
        assert_eq!(stage.list("?limit=100").await["data"].as_array().unwrap().len(), 30);
        let kind = "application/x-www-form-urlencoded";
        let (status, _) = stage.ask(administrator(), Method::POST, "/admin/dead-letters/all", "", kind).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
}
