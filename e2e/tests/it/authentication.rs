//! Who you are.

use e2e::{Client, Instance, Tokens, on_both};
use serde_json::json;

async fn log_in(app: &Instance, email: &str) -> Tokens {
    let body = json!({"email": email, "password": Client::PASSWORD});
    app.visitor().post("/v1/auth/login", &body).await.expect(200).json()
}

async fn refresh(app: &Instance, token: &str) -> e2e::Answer {
    app.visitor().post("/v1/auth/refresh", &json!({"refresh_token": token})).await
}

on_both! {
    async fn an_account_shows_what_was_said_of_it(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let me = asha.get("/v1/me").await.expect(200).value();
        assert_eq!(me["email"], "asha@example.org");
        assert_eq!((&me["locale"], &me["time_zone"], &me["currency"]), (&json!("en-IN"), &json!("Asia/Kolkata"), &json!("INR")));
        let changed = asha.patch("/v1/me", &json!({"currency": "EUR"})).await.expect(200).value();
        assert_eq!(changed["currency"], "EUR");
        assert_eq!(asha.get("/v1/me").await.expect(200).value()["currency"], "EUR");
        assert_eq!(asha.patch("/v1/me", &json!({"time_zone": "Mars/Base"})).await.problem(422).pointers(), ["/time_zone"]);
        app.finish().await;
    }

    async fn a_wrong_password_and_an_unknown_address_look_the_same(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        let mut told = Vec::new();
        for email in ["asha@example.org", "nobody@example.org"] {
            let body = json!({"email": email, "password": "not the password"});
            let problem = app.visitor().post("/v1/auth/login", &body).await.problem(401);
            told.push((problem.kind, problem.title, problem.detail));
        }
        assert_eq!(told[0], told[1]);
        app.finish().await;
    }

    async fn an_address_has_one_account(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        let again = json!({"email": "ASHA@example.org", "password": "another long password"});
        app.visitor().post("/v1/auth/register", &again).await.problem(409);
        log_in(&app, "asha@example.org").await;
        app.finish().await;
    }

    async fn one_of_many_who_register_an_address_at_once_gets_it(setup: Setup) {
        let app = setup.start().await;
        let body = json!({"email": "rush@example.org", "password": Client::PASSWORD});
        let visitor = app.visitor();
        let asked = (0..6).map(|_| {
            let (visitor, body) = (visitor.clone(), body.clone());
            async move { visitor.post("/v1/auth/register", &body).await }
        });
        let statuses = crate::at_once(asked).await;
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
        app.finish().await;
    }

    async fn what_registering_asks_for_is_named(setup: Setup) {
        let app = setup.start().await;
        let account = json!({"email": "a@example.org", "password": Client::PASSWORD});
        for (member, value) in [
            ("email", json!("not an address")),
            ("password", json!("short")),
            ("currency", json!("XXQ")),
            ("time_zone", json!("Mars/Base")),
            ("locale", json!("??")),
            ("role", json!("admin")),
        ] {
            let body = crate::with(account.clone(), member, value);
            let problem = app.visitor().post("/v1/auth/register", &body).await.problem(422);
            assert_eq!(problem.pointers(), [format!("/{member}")]);
        }
        app.finish().await;
    }

    async fn a_refresh_token_is_good_once_and_its_reuse_ends_the_session(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        let first = log_in(&app, "asha@example.org").await;
        assert_eq!(first.token_type, "Bearer");
        assert!((60..=3600).contains(&first.expires_in), "{}", first.expires_in);
        let second: Tokens = refresh(&app, &first.refresh_token).await.expect(200).json();
        assert_ne!(second.refresh_token, first.refresh_token);
        app.visitor().bearing(&second.access_token).get("/v1/me").await.expect(200);

        refresh(&app, &first.refresh_token).await.problem(401);
        refresh(&app, &second.refresh_token).await.problem(401);
        // Another session of the same person is none of its business.
        let other = log_in(&app, "asha@example.org").await;
        refresh(&app, &other.refresh_token).await.expect(200);
        refresh(&app, "garbage").await.problem(401);
        app.finish().await;
    }

    async fn logging_out_ends_the_session(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        let tokens = log_in(&app, "asha@example.org").await;
        let asha = app.visitor().bearing(&tokens.access_token);
        asha.act("/v1/auth/logout").await.expect(204);
        refresh(&app, &tokens.refresh_token).await.problem(401);
        app.finish().await;
    }

    async fn without_a_token_that_is_ours_nothing_is_shown(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let (head, rest) = asha.token().split_at(asha.token().len() - 4);
        let forged = format!("{head}{}", rest.chars().rev().collect::<String>());
        let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSIsImV4cCI6OTk5OTk5OTk5OX0.";
        for client in [
            app.visitor(),
            app.visitor().bearing("garbage"),
            app.visitor().bearing(""),
            app.visitor().bearing(&forged),
            app.visitor().bearing(none),
        ] {
            for path in ["/v1/me", "/v1/subscriptions", "/v1/dashboard"] {
                let answer = client.get(path).await;
                assert!(answer.header("www-authenticate").starts_with("Bearer"));
                answer.problem(401);
            }
            client.post("/v1/messages", &json!({"text": "Netflix ₹499 monthly"})).await.problem(401);
        }
        app.finish().await;
    }

    async fn an_access_token_does_not_live_long(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        app.stop().await;
        let app = setup.start_at("2026-05-05T06:31:00Z").await;
        asha.asking(app.base()).get("/v1/me").await.expect(200);
        app.stop().await;
        let app = setup.start_at("2026-05-05T08:00:00Z").await;
        asha.asking(app.base()).get("/v1/me").await.problem(401);
        app.finish().await;
    }
}
