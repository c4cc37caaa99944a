//! Prices and totals that look wrong, and rhythms that are mixed up.

use e2e::{eventually, on_both};
use serde_json::json;

use super::{answers, begin, begin_with, hands_over, node, text};
use crate::{
    monthly,
    rates::{in_currency, put, with_a_bank},
    with,
};

on_both! {
    async fn a_missing_rate_is_named_and_once_it_is_set_the_price_is_converted_by_it(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let rent = asha.create(&in_currency("Rent", "1000.00", "BDT")).await.id;
        let netflix = asha.create(&monthly("Netflix")).await.id;
        let (session, step) = begin_with(&asha, "price_wrong", &rent).await;
        assert_eq!(node(&step), "missing", "{step}");
        assert!(text(&step).contains("from BDT to INR"), "{step}");
        // A person is told what is missing.
        let step = answers(&asha, &session, "tell").await;
        assert_eq!(step["node"]["kind"], "escalation");
        let carried = hands_over(&asha, &session).await;
        assert_eq!((&carried["facts"]["currency"], &carried["facts"]["home"]), (&json!("BDT"), &json!("INR")));
        assert_eq!(carried["object"], json!(rent));

        let (session, step) = begin(&asha, "rates", "").await;
        assert_eq!((&step["tree"], node(&step)), (&json!("price_wrong"), "total_missing"), "{step}");
        assert!(text(&step).contains("₹499"), "{step}");
        let step = answers(&asha, &session, "set").await;
        assert_eq!(step["node"]["link"], "/rates");
        put(&asha, "BDT/INR", json!({"rate": "0.80", "since": "2026-05-01"})).await.expect(200);
        let (_, step) = begin_with(&asha, "price_wrong", &rent).await;
        assert_eq!(node(&step), "own", "{step}");
        assert!(text(&step).contains("₹800") && text(&step).contains("0.8 "), "{step}");
        let (_, step) = begin_with(&asha, "price_wrong", &netflix).await;
        assert_eq!(node(&step), "home", "{step}");
        assert!(text(&step).contains("₹5,988"), "{step}");

        let bela = app.member("bela").await;
        let (_, step) = begin_with(&bela, "price_wrong", &rent).await;
        assert_eq!(node(&step), "total_home", "nothing of it is hers: {step}");
        app.finish().await;
    }

    async fn a_price_by_the_banks_rates_says_of_which_day_they_are_and_when_they_are_old(setup: Setup) {
        let setup = with_a_bank(&setup);
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let chat = asha.create(&in_currency("ChatGPT", "20.00", "USD")).await.id;
        eventually("the rates to be there", async || {
            let rates = asha.get("/v1/rates").await.expect(200).value();
            (rates["reference"]["on"] == "2026-05-04").then_some(())
        })
        .await;
        let (_, step) = begin_with(&asha, "price_wrong", &chat).await;
        assert_eq!(node(&step), "converted", "{step}");
        assert!(text(&step).contains("₹1,760") && text(&step).contains("4 May"), "{step}");
        let (_, step) = begin_with(&asha, "price_wrong", "").await;
        assert_eq!(node(&step), "total_converted", "{step}");
        app.stop().await;

        // Two weeks without anything new.
        let app = setup.start_at("2026-05-18T06:30:00Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        let (session, step) = begin_with(&asha, "price_wrong", &chat).await;
        assert_eq!(node(&step), "old", "{step}");
        assert!(text(&step).contains("4 May") && text(&step).contains("14"), "{step}");
        answers(&asha, &session, "tell").await;
        let carried = hands_over(&asha, &session).await;
        assert_eq!(carried["facts"]["age"], "14");
        app.finish().await;
    }

    async fn a_yearly_price_that_was_entered_as_monthly_is_put_right(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let made = asha.create(&with(monthly("Netflix"), "first_charge_on", json!("2026-05-05"))).await;
        let (session, step) = begin_with(&asha, "monthly_or_yearly", &made.id).await;
        assert_eq!(node(&step), "monthly", "{step}");
        assert!(text(&step).contains("₹5,988"), "{step}");
        let step = answers(&asha, &session, "year").await;
        assert_eq!(node(&step), "made", "{step}");
        assert!(text(&step).contains("every year") && text(&step).contains("₹41.58"), "{step}");
        let now = asha.subscription(&made.id).await;
        assert_eq!(now.next_charge_on.as_deref(), Some("2027-05-05"));
        assert_eq!(asha.payments(&made.id).await.len(), 1, "what was paid stays");
        // And back.
        let (session, step) = begin_with(&asha, "monthly_or_yearly", &made.id).await;
        assert_eq!(node(&step), "yearly", "{step}");
        assert_eq!(node(&answers(&asha, &session, "month").await), "made");
        assert_eq!(asha.subscription(&made.id).await.next_charge_on.as_deref(), Some("2026-06-05"));

        let bela = app.member("bela").await;
        assert_eq!(node(&begin_with(&bela, "monthly_or_yearly", &made.id).await.1), "which");
        app.finish().await;
    }
}
