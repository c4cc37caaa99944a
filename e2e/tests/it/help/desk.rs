//! What is handed over is answered at the desk: whoever asked is told by mail, and reads who opened it.

use e2e::{Browser, Client, Instance, MailServer, Setup, eventually, on_both};
use serde_json::{Value, json};

use super::{begin, hands_over};
use crate::{monthly, pages::log_in};

const DESK: &str = "/v1/help/desk/tickets";

/// Makes somebody an agent, as whoever has the command line does.
async fn agent(setup: &Setup, app: &Instance, name: &str) -> Client {
    let email = format!("{name}@example.org");
    let done = setup.run_on_data(&["user", "role", &email, "agent"]).await;
    assert!(done.success, "{}", done.errors);
    app.visitor().log_in(&email).await
}

async fn acts(client: &Client) -> Vec<Value> {
    let log = client.get("/v1/audit-log").await.expect(200).value();
    log["data"].as_array().unwrap().iter().map(|entry| json!([entry["act"], entry["detail"]])).collect()
}

on_both! {
    async fn what_is_handed_over_is_answered_and_told_by_mail_and_who_opened_it_is_written_down(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        app.member("ravi").await;
        let netflix = asha.create(&monthly("Netflix")).await.id;
        let (session, _) = begin(&asha, "subscription", &netflix).await;
        let carried = hands_over(&asha, &session).await;
        let ticket = carried["id"].as_str().unwrap().to_owned();
        asha.get(DESK).await.problem(403);
        app.stop().await;

        let server = MailServer::open();
        let mailing = setup
            .clone()
            .with("PERENNIAL_NOTIFICATIONS_SMTP", server.url())
            .with("PERENNIAL_NOTIFICATIONS_MAIL_FROM", "Perennial <perennial@example.org>");
        let app = mailing.start_at("2026-05-05T07:30:00Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        asha.post("/v1/channels", &json!({"kind": "email", "config": {}})).await.expect(201);
        let ravi = agent(&setup, &app, "ravi").await;
        let queue = ravi.get(DESK).await.expect(200).value();
        assert_eq!(queue["data"][0]["id"], json!(ticket), "{queue}");
        assert!(!queue.to_string().contains("Netflix"), "{queue}");
        assert!(acts(&asha).await.iter().all(|act| act[0] != "ticket.opened_by_support"), "a list opens nothing");
        let opened = ravi.get(&format!("{DESK}/{ticket}")).await.expect(200).value();
        assert_eq!(opened["facts"]["name"], "Netflix");
        assert!(!opened.to_string().contains("asha@"), "{opened}");
        assert!(acts(&asha).await.contains(&json!(["ticket.opened_by_support", ticket])));
        assert!(acts(&ravi).await.contains(&json!(["desk.ticket_opened", ticket])));
        // What the ticket does not carry is nothing that an agent sees.
        ravi.get(&format!("/v1/subscriptions/{netflix}")).await.problem(404);
        ravi.get(&format!("/v1/tickets/{ticket}")).await.problem(404);
        ravi.get("/v1/admin/users").await.problem(403);

        ravi.post(&format!("{DESK}/{ticket}/messages"), &json!({"message": "April has thirty days."})).await.expect(204);
        let told = eventually("her to be told", async || {
            let page = asha.get("/v1/notifications").await.expect(200).value();
            page["data"].as_array().unwrap().iter().find(|each| each["kind"] == "ticket_answered").cloned()
        })
        .await;
        assert_eq!(told["body"], "April has thirty days.", "{told}");
        eventually("a letter", async || server.holds("asha@example.org", &format!("/help/tickets/{ticket}")).then_some(())).await;
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, &format!("/login?next=/help/tickets/{ticket}"), "asha@example.org").await;
        assert!(browser.text().contains("April has thirty days."), "{}", browser.text());
        let mut form = browser.form(|form| form.method == "post" && form.value("message").is_some());
        form.fill("message", "So has June?");
        browser.submit(&form).await;
        let waits = ravi.get(DESK).await.expect(200).value();
        assert_eq!(waits["data"][0]["claimed_by_name"], "ravi", "it waits again, for the same: {waits}");

        // The desk in a browser: answered with a template, closed, and counted.
        let kept = json!({"name": "Yes", "text": "So it has."});
        let template = ravi.post("/v1/help/desk/templates", &kept).await.expect(201).value();
        let mut browser = Browser::open(app.base());
        let page = format!("/help/desk/tickets/{ticket}?template={}", template["id"].as_str().unwrap());
        log_in(&mut browser, "/login", "ravi@example.org").await;
        browser.visit(&page).await;
        let form = browser.form(|form| form.method == "post" && form.value("message").is_some());
        assert_eq!(form.value("message"), Some("So it has."));
        browser.submit(&form).await;
        assert!(browser.text().contains("they are told"), "{}", browser.text());
        let form = browser.form(|form| form.action.ends_with("/close"));
        browser.submit(&form).await;
        assert_eq!(browser.path(), "/help/desk");
        browser.visit("/help/desk/trees").await;
        assert!(browser.text().contains("A date looks wrong") && browser.text().contains("1 handed over"), "{}", browser.text());
        let figures = ravi.get("/v1/help/desk/figures").await.expect(200).value();
        assert_eq!((&figures["waiting"], &figures["first_answer"]["count"]), (&json!(0), &json!(1)), "{figures}");
        let metrics = app.visitor().get("/metrics").await.expect(200).text();
        assert!(metrics.contains("perennial_help_first_answer_seconds"), "{metrics}");
        app.finish().await;
    }
}
