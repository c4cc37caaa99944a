//! What a subscription is sorted by, and the rest of its model, as programs see it.

use e2e::on_both;
use serde_json::{Value, json};

use crate::{monthly, with};

on_both! {
    async fn a_model_is_told_as_it_was_given(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let tag: Value = asha.post("/v1/tags", &json!({"name": "Work"})).await.expect(201).json();
        let card = json!({"name": "Visa", "kind": "card", "last4": "4242"});
        let card: Value = asha.post("/v1/payment-methods", &card).await.expect(201).json();
        let mut body = with(monthly("Gym"), "first_charge_on", json!("2026-03-15"));
        for (member, value) in [
            ("weekend", json!("after")),
            ("charges_left", json!(20)),
            ("term", json!({
                "length": {"every": 12, "unit": "month"},
                "renews_for": {"every": 12, "unit": "month"},
                "notice": {"every": 1, "unit": "month"},
            })),
            ("tags", json!([tag["id"]])),
            ("payment_method_id", card["id"].clone()),
            ("links", json!([{"label": "Cancel", "url": "https://example.org/cancel"}])),
            ("account", json!("asha@example.org")),
            ("usage", json!("rarely")),
            ("reminder_days", json!([1, 7])),
        ] {
            body[member] = value;
        }
        let path = format!("/v1/subscriptions/{}", asha.create(&body).await.id);
        let told: Value = asha.get(&path).await.expect(200).json();
        assert_eq!((&told["term_ends_on"], &told["cancel_by"]), (&json!("2027-03-15"), &json!("2027-02-15")));
        assert_eq!((&told["charges_left"], &told["reminder_days"]), (&json!(18), &json!([7, 1])));
        assert_eq!((&told["usage_marked_on"], &told["next_moves_on"]), (&json!("2026-05-05"), &json!("2026-05-15")));
        let found: Value = asha.get(&format!("/v1/subscriptions?tag={}", tag["id"].as_str().unwrap())).await.expect(200).json();
        assert_eq!(found["data"].as_array().unwrap().len(), 1);
        let found: Value = asha.get("/v1/subscriptions?q=work&category=music").await.expect(200).json();
        assert!(found["data"].as_array().unwrap().is_empty());

        let price = json!({"amount": "99.00", "currency": "INR"});
        let plan = json!({"steps": [{"from": "2026-06-15", "price": price}]});
        let steps: Value = asha.put(&format!("{path}/prices"), &plan).await.expect(200).json();
        assert_eq!(steps["data"].as_array().unwrap().len(), 2);
        let late = json!({"steps": [{"from": "2026-05-05", "price": {"amount": "99.00", "currency": "INR"}}]});
        asha.put(&format!("{path}/prices"), &late).await.problem(422);
        app.finish().await;
    }

    async fn somebody_elses_label_is_a_404_for_every_method(setup: Setup) {
        let app = setup.start().await;
        let (asha, eve) = (app.member("asha").await, app.member("eve").await);
        for (path, body) in [
            ("/v1/categories", json!({"name": "Hobby"})),
            ("/v1/tags", json!({"name": "Work"})),
            ("/v1/payment-methods", json!({"name": "Visa", "kind": "card"})),
        ] {
            let made: Value = asha.post(path, &body).await.expect(201).json();
            let hers = format!("{path}/{}", made["id"].as_str().unwrap());
            eve.patch(&hers, &json!({"name": "Mine"})).await.problem(404);
            eve.delete(&hers).await.problem(404);
            assert!(!eve.get(path).await.expect(200).text().contains(&hers));
            asha.patch(&hers, &json!({"name": "Other"})).await.expect(200);
            asha.delete(&hers).await.expect(204);
        }
        app.finish().await;
    }
}
