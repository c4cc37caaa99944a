//! What became of those who came, on both databases: counted node by node, version beside version, and without whose it was.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use kernel::{Actor, Role};
use platform::{both_databases, jobs::Work};
use serde_json::{Value, json};

use super::{Stage, actor};
use crate::{MIGRATIONS, jobs};

fn agent() -> Actor {
    Actor { role: Role::Agent, ..actor(8) }
}

async fn funnel(stage: &Stage, rest: &str) -> Value {
    let path = format!("/v1/admin/help/funnel{rest}");
    let (status, body) = stage.api(agent(), Method::GET, &path, Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

fn of_node(funnel: &Value, id: &str) -> Value {
    let found = funnel["nodes"].as_array().unwrap().iter().find(|node| node["id"] == id);
    found.cloned().unwrap_or(Value::Null)
}

async fn answer(stage: &Stage, path: &str, option: &str) {
    stage.post(actor(1), &format!("{path}/answers"), json!({ "option": option })).await;
}

both_databases! { MIGRATIONS,
    async fn whoever_came_resolved_handed_over_or_left_is_counted_where_it_happened(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let (solved, _) = stage.begins(actor(1)).await;
        answer(&stage, &solved, "paid").await;
        answer(&stage, &solved, "solved").await;
        let (handed, _) = stage.begins(actor(1)).await;
        stage.post(actor(1), &format!("{handed}/escalate"), json!({ "message": "x" })).await;
        stage.begins(actor(1)).await;
        let (back, _) = stage.begins(actor(1)).await;
        answer(&stage, &back, "retry").await;
        stage.post(actor(1), &format!("{back}/back"), Value::Null).await;

        let now = funnel(&stage, "/payment_failed").await;
        let outcome = |of: &Value| ["came", "resolved", "escalated", "left", "under_way"].map(|it| of[it].as_i64());
        assert_eq!(outcome(&now), [4, 1, 1, 0, 2].map(Some), "{now}");
        let failed = of_node(&now, "failed");
        assert_eq!((&failed["reached"], &failed["kind"]), (&json!(4), &json!("question")));
        assert_eq!(failed["ways"], json!({ "paid": 1, "retry": 1 }));
        assert_eq!((&failed["escalated"], &failed["under_way"]), (&json!(1), &json!(2)));
        let provider = of_node(&now, "provider");
        assert_eq!((&provider["reached"], &provider["under_way"]), (&json!(1), &json!(0)), "they went back");
        assert_eq!(of_node(&now, "marked")["resolved"], 1);
        assert_eq!(of_node(&now, "look")["ways"], json!({ "failed": 4 }));

        // Who has not come back for a day has left, for now; who is forgotten has left for good. Both once.
        stage.clock.set("2026-06-07T07:00:00Z");
        let next = funnel(&stage, "/payment_failed").await;
        assert_eq!(outcome(&next), [4, 1, 1, 2, 0].map(Some), "{next}");
        stage.clock.set("2026-06-14T07:00:00Z");
        jobs::Forgetting(Arc::clone(&stage.guide)).run().await.unwrap();
        jobs::Forgetting(Arc::clone(&stage.guide)).run().await.unwrap();
        let later = funnel(&stage, "/payment_failed").await;
        assert_eq!(outcome(&later), [4, 1, 1, 2, 0].map(Some), "{later}");
        assert_eq!(of_node(&later, "failed")["left"], 2);
        let day = later["days"].as_array().unwrap().iter().find(|day| day["day"] == "2026-06-06").unwrap();
        assert_eq!((&day["came"], &day["left"]), (&json!(4), &json!(2)), "on the day on which they were last seen");
        assert_eq!(later["days"].as_array().unwrap().len(), 30);
        let all = funnel(&stage, "?days=30").await;
        let of = all["data"].as_array().unwrap().iter().find(|tree| tree["tree"] == "payment_failed").unwrap();
        assert_eq!((outcome(of), &of["title"]), ([4, 1, 1, 2, 0].map(Some), &json!("A payment failed")));
        let week = funnel(&stage, "/payment_failed?days=7").await;
        assert_eq!(week["came"], 0, "longer ago");
        for (path, status) in [
            ("/nothing", StatusCode::NOT_FOUND),
            ("/payment_failed?version=nothing", StatusCode::NOT_FOUND),
            ("?days=0", StatusCode::UNPROCESSABLE_ENTITY),
            ("?days=366", StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let path = format!("/v1/admin/help/funnel{path}");
            assert_eq!(stage.api(agent(), Method::GET, &path, Value::Null).await.0, status, "{path}");
        }
        assert_eq!(stage.api(actor(1), Method::GET, "/v1/admin/help/funnel", Value::Null).await.0, StatusCode::FORBIDDEN);
        // Long after, nothing of it is kept.
        stage.clock.set("2027-08-01T07:00:00Z");
        jobs::Forgetting(Arc::clone(&stage.guide)).run().await.unwrap();
        let kept = platform::db::Statement::new("SELECT count(*) FROM steps", Vec::new());
        let count: Option<(i64,)> = stage.guide.database.optional(kept).await.unwrap();
        assert_eq!(count, Some((0,)));
    }

    async fn two_versions_of_a_tree_stand_side_by_side(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::set(database, "en-IN", false, folder.path().to_str().unwrap());
        let before = stage.guide.forest().tree("payment_failed").unwrap().version.clone();
        let (path, _) = stage.begins(actor(1)).await;
        answer(&stage, &path, "retry").await;
        let text = include_str!("../../trees/payment_failed.toml");
        let changed = text.replace("\"provider\"", "\"their_page\"");
        std::fs::write(folder.path().join("own.toml"), &changed).unwrap();
        jobs::Rereading(Arc::clone(&stage.guide)).run().await.unwrap();
        let after = stage.guide.forest().tree("payment_failed").unwrap().version.clone();
        assert_ne!(before, after);
        for _ in 0..2 {
            let (path, _) = stage.begins(actor(1)).await;
            answer(&stage, &path, "retry").await;
        }
        let now = funnel(&stage, "/payment_failed").await;
        assert_eq!((&now["version"], &now["came"], of_node(&now, "provider")), (&json!(after), &json!(2), Value::Null));
        let versions: Vec<_> = now["versions"].as_array().unwrap().iter().map(|it| it["version"].clone()).collect();
        assert_eq!(versions, [json!(after), json!(before)]);
        let then = funnel(&stage, &format!("/payment_failed?version={before}")).await;
        assert_eq!((&then["came"], &of_node(&then, "provider")["kind"]), (&json!(1), &Value::Null));
        let address = format!("/help/desk/trees/payment_failed?version={after}&with={before}");
        let (status, page) = stage.page(agent(), Method::GET, &address, "").await;
        assert!(status == StatusCode::OK && page.contains(&format!("Version {before}")), "{page}");
        assert!(page.contains("No: I want to try it again (2 | 1)"), "{page}");
        assert!(page.contains("not in the tree in service"), "{page}");
        assert!(stage.page(agent(), Method::GET, "/help/desk/trees", "").await.1.contains("3 came"));
    }

    async fn what_was_asked_in_vain_is_kept_without_who_asked_and_forgotten(database: Database) {
        let stage = Stage::set(database, "de-DE", false, "");
        let ask = async |question: &str| {
            let path = format!("/v1/help/search?q={question}");
            stage.api(actor(1), Method::GET, &path, Value::Null).await.1
        };
        ask("Sourdough%20BREAD%20asha%40example.org%20%2B4912345").await;
        ask("sourdough%20bread").await;
        ask("quantum%20chess").await;
        ask("my%20payment%20failed").await;
        let kept = async || stage.api(agent(), Method::GET, "/v1/admin/help/questions?limit=1", Value::Null).await.1;
        let first = kept().await;
        assert_eq!((&first["data"][0]["text"], &first["data"][0]["times"]), (&json!("sourdough bread"), &json!(2)));
        assert_eq!(first["data"][0]["language"], "de");
        let next = format!("/v1/admin/help/questions?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
        let (_, next) = stage.api(agent(), Method::GET, &next, Value::Null).await;
        assert_eq!((&next["data"][0]["text"], &next["next_cursor"]), (&json!("quantum chess"), &Value::Null));
        let (_, page) = stage.page(agent(), Method::GET, "/help/desk/questions", "").await;
        assert!(page.contains("sourdough bread") && !page.contains("49123"), "{page}");
        assert_eq!(stage.api(actor(1), Method::GET, "/v1/admin/help/questions", Value::Null).await.0, StatusCode::FORBIDDEN);
        stage.clock.set("2026-09-05T07:00:00Z");
        jobs::Forgetting(Arc::clone(&stage.guide)).run().await.unwrap();
        assert_eq!(kept().await["data"], json!([]));
    }
}
