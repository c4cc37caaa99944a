//! What the README shows.

use e2e::on_both;
use serde_json::json;

on_both! {
    async fn a_sentence_becomes_a_subscription_that_survives_a_restart(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let said = asha.say("Netflix ₹499 monthly").await;
        assert_eq!((said.status.as_str(), said.reader.as_str()), ("applied", "rules"));
        let reading = &said.readings[0];
        assert_eq!(reading.event, "subscription.created");
        assert_eq!(reading.name.as_deref(), Some("Netflix"));
        let price = reading.price.clone().unwrap();
        assert_eq!((price.amount.as_str(), price.currency.as_str()), ("499.00", "INR"));
        let cycle = reading.cycle.clone().unwrap();
        assert_eq!((cycle.every, cycle.unit.as_str()), (1, "month"));
        let id = reading.subscription_id.clone().unwrap();

        let listed = asha.subscriptions().await;
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].id.as_str(), listed[0].name.as_str()), (id.as_str(), "Netflix"));
        assert_eq!(listed[0].status, "active");
        assert_eq!(listed[0].source, json!({"kind": "text", "message_id": said.id}));
        assert_eq!(listed[0].monthly_equivalent.as_ref().unwrap().amount, "499.00");
        let dashboard = asha.get("/v1/dashboard").await.expect(200).text();
        assert!(dashboard.contains("499.00") && dashboard.contains("Netflix"), "{dashboard}");
        app.stop().await;

        let app = setup.start().await;
        let asha = app.visitor().log_in("asha@example.org").await;
        assert_eq!(asha.subscriptions().await, listed);
        assert_eq!(asha.get("/v1/dashboard").await.expect(200).text(), dashboard);
        app.finish().await;
    }

    async fn saying_the_same_twice_asks_instead_of_adding(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        asha.say("Netflix ₹499 monthly").await;
        let again = asha.post("/v1/messages", &json!({"text": "netflix 499 per month"})).await.expect(200);
        assert_eq!(again.value()["status"], "needs_confirmation");
        assert!(!again.value()["readings"][0]["duplicate_of"].is_null());
        assert_eq!(asha.subscriptions().await.len(), 1);
        app.finish().await;
    }

    async fn what_is_no_subscription_is_refused_with_a_reason(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let said = asha.post("/v1/messages", &json!({"text": "Bought a chair for ₹4,999 yesterday"})).await.expect(200);
        assert_eq!(said.value()["status"], "refused");
        assert!(said.value()["refusal"]["reason"].is_string(), "{}", said.text());
        assert!(asha.subscriptions().await.is_empty());
        app.finish().await;
    }

    async fn a_preview_shows_the_reading_and_saves_nothing(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let body = json!({"text": "Spotify 119 rupees every month", "mode": "preview"});
        let shown = asha.post("/v1/messages", &body).await.expect(200).value();
        assert_eq!(shown["readings"][0]["price"], json!({"amount": "119.00", "currency": "INR"}));
        assert!(asha.subscriptions().await.is_empty());
        app.finish().await;
    }
}
