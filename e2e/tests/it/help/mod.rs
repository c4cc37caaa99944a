//! Help over what is really there: something is broken, and help mends it or hands it over with the facts.

mod account;
mod answers;
mod desk;
mod figures;
mod keeping;
mod prices;
mod reminders;
mod sharing;
mod words;

use e2e::{Browser, Client, on_both};
use serde_json::{Value, json};

use crate::{monthly, pages::log_in, with};

async fn begin(client: &Client, screen: &str, object: &str) -> (String, Value) {
    let step = client
        .post("/v1/help/sessions", &json!({"screen": screen, "object": object}))
        .await
        .expect(201)
        .value();
    (format!("/v1/help/sessions/{}", step["session_id"].as_str().unwrap()), step)
}

/// The same with a topic that is not the screen's first.
async fn begin_with(client: &Client, tree: &str, object: &str) -> (String, Value) {
    let asked = json!({"tree": tree, "object": object});
    let step = client.post("/v1/help/sessions", &asked).await.expect(201).value();
    (format!("/v1/help/sessions/{}", step["session_id"].as_str().unwrap()), step)
}

/// Answers a step, and gives the next.
async fn answers(client: &Client, session: &str, option: &str) -> Value {
    client.post(&format!("{session}/answers"), &json!({"option": option})).await.expect(200).value()
}

/// Goes back to what was answered last.
async fn goes_back(client: &Client, session: &str) -> Value {
    client.act(&format!("{session}/back")).await.expect(200).value()
}

/// Where somebody is.
fn node(step: &Value) -> &str {
    step["node"]["id"].as_str().unwrap()
}

/// What is read there.
fn text(step: &Value) -> &str {
    step["node"]["text"].as_str().unwrap()
}

/// What a ticket carries that is handed over from a step.
async fn hands_over(client: &Client, session: &str) -> Value {
    let asked = json!({"message": "Please look at it"});
    let step = client.post(&format!("{session}/escalate"), &asked).await.expect(200).value();
    let ticket = step["ticket_id"].as_str().unwrap();
    client.get(&format!("/v1/tickets/{ticket}")).await.expect(200).value()
}

/// The topics that a page of help offers, in their order.
fn offered(html: &str) -> Vec<&'static str> {
    let known = [
        "cannot_add",
        "cannot_log_in",
        "dashboard_stale",
        "date_wrong",
        "delete_account",
        "importing",
        "keep_or_cancel",
        "monthly_or_yearly",
        "payment_failed",
        "price_wrong",
        "reading_wrong",
        "reminder_missing",
        "sharing",
    ];
    let mut found: Vec<_> =
        known.into_iter().filter_map(|tree| Some((html.find(&format!("\"{tree}\""))?, tree))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, tree)| tree).collect()
}

on_both! {
    async fn help_is_on_every_page_and_begins_with_what_belongs_there(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let netflix = asha.create(&with(monthly("Netflix"), "first_charge_on", json!("2026-05-05"))).await.id;
        let payment = asha.payments(&netflix).await[0].id.clone();
        let of = |screen: &str, object: &str| format!("screen={screen}&object={object}");
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, "/dashboard", "asha@example.org").await;
        for (page, asked, first) in [
            ("/dashboard".to_owned(), "screen=dashboard".to_owned(), "dashboard_stale"),
            ("/add".into(), "screen=add".into(), "cannot_add"),
            ("/subscriptions".into(), "screen=subscriptions".into(), "cannot_add"),
            (format!("/subscriptions/{netflix}"), of("subscription", &netflix), "date_wrong"),
            (format!("/subscriptions/{netflix}/edit"), of("subscription", &netflix), "date_wrong"),
            (format!("/subscriptions/{netflix}/sharing"), of("sharing", &netflix), "sharing"),
            (format!("/subscriptions/{netflix}/cancel"), of("cancel", &netflix), "keep_or_cancel"),
            ("/payments".into(), "screen=payments".into(), "payment_failed"),
            (format!("/payments/{payment}"), of("payment", &payment), "payment_failed"),
            ("/figures".into(), "screen=figures".into(), "monthly_or_yearly"),
            ("/calendar".into(), "screen=calendar".into(), "date_wrong"),
            ("/rates".into(), "screen=rates".into(), "price_wrong"),
            ("/reminders".into(), "screen=reminders".into(), "reminder_missing"),
            ("/notifications".into(), "screen=notifications".into(), "reminder_missing"),
            ("/notifications/channels".into(), "screen=notifications".into(), "reminder_missing"),
            ("/import".into(), "screen=import".into(), "importing"),
            ("/balances".into(), "screen=balances".into(), "sharing"),
            ("/household".into(), "screen=household".into(), "sharing"),
            ("/settings".into(), "screen=settings".into(), "delete_account"),
            ("/security".into(), "screen=security".into(), "cannot_log_in"),
        ] {
            browser.visit(&page).await;
            assert_eq!((browser.status(), browser.path()), (200, page.as_str()));
            let html = browser.html().replace("&#38;", "&").replace("&amp;", "&");
            assert!(html.contains(&format!("/help?{asked}\"")), "{page} has no help of its own: {html}");
            browser.visit(&format!("/help?{asked}")).await;
            let topics = offered(browser.html());
            assert_eq!((topics.len(), topics[0]), (13, first), "{page}");
        }
        // From a payment, a price is that of its subscription.
        let asked = json!({"tree": "price_wrong", "screen": "payment", "object": payment});
        let step = asha.post("/v1/help/sessions", &asked).await.expect(201).value();
        assert_eq!(node(&step), "home", "{step}");
        assert!(text(&step).contains("Netflix"), "{step}");
        app.finish().await;
    }

    async fn a_payment_that_failed_is_mended_where_it_was_looked_at(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let made = asha.create(&with(monthly("Netflix"), "first_charge_on", json!("2026-05-05"))).await;
        let payment = asha.payments(&made.id).await[0].id.clone();
        asha.patch(&format!("/v1/payments/{payment}"), &json!({"status": "failed"})).await.expect(200);

        let (session, step) = begin(&asha, "payment", &payment).await;
        assert_eq!((&step["tree"], &step["node"]["id"]), (&json!("payment_failed"), &json!("failed")));
        assert!(step["node"]["text"].as_str().unwrap().contains("Netflix"), "{step}");
        let step = asha.post(&format!("{session}/answers"), &json!({"option": "paid"})).await.expect(200).value();
        assert_eq!(step["node"]["id"], "marked");
        assert_eq!(step["node"]["link"], format!("/payments/{payment}"));
        assert_eq!(asha.payments(&made.id).await[0].status, "paid");
        asha.post(&format!("{session}/answers"), &json!({"option": "solved"})).await.expect(200);

        // Nothing of it is anybody else's, and a payment of hers is none of theirs.
        let bela = app.member("bela").await;
        bela.get(&session).await.problem(404);
        let (_, step) = begin(&bela, "payment", &payment).await;
        assert_eq!(step["node"]["id"], "nothing");
        app.finish().await;
    }

    async fn a_date_is_explained_from_its_anchor_and_handed_over_with_the_facts(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let made = asha.create(&with(monthly("Netflix"), "first_charge_on", json!("2026-01-31"))).await;
        let (session, step) = begin(&asha, "subscription", &made.id).await;
        assert_eq!((&step["tree"], &step["node"]["id"]), (&json!("date_wrong"), &json!("running")));
        let text = step["node"]["text"].as_str().unwrap();
        assert!(text.contains("31 Jan") && text.contains("every month") && text.contains("31 May"), "{text}");
        let step = asha.post(&format!("{session}/escalate"), &json!({"message": "It is always the 30th"})).await.expect(200).value();
        let ticket = format!("/v1/tickets/{}", step["ticket_id"].as_str().unwrap());
        let carried = asha.get(&ticket).await.expect(200).value();
        assert_eq!((&carried["object"], &carried["facts"]["name"]), (&json!(made.id), &json!("Netflix")));
        assert_eq!(carried["path"][0]["what"], "running");
        app.member("bela").await.get(&ticket).await.problem(404);

        // Whoever runs the installation reads what waits, and answers.
        let waits = setup.run_on_data(&["tickets", "list"]).await;
        let id = ticket.trim_start_matches("/v1/tickets/");
        assert!(waits.success && waits.output.contains(id), "{waits:?}");
        let shown = setup.run_on_data(&["tickets", "show", id]).await;
        assert!(shown.output.contains("It is always the 30th") && shown.output.contains("Netflix"), "{shown:?}");
        let answered = setup.run_on_data_with(&["tickets", "answer", id], "April has thirty days.\n").await;
        assert!(answered.success, "{answered:?}");
        let carried = asha.get(&ticket).await.expect(200).value();
        assert_eq!((&carried["status"], &carried["messages"][1]["text"]), (&json!("answered"), &json!("April has thirty days.")));
        assert!(!setup.run_on_data(&["tickets", "close", "tkt_nothing"]).await.success);

        // A subscription that is paused has no date to come, and is said to have none.
        asha.post(&format!("/v1/subscriptions/{}/pause", made.id), &json!({})).await.expect(200);
        let (_, step) = begin(&asha, "subscription", &made.id).await;
        assert_eq!(step["node"]["id"], "halted");
        app.finish().await;
    }
}
