//! Amounts in other currencies, with a bank of our own.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use e2e::{Answer, Client, Setup, eventually, on_both};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{monthly, with};

/// A bank that gives every file the same few days, for as long as the test runs.
fn bank() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let day = |day: &str, dollars: &str, rupees: &str| {
        format!(
            "<Cube time='{day}'><Cube currency='USD' rate='{dollars}'/><Cube currency='INR' rate='{rupees}'/></Cube>"
        )
    };
    let days = [day("2026-05-04", "1.25", "110"), day("2026-05-01", "1.25", "100")].concat();
    let body = format!("<e:Envelope xmlns:e='a' xmlns='b'><Cube>{days}</Cube></e:Envelope>");
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let _ = client.read(&mut [0; 4096]);
            let _ = client.write_all(answer.as_bytes());
        }
    });
    address
}

pub(crate) fn with_a_bank(setup: &Setup) -> Setup {
    setup.clone().with("PERENNIAL_RATES_FETCH", "true").with("PERENNIAL_RATES_URL", &bank())
}

pub(crate) fn in_currency(name: &str, amount: &str, currency: &str) -> Value {
    with(monthly(name), "price", json!({"amount": amount, "currency": currency}))
}

async fn rate(somebody: &Client, method: Method, path: &str, body: Option<Value>) -> Answer {
    let request = somebody.request(method, path);
    Answer::of(if let Some(body) = body { request.json(&body) } else { request }).await.unwrap()
}

pub(crate) async fn put(somebody: &Client, pair: &str, body: Value) -> Answer {
    rate(somebody, Method::PUT, &format!("/v1/rates/{pair}"), Some(body)).await
}

on_both! {
    async fn dollars_are_shown_in_rupees_by_the_rate_of_the_day(setup: Setup) {
        let app = with_a_bank(&setup).start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let body = with(in_currency("ChatGPT", "20.00", "USD"), "first_charge_on", json!("2026-05-02"));
        let id = asha.create(&body).await.id;
        let kept = eventually("the payment to be converted", async || {
            let payments = asha.get(&format!("/v1/subscriptions/{id}/payments")).await.expect(200).value();
            Some(payments["data"][0]["converted"].clone()).filter(|converted| !converted.is_null())
        })
        .await;
        // Saturday's is Friday's: 100 rupees and 1.25 dollars to the euro.
        assert_eq!(kept, json!({
            "amount": {"amount": "1600.00", "currency": "INR"}, "rate": "80", "rate_on": "2026-05-01", "source": "ecb",
        }));
        let dashboard = asha.get("/v1/dashboard").await.expect(200).value();
        assert_eq!(dashboard["totals"]["paid_this_month"]["amount"], "1600.00");
        assert_eq!(dashboard["totals"]["per_month"]["amount"], "1760.00");
        assert_eq!((&dashboard["rates_on"], &dashboard["converted"]), (&json!("2026-05-04"), &json!(true)));
        let rates = asha.get("/v1/rates?base=USD&on=2026-05-03").await.expect(200).value();
        let rupees = rates["data"].as_array().unwrap().iter().find(|rate| rate["currency"] == "INR").unwrap();
        assert_eq!(rupees, &json!({"currency": "INR", "rate": "0.0125", "on": "2026-05-01", "source": "ecb"}));
        app.finish().await;
    }

    async fn what_has_no_rate_stands_apart_until_one_is_set(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let (asha, ravi) = (app.member("asha").await, app.member("ravi").await);
        for member in [&asha, &ravi] {
            member.create(&in_currency("Rent", "1000.00", "BDT")).await;
        }
        let set = put(&asha, "BDT/INR", json!({"rate": "0.80", "since": "2026-05-01"})).await.expect(200);
        assert_eq!(set.value(), json!({"from": "BDT", "to": "INR", "rate": "0.8", "since": "2026-05-01"}));
        let per_month = async |member: &Client| {
            let dashboard = member.get("/v1/dashboard").await.expect(200).value();
            let others = dashboard["other_currencies"].as_array().unwrap().len();
            (dashboard["totals"]["per_month"]["amount"].as_str().unwrap().to_owned(), others)
        };
        assert_eq!(per_month(&asha).await, ("800.00".into(), 0));
        // What one household sets is nothing to another, nor can another take it away.
        assert_eq!(per_month(&ravi).await, ("0.00".into(), 1));
        rate(&ravi, Method::DELETE, "/v1/rates/BDT/INR", None).await.problem(404);
        assert_eq!(per_month(&asha).await, ("800.00".into(), 0));
        rate(&asha, Method::DELETE, "/v1/rates/BDT/INR?since=2026-05-01", None).await.expect(204);
        rate(&asha, Method::DELETE, "/v1/rates/BDT/INR", None).await.problem(404);
        assert_eq!(per_month(&asha).await, ("0.00".into(), 1));
        app.finish().await;
    }

    async fn a_rate_that_is_none_is_refused_with_the_field_named(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        for (pair, body, pointer) in [
            ("BDT/INR", json!({"rate": "0"}), "/rate"),
            ("BDT/INR", json!({"rate": "-1"}), "/rate"),
            ("BDT/INR", json!({"rate": "NaN"}), "/rate"),
            ("BDT/INR", json!({"rate": "1.23456789012"}), "/rate"),
            ("BDT/INR", json!({"rate": 1}), "/rate"),
            ("BDT/INR", json!({}), "/rate"),
            ("BDT/INR", json!({"rate": "1", "since": "2026-02-30"}), "/since"),
            ("BDT/INR", json!({"rate": "1", "until": "2026-02-28"}), "/until"),
            ("INR/INR", json!({"rate": "1"}), "/to"),
        ] {
            let problem = put(&asha, pair, body.clone()).await.problem(422);
            assert_eq!(problem.pointers(), [pointer], "{body}");
        }
        put(&asha, "XXX/INR", json!({"rate": "1"})).await.problem(404);
        asha.get("/v1/rates?base=XXQ").await.problem(422);
        asha.get("/v1/rates?on=tomorrow").await.problem(422);
        app.visitor().get("/v1/rates").await.problem(401);
        app.finish().await;
    }
}
