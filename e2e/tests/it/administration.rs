//! Running an installation from within it.

use e2e::{Answer, Browser, Client, Form, Instance, Setup, eventually, on_both};
use reqwest::Method;
use serde_json::{Value, json};

/// Makes somebody an administrator, as whoever has the command line does.
async fn promote(setup: &Setup, app: &Instance, name: &str) -> Client {
    let email = format!("{name}@example.org");
    let done = setup.run_on_data(&["user", "role", &email, "administrator"]).await;
    assert!(done.success, "{}", done.errors);
    // The log-in they have counts by the old role for a few seconds.
    app.visitor().log_in(&email).await
}

async fn id_of(client: &Client) -> String {
    client.get("/v1/me").await.expect(200).value()["id"].as_str().unwrap().to_owned()
}

async fn acts_of(client: &Client) -> Vec<(String, String)> {
    let log = client.get("/v1/audit-log").await.expect(200).value();
    let text = |entry: &Value, member: &str| entry[member].as_str().unwrap_or_default().to_owned();
    log["data"].as_array().unwrap().iter().map(|entry| (text(entry, "act"), text(entry, "detail"))).collect()
}

fn noted(acts: &[(String, String)], act: &str, detail: &str) -> bool {
    acts.iter().any(|(known, of)| known == act && of == detail)
}

on_both! {
    async fn an_administrator_finds_suspends_restores_and_promotes(setup: Setup) {
        let app = setup.start().await;
        let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
        asha.get("/v1/admin/users").await.problem(403);
        let asha = promote(&setup, &app, "asha").await;
        let people = asha.get("/v1/admin/users").await.expect(200).value();
        let emails: Vec<_> = people["data"].as_array().unwrap().iter().map(|each| each["email"].clone()).collect();
        assert_eq!(emails, ["ravi@example.org", "asha@example.org"], "the newest first");
        assert!(!people.to_string().contains("password"), "{people}");
        let found = asha.get("/v1/admin/users?email=RAVI&limit=1").await.expect(200).value();
        assert_eq!(found["data"][0]["email"], "ravi@example.org");
        assert!(found["next_cursor"].is_null());
        assert_eq!(asha.get("/v1/admin/users?email=%25").await.expect(200).value()["data"], json!([]));

        let path = format!("/v1/admin/users/{}", id_of(&ravi).await);
        let shown = asha.get(&path).await.expect(200);
        let seen = shown.header("etag").to_owned();
        let suspended = asha.patch(&path, &json!({"suspended": true})).await.expect(200).value();
        assert_eq!((&suspended["suspended"], &suspended["role"]), (&json!(true), &json!("user")));
        eventually("ravi to be out", async || (ravi.get("/v1/me").await.status() == 401).then_some(())).await;
        let body = json!({"email": "ravi@example.org", "password": Client::PASSWORD});
        app.visitor().post("/v1/auth/login", &body).await.problem(403);
        // What it was decided on is over.
        let late = asha.request(Method::PATCH, &path).header("If-Match", seen).json(&json!({"role": "agent"}));
        Answer::of(late).await.unwrap().problem(412);
        asha.patch(&path, &json!({"suspended": false, "role": "agent"})).await.expect(200);
        let ravi = app.visitor().log_in("ravi@example.org").await;
        let theirs = acts_of(&ravi).await;
        for (act, detail) in [("account.suspended", ""), ("account.restored", ""), ("account.role_changed", "agent")] {
            assert!(noted(&theirs, act, detail), "{act}: {theirs:?}");
        }
        let ours = acts_of(&asha).await;
        for (act, detail) in [
            ("administration.suspended", "ravi@example.org"),
            ("administration.restored", "ravi@example.org"),
            ("administration.role_changed", "ravi@example.org: agent"),
        ] {
            assert!(noted(&ours, act, detail), "{act}: {ours:?}");
        }
        for (body, pointer) in [
            (json!({"role": "king"}), "/role"),
            (json!({"role": null}), "/role"),
            (json!({"suspended": null}), "/suspended"),
            (json!({"email": "eve@example.org"}), "/email"),
        ] {
            assert_eq!(asha.patch(&path, &body).await.problem(422).pointers(), [pointer]);
        }
        app.finish().await;
    }

    async fn there_is_always_an_administrator_left(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let path = format!("/v1/admin/users/{}", id_of(&asha).await);
        let asha = promote(&setup, &app, "asha").await;
        for body in [json!({"role": "user"}), json!({"suspended": true})] {
            asha.patch(&path, &body).await.problem(409);
        }
        // No key is an administrator, whoever made it.
        let key = asha.post("/v1/api-keys", &json!({"name": "All", "scope": "write"})).await.expect(201).value();
        app.visitor().bearing(key["secret"].as_str().unwrap()).get("/v1/admin/users").await.problem(403);
        asha.get("/v1/admin/users/usr_0190a0a0a0a07000800000000000000a").await.problem(404);
        app.finish().await;
    }

    async fn people_are_administered_on_pages(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        app.member("ravi").await;
        let mut browser = Browser::open(app.base());
        let log_in = async |browser: &mut Browser| {
            browser.visit("/login").await;
            let mut form = browser.form(|form: &Form| form.has_kind("password"));
            form.fill_kind("email", "asha@example.org").fill_kind("password", Client::PASSWORD);
            browser.submit(&form).await;
        };
        log_in(&mut browser).await;
        browser.visit("/settings").await;
        assert!(!browser.html().contains("/admin/users"));
        browser.visit("/admin/users").await;
        assert_eq!(browser.status(), 403, "{}", browser.text());
        promote(&setup, &app, "asha").await;
        let mut browser = Browser::open(app.base());
        log_in(&mut browser).await;
        browser.visit("/settings").await;
        assert!(browser.html().contains("/admin/users"), "{}", browser.text());
        browser.visit("/admin/users?q=rav").await;
        assert!(browser.text().contains("ravi@example.org"), "{}", browser.text());
        assert_eq!(browser.html().matches("href=\"/admin/users/usr_").count(), 1, "nobody else's address begins so");
        let link = browser.html().split("href=\"/admin/users/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        browser.visit(&format!("/admin/users/{link}")).await;
        let mut form = browser.form(|form: &Form| form.value("version").is_some());
        form.fill("role", "agent").press("intent", "role");
        browser.submit(&form).await;
        assert_eq!(browser.status(), 200, "{}", browser.text());
        let stale = form.clone();
        let mut form = browser.form(|form: &Form| form.action.contains(&link) && form.value("role").is_none());
        form.press("intent", "suspend");
        browser.submit(&form).await;
        assert!(browser.text().contains("Let them in again"), "{}", browser.text());
        browser.submit(&stale).await;
        assert_eq!(browser.status(), 412, "{}", browser.text());
        browser.visit("/admin/users").await;
        assert!(browser.text().contains("Suspended"), "{}", browser.text());
        app.finish().await;
    }

    async fn an_administrator_sees_how_all_of_it_is_doing(setup: Setup) {
        // Nobody is there.
        let setup = setup
            .with("PERENNIAL_RATES_FETCH", "true")
            .with("PERENNIAL_RATES_URL", "http://127.0.0.1:9/");
        let app = setup.start().await;
        app.member("asha").await;
        let asha = promote(&setup, &app, "asha").await;
        let status = eventually("the bank to be asked in vain", async || {
            let status = asha.get("/v1/admin/status").await.expect(200).value();
            (status["dependencies"][0]["failed"].as_u64() > Some(0)).then_some(status)
        })
        .await;
        assert_eq!(status["ready"], true, "{status}");
        let dependency = &status["dependencies"][0];
        assert_eq!((&dependency["name"], &dependency["last_failure"]), (&json!("127.0.0.1:9"), &json!("it cannot be reached")));
        let modules: Vec<_> = status["databases"].as_array().unwrap().iter().map(|each| each["module"].clone()).collect();
        assert!(modules.contains(&json!("auth")) && modules.contains(&json!("gateway")), "{modules:?}");
        assert!(status["jobs"].as_array().unwrap().iter().any(|job| job["name"] == "gateway.forgetting"));
        assert!(status["requests"]["in_flight"].as_u64() > Some(0), "this one: {status}");
        let mut browser = Browser::open(app.base());
        browser.visit("/login").await;
        let mut form = browser.form(|form: &Form| form.has_kind("password"));
        form.fill_kind("email", "asha@example.org").fill_kind("password", Client::PASSWORD);
        browser.submit(&form).await;
        browser.visit("/admin/dead-letters").await;
        assert!(browser.text().contains("Every event was taken"), "{}", browser.text());
        assert_eq!(asha.get("/v1/admin/dead-letters").await.expect(200).value()["data"], json!([]));
        asha.delete("/v1/admin/dead-letters/dlt_0190a0a0a0a07000800000000000000a").await.problem(404);
        let none = json!({"count": 0, "more": false});
        assert_eq!(asha.post("/v1/admin/dead-letters/replay", &json!({"all": true})).await.expect(200).value(), none);
        assert!(noted(&acts_of(&asha).await, "administration.dead_letters_replayed", "all of them"));
        browser.visit("/admin/status").await;
        assert!(browser.text().contains("it cannot be reached"), "{}", browser.text());
        app.finish().await;
    }
}
