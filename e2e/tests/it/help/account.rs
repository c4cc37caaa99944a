//! Log-ins, factors, and leaving.

use e2e::{Browser, Client, Form, eventually, on_both};
use serde_json::json;

use super::{answers, begin, begin_with, goes_back, hands_over, node, text};
use crate::{
    households::{join, signed_in},
    monthly,
};

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

    async fn whoever_wants_to_go_is_told_what_goes_and_is_led_to_where_it_is_done(setup: Setup) {
        let app = setup.with("PERENNIAL_AUTH_ERASURE_SETTLES", "1s").start().await;
        let (asha, bela) = (app.member("asha").await, app.member("bela").await);
        asha.create(&monthly("Netflix")).await;
        join(&asha, &bela, "editor").await;
        let (session, step) = begin_with(&asha, "delete_account", "").await;
        assert_eq!(node(&step), "others", "{step}");
        answers(&asha, &session, "operator").await;
        let carried = hands_over(&asha, &session).await;
        assert_eq!(carried["facts"]["people"], "1");

        // What is erased, and what is not cancelled, is said before; the export comes first.
        let (session, step) = begin_with(&bela, "delete_account", "").await;
        assert_eq!(node(&step), "guest", "{step}");
        let step = answers(&bela, &session, "delete").await;
        assert_eq!((node(&step), &step["node"]["options"][0]["id"]), ("before", &json!("take")), "{step}");
        assert!(text(&step).contains("Nothing is cancelled with a provider"), "{step}");
        assert_eq!(answers(&bela, &session, "take").await["node"]["link"], "/export");
        assert_eq!(node(&goes_back(&bela, &session).await), "before");

        let mut browser = signed_in(&app, "bela").await;
        // The same step on its page, and from there to the page where it is done.
        let page = session.trim_start_matches("/v1");
        browser.visit(page).await;
        let mut step = browser.form(|form: &Form| form.action == page);
        step.press("option", "delete");
        browser.submit(&step).await;
        assert!(browser.html().contains("href=\"/security/delete\""), "{}", browser.html());
        browser.visit("/security/delete").await;
        let mut form = browser.form(|form: &Form| form.action == "/security/delete");
        form.fill_kind("password", Client::PASSWORD);
        browser.submit(&form).await;
        assert!(browser.text().contains("Your account is being deleted"), "{}", browser.text());
        bela.get("/v1/me").await.problem(401);
        // The household that she was a guest of goes on.
        assert_eq!(asha.subscriptions().await.len(), 1);
        let address = json!({"email": "bela@example.org", "password": Client::PASSWORD});
        eventually("her address to be free again", async || {
            (app.visitor().post("/v1/auth/register", &address).await.status() == 201).then_some(())
        })
        .await;
        app.finish().await;
    }

    async fn what_makes_somebody_want_to_go_is_mended_where_it_can_be(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let stranger = app.visitor().log_in("asha@example.org").await;
        let mut browser = signed_in(&app, "asha").await;
        for (reason, page) in
            [("cost", "/subscriptions"), ("messages", "/notifications/preferences"), ("seen", "/household")]
        {
            let (session, step) = begin_with(&asha, "delete_account", "").await;
            assert_eq!(node(&step), "alone", "{step}");
            assert_eq!(node(&answers(&asha, &session, "why").await), "why");
            let step = answers(&asha, &session, reason).await;
            assert_eq!((node(&step), &step["node"]["link"]), (reason, &json!(page)), "{step}");
            browser.visit(page).await;
            assert_eq!((browser.status(), browser.path()), (200, page));
        }
        stranger.get("/v1/me").await.expect(200);
        let (session, _) = begin_with(&asha, "delete_account", "").await;
        answers(&asha, &session, "why").await;
        assert_eq!(node(&answers(&asha, &session, "stranger").await), "others_ended");
        stranger.get("/v1/me").await.problem(401);
        asha.get("/v1/me").await.expect(200);
        let (session, _) = begin_with(&asha, "delete_account", "").await;
        answers(&asha, &session, "why").await;
        assert_eq!(answers(&asha, &session, "other").await["node"]["kind"], "escalation");
        assert_eq!(hands_over(&asha, &session).await["tree"], "delete_account");
        app.finish().await;
    }
}
