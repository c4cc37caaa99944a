//! What is somebody else's does not exist.

use e2e::{Answer, on_both};
use reqwest::Method;
use serde_json::json;

use crate::monthly;

on_both! {
    async fn somebody_elses_subscription_is_a_404_for_every_method(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let eve = app.member("eve").await;
        let hers = asha.create(&monthly("Netflix")).await;
        let path = format!("/v1/subscriptions/{}", hers.id);

        eve.get(&path).await.problem(404);
        eve.patch(&path, &json!({"name": "Mine"})).await.problem(404);
        eve.delete(&path).await.problem(404);
        eve.get(&format!("{path}/payments")).await.problem(404);
        for act in ["pause", "resume", "cancel", "reactivate"] {
            eve.act(&format!("{path}/{act}")).await.problem(404);
        }
        assert!(eve.subscriptions().await.is_empty());
        assert!(!eve.get("/v1/dashboard").await.expect(200).text().contains("Netflix"));
        assert_eq!(asha.subscription(&hers.id).await, hers);
        app.finish().await;
    }

    async fn what_is_not_there_and_what_is_not_ones_own_cannot_be_told_apart(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let eve = app.member("eve").await;
        let hers = asha.create(&monthly("Netflix")).await.id;
        let nobodys = "sub_01970000000070008000000000000000";
        let mut told = Vec::new();
        for id in [hers.as_str(), nobodys] {
            let request = eve.request(Method::GET, &format!("/v1/subscriptions/{id}"));
            let problem = Answer::of(request).await.unwrap().problem(404);
            told.push((problem.kind, problem.title, problem.detail));
        }
        assert_eq!(told[0], told[1]);
        app.finish().await;
    }

    async fn somebody_elses_words_change_nothing_of_mine(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let eve = app.member("eve").await;
        let hers = asha.say("Netflix ₹499 monthly").await.readings[0].subscription_id.clone().unwrap();
        let said = eve.post("/v1/messages", &json!({"text": "cancel Netflix"})).await;
        assert!(said.status() < 500, "{}", said.text());
        assert_eq!(asha.subscription(&hers).await.status, "active");
        // The same name is no duplicate in another household.
        assert_eq!(eve.say("Netflix ₹499 monthly").await.status, "applied");
        app.finish().await;
    }
}
