//! Figures over time, as programs and people see them.

use e2e::{Client, Instance, eventually, on_both};
use serde_json::{Value, json};

use crate::{monthly, with};

async fn value(somebody: &Client, path: &str) -> Value {
    somebody.get(path).await.expect(200).value()
}

/// Amounts in minor units, so that sums can be compared.
fn minor(money: &Value) -> i64 {
    money["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

fn sum<'v>(rows: impl IntoIterator<Item = &'v Value>) -> i64 {
    rows.into_iter().map(minor).sum()
}

/// How many statements the newest request for a route took.
fn statements(app: &Instance, route: &str) -> Option<u64> {
    let lines = app.log().lines();
    let newest = lines.iter().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut answered = newest.filter(|line| line["fields"]["route"] == route || line["route"] == route);
    answered.find_map(|line| line["fields"]["statements"].as_u64().or(line["statements"].as_u64()))
}

async fn asked(app: &Instance, somebody: &Client, path: &str, route: &str) -> u64 {
    let before = app.log().lines().len();
    somebody.get(path).await.expect(200);
    eventually("the request to be logged", async || {
        (app.log().lines().len() > before).then(|| statements(app, route)).flatten()
    })
    .await
}

on_both! {
    async fn spending_adds_up_by_whatever_it_is_shown(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let since = |body: Value, day: &str| with(body, "first_charge_on", json!(day));
        asha.create(&since(monthly("Netflix"), "2026-01-31")).await;
        asha.create(&since(with(monthly("Spotify"), "category", json!("music")), "2026-03-05")).await;
        let paid = value(&asha, "/v1/payments?limit=100").await["data"].as_array().unwrap().clone();
        let in_all = sum(paid.iter().map(|payment| &payment["amount"]));
        assert_eq!(paid.len(), 4 + 3);
        for by in ["category", "payment_method", "tag", "member", "subscription", "month"] {
            let spending = value(&asha, &format!("/v1/analytics/spending?by={by}")).await;
            assert_eq!(minor(&spending["sum"]["total"]), in_all, "{by}");
            let groups = spending["groups"].as_array().unwrap();
            assert_eq!(sum(groups.iter().map(|group| &group["sum"]["total"])), in_all, "{by}");
            assert_eq!(spending["payments"], 7, "{by}");
            // Each group opens into the very payments that make it up.
            for group in groups {
                let key = group["key"].as_str().unwrap_or("none");
                for view in ["ours", "mine"] {
                    let path = format!("/v1/analytics/spending?by={by}&key={key}&view={view}");
                    let opened = value(&asha, &path).await;
                    let rows = opened["rows"].as_array().unwrap();
                    assert_eq!(rows.len() as u64, group["payments"].as_u64().unwrap(), "{path}");
                    assert_eq!(sum(rows.iter().map(|row| &row["at_home"])), minor(&group["sum"]["total"]), "{path}");
                    for row in rows {
                        assert!(paid.iter().any(|payment| payment["id"] == row["payment_id"]), "{path}");
                    }
                }
            }
        }
        let by_month = value(&asha, "/v1/analytics/spending?by=month&months=5").await;
        let payments: Vec<_> =
            by_month["groups"].as_array().unwrap().iter().map(|group| group["payments"].as_u64().unwrap()).collect();
        assert_eq!(payments, [1, 1, 2, 2, 1]);
        app.finish().await;
    }

    async fn the_forecast_opens_into_the_charges_that_make_it_up(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        asha.create(&with(monthly("Rent"), "first_charge_on", json!("2026-01-31"))).await;
        let forecast = value(&asha, "/v1/analytics/forecast?months=3&month=2026-06-01").await;
        let june = &forecast["months"][1];
        assert_eq!((june["month"].as_str(), june["charges"].as_u64()), (Some("2026-06-01"), Some(1)));
        assert_eq!(forecast["charges"][0]["on"], "2026-06-30");
        assert_eq!(sum(forecast["charges"].as_array().unwrap().iter().map(|row| &row["amount"])), minor(&june["sum"]["total"]));
        app.finish().await;
    }

    async fn a_calendar_shows_what_was_paid_and_what_is_to_come(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        asha.create(&with(monthly("Gym"), "first_charge_on", json!("2026-04-10"))).await;
        let calendar = value(&asha, "/v1/calendar?from=2026-04-01&to=2026-06-30").await;
        let entries: Vec<_> = calendar["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| (entry["on"].as_str().unwrap(), entry["kind"].as_str().unwrap()))
            .collect();
        assert_eq!(entries, [("2026-04-10", "payment"), ("2026-05-10", "charge"), ("2026-06-10", "charge")]);
        let rows = calendar["entries"].as_array().unwrap().iter().map(|entry| &entry["amount"]);
        assert_eq!(minor(&calendar["sum"]["total"]), sum(rows));
        for (wrong, pointer) in
            [("from=2026-02-30", "/from"), ("from=2026-05-05&to=2026-05-04", "/to"), ("from=2020-01-01&to=2026-01-01", "/to")]
        {
            let problem = asha.get(&format!("/v1/calendar?{wrong}")).await.problem(422);
            assert_eq!(problem.errors[0].pointer, pointer, "{wrong}");
        }
        app.finish().await;
    }

    async fn a_budget_stands_where_its_payments_put_it(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
        asha.create(&monthly("Netflix")).await;
        let body = json!({"amount": {"amount": "500.00", "currency": "INR"}, "category": "entertainment"});
        let made = asha.post("/v1/budgets", &body).await.expect(201);
        let path = made.header("location").to_owned();
        let standing = &value(&asha, "/v1/budgets").await["data"][0];
        assert_eq!((standing["from"].as_str(), standing["to"].as_str()), (Some("2026-05-01"), Some("2026-05-31")));
        assert_eq!(standing["passed"], false);
        for (wrong, pointer) in [
            (json!({"amount": {"amount": "0", "currency": "INR"}}), "/amount/amount"),
            (json!({"amount": {"amount": "5", "currency": "INR"}, "category": "nonsense"}), "/category"),
            (json!({"amount": {"amount": "5", "currency": "INR"}, "period": {"every": 0, "unit": "month"}}), "/period/every"),
        ] {
            assert_eq!(asha.post("/v1/budgets", &wrong).await.problem(422).errors[0].pointer, pointer);
        }
        let small = json!({"amount": {"amount": "100.00", "currency": "INR"}, "category": null});
        assert_eq!(asha.patch(&path, &small).await.expect(200).value()["category"], Value::Null);
        assert_eq!(value(&asha, "/v1/budgets").await["data"][0]["passed"], true);
        // Another household's budget is not there, for any method.
        ravi.patch(&path, &small).await.expect(404);
        ravi.delete(&path).await.expect(404);
        assert_eq!(value(&ravi, "/v1/budgets").await["data"], json!([]));
        asha.delete(&path).await.expect(204);
        assert_eq!(value(&asha, "/v1/budgets").await["data"], json!([]));
        app.finish().await;
    }

    async fn the_number_of_statements_does_not_grow_with_the_rows_shown(setup: Setup) {
        // Remembered, or computed before it is asked for, an answer takes none.
        let setup = setup.with("PERENNIAL_SUBSCRIPTIONS_ANSWERS_MEMORY", "0");
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let paths = [
            ("/v1/subscriptions?limit=100", "/v1/subscriptions"),
            ("/v1/payments?limit=100", "/v1/payments"),
            ("/v1/dashboard", "/v1/dashboard"),
            ("/v1/calendar", "/v1/calendar"),
            ("/v1/analytics/spending", "/v1/analytics/spending"),
            ("/v1/analytics/forecast", "/v1/analytics/forecast"),
        ];
        let mut few = Vec::new();
        asha.create(&monthly("First")).await;
        for (path, route) in paths {
            few.push(asked(&app, &asha, path, route).await);
        }
        for number in 0..40 {
            asha.create(&monthly(&format!("Service {number}"))).await;
        }
        for ((path, route), few) in paths.into_iter().zip(few) {
            let many = asked(&app, &asha, path, route).await;
            assert!((1..=few).contains(&many), "{route}: {few} statements for one, {many} for forty-one");
        }
        app.finish().await;
    }
}
