//! Words that were read wrongly.

use e2e::{Client, on_both};
use serde_json::json;

use super::{answers, begin_with, hands_over, node, text};
use crate::monthly;

/// Says something of which nothing is made.
async fn says(client: &Client, words: &str) {
    client.post("/v1/messages", &json!({"text": words})).await.expect(200);
}

on_both! {
    async fn how_words_were_read_is_shown_and_handed_over_with_them(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        assert_eq!(node(&begin_with(&asha, "reading_wrong", "").await.1), "nothing");
        asha.say("Spotify \u{20b9}119 monthly").await;
        let spotify = asha.subscriptions().await[0].id.clone();
        let (session, step) = begin_with(&asha, "reading_wrong", &spotify).await;
        assert_eq!(node(&step), "made", "{step}");
        assert!(text(&step).contains("Spotify \u{20b9}119 monthly") && text(&step).contains("every month"), "{step}");
        let step = answers(&asha, &session, "part").await;
        assert_eq!(step["node"]["link"], format!("/subscriptions/{spotify}/edit"));

        // What was not sure enough was asked about.
        says(&asha, "Netflix monthly").await;
        let (session, step) = begin_with(&asha, "reading_wrong", "").await;
        assert_eq!(node(&step), "asked", "{step}");
        assert!(text(&step).contains("How much is it?"), "{step}");
        answers(&asha, &session, "tell").await;
        let carried = hands_over(&asha, &session).await;
        assert_eq!(carried["facts"]["words"], "Netflix monthly");

        // Of what is refused only the reason is kept.
        says(&asha, "Your OTP is 123456. Do not share it with anyone.").await;
        let (session, step) = begin_with(&asha, "reading_wrong", "").await;
        assert_eq!(node(&step), "refused", "{step}");
        answers(&asha, &session, "tell").await;
        let carried = hands_over(&asha, &session).await;
        assert!(!carried.to_string().contains("123456"), "{carried}");

        // What a form brought has no words, and nobody else's words are looked at.
        let gym = asha.create(&monthly("Gym")).await.id;
        assert_eq!(node(&begin_with(&asha, "reading_wrong", &gym).await.1), "nothing");
        let bela = app.member("bela").await;
        for object in ["", &spotify] {
            let (_, step) = begin_with(&bela, "reading_wrong", object).await;
            assert_eq!(node(&step), "nothing", "{step}");
        }
        asha.act(&format!("/v1/subscriptions/{spotify}/pause")).await.expect(200);
        says(&asha, "resumed Spotify").await;
        let (_, step) = begin_with(&asha, "reading_wrong", "").await;
        assert_eq!((node(&step), asha.subscription(&spotify).await.status), ("acted", "active".into()), "{step}");
        assert!(json!(text(&step)).to_string().contains("Spotify"));
        app.finish().await;
    }
}
