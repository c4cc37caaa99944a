//! Months that pass while nobody looks.

use e2e::{Client, Instance, Setup, eventually, on_both};
use serde_json::json;

use crate::{monthly, with};

async fn asha(app: &Instance) -> Client {
    app.visitor().log_in("asha@example.org").await
}

on_both! {
    async fn every_charge_missed_while_stopped_is_recorded_once_on_its_own_day(setup: Setup) {
        let app = setup.start_at("2026-01-31T09:00:00Z").await;
        let id = app.member("asha").await.create(&monthly("Netflix")).await.id;
        assert_eq!(asha(&app).await.due_dates(&id).await, ["2026-01-31"]);
        app.stop().await;

        let app = setup.start_at("2026-08-02T00:00:00Z").await;
        let asha = asha(&app).await;
        let next = eventually("the renewals to be recorded", async || {
            asha.subscription(&id).await.next_charge_on.filter(|next| next.as_str() > "2026-08-02")
        })
        .await;
        assert_eq!(next, "2026-08-31");
        let expected =
            ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"];
        assert_eq!(asha.due_dates(&id).await, expected);
        for payment in asha.payments(&id).await {
            assert_eq!((payment.status.as_str(), payment.amount.amount.as_str()), ("paid", "499.00"));
        }
        app.finish().await;
    }

    async fn a_charge_begins_at_midnight_where_the_owner_lives(setup: Setup) {
        // Half past six in the evening in London is midnight in Kolkata.
        let app = setup.start_at("2026-05-04T18:29:50Z").await;
        let asha = app.member("asha").await;
        let tomorrow = with(monthly("Netflix"), "first_charge_on", json!("2026-05-05"));
        let id = asha.create(&tomorrow).await.id;
        assert!(asha.due_dates(&id).await.is_empty());
        app.stop().await;

        let app = setup.start_at("2026-05-04T18:30:01Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        eventually("the first charge", async || asha.due_dates(&id).await.first().cloned()).await;
        assert_eq!(asha.subscription(&id).await.next_charge_on.as_deref(), Some("2026-06-05"));
        app.finish().await;
    }

    async fn paused_months_are_skipped_and_cancelled_ones_never_come(setup: Setup) {
        let app = setup.start_at("2026-01-15T09:00:00Z").await;
        let asha = app.member("asha").await;
        let paused = asha.create(&monthly("Gym")).await.id;
        let cancelled = asha.create(&monthly("Newspaper")).await.id;
        asha.act(&format!("/v1/subscriptions/{paused}/pause")).await.expect(200);
        asha.act(&format!("/v1/subscriptions/{cancelled}/cancel")).await.expect(200);
        app.stop().await;

        let app = setup.start_at("2026-04-20T09:00:00Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        let ended = eventually("the cancelled one to end", async || {
            let now = asha.subscription(&cancelled).await;
            (now.status == "ended").then_some(now)
        })
        .await;
        assert_eq!((ended.ends_on.as_deref(), ended.next_charge_on), (Some("2026-02-15"), None));
        asha.act(&format!("/v1/subscriptions/{paused}/resume")).await.expect(200);
        assert_eq!(asha.subscription(&paused).await.next_charge_on.as_deref(), Some("2026-05-15"));
        assert_eq!(asha.due_dates(&paused).await, ["2026-01-15"]);
        assert_eq!(asha.due_dates(&cancelled).await, ["2026-01-15"]);
        app.finish().await;
    }
}

#[tokio::test]
async fn the_clock_of_a_production_system_cannot_be_set() {
    let setup = Setup::sqlite().with("PERENNIAL_ENVIRONMENT", "production");
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--clock", "2026-01-31T09:00:00Z"];
    let refused = setup.run_on_data(&arguments).await;
    assert!(!refused.success && refused.errors.contains("clock"), "{refused:?}");
}
