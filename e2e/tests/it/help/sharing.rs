//! Who sees something, pays it and shares it.

use e2e::on_both;
use serde_json::json;

use super::{answers, begin, begin_with, node, text};
use crate::{
    households::{join, me},
    monthly,
};

on_both! {
    async fn what_is_private_is_shown_to_the_household_and_parts_are_told(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let (asha, bela) = (app.member("asha").await, app.member("bela").await);
        let netflix = asha.create(&monthly("Netflix")).await.id;
        assert_eq!(node(&begin_with(&asha, "sharing", &netflix).await.1), "alone");
        let guest = join(&asha, &bela, "editor").await;
        let path = format!("/v1/subscriptions/{netflix}");
        asha.patch(&path, &json!({"private": true})).await.expect(200);

        // The other does not see it, and is told how to find out why.
        let (session, step) = begin_with(&guest, "sharing", &netflix).await;
        assert_eq!(node(&step), "general", "{step}");
        assert!(!step.to_string().contains("Netflix"), "{step}");
        assert_eq!(node(&answers(&guest, &session, "unseen").await), "unseen");
        guest.get(&path).await.problem(404);

        let (session, step) = begin_with(&asha, "sharing", &netflix).await;
        assert_eq!(node(&step), "private", "{step}");
        assert_eq!(node(&answers(&asha, &session, "show").await), "shown");
        guest.get(&path).await.expect(200);
        let (_, step) = begin_with(&guest, "sharing", &netflix).await;
        assert_eq!(node(&step), "purse", "{step}");
        assert!(text(&step).contains("₹249.50"), "{step}");

        // One of them pays, and the other bears a third.
        let (one, other) = (me(&asha).await["member_id"].clone(), me(&guest).await["member_id"].clone());
        let shares = json!([{"member_id": one, "weight": 2}, {"member_id": other, "weight": 1}]);
        asha.patch(&path, &json!({"payer_id": one, "shares": shares})).await.expect(200);
        let (session, step) = begin_with(&guest, "sharing", &netflix).await;
        assert_eq!(node(&step), "shared", "{step}");
        assert!(text(&step).contains("₹166.33"), "{step}");
        assert_eq!(answers(&guest, &session, "owed").await["node"]["link"], "/balances");
        assert_eq!(begin(&guest, "household", "").await.1["tree"], "sharing");
        app.finish().await;
    }
}
