//! What people are told, and what they do with it.

use axum::http::{Method, StatusCode};
use contracts::{
    subscriptions::BudgetPassed,
    users::{Household, HouseholdChanged},
};
use jiff::civil::date;
use kernel::{Currency, Money};
use platform::both_databases;
use serde_json::{Value, json};

use super::{Stage, due, id};
use crate::MIGRATIONS;

fn states(deliveries: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let states = deliveries.as_array().unwrap().iter();
    states.map(|each| (text(&each["state"]), text(&each["reason"]))).collect()
}

both_databases! { MIGRATIONS,
    async fn a_reminder_is_told_once_however_often_it_is_heard(database: Database) {
        let stage = Stage::set(database);
        let event = stage.event(&due(1));
        for _ in 0..3 {
            stage.hears(&event).await;
        }
        // The same reminder by another event: somebody replayed it.
        stage.reminds(1).await;
        assert_eq!(stage.titles(1, "all").await, ["Netflix renews in 3 days"]);
        stage.reminds(2).await;
        let page = stage.get(1, "/v1/notifications?show=unread").await;
        assert_eq!((page["data"].as_array().unwrap().len(), &page["unread"]), (2, &json!(2)));
        let first = &page["data"][0];
        assert_eq!(first["body"], "₹499.00 will be charged on 5 Jun 2026.");
        assert_eq!(first["path"], format!("/subscriptions/{}", first["subscription_id"].as_str().unwrap()));
        let detail = stage.get(1, &format!("/v1/notifications/{}", first["id"].as_str().unwrap())).await;
        assert_eq!(states(&detail["deliveries"]), [("sent".into(), String::new())]);
        assert_eq!(detail["deliveries"][0]["channel_kind"], "inbox");
        for path in [format!("/v1/notifications/{}", first["id"].as_str().unwrap()),
                     format!("/v1/deliveries/{}", detail["deliveries"][0]["id"].as_str().unwrap())] {
            let (status, _) = stage.api(2, Method::GET, &path, None).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "somebody else's {path}");
        }
        assert!(stage.titles(2, "all").await.is_empty());
        assert_eq!(stage.get(2, "/v1/deliveries").await["data"], json!([]));
    }

    async fn what_is_read_done_or_asleep_is_where_one_looks_for_it(database: Database) {
        let stage = Stage::set(database);
        for reminder in 1..=3 {
            stage.reminds(reminder).await;
        }
        let all = stage.get(1, "/v1/notifications").await;
        let id_of = |at: usize| all["data"][at]["id"].as_str().unwrap().to_owned();
        stage.post(1, "/v1/notifications/read", Some(&json!({ "ids": [id_of(0)] }))).await;
        // Somebody else's word changes nothing.
        stage.post(2, "/v1/notifications/read", Some(&json!({}))).await;
        assert_eq!(stage.get(1, "/v1/notifications").await["unread"], 2);
        let done = stage.post(1, &format!("/v1/notifications/{}/done", id_of(1)), None).await;
        assert!(done["done_at"].is_string() && done["read_at"].is_string());
        let snooze = format!("/v1/notifications/{}/snooze", id_of(2));
        for (until, pointer) in [("2026-06-02T06:30:00Z", "/until"), ("2027-07-02T06:30:00Z", "/until")] {
            let (status, problem) = stage.api(1, Method::POST, &snooze, Some(&json!({ "until": until }))).await;
            assert_eq!((status.as_u16(), &problem["errors"][0]["pointer"]), (422, &json!(pointer)));
        }
        let asleep = stage.post(1, &snooze, Some(&json!({ "until": "2026-06-03T06:30:00Z" }))).await;
        assert_eq!(asleep["snoozed_until"], "2026-06-03T06:30:00Z");
        stage.works().await;
        for (show, count) in [("all", 1), ("unread", 0), ("snoozed", 1), ("done", 1)] {
            assert_eq!(stage.titles(1, show).await.len(), count, "{show}");
        }
        stage.clock.set("2026-06-03T06:30:00Z");
        stage.works().await;
        stage.works().await;
        // It is at the top again, unread, and speaks of the day it is now.
        let page = stage.get(1, "/v1/notifications").await;
        assert_eq!(page["data"][0]["id"], id_of(2));
        assert_eq!((&page["data"][0]["title"], &page["unread"]), (&json!("Netflix renews in 2 days"), &json!(1)));
        let detail = stage.get(1, &format!("/v1/notifications/{}", id_of(2))).await;
        assert_eq!(detail["deliveries"].as_array().unwrap().len(), 2, "{detail}");
        let (_, back) = stage.api(1, Method::DELETE, &format!("/v1/notifications/{}/done", id_of(1)), None).await;
        assert_eq!(back["done_at"], Value::Null);
        stage.post(1, "/v1/notifications/read", Some(&json!({}))).await;
        assert_eq!(stage.get(1, "/v1/notifications").await["unread"], 0);
        let (status, _) = stage.api(2, Method::POST, &format!("/v1/notifications/{}/done", id_of(0)), None).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }

    async fn done_while_asleep_wakes_no_more(database: Database) {
        let stage = Stage::set(database);
        stage.reminds(1).await;
        let page = stage.get(1, "/v1/notifications").await;
        let path = format!("/v1/notifications/{}", page["data"][0]["id"].as_str().unwrap());
        stage.post(1, &format!("{path}/snooze"), Some(&json!({ "until": "2026-06-03T06:30:00Z" }))).await;
        stage.post(1, &format!("{path}/done"), None).await;
        stage.clock.set("2026-06-04T06:30:00Z");
        stage.works().await;
        assert!(stage.titles(1, "all").await.is_empty());
        let detail = stage.get(1, &path).await;
        assert_eq!(states(&detail["deliveries"])[1], ("cancelled".into(), "you were done with it".into()));
    }

    async fn what_was_turned_off_is_not_shown_and_its_log_says_why(database: Database) {
        let stage = Stage::set(database);
        let chosen = stage.get(1, "/v1/notification-preferences").await;
        assert_eq!(chosen["kinds"]["renewal_near"], json!({ "inbox": true }));
        let wish = json!({ "kinds": { "renewal_near": { "inbox": false } } });
        let (status, _) = stage.api(1, Method::PUT, "/v1/notification-preferences", Some(&wish)).await;
        assert_eq!(status, StatusCode::OK);
        stage.reminds(1).await;
        assert!(stage.titles(1, "all").await.is_empty());
        let log = stage.get(1, "/v1/deliveries").await;
        assert_eq!(states(&log["data"]), [("cancelled".into(), "you turned this kind off for this channel".into())]);
        let subscription = id::<kernel::kinds::Subscription>(7).to_string();
        let wish = json!({ "muted_subscriptions": [subscription] });
        let (status, _) = stage.api(1, Method::PUT, "/v1/notification-preferences", Some(&wish)).await;
        assert_eq!(status, StatusCode::OK);
        stage.reminds(2).await;
        let log = stage.get(1, "/v1/deliveries?state=cancelled&limit=1").await;
        assert_eq!(states(&log["data"]), [("cancelled".into(), "you turned this subscription off".into())]);
        assert!(stage.titles(1, "all").await.is_empty());
    }

    async fn wrong_wishes_are_named(database: Database) {
        let stage = Stage::set(database);
        let stranger = id::<kernel::kinds::Channel>(5).to_string();
        for (wish, pointer) in [
            (json!({ "kinds": { "renewal_near": { (stranger.clone()): false } } }), format!("/kinds/renewal_near/{stranger}")),
            (json!({ "kinds": { "channel_broken": { "inbox": false } } }), "/kinds/channel_broken/inbox".into()),
            (json!({ "quiet_hours": { "from": "22:00", "to": "22:00" } }), "/quiet_hours/to".into()),
            (json!({ "quiet_hours": { "from": "24:00", "to": "07:00" } }), "/quiet_hours/from".into()),
            (json!({ "digest": { "on": "someday", "at": "18:00" } }), "/digest/on".into()),
            (json!({ "digest": { "at": "6pm" } }), "/digest/at".into()),
        ] {
            let (status, problem) = stage.api(1, Method::PUT, "/v1/notification-preferences", Some(&wish)).await;
            assert_eq!((status.as_u16(), problem["errors"][0]["pointer"].as_str()), (422, Some(pointer.as_str())), "{wish}");
        }
    }

    async fn a_budget_is_told_to_everybody_who_lives_there_and_looks(database: Database) {
        let stage = Stage::set(database);
        let inr = |minor| Money::from_minor(minor, Currency::INR);
        let passed = BudgetPassed {
            budget: id(5),
            from: date(2026, 6, 1),
            to: date(2026, 6, 30),
            limit: inr(100_000),
            spent: inr(120_000),
            recipient: None,
        };
        stage.hears(&stage.event(&passed)).await;
        for who in [1, 2] {
            assert_eq!(stage.titles(who, "all").await, ["A budget is passed"]);
        }
        assert!(stage.titles(4, "all").await.is_empty(), "they moved out");
        for whose in [2, 4] {
            stage.hears(&stage.event(&BudgetPassed { recipient: Some(id(whose)), ..passed.clone() })).await;
        }
        let told = async |who| stage.titles(who, "all").await.len();
        assert_eq!((told(1).await, told(2).await, told(4).await), (1, 2, 0), "it is one member's own");
    }

    async fn whoever_moves_reads_in_their_new_language_at_once(database: Database) {
        let stage = Stage::set(database);
        stage.reminds(1).await;
        let moved = |locale: &str, version| HouseholdChanged {
            household: id(1),
            settings: Household {
                time_zone: "Europe/Berlin".parse().unwrap(),
                currency: Currency::INR,
                locale: locale.parse().unwrap(),
                reminders: contracts::users::Reminders::default(),
            },
            version,
        };
        stage.hears(&stage.event(&moved("de-DE", 3))).await;
        // News from before comes late.
        stage.hears(&stage.event(&moved("en-IN", 2))).await;
        assert_eq!(stage.titles(1, "all").await, ["Netflix verlängert sich in 3 Tagen"]);
    }

    async fn whoever_watches_misses_nothing_and_hears_nothing_twice(database: Database) {
        let stage = Stage::set(database);
        stage.reminds(1).await;
        let user = id(1);
        let start = stage.herald.here(user).await.unwrap();
        assert_eq!(stage.herald.changes(user, start).await.unwrap().0.len(), 0);
        // More than one look takes, some of them changed together.
        for reminder in 2..=130 {
            stage.reminds(reminder).await;
        }
        stage.herald.read(&crate::tests::actor(1), None).await.unwrap();
        let (mut place, mut seen) = (start, Vec::new());
        loop {
            let (found, next) = stage.herald.changes(user, place).await.unwrap();
            if found.is_empty() {
                break;
            }
            // The connection breaks after the third of them: the place of that one is enough to go on.
            let heard = if seen.len() < 6 { &found[..3] } else { &found[..] };
            seen.extend(heard.iter().map(|told| told.id));
            place = if heard.len() < found.len() {
                crate::service::Place::of(heard.last().unwrap()).to_string().parse().unwrap()
            } else {
                next
            };
        }
        assert_eq!(seen.len(), 130);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 130, "nothing twice");
    }
}
