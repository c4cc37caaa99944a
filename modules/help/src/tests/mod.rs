//! The module as others meet it: people are guided through trees, on both databases.

mod answering;
mod away;
mod desk;
mod forest;
mod funnel;
mod neighbours;

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use kernel::{Access, Actor, Id, Role};
use platform::{
    both_databases,
    db::Database,
    jobs::Work,
    testing::{SetClock, ids},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use self::{answering::FakeLibrarian, neighbours::Neighbours};
use crate::{Deps, Guide, HelpSettings, MIGRATIONS, TicketStatus, jobs};

fn id<K>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number))
}

struct Stage {
    guide: Arc<Guide>,
    clock: Arc<SetClock>,
    neighbours: Arc<Neighbours>,
    librarian: Arc<FakeLibrarian>,
}

fn actor(number: u128) -> Actor {
    Actor::at_home(id(number), Role::User, id(number))
}

fn viewer() -> Actor {
    Actor { access: Access::Viewer, ..actor(1) }
}

fn settings(values: &[(&str, &str)]) -> HelpSettings {
    let mut source = platform::settings::Source::new();
    for (name, value) in values {
        source.add_value(name, value, "tests");
    }
    source.section()
}

impl Stage {
    fn set(database: Database, locale: &'static str, away: bool, folder: &str) -> Self {
        Self::with(database, locale, away, &[("help.trees", folder), ("help.wait", "1ms")])
    }

    fn with(database: Database, locale: &'static str, away: bool, values: &[(&str, &str)]) -> Self {
        let clock = SetClock::at("2026-06-06T06:30:00Z");
        let neighbours = Arc::new(Neighbours { locale, away, written: std::sync::Mutex::default() });
        let librarian = Arc::new(FakeLibrarian::default());
        let guide = Arc::new(Guide::new(Deps {
            database,
            clock: clock.clone(),
            ids: ids(),
            users: neighbours.clone(),
            tracked: neighbours.clone(),
            deliveries: neighbours.clone(),
            readings: neighbours.clone(),
            librarian: librarian.clone(),
            log_ins: neighbours.clone(),
            audit: neighbours.clone(),
            settings: settings(values),
        }));
        Self { guide, clock, neighbours, librarian }
    }

    async fn api(&self, who: Actor, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .extension(who)
            .body(Body::from(body.to_string()))
            .unwrap();
        let (router, _) = crate::http::routes(Arc::clone(&self.guide)).split_for_parts();
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn post(&self, who: Actor, path: &str, body: Value) -> Value {
        let (status, body) = self.api(who, Method::POST, path, body).await;
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// Begins at the failed payment.
    async fn begins(&self, who: Actor) -> (String, Value) {
        let asked = json!({ "screen": "payment", "object": id::<kernel::kinds::Payment>(5).to_string() });
        let step = self.post(who, "/v1/help/sessions", asked).await;
        (format!("/v1/help/sessions/{}", step["session_id"].as_str().unwrap()), step)
    }

    async fn page(&self, who: Actor, method: Method, path: &str, form: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .extension(who)
            .body(Body::from(form.to_owned()))
            .unwrap();
        let answer = crate::pages::routes(Arc::clone(&self.guide)).oneshot(request).await.unwrap();
        let status = answer.status();
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, location.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap()))
    }
}

both_databases! { MIGRATIONS,
    async fn a_failed_payment_is_looked_at_mended_and_called_solved(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let (path, step) = stage.begins(actor(1)).await;
        assert_eq!((&step["tree"], &step["node"]["id"]), (&json!("payment_failed"), &json!("failed")));
        let text = step["node"]["text"].as_str().unwrap();
        assert!(text.contains("₹499") && text.contains("5 Jun 2026"), "{text}");
        assert!(text.contains("<b>Netflix</b> {due}"), "what is put in is never filled itself: {text}");
        let answer = json!({ "option": "paid" });
        let step = stage.post(actor(1), &format!("{path}/answers"), answer).await;
        assert_eq!((&step["node"]["id"], &step["status"]), (&json!("marked"), &json!("open")));
        assert!(step["node"]["link"].as_str().unwrap().starts_with("/payments/pay_"));
        let step = stage.post(actor(1), &format!("{path}/answers"), json!({ "option": "solved" })).await;
        assert_eq!(step["status"], "resolved");
        let ways: Vec<_> = step["path"].as_array().unwrap().iter().map(|taken| taken["what"].clone()).collect();
        assert_eq!(ways, ["failed", "paid", "done", "solved"]);
        let (status, _) = stage.api(actor(1), Method::POST, &format!("{path}/answers"), json!({ "option": "solved" })).await;
        assert_eq!(status, StatusCode::CONFLICT, "it is over");
    }

    async fn nobody_is_shown_what_is_somebody_elses_and_whoever_may_only_look_mends_nothing(database: Database) {
        let stage = Stage::set(database, "de-DE", false, "");
        let (path, _) = stage.begins(actor(1)).await;
        assert_eq!(stage.api(actor(2), Method::GET, &path, Value::Null).await.0, StatusCode::NOT_FOUND);
        let (status, _) = stage.api(actor(2), Method::POST, &format!("{path}/escalate"), json!({ "message": "x" })).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        // Of another household the payment is none.
        let (_, step) = stage.begins(actor(2)).await;
        assert_eq!(step["node"]["id"], "nothing");
        let (path, _) = stage.begins(viewer()).await;
        let step = stage.post(viewer(), &format!("{path}/answers"), json!({ "option": "paid" })).await;
        assert_eq!(step["node"]["id"], "refused");
        assert!(step["node"]["text"].as_str().unwrap().contains("Haushalt"), "in German: {step}");
    }

    async fn a_question_finds_what_solves_it_and_what_the_manual_says_or_that_it_does_not_know(database: Database) {
        let stage = Stage::set(database, "de-DE", false, "");
        let ask = async |question: &str| {
            let (status, found) = stage.api(actor(1), Method::GET, &format!("/v1/help/search?q={question}"), Value::Null).await;
            assert_eq!(status, StatusCode::OK, "{found}");
            found
        };
        let found = ask("my%20payment%20failed").await;
        assert_eq!(found["topics"][0]["tree"], "payment_failed");
        let found = ask("why%20does%20the%2031st%20become%20the%2030th").await;
        assert_eq!((&found["known"], &found["sections"][0]["href"]), (&json!(true), &json!("/help/manual/subscriptions#month-ends")));
        assert!(found["sections"][0]["text"].as_str().unwrap().contains("31"));
        let found = ask("bake%20a%20sourdough%20bread").await;
        assert_eq!((&found["known"], found["topics"].as_array().unwrap().len()), (&json!(false), 0));
        let (status, _) = stage.api(actor(1), Method::GET, "/v1/help/search?q=%20", Value::Null).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = async |path: &str| stage.page(actor(1), Method::GET, path, "").await;
        let (status, shown) = page("/help/search?q=dark%20mode%3Cscript%3E").await;
        assert!(status == StatusCode::OK && shown.contains("Light, dark and motion") && !shown.contains("<script>"));
        assert!(page("/help/search?q=sourdough").await.1.contains("Das weiß das Handbuch nicht"));
        assert!(page("/help/manual").await.1.contains("/help/manual/subscriptions"));
        assert!(page("/help/manual/subscriptions").await.1.contains("id=\"month-ends\""));
        assert_eq!(page("/help/manual/nothing").await.0, StatusCode::NOT_FOUND);
    }

    async fn one_goes_back_comes_back_and_is_forgotten_after_a_week(database: Database) {
        let stage = Stage::set(database, "hi-IN", false, "");
        let (path, _) = stage.begins(actor(1)).await;
        let (status, _) = stage.api(actor(1), Method::POST, &format!("{path}/back"), Value::Null).await;
        assert_eq!(status, StatusCode::CONFLICT, "nothing was answered");
        let (status, wrong) = stage.api(actor(1), Method::POST, &format!("{path}/answers"), json!({ "option": "solved" })).await;
        assert_eq!((status, &wrong["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/option")));
        stage.post(actor(1), &format!("{path}/answers"), json!({ "option": "retry" })).await;
        let step = stage.post(actor(1), &format!("{path}/back"), Value::Null).await;
        assert_eq!(step["node"]["id"], "failed");
        stage.clock.set("2026-06-13T06:29:00Z");
        assert_eq!(stage.api(actor(1), Method::GET, &path, Value::Null).await.0, StatusCode::OK);
        stage.clock.set("2026-06-13T06:31:00Z");
        assert_eq!(stage.api(actor(1), Method::GET, &path, Value::Null).await.0, StatusCode::NOT_FOUND);
        let kept = "SELECT count(*) FROM sessions";
        let count = async || {
            let row: Option<(i64,)> = stage.guide.database.optional(platform::db::Statement::new(kept, Vec::new())).await.unwrap();
            row.unwrap().0
        };
        assert_eq!(count().await, 1);
        jobs::Forgetting(Arc::clone(&stage.guide)).run().await.unwrap();
        assert_eq!(count().await, 0);
    }

    async fn a_ticket_carries_the_path_and_the_facts_and_is_its_owners_alone(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let (path, _) = stage.begins(actor(1)).await;
        let (status, _) = stage.api(actor(1), Method::POST, &format!("{path}/escalate"), json!({ "message": " " })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let step = stage.post(actor(1), &format!("{path}/escalate"), json!({ "message": "Please look" })).await;
        assert_eq!(step["status"], "escalated");
        let ticket = format!("/v1/tickets/{}", step["ticket_id"].as_str().unwrap());
        stage.post(actor(1), &format!("{ticket}/messages"), json!({ "message": "And hurry" })).await;
        let (_, carried) = stage.api(actor(1), Method::GET, &ticket, Value::Null).await;
        assert_eq!(carried["facts"]["amount"], "₹499.00");
        assert_eq!(carried["facts"]["payment"], carried["object"]);
        assert_eq!((&carried["path"][0]["node"], &carried["path"][0]["what"]), (&json!("look"), &json!("failed")));
        let said: Vec<_> = carried["messages"].as_array().unwrap().iter().map(|each| each["text"].clone()).collect();
        assert_eq!(said, ["Please look", "And hurry"]);
        assert_eq!(stage.api(actor(2), Method::GET, &ticket, Value::Null).await.0, StatusCode::NOT_FOUND);
        let (status, _) = stage.api(actor(2), Method::POST, &format!("{ticket}/messages"), json!({ "message": "x" })).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let (_, list) = stage.api(actor(2), Method::GET, "/v1/tickets", Value::Null).await;
        assert_eq!(list["data"], json!([]));
    }

    async fn what_was_handed_over_is_answered_and_waits_again_when_more_is_said(database: Database) {
        let support = crate::Support::new(database.clone(), SetClock::at("2026-05-05T06:30:00Z"), ids());
        let stage = Stage::set(database, "en-IN", false, "");
        let (path, _) = stage.begins(actor(1)).await;
        let step = stage.post(actor(1), &format!("{path}/escalate"), json!({ "message": "Please look" })).await;
        let ticket = format!("/v1/tickets/{}", step["ticket_id"].as_str().unwrap());
        let waiting = async || support.tickets(TicketStatus::Open, None, 10).await.unwrap();
        let id = waiting().await[0].id;
        let (shown, said) = support.ticket(id).await.unwrap();
        assert_eq!(said, [(true, "Please look".to_owned())]);
        assert_eq!(shown.path[0], ("look".to_owned(), "failed".to_owned()));
        assert!(shown.facts.iter().any(|(name, value)| name == "amount" && value.contains("499")), "{shown:?}");
        assert!(support.answer(id, " ").await.is_err(), "nothing is no answer");
        support.answer(id, "It was charged again").await.unwrap();
        assert!(waiting().await.is_empty());
        let (_, seen) = stage.api(actor(1), Method::GET, &ticket, Value::Null).await;
        assert_eq!((&seen["status"], &seen["messages"][1]["yours"]), (&json!("answered"), &json!(false)));
        stage.post(actor(1), &format!("{ticket}/messages"), json!({ "message": "Thank you" })).await;
        assert_eq!(waiting().await.len(), 1);
        support.close(id).await.unwrap();
        assert!(waiting().await.is_empty());
        assert!(support.close(Id::from_uuid(Uuid::nil())).await.is_err());
    }

    async fn a_module_that_gives_no_answer_makes_the_tree_go_on_without_it(database: Database) {
        let stage = Stage::set(database, "en-IN", true, "");
        let (_, step) = stage.begins(actor(1)).await;
        assert_eq!(step["node"]["id"], "away");
        let asked = json!({ "tree": "date_wrong", "object": id::<kernel::kinds::Subscription>(7).to_string() });
        assert_eq!(stage.post(actor(1), "/v1/help/sessions", asked).await["node"]["id"], "away");
    }

    async fn the_pages_lead_through_it_without_a_script(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let payment = id::<kernel::kinds::Payment>(5);
        let (_, topics) = stage.page(actor(1), Method::GET, &format!("/help?screen=payment&object={payment}"), "").await;
        let first = topics.find("A payment failed").unwrap();
        assert!(first < topics.find("I cannot add a subscription").unwrap(), "what belongs to the screen comes first");
        let form = format!("tree=payment_failed&screen=payment&object={payment}");
        let (status, step) = stage.page(actor(1), Method::POST, "/help", &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, page) = stage.page(actor(1), Method::GET, &step, "").await;
        assert!(page.contains("Talk to a person") && !page.contains("<b>Netflix"), "{page}");
        let (_, to) = stage.page(actor(1), Method::POST, &step, "option=retry").await;
        assert_eq!(to, step);
        assert!(stage.page(actor(1), Method::GET, &step, "").await.1.contains("That solved it"));
        let person = format!("{step}/person");
        let (status, page) = stage.page(actor(1), Method::POST, &person, "message=").await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("ust say something"));
        stage.page(actor(1), Method::POST, &person, "message=It+fails+again").await;
        let (_, page) = stage.page(actor(1), Method::GET, &step, "").await;
        let ticket = page.split("href=\"").find(|part| part.starts_with("/help/tickets/")).unwrap();
        let ticket = ticket.split('"').next().unwrap();
        let (_, page) = stage.page(actor(1), Method::GET, ticket, "").await;
        assert!(page.contains("It fails again") && page.contains("₹499.00"), "{page}");
        assert_eq!(stage.page(actor(2), Method::GET, ticket, "").await.0, StatusCode::NOT_FOUND);
        assert!(stage.page(actor(1), Method::GET, "/help", "").await.1.contains("Your conversations"));
    }

    async fn a_file_of_the_folder_takes_the_place_of_a_tree_and_a_wrong_one_of_none(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::set(database, "en-IN", false, folder.path().to_str().unwrap());
        let title = async || {
            let (_, topics) = stage.api(actor(1), Method::GET, "/v1/help/topics?screen=add", Value::Null).await;
            jobs::Rereading(Arc::clone(&stage.guide)).run().await.unwrap();
            topics["data"][0]["title"].as_str().unwrap().to_owned()
        };
        assert_eq!(title().await, "I cannot add a subscription");
        let own = include_str!("../../trees/cannot_add.toml").replace("I cannot add a subscription", "Adding fails");
        let file = folder.path().join("own.toml");
        std::fs::write(&file, &own).unwrap();
        title().await;
        assert_eq!(title().await, "Adding fails");
        std::fs::write(&file, own.replace("next = \"access\"", "next = \"nowhere\"")).unwrap();
        title().await;
        assert_eq!(title().await, "Adding fails", "the old one stays in service");
        std::fs::remove_file(&file).unwrap();
        title().await;
        assert_eq!(title().await, "I cannot add a subscription");
    }
}
