//! People who share subscriptions: who belongs to what, and who may do what there.

use e2e::{Answer, Browser, Client, Form, eventually, on_both};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{monthly, with};

pub(crate) async fn me(client: &Client) -> Value {
    client.get("/v1/me").await.expect(200).value()
}

/// Lets `guest` into the household of `host`; they act for it from then on.
pub(crate) async fn join(host: &Client, guest: &Client, access: &str) -> Client {
    let issued = host.post("/v1/invitations", &json!({"access": access})).await.expect(201).value();
    let token = &issued["token"];
    let home = guest.post("/v1/invitations/accept", &json!({"token": token})).await.expect(200).value();
    guest.acting_for(home["id"].as_str().unwrap())
}

async fn member_id(client: &Client) -> String {
    me(client).await["member_id"].as_str().unwrap().to_owned()
}

/// Every request of the API that could change something, with a body that would be taken.
async fn unsafe_requests(app: &e2e::Instance) -> Vec<(Method, String)> {
    let document = app.visitor().get("/openapi.json").await.expect(200).value();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in ["post", "put", "patch", "delete"] {
            if operations.get(method).is_some() {
                found.push((method.to_uppercase().parse().unwrap(), path.clone()));
            }
        }
    }
    found
}

/// What a person may do whatever household they look at: what is their own.
const OWN: [&str; 53] = [
    // For administrators, whatever household they look at.
    "PATCH /v1/admin/users/{id}",
    "DELETE /v1/admin/dead-letters/{id}",
    "POST /v1/admin/dead-letters/{id}/replay",
    "POST /v1/admin/dead-letters/replay",
    "POST /v1/admin/dead-letters/discard",
    "POST /v1/auth/register",
    "POST /v1/auth/login",
    "POST /v1/auth/login/second-factor",
    "POST /v1/auth/refresh",
    "POST /v1/auth/logout",
    "POST /v1/api-keys",
    "POST /v1/api-keys/{id}/rotate",
    "DELETE /v1/api-keys/{id}",
    "POST /v1/auth/email/verify",
    "POST /v1/oauth/token",
    "POST /v1/auth/password",
    "POST /v1/auth/recovery-codes",
    "POST /v1/auth/totp",
    "POST /v1/auth/totp/confirm",
    "POST /v1/auth/totp/disable",
    "POST /v1/auth/password/forgot",
    "POST /v1/auth/password/reset",
    "DELETE /v1/auth/sessions",
    "DELETE /v1/auth/sessions/{id}",
    "DELETE /v1/me",
    "PATCH /v1/me",
    "POST /v1/invitations/accept",
    // Leaving; of others it is refused by the roster itself.
    "DELETE /v1/members/{id}",
    // Of the household that is named, not of the one that is acted for.
    "PATCH /v1/households/{id}",
    // How one is told, and what one was told.
    "POST /v1/channels",
    "PATCH /v1/channels/{id}",
    "DELETE /v1/channels/{id}",
    "POST /v1/channels/{id}/test",
    "PUT /v1/notification-preferences",
    "POST /v1/notifications/read",
    "POST /v1/notifications/{id}/done",
    "DELETE /v1/notifications/{id}/done",
    "POST /v1/notifications/{id}/send-again",
    "POST /v1/notifications/{id}/snooze",
    // How one is helped, which mends nothing that one may not change.
    "POST /v1/help/sessions",
    "POST /v1/help/sessions/{id}/answers",
    "POST /v1/help/sessions/{id}/back",
    "POST /v1/help/sessions/{id}/escalate",
    "POST /v1/tickets",
    "PATCH /v1/tickets/{id}",
    "POST /v1/tickets/{id}/messages",
    // For those who answer, whatever household they look at.
    "PUT /v1/help/desk/tickets/{id}/claim",
    "DELETE /v1/help/desk/tickets/{id}/claim",
    "POST /v1/help/desk/tickets/{id}/messages",
    "POST /v1/help/desk/tickets/{id}/close",
    "POST /v1/help/desk/templates",
    "PATCH /v1/help/desk/templates/{id}",
    "DELETE /v1/help/desk/templates/{id}",
];

/// Whether a form is the person's own, or only looks for something.
fn is_own(form: &Form) -> bool {
    form.method != "post" || ["/logout", "/household/switch"].contains(&form.action.as_str())
}

/// A browser in which somebody is logged in.
pub(crate) async fn signed_in(app: &e2e::Instance, name: &str) -> Browser {
    let mut browser = Browser::open(app.base());
    browser.visit("/login").await;
    let mut form = browser.form(|form: &Form| form.has_kind("password"));
    form.fill_kind("email", &format!("{name}@example.org")).fill_kind("password", Client::PASSWORD);
    browser.submit(&form).await;
    browser
}

on_both! {
    async fn somebody_is_invited_joins_and_sees_what_is_shared(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let made = asha.create(&monthly("Netflix")).await;
        let there = join(&asha, &ravi, "editor").await;
        assert_eq!(there.subscription(&made.id).await.name, "Netflix");
        assert_eq!(me(&there).await["household_id"], me(&asha).await["household_id"]);
        assert_eq!(me(&there).await["access"], "editor");
        // Without the header everybody is at home.
        ravi.get(&format!("/v1/subscriptions/{}", made.id)).await.problem(404);
        assert_eq!(me(&ravi).await["access"], "owner");
        let added = there.create(&monthly("Spotify")).await;
        assert_eq!(asha.subscription(&added.id).await.name, "Spotify");
        let homes = ravi.get("/v1/households").await.expect(200).value();
        let own: Vec<_> = homes["data"].as_array().unwrap().iter().map(|home| home["own"].clone()).collect();
        assert_eq!(own, [json!(true), json!(false)]);
        app.finish().await;
    }

    async fn an_invitation_is_good_for_one_person_and_a_week(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let (ravi, eve) = (app.member("ravi").await, app.member("eve").await);
        let issue = async || asha.post("/v1/invitations", &json!({"access": "viewer"})).await.expect(201).value();
        let (first, second, third) = (issue().await, issue().await, issue().await);
        let accept = async |who: &Client, issued: &Value| {
            who.post("/v1/invitations/accept", &json!({"token": issued["token"]})).await
        };
        accept(&ravi, &first).await.expect(200);
        // Again by the same person: nothing changes. By another: it is used up.
        accept(&ravi, &first).await.expect(200);
        accept(&eve, &first).await.problem(404);
        accept(&ravi, &second).await.problem(409);
        asha.delete(&format!("/v1/invitations/{}", second["id"].as_str().unwrap())).await.expect(204);
        accept(&eve, &second).await.problem(404);
        accept(&eve, &json!({"token": "pin_nothing"})).await.problem(404);
        // The list tells what is open, and no secret.
        let open = asha.get("/v1/invitations").await.expect(200);
        assert!(!open.text().contains(third["token"].as_str().unwrap()));
        assert_eq!(open.value()["data"].as_array().unwrap().len(), 1);
        app.stop().await;

        let app = setup.start_at("2026-05-12T06:45:00Z").await;
        let eve = app.visitor().log_in("eve@example.org").await;
        eve.post("/v1/invitations/accept", &json!({"token": third["token"]})).await.problem(404);
        app.finish().await;
    }

    async fn of_many_who_accept_one_invitation_at_once_one_is_let_in(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let issued = asha.post("/v1/invitations", &json!({"access": "viewer"})).await.expect(201).value();
        let mut guests = Vec::new();
        for name in ["one", "two", "three", "four"] {
            guests.push(app.member(name).await);
        }
        let asked = guests.into_iter().map(|guest| {
            let token = issued["token"].clone();
            async move { guest.post("/v1/invitations/accept", &json!({"token": token})).await }
        });
        assert_eq!(crate::at_once(asked).await, [200, 404, 404, 404]);
        app.finish().await;
    }

    async fn a_viewer_may_change_nothing(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let made = asha.create(&monthly("Netflix")).await;
        let there = join(&asha, &ravi, "viewer").await;
        assert_eq!(there.subscription(&made.id).await, made);
        let hers = member_id(&asha).await;
        for (method, path) in unsafe_requests(&app).await {
            if OWN.contains(&format!("{method} {path}").as_str()) {
                continue;
            }
            // Whatever is asked of whichever: it is refused before anything is looked at.
            let address = path.replace("{id}", &made.id);
            let request = there.request(method.clone(), &address).json(&json!({}));
            let problem = Answer::of(request).await.unwrap().problem(403);
            assert!(problem.detail.contains("look at everything"), "{method} {path}: {}", problem.detail);
        }
        there.delete(&format!("/v1/members/{hers}")).await.problem(403);
        let household = me(&asha).await["household_id"].as_str().unwrap().to_owned();
        there.patch(&format!("/v1/households/{household}"), &json!({"name": "Mine"})).await.problem(403);
        assert_eq!(asha.subscription(&made.id).await, made);
        let mut browser = signed_in(&app, "ravi").await;
        let mut form = browser.form(|form| form.action.ends_with("/household/switch") && form.has_kind("select"));
        form.fill("household", &household);
        browser.submit(&form).await;
        browser.visit("/subscriptions/new").await;
        assert_eq!(browser.status(), 403, "{}", browser.text());
        assert!(browser.text().contains("look at everything"), "{}", browser.text());
        // What is one's own stays one's own.
        there.patch("/v1/me", &json!({"name": "Ravi"})).await.expect(200);
        app.finish().await;
    }

    async fn a_viewer_is_offered_no_form_and_may_send_none(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let made = asha.create(&with(monthly("Netflix"), "first_charge_on", json!("2026-04-10"))).await;
        asha.create(&with(monthly("Rent"), "auto_renew", json!(false))).await;
        asha.post("/v1/tags", &json!({"name": "Fun"})).await.expect(201);
        asha.post("/v1/budgets", &json!({"amount": {"amount": "900.00", "currency": "INR"}})).await.expect(201);
        asha.post("/v1/calendar-feeds", &json!({"name": "Phone"})).await.expect(201);
        asha.put("/v1/rates/USD/INR", &json!({"rate": "84.5", "since": "2026-01-01"})).await.expect(200);
        join(&asha, &ravi, "viewer").await;
        let household = me(&asha).await["household_id"].as_str().unwrap().to_owned();
        let payment = asha.payments(&made.id).await[0].id.clone();
        let (subscription, payment) = (format!("/subscriptions/{}", made.id), format!("/payments/{payment}"));

        // Every form that whoever may change everything finds.
        let mut hers = signed_in(&app, "asha").await;
        let looks = [
            "/dashboard", "/subscriptions", "/subscriptions/sorting", &subscription, "/payments", &payment,
            "/figures", "/figures/outlook", "/calendar", "/budgets", "/rates", "/reminders", "/balances",
            "/calendar/feeds", "/import", "/export",
        ];
        let changes = [
            "/add".to_owned(), "/add/list".into(), "/subscriptions/new".into(), format!("{subscription}/edit"),
            format!("{subscription}/sharing"), format!("{subscription}/cancel"), format!("{subscription}/delete"),
            format!("{subscription}/payments/new"),
        ];
        let mut found: Vec<Form> = Vec::new();
        for path in looks.into_iter().chain(changes.iter().map(String::as_str)) {
            hers.visit(path).await;
            assert_eq!(hers.status(), 200, "{path}: {}", hers.text());
            let here = hers.path().to_owned();
            for mut form in hers.forms() {
                if form.action.is_empty() {
                    form.action.clone_from(&here);
                }
                if !is_own(&form) && !found.iter().any(|known| known.action == form.action) {
                    found.push(form);
                }
            }
        }
        let actions: Vec<_> = found.iter().map(|form| form.action.as_str()).collect();
        for sure in ["/add", "/add/list", "/subscriptions", "/subscriptions/bulk", "/budgets", "/rates", "/import", "/calendar/feeds"] {
            assert!(actions.contains(&sure), "{sure}: {actions:?}");
        }
        assert!(actions.len() > 20, "{actions:?}");

        let mut his = signed_in(&app, "ravi").await;
        let mut form = his.form(|form| form.action.ends_with("/household/switch") && form.has_kind("select"));
        form.fill("household", &household);
        his.submit(&form).await;
        for path in looks {
            his.visit(path).await;
            assert_eq!(his.status(), 200, "{path}: {}", his.text());
            let offered: Vec<_> = his.forms().into_iter().filter(|form| !is_own(form)).collect();
            assert_eq!(offered, [], "on {path}");
            for link in ["href=\"/add\"", "href=\"/subscriptions/new\"", "/edit\"", "/payments/new\""] {
                assert!(!his.html().contains(link), "{link} on {path}");
            }
        }
        for path in &changes {
            his.visit(path).await;
            assert_eq!(his.status(), 403, "{path}");
        }
        for form in &found {
            his.submit(form).await;
            assert_eq!(his.status(), 403, "{}: {}", form.action, his.text());
            assert!(his.text().contains("look at everything"), "{}", form.action);
        }
        assert_eq!(asha.subscription(&made.id).await, made);
        app.finish().await;
    }

    async fn figures_are_seen_as_ours_as_mine_and_by_member(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let (hers, his) = (member_id(&asha).await, member_id(&there).await);
        let since = |name: &str| with(monthly(name), "first_charge_on", json!("2026-03-05"));
        let by_two = json!([{"member_id": hers, "weight": 2}, {"member_id": his, "weight": 1}]);
        let shared = with(with(since("Rent"), "payer_id", json!(hers)), "shares", by_two);
        asha.create(&shared).await;
        asha.create(&with(since("Phone"), "payer_id", json!(his))).await;
        asha.create(&since("Common")).await;
        asha.create(&with(since("Secret"), "private", json!(true))).await;
        let total = async |who: &Client, path: &str| -> i64 {
            let found = who.get(path).await.expect(200).value();
            let sum = found.get("sum").or_else(|| found["months"][1].get("sum")).unwrap_or(&Value::Null).clone();
            sum["total"]["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
        };
        let spending = "/v1/analytics/spending?by=member&months=3";
        // Each sees what is common and what is private of their own: his parts and hers make up what both see.
        let ours = total(&there, spending).await;
        assert_eq!(ours, 3 * 3 * 49_900);
        let groups = there.get(spending).await.expect(200).value()["groups"].as_array().unwrap().clone();
        let parts: Vec<i64> = groups
            .iter()
            .map(|group| group["sum"]["total"]["amount"].as_str().unwrap().replace('.', "").parse().unwrap())
            .collect();
        assert_eq!(parts.iter().sum::<i64>(), ours);
        let of = |id: &str| groups.iter().position(|group| group["key"] == id).map(|at| parts[at]).unwrap();
        for (who, id, private) in [(&there, &his, 0), (&asha, &hers, 3 * 49_900)] {
            for by in ["category", "member", "month", "subscription"] {
                let mine = total(who, &format!("/v1/analytics/spending?by={by}&months=3&view=mine")).await;
                assert_eq!(mine, of(id) + private, "by {by}");
            }
        }
        // 499.00 a month by 2 to 1 is 332.67 and 166.33; the common one 249.50 each.
        assert_eq!((of(&hers), of(&his)), (3 * (33_267 + 24_950), 3 * (16_633 + 49_900 + 24_950)));
        for (path, his_part) in [
            ("/v1/analytics/forecast?months=2&view=mine", 16_633 + 49_900 + 24_950),
            ("/v1/calendar?from=2026-04-01&to=2026-04-30&view=mine", 16_633 + 49_900 + 24_950),
        ] {
            assert_eq!(total(&there, path).await, his_part, "{path}");
        }
        let mut browser = signed_in(&app, "asha").await;
        for path in ["/figures?view=mine", "/figures/outlook?view=mine", "/calendar?view=mine", "/figures?by=member"] {
            browser.visit(path).await;
            assert_eq!(browser.status(), 200, "{path}");
            assert!(browser.text().contains("Mine"), "{path}: {}", browser.text());
        }
        app.finish().await;
    }

    async fn only_owners_decide_who_belongs_to_it(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let hers = member_id(&asha).await;
        there.post("/v1/members", &json!({"name": "Baba"})).await.problem(403);
        there.post("/v1/invitations", &json!({"access": "owner"})).await.problem(403);
        there.get("/v1/invitations").await.problem(403);
        there.patch(&format!("/v1/members/{hers}"), &json!({"access": "viewer"})).await.problem(403);
        there.delete(&format!("/v1/members/{hers}")).await.problem(403);
        let own = member_id(&there).await;
        there.patch(&format!("/v1/members/{own}"), &json!({"access": "owner"})).await.problem(403);
        app.finish().await;
    }

    async fn the_last_owner_neither_leaves_nor_is_demoted(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let (hers, his) = (member_id(&asha).await, member_id(&there).await);
        let (hers, his) = (format!("/v1/members/{hers}"), format!("/v1/members/{his}"));
        asha.patch(&hers, &json!({"access": "editor"})).await.problem(409);
        asha.delete(&hers).await.problem(409);
        // With another owner she can hand it over, but not leave her home.
        asha.patch(&his, &json!({"access": "owner"})).await.expect(200);
        asha.patch(&hers, &json!({"access": "editor"})).await.expect(200);
        asha.delete(&hers).await.problem(409);
        eventually("he is known as an owner", async || {
            (there.post("/v1/members", &json!({"name": "Baba"})).await.status() == 201).then_some(())
        })
        .await;
        there.delete(&his).await.problem(409);
        app.finish().await;
    }

    async fn of_two_owners_who_step_back_at_once_one_stays(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "owner").await;
        let (hers, his) = (member_id(&asha).await, member_id(&there).await);
        let asked = [(asha.clone(), hers), (there, his)].into_iter().map(|(who, id)| async move {
            who.patch(&format!("/v1/members/{id}"), &json!({"access": "editor"})).await
        });
        assert_eq!(crate::at_once(asked).await, [200, 409]);
        app.finish().await;
    }

    async fn whoever_is_put_out_sees_nothing_within_ten_seconds(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        there.get("/v1/subscriptions").await.expect(200);
        let his = member_id(&there).await;
        asha.delete(&format!("/v1/members/{his}")).await.expect(204);
        let begun = std::time::Instant::now();
        eventually("he is out", async || {
            (there.get("/v1/subscriptions").await.status() == 404).then_some(())
        })
        .await;
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
        // He can come back, as the same member.
        let again = join(&asha, &ravi, "viewer").await;
        assert_eq!(member_id(&again).await, his);
        app.finish().await;
    }

    async fn a_member_without_a_log_in_gets_one_by_an_invitation(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let baba = asha.post("/v1/members", &json!({"name": "Baba"})).await.expect(201).value();
        assert_eq!((&baba["user_id"], &baba["access"]), (&Value::Null, &json!("viewer")));
        let path = format!("/v1/members/{}", baba["id"].as_str().unwrap());
        asha.patch(&path, &json!({"access": "editor"})).await.problem(409);
        asha.patch(&path, &json!({"name": " "})).await.problem(422);
        asha.patch(&path, &json!({"name": "Aaji"})).await.expect(200);
        let body = json!({"access": "editor", "member_id": baba["id"]});
        let issued = asha.post("/v1/invitations", &body).await.expect(201).value();
        ravi.post("/v1/invitations/accept", &json!({"token": issued["token"]})).await.expect(200);
        let now = asha.get(&path).await.expect(200).value();
        assert_eq!((&now["user_id"], &now["access"]), (&me(&ravi).await["id"], &json!("editor")));
        asha.post("/v1/invitations", &body).await.problem(409);
        app.finish().await;
    }

    async fn two_owners_who_change_a_member_at_once_lose_nothing(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let baba = asha.post("/v1/members", &json!({"name": "Baba"})).await.expect(201);
        let path = format!("/v1/members/{}", baba.value()["id"].as_str().unwrap());
        let seen = baba.header("etag").to_owned();
        let change = async |name: &str| {
            let request = asha.request(Method::PATCH, &path).header("If-Match", &seen).json(&json!({"name": name}));
            Answer::of(request).await.unwrap()
        };
        change("Aaji").await.expect(200);
        change("Ajoba").await.problem(412);
        assert_eq!(asha.get(&path).await.expect(200).value()["name"], "Aaji");
        app.finish().await;
    }

    async fn another_households_members_and_invitations_are_a_404_for_every_method(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let eve = app.member("eve").await;
        let baba = asha.post("/v1/members", &json!({"name": "Baba"})).await.expect(201).value();
        let issued = asha.post("/v1/invitations", &json!({"access": "viewer"})).await.expect(201).value();
        let household = me(&asha).await["household_id"].as_str().unwrap().to_owned();
        for id in [baba["id"].as_str().unwrap(), &member_id(&asha).await] {
            let path = format!("/v1/members/{id}");
            eve.get(&path).await.problem(404);
            eve.patch(&path, &json!({"access": "viewer"})).await.problem(404);
            eve.delete(&path).await.problem(404);
            eve.post("/v1/invitations", &json!({"access": "viewer", "member_id": id})).await.problem(404);
        }
        eve.delete(&format!("/v1/invitations/{}", issued["id"].as_str().unwrap())).await.problem(404);
        eve.patch(&format!("/v1/households/{household}"), &json!({"name": "Mine"})).await.problem(404);
        for path in ["/v1/me", "/v1/subscriptions", "/v1/members", "/v1/dashboard"] {
            eve.acting_for(&household).get(path).await.problem(404);
        }
        eve.acting_for("hou_nonsense").get("/v1/me").await.problem(404);
        assert_eq!(asha.get("/v1/members").await.expect(200).value()["data"].as_array().unwrap().len(), 2);
        app.finish().await;
    }

    async fn somebody_without_an_account_follows_the_link_registers_and_joins(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        asha.create(&monthly("Netflix")).await;
        asha.patch("/v1/me", &json!({"name": "Asha"})).await.expect(200);
        let issued = asha.post("/v1/invitations", &json!({"access": "editor"})).await.expect(201).value();
        let url = issued["url"].as_str().unwrap();
        let link = &url[url.find("/invitations/").unwrap()..];

        let mut browser = Browser::open(app.base());
        browser.visit(link).await;
        assert!(browser.text().contains("Asha’s household"), "{}", browser.text());
        browser.visit(&format!("/register?next={link}")).await;
        let mut form = browser.form(|form: &Form| form.has_kind("password"));
        form.fill_kind("email", "ravi@example.org").fill_kind("password", Client::PASSWORD);
        browser.submit(&form).await;
        assert_eq!(browser.path(), link, "{}", browser.text());
        let form = browser.form(|form| form.method == "post" && form.action.ends_with(link));
        browser.submit(&form).await;
        assert_eq!((browser.status(), browser.path()), (200, "/household"), "{}", browser.text());
        browser.visit("/subscriptions").await;
        assert!(browser.text().contains("Netflix"), "{}", browser.text());

        // And home again.
        browser.visit("/household").await;
        let mut form = browser.form(|form| form.action.ends_with("/household/switch") && form.has_kind("select"));
        let own = me(&app.visitor().log_in("ravi@example.org").await).await["household_id"].clone();
        form.fill("household", own.as_str().unwrap());
        browser.submit(&form).await;
        browser.visit("/subscriptions").await;
        assert!(browser.text().contains("Nothing tracked yet"), "{}", browser.text());
        // The link is used up.
        let mut other = Browser::open(app.base());
        other.visit(link).await;
        assert_eq!(other.status(), 404);
        app.finish().await;
    }

    async fn what_is_private_is_nobody_elses_figure(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        asha.create(&monthly("Netflix")).await;
        let gift = asha.create(&with(monthly("Surprise"), "private", json!(true))).await;
        let path = format!("/v1/subscriptions/{}", gift.id);
        there.get(&path).await.problem(404);
        there.patch(&path, &json!({"private": false})).await.problem(404);
        there.delete(&path).await.problem(404);
        there.get(&format!("{path}/payments")).await.problem(404);
        assert_eq!(there.subscriptions().await.len(), 1);
        assert_eq!(asha.subscriptions().await.len(), 2);
        let per_month = async |client: &Client| {
            client.get("/v1/dashboard").await.expect(200).value()["totals"]["per_month"]["amount"].clone()
        };
        assert_eq!((per_month(&there).await, per_month(&asha).await), (json!("499.00"), json!("998.00")));
        // Only whoever added one keeps it to themselves.
        let open = asha.create(&monthly("Spotify")).await;
        let hide = there.patch(&format!("/v1/subscriptions/{}", open.id), &json!({"private": true})).await;
        assert_eq!(hide.problem(422).pointers(), ["/private"]);
        app.finish().await;
    }

    async fn a_members_budget_takes_in_their_part_and_what_they_keep_to_themselves(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let (hers, his) = (member_id(&asha).await, member_id(&there).await);
        let by_two = json!([{"member_id": hers, "weight": 2}, {"member_id": his, "weight": 1}]);
        asha.create(&with(monthly("Rent"), "shares", by_two)).await;
        there.create(&with(monthly("Secret"), "private", json!(true))).await;
        let limit = json!({"amount": {"amount": "400.00", "currency": "INR"}, "member_id": his});
        let made = asha.post("/v1/budgets", &limit).await.expect(201);
        assert_eq!(made.value()["member_id"], json!(his));
        asha.post("/v1/budgets", &json!({"amount": {"amount": "9000.00", "currency": "INR"}})).await.expect(201);
        let spent = async |who: &Client| -> Vec<Value> {
            let budgets = who.get("/v1/budgets").await.expect(200).value()["data"].clone();
            budgets.as_array().unwrap().iter().map(|budget| budget["spent"]["total"]["amount"].clone()).collect()
        };
        // A third of 499.00; and his own, of which nobody else sees what it adds.
        assert_eq!(spent(&asha).await, ["166.33", "499.00"]);
        assert_eq!(spent(&there).await, ["665.33", "499.00"]);
        let told = async |who: &Client| {
            let told = who.get("/v1/notifications").await.expect(200).value()["data"].clone();
            told.as_array().unwrap().iter().filter(|each| each["kind"] == "budget_passed").count()
        };
        // Budgets are looked at whenever money has moved.
        there.create(&monthly("Phone")).await;
        eventually("what is told of his budget", async || (told(&ravi).await == 1).then_some(())).await;
        assert_eq!(told(&asha).await, 0);
        let nobody = with(limit.clone(), "member_id", json!("mem_01890a5d-ac96-774b-bcce-b302099a8057"));
        assert_eq!(asha.post("/v1/budgets", &nobody).await.problem(422).pointers(), ["/member_id"]);
        let mut browser = signed_in(&app, "asha").await;
        browser.visit("/budgets").await;
        assert!(browser.text().contains("ravi’s part") && browser.text().contains("Everybody’s"), "{}", browser.text());
        // Who has left has no budget here any more.
        asha.delete(&format!("/v1/members/{his}")).await.expect(204);
        eventually("his budget goes with him", async || (spent(&asha).await.len() == 1).then_some(())).await;
        app.finish().await;
    }

    async fn what_is_shared_is_owed_and_settled(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let (hers, his) = (member_id(&asha).await, member_id(&there).await);
        let shares = json!([{"member_id": hers, "weight": 1}, {"member_id": his, "weight": 2}]);
        let body = with(with(monthly("Netflix"), "payer_id", json!(hers)), "shares", shares.clone());
        let made = asha.post("/v1/subscriptions", &body).await.expect(201).value();
        assert_eq!((&made["payer_id"], &made["shares"]), (&json!(hers), &shares));

        let balances = there.get("/v1/balances").await.expect(200).value()["data"].clone();
        let transfer = &balances[0]["transfers"][0];
        assert_eq!((&transfer["from_member_id"], &transfer["to_member_id"]), (&json!(his), &json!(hers)));
        assert_eq!(transfer["amount"], json!({"amount": "332.66", "currency": "INR"}));
        let view = async |client: &Client, view: &str| {
            let figures = client.get(&format!("/v1/dashboard?view={view}")).await.expect(200).value();
            figures["totals"]["paid_this_month"]["amount"].as_str().unwrap().to_owned()
        };
        assert_eq!(view(&asha, "ours").await, "499.00");
        assert_eq!((view(&asha, "mine").await, view(&there, "mine").await), ("166.34".into(), "332.66".into()));
        asha.get("/v1/dashboard?view=theirs").await.problem(422);

        let paid = json!({"from_member_id": his, "to_member_id": hers, "amount": {"amount": "332.66", "currency": "INR"}});
        let settled = there.post("/v1/settlements", &paid).await.expect(201);
        let place = settled.header("location").to_owned();
        assert!(asha.get("/v1/balances").await.expect(200).value()["data"].as_array().unwrap().is_empty());
        let again = with(with(paid.clone(), "to_member_id", json!(his)), "paid_on", json!("2026-05-06"));
        assert_eq!(there.post("/v1/settlements", &again).await.problem(422).pointers(), ["/to_member_id", "/paid_on"]);

        let eve = app.member("eve").await;
        eve.get(&place).await.problem(404);
        eve.delete(&place).await.problem(404);
        eve.post("/v1/settlements", &paid).await.problem(422);
        assert!(eve.get("/v1/settlements").await.expect(200).value()["data"].as_array().unwrap().is_empty());
        asha.delete(&place).await.expect(204);
        asha.get(&place).await.problem(404);
        assert_eq!(there.get("/v1/balances").await.expect(200).value()["data"].as_array().unwrap().len(), 1);

        // Whoever leaves shares nothing more; what they owe stays.
        asha.delete(&format!("/v1/members/{his}")).await.expect(204);
        let path = format!("/v1/subscriptions/{}", made["id"].as_str().unwrap());
        eventually("he shares it no more", async || {
            let shares = asha.get(&path).await.expect(200).value()["shares"].clone();
            (shares == json!([{"member_id": hers, "weight": 1}])).then_some(())
        })
        .await;
        assert_eq!(asha.get("/v1/balances").await.expect(200).value()["data"][0]["transfers"], balances[0]["transfers"]);
        app.finish().await;
    }

    async fn a_members_calendar_tells_of_their_part_and_of_nothing_that_others_keep_to_themselves(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let (hers, his) = (member_id(&asha).await, member_id(&there).await);
        let by_two = json!([{"member_id": hers, "weight": 2}, {"member_id": his, "weight": 1}]);
        asha.create(&with(monthly("Rent"), "shares", by_two)).await;
        asha.create(&with(monthly("Gym"), "payer_id", json!(hers))).await;
        asha.create(&with(monthly("Secret"), "private", json!(true))).await;
        let read = async |member: &str| {
            let wish = json!({"name": "A part", "member_id": member});
            let feed = asha.post("/v1/calendar-feeds", &wish).await.expect(201).value();
            assert_eq!(feed["member_id"], json!(member));
            app.visitor().get(feed["path"].as_str().unwrap()).await.expect(200).text()
        };
        let (his_part, her_part) = (read(&his).await, read(&hers).await);
        assert!(his_part.contains("SUMMARY:Rent · ₹166.33"), "{his_part}");
        assert!(!his_part.contains("Gym") && !his_part.contains("Secret"), "{his_part}");
        for told in ["Rent · ₹332.67", "Gym · ₹499.00", "Secret · ₹499.00"] {
            assert!(her_part.contains(told), "{told}: {her_part}");
        }
        let nobody = json!({"member_id": "mem_01890a5d-ac96-774b-bcce-b302099a8057"});
        assert_eq!(asha.post("/v1/calendar-feeds", &nobody).await.problem(422).pointers(), ["/member_id"]);
        let mut browser = signed_in(&app, "asha").await;
        browser.visit("/calendar/feeds").await;
        assert!(browser.text().contains("Everything · ravi’s part"), "{}", browser.text());
        // With who has left goes what told of them.
        asha.delete(&format!("/v1/members/{his}")).await.expect(204);
        eventually("their calendar goes with them", async || {
            let left = asha.get("/v1/calendar-feeds").await.expect(200).value()["data"].clone();
            (left.as_array().unwrap().len() == 1).then_some(())
        })
        .await;
        app.finish().await;
    }

    async fn whoever_has_left_reads_no_calendar_and_leaves_what_they_added_behind(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let made = there.create(&monthly("Gym")).await;
        let secret = there.create(&with(monthly("Secret"), "private", json!(true))).await;
        let feed = there.post("/v1/calendar-feeds", &json!({"name": "Mine"})).await.expect(201).value();
        let path = feed["path"].as_str().unwrap().to_owned();
        assert!(app.visitor().get(&path).await.expect(200).text().contains("SUMMARY:Secret"));
        asha.delete(&format!("/v1/members/{}", member_id(&there).await)).await.expect(204);
        eventually("his calendar reads nothing more", async || {
            (app.visitor().get(&path).await.status() == 404).then_some(())
        })
        .await;
        // She looks after it: it can be kept to herself by whoever looks after it alone.
        asha.get(&format!("/v1/subscriptions/{}", secret.id)).await.problem(404);
        asha.patch(&format!("/v1/subscriptions/{}", made.id), &json!({"private": true})).await.expect(200);
        let again = join(&asha, &ravi, "editor").await;
        again.get(&format!("/v1/subscriptions/{}", made.id)).await.problem(404);
        assert_eq!(again.subscription(&secret.id).await.status, "paused");
        app.finish().await;
    }

    async fn two_people_who_edit_at_once_lose_nothing(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let ravi = app.member("ravi").await;
        let there = join(&asha, &ravi, "editor").await;
        let made = asha.create(&monthly("Netflix")).await;
        let path = format!("/v1/subscriptions/{}", made.id);
        let seen = asha.get(&path).await.expect(200).header("etag").to_owned();
        assert_eq!(there.get(&path).await.expect(200).header("etag"), seen);
        let change = async |who: &Client, body: Value| {
            let request = who.request(Method::PATCH, &path).header("If-Match", &seen).json(&body);
            Answer::of(request).await.unwrap()
        };
        change(&there, json!({"notes": "Ravi was here"})).await.expect(200);
        change(&asha, json!({"notes": "Asha was here"})).await.problem(412);
        assert_eq!(asha.get(&path).await.expect(200).value()["notes"], "Ravi was here");

        // On the pages: what was typed comes back beside what it is now.
        let mut browser = Browser::open(app.base());
        browser.visit("/login").await;
        let mut form = browser.form(|form: &Form| form.has_kind("password"));
        form.fill_kind("email", "asha@example.org").fill_kind("password", Client::PASSWORD);
        browser.submit(&form).await;
        browser.visit(&format!("/subscriptions/{}/sharing", made.id)).await;
        let mut form = browser.form(|form| form.action.ends_with("/sharing"));
        form.fill("payer", &member_id(&asha).await);
        there.patch(&path, &json!({"notes": "Ravi was here again"})).await.expect(200);
        browser.submit(&form).await;
        assert_eq!(browser.status(), 412, "{}", browser.text());
        assert!(browser.text().contains("It was changed meanwhile"), "{}", browser.text());
        assert_eq!(asha.get(&path).await.expect(200).value()["payer_id"], Value::Null);
        let form = browser.form(|form| form.action.ends_with("/sharing"));
        browser.submit(&form).await;
        assert_eq!(asha.get(&path).await.expect(200).value()["payer_id"], json!(member_id(&asha).await));
        assert_eq!(asha.get(&path).await.expect(200).value()["notes"], "Ravi was here again");
        app.finish().await;
    }
}
