//! Codes of an app, recovery codes, and the log-in in two steps.

use std::time::Duration;

use axum::http::{Method, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use kernel::Clock;
use platform::{both_databases, sql};
use serde_json::{Value, json};

use super::{PASSWORD, Page, Stage};
use crate::{MIGRATIONS, domain::codes::AppSecret};

/// Somebody's authenticator app.
struct App(AppSecret);

impl App {
    /// Set up from the key that is typed into it.
    fn with(base32: &str) -> Self {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let bits: String = base32
            .bytes()
            .map(|letter| format!("{:05b}", alphabet.iter().position(|each| *each == letter).unwrap()))
            .collect();
        let bytes: Vec<u8> = bits
            .as_bytes()
            .chunks(8)
            .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
            .collect();
        Self(AppSecret::new(bytes.try_into().unwrap()))
    }

    fn shows(&self, now: Timestamp) -> String {
        self.0.code_at(now)
    }
}

/// Somebody with an app: a token of theirs, the app, and their recovery codes. Half a minute has passed.
async fn with_app(stage: &Stage, name: &str) -> (String, App, Vec<String>) {
    stage.account(name).await;
    let (token, _) = stage.log_in(name).await;
    let begun = stage.post("/v1/auth/totp", Some(&token), &json!({"password": PASSWORD})).await.expect(201);
    let app = App::with(begun["secret"].as_str().unwrap());
    let code = app.shows(stage.clock.now());
    let body = stage.post("/v1/auth/totp/confirm", Some(&token), &json!({"code": code})).await.expect(200);
    let codes = body["recovery_codes"].as_array().unwrap();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    stage.clock.advance(Duration::from_secs(30));
    (token, app, codes)
}

async fn challenge(stage: &Stage, name: &str) -> String {
    let owing = stage.try_log_in(name, PASSWORD).await;
    let challenge = owing.text("challenge");
    assert!(owing.expect(202)["access_token"].is_null());
    challenge
}

async fn carry_on(stage: &Stage, challenge: &str, code: &str) -> super::Answer {
    stage.post("/v1/auth/login/second-factor", None, &json!({"challenge": challenge, "code": code})).await
}

both_databases! { MIGRATIONS,
    async fn with_an_app_a_password_is_half_of_a_log_in(database: Database) {
        let stage = Stage::with_mail(database).await;
        let (token, app, codes) = with_app(&stage, "asha").await;
        assert_eq!(codes.len(), 10);
        assert!(stage.letters().await.iter().any(|letter| letter.subject == "How you log in was changed"));

        let challenge = challenge(&stage, "asha").await;
        assert!(!stage.is_in(&challenge).await, "half a log-in opens nothing");
        let twin = stage.twin().await;
        let code = app.shows(stage.clock.now());
        let pair = carry_on(&twin, &challenge, &format!("{} {}", &code[..3], &code[3..])).await;
        assert!(stage.is_in(&pair.text("access_token")).await, "by another process, typed with a space");

        // How it was begun is told.
        let sessions = stage.ask(Method::GET, "/v1/auth/sessions", Some(&token)).await.expect(200);
        let by: Vec<&Value> = sessions["data"].as_array().unwrap().iter().map(|row| &row["signed_in_by"]).collect();
        assert_eq!(by, [&json!(["password", "totp"]), &json!(["password"])]);
        let log = stage.ask(Method::GET, "/v1/audit-log", Some(&token)).await.expect(200);
        assert_eq!(log["data"][0]["detail"], "password and code of the app");
        assert_eq!(log["data"][1]["act"], "totp.enabled");

        // Nothing that opens anything is in the database.
        let kept: Vec<(Vec<u8>,)> = stage.database.all(sql!("SELECT secret FROM totp LIMIT 2")).await.unwrap();
        assert!(kept.len() == 1 && !kept[0].0.windows(20).any(|part| part == app.0.expose()));
        let hashes: Vec<(Vec<u8>,)> =
            stage.database.all(sql!("SELECT hash FROM recovery_codes LIMIT 20")).await.unwrap();
        assert!(hashes.len() == 10 && hashes.iter().all(|(hash,)| hash.len() == 32));
    }

    async fn a_code_works_once_also_for_two_at_the_same_time(database: Database) {
        let stage = Stage::set(database).await;
        let (_, app, _) = with_app(&stage, "asha").await;
        let code = app.shows(stage.clock.now());
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..3 {
            let (stage, code, challenge) = (stage.clone(), code.clone(), challenge(&stage, "asha").await);
            tries.spawn(async move { carry_on(&stage, &challenge, &code).await.status.as_u16() });
        }
        let mut statuses = tries.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401, 401]);

        // Nor is the one before it good any more, though it is not older than half a minute.
        let before = app.shows(stage.clock.now() - Duration::from_secs(30));
        carry_on(&stage, &challenge(&stage, "asha").await, &before).await.expect(401);
        stage.clock.advance(Duration::from_secs(30));
        let next = app.shows(stage.clock.now());
        carry_on(&stage, &challenge(&stage, "asha").await, &next).await.expect(200);
    }

    async fn codes_are_not_tried_without_end(database: Database) {
        let stage = Stage::set(database).await;
        let (token, app, codes) = with_app(&stage, "asha").await;
        let mut refused = 0;
        // Two days of somebody who knows the password, from a new place and with a new log-in every time.
        for round in 0..100_u8 {
            let body = json!({"email": "asha@example.org", "password": PASSWORD});
            let place = [10, 0, round, 1];
            let owing =
                stage.ask_from(place, Method::POST, "/v1/auth/login", None, Some(&body)).await.expect(202);
            let body = json!({"challenge": owing["challenge"], "code": "000000"});
            let path = "/v1/auth/login/second-factor";
            let answer = stage.ask_from(place, Method::POST, path, None, Some(&body)).await;
            refused += u32::from(answer.status == 429);
            assert!(answer.status == 429 || answer.status == 401, "{}", answer.body);
            stage.clock.advance(Duration::from_secs(29 * 60));
        }
        assert!(refused >= 60, "40 of 100 may be tried in two days at most, {refused} were refused");

        // The right one is not told from others; a recovery code lets the owner in.
        let challenge = challenge(&stage, "asha").await;
        let mut answers = Vec::new();
        for _ in 0..6 {
            answers.push(carry_on(&stage, &challenge, "000000").await.status.as_u16());
        }
        assert_eq!(answers.last(), Some(&429), "{answers:?}");
        let code = app.shows(stage.clock.now());
        carry_on(&stage, &challenge, &code).await.expect(429);
        carry_on(&stage, &challenge, &codes[0]).await.expect(200);
        assert!(stage.acts(&stage.fresh(&token).await).await.iter().any(|act| act == "second_factor.failed"));
    }

    async fn a_recovery_code_works_once(database: Database) {
        let stage = Stage::set(database).await;
        let (token, _, codes) = with_app(&stage, "asha").await;
        let shouted = codes[0].to_uppercase().replace('-', " ");
        carry_on(&stage, &challenge(&stage, "asha").await, &shouted).await.expect(200);
        carry_on(&stage, &challenge(&stage, "asha").await, &codes[0]).await.expect(401);
        let left = stage.ask(Method::GET, "/v1/auth/factors", Some(&token)).await.expect(200);
        assert_eq!(left["recovery_codes_left"], 9);

        // Somebody else's is none.
        let (_, _, ravis) = with_app(&stage, "ravi").await;
        carry_on(&stage, &challenge(&stage, "asha").await, &ravis[0]).await.expect(401);

        // New ones take the place of all.
        let asks = json!({"password": PASSWORD, "code": codes[1]});
        let new = stage.post("/v1/auth/recovery-codes", Some(&token), &asks).await.expect(200);
        carry_on(&stage, &challenge(&stage, "asha").await, &codes[2]).await.expect(401);
        let new = new["recovery_codes"][0].as_str().unwrap();
        carry_on(&stage, &challenge(&stage, "asha").await, new).await.expect(200);
    }

    async fn turning_it_off_takes_the_password_and_a_factor(database: Database) {
        let stage = Stage::set(database).await;
        let (token, app, codes) = with_app(&stage, "asha").await;
        let off = async |password: &str, code: &str| {
            let body = json!({"password": password, "code": code});
            stage.post("/v1/auth/totp/disable", Some(&token), &body).await
        };
        assert_eq!(off("not the password", &codes[0]).await.expect(422)["errors"][0]["pointer"], "/password");
        assert_eq!(off(PASSWORD, "000000").await.expect(422)["errors"][0]["pointer"], "/code");
        challenge(&stage, "asha").await;
        off(PASSWORD, &app.shows(stage.clock.now())).await.expect(204);
        stage.log_in("asha").await;
        off(PASSWORD, &codes[0]).await.expect(409);
        let factors = stage.ask(Method::GET, "/v1/auth/factors", Some(&token)).await.expect(200);
        assert_eq!(factors, json!({"totp_since": null, "recovery_codes_left": 0}));
        assert!(stage.acts(&token).await.iter().any(|act| act == "totp.disabled"));
    }

    async fn an_app_counts_once_its_code_was_shown_by_the_log_in_that_asked(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (token, _) = stage.log_in("asha").await;
        let (other, _) = stage.log_in("asha").await;
        let wrong = stage.post("/v1/auth/totp", Some(&token), &json!({"password": "no"})).await.expect(422);
        assert_eq!(wrong["errors"][0]["pointer"], "/password");
        let asks = json!({"password": PASSWORD});
        let first = stage.post("/v1/auth/totp", Some(&token), &asks).await.expect(201);
        stage.log_in("asha").await;
        let second = stage.post("/v1/auth/totp", Some(&token), &asks).await.expect(201);
        assert_ne!(first["secret"], second["secret"]);
        assert!(second["qr_svg"].as_str().unwrap().starts_with("<svg "));
        assert!(second["otpauth_uri"].as_str().unwrap().contains("asha%40example.org?secret="), "{second}");
        let confirm = async |token: &str, app: &App| {
            let body = json!({"code": app.shows(stage.clock.now())});
            stage.post("/v1/auth/totp/confirm", Some(token), &body).await
        };
        let (first, second) = (App::with(first["secret"].as_str().unwrap()), App::with(second["secret"].as_str().unwrap()));
        confirm(&token, &first).await.expect(422);
        confirm(&other, &second).await.expect(409);
        stage.clock.advance(Duration::from_secs(3_601));
        let token = stage.fresh(&token).await;
        confirm(&token, &second).await.expect(409);
        let (token, _) = stage.log_in("asha").await;
        let third = stage.post("/v1/auth/totp", Some(&token), &asks).await.expect(201);
        confirm(&token, &App::with(third["secret"].as_str().unwrap())).await.expect(200);
        stage.post("/v1/auth/totp", Some(&token), &asks).await.expect(409);
        assert_eq!(stage.try_log_in("asha", PASSWORD).await.status, 202);
    }

    async fn half_a_log_in_is_over_in_five_minutes_and_by_a_new_password(database: Database) {
        let stage = Stage::set(database).await;
        let (token, app, codes) = with_app(&stage, "asha").await;
        let late = challenge(&stage, "asha").await;
        stage.clock.advance(Duration::from_secs(301));
        carry_on(&stage, &late, &app.shows(stage.clock.now())).await.expect(401);
        let before = challenge(&stage, "asha").await;
        let body = json!({"current_password": PASSWORD, "new_password": "another horse entirely"});
        stage.post("/v1/auth/password", Some(&token), &body).await.expect(204);
        carry_on(&stage, &before, &codes[0]).await.expect(401);
        let suspended = stage.try_log_in("asha", "another horse entirely").await.text("challenge");
        stage.auth.suspend("asha@example.org").await.unwrap();
        carry_on(&stage, &suspended, &codes[0]).await.expect(401);
        stage.auth.restore("asha@example.org").await.unwrap();
        stage.auth.end_totp_by_operator("asha@example.org").await.unwrap();
        stage.try_log_in("asha", "another horse entirely").await.expect(200);
    }

    async fn in_a_browser_it_is_one_more_page(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let form = format!("email=asha%40example.org&password={}", PASSWORD.replace(' ', "+"));
        let cookie = stage.page("/login", None, Some(&form)).await.cookie("__Host-perennial");
        let password = format!("password={}", PASSWORD.replace(' ', "+"));
        let shown = stage.page("/security/app", Some(&cookie), Some(&password)).await.html(200);
        assert!(shown.contains("<svg class=\"qr\"") && shown.contains("otpauth://totp/"), "{shown}");
        let (_, rest) = shown.split_once("name=\"secret\" value=\"").unwrap();
        let app = App::with(rest.split('"').next().unwrap());
        let again = stage.page("/security/app/confirm", Some(&cookie), Some("code=000000")).await.html(422);
        assert!(again.contains(rest.split('"').next().unwrap()), "the same key is shown again");
        let code = format!("code={}", app.shows(stage.clock.now()));
        let codes = stage.page("/security/app/confirm", Some(&cookie), Some(&code)).await.html(200);
        assert_eq!(codes.matches("<li><code>").count(), 10);
        stage.clock.advance(Duration::from_secs(30));

        let half = stage.page("/login", None, Some(&format!("{form}&next=%2Fsubscriptions"))).await;
        assert_eq!(half.header(header::LOCATION), "/login/second-factor?next=/subscriptions");
        let pending = half.cookie("__Host-perennial-pending");
        assert!(!half.sets("__Host-perennial"), "half a log-in is none");
        stage.page("/login/second-factor", Some(&pending), None).await.html(200);
        let none = stage.page("/login/second-factor", None, None).await;
        assert_eq!(none.header(header::LOCATION), "/login");
        stage.page("/login/second-factor", Some(&pending), Some("code=000000")).await.html(422);
        let code = format!("code={}&next=%2Fsubscriptions", app.shows(stage.clock.now()));
        let whole: Page = stage.page("/login/second-factor", Some(&pending), Some(&code)).await;
        assert_eq!(whole.header(header::LOCATION), "/subscriptions");
        let new = whole.cookie("__Host-perennial");
        assert_ne!(new, cookie);
        let security = stage.page("/security", Some(&new), None).await.html(200);
        assert!(security.contains("by password and code of the app"), "{security}");
        let over = stage.page("/login/second-factor", Some(&pending), Some("code=000000")).await;
        assert_eq!(over.header(header::LOCATION), "/login?done=late");
    }
}

#[test]
fn the_app_of_the_tests_reads_base32() {
    let secret = AppSecret::new(std::array::from_fn(|at| u8::try_from(at * 7).unwrap()));
    let read = App::with(&secret.base32());
    assert_eq!(STANDARD.encode(read.0.expose()), STANDARD.encode(secret.expose()));
}
