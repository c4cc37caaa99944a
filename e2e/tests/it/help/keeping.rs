//! Keeping something or getting rid of it.

use e2e::on_both;
use serde_json::json;

use super::{answers, begin_with, hands_over, node, text};
use crate::{monthly, with};

on_both! {
    async fn what_is_seldom_used_and_bound_is_told_with_its_last_day_and_cancelled_here(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let month = json!({"every": 1, "unit": "month"});
        let term = json!({"length": {"every": 12, "unit": "month"}, "renews_for": {"every": 12, "unit": "month"}, "notice": month});
        let body = with(with(with(monthly("Netflix"), "first_charge_on", json!("2026-03-15")), "term", term), "usage", json!("rarely"));
        let netflix = asha.create(&body).await.id;
        let (session, step) = begin_with(&asha, "keep_or_cancel", &netflix).await;
        assert_eq!(node(&step), "seldom", "{step}");
        // Two charges so far, and twelve a year.
        assert!(text(&step).contains("₹998") && text(&step).contains("₹5,988") && text(&step).contains("hardly"), "{step}");
        let step = answers(&asha, &session, "cancel").await;
        assert_eq!(node(&step), "bound", "{step}");
        assert!(text(&step).contains("15 Feb 2027") && text(&step).contains("netflix.com"), "{step}");
        assert_eq!(step["node"]["link"], format!("/subscriptions/{netflix}/cancel"));
        let carried = hands_over(&asha, &session).await;
        assert!(carried["facts"]["by"].as_str().unwrap().contains("15 Feb 2027"), "{carried}");

        let (session, _) = begin_with(&asha, "keep_or_cancel", &netflix).await;
        let step = answers(&asha, &session, "cancelled").await;
        assert_eq!(node(&step), "gone", "{step}");
        assert_eq!(asha.subscription(&netflix).await.status, "cancelled");
        assert_eq!(node(&begin_with(&asha, "keep_or_cancel", &netflix).await.1), "over");
        let bela = app.member("bela").await;
        assert_eq!(node(&begin_with(&bela, "keep_or_cancel", &netflix).await.1), "which");
        app.finish().await;
    }

    async fn what_is_there_twice_is_named_and_what_is_paused_there_is_paused_here(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let first = asha.create(&monthly("Netflix")).await.id;
        let second = asha.create(&with(monthly("Netflix family"), "service", json!("netflix"))).await.id;
        asha.patch(&format!("/v1/subscriptions/{first}"), &json!({"service": "netflix"})).await.expect(200);
        let (session, step) = begin_with(&asha, "keep_or_cancel", &second).await;
        assert_eq!(node(&step), "doubled", "{step}");
        assert!(text(&step).contains("You also have Netflix,"), "{step}");
        assert_eq!(node(&answers(&asha, &session, "cancel").await), "open");

        let gym = asha.create(&with(monthly("Gym"), "usage", json!("often"))).await.id;
        let (session, step) = begin_with(&asha, "keep_or_cancel", &gym).await;
        assert_eq!(node(&step), "used", "{step}");
        assert_eq!(node(&answers(&asha, &session, "pause").await), "rests");
        assert_eq!(asha.subscription(&gym).await.status, "paused");
        assert_eq!(node(&begin_with(&asha, "keep_or_cancel", &gym).await.1), "paused");
        let trial = asha.create(&with(monthly("Music"), "trial_ends_on", json!("2026-06-01"))).await.id;
        let (session, step) = begin_with(&asha, "keep_or_cancel", &trial).await;
        assert_eq!(node(&step), "unsaid", "{step}");
        let step = answers(&asha, &session, "cancel").await;
        assert_eq!(node(&step), "free", "{step}");
        assert!(text(&step).contains("1 Jun"), "{step}");
        app.finish().await;
    }
}
