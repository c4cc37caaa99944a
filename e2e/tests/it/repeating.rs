//! Writes that are sent again, and answers that are asked for in part.

use e2e::{Answer, Client, on_both};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{at_once, monthly};

async fn post(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    let request = client.request(Method::POST, path).header("Idempotency-Key", key).json(body);
    Answer::of(request).await.unwrap()
}

on_both! {
    async fn a_write_that_is_sent_again_is_done_once(setup: Setup) {
        let app = setup.start().await;
        let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
        let netflix = monthly("Netflix");
        let first = post(&asha, "/v1/subscriptions", "8e03978e", &netflix).await.expect(201);
        let again = post(&asha, "/v1/subscriptions", "8e03978e", &netflix).await.expect(201);
        assert_eq!(again.value(), first.value());
        for name in ["location", "etag", "content-type"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
        assert_eq!((first.has("idempotency-replayed"), again.header("idempotency-replayed")), (false, "true"));
        assert_eq!(asha.subscriptions().await.len(), 1);
        let other = post(&asha, "/v1/subscriptions", "8e03978e", &monthly("Spotify")).await.problem(422);
        assert_eq!(other.pointers(), ["Idempotency-Key"]);
        post(&asha, "/v1/subscriptions", "no good", &netflix).await.problem(422);
        // Keys are a person's own, and say nothing of who uses which.
        assert!(!post(&ravi, "/v1/subscriptions", "8e03978e", &netflix).await.expect(201).has("idempotency-replayed"));
        // What was refused stays refused.
        let nameless = json!({"name": ""});
        let refused = post(&asha, "/v1/tags", "empty", &nameless).await.expect(422).value();
        assert_eq!(post(&asha, "/v1/tags", "empty", &nameless).await.expect(422).value(), refused);
        // A secret that is shown once is shown to whoever did not hear it.
        let key = json!({"name": "Home", "scope": "read"});
        let made = post(&asha, "/v1/api-keys", "key", &key).await.expect(201).value();
        assert_eq!(post(&asha, "/v1/api-keys", "key", &key).await.expect(201).value(), made);
        assert_eq!(asha.get("/v1/api-keys").await.expect(200).value()["data"].as_array().unwrap().len(), 1);
        app.stop().await;

        let app = setup.start().await;
        let asha = app.visitor().log_in("asha@example.org").await;
        let later = post(&asha, "/v1/subscriptions", "8e03978e", &netflix).await.expect(201);
        assert_eq!(later.header("idempotency-replayed"), "true", "also by another process");
        let asked = (0..10).map(|_| {
            let asha = asha.clone();
            async move { post(&asha, "/v1/subscriptions", "many", &monthly("Disney+")).await }
        });
        let statuses = at_once(asked).await;
        assert!(statuses.iter().all(|status| [201, 409].contains(status)) && statuses.contains(&201), "{statuses:?}");
        assert_eq!(asha.subscriptions().await.len(), 2);
        app.finish().await;
    }

    async fn an_answer_has_the_members_that_are_asked_for(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let made = asha.create(&monthly("Netflix")).await;
        let page = asha.get("/v1/subscriptions?limit=5&fields=name,status").await.expect(200).value();
        assert_eq!(page, json!({"data": [{"name": "Netflix", "status": "active"}], "next_cursor": null}));
        let one = format!("/v1/subscriptions/{}", made.id);
        let whole = asha.get(&one).await.expect(200);
        let part = asha.get(&format!("{one}?fields=id")).await.expect(200);
        assert_eq!(part.value(), json!({"id": made.id}));
        // It is based on the same state.
        assert_eq!(part.header("etag"), whole.header("etag"));
        assert_eq!(asha.get("/v1/me?fields=currency").await.expect(200).value().as_object().unwrap().len(), 1);
        for path in ["/v1/me?fields=password", "/v1/subscriptions?fields=", "/v1/exports/csv?fields=name"] {
            let told = asha.get(path).await.problem(422);
            assert_eq!(told.pointers(), ["/fields"], "{path}");
        }
        app.visitor().get("/v1/me?fields=password").await.problem(401);
        app.finish().await;
    }
}
