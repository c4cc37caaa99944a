//! What becomes of the trees where the others give no answer, and where somebody may only look.

use axum::http::StatusCode;
use kernel::{Actor, Scope};
use platform::both_databases;
use serde_json::json;

use super::{Stage, actor, id, viewer};
use crate::MIGRATIONS;

/// Trees that begin with a question of their own, and need nobody.
const ASKING: [&str; 1] = ["cannot_add"];

both_databases! { MIGRATIONS,
    async fn a_tree_goes_on_without_whoever_gives_no_answer_and_says_so(database: Database) {
        let stage = Stage::set(database, "en-IN", true, "");
        let forest = stage.guide.forest();
        for tree in forest.for_screen("") {
            let object = if tree.id == "payment_failed" {
                id::<kernel::kinds::Payment>(5).to_string()
            } else {
                id::<kernel::kinds::Subscription>(7).to_string()
            };
            let asked = json!({ "tree": tree.id, "object": object });
            let step = stage.post(actor(1), "/v1/help/sessions", asked).await;
            let at = step["node"]["id"].as_str().unwrap();
            if ASKING.contains(&tree.id.as_str()) {
                assert_eq!(step["node"]["kind"], "question", "{step}");
            } else {
                assert!(at == "away" || at.ends_with("_away"), "{step}");
                assert!(step["node"]["text"].as_str().unwrap().contains("at the moment"), "{step}");
                assert_eq!(step["path"][0]["what"], "away", "{step}");
            }
            // A person can be asked for all the same.
            let path = format!("/v1/help/sessions/{}/escalate", step["session_id"].as_str().unwrap());
            let step = stage.post(actor(1), &path, json!({ "message": "It is away" })).await;
            assert!(step["ticket_id"].is_string(), "{step}");
        }
    }

    async fn every_step_is_shown_in_every_language(database: Database) {
        for locale in ["en-IN", "de-DE", "hi-IN"] {
            let stage = Stage::set(database.clone(), locale, false, "");
            for tree in stage.guide.forest().for_screen("") {
                let form = format!("tree={}&object={}", tree.id, id::<kernel::kinds::Subscription>(7));
                let (status, to) = stage.page(actor(1), axum::http::Method::POST, "/help", &form).await;
                assert_eq!(status, StatusCode::SEE_OTHER, "{}: {to}", tree.id);
                let (status, page) = stage.page(actor(1), axum::http::Method::GET, &to, "").await;
                assert_eq!(status, StatusCode::OK, "{}: {page}", tree.id);
                assert!(!page.contains('{') && !page.contains('}'), "{}: a place is left open", tree.id);
            }
        }
    }

    async fn a_program_with_a_key_ends_no_log_ins(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let key = Actor { scope: Scope::Write, ..actor(1) };
        for (who, expected) in [(key, "refused"), (viewer(), "others_ended")] {
            let asked = json!({ "tree": "cannot_log_in" });
            let step = stage.post(who, "/v1/help/sessions", asked).await;
            assert_eq!(step["node"]["id"], "app_bare", "{step}");
            let path = format!("/v1/help/sessions/{}/answers", step["session_id"].as_str().unwrap());
            let step = stage.post(who, &path, json!({ "option": "stranger" })).await;
            assert_eq!(step["node"]["id"], expected, "log-ins are one's own in whatever household: {step}");
        }
    }

    async fn whoever_may_only_look_resumes_nothing(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let object = id::<kernel::kinds::Subscription>(7).to_string();
        let asked = json!({ "tree": "reminder_missing", "object": object });
        for (who, expected) in [(viewer(), "refused"), (actor(1), "resumed")] {
            let step = stage.post(who, "/v1/help/sessions", asked.clone()).await;
            assert_eq!(step["node"]["id"], "paused", "{step}");
            let path = format!("/v1/help/sessions/{}/answers", step["session_id"].as_str().unwrap());
            let step = stage.post(who, &path, json!({ "option": "resume" })).await;
            assert_eq!(step["node"]["id"], expected, "{step}");
        }
    }
}
