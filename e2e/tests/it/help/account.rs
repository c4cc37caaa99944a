//! Log-ins, factors, and leaving.

use e2e::{Browser, on_both};
use serde_json::json;

use super::{answers, begin, begin_with, hands_over, node, text};
use crate::{households::join, monthly};

on_both! {
    async fn whoever_cannot_log_in_finds_help_all_the_same(setup: Setup) {
        let app = setup.start().await;
        let mut browser = Browser::open(app.base());
        browser.visit("/login").await;
        assert!(browser.html().contains("href=\"/help/log-in\""), "{}", browser.html());
        browser.visit("/help/log-in").await;
        assert_eq!((browser.status(), browser.path()), (200, "/help/log-in"));
        assert!(browser.text().contains("recovery code takes the place"), "{}", browser.text());
        // Every page that it leads to is there for whoever is not logged in.
        for page in ["/forgotten", "/login/passkey", "/login"] {
            browser.visit("/help/log-in").await;
            assert!(browser.html().contains(&format!("href=\"{page}\"")), "{}", browser.html());
            browser.visit(page).await;
            assert_eq!((browser.status(), browser.path()), (200, page));
        }
        // Everything else of help is for those who are.
        browser.visit("/help").await;
        assert_eq!(browser.path(), "/login");
        app.finish().await;
    }

    async fn a_log_in_that_is_somebody_elses_is_ended_and_what_helps_is_told(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let stranger = app.visitor().log_in("asha@example.org").await;
        stranger.get("/v1/me").await.expect(200);
        let (session, step) = begin(&asha, "security", "").await;
        // Nothing mails here, so a forgotten password is for whoever runs it.
        assert_eq!((&step["tree"], node(&step)), (&json!("cannot_log_in"), "unmailed"), "{step}");
        assert!(text(&step).contains("Other open log-ins: 1"), "{step}");
        assert_eq!(node(&answers(&asha, &session, "stranger").await), "others_ended");
        stranger.get("/v1/me").await.problem(401);
        asha.get("/v1/me").await.expect(200);
        let log = asha.get("/v1/audit-log").await.expect(200).text();
        assert!(log.contains("others"), "{log}");

        let (session, step) = begin_with(&asha, "cannot_log_in", "").await;
        assert!(text(&step).contains("Other open log-ins: 0"), "{step}");
        assert_eq!(answers(&asha, &session, "forgotten").await["node"]["kind"], "escalation");
        let carried = hands_over(&asha, &session).await;
        assert_eq!((&carried["facts"]["passkeys"], &carried["facts"]["codes"]), (&json!("0"), &json!("0")));

        // A program that bears a key ends no log-ins.
        let key = asha.post("/v1/api-keys", &json!({"name": "Script", "scope": "write"})).await.expect(201).value();
        let program = app.visitor().bearing(key["secret"].as_str().unwrap());
        let other = app.visitor().log_in("asha@example.org").await;
        let (session, _) = begin_with(&program, "cannot_log_in", "").await;
        assert_eq!(node(&answers(&program, &session, "stranger").await), "refused");
        other.get("/v1/me").await.expect(200);
        app.finish().await;
    }

    async fn whoever_wants_to_go_is_told_what_they_leave_behind(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let (asha, bela) = (app.member("asha").await, app.member("bela").await);
        asha.create(&monthly("Netflix")).await;
        let (session, step) = begin_with(&asha, "delete_account", "").await;
        assert_eq!(node(&step), "alone", "{step}");
        assert_eq!(answers(&asha, &session, "delete").await["node"]["link"], "/security/delete");
        let (session, _) = begin_with(&asha, "delete_account", "").await;
        assert_eq!(answers(&asha, &session, "take").await["node"]["link"], "/export");
        join(&asha, &bela, "editor").await;
        let (session, step) = begin_with(&asha, "delete_account", "").await;
        assert_eq!(node(&step), "others", "{step}");
        answers(&asha, &session, "operator").await;
        let carried = hands_over(&asha, &session).await;
        assert_eq!(carried["facts"]["people"], "1");
        let (_, step) = begin_with(&bela, "delete_account", "").await;
        assert_eq!(node(&step), "guest", "{step}");
        app.finish().await;
    }
}
