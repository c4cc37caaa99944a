//! The life of a subscription.

use e2e::{Answer, Client, Subscription, on_both};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{at_once, monthly, with};

async fn act(client: &Client, id: &str, act: &str) -> Answer {
    client.act(&format!("/v1/subscriptions/{id}/{act}")).await
}

on_both! {
    async fn it_is_created_with_what_is_enough(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let answer = asha.post("/v1/subscriptions", &monthly("Netflix")).await.expect(201);
        let made: Subscription = answer.json();
        assert_eq!(answer.header("location"), format!("/v1/subscriptions/{}", made.id));
        assert!(made.id.starts_with("sub_"), "{}", made.id);
        assert_eq!((made.status.as_str(), made.auto_renew), ("active", true));
        assert_eq!((made.first_charge_on.as_str(), made.next_charge_on.as_deref()), ("2026-05-05", Some("2026-06-05")));
        assert_eq!(asha.subscription(&made.id).await, made);
        assert_eq!(asha.due_dates(&made.id).await, ["2026-05-05"]);
        app.finish().await;
    }

    async fn past_charges_are_assumed_unless_declined(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let since = with(monthly("Netflix"), "first_charge_on", json!("2026-02-28"));
        let id = asha.create(&since).await.id;
        assert_eq!(asha.due_dates(&id).await, ["2026-02-28", "2026-03-28", "2026-04-28"]);
        assert!(asha.payments(&id).await.iter().all(|payment| payment.source == "assumed"));
        let declined = with(with(monthly("Hulu"), "first_charge_on", json!("2026-02-28")), "backfill", json!(false));
        let declined = asha.create(&declined).await;
        assert!(asha.due_dates(&declined.id).await.is_empty());
        assert_eq!(declined.next_charge_on.as_deref(), Some("2026-05-28"));
        app.finish().await;
    }

    async fn it_goes_through_the_picture_of_its_life_and_no_other_way(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let id = asha.create(&monthly("Netflix")).await.id;
        for (verb, status, then) in [
            ("resume", 409, "active"),
            ("reactivate", 409, "active"),
            ("pause", 200, "paused"),
            ("pause", 409, "paused"),
            ("resume", 200, "active"),
            ("cancel", 200, "cancelled"),
            ("cancel", 409, "cancelled"),
            ("pause", 409, "cancelled"),
            ("reactivate", 200, "active"),
            ("pause", 200, "paused"),
            ("cancel", 200, "cancelled"),
        ] {
            let answer = act(&asha, &id, verb).await.expect(status);
            if status == 409 {
                answer.problem(409);
            } else {
                assert_eq!(answer.value()["status"], then, "{verb}");
            }
            assert_eq!(asha.subscription(&id).await.status, then, "{verb}");
        }
        assert_eq!(asha.due_dates(&id).await, ["2026-05-05"]);
        app.finish().await;
    }

    async fn a_cancelled_one_may_be_used_until_what_is_paid_is_over(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let id = asha.create(&monthly("Netflix")).await.id;
        act(&asha, &id, "cancel").await.expect(200);
        let cancelled = asha.subscription(&id).await;
        assert_eq!((cancelled.ends_on.as_deref(), cancelled.next_charge_on), (Some("2026-06-05"), None));
        act(&asha, &id, "reactivate").await.expect(200);
        let back = asha.subscription(&id).await;
        assert_eq!((back.ends_on, back.next_charge_on.as_deref()), (None, Some("2026-06-05")));
        app.finish().await;
    }

    async fn a_deleted_one_is_gone_with_its_payments(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let id = asha.create(&monthly("Netflix")).await.id;
        let path = format!("/v1/subscriptions/{id}");
        asha.delete(&path).await.expect(204);
        asha.get(&path).await.problem(404);
        asha.get(&format!("{path}/payments")).await.problem(404);
        asha.delete(&path).await.problem(404);
        assert!(asha.subscriptions().await.is_empty());
        app.finish().await;
    }

    async fn a_change_touches_what_it_names_and_nothing_else(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let before = asha.create(&with(monthly("Netflix"), "notes", json!("ours"))).await;
        let path = format!("/v1/subscriptions/{}", before.id);
        let after: Subscription = asha.patch(&path, &json!({"name": "Netflix HD"})).await.expect(200).json();
        assert_eq!(after, Subscription { name: "Netflix HD".into(), updated_at: after.updated_at.clone(), ..before });
        let price = json!({"amount": "649.00", "currency": "INR"});
        let dearer: Subscription = asha.patch(&path, &json!({"price": price})).await.expect(200).json();
        assert_eq!((dearer.price.amount.as_str(), dearer.name), ("649.00", after.name));
        let same: Subscription = asha.patch(&path, &json!({})).await.expect(200).json();
        assert_eq!(same.price, dearer.price);
        app.finish().await;
    }

    async fn a_change_to_what_has_changed_since_is_refused(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let id = asha.create(&monthly("Netflix")).await.id;
        let path = format!("/v1/subscriptions/{id}");
        let seen = asha.get(&path).await.expect(200).header("etag").to_owned();
        assert!(seen.starts_with('"'), "{seen}");
        let based_on = async |method: Method, tag: &str, body: Option<Value>| {
            let mut request = asha.request(method, &path).header("If-Match", tag);
            if let Some(body) = body {
                request = request.json(&body);
            }
            Answer::of(request).await.unwrap()
        };

        let changed = based_on(Method::PATCH, &seen, Some(json!({"name": "One"}))).await.expect(200);
        assert_ne!(changed.header("etag"), seen);
        based_on(Method::PATCH, &seen, Some(json!({"name": "Two"}))).await.problem(412);
        based_on(Method::DELETE, &seen, None).await.problem(412);
        assert_eq!(asha.subscription(&id).await.name, "One");
        let now = asha.get(&path).await.expect(200).header("etag").to_owned();
        assert_eq!(changed.header("etag"), now);
        based_on(Method::DELETE, &now, None).await.expect(204);
        app.finish().await;
    }

    async fn what_one_has_already_is_not_sent_again(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let path = format!("/v1/subscriptions/{}", asha.create(&monthly("Netflix")).await.id);
        let tag = asha.get(&path).await.expect(200).header("etag").to_owned();
        let ask = async || {
            let request = asha.request(Method::GET, &path).header("If-None-Match", &tag);
            Answer::of(request).await.unwrap()
        };
        let known = ask().await.expect(304);
        assert!(known.text().is_empty() && known.header("etag") == tag);
        asha.patch(&path, &json!({"name": "Another"})).await.expect(200);
        let _ = ask().await.expect(200);
        app.finish().await;
    }

    async fn of_many_who_cancel_at_once_one_does(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let id = asha.create(&monthly("Netflix")).await.id;
        let asked = (0..8).map(|_| {
            let (asha, id) = (asha.clone(), id.clone());
            async move { act(&asha, &id, "cancel").await }
        });
        let statuses = at_once(asked).await;
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
        app.finish().await;
    }
}
