//! Tokens of services.

use std::time::Duration;

use axum::http::{Method, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use platform::both_databases;
use serde_json::{Value, json};

use super::Stage;
use crate::MIGRATIONS;

/// Asks for a token, with the key in the head.
async fn ask(stage: &Stage, client: &str, secret: &str, form: &str) -> (u16, Value) {
    let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
    let answer =
        stage.page_with("/v1/oauth/token", None, Some(form), &[("authorization", &basic)], None).await;
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    answer.json()
}

const FORM: &str = "grant_type=client_credentials";

both_databases! { MIGRATIONS,
    async fn a_service_shows_a_key_and_carries_a_token(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (token, _) = stage.log_in("asha").await;
        let body = json!({"name": "Sync", "scope": "write"});
        let key = stage.post("/v1/api-keys", Some(&token), &body).await.expect(201);
        let (id, secret) = (key["id"].as_str().unwrap(), key["secret"].as_str().unwrap());

        let (status, given) = ask(&stage, id, secret, FORM).await;
        assert_eq!(status, 200, "{given}");
        assert_eq!((&given["scope"], &given["token_type"]), (&json!("write"), &json!("Bearer")));
        let service = given["access_token"].as_str().unwrap();
        assert!(stage.twin().await.is_in(service).await);
        // As much as the key, and no more: nothing that is done in person.
        stage.ask(Method::GET, "/v1/auth/sessions", Some(service)).await.expect(403);

        // Less of it, by the form.
        let in_form = format!("{FORM}&client_id={id}&client_secret={secret}&scope=read");
        let answer = stage.page("/v1/oauth/token", None, Some(&in_form)).await.json();
        assert_eq!((answer.0, &answer.1["scope"]), (200, &json!("read")));
        let actor = contracts::auth::Authentication::bearer(&*stage.auth, answer.1["access_token"].as_str().unwrap());
        assert_eq!(actor.await.unwrap().unwrap().scope, kernel::Scope::Read);

        // In its own words, what is wrong.
        let other = stage.post("/v1/api-keys", Some(&token), &json!({"name": "R", "scope": "read"})).await.expect(201);
        let (other_id, other_secret) = (other["id"].as_str().unwrap(), other["secret"].as_str().unwrap());
        for (client, secret, form, status, error) in [
            (id, "pk_live_x", FORM, 401, "invalid_client"),
            (other_id, secret, FORM, 401, "invalid_client"),
            (id, token.as_str(), FORM, 401, "invalid_client"),
            ("", "", FORM, 401, "invalid_client"),
            (id, secret, "grant_type=password", 400, "unsupported_grant_type"),
            (id, secret, "", 400, "unsupported_grant_type"),
            (id, secret, "grant_type=client_credentials&scope=admin", 400, "invalid_scope"),
            (other_id, other_secret, "grant_type=client_credentials&scope=write", 400, "invalid_scope"),
            (id, secret, "grant_type=client_credentials&grant_type=x", 400, "invalid_request"),
            (id, secret, &in_form, 400, "invalid_request"),
        ] {
            let answer = ask(&stage, client, secret, form).await;
            assert_eq!((answer.0, &answer.1["error"]), (status, &json!(error)), "{client} {form}");
        }
    }

    async fn a_services_token_ends_by_itself_and_with_its_secret(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        let (token, _) = stage.log_in("asha").await;
        let body = json!({"name": "Sync", "scope": "read"});
        let key = stage.post("/v1/api-keys", Some(&token), &body).await.expect(201);
        let (id, secret) = (key["id"].as_str().unwrap(), key["secret"].as_str().unwrap().to_owned());
        let given = async |secret: &str| {
            let (_, given) = ask(&stage, id, secret, FORM).await;
            given["access_token"].as_str().unwrap().to_owned()
        };
        let first = given(&secret).await;
        stage.clock.advance(Duration::from_secs(601));
        assert!(!stage.is_in(&first).await, "it is over");

        let rotate = format!("/v1/api-keys/{id}/rotate");
        let token = stage.fresh(&token).await;
        let second = given(&secret).await;
        stage.post(&rotate, Some(&token), &Value::Null).await.expect(200);
        assert!(stage.is_in(&second).await, "the former secret is good for a day");
        let third = stage.post(&rotate, Some(&token), &Value::Null).await.expect(200);
        assert!(!stage.is_in(&second).await, "and gone with the next one");
        let fourth = given(third["secret"].as_str().unwrap()).await;
        stage.ask(Method::DELETE, &format!("/v1/api-keys/{id}"), Some(&token)).await.expect(204);
        assert!(!stage.is_in(&fourth).await);
    }
}
