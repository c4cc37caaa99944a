use std::collections::BTreeSet;

use axum::http::Method;
use contracts::subscriptions::{ChargeNews, ChargeOutcome, Subscriptions, Teller};
use platform::both_databases;
use serde_json::{Value, json};

use super::{House, person, text};
use crate::{MIGRATIONS, domain::testing::money};

both_databases! { MIGRATIONS,
    async fn a_due_payment_is_paid_corrected_and_taken_back(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        let path = format!("/v1/payments/{payment}");
        let first = house.get(asha, &path).await.expect(200);
        assert_eq!((text(&first.json(), "status"), first.json()["paid_on"].clone()), ("due".into(), Value::Null));
        let paid = json!({"status": "paid", "paid_on": "2026-05-09", "amount": {"amount": "512.00", "currency": "INR"}});
        let now = house.send_if(asha, Method::PATCH, &path, first.header("etag"), &paid).await.expect(200).json();
        assert_eq!((text(&now, "status"), text(&now, "paid_on"), text(&now["amount"], "amount")),
            ("paid".into(), "2026-05-09".into(), "512.00".into()));
        house.send(asha, Method::PATCH, &path, &json!({"status": "due"})).await.expect(409);
        house.send(asha, Method::PATCH, &path, &json!({"status": "refunded"})).await.expect(200);
        house.send(asha, Method::PATCH, &path, &json!({"status": "paid"})).await.expect(409);
        let back = house.send(asha, Method::POST, &format!("{path}/undo"), &Value::Null).await.expect(200).json();
        assert_eq!((text(&back, "status"), text(&back, "paid_on")), ("paid".into(), "2026-05-09".into()));
        house.send(asha, Method::POST, &format!("{path}/undo"), &Value::Null).await.expect(409);
        house.send(asha, Method::DELETE, &path, &Value::Null).await.expect(409);
        assert_eq!(house.told().await, ["payment.recorded", "payment.paid", "payment.refunded", "payment.changed"]);
    }

    async fn two_people_who_edit_at_once_lose_nothing(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        let path = format!("/v1/payments/{payment}");
        let seen = house.get(asha, &path).await.expect(200);
        house.send_if(asha, Method::PATCH, &path, seen.header("etag"), &json!({"note": "by card"})).await.expect(200);
        for (method, path, body) in [
            (Method::PATCH, path.clone(), json!({"status": "skipped"})),
            (Method::POST, format!("{path}/undo"), Value::Null),
            (Method::DELETE, path.clone(), Value::Null),
        ] {
            house.send_if(asha, method, &path, seen.header("etag"), &body).await.expect(412);
        }
        let now = house.get(asha, &path).await.expect(200).json();
        assert_eq!((text(&now, "status"), text(&now, "note")), ("due".into(), "by card".into()));
    }

    async fn a_charge_paid_ahead_is_settled_and_the_sweep_adds_no_other(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let subscription = house.netflix(asha, "2026-05-10", json!({"auto_renew": true})).await;
        let body = json!({"subscription_id": subscription, "due_on": "2026-06-10"});
        let made = house.send(asha, Method::POST, "/v1/payments", &body).await.expect(201);
        assert_eq!(made.header("location"), format!("/v1/payments/{}", text(&made.json(), "id")));
        assert_eq!((text(&made.json(), "status"), text(&made.json(), "paid_on")), ("paid".into(), "2026-05-10".into()));
        assert_eq!(text(&house.subscription(asha, &subscription).await, "next_charge_on"), "2026-07-10");
        let upcoming = house.get(asha, "/v1/dashboard").await.expect(200).json();
        assert_eq!(upcoming["upcoming"], json!([]), "30 days reach to 9 June, and the 10th is settled");
        house.send(asha, Method::POST, "/v1/payments", &body).await.expect(409);
        house.live_until("2026-07-10T06:30:00Z").await;
        let dates: Vec<_> = house.payments(asha, &subscription).await.iter().map(|row| text(row, "due_on")).collect();
        assert_eq!(dates, ["2026-07-10", "2026-06-10", "2026-05-10"]);
        assert_eq!(house.told().await, ["payment.recorded"; 3]);
    }

    async fn what_was_entered_by_mistake_is_undone_and_its_charge_is_to_come_again(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let subscription = house.netflix(asha, "2026-05-10", Value::Null).await;
        let made = house.send(asha, Method::POST, "/v1/payments", &json!({"subscription_id": subscription})).await.expect(201);
        let path = format!("/v1/payments/{}", text(&made.json(), "id"));
        assert_eq!(text(&made.json(), "due_on"), "2026-06-10");
        house.send(asha, Method::POST, &format!("{path}/undo"), &Value::Null).await.expect(204);
        house.get(asha, &path).await.expect(404);
        assert_eq!(text(&house.subscription(asha, &subscription).await, "next_charge_on"), "2026-06-10");
        house.live_until("2026-06-10T06:30:00Z").await;
        assert_eq!(house.payments(asha, &subscription).await.len(), 2);
    }

    async fn a_charge_date_that_passed_keeps_the_payment_that_was_entered_for_it(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let subscription = house.netflix(asha, "2026-05-10", Value::Null).await;
        let made = house.send(asha, Method::POST, "/v1/payments", &json!({"subscription_id": subscription})).await.expect(201);
        house.live_until("2026-06-10T06:30:00Z").await;
        let path = format!("/v1/payments/{}", text(&made.json(), "id"));
        house.send(asha, Method::DELETE, &path, &Value::Null).await.expect(409);
        house.send(asha, Method::POST, &format!("{path}/undo"), &Value::Null).await.expect(409);
        assert_eq!(house.payments(asha, &subscription).await.len(), 2);
    }

    async fn extra_charges_share_a_day_with_the_charge_and_each_other(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let subscription = house.netflix(asha, "2026-03-10", Value::Null).await;
        let extra = json!({"subscription_id": subscription, "extra": true, "due_on": "2026-05-10",
            "amount": {"amount": "150.00", "currency": "INR"}, "note": "top-up"});
        for _ in 0..3 {
            house.send(asha, Method::POST, "/v1/payments", &extra).await.expect(201);
        }
        let mut seen = Vec::new();
        let mut path = format!("/v1/payments?subscription_id={subscription}&limit=2");
        loop {
            let page = house.get(asha, &path).await.expect(200).json();
            seen.extend(page["data"].as_array().unwrap().iter().map(|row| text(row, "id")));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/payments?subscription_id={subscription}&limit=2&cursor={cursor}");
        }
        assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (6, 6), "each once, over every page");
        assert_eq!(text(&house.subscription(asha, &subscription).await, "next_charge_on"), "2026-06-10");
    }

    async fn the_ledger_is_asked_by_status_and_day(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, due) = house.due(asha).await;
        house.netflix(asha, "2026-01-10", Value::Null).await;
        let dates = async |query: &str| {
            let page = house.get(asha, &format!("/v1/payments?{query}")).await.expect(200).json();
            page["data"].as_array().unwrap().iter().map(|row| text(row, "due_on")).collect::<Vec<_>>()
        };
        assert_eq!(dates("status=open").await, ["2026-05-10"; 2]);
        assert_eq!(dates("status=paid").await, ["2026-04-10", "2026-03-10", "2026-02-10", "2026-01-10"]);
        assert_eq!(dates("from=2026-02-11&to=2026-04-10").await, ["2026-04-10", "2026-03-10"]);
        house.send(asha, Method::PATCH, &format!("/v1/payments/{due}"), &json!({"status": "skipped"})).await.expect(200);
        assert_eq!(dates("status=skipped").await, ["2026-05-10"]);
        assert_eq!(dates("status=open").await.len(), 1);
        for (query, pointer) in [
            ("status=lost", "/status"),
            ("from=soon", "/from"),
            ("from=2026-02-01&to=2026-01-01", "/to"),
            ("subscription_id=pay_1", "/subscription_id"),
        ] {
            let wrong = house.get(asha, &format!("/v1/payments?{query}")).await.expect(422);
            assert_eq!(wrong.pointer(), pointer, "{query}");
        }
    }

    async fn wrong_payments_name_their_field(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let subscription = house.netflix(asha, "2026-05-10", Value::Null).await;
        for (more, pointer) in [
            (json!({"due_on": "2026-06-11"}), "/due_on"),
            (json!({"due_on": "yesterday"}), "/due_on"),
            (json!({"paid_on": "2026-05-11"}), "/paid_on"),
            (json!({"extra": true}), "/amount"),
            (json!({"amount": {"amount": "4.999", "currency": "INR"}}), "/amount/amount"),
            (json!({"amount": {"amount": "4.99", "currency": "USD"}}), "/amount/currency"),
            (json!({"paid": true}), "/paid"),
        ] {
            let mut body = more;
            body["subscription_id"] = json!(subscription);
            let wrong = house.send(asha, Method::POST, "/v1/payments", &body).await.expect(422);
            assert_eq!(wrong.pointer(), pointer, "{body}");
        }
    }

    async fn words_and_statements_confirm_the_payment_that_is_there(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (subscription, payment) = house.due(asha).await;
        let news = |outcome, amount, on: &str| ChargeNews {
            subscription: subscription.parse().unwrap(),
            outcome,
            amount: Some(money(amount)),
            on: Some(on.parse().unwrap()),
            teller: Teller::Statement,
        };
        let paid = news(ChargeOutcome::Paid, "INR 505.00", "2026-05-08");
        let confirmed = house.tracker.confirm_charge(&asha, paid).await.unwrap();
        assert_eq!(confirmed.payment.to_string(), payment);
        let now = house.get(asha, &format!("/v1/payments/{payment}")).await.expect(200).json();
        assert_eq!((text(&now, "status"), text(&now, "source"), text(&now, "paid_on")),
            ("paid".into(), "statement".into(), "2026-05-08".into()));
        house.tracker.confirm_charge(&asha, paid).await.unwrap();
        house.tracker.confirm_charge(&asha, news(ChargeOutcome::Paid, "INR 900.00", "2026-05-08")).await.unwrap_err();
        house.tracker.confirm_charge(&person(2), paid).await.unwrap_err();
        assert_eq!(house.payments(asha, &subscription).await.len(), 1, "none was added");
        house.clock.set("2026-06-08T06:30:00Z");
        let early = news(ChargeOutcome::Paid, "INR 499.00", "2026-06-08");
        assert_eq!(house.tracker.confirm_charge(&asha, early).await.unwrap().due_on.to_string(), "2026-06-10");
        house.tracker.confirm_charge(&asha, news(ChargeOutcome::Failed, "INR 499.00", "2026-06-08")).await.unwrap();
        assert_eq!(house.told().await, ["payment.recorded", "payment.paid", "payment.recorded", "payment.failed"]);
    }
}
