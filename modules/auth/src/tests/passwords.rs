//! Addresses that are proved, passwords that are changed and forgotten.

use std::time::{Duration, Instant};

use axum::http::Method;
use platform::{both_databases, mail::Handed};
use serde_json::json;

use super::{Answer, PASSWORD, Stage};
use crate::MIGRATIONS;

const NEW: &str = "another few words in a row";
const HOUR: Duration = Duration::from_secs(3_600);

async fn register(stage: &Stage, name: &str, password: &str) -> Answer {
    let body = json!({"email": format!("{name}@example.org"), "password": password});
    stage.post("/v1/auth/register", None, &body).await
}

async fn verify(stage: &Stage, token: &str, password: &str) -> Answer {
    stage.post("/v1/auth/email/verify", None, &json!({"token": token, "password": password})).await
}

async fn forgot(stage: &Stage, name: &str) -> Answer {
    stage.post("/v1/auth/password/forgot", None, &json!({"email": format!("{name}@example.org")})).await
}

async fn reset(stage: &Stage, token: &str, password: &str) -> Answer {
    stage.post("/v1/auth/password/reset", None, &json!({"token": token, "password": password})).await
}

both_databases! { MIGRATIONS,
    async fn an_account_is_used_once_its_address_is_confirmed(database: Database) {
        let stage = Stage::with_mail(database).await;
        register(&stage, "asha", PASSWORD).await.expect(202);
        let token = stage.secret().await;
        // Whoever logs in before is mailed another link; who does not know the password is not told.
        stage.try_log_in("asha", "not the password").await.expect(401);
        stage.try_log_in("asha", PASSWORD).await.expect(403);
        let again = stage.secret().await;

        verify(&stage, &token, "not the password").await.expect(401);
        verify(&stage, "pml_guess", PASSWORD).await.expect(422);
        verify(&stage, &token, PASSWORD).await.expect(204);
        verify(&stage, &token, PASSWORD).await.expect(422);
        verify(&stage, &again, PASSWORD).await.expect(422);
        let (access, _) = stage.log_in("asha").await;
        assert_eq!(stage.acts(&access).await[1], "email.verified");
    }

    async fn registering_tells_nobody_whether_an_address_is_taken_but_its_owner(database: Database) {
        let stage = Stage::with_mail(database).await;
        stage.account("asha").await;
        let taken = register(&stage, "asha", NEW).await;
        let new = register(&stage, "ravi", NEW).await;
        assert_eq!((taken.status, &taken.body), (new.status, &new.body));
        taken.expect(202);
        let mut letters = stage.letters().await;
        letters.sort_by(|a, b| a.to.cmp(&b.to));
        let told: Vec<_> = letters.iter().map(|letter| (letter.to.as_str(), letter.subject.as_str())).collect();
        assert_eq!(told, [
            ("asha@example.org", "You have an account already"),
            ("ravi@example.org", "Confirm your e-mail address"),
        ]);
        // The password is still the owner's.
        stage.log_in("asha").await;
        stage.try_log_in("asha", NEW).await.expect(401);
    }

    async fn an_account_that_was_made_in_somebodys_name_is_not_what_they_confirm(database: Database) {
        let stage = Stage::with_mail(database).await;
        register(&stage, "victim", "what the thief knows").await.expect(202);
        let first = stage.secret().await;
        verify(&stage, &first, PASSWORD).await.expect(401);
        // They make one themselves: from then on what the thief knows is worth nothing.
        register(&stage, "victim", PASSWORD).await.expect(202);
        let second = stage.secret().await;
        verify(&stage, &second, PASSWORD).await.expect(204);
        stage.log_in("victim").await;
        stage.try_log_in("victim", "what the thief knows").await.expect(401);
    }

    async fn without_mail_nothing_has_to_be_confirmed_and_it_is_said_who_resets(database: Database) {
        let stage = Stage::set(database).await;
        register(&stage, "asha", PASSWORD).await.expect(201);
        register(&stage, "asha", PASSWORD).await.expect(409);
        let (token, _) = stage.log_in("asha").await;
        let told = forgot(&stage, "asha").await.expect(409);
        assert!(told["detail"].as_str().unwrap().contains("whoever runs it"), "{told}");
        stage.auth.reset_by_operator("asha@example.org", NEW).await.unwrap();
        assert!(!stage.is_in(&token).await);
        stage.try_log_in("asha", PASSWORD).await.expect(401);
        let token = stage.try_log_in("asha", NEW).await.text("access_token");
        assert!(stage.acts(&token).await.contains(&"password.reset_by_operator".into()));
        assert!(stage.auth.reset_by_operator("asha@example.org", "password").await.is_err());
        assert!(stage.auth.reset_by_operator("nobody@example.org", NEW).await.is_err());
    }

    async fn a_link_sets_a_new_password_once_and_logs_everybody_out(database: Database) {
        let stage = Stage::with_mail(database).await;
        let twin = stage.twin().await;
        stage.account("asha").await;
        let (thief, thiefs_refresh) = stage.log_in("asha").await;
        forgot(&stage, "asha").await.expect(202);
        let first = stage.secret().await;
        forgot(&stage, "asha").await.expect(202);
        let second = stage.secret().await;

        let common = reset(&stage, &first, "iloveyou1").await.expect(422);
        assert_eq!(common["errors"][0]["pointer"], "/password");
        reset(&stage, &first, NEW).await.expect(204);
        let again = reset(&stage, &first, PASSWORD).await.expect(422);
        assert_eq!(again["errors"][0]["pointer"], "/token");
        // The others that were asked for are over too.
        reset(&stage, &second, PASSWORD).await.expect(422);
        reset(&stage, "pml_guess", PASSWORD).await.expect(422);

        assert!(!stage.is_in(&thief).await && !twin.is_in(&thief).await);
        let refresh = json!({ "refresh_token": thiefs_refresh });
        stage.post("/v1/auth/refresh", None, &refresh).await.expect(401);
        stage.try_log_in("asha", PASSWORD).await.expect(401);
        let token = stage.try_log_in("asha", NEW).await.text("access_token");
        let acts = stage.acts(&token).await;
        assert_eq!(acts.iter().filter(|act| *act == "password.reset_asked").count(), 2, "{acts:?}");
        assert!(acts.contains(&"password.reset".into()));
        let told = stage.letters().await;
        assert_eq!(told[0].subject, "Your password was changed");
        assert!(!told[0].text.contains("pml_"), "it carries no secret");
    }

    async fn of_many_who_use_a_link_at_once_one_does(database: Database) {
        let stage = Stage::with_mail(database).await;
        stage.account("asha").await;
        forgot(&stage, "asha").await.expect(202);
        let token = stage.secret().await;
        let asked = (0..6).map(|number| {
            let (stage, token) = (stage.clone(), token.clone());
            async move { reset(&stage, &token, &format!("{NEW} {number}")).await.status.as_u16() }
        });
        let mut statuses = asked.collect::<tokio::task::JoinSet<_>>().join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 422, 422, 422, 422, 422]);
    }

    async fn a_link_is_good_for_an_hour(database: Database) {
        let stage = Stage::with_mail(database).await;
        stage.account("asha").await;
        forgot(&stage, "asha").await.expect(202);
        let token = stage.secret().await;
        stage.clock.advance(HOUR);
        reset(&stage, &token, NEW).await.expect(422);
        stage.auth.forget().await.unwrap();
        stage.log_in("asha").await;
    }

    async fn a_link_to_confirm_sets_no_password_and_the_other_way_round(database: Database) {
        let stage = Stage::with_mail(database).await;
        register(&stage, "asha", PASSWORD).await.expect(202);
        let confirm = stage.secret().await;
        reset(&stage, &confirm, NEW).await.expect(422);
        forgot(&stage, "asha").await.expect(202);
        let link = stage.secret().await;
        verify(&stage, &link, PASSWORD).await.expect(422);
        // Whoever sets a password by mail reads the mail of the address.
        reset(&stage, &link, NEW).await.expect(204);
        stage.try_log_in("asha", NEW).await.expect(200);
    }

    async fn who_forgot_is_not_told_by_the_answer_and_not_flooded(database: Database) {
        let stage = Stage::with_mail(database).await;
        stage.account("asha").await;
        for round in 0..7 {
            let (known, unknown) = (forgot(&stage, "asha").await, forgot(&stage, "nobody").await);
            assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
            assert_eq!(known.status.as_u16(), if round < 5 { 202 } else { 429 });
        }
        let letters = stage.letters().await;
        assert_eq!(letters.len(), 5);
        assert!(letters.iter().all(|letter| letter.to == "asha@example.org"));
        let wrong = stage.post("/v1/auth/password/forgot", None, &json!({"email": "no address"})).await.expect(422);
        assert_eq!(wrong["errors"][0]["pointer"], "/email");
    }

    async fn a_letter_that_is_not_taken_is_tried_again_and_given_up_in_the_end(database: Database) {
        let stage = Stage::with_mail(database).await;
        stage.account("asha").await;
        stage.post_says(Some(Handed::Later("452 later".into())));
        forgot(&stage, "asha").await.expect(202);
        assert!(stage.letters().await.is_empty());
        stage.post_says(None);
        assert!(stage.letters().await.is_empty(), "it rests first");
        stage.clock.advance(Duration::from_secs(61));
        let token = stage.secret().await;
        reset(&stage, &token, NEW).await.expect(204);
        stage.letters().await;

        stage.post_says(Some(Handed::Later("452 later".into())));
        forgot(&stage, "asha").await.expect(202);
        for _ in 0..10 {
            stage.letters().await;
            stage.clock.advance(HOUR);
        }
        stage.post_says(None);
        assert!(stage.letters().await.is_empty());
    }

    async fn a_password_is_changed_by_who_knows_it_and_other_devices_are_logged_out(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (mine, _) = stage.log_in("asha").await;
        let (other, _) = stage.log_in("asha").await;
        let change = async |current: &str, new: &str| {
            let body = json!({"current_password": current, "new_password": new});
            stage.post("/v1/auth/password", Some(&mine), &body).await
        };
        let wrong = change("not the password", NEW).await.expect(422);
        assert_eq!(wrong["errors"][0]["pointer"], "/current_password");
        let common = change(PASSWORD, "qwertyuiop").await.expect(422);
        assert_eq!(common["errors"][0]["pointer"], "/new_password");
        assert!(stage.is_in(&other).await);
        change(PASSWORD, NEW).await.expect(204);
        assert!(stage.is_in(&mine).await && !stage.is_in(&other).await);
        stage.try_log_in("asha", PASSWORD).await.expect(401);
        stage.try_log_in("asha", NEW).await.expect(200);
        let acts = stage.acts(&mine).await;
        assert!(acts.contains(&"password.changed".into()) && acts.contains(&"log_in.failed".into()), "{acts:?}");
        let body = json!({"current_password": NEW, "new_password": PASSWORD});
        stage.post("/v1/auth/password", None, &body).await.expect(401);
    }

    async fn who_holds_a_device_does_not_try_passwords_there_without_end(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (mine, _) = stage.log_in("asha").await;
        let body = json!({"current_password": "not the password", "new_password": NEW});
        for _ in 0..10 {
            stage.post("/v1/auth/password", Some(&mine), &body).await.expect(422);
        }
        stage.post("/v1/auth/password", Some(&mine), &body).await.expect(429);
    }

    async fn nothing_that_is_kept_opens_anything(database: Database) {
        let stage = Stage::with_mail(database.clone()).await;
        stage.account("asha").await;
        forgot(&stage, "asha").await.expect(202);
        let token = stage.secret().await;
        let kept: Vec<(Vec<u8>,)> =
            database.all(platform::sql!("SELECT hash FROM proofs LIMIT 10")).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_ne!(kept[0].0, token.as_bytes());
        assert_eq!(kept[0].0.len(), 32);
    }

    async fn what_everybody_tries_first_is_not_chosen(database: Database) {
        let stage = Stage::set(database).await;
        let told = register(&stage, "asha", "Password").await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], "/password");
        stage.ask(Method::GET, "/v1/auth/sessions", None).await.expect(401);
    }
}

/// As for log-ins.
#[tokio::test]
async fn who_has_an_account_is_not_told_by_the_time_that_registering_takes() {
    let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
    let stage = Stage::with_mail(database).await;
    for number in 0..8 {
        stage.account(&format!("asha{number}")).await;
    }
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..24 {
        for (name, times) in
            [(format!("asha{}", round % 8), &mut known), (format!("new{round}"), &mut unknown)]
        {
            let began = Instant::now();
            register(&stage, &name, PASSWORD).await.expect(202);
            times.push(began.elapsed());
        }
    }
    let (known, unknown) = (super::log_in::median(known), super::log_in::median(unknown));
    let (known, unknown) = (known.as_micros(), unknown.as_micros());
    assert!(known * 2 < unknown * 3 && unknown * 2 < known * 3, "known {known} µs, unknown {unknown} µs");
}

/// As for log-ins: in turn, and by their middles.
#[tokio::test]
async fn who_forgot_is_not_told_by_the_time_it_takes() {
    let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
    let stage = Stage::with_mail(database).await;
    for number in 0..10 {
        stage.account(&format!("asha{number}")).await;
    }
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..50 {
        for (name, times) in [("asha", &mut known), ("nobody", &mut unknown)] {
            let name = format!("{name}{}", round % 10);
            let began = Instant::now();
            forgot(&stage, &name).await.expect(202);
            times.push(began.elapsed());
        }
    }
    let (known, unknown) = (super::log_in::median(known), super::log_in::median(unknown));
    let (known, unknown) = (known.as_micros(), unknown.as_micros());
    assert!(known * 2 < unknown * 3 && unknown * 2 < known * 3, "known {known} µs, unknown {unknown} µs");
}
