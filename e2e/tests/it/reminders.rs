//! What is told, and when.

use e2e::{Client, eventually, on_both};
use serde_json::{Value, json};

use crate::{monthly, with};

async fn reminders(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/reminders{query}")).await.expect(200).value();
    page["data"].as_array().unwrap().clone()
}

on_both! {
    async fn what_is_to_come_is_told_once_at_the_owners_time_and_also_after_downtime(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let wishes = json!({ "reminder_days": [1, 5], "reminder_time": "07:15" });
        let me = asha.patch("/v1/me", &wishes).await.expect(200).value();
        assert_eq!((&me["reminder_days"], &me["reminder_time"]), (&json!([5, 1]), &json!("07:15")));
        let id = asha.create(&monthly("Netflix")).await.id;
        asha.create(&with(monthly("Spotify"), "reminder_days", json!([]))).await;
        // The owner's days are news that travels.
        let planned = eventually("the plan by the owner's days", async || {
            Some(reminders(&asha, "").await).filter(|planned| planned[0]["lead_days"] == json!(5))
        })
        .await;
        assert_eq!((planned[0]["planned_for"].as_str(), planned[0]["about_on"].as_str()), (Some("2026-05-31T01:45:00Z"), Some("2026-06-05")));
        assert!(planned.iter().all(|each| each["subscription_id"] == json!(id)), "{planned:?}");
        app.stop().await;

        // A quarter past seven in Kolkata has just passed.
        let app = setup.start_at("2026-05-31T01:45:01Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        let sent = eventually("the reminder", async || reminders(&asha, "?state=sent").await.first().cloned()).await;
        assert_eq!((&sent["kind"], &sent["state"], &sent["name"]), (&json!("renewal_near"), &json!("sent"), &json!("Netflix")));
        assert_eq!(sent["amount"], json!({ "amount": "499.00", "currency": "INR" }));
        let bela = app.member("bela").await;
        for state in ["planned", "sent", "dropped"] {
            assert!(reminders(&bela, &format!("?state={state}")).await.is_empty(), "somebody else's");
        }
        app.stop().await;

        // Down until the middle of August: what is past is left out, and says so.
        let app = setup.start_at("2026-08-05T06:30:00Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        let dropped = eventually("what was missed", async || {
            Some(reminders(&asha, "?state=dropped").await).filter(|dropped| dropped.len() == 3)
        })
        .await;
        assert!(dropped.iter().all(|each| each["reason"].is_string()), "{dropped:?}");
        let late = reminders(&asha, "?state=sent&from=2026-06-01").await;
        let about: Vec<_> = late.iter().map(|each| each["about_on"].as_str().unwrap()).collect();
        assert_eq!(about, ["2026-08-05", "2026-08-05"]);
        app.finish().await;
    }

    async fn wrong_wishes_and_wrong_questions_are_named(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        for (wish, pointer) in [
            (json!({ "reminder_days": [61] }), "/reminder_days/0"),
            (json!({ "reminder_days": [1, -1] }), "/reminder_days/1"),
            (json!({ "reminder_days": [1, 2, 3, 4, 5, 6] }), "/reminder_days"),
            (json!({ "reminder_time": "24:00" }), "/reminder_time"),
            (json!({ "reminder_time": null }), "/reminder_time"),
        ] {
            let problem = asha.patch("/v1/me", &wish).await.problem(422);
            assert_eq!(problem.errors[0].pointer, pointer, "{wish}");
        }
        for (question, pointer) in [
            ("?state=lost", "/state"),
            ("?from=2026-02-30", "/from"),
            ("?from=2026-06-02&to=2026-06-01", "/to"),
            ("?limit=0", "/limit"),
            ("?cursor=x", "/cursor"),
        ] {
            let problem = asha.get(&format!("/v1/reminders{question}")).await.problem(422);
            assert_eq!(problem.errors[0].pointer, pointer, "{question}");
        }
        app.finish().await;
    }
}
