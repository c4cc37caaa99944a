//! Keys by which programs act for somebody.

use std::time::Duration;

use axum::http::Method;
use contracts::auth::Authentication;
use kernel::{Actor, Role, Scope};
use platform::both_databases;
use serde_json::{Value, json};

use super::Stage;
use crate::MIGRATIONS;

const HOUR: Duration = Duration::from_secs(3_600);

async fn make(stage: &Stage, token: &str, scope: &str) -> (String, String) {
    let body = json!({"name": " Home Assistant ", "scope": scope});
    let made = stage.post("/v1/api-keys", Some(token), &body).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    (made.text("id"), made.text("secret"))
}

async fn by(stage: &Stage, secret: &str) -> Option<Actor> {
    stage.auth.bearer(secret).await.unwrap()
}

both_databases! { MIGRATIONS,
    async fn a_key_acts_for_its_owner_as_far_as_its_scope_goes(database: Database) {
        let stage = Stage::set(database).await;
        let asha = stage.account("asha").await;
        stage.auth.give_role("asha@example.org", Role::Administrator).await.unwrap();
        let (token, _) = stage.log_in("asha").await;
        let (_, secret) = make(&stage, &token, "read").await;
        assert!(secret.starts_with("pk_live_") && secret.len() > 50, "{secret}");
        let actor = by(&stage, &secret).await.unwrap();
        assert_eq!((actor.user, actor.scope, actor.role), (asha, Scope::Read, Role::User));
        let person = by(&stage, &token).await.unwrap();
        assert_eq!((person.scope, person.role), (Scope::Everything, Role::Administrator));
        let (head, last) = secret.split_at(secret.len() - 1);
        let other = format!("{head}{}", if last == "A" { "B" } else { "A" });
        assert!(by(&stage, &other).await.is_none());
    }

    async fn a_key_touches_no_password_no_session_and_no_key(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (token, _) = stage.log_in("asha").await;
        for scope in ["read", "write"] {
            let (id, secret) = make(&stage, &token, scope).await;
            let key = Some(secret.as_str());
            stage.ask(Method::GET, "/v1/auth/sessions", key).await.expect(403);
            stage.ask(Method::DELETE, "/v1/auth/sessions", key).await.expect(403);
            stage.ask(Method::GET, "/v1/audit-log", key).await.expect(403);
            stage.ask(Method::GET, "/v1/api-keys", key).await.expect(403);
            stage.ask(Method::DELETE, &format!("/v1/api-keys/{id}"), key).await.expect(403);
            stage.ask(Method::POST, &format!("/v1/api-keys/{id}/rotate"), key).await.expect(403);
            stage.post("/v1/api-keys", key, &json!({"name": "more", "scope": "write"})).await.expect(403);
            let change = json!({"current_password": crate::tests::PASSWORD, "new_password": "another few words"});
            stage.post("/v1/auth/password", key, &change).await.expect(403);
        }
        for wrong in [json!({"name": "x", "scope": "everything"}), json!({"name": " ", "scope": "read"}), json!({"name": "x"})] {
            stage.post("/v1/api-keys", Some(&token), &wrong).await.expect(422);
        }
    }

    async fn two_secrets_are_alive_while_a_key_is_given_another_and_never_three(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (token, _) = stage.log_in("asha").await;
        let (id, first) = make(&stage, &token, "write").await;
        let rotate = async || stage.ask(Method::POST, &format!("/v1/api-keys/{id}/rotate"), Some(&token)).await.text("secret");
        let second = rotate().await;
        assert!(by(&stage, &first).await.is_some() && by(&stage, &second).await.is_some());
        let third = rotate().await;
        assert!(by(&stage, &first).await.is_none(), "only the one before is good yet");
        assert!(by(&stage, &second).await.is_some() && by(&stage, &third).await.is_some());
        stage.auth.write_seen().await.unwrap();
        let listed = stage.ask(Method::GET, "/v1/api-keys", Some(&token)).await.expect(200);
        let secrets = listed["data"][0]["secrets"].as_array().unwrap();
        assert_eq!(secrets.len(), 2);
        assert!(secrets.iter().all(|secret| secret["last_used_at"] != Value::Null), "{listed}");
        assert!(!listed.to_string().contains(&third), "it is told once");
        stage.clock.advance(25 * HOUR);
        let twin = stage.twin().await;
        assert!(by(&twin, &second).await.is_none() && by(&twin, &third).await.is_some());
    }

    async fn a_key_that_was_revoked_or_whose_owner_is_suspended_opens_nothing(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        stage.account("ravi").await;
        let (token, _) = stage.log_in("asha").await;
        let (theirs, _) = stage.log_in("ravi").await;
        let (id, secret) = make(&stage, &token, "read").await;
        let (_, other) = make(&stage, &token, "read").await;
        assert!(by(&stage, &secret).await.is_some());
        let path = format!("/v1/api-keys/{id}");
        stage.ask(Method::DELETE, &path, Some(&theirs)).await.expect(404);
        stage.ask(Method::DELETE, &path, Some(&token)).await.expect(204);
        assert!(by(&stage, &secret).await.is_none() && by(&stage, &other).await.is_some());
        let acts = stage.acts(&token).await;
        assert_eq!(acts[..3], ["api_key.revoked", "api_key.made", "api_key.made"]);
        stage.auth.suspend("asha@example.org").await.unwrap();
        assert!(by(&stage, &other).await.is_none());
    }

    async fn nobody_has_keys_without_end(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (token, _) = stage.log_in("asha").await;
        for _ in 0..50 {
            make(&stage, &token, "read").await;
        }
        stage.post("/v1/api-keys", Some(&token), &json!({"name": "x", "scope": "read"})).await.expect(409);
    }
}
