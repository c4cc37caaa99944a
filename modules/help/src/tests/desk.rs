//! The desk, on both databases: what waits is taken on, opened, answered and done with.

use axum::http::{Method, StatusCode};
use contracts::auth::Deed;
use kernel::{Access, Actor, Role};
use platform::both_databases;
use serde_json::{Value, json};

use super::{Stage, actor, id};
use crate::{
    MIGRATIONS,
    domain::{Facts, NodeKind, Session, SessionState, Tree},
};

const DESK: &str = "/v1/help/desk/tickets";

fn agent(number: u128) -> Actor {
    Actor { role: Role::Agent, access: Access::Viewer, ..actor(number) }
}

impl Stage {
    async fn hands_over(&self, message: &str) -> String {
        let (path, _) = self.begins(actor(1)).await;
        let step = self.post(actor(1), &format!("{path}/escalate"), json!({ "message": message })).await;
        step["ticket_id"].as_str().unwrap().to_owned()
    }

    async fn gets(&self, who: Actor, path: &str) -> Value {
        let (status, body) = self.api(who, Method::GET, path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn ids(&self, who: Actor, queue: &str) -> Vec<Value> {
        let list = self.gets(who, &format!("{DESK}?queue={queue}")).await;
        list["data"].as_array().unwrap().iter().map(|each| each["id"].clone()).collect()
    }

    async fn status(&self, who: Actor, method: Method, path: &str, body: Value) -> StatusCode {
        self.api(who, method, path, body).await.0
    }

    async fn told(&self) -> Vec<Value> {
        let statement =
            platform::db::Statement::new("SELECT event FROM outbox ORDER BY sequence", Vec::new());
        let rows: Vec<(platform::db::Json<Value>,)> = self.guide.database.all(statement).await.unwrap();
        rows.into_iter().map(|(platform::db::Json(event),)| event).collect()
    }
}

/// A session of the first person's that rests at a node.
fn resting(number: u128, tree: &Tree, node: &str) -> Session {
    let who = actor(1);
    Session {
        id: id(number),
        user: who.user,
        household: who.household,
        tree: tree.id.clone(),
        tree_version: tree.version.clone(),
        screen: String::new(),
        object: String::new(),
        node: node.to_owned(),
        facts: Facts::default(),
        path: Vec::new(),
        state: SessionState::Open,
        ticket: None,
        version: 1,
        created_at: "2026-06-06T06:30:00Z".parse().unwrap(),
    }
}

both_databases! { MIGRATIONS,
    async fn at_every_step_of_every_tree_it_can_be_handed_over(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let forest = stage.guide.forest();
        let (mut number, mut batch) = (1_000, platform::db::Batch::new());
        for tree in forest.for_screen("") {
            for (name, node) in &tree.nodes {
                if !matches!(node.kind, NodeKind::Check(..) | NodeKind::Action(..)) {
                    number += 1;
                    let later = "2026-06-07T06:30:00Z".parse().unwrap();
                    crate::store::insert_session(&mut batch, &resting(number, tree, name), later);
                }
            }
        }
        stage.guide.database.apply(batch).await.unwrap();
        assert!(number > 1_100, "{number}");
        for number in 1_001..=number {
            let session = id::<kernel::kinds::HelpSession>(number);
            let (status, page) = stage.page(actor(1), Method::GET, &format!("/help/sessions/{session}"), "").await;
            assert!(status == StatusCode::OK && page.contains(&format!("/help/sessions/{session}/person")), "{page}");
            let path = format!("/v1/help/sessions/{session}/escalate");
            assert_eq!(stage.post(actor(1), &path, json!({ "message": "x" })).await["status"], "escalated");
        }
    }

    async fn what_waits_is_taken_on_by_one_answered_and_waits_again_when_more_is_said(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let ticket = stage.hands_over("Please look").await;
        let (one, claim) = (format!("{DESK}/{ticket}"), format!("{DESK}/{ticket}/claim"));
        assert_eq!(stage.status(actor(1), Method::GET, DESK, Value::Null).await, StatusCode::FORBIDDEN, "their own, but not here");
        assert_eq!(stage.ids(agent(8), "open").await, [json!(ticket)]);
        let queued = stage.gets(agent(8), DESK).await;
        assert!(!queued.to_string().contains("499") && !queued.to_string().contains("Please look"), "{queued}");
        assert_eq!(stage.status(agent(8), Method::PUT, &claim, Value::Null).await, StatusCode::NO_CONTENT);
        assert_eq!(stage.ids(agent(8), "mine").await, [json!(ticket)]);
        assert_eq!(stage.ids(agent(9), "mine").await, [Value::Null; 0]);
        for (method, path, body) in [
            (Method::PUT, claim.clone(), Value::Null),
            (Method::POST, format!("{one}/messages"), json!({ "message": "No" })),
            (Method::POST, format!("{one}/close"), Value::Null),
        ] {
            assert_eq!(stage.status(agent(9), method, &path, body).await, StatusCode::CONFLICT, "{path}");
        }
        stage.clock.set("2026-06-06T08:30:00Z");
        let answer = json!({ "message": "It was charged again" });
        assert_eq!(stage.status(agent(8), Method::POST, &format!("{one}/messages"), answer).await, StatusCode::NO_CONTENT);
        assert_eq!(stage.ids(agent(8), "answered").await, [json!(ticket)]);
        let told = stage.told().await;
        assert_eq!((told.len(), &told[0]["type"], &told[0]["data"]["said"]), (1, &json!("ticket.answered"), &json!("It was charged again")));
        assert_eq!(told[0]["data"]["recipient"], json!(actor(1).user));
        let seen = stage.gets(actor(1), &format!("/v1/tickets/{ticket}")).await;
        assert_eq!(seen["messages"][1]["text"], "It was charged again");
        assert!(!seen.to_string().contains(&agent(8).user.to_string()), "who answers is nobody's affair: {seen}");
        stage.clock.set("2026-06-06T10:30:00Z");
        assert_eq!(stage.status(agent(8), Method::POST, &format!("{one}/close"), Value::Null).await, StatusCode::NO_CONTENT);
        let figures = stage.gets(agent(9), "/v1/help/desk/figures").await;
        assert_eq!((&figures["waiting"], &figures["first_answer"]["median_seconds"]), (&json!(0), &json!(7_200)));
        assert_eq!(figures["resolution"], json!({ "count": 1, "median_seconds": 14_400, "p90_seconds": 14_400 }));
        stage.post(actor(1), &format!("/v1/tickets/{ticket}/messages"), json!({ "message": "Not yet" })).await;
        assert_eq!(stage.ids(agent(8), "open").await, [json!(ticket)], "it waits again");
        assert_eq!(stage.gets(agent(8), "/v1/help/desk/figures").await["resolution"], Value::Null);
        // Whoever has it may have gone home.
        assert_eq!(stage.status(agent(9), Method::DELETE, &claim, Value::Null).await, StatusCode::NO_CONTENT);
        assert_eq!(stage.status(agent(9), Method::PUT, &claim, Value::Null).await, StatusCode::NO_CONTENT);
        let done = stage.api(actor(1), Method::PATCH, &format!("/v1/tickets/{ticket}"), json!({ "status": "closed" })).await;
        assert_eq!((done.0, &done.1["status"]), (StatusCode::OK, &json!("closed")));
        let none = format!("{DESK}/{}", id::<kernel::kinds::Ticket>(99));
        assert_eq!(stage.status(agent(8), Method::GET, &none, Value::Null).await, StatusCode::NOT_FOUND);
    }

    async fn what_an_agent_opens_is_written_down_and_is_what_the_ticket_carries(database: Database) {
        let stage = Stage::set(database, "de-DE", false, "");
        let ticket = stage.hands_over("Please look").await;
        let opened = stage.gets(agent(8), &format!("{DESK}/{ticket}")).await;
        assert_eq!((&opened["messages"][0]["theirs"], &opened["locale"]), (&json!(true), &json!("de-DE")));
        assert_eq!((&opened["path"][0]["what"], &opened["facts"]["payment"]), (&json!("failed"), &opened["object"]));
        assert!(!opened.to_string().contains("asha@"), "{opened}");
        let written = || stage.neighbours.written.lock().unwrap().clone();
        assert_eq!(written(), [(agent(8).user, Deed::TicketOpened(actor(1).user), ticket.clone())]);
        let page = format!("/help/desk/tickets/{ticket}");
        stage.page(agent(8), Method::GET, &page, "").await;
        assert_eq!(written().len(), 1, "one look is one look");
        stage.clock.set("2026-06-06T07:31:00Z");
        stage.page(agent(8), Method::GET, &page, "").await;
        stage.page(agent(9), Method::GET, &page, "").await;
        assert_eq!(written().len(), 3);
    }

    async fn nothing_is_opened_that_cannot_be_written_down(database: Database) {
        let stage = Stage::set(database.clone(), "en-IN", false, "");
        let ticket = stage.hands_over("Please look").await;
        let away = Stage::set(database, "en-IN", true, "");
        let (status, said) = away.api(agent(8), Method::GET, &format!("{DESK}/{ticket}"), Value::Null).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{said}");
        assert!(!said.to_string().contains("Please look"));
    }

    async fn templates_are_kept_used_changed_and_deleted(database: Database) {
        const TEMPLATES: &str = "/v1/help/desk/templates";
        let stage = Stage::set(database, "en-IN", false, "");
        let made = stage.post(agent(8), TEMPLATES, json!({ "name": " Charged again ", "text": "It was charged again." })).await;
        assert_eq!(made["name"], "Charged again");
        let one = format!("{TEMPLATES}/{}", made["id"].as_str().unwrap());
        for (body, pointer) in [(json!({ "name": " " }), "/name"), (json!({ "text": "x".repeat(4_001) }), "/text")] {
            let (status, wrong) = stage.api(agent(8), Method::PATCH, &one, body).await;
            assert_eq!((status, &wrong["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer)));
        }
        let (_, changed) = stage.api(agent(9), Method::PATCH, &one, json!({ "text": "Look now." })).await;
        assert_eq!((&changed["name"], &changed["text"]), (&json!("Charged again"), &json!("Look now.")));
        let ticket = stage.hands_over("Please look").await;
        let with = format!("/help/desk/tickets/{ticket}?template={}", made["id"].as_str().unwrap());
        let (_, page) = stage.page(agent(8), Method::GET, &with, "").await;
        assert!(page.contains(">Look now.</textarea>"), "{page}");
        // What was read before it was changed is changed no more.
        let address = format!("/help/desk/templates/{}", made["id"].as_str().unwrap());
        let (status, page) = stage.page(agent(8), Method::POST, &address, "version=1&name=Mine&text=Mine").await;
        assert!(status == StatusCode::PRECONDITION_FAILED && page.contains("value=\"Mine\""), "{status} {page}");
        stage.page(agent(8), Method::POST, &address, "version=2&name=Mine&text=Mine").await;
        assert_eq!(stage.gets(agent(8), &one).await["name"], "Mine");
        stage.page(agent(8), Method::POST, &format!("{address}/delete"), "version=3").await;
        assert_eq!(stage.status(agent(8), Method::GET, &one, Value::Null).await, StatusCode::NOT_FOUND);
        assert_eq!(stage.status(actor(1), Method::GET, TEMPLATES, Value::Null).await, StatusCode::FORBIDDEN);
    }

    async fn the_pages_of_the_desk_show_what_was_seen_and_lead_through_it(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let ticket = stage.hands_over("Line one\nLine <two>").await;
        let asked = stage.page(actor(1), Method::POST, "/help/person", "message=Something+else").await;
        assert_eq!(asked.0, StatusCode::SEE_OTHER);
        assert!(stage.page(actor(1), Method::GET, "/help", "").await.1.contains("A question of yours"));
        assert_eq!(stage.page(actor(1), Method::GET, "/help/desk", "").await.0, StatusCode::FORBIDDEN);
        let (_, page) = stage.page(agent(8), Method::GET, "/help/desk", "").await;
        assert!(page.contains("A payment failed") && page.contains("A question of their own"), "{page}");
        let address = format!("/help/desk/tickets/{ticket}");
        let (_, to) = stage.page(agent(8), Method::POST, &format!("{address}/claim"), "").await;
        let (_, page) = stage.page(agent(8), Method::GET, &to, "").await;
        assert!(page.contains("It is yours.") && page.contains("Line &#60;two&#62;"), "{page}");
        assert!(page.contains("What they saw") && page.contains("did not go through") && page.contains("Handed over"), "{page}");
        assert!(!stage.page(agent(9), Method::GET, &address, "").await.1.contains("Send the answer"));
        let (status, page) = stage.page(agent(8), Method::POST, &address, "message=+").await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("ust say something"));
        stage.page(agent(8), Method::POST, &address, "message=Done").await;
        assert!(stage.page(agent(8), Method::GET, "/help/desk?show=answered", "").await.1.contains(&ticket));
        stage.page(agent(8), Method::POST, &format!("{address}/close"), "").await;
        let theirs = format!("/help/tickets/{ticket}");
        assert!(stage.page(actor(1), Method::GET, &theirs, "").await.1.contains("is closed"));
        assert_eq!(stage.page(actor(2), Method::POST, &format!("{theirs}/close"), "").await.0, StatusCode::NOT_FOUND);
    }
}
