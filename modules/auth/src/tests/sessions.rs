//! Tokens, keys, sessions, and what is written down of them.

use std::time::Duration;

use axum::http::Method;
use contracts::auth::{AuditLog, Authentication, Deed};
use kernel::Role;
use platform::both_databases;
use serde_json::{Value, json};

use super::Stage;
use crate::MIGRATIONS;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
/// Longer than anybody is taken for somebody without looking.
const LOOKED_AGAIN: Duration = Duration::from_millis(5_200);

async fn refresh(stage: &Stage, token: &str) -> super::Answer {
    stage.post("/v1/auth/refresh", None, &json!({ "refresh_token": token })).await
}

async fn published(stage: &Stage) -> Vec<Value> {
    let keys = stage.ask(Method::GET, "/.well-known/jwks.json", None).await.expect(200);
    keys["keys"].as_array().unwrap().clone()
}

async fn sessions(stage: &Stage, token: &str) -> Vec<Value> {
    let page = stage.ask(Method::GET, "/v1/auth/sessions", Some(token)).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

both_databases! { MIGRATIONS,
    async fn keys_follow_one_another_and_nobody_is_logged_out_by_it(database: Database) {
        let stage = Stage::set(database).await;
        let twin = stage.twin().await;
        stage.account("asha").await;
        let (_, refreshed) = stage.log_in("asha").await;
        assert_eq!(published(&stage).await, published(&twin).await, "both began with the same key");
        assert_eq!(published(&stage).await.len(), 1);

        // Whoever notices first makes the next key; it is shown before it signs.
        stage.clock.advance(30 * DAY - MINUTE);
        let (last, _) = stage.log_in("asha").await;
        drop(refreshed);
        stage.clock.advance(MINUTE);
        for process in [&stage, &twin, &stage] {
            process.auth.turn_keys().await.unwrap();
        }
        let keys = published(&stage).await;
        assert_eq!(keys.len(), 2);
        assert_eq!((&keys[1]["kty"], &keys[1]["crv"], &keys[1]["use"]), (&json!("OKP"), &json!("Ed25519"), &json!("sig")));
        assert_eq!(published(&twin).await, keys);
        assert!(keys.iter().all(|key| key.get("d").is_none()), "the secret half: {keys:?}");

        // A process that has not looked reads what the new key signed all the same.
        let behind = stage.twin().await;
        stage.clock.advance(10 * MINUTE);
        let (next, _) = stage.log_in("asha").await;
        assert!(behind.is_in(&next).await && stage.is_in(&next).await);
        let header = |token: &str| {
            use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
            let part = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
            serde_json::from_slice::<Value>(&part).unwrap()["kid"].clone()
        };
        assert_eq!((header(&last), header(&next)), (keys[0]["kid"].clone(), keys[1]["kid"].clone()));

        // The old key goes when nothing it signed is good any more.
        stage.auth.turn_keys().await.unwrap();
        assert_eq!(published(&stage).await.len(), 2);
        stage.clock.advance(15 * MINUTE);
        stage.auth.turn_keys().await.unwrap();
        assert_eq!(published(&stage).await, keys[1..]);
    }

    async fn a_token_of_a_key_that_was_just_made_elsewhere_is_read(database: Database) {
        let stage = Stage::set(database).await;
        let behind = stage.twin().await;
        stage.account("asha").await;
        stage.clock.advance(31 * DAY);
        stage.auth.turn_keys().await.unwrap();
        stage.clock.advance(10 * MINUTE);
        let (token, _) = stage.log_in("asha").await;
        assert_eq!(published(&behind).await.len(), 1, "it has not looked yet");
        assert!(behind.is_in(&token).await);
    }

    async fn a_token_that_was_signed_before_the_key_was_followed_stays_good(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        stage.clock.advance(30 * DAY);
        stage.auth.turn_keys().await.unwrap();
        stage.clock.advance(9 * MINUTE);
        let (token, _) = stage.log_in("asha").await;
        stage.clock.advance(9 * MINUTE);
        stage.auth.turn_keys().await.unwrap();
        assert!(stage.twin().await.is_in(&token).await, "nine minutes old, signed by the key before");
    }

    async fn a_refresh_token_that_comes_back_ends_its_session_and_no_other(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (other, _) = stage.log_in("asha").await;
        let (_, first) = stage.log_in("asha").await;
        let second = refresh(&stage, &first).await;
        let (access, second) = (second.text("access_token"), second.text("refresh_token"));
        assert!(stage.is_in(&access).await);
        refresh(&stage, &first).await.expect(401);
        refresh(&stage, &second).await.expect(401);
        assert!(!stage.is_in(&access).await && stage.is_in(&other).await);
        assert_eq!(stage.acts(&other).await[0], "session.token_reused");
    }

    async fn a_revoked_session_is_out_within_ten_seconds_in_every_process(database: Database) {
        let stage = Stage::set(database).await;
        let twin = stage.twin().await;
        stage.account("asha").await;
        stage.account("ravi").await;
        let (mine, _) = stage.log_in("asha").await;
        let (stolen, stolen_refresh) = stage.log_in("asha").await;
        let (theirs, _) = stage.log_in("ravi").await;
        assert!(twin.is_in(&stolen).await && stage.is_in(&stolen).await);
        let listed = sessions(&stage, &mine).await;
        assert_eq!(listed.len(), 2);
        let current: Vec<_> = listed.iter().map(|session| session["current"].clone()).collect();
        assert_eq!(current, [json!(false), json!(true)], "the newest first");
        assert_eq!((&listed[0]["device"], &listed[0]["address"]), (&json!("curl"), &json!("192.0.2.1")));

        let path = format!("/v1/auth/sessions/{}", listed[0]["id"].as_str().unwrap());
        stage.ask(Method::DELETE, &path, Some(&theirs)).await.expect(404);
        assert!(stage.is_in(&stolen).await, "somebody else's is not found");
        stage.ask(Method::DELETE, &path, Some(&mine)).await.expect(204);
        assert!(!stage.is_in(&stolen).await, "here at once");
        stage.ask(Method::DELETE, &path, Some(&mine)).await.expect(404);
        refresh(&stage, &stolen_refresh).await.expect(401);
        tokio::time::sleep(LOOKED_AGAIN).await;
        assert!(!twin.is_in(&stolen).await, "there after it has looked again");
        assert!(twin.is_in(&mine).await);
    }

    async fn one_logs_out_everywhere_else(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (mine, _) = stage.log_in("asha").await;
        let (other, _) = stage.log_in("asha").await;
        stage.ask(Method::DELETE, "/v1/auth/sessions", Some(&mine)).await.expect(204);
        assert!(stage.is_in(&mine).await && !stage.is_in(&other).await);
        assert_eq!(sessions(&stage, &mine).await.len(), 1);
    }

    async fn who_is_suspended_is_out_everywhere_and_who_is_restored_logs_in_anew(database: Database) {
        let stage = Stage::set(database).await;
        let twin = stage.twin().await;
        stage.account("asha").await;
        let (token, refreshed) = stage.log_in("asha").await;
        assert!(twin.is_in(&token).await);
        stage.auth.suspend("Asha@example.org").await.unwrap();
        assert!(!stage.is_in(&token).await);
        refresh(&stage, &refreshed).await.expect(401);
        stage.try_log_in("asha", crate::tests::PASSWORD).await.expect(403);
        // Only who has the password learns it.
        stage.try_log_in("asha", "not the password").await.expect(401);
        tokio::time::sleep(LOOKED_AGAIN).await;
        assert!(!twin.is_in(&token).await);
        stage.auth.restore("asha@example.org").await.unwrap();
        assert!(!stage.is_in(&token).await, "the old log-in is over");
        let (token, _) = stage.log_in("asha").await;
        let acts = stage.acts(&token).await;
        assert!(acts.contains(&"account.suspended".into()) && acts.contains(&"account.restored".into()), "{acts:?}");
        assert!(stage.auth.suspend("nobody@example.org").await.is_err());
    }

    async fn a_role_is_that_of_the_account_and_not_that_of_the_token(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        stage.auth.give_role("asha@example.org", Role::Administrator).await.unwrap();
        let (token, _) = stage.log_in("asha").await;
        let role = async || Authentication::bearer(&*stage.auth, &token).await.unwrap().unwrap().role;
        assert_eq!(role().await, Role::Administrator);
        stage.auth.give_role("asha@example.org", Role::User).await.unwrap();
        assert_eq!(role().await, Role::User);
    }

    async fn when_a_session_was_last_used_is_told(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (token, _) = stage.log_in("asha").await;
        stage.clock.advance(3 * MINUTE);
        assert!(stage.is_in(&token).await);
        stage.auth.write_seen().await.unwrap();
        let seen = sessions(&stage, &token).await[0]["last_seen_at"].clone();
        assert_eq!(seen, "2026-05-05T06:33:00Z");
    }

    async fn what_an_administrator_did_elsewhere_is_in_their_log_with_from_where(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (mine, _) = stage.log_in("asha").await;
        let actor = Authentication::bearer(&*stage.auth, &mine).await.unwrap().unwrap();
        let whence = (Some("203.0.113.9".parse().unwrap()), "Firefox");
        for deed in [Deed::DeadLettersReplayed, Deed::DeadLettersDiscarded] {
            stage.auth.write_down(&actor, deed, "users.open: user.registered", whence).await.unwrap();
        }
        let log = stage.ask(Method::GET, "/v1/audit-log?limit=2", Some(&mine)).await.expect(200);
        let entry = &log["data"][1];
        assert_eq!(
            (&entry["act"], &entry["detail"]),
            (&json!("administration.dead_letters_replayed"), &json!("users.open: user.registered"))
        );
        assert!(entry.to_string().contains("203.0.113.9") && entry.to_string().contains("Firefox"), "{entry}");
        assert_eq!(log["data"][0]["act"], "administration.dead_letters_discarded");

        // What is opened of somebody else's stands in their log as well, without from where.
        stage.account("ravi").await;
        let (theirs, _) = stage.log_in("ravi").await;
        let owner = Authentication::bearer(&*stage.auth, &theirs).await.unwrap().unwrap();
        stage.auth.write_down(&actor, Deed::TicketOpened(owner.user), "tkt_1", whence).await.unwrap();
        assert_eq!(stage.acts(&mine).await[0], "desk.ticket_opened");
        let log = stage.ask(Method::GET, "/v1/audit-log?limit=1", Some(&theirs)).await.expect(200);
        assert_eq!((&log["data"][0]["act"], &log["data"][0]["detail"]), (&json!("ticket.opened_by_support"), &json!("tkt_1")));
        assert!(!log["data"][0].to_string().contains("203.0.113.9"), "{}", log["data"][0]);
    }

    async fn the_log_is_its_owners_alone_is_paged_and_is_forgotten_in_the_end(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        stage.account("ravi").await;
        stage.try_log_in("asha", "not the password").await.expect(401);
        let (mine, _) = stage.log_in("asha").await;
        let (theirs, _) = stage.log_in("ravi").await;
        assert_eq!(stage.acts(&mine).await, ["log_in.succeeded", "log_in.failed", "account.registered"]);
        assert_eq!(stage.acts(&theirs).await, ["log_in.succeeded", "account.registered"]);
        let first = stage.ask(Method::GET, "/v1/audit-log?limit=2", Some(&mine)).await.expect(200);
        let next = format!("/v1/audit-log?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
        let last = stage.ask(Method::GET, &next, Some(&mine)).await.expect(200);
        assert_eq!((last["data"].as_array().unwrap().len(), &last["next_cursor"]), (1, &Value::Null));
        stage.ask(Method::GET, "/v1/audit-log", None).await.expect(401);

        assert!(!stage.auth.forget().await.unwrap());
        assert_eq!(stage.acts(&mine).await.len(), 3);
        stage.clock.advance(366 * DAY);
        stage.auth.forget().await.unwrap();
        let (mine, _) = stage.log_in("asha").await;
        assert_eq!(stage.acts(&mine).await, ["log_in.succeeded"]);
    }
}
