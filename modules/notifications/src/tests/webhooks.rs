//! Addresses that are told of events, with a receiver that answers as it is told. On both databases.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use contracts::{
    subscriptions::{PaymentSkipped, SubscriptionPaused, SubscriptionResumed},
    users::HouseholdMemberRemoved,
};
use hmac::{Hmac, Mac};
use kernel::{Currency, Event, EventPayload, Money, UserId};
use platform::both_databases;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    Stage, due, id,
    provider::{Heard, Manners, Provider},
};
use crate::{MIGRATIONS, domain::TRIES_OF_MESSAGES};

impl Stage {
    /// Sets a webhook of the first household up; its id and its secret.
    async fn hook(&self, url: &str, events: &[&str]) -> (String, String) {
        let body = json!({ "url": url, "name": "Home", "events": events });
        let made = self.post(1, "/v1/webhooks", Some(&body)).await;
        let text = |member: &str| made[member].as_str().unwrap().to_owned();
        (text("id"), text("signing_secret"))
    }

    fn of<P: EventPayload>(&self, payload: &P, audience: Option<UserId>) -> Event {
        self.event(payload).with_audience(audience)
    }

    /// Something happens to a subscription.
    async fn pauses(&self, subscription: u128) -> Event {
        let event = self.of(&SubscriptionPaused { subscription: id(subscription) }, None);
        self.hears(&event).await;
        event
    }

    async fn told(&self, hook: &str) -> Vec<Value> {
        let page = self.get(1, &format!("/v1/webhooks/{hook}/messages?limit=100")).await;
        let mut all = page["data"].as_array().unwrap().clone();
        all.reverse();
        all
    }

    async fn state(&self, hook: &str) -> Value {
        self.get(1, &format!("/v1/webhooks/{hook}")).await
    }
}

fn states(told: &[Value]) -> Vec<&str> {
    told.iter().map(|each| each["state"].as_str().unwrap()).collect()
}

fn is_signed(heard: &Heard, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let (id, at) = (&heard.headers["webhook-id"], &heard.headers["webhook-timestamp"]);
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&heard.body);
    let right = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    heard.headers["webhook-signature"].split(' ').any(|each| each == right)
}

both_databases! { MIGRATIONS,
    async fn events_come_signed_once_and_in_their_order(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        let (hook, secret) = stage.hook(&provider.url("/hook"), &[]).await;
        let first = stage.pauses(7).await;
        stage.hears(&first).await;
        for number in 8..40 {
            stage.pauses(number).await;
        }
        stage.works().await;
        let heard = provider.heard("/hook");
        assert_eq!(heard.len(), 33);
        let one = heard[0].json();
        assert_eq!((&one["type"], &one["id"]), (&json!("subscription.paused"), &json!(first.id)));
        assert_eq!(one["schema"], "/schemas/subscription.paused/1");
        assert_eq!(one["timestamp"], "2026-06-02T06:30:00Z");
        let order: Vec<_> = heard.iter().map(|each| each.json()["data"]["subscription"].as_str().unwrap().to_owned()).collect();
        let expected: Vec<_> = (7..40).map(|number| id::<kernel::kinds::Subscription>(number).to_string()).collect();
        assert_eq!(order, expected);
        assert!(heard.iter().all(|each| is_signed(each, &secret)));
        let told = stage.told(&hook).await;
        assert!(states(&told).iter().all(|state| *state == "sent"));
        assert_eq!(heard[0].headers["webhook-id"], told[0]["id"].as_str().unwrap());
        let read = stage.get(1, &format!("/v1/webhooks/{hook}/messages/{}", told[0]["id"].as_str().unwrap())).await;
        assert_eq!((&read["body"], &read["attempts"][0]["outcome"]), (&one, &json!("accepted")));
        let attempts = stage.get(1, &format!("/v1/webhooks/{hook}/attempts?limit=30")).await;
        assert_eq!(attempts["data"].as_array().unwrap().len(), 30);
        let rest = stage.get(1, &format!("/v1/webhooks/{hook}/attempts?cursor={}", attempts["next_cursor"].as_str().unwrap())).await;
        assert_eq!((rest["data"].as_array().unwrap().len(), &rest["next_cursor"]), (3, &Value::Null));
        // The secret was told once.
        assert!(stage.state(&hook).await["signing_secret"].is_null());
        assert_eq!(stage.state(&hook).await["url"], provider.url("/hook"));
    }

    async fn nothing_overtakes_what_is_not_taken_and_no_other_address_waits_for_it(database: Database) {
        let (stage, provider) = (Stage::set_with(database, &[("notifications.timeout", "2s")]), Provider::open().await);
        let (hook, _) = stage.hook(&provider.url("/fails"), &[]).await;
        let (hung, _) = stage.hook(&provider.url("/hangs"), &[]).await;
        let (other, _) = stage.hook(&provider.url("/works"), &[]).await;
        provider.says("/fails", 500, "oh");
        provider.answers("/hangs", Manners::Hangs);
        for number in 1..5 {
            stage.pauses(number).await;
        }
        let mut tries = Value::Null;
        tokio::select! {
            () = stage.works() => {}
            () = async {
                while provider.heard("/works").len() < 4 {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                // By then the one that hangs has not even been given up once.
                tries = stage.told(&hung).await[0]["tries"].clone();
                std::future::pending::<()>().await;
            } => {}
        }
        assert_eq!(tries, 0);
        assert_eq!(provider.heard("/works").len(), 4);
        assert_eq!(states(&stage.told(&other).await), ["sent"; 4]);
        assert_eq!((provider.heard("/fails").len(), provider.heard("/hangs").len()), (1, 1), "the first alone is tried");
        let now = stage.state(&hook).await;
        assert_eq!((&now["state"], &now["failures"]), (&json!("on"), &json!(1)));
        let rests: jiff::Timestamp = now["rests_until"].as_str().unwrap().parse().unwrap();
        assert!(rests >= "2026-06-02T06:30:05Z".parse().unwrap(), "{rests}");
        assert_eq!(stage.told(&hung).await[0]["reason"], "did not answer within 2 seconds");
        // What comes meanwhile wakes nobody.
        stage.pauses(5).await;
        stage.works().await;
        assert_eq!(provider.heard("/fails").len(), 1);
        provider.says("/fails", 200, "thanks");
        stage.clock.advance(Duration::from_secs(6));
        stage.works().await;
        let heard = provider.heard("/fails");
        let order: Vec<_> = heard.iter().map(|each| each.json()["data"]["subscription"].clone()).collect();
        let expected: Vec<_> = [1, 1, 2, 3, 4, 5].map(|number| json!(id::<kernel::kinds::Subscription>(number))).into();
        assert_eq!(order, expected);
        assert_eq!(heard[0].headers["webhook-id"], heard[1].headers["webhook-id"], "the same at every try");
        assert_eq!(stage.state(&hook).await["failures"], 0);
    }

    async fn after_three_days_it_is_turned_off_told_of_and_can_be_sent_what_it_missed(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        let (hook, _) = stage.hook(&provider.url("/hook"), &[]).await;
        provider.says("/hook", 503, "away");
        stage.pauses(1).await;
        stage.pauses(2).await;
        let began = kernel::Clock::now(&*stage.clock);
        let mut last = 0;
        for hour in 0..24 * 5 {
            stage.works().await;
            let heard = provider.heard("/hook").len();
            if heard > last {
                last = heard;
                if stage.state(&hook).await["state"] == "broken" {
                    assert!((60..24 * 4).contains(&hour), "{hour}");
                    break;
                }
            }
            stage.clock.advance(Duration::from_secs(3600));
        }
        let lasted = kernel::Clock::now(&*stage.clock).duration_since(began).as_hours();
        assert!((72..24 * 4).contains(&lasted), "{lasted} hours");
        assert_eq!(i64::try_from(last), Ok(TRIES_OF_MESSAGES));
        let now = stage.state(&hook).await;
        assert_eq!((&now["state"], &now["reason"]), (&json!("broken"), &json!("503: away")));
        assert_eq!(states(&stage.told(&hook).await), ["failed", "cancelled"]);
        let titles = stage.titles(1, "all").await;
        assert_eq!(titles.iter().filter(|title| *title == "Home is told of events no more").count(), 1, "{titles:?}");

        // What happens meanwhile is written down, and sent when it is mended.
        stage.pauses(3).await;
        stage.works().await;
        let path = format!("/v1/webhooks/{hook}");
        assert_eq!(stage.api(1, Method::POST, &format!("{path}/resend"), None).await.0, StatusCode::CONFLICT);
        assert_eq!(stage.api(1, Method::POST, &format!("{path}/test"), None).await.0, StatusCode::CONFLICT);
        provider.says("/hook", 200, "");
        let (_, on) = stage.api(1, Method::PATCH, &path, Some(&json!({ "state": "on" }))).await;
        assert_eq!((&on["state"], &on["reason"]), (&json!("on"), &Value::Null));
        stage.works().await;
        assert_eq!(provider.heard("/hook").len(), last, "nothing is sent unasked");
        stage.post(1, &format!("{path}/resend"), None).await;
        stage.works().await;
        let order: Vec<_> = provider.heard("/hook")[last..].iter().map(|each| each.json()["data"]["subscription"].clone()).collect();
        let expected: Vec<_> = [1, 2, 3].map(|number| json!(id::<kernel::kinds::Subscription>(number))).into();
        assert_eq!(order, expected);
        assert_eq!(states(&stage.told(&hook).await), ["sent"; 3]);
        // One more time, by the same id.
        let message = stage.told(&hook).await[1]["id"].as_str().unwrap().to_owned();
        stage.post(1, &format!("{path}/messages/{message}/resend"), None).await;
        assert_eq!(stage.api(1, Method::POST, &format!("{path}/messages/{message}/resend"), None).await.0, StatusCode::CONFLICT);
        stage.works().await;
        assert_eq!(provider.heard("/hook").last().unwrap().headers["webhook-id"], message);
        let read = stage.get(1, &format!("{path}/messages/{message}")).await;
        assert_eq!((&read["tries"], read["attempts"].as_array().unwrap().len()), (&json!(2), 2));
        // It is forgotten in the end.
        stage.clock.advance(Duration::from_secs(31 * 86_400));
        stage.works().await;
        assert!(stage.told(&hook).await.is_empty());
        assert_eq!(stage.get(1, &format!("{path}/attempts")).await["data"], json!([]));
    }

    async fn one_that_is_gone_is_turned_off_at_once(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        let (hook, _) = stage.hook(&provider.url("/hook"), &[]).await;
        provider.says("/hook", 410, "");
        stage.pauses(1).await;
        stage.pauses(2).await;
        stage.works().await;
        assert_eq!((provider.heard("/hook").len(), &stage.state(&hook).await["state"]), (1, &json!("broken")));
    }

    async fn two_secrets_hold_for_a_day_and_then_the_new_one_alone(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        let (hook, before) = stage.hook(&provider.url("/hook"), &[]).await;
        let rotated = stage.post(1, &format!("/v1/webhooks/{hook}/rotate-secret"), None).await;
        let after = rotated["signing_secret"].as_str().unwrap().to_owned();
        assert_ne!(before, after);
        assert_eq!(rotated["previous_until"], "2026-06-03T06:30:00Z");
        stage.pauses(1).await;
        stage.works().await;
        stage.clock.advance(Duration::from_secs(24 * 3600));
        stage.pauses(2).await;
        stage.works().await;
        let heard = provider.heard("/hook");
        assert!(is_signed(&heard[0], &before) && is_signed(&heard[0], &after));
        assert!(!is_signed(&heard[1], &before) && is_signed(&heard[1], &after));
    }

    async fn it_is_told_of_what_was_chosen_and_of_nothing_that_is_somebody_elses_alone(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        stage.hook(&provider.url("/all"), &[]).await;
        stage.hook(&provider.url("/few"), &["payment.skipped"]).await;
        let skipped = PaymentSkipped {
            payment: id(3),
            subscription: id(7),
            due_on: jiff::civil::date(2026, 6, 5),
            amount: Money::from_minor(49_900, Currency::INR),
        };
        stage.hears(&stage.of(&skipped, None)).await;
        stage.hears(&stage.of(&SubscriptionPaused { subscription: id(8) }, Some(id(1)))).await;
        stage.hears(&stage.of(&SubscriptionResumed { subscription: id(9), next_charge_on: None }, Some(id(2)))).await;
        stage.hears(&stage.of(&due(1), Some(id(1)))).await;
        let mut theirs = due(2);
        theirs.recipient = id(2);
        stage.hears(&stage.of(&theirs, Some(id(2)))).await;
        // Of another household.
        stage.hears(&stage.of(&SubscriptionPaused { subscription: id(10) }, None).with_household(id(5))).await;
        stage.works().await;
        let kinds = |path: &str| -> Vec<Value> { provider.heard(path).iter().map(|each| each.json()["type"].clone()).collect() };
        assert_eq!(kinds("/all"), ["payment.skipped", "subscription.paused", "reminder.due"]);
        assert_eq!(kinds("/few"), ["payment.skipped"]);
    }

    async fn whoever_leaves_takes_no_news_along(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        let (hook, _) = stage.hook(&provider.url("/hook"), &[]).await;
        let left = |user| HouseholdMemberRemoved { household: id(1), member: id(9), user: Some(id(user)), heir: None };
        stage.hears(&stage.of(&left(2), None)).await;
        assert_eq!(stage.state(&hook).await["state"], "on");
        stage.hears(&stage.of(&left(1), None)).await;
        stage.pauses(1).await;
        stage.works().await;
        assert_eq!(provider.heard("/hook").len(), 0);
        let now = stage.state(&hook).await;
        assert_eq!((&now["state"], &now["reason"]), (&json!("broken"), &json!("whoever set it up has left the household")));
    }

    async fn what_is_entered_is_checked_and_changed_with_what_was_seen(database: Database) {
        let (stage, provider) = (Stage::set_with(database, &[("notifications.private_addresses", "false")]), Provider::open().await);
        for (body, pointer) in [
            (json!({ "url": provider.url("/inside") }), "/url"),
            (json!({ "url": "http://169.254.169.254/latest" }), "/url"),
            (json!({ "url": "ftp://example.org/" }), "/url"),
            (json!({ "url": "https://example.org/", "events": ["payment.paid", "user.registered"] }), "/events/1"),
            (json!({ "url": "https://example.org/", "name": "x".repeat(61) }), "/name"),
            (json!({ "url": "https://example.org/", "colour": "red" }), "/colour"),
            (json!({ "name": "x" }), "/url"),
        ] {
            let (status, problem) = stage.api(1, Method::POST, "/v1/webhooks", Some(&body)).await;
            assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer)), "{body}");
        }
        let (hook, _) = stage.hook("https://example.org/hook", &["payment.paid"]).await;
        let path = format!("/v1/webhooks/{hook}");
        let change = json!({ "name": "Other", "events": [], "state": "off" });
        let (status, changed) = stage.api(1, Method::PATCH, &path, Some(&change)).await;
        assert_eq!((status, &changed["name"], &changed["events"], &changed["state"]), (StatusCode::OK, &json!("Other"), &json!([]), &json!("off")));
        assert_eq!(stage.api(1, Method::PATCH, &path, Some(&json!({ "state": "broken" }))).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        // Somebody else's is not there.
        for (method, path) in [(Method::GET, path.clone()), (Method::DELETE, path.clone()), (Method::GET, format!("{path}/messages")), (Method::POST, format!("{path}/rotate-secret"))] {
            assert_eq!(stage.api(2, method, &path, None).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(stage.api(1, Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
        assert_eq!(stage.get(1, "/v1/webhooks").await["data"], json!([]));
        for number in 0..20 {
            stage.hook(&format!("https://example.org/{number}"), &[]).await;
        }
        let one_more = json!({ "url": "https://example.org/" });
        assert_eq!(stage.api(1, Method::POST, "/v1/webhooks", Some(&one_more)).await.0, StatusCode::CONFLICT);
    }

    async fn an_address_inside_is_not_asked_whatever_its_name_leads_to(database: Database) {
        let (stage, provider) = (Stage::set_with(database, &[("notifications.private_addresses", "false")]), Provider::open().await);
        let port = provider.address.rsplit(':').next().unwrap().to_owned();
        let (hook, _) = stage.hook(&format!("http://localhost:{port}/hook"), &[]).await;
        stage.pauses(1).await;
        stage.works().await;
        assert!(provider.heard_all().is_empty());
        let said = stage.told(&hook).await[0]["reason"].as_str().unwrap().to_owned();
        assert!(said.contains("private network"), "{said}");
    }

    async fn the_pages_set_one_up_show_what_it_was_told_and_send_it_again(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        assert!(stage.page(1, "/notifications/webhooks").await.contains("No webhook yet"));
        let form = |url: &str| format!("url={}&name=%3Cb%3EHome&event.subscription.paused=true&event.payment.paid=true", url.replace('/', "%2F").replace(':', "%3A"));
        let (status, wrong) = stage.browser(1, Method::POST, "/notifications/webhooks", &form("nowhere")).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && wrong.contains("One thing needs another look"), "{wrong}");
        let (status, made) = stage.browser(1, Method::POST, "/notifications/webhooks", &form(&provider.url("/hook"))).await;
        assert!(status == StatusCode::OK && made.contains("whsec_") && !made.contains("<b>Home"), "{made}");
        let known = stage.get(1, "/v1/webhooks").await;
        let hook = known["data"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(known["data"][0]["events"], json!(["subscription.paused", "payment.paid"]));
        let path = format!("/notifications/webhooks/{hook}");
        assert_eq!(stage.browser(1, Method::POST, &format!("{path}/test"), "").await.0, StatusCode::SEE_OTHER);
        provider.says("/hook", 500, "<i>oh</i>");
        stage.works().await;
        let shown = stage.page(1, &path).await;
        assert!(shown.contains("webhook.test") && shown.contains("Trying again") && !shown.contains("whsec_") && !shown.contains("<i>oh"), "{shown}");
        provider.says("/hook", 410, "");
        stage.clock.advance(Duration::from_secs(6));
        stage.works().await;
        assert!(stage.page(1, &path).await.contains("It took nothing for three days"));
        provider.says("/hook", 200, "");
        assert_eq!(stage.browser(1, Method::POST, &format!("{path}/switch"), "on=true").await.0, StatusCode::SEE_OTHER);
        assert!(stage.page(1, &path).await.contains("Send what it missed"));
        assert_eq!(stage.browser(1, Method::POST, &format!("{path}/missed"), "").await.0, StatusCode::SEE_OTHER);
        stage.works().await;
        let message = stage.told(&hook).await[0]["id"].as_str().unwrap().to_owned();
        let one = stage.page(1, &format!("{path}/messages/{message}")).await;
        assert!(one.contains("Send it again") && one.contains("Taken") && one.contains("webhook.test"), "{one}");
        assert_eq!(stage.browser(1, Method::POST, &format!("{path}/messages/{message}"), "").await.0, StatusCode::SEE_OTHER);
        let (_, rotated) = stage.browser(1, Method::POST, &format!("{path}/rotate"), "").await;
        assert!(rotated.contains("whsec_") && rotated.contains("for a day") | rotated.contains("For a day"), "{rotated}");
        let (_, stale) = stage.browser(1, Method::POST, &path, &format!("version=1&{}", form(&provider.url("/hook")))).await;
        assert!(stale.contains("changed elsewhere"), "{stale}");
        assert!(stage.page(1, &format!("{path}/remove")).await.contains("Take &#60;b&#62;Home away?"));
        assert_eq!(stage.browser(1, Method::POST, &format!("{path}/remove"), "").await.1, "/notifications/webhooks?done=removed");
    }
}
