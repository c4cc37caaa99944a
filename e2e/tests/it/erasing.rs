//! Somebody deletes their account: nothing of them is left anywhere, whenever the program is killed on the way.

use std::time::Duration;

use e2e::{Answer, Client, Form, Instance, Setup, eventually, on_both};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    households::{join, me, signed_in},
    monthly, with,
};

/// What says in the databases that a row is somebody's: the digits of their id, which those of their own household and
/// member are too, and their address.
struct Person {
    digits: String,
    address: String,
}

impl Person {
    async fn of(client: &Client, name: &str) -> Self {
        let id = me(client).await["id"].as_str().unwrap().to_owned();
        Self { digits: id.trim_start_matches("usr_").to_owned(), address: format!("{name}@example.org") }
    }

    /// The tables in which there is something of theirs, with the rows.
    async fn rows(&self, setup: &Setup) -> Vec<String> {
        let mut rows = setup.rows().await;
        rows.retain(|row| row.contains(&self.digits) || row.contains(&self.address));
        rows
    }

    /// Waits until nothing is left but that it happened.
    async fn is_gone(&self, setup: &Setup) {
        let mut left = Vec::new();
        for _ in 0..60 {
            left = self.rows(setup).await;
            if left.len() == 1 && left[0].starts_with("auth.erasures: ") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("left of them:\n{}", left.join("\n"));
    }
}

/// Something in every module.
async fn live(app: &Instance, ravi: &Client, there: &Client) {
    let made = ravi.create(&monthly("Gym")).await;
    ravi.say("Spotify ₹119 monthly").await;
    there.create(&monthly("Shared internet")).await;
    there.create(&with(monthly("Secret gift"), "private", json!(true))).await;
    for (path, body) in [
        ("/v1/api-keys", json!({"name": "script", "scope": "read"})),
        ("/v1/calendar-feeds", json!({"name": "phone"})),
        ("/v1/budgets", json!({"amount": {"amount": "900.00", "currency": "INR"}})),
        ("/v1/members", json!({"name": "Baba"})),
        ("/v1/categories", json!({"name": "Odds"})),
        ("/v1/invitations", json!({"access": "viewer"})),
        (
            "/v1/webhooks",
            json!({"name": "mine", "url": "http://127.0.0.1:9/hook", "events": ["subscription.created"]}),
        ),
    ] {
        let answer = ravi.post(path, &body).await;
        assert!(answer.status() < 300, "{path}: {}", answer.text());
    }
    let help = json!({"tree": "delete_account", "object": ""});
    let helped = ravi.post("/v1/help/sessions", &help).await.expect(201).value();
    let path = format!("/v1/help/sessions/{}/escalate", helped["session_id"].as_str().unwrap());
    ravi.post(&path, &json!({"message": "How do I leave?"})).await;
    let again = ravi.request(Method::POST, "/v1/subscriptions").header("Idempotency-Key", "again");
    Answer::of(again.json(&monthly("Newspaper"))).await.unwrap().expect(201);
    ravi.post(&format!("/v1/subscriptions/{}/pause", made.id), &Value::Null).await;
    app.visitor()
        .post("/v1/auth/login", &json!({"email": "ravi@example.org", "password": "wrong horse"}))
        .await;
}

async fn delete(client: &Client, body: &Value) -> Answer {
    client.try_send(Method::DELETE, "/v1/me", body).await.unwrap()
}

/// Whether the end has been written down: the address is free again.
async fn register_anew(app: &Instance) -> Option<()> {
    let body = json!({"email": "ravi@example.org", "password": Client::PASSWORD});
    let answer = app.visitor().post("/v1/auth/register", &body).await;
    (answer.status() == 201).then_some(())
}

on_both! {
    async fn an_account_is_erased_everywhere_though_the_program_is_killed_on_the_way(setup: Setup) {
        let setup = setup
            .with("PERENNIAL_AUTH_ERASURE_SETTLES", "2s")
            .with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true");
        let app = setup.start().await;
        let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
        let there = join(&asha, &ravi, "editor").await;
        let hers = asha.create(&monthly("Netflix")).await;
        live(&app, &ravi, &there).await;
        let person = Person::of(&ravi, "ravi").await;
        eventually("something of theirs to be in every module", async || {
            let rows = person.rows(&setup).await;
            let modules = ["auth", "gateway", "help", "llm", "notifications", "subscriptions", "users"];
            modules.iter().all(|module| rows.iter().any(|row| row.starts_with(module))).then_some(())
        })
        .await;

        delete(&ravi, &json!({"password": "wrong horse battery"})).await.problem(422);
        ravi.get("/v1/me").await.expect(200);
        assert_eq!(delete(&ravi, &json!({"password": Client::PASSWORD})).await.status(), 202);
        // Out at once, with no way back in.
        ravi.get("/v1/me").await.problem(401);
        let back = json!({"email": "ravi@example.org", "password": Client::PASSWORD});
        app.visitor().post("/v1/auth/login", &back).await.problem(403);
        app.kill9();
        for round in 0..8_u64 {
            let app = setup.start_hastily().await;
            tokio::time::sleep(Duration::from_millis(40 + round * 67 % 400)).await;
            app.kill9();
        }

        let app = setup.start().await;
        person.is_gone(&setup).await;
        eventually("the address to be free", async || register_anew(&app).await).await;
        assert!(app.visitor().log_in("ravi@example.org").await.subscriptions().await.is_empty());

        // What is hers is as it was, and what was shared with her she has.
        let asha = app.visitor().log_in("asha@example.org").await;
        assert_eq!(asha.subscription(&hers.id).await, hers);
        let names: Vec<String> = asha.subscriptions().await.into_iter().map(|each| each.name).collect();
        assert!(names.iter().any(|name| name == "Shared internet"), "{names:?}");
        assert!(!setup.rows().await.iter().any(|row| row.contains("secret gift")), "nobody else ever saw it");
        app.finish().await;
    }

    async fn who_is_left_behind_is_thought_of_before(setup: Setup) {
        let setup = setup.with("PERENNIAL_AUTH_ERASURE_SETTLES", "1s");
        let app = setup.start().await;
        let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
        let there = join(&asha, &ravi, "editor").await;
        let shared = asha.create(&monthly("Netflix")).await;
        let right = json!({"password": Client::PASSWORD});
        let refused = delete(&asha, &right).await.problem(409);
        assert!(refused.detail.contains("make one of them an owner first"), "{}", refused.detail);

        let mut browser = signed_in(&app, "asha").await;
        browser.visit("/security/delete").await;
        assert!(browser.text().contains("For you to say"), "{}", browser.text());
        let members = asha.get("/v1/members").await.expect(200).value();
        let his = members["data"].as_array().unwrap().iter().find(|member| member["access"] == "editor").unwrap();
        let path = format!("/v1/members/{}", his["id"].as_str().unwrap());
        asha.patch(&path, &json!({"access": "owner"})).await.expect(200);
        browser.visit("/security/delete").await;
        assert!(browser.text().contains("Goes on"), "{}", browser.text());
        let mut form = browser.form(|form: &Form| form.action == "/security/delete");
        form.fill_kind("password", "wrong horse battery");
        browser.submit(&form).await;
        assert_eq!(browser.status(), 422);
        form.fill_kind("password", Client::PASSWORD);
        browser.submit(&form).await;
        assert!(browser.text().contains("Your account is being deleted"), "{}", browser.text());

        // It is his now: he sees it, its days follow his, and nobody but him is in it.
        eventually("it to be his home", async || {
            let members = there.get("/v1/members").await;
            let present = members.value()["data"].as_array().map_or(0, |all| all.iter().filter(|each| each["left_at"].is_null()).count());
            (members.status() == 200 && present == 1).then_some(())
        })
        .await;
        assert_eq!(there.subscription(&shared.id).await.name, "Netflix");
        ravi.patch("/v1/me", &json!({"currency": "EUR"})).await.expect(200);
        eventually("it to count as he does", async || {
            (there.get("/v1/dashboard").await.expect(200).value()["currency"] == "EUR").then_some(())
        })
        .await;
        app.finish().await;
    }

    async fn the_last_administrator_stays_and_the_command_line_can_see_others_out(setup: Setup) {
        let setup = setup.with("PERENNIAL_AUTH_ERASURE_SETTLES", "1s");
        let app = setup.start().await;
        let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
        assert!(setup.run_on_data(&["user", "role", "asha@example.org", "administrator"]).await.success);
        let right = json!({"password": Client::PASSWORD});
        let refused = delete(&asha, &right).await.problem(409);
        assert!(refused.detail.contains("only administrator"), "{}", refused.detail);
        let person = Person::of(&ravi, "ravi").await;
        let ended = setup.run_on_data(&["user", "delete", "ravi@example.org"]).await;
        assert!(ended.success, "{}", ended.errors);
        eventually("ravi to be out", async || (ravi.get("/v1/me").await.status() == 401).then_some(())).await;
        assert!(!setup.run_on_data(&["user", "restore", "ravi@example.org"]).await.success, "it is not taken back");
        person.is_gone(&setup).await;
        app.finish().await;
    }
}
