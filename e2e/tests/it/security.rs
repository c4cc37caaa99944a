//! Keeping an account one's own: by mail, on the pages, from the command line.

use std::time::{Duration, Instant};

use e2e::{Answer, Browser, Client, Form, Instance, MailServer, Setup, on_both};
use reqwest::Method;
use serde_json::json;

const NEW: &str = "another few words in a row";

fn mailing(setup: &Setup, server: &MailServer) -> Setup {
    let from = "Perennial <perennial@example.org>";
    setup
        .clone()
        .with("PERENNIAL_NOTIFICATIONS_SMTP", server.url())
        .with("PERENNIAL_NOTIFICATIONS_MAIL_FROM", from)
}

fn asks_for_password(form: &Form) -> bool {
    form.has_kind("password")
}

async fn log_in(app: &Instance, email: &str, password: &str) -> Browser {
    let mut browser = Browser::open(app.base());
    browser.visit("/login").await;
    let mut form = browser.form(asks_for_password);
    form.fill_kind("email", email).fill_kind("password", password);
    browser.submit(&form).await;
    browser
}

/// What an authenticator app shows so many seconds from now.
fn code_in(secret: &str, seconds: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    app.generate(now + seconds).to_string()
}

async fn log_in_page(app: &Instance) -> Browser {
    log_in(app, "asha@example.org", Client::PASSWORD).await
}

on_both! {
    async fn a_code_of_an_app_is_asked_for_after_the_password(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let mine = json!({"password": Client::PASSWORD});
        let begun = asha.post("/v1/auth/totp", &mine).await.expect(201).value();
        let secret = begun["secret"].as_str().unwrap();
        let confirmed = asha.post("/v1/auth/totp/confirm", &json!({"code": code_in(secret, 0)})).await;
        let codes = confirmed.expect(200).value();
        let visitor = app.visitor();
        let log_in = async || {
            let body = json!({"email": "asha@example.org", "password": Client::PASSWORD});
            let owed = visitor.post("/v1/auth/login", &body).await.expect(202).value();
            assert!(owed["access_token"].is_null(), "{owed}");
            owed["challenge"].as_str().unwrap().to_owned()
        };
        let carry_on = async |challenge: &str, code: &str| {
            visitor.post("/v1/auth/login/second-factor", &json!({"challenge": challenge, "code": code})).await
        };
        let challenge = log_in().await;
        carry_on(&challenge, "000000").await.problem(401);
        let next = code_in(secret, 30);
        let tokens = carry_on(&challenge, &next).await.expect(200).value();
        visitor.bearing(tokens["access_token"].as_str().unwrap()).get("/v1/me").await.expect(200);
        carry_on(&log_in().await, &next).await.problem(401);
        let spare = codes["recovery_codes"][0].as_str().unwrap();
        carry_on(&log_in().await, spare).await.expect(200);
        carry_on(&log_in().await, spare).await.problem(401);

        // The same on the pages.
        let mut browser = log_in_page(&app).await;
        assert_eq!(browser.path(), "/login/second-factor", "{}", browser.text());
        let mut form = browser.form(|form: &Form| form.value("code").is_some());
        form.fill("code", codes["recovery_codes"][1].as_str().unwrap());
        browser.submit(&form).await;
        assert_eq!(browser.path(), "/dashboard", "{}", browser.text());
        // Who has lost both is let in by whoever runs it.
        let done = setup.run_on_data(&["user", "disable-app", "asha@example.org"]).await;
        assert!(done.success, "{}", done.errors);
        app.visitor().log_in("asha@example.org").await;
        app.finish().await;
    }

    async fn somebody_confirms_their_address_forgets_their_password_and_is_back(setup: Setup) {
        let server = MailServer::open();
        let app = mailing(&setup, &server).start().await;
        let mut browser = Browser::open(app.base());
        browser.visit("/register").await;
        let mut form = browser.form(asks_for_password);
        form.fill_kind("email", "asha@example.org").fill_kind("password", Client::PASSWORD);
        browser.submit(&form).await;
        assert_eq!((browser.status(), browser.path()), (202, "/register"), "{}", browser.text());
        browser.visit("/dashboard").await;
        assert_eq!(browser.path(), "/login", "nobody is logged in yet");

        let secret = server.secret("asha@example.org", "/verify").await;
        browser.visit(&format!("/verify?token={secret}")).await;
        let mut form = browser.form(asks_for_password);
        form.fill_kind("password", Client::PASSWORD);
        browser.submit(&form).await;
        assert_eq!((browser.status(), browser.path()), (200, "/dashboard"), "{}", browser.text());

        let mut elsewhere = Browser::open(app.base());
        elsewhere.visit("/login").await;
        elsewhere.visit("/forgotten").await;
        let mut told = Vec::new();
        for email in ["nobody@example.org", "asha@example.org"] {
            elsewhere.visit("/forgotten").await;
            let mut form = elsewhere.form(|form| form.has_kind("email"));
            form.fill_kind("email", email);
            elsewhere.submit(&form).await;
            told.push((elsewhere.status(), elsewhere.text().replace(email, "")));
        }
        assert_eq!(told[0], told[1], "the page tells nobody who has an account");
        let secret = server.secret("asha@example.org", "/reset").await;
        assert_eq!(server.count("nobody@example.org"), 0);
        let link = format!("/reset?token={secret}");
        elsewhere.visit(&link).await;
        let mut form = elsewhere.form(asks_for_password);
        form.fill_kind("password", "password");
        elsewhere.submit(&form).await;
        assert_eq!(elsewhere.status(), 422, "{}", elsewhere.text());
        let mut form = elsewhere.form(asks_for_password);
        form.fill_kind("password", NEW);
        elsewhere.submit(&form).await;
        assert_eq!((elsewhere.status(), elsewhere.path()), (200, "/login"), "{}", elsewhere.text());

        browser.visit("/dashboard").await;
        assert_eq!(browser.path(), "/login", "who was logged in is logged out");
        let back = log_in(&app, "asha@example.org", NEW).await;
        assert_eq!(back.path(), "/dashboard", "{}", back.text());
        // The link is used up.
        elsewhere.visit(&link).await;
        let mut form = elsewhere.form(asks_for_password);
        form.fill_kind("password", Client::PASSWORD);
        elsewhere.submit(&form).await;
        assert_eq!(elsewhere.status(), 422);
        log_in(&app, "asha@example.org", NEW).await;
        app.finish().await;
    }

    async fn a_lost_device_is_logged_out_from_another_one(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        let mut lost = log_in(&app, "asha@example.org", Client::PASSWORD).await;
        let mut mine = log_in(&app, "asha@example.org", Client::PASSWORD).await;
        mine.visit("/security").await;
        assert_eq!(mine.status(), 200, "{}", mine.text());
        assert!(mine.text().contains("Logged in"), "{}", mine.text());
        // The newest first: of the forms that log out a device, the first is the lost one's.
        let form = mine.form(|form| form.action.ends_with("/revoke"));
        mine.submit(&form).await;
        assert!(mine.text().contains("It is logged out"), "{}", mine.text());
        lost.visit("/dashboard").await;
        assert_eq!(lost.path(), "/login");
        mine.visit("/dashboard").await;
        assert_eq!(mine.path(), "/dashboard");
        mine.visit("/security/log").await;
        assert!(mine.text().contains("A device was logged out from another one"), "{}", mine.text());
        app.finish().await;
    }

    async fn a_password_is_changed_on_its_page(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        let mut browser = log_in(&app, "asha@example.org", Client::PASSWORD).await;
        browser.visit("/security").await;
        let mut form = browser.form(asks_for_password);
        form.fill("current_password", "not the password").fill("new_password", NEW);
        browser.submit(&form).await;
        assert_eq!(browser.status(), 422, "{}", browser.text());
        let mut form = browser.form(asks_for_password);
        form.fill("current_password", Client::PASSWORD).fill("new_password", NEW);
        browser.submit(&form).await;
        assert_eq!((browser.status(), browser.path()), (200, "/security"), "{}", browser.text());
        log_in(&app, "asha@example.org", NEW).await;
        let old = log_in(&app, "asha@example.org", Client::PASSWORD).await;
        assert_eq!(old.path(), "/login");
        app.finish().await;
    }

    async fn a_program_acts_by_a_key_as_far_as_it_goes(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let make = async |scope: &str| {
            let body = json!({"name": "Home Assistant", "scope": scope});
            let made = asha.post("/v1/api-keys", &body).await.expect(201);
            let location = made.header("location").to_owned();
            (location, app.visitor().bearing(made.value()["secret"].as_str().unwrap()))
        };
        let (_, reads) = make("read").await;
        reads.get("/v1/me").await.expect(200);
        reads.get("/v1/subscriptions").await.expect(200);
        let refused = reads.post("/v1/subscriptions", &crate::monthly("Netflix")).await.problem(403);
        assert!(refused.detail.contains("key"), "{}", refused.detail);
        reads.patch("/v1/me", &json!({"name": "Somebody"})).await.problem(403);
        let (place, writes) = make("write").await;
        writes.create(&crate::monthly("Netflix")).await;
        assert_eq!(reads.subscriptions().await.len(), 1);
        for (method, path) in [
            (Method::GET, "/v1/api-keys"),
            (Method::DELETE, place.as_str()),
            (Method::GET, "/v1/auth/sessions"),
            (Method::DELETE, "/v1/auth/sessions"),
            (Method::POST, "/v1/auth/logout"),
            (Method::GET, "/v1/audit-log"),
        ] {
            Answer::of(writes.request(method, path)).await.unwrap().problem(403);
        }
        asha.delete(&place).await.expect(204);
        writes.get("/v1/me").await.problem(401);
        reads.get("/v1/me").await.expect(200);
        app.finish().await;
    }

    async fn a_key_is_shown_once_on_its_page_and_its_name_is_text(setup: Setup) {
        let app = setup.start().await;
        app.member("asha").await;
        let mut browser = log_in(&app, "asha@example.org", Client::PASSWORD).await;
        browser.visit("/security/keys").await;
        let nasty = "\"><script>alert(1)</script>اسم";
        let mut form = browser.form(|form| form.action.ends_with("/security/keys"));
        form.fill("name", nasty).fill("scope", "write");
        browser.submit(&form).await;
        assert_eq!(browser.status(), 200, "{}", browser.text());
        assert!(browser.text().contains(nasty) && !browser.html().contains("<script>alert"), "{}", browser.html());
        let (_, rest) = browser.html().split_once("value=\"pk_live_").unwrap();
        let secret = format!("pk_live_{}", rest.split('"').next().unwrap());
        let program = app.visitor().bearing(&secret);
        program.create(&crate::monthly("Netflix")).await;
        browser.visit("/security/keys").await;
        assert!(browser.text().contains(nasty) && !browser.html().contains(&secret), "{}", browser.text());
        let form = browser.form(|form| form.action.ends_with("/rotate"));
        browser.submit(&form).await;
        assert!(browser.text().contains("is good until"), "{}", browser.text());
        program.get("/v1/me").await.expect(200);
        browser.visit("/security/log").await;
        assert!(browser.text().contains("An API key was made: "), "{}", browser.text());
        assert!(!browser.html().contains("<script>alert"), "{}", browser.html());
        browser.visit("/security/keys").await;
        let form = browser.form(|form| form.action.ends_with("/revoke"));
        browser.submit(&form).await;
        program.get("/v1/me").await.problem(401);
        app.finish().await;
    }

    async fn whoever_runs_it_sets_a_password_by_hand_and_keeps_people_out(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let mut browser = Browser::open(app.base());
        browser.visit("/forgotten").await;
        assert!(browser.text().contains("perennial user reset-password"), "{}", browser.text());
        let reset = ["user", "reset-password", "asha@example.org"];
        let done = setup.run_on_data_with(&reset, &format!("{NEW}\n")).await;
        assert!(done.success, "{done:?}");
        within_ten_seconds(&asha, 401).await;
        assert_eq!(log_in(&app, "asha@example.org", NEW).await.path(), "/dashboard");
        let refused = setup.run_on_data_with(&["user", "reset-password", "nobody@example.org"], "x\n").await;
        assert!(!refused.success && refused.errors.contains("no account"), "{refused:?}");

        let ravi = app.member("ravi").await;
        ravi.get("/v1/me").await.expect(200);
        assert!(setup.run_on_data(&["user", "suspend", "ravi@example.org"]).await.success);
        within_ten_seconds(&ravi, 401).await;
        let body = json!({"email": "ravi@example.org", "password": Client::PASSWORD});
        app.visitor().post("/v1/auth/login", &body).await.problem(403);
        assert!(setup.run_on_data(&["user", "restore", "ravi@example.org"]).await.success);
        app.visitor().log_in("ravi@example.org").await.get("/v1/me").await.expect(200);
        app.finish().await;
    }
}

/// A change that another process made is noticed here in that time.
async fn within_ten_seconds(client: &Client, status: u16) {
    let began = Instant::now();
    loop {
        let answer = client.get("/v1/me").await;
        if answer.status() == status {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "still {}", answer.status());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn a_session_that_somebody_else_fixed_is_not_the_one_that_is_logged_in() {
    let app = Setup::sqlite().start().await;
    app.member("asha").await;
    let fixed = "pcs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let form = [("email", "asha@example.org"), ("password", Client::PASSWORD)];
    let request =
        app.visitor().request(Method::POST, "/login").header("Cookie", format!("perennial={fixed}"));
    let answer = Answer::of(request.form(&form)).await.unwrap().expect(303);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("perennial=pcs_") && !cookie.contains(fixed), "{cookie}");
    let with = |value: String| {
        let request = app.visitor().request(Method::GET, "/dashboard").header("Cookie", value);
        Answer::of(request)
    };
    assert_eq!(
        with(format!("perennial={fixed}")).await.unwrap().status(),
        303,
        "what was fixed opens nothing"
    );
    let given = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(with(given).await.unwrap().status(), 200);
    app.finish().await;
}

#[tokio::test]
async fn the_keys_that_sign_are_published_without_their_secret_halves() {
    let app = Setup::sqlite().start().await;
    let keys = app.visitor().get("/.well-known/jwks.json").await.expect(200);
    assert_eq!(keys.header("cache-control"), "public, max-age=300");
    let keys = keys.value();
    let key = &keys["keys"][0];
    assert_eq!((&key["alg"], &key["kty"]), (&json!("EdDSA"), &json!("OKP")));
    assert!(key.get("d").is_none(), "{key}");
    app.finish().await;
}
