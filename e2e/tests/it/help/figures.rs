//! The dashboard that does not update, and files that were imported.

use std::time::Duration;

use e2e::on_both;
use serde_json::json;

use super::{answers, begin, begin_with, goes_back, hands_over, node, text};
use crate::{
    households::join,
    imports::{STATEMENT, sent},
    monthly,
};

on_both! {
    async fn a_dashboard_is_computed_anew_and_what_is_missed_on_it_is_explained(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let netflix = asha.create(&monthly("Netflix")).await.id;
        let (session, step) = begin(&asha, "dashboard", "").await;
        assert_eq!((&step["tree"], node(&step)), (&json!("dashboard_stale"), "fresh"), "{step}");
        assert!(text(&step).contains("₹499") && text(&step).contains("5 May") && text(&step).contains("12:0"), "{step}");
        let step = answers(&asha, &session, "day").await;
        assert_eq!(step["node"]["link"], "/settings");
        assert!(text(&step).contains("Asia/Kolkata"), "{step}");
        goes_back(&asha, &session).await;
        answers(&asha, &session, "else").await;
        let carried = hands_over(&asha, &session).await;
        assert_eq!(carried["facts"]["total"], "₹499.00");

        // What is paused counts nothing any more, and that is what there is.
        asha.act(&format!("/v1/subscriptions/{netflix}/pause")).await.expect(200);
        let (_, step) = begin_with(&asha, "dashboard_stale", "").await;
        assert_eq!(node(&step), "fresh", "{step}");
        assert!(text(&step).contains("₹0"), "{step}");
        app.finish().await;
    }

    async fn a_dashboard_that_shows_what_is_no_more_is_found_and_computed_anew(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        asha.create(&monthly("Netflix")).await;
        let shown = async || asha.get("/v1/dashboard").await.expect(200).value()["totals"]["per_month"]["amount"].clone();
        // What is computed by itself after a change is computed.
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(shown().await, "499.00");
        let paused = "UPDATE subscriptions SET status = 'paused' WHERE status = 'active'";
        assert_eq!(setup.write_past("subscriptions", paused).await, 1);
        assert_eq!(shown().await, "499.00", "what was remembered is shown");
        let (session, step) = begin(&asha, "dashboard", "").await;
        assert_eq!(node(&step), "stale", "{step}");
        let step = answers(&asha, &session, "refresh").await;
        assert_eq!(node(&step), "refreshed", "{step}");
        assert_eq!(shown().await, "0.00");
        let (_, step) = begin(&asha, "dashboard", "").await;
        assert_eq!(node(&step), "fresh", "{step}");
        app.finish().await;
    }

    async fn an_import_is_applied_and_taken_back_by_help_and_what_it_asks_is_named(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        assert_eq!(node(&begin(&asha, "import", "").await.1), "nothing");
        let import = sent(&asha, STATEMENT).await["id"].as_str().unwrap().to_owned();
        let (session, step) = begin(&asha, "import", &import).await;
        assert_eq!(node(&step), "ready", "{step}");
        assert!(text(&step).contains("statement.csv"), "{step}");

        // Whoever may only look applies nothing, and a stranger sees nothing of it.
        let bela = app.member("bela").await;
        assert_eq!(node(&begin(&bela, "import", &import).await.1), "nothing");
        let viewer = join(&asha, &bela, "viewer").await;
        let (theirs, step) = begin(&viewer, "import", &import).await;
        assert_eq!(node(&step), "ready", "{step}");
        assert_eq!(node(&answers(&viewer, &theirs, "apply").await), "refused");
        assert!(asha.subscriptions().await.is_empty());

        let step = answers(&asha, &session, "apply").await;
        assert_eq!(node(&step), "done", "{step}");
        assert!(text(&step).contains("confirmed: 1"), "{step}");
        assert_eq!(asha.subscriptions().await[0].name, "Gym");
        let (session, step) = begin_with(&asha, "importing", "").await;
        assert_eq!(node(&step), "applied", "{step}");
        assert_eq!(node(&answers(&asha, &session, "undo").await), "taken_back");
        assert!(asha.subscriptions().await.is_empty());
        assert_eq!(node(&begin_with(&asha, "importing", "").await.1), "undone");

        // Of a line without a date nothing can be made: it is handed over with what is said of it.
        sent(&asha, "Name,Price,Currency,Cycle\nNetflix,499,INR,monthly\nSpotify,not a price,INR,monthly\n").await;
        let (session, step) = begin_with(&asha, "importing", "").await;
        assert!(["wrong", "asking"].contains(&node(&step)), "{step}");
        let carried = hands_over(&asha, &session).await;
        assert_eq!(carried["facts"]["file"], "statement.csv");
        app.finish().await;
    }
}
