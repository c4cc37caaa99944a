//! Every route of the API, and what becomes of it for those whom it is not meant for. A route without a case here is a
//! failure: whoever adds one says whose it is.

use std::collections::{BTreeMap, BTreeSet};

use e2e::{Answer, Client, Instance, eventually, on_both};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{monthly, with};

/// For whoever comes, with or without a log-in.
const FOR_ANYBODY: [&str; 9] = [
    "GET /.well-known/jwks.json",
    "POST /v1/auth/email/verify",
    "POST /v1/auth/login",
    "POST /v1/auth/login/second-factor",
    "POST /v1/auth/password/forgot",
    "POST /v1/auth/password/reset",
    "POST /v1/auth/refresh",
    "POST /v1/auth/register",
    "POST /v1/oauth/token",
];

/// For whoever has a log-in: they name nothing that is somebody's.
const FOR_SOMEBODY: [&str; 64] = [
    "DELETE /v1/auth/sessions",
    "DELETE /v1/me",
    "DELETE /v1/rates/{from}/{to}",
    "GET /v1/analytics/forecast",
    "GET /v1/analytics/insights",
    "GET /v1/analytics/spending",
    "GET /v1/api-keys",
    "GET /v1/audit-log",
    "GET /v1/auth/factors",
    "GET /v1/auth/sessions",
    "GET /v1/balances",
    "GET /v1/budgets",
    "GET /v1/calendar",
    "GET /v1/calendar-feeds",
    "GET /v1/catalog",
    "GET /v1/categories",
    "GET /v1/channel-kinds",
    "GET /v1/channels",
    "GET /v1/dashboard",
    "GET /v1/deliveries",
    "GET /v1/exports/csv",
    "GET /v1/exports/json",
    "GET /v1/help/search",
    "GET /v1/help/topics",
    "GET /v1/households",
    "GET /v1/imports",
    "GET /v1/invitations",
    "GET /v1/me",
    "GET /v1/members",
    "GET /v1/notification-preferences",
    "GET /v1/notifications",
    "GET /v1/notifications/stream",
    "GET /v1/payment-methods",
    "GET /v1/rates",
    "GET /v1/reminders",
    "GET /v1/settlements",
    "GET /v1/subscriptions",
    "GET /v1/tags",
    "GET /v1/tickets",
    "GET /v1/webhooks",
    "PATCH /v1/me",
    "POST /v1/api-keys",
    "POST /v1/auth/logout",
    "POST /v1/auth/password",
    "POST /v1/auth/recovery-codes",
    "POST /v1/auth/totp",
    "POST /v1/auth/totp/confirm",
    "POST /v1/auth/totp/disable",
    "POST /v1/budgets",
    "POST /v1/calendar-feeds",
    "POST /v1/categories",
    "POST /v1/channels",
    // What help begins about is looked at as whoever asks: of another's it says that there is nothing.
    "POST /v1/help/sessions",
    "POST /v1/imports",
    "POST /v1/members",
    "POST /v1/messages",
    "POST /v1/payment-methods",
    "POST /v1/subscriptions",
    "POST /v1/tags",
    "POST /v1/tickets",
    "POST /v1/webhooks",
    "PUT /v1/notification-preferences",
    "PUT /v1/rates/{from}/{to}",
    // Whose members they are is said by who is asked for: of another household nobody is found, as the wrong field.
    "POST /v1/settlements",
];

/// For those who run the installation: anybody else is told that it is not for them.
const FOR_ADMINISTRATORS: [&str; 10] = [
    "DELETE /v1/admin/dead-letters/{id}",
    "GET /v1/admin/dead-letters",
    "GET /v1/admin/dead-letters/{id}",
    "GET /v1/admin/status",
    "GET /v1/admin/users",
    "GET /v1/admin/users/{id}",
    "PATCH /v1/admin/users/{id}",
    "POST /v1/admin/dead-letters/discard",
    "POST /v1/admin/dead-letters/replay",
    "POST /v1/admin/dead-letters/{id}/replay",
];

/// For those who answer what people hand over: anybody else is told that it is not for them.
const FOR_AGENTS: [&str; 15] = [
    "DELETE /v1/help/desk/templates/{id}",
    "DELETE /v1/help/desk/tickets/{id}/claim",
    "GET /v1/admin/help/funnel",
    "GET /v1/admin/help/funnel/{tree}",
    "GET /v1/admin/help/questions",
    "GET /v1/help/desk/figures",
    "GET /v1/help/desk/templates",
    "GET /v1/help/desk/templates/{id}",
    "GET /v1/help/desk/tickets",
    "GET /v1/help/desk/tickets/{id}",
    "PATCH /v1/help/desk/templates/{id}",
    "POST /v1/help/desk/templates",
    "POST /v1/help/desk/tickets/{id}/close",
    "POST /v1/help/desk/tickets/{id}/messages",
    "PUT /v1/help/desk/tickets/{id}/claim",
];

/// Members that nobody sets by naming them: whose something is and what somebody may do is decided elsewhere.
const NEVER_GIVEN: [&str; 6] = ["created_by", "household_id", "owner_id", "role", "user_id", "version"];

/// For whom a thing belongs to: somebody else is told that it is not there. With the body that its owner could send, in
/// which `@` is the thing of another kind.
fn for_owners() -> Vec<(&'static str, Value)> {
    let name = json!({"name": "Mine"});
    let amount = json!({"amount": {"amount": "7.00", "currency": "INR"}});
    vec![
        ("DELETE /v1/api-keys/{id}", Value::Null),
        ("POST /v1/api-keys/{id}/rotate", Value::Null),
        ("DELETE /v1/auth/sessions/{id}", Value::Null),
        ("DELETE /v1/budgets/{id}", Value::Null),
        ("PATCH /v1/budgets/{id}", amount.clone()),
        ("DELETE /v1/calendar-feeds/{id}", Value::Null),
        ("DELETE /v1/categories/{id}", Value::Null),
        ("PATCH /v1/categories/{id}", name.clone()),
        ("GET /v1/channels/{id}", Value::Null),
        ("DELETE /v1/channels/{id}", Value::Null),
        ("PATCH /v1/channels/{id}", name.clone()),
        ("POST /v1/channels/{id}/test", Value::Null),
        ("GET /v1/deliveries/{id}", Value::Null),
        ("GET /v1/help/sessions/{id}", Value::Null),
        ("POST /v1/help/sessions/{id}/answers", json!({"option": "solved"})),
        ("POST /v1/help/sessions/{id}/back", Value::Null),
        ("POST /v1/help/sessions/{id}/escalate", json!({"message": "Mine"})),
        ("PATCH /v1/households/{id}", name.clone()),
        ("GET /v1/imports/{id}", Value::Null),
        ("DELETE /v1/imports/{id}", Value::Null),
        ("PATCH /v1/imports/{id}", json!({})),
        ("POST /v1/imports/{id}/apply", json!({})),
        ("GET /v1/imports/{id}/items", Value::Null),
        ("POST /v1/imports/{id}/undo", Value::Null),
        ("POST /v1/invitations", json!({"access": "viewer", "member_id": "@members"})),
        ("POST /v1/invitations/accept", json!({"token": "pin_0000000000000000000000000000000000000000000"})),
        ("DELETE /v1/invitations/{id}", Value::Null),
        ("GET /v1/members/{id}", Value::Null),
        ("DELETE /v1/members/{id}", Value::Null),
        ("PATCH /v1/members/{id}", name.clone()),
        ("GET /v1/messages/{id}", Value::Null),
        ("GET /v1/notifications/{id}", Value::Null),
        ("POST /v1/notifications/read", json!({"ids": ["@notifications"]})),
        ("POST /v1/notifications/{id}/done", Value::Null),
        ("DELETE /v1/notifications/{id}/done", Value::Null),
        ("POST /v1/notifications/{id}/send-again", Value::Null),
        ("POST /v1/notifications/{id}/snooze", json!({"until": "2026-06-20T06:30:00Z"})),
        ("DELETE /v1/payment-methods/{id}", Value::Null),
        ("PATCH /v1/payment-methods/{id}", name.clone()),
        ("GET /v1/payments", Value::Null),
        ("POST /v1/payments", with(amount, "subscription_id", json!("@subscriptions"))),
        ("GET /v1/payments/{id}", Value::Null),
        ("DELETE /v1/payments/{id}", Value::Null),
        ("PATCH /v1/payments/{id}", json!({"note": "Mine"})),
        ("GET /v1/payments/{id}/documents", Value::Null),
        ("POST /v1/payments/{id}/documents", Value::Null),
        ("GET /v1/payments/{id}/documents/{document_id}", Value::Null),
        ("DELETE /v1/payments/{id}/documents/{document_id}", Value::Null),
        ("POST /v1/payments/{id}/undo", Value::Null),
        ("GET /v1/settlements/{id}", Value::Null),
        ("DELETE /v1/settlements/{id}", Value::Null),
        ("GET /v1/subscriptions/{id}", Value::Null),
        ("DELETE /v1/subscriptions/{id}", Value::Null),
        ("PATCH /v1/subscriptions/{id}", name.clone()),
        ("POST /v1/subscriptions/{id}/cancel", json!({})),
        ("POST /v1/subscriptions/{id}/pause", Value::Null),
        ("GET /v1/subscriptions/{id}/payments", Value::Null),
        ("GET /v1/subscriptions/{id}/prices", Value::Null),
        ("PUT /v1/subscriptions/{id}/prices", json!({"steps": []})),
        ("POST /v1/subscriptions/{id}/reactivate", Value::Null),
        ("POST /v1/subscriptions/{id}/resume", Value::Null),
        ("DELETE /v1/tags/{id}", Value::Null),
        ("PATCH /v1/tags/{id}", name),
        ("GET /v1/tickets/{id}", Value::Null),
        ("PATCH /v1/tickets/{id}", json!({"status": "closed"})),
        ("POST /v1/tickets/{id}/messages", json!({"message": "Mine"})),
        ("GET /v1/webhooks/{id}", Value::Null),
        ("DELETE /v1/webhooks/{id}", Value::Null),
        ("PATCH /v1/webhooks/{id}", json!({"name": "Mine"})),
        ("GET /v1/webhooks/{id}/attempts", Value::Null),
        ("GET /v1/webhooks/{id}/messages", Value::Null),
        ("GET /v1/webhooks/{id}/messages/{message_id}", Value::Null),
        ("POST /v1/webhooks/{id}/messages/{message_id}/resend", Value::Null),
        ("POST /v1/webhooks/{id}/resend", Value::Null),
        ("POST /v1/webhooks/{id}/rotate-secret", Value::Null),
        ("POST /v1/webhooks/{id}/test", Value::Null),
    ]
}

/// Routes whose answer does not tell that the thing is there, and yet is no 404.
const QUIET: [&str; 1] = [
    // What was not found of it is simply not marked; its owner's stays unread, which the walk looks at.
    "POST /v1/notifications/read",
];

async fn described(app: &Instance) -> BTreeSet<String> {
    let document = app.visitor().get("/openapi.json").await.expect(200).value();
    let mut found = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().filter(|key| key.as_str() != "parameters") {
            found.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    found
}

fn request(client: &Client, route: &str, things: &BTreeMap<&str, String>, body: &Value) -> RequestBuilder {
    let (method, path) = route.split_once(' ').unwrap();
    let kind = path.trim_start_matches("/v1/").split('/').next().unwrap();
    let mut address = path.replace("{from}", "USD").replace("{to}", "INR");
    for (place, kind) in
        [("{id}", kind), ("{document_id}", "documents"), ("{message_id}", "webhook-messages")]
    {
        if address.contains(place) {
            address = address.replace(place, &things[kind]);
        }
    }
    if route == "GET /v1/payments" {
        address = format!("{address}?subscription_id={}", things["subscriptions"]);
    }
    let request = client.request(method.parse().unwrap(), &address);
    if route == "POST /v1/payments/{id}/documents" {
        return attached(request);
    }
    if body.is_null() {
        return request;
    }
    let named = things.iter().fold(body.to_string(), |text, (kind, id)| {
        text.replace(&format!("\"@{kind}\""), &format!("\"{id}\""))
    });
    let merges = method == "PATCH" && path != "/v1/imports/{id}";
    let kind = if merges { "application/merge-patch+json" } else { "application/json" };
    request.header("Content-Type", kind).body(named)
}

/// A small receipt.
fn attached(request: RequestBuilder) -> RequestBuilder {
    let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"receipt.pdf\"\r\n\
                Content-Type: application/pdf\r\n\r\n%PDF-1.4\n%%EOF\n\r\n--x--\r\n";
    request.header("Content-Type", "multipart/form-data; boundary=x").body(body)
}

async fn made(request: RequestBuilder) -> String {
    let answer = Answer::of(request).await.unwrap();
    assert!((200..300).contains(&answer.status()), "{} {}", answer.status(), answer.text());
    let id = answer.value()["id"].as_str().map(str::to_owned);
    id.unwrap_or_else(|| panic!("no id in {}", answer.text()))
}

/// One thing of every kind that has owners, and what is told of them the next month.
async fn one_of_each(setup: &e2e::Setup) -> (Instance, Client, BTreeMap<&'static str, String>) {
    let app = setup.start_at("2026-05-05T06:30:00Z").await;
    let asha = app.member("asha").await;
    let post = |path: &str, body: Value| asha.request(Method::POST, path).json(&body);
    let amount = json!({"amount": "900.00", "currency": "INR"});
    let subscription =
        asha.create(&with(monthly("Netflix"), "first_charge_on", json!("2026-04-10"))).await.id;
    let mut things = BTreeMap::from([("subscriptions", subscription.clone())]);
    things.insert("payments", asha.payments(&subscription).await[0].id.clone());
    for (kind, body) in [
        ("budgets", json!({"amount": amount})),
        ("calendar-feeds", json!({"name": "Phone"})),
        ("categories", json!({"name": "Fun"})),
        ("tags", json!({"name": "Fun"})),
        ("payment-methods", json!({"name": "Visa", "kind": "card"})),
        ("members", json!({"name": "Ravi"})),
        ("invitations", json!({"access": "viewer"})),
        ("messages", json!({"text": "Spotify ₹119 monthly"})),
        ("channels", json!({"kind": "webhook", "config": {"url": "http://127.0.0.1:1/"}})),
    ] {
        things.insert(kind, made(post(&format!("/v1/{kind}"), body)).await);
    }
    let me = asha.get("/v1/me").await.expect(200).value();
    things.insert("admin", me["id"].as_str().unwrap().to_owned());
    things.insert("households", me["household_id"].as_str().unwrap().to_owned());
    let settled =
        json!({"from_member_id": me["member_id"], "to_member_id": things["members"], "amount": amount});
    things.insert("settlements", made(post("/v1/settlements", settled)).await);
    let document = asha.request(Method::POST, &format!("/v1/payments/{}/documents", things["payments"]));
    things.insert("documents", made(attached(document)).await);
    app.stop().await;

    // Three days before the next charge.
    let app = setup.start_at("2026-06-07T03:31:00Z").await;
    let asha = app.visitor().log_in("asha@example.org").await;
    // A file that came in is kept for thirty days.
    let file =
        asha.request(Method::POST, "/v1/imports?name=statement.csv").header("Content-Type", "text/csv");
    things.insert("imports", made(file.body("Date,Description,Amount\n2026-02-10,GYM,-1000.00\n")).await);
    for kind in ["notifications", "deliveries"] {
        let first = eventually(kind, async || {
            let page = asha.get(&format!("/v1/{kind}")).await.expect(200).value();
            page["data"][0]["id"].as_str().map(str::to_owned)
        });
        things.insert(kind, first.await);
    }
    let webhook = json!({"url": "http://127.0.0.1:1/"});
    things.insert("webhooks", made(asha.request(Method::POST, "/v1/webhooks").json(&webhook)).await);
    let test = asha.request(Method::POST, &format!("/v1/webhooks/{}/test", things["webhooks"]));
    things.insert("webhook-messages", made(test).await);
    let key = json!({"name": "Home Assistant", "scope": "read"});
    things.insert("api-keys", made(asha.request(Method::POST, "/v1/api-keys").json(&key)).await);
    let sessions = asha.get("/v1/auth/sessions").await.expect(200).value();
    things.insert("auth", sessions["data"][0]["id"].as_str().unwrap().to_owned());
    let about = json!({"screen": "subscription", "object": things["subscriptions"]});
    let begin = async || asha.post("/v1/help/sessions", &about).await.expect(201).value();
    let (open, handed_over) = (begin().await, begin().await);
    things.insert("help", open["session_id"].as_str().unwrap().to_owned());
    let path = format!("/v1/help/sessions/{}/escalate", handed_over["session_id"].as_str().unwrap());
    let ticket = asha.post(&path, &json!({"message": "It is wrong"})).await.expect(200).value();
    things.insert("tickets", ticket["ticket_id"].as_str().unwrap().to_owned());
    (app, asha, things)
}

on_both! {
    async fn nobody_reaches_what_is_not_theirs_by_any_route(setup: Setup) {
        let setup = setup.with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true");
        let (app, asha, things) = one_of_each(&setup).await;
        let owners = for_owners();
        let known: BTreeSet<String> = FOR_ANYBODY
            .into_iter()
            .chain(FOR_SOMEBODY)
            .chain(FOR_ADMINISTRATORS)
            .chain(FOR_AGENTS)
            .chain(owners.iter().map(|(route, _)| *route))
            .map(str::to_owned)
            .collect();
        let described = described(&app).await;
        assert_eq!(
            described.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(),
            "routes without a case: say whose they are"
        );
        assert_eq!(known.difference(&described).collect::<Vec<_>>(), Vec::<&String>::new(), "cases without a route");

        // Without a token, and with one that is none.
        let visitor = app.visitor();
        for route in described.iter().filter(|route| !FOR_ANYBODY.contains(&route.as_str())) {
            let body = owners.iter().find(|(known, _)| known == route).map_or(Value::Null, |(_, body)| body.clone());
            for who in [&visitor, &visitor.bearing("not-a-token")] {
                let answer = Answer::of(request(who, route, &things, &body)).await.unwrap();
                assert_eq!(answer.status(), 401, "{route}: {}", answer.text());
                assert!(answer.header("www-authenticate").starts_with("Bearer"), "{route}");
                answer.problem(401);
            }
        }

        // Somebody else, who knows every id. It is as if there were nothing.
        let eve = app.member("eve").await;
        let mut wrong = Vec::new();
        for (route, body) in &owners {
            let answer = Answer::of(request(&eve, route, &things, body)).await.unwrap();
            let (status, said) = (answer.status(), answer.text());
            let right = if QUIET.contains(route) { status < 500 } else { status == 404 };
            if !right || said.contains("Netflix") || said.contains("asha") {
                wrong.push(format!("{route}: {status} {said}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));

        // Somebody whose role is too small for it, whatever they send.
        for route in FOR_ADMINISTRATORS.into_iter().chain(FOR_AGENTS) {
            for body in [Value::Null, json!({"role": "administrator"})] {
                for who in [&eve, &asha] {
                    let answer = Answer::of(request(who, route, &things, &body)).await.unwrap();
                    assert_eq!(answer.status(), 403, "{route}: {}", answer.text());
                }
            }
        }

        // And nothing of it came to anything: its owner finds all of it, as it was.
        for (route, body) in owners.iter().filter(|(route, _)| route.starts_with("GET ")) {
            let answer = Answer::of(request(&asha, route, &things, body)).await.unwrap();
            assert_eq!(answer.status(), 200, "{route}: {}", answer.text());
        }
        let notification = asha.get(&format!("/v1/notifications/{}", things["notifications"])).await.value();
        assert!(notification["read_at"].is_null() && notification["done_at"].is_null(), "{notification}");
        assert_eq!(asha.subscription(&things["subscriptions"]).await.name, "Netflix");
        app.finish().await;
    }

    async fn nobody_takes_what_is_not_given_by_naming_it(setup: Setup) {
        let setup = setup.with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true");
        let (app, asha, things) = one_of_each(&setup).await;
        let document = app.visitor().get("/openapi.json").await.expect(200).value();
        let before = asha.get("/v1/me").await.expect(200).value();
        let (mut tried, mut wrong) = (0, Vec::new());
        for route in described(&app).await {
            let (method, path) = route.split_once(' ').unwrap();
            let content = &document["paths"][path][method.to_lowercase()]["requestBody"]["content"];
            let takes_json = ["application/json", "application/merge-patch+json"];
            if FOR_ADMINISTRATORS.contains(&&*route)
                || FOR_AGENTS.contains(&&*route)
                || !takes_json.iter().any(|kind| !content[kind].is_null()) {
                continue;
            }
            for member in NEVER_GIVEN {
                let body = json!({member: "administrator"});
                let answer = Answer::of(request(&asha, &route, &things, &body)).await.unwrap();
                let said = answer.text();
                tried += 1;
                if answer.status() != 422 || answer.problem(422).pointers() != [format!("/{member}")] {
                    wrong.push(format!("{route}, {member}: {said}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(tried > 200, "{tried} requests");
        assert_eq!(asha.get("/v1/me").await.expect(200).value(), before);
        app.finish().await;
    }
}
