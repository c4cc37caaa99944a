//! The pages, in a browser without JavaScript.

use e2e::{Answer, Browser, Client, Form, Setup, on_both};
use reqwest::Method;
use serde_json::json;

use crate::{monthly, with};

async fn sign_up(browser: &mut Browser, email: &str) {
    browser.visit("/register").await;
    let mut form = browser.form(asks_for_password);
    form.fill_kind("email", email).fill_kind("password", Client::PASSWORD);
    browser.submit(&form).await;
    assert_eq!((browser.status(), browser.path()), (200, "/dashboard"), "{}", browser.text());
}

fn asks_for_password(form: &Form) -> bool {
    form.has_kind("password")
}

/// The line in which one types a subscription: the one form that is posted with one line of text in it.
fn quick_add(form: &Form) -> bool {
    form.method == "post" && form.fields.iter().filter(|field| field.kind == "text").count() == 1
}

/// The form with every question about a subscription.
fn whole_form(form: &Form) -> bool {
    form.method == "post" && form.has_kind("select") && form.value("name").is_some()
}

on_both! {
    async fn somebody_signs_up_types_a_sentence_and_sees_it_in_the_list(setup: Setup) {
        let app = setup.start().await;
        let mut browser = Browser::open(app.base());
        sign_up(&mut browser, "asha@example.org").await;

        let mut line = browser.form(quick_add);
        line.fill_kind("text", "Netflix $15.49 monthly");
        browser.submit(&line).await;
        assert_eq!(browser.status(), 200, "{}", browser.text());
        browser.visit("/").await;
        assert!(browser.text().contains("15.49"), "the dashboard: {}", browser.text());
        browser.visit("/subscriptions").await;
        assert!(browser.text().contains("Netflix") && browser.text().contains("15.49"), "{}", browser.text());
        app.stop().await;

        let app = setup.start().await;
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, "/login", "asha@example.org").await;
        browser.visit("/subscriptions").await;
        assert!(browser.text().contains("Netflix"), "{}", browser.text());
        app.finish().await;
    }
}

on_both! {
    async fn a_pasted_list_is_read_line_by_line_and_nothing_is_lost(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, "/login?next=/add/list", "asha@example.org").await;
        assert_eq!((browser.status(), browser.path()), (200, "/add/list"), "{}", browser.text());
        let list = |form: &Form| form.action == "/add/list";

        // Looked at, nothing is added.
        let mut form = browser.form(list);
        form.fill("text", "My subscriptions:\r\n1. Netflix ₹499 monthly\r\n- Spotify ₹119 monthly\r\nNotion monthly\r\n");
        browser.submit(&form).await;
        assert_eq!(browser.status(), 200, "{}", browser.text());
        let text = browser.text();
        for part in ["₹499.00", "₹119.00", "How much is it?", "My subscriptions:"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(asha.subscriptions().await.is_empty());

        // One by itself: the button beside it sends its words with the list.
        let mut form = browser.form(list);
        assert_eq!(browser.html().matches("name=\"only\"").count(), 2, "{}", browser.html());
        assert!(browser.html().contains("name=\"only\" value=\"Spotify ₹119 monthly\""), "{}", browser.html());
        form.press_outside("only", "Spotify ₹119 monthly");
        browser.submit(&form).await;
        let made = asha.subscriptions().await;
        assert_eq!(made.iter().map(|each| each.name.as_str()).collect::<Vec<_>>(), ["Spotify"]);
        assert!(browser.text().contains("Done: 1 line"), "{}", browser.text());

        // All that is clear; what is not stays in the list.
        let mut form = browser.form(list);
        form.press("what", "add");
        browser.submit(&form).await;
        assert_eq!(asha.subscriptions().await.len(), 2, "{}", browser.text());
        let form = browser.form(list);
        let left = form.value("text").unwrap_or_default();
        assert!(left.contains("My subscriptions:") && left.contains("Notion monthly"), "{left}");
        assert!(!left.contains("Netflix") && !left.contains("Spotify"), "{left}");

        // What was asked is answered in the list itself, and a second time asks.
        let mut form = browser.form(list);
        form.fill("text", "Notion ₹800 monthly\nNetflix ₹499 monthly").press("what", "add");
        browser.submit(&form).await;
        assert!(browser.text().contains("Netflix is tracked already"), "{}", browser.text());
        assert_eq!(browser.form(list).value("text"), Some("Netflix ₹499 monthly"));
        let mut form = browser.form(list);
        form.fill("text", "Gym ₹1500 monthly").press("what", "add");
        browser.submit(&form).await;
        assert_eq!(browser.path(), "/dashboard", "all of it was added");
        assert_eq!(asha.subscriptions().await.len(), 4);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_list_that_is_too_long_is_kept_as_it_was_pasted() {
    let app = Setup::sqlite().start().await;
    let mut browser = Browser::open(app.base());
    sign_up(&mut browser, "asha@example.org").await;
    browser.visit("/add/list").await;
    let list = |form: &Form| form.action == "/add/list";
    let long = "Netflix ₹499 monthly\n".repeat(900);
    let mut form = browser.form(list);
    form.fill("text", &long).press("what", "add");
    browser.submit(&form).await;
    assert_eq!(browser.status(), 422, "{}", browser.text());
    assert!(browser.text().contains("20000 bytes"), "{}", browser.text());
    assert_eq!(browser.form(list).value("text").map(str::trim), Some(long.trim()));

    // More lines than are read at once stay in the list.
    let many: Vec<String> = (1..=60).map(|number| format!("Newspaper{number} ₹270 monthly")).collect();
    let mut form = browser.form(list);
    form.fill("text", &many.join("\n")).press("what", "add");
    browser.submit(&form).await;
    let left = browser.form(list);
    let left = left.value("text").unwrap_or_default();
    assert!(left.lines().count() >= 10 && left.ends_with("Newspaper60 ₹270 monthly"), "{left}");
    assert!(browser.text().contains("50 lines are read at once"), "{}", browser.text());
    app.finish().await;
}

#[tokio::test]
async fn what_another_app_shares_is_shown_after_logging_in_and_added_by_a_press() {
    let app = Setup::sqlite().start_at("2026-05-05T06:30:00Z").await;
    let asha = app.member("asha").await;
    let manifest = app.visitor().get("/assets/any/perennial.webmanifest").await.expect(200).value();
    let target = &manifest["share_target"];
    assert_eq!((target["action"].as_str(), target["method"].as_str()), (Some("/add/shared"), Some("GET")));
    let text = target["params"]["text"].as_str().unwrap();
    let shared =
        format!("/add/shared?title=&{text}=Netflix%20%E2%82%B9499%20monthly%0Afrom%20tomorrow%20%26%20on");

    let mut browser = Browser::open(app.base());
    browser.visit(&shared).await;
    assert_eq!(browser.path(), "/login");
    let mut form = browser.form(asks_for_password);
    form.fill_kind("email", "asha@example.org").fill_kind("password", Client::PASSWORD);
    browser.submit(&form).await;
    assert_eq!((browser.status(), browser.path()), (200, "/add/shared"), "{}", browser.text());
    assert!(browser.text().contains("₹499.00"), "{}", browser.text());
    let form = browser.form(|form| form.action == "/add" && form.has_kind("textarea"));
    assert_eq!(form.value("text"), Some("Netflix ₹499 monthly\nfrom tomorrow & on"));
    assert!(asha.subscriptions().await.is_empty(), "it was only looked at");

    browser.submit_from("https://evil.example", &form).await;
    assert_eq!(browser.status(), 403);
    browser.visit(&shared).await;
    let form = browser.form(|form| form.action == "/add" && form.has_kind("textarea"));
    browser.submit(&form).await;
    assert_eq!(asha.subscriptions().await.len(), 1, "{}", browser.text());

    browser.visit("/add/shared?url=").await;
    assert_eq!(browser.path(), "/add");
    app.finish().await;
}

pub(crate) async fn log_in(browser: &mut Browser, path: &str, email: &str) {
    browser.visit(path).await;
    let mut form = browser.form(asks_for_password);
    form.fill_kind("email", email).fill_kind("password", Client::PASSWORD);
    browser.submit(&form).await;
}

#[tokio::test]
async fn a_stranger_is_sent_to_log_in_and_comes_back() {
    let app = Setup::sqlite().start().await;
    app.member("asha").await.create(&monthly("Netflix")).await;
    let mut browser = Browser::open(app.base());
    browser.visit("/subscriptions").await;
    assert_eq!(browser.path(), "/login");
    let mut form = browser.form(asks_for_password);
    form.fill_kind("email", "asha@example.org").fill_kind("password", "not the password");
    browser.submit(&form).await;
    assert!((400..500).contains(&browser.status()), "{}", browser.status());
    let mut form = browser.form(asks_for_password);
    assert_eq!(form.fields.iter().find(|field| field.kind == "email").unwrap().value, "asha@example.org");
    form.fill_kind("password", Client::PASSWORD);
    browser.submit(&form).await;
    assert_eq!((browser.path(), browser.status()), ("/subscriptions", 200));
    assert!(browser.text().contains("Netflix"));
    app.finish().await;
}

#[tokio::test]
async fn a_stranger_is_not_sent_to_another_site_after_logging_in() {
    let app = Setup::sqlite().start().await;
    app.member("asha").await;
    for next in ["https://evil.example/", "//evil.example/", "/%5Cevil.example", "/%09/evil.example"] {
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, &format!("/login?next={next}"), "asha@example.org").await;
        // Being sent away would have stopped the browser already.
        assert_eq!(browser.status(), 200, "{next} led to {}", browser.url());
    }
    app.finish().await;
}

#[tokio::test]
async fn the_whole_form_adds_and_changes_a_subscription() {
    let app = Setup::sqlite().start().await;
    let mut browser = Browser::open(app.base());
    sign_up(&mut browser, "asha@example.org").await;
    browser.visit("/subscriptions/new").await;
    let mut form = browser.form(whole_form);
    form.fill("name", "Chess Club").fill("amount", "4.999");
    browser.submit(&form).await;
    assert!((400..500).contains(&browser.status()), "{}: {}", browser.status(), browser.text());
    let mut form = browser.form(whole_form);
    assert_eq!(form.value("name"), Some("Chess Club"), "what was typed is still there");
    form.fill("amount", "12.50");
    browser.submit(&form).await;
    assert_eq!(browser.status(), 200, "{}", browser.text());
    assert!(browser.text().contains("Chess Club") && browser.text().contains("12.50"), "{}", browser.text());

    let asha = app.visitor().log_in("asha@example.org").await;
    let made = asha.subscriptions().await;
    assert_eq!(made.len(), 1);
    browser.visit(&format!("/subscriptions/{}/edit", made[0].id)).await;
    let mut form = browser.form(whole_form);
    assert_eq!(form.value("amount"), Some("12.50"));
    form.fill("name", "Chess Society");
    browser.submit(&form).await;
    assert!(browser.text().contains("Chess Society"), "{}: {}", browser.status(), browser.text());
    assert_eq!(asha.subscription(&made[0].id).await.name, "Chess Society");
    app.finish().await;
}

#[tokio::test]
async fn what_people_type_is_text_on_every_page() {
    let app = Setup::sqlite().start().await;
    let asha = app.member("asha").await;
    let nasty = r#""><script>alert(1)</script><b onclick='x'>&amp;"#;
    let made = asha.create(&with(monthly(nasty), "notes", json!(nasty))).await;
    let mut browser = Browser::open(app.base());
    log_in(&mut browser, "/login", "asha@example.org").await;
    let own = format!("/subscriptions/{}", made.id);
    for path in ["/", "/subscriptions", &own, &format!("{own}/edit")] {
        browser.visit(path).await;
        assert_eq!(browser.status(), 200, "{path}");
        assert!(
            !browser.html().contains("<script>alert") && !browser.html().contains("<b onclick"),
            "{path}"
        );
    }
    browser.visit(&own).await;
    assert!(browser.text().contains(nasty), "{}", browser.text());
    app.finish().await;
}

#[tokio::test]
async fn a_form_on_another_site_does_nothing_here() {
    let app = Setup::sqlite().start().await;
    let mut browser = Browser::open(app.base());
    sign_up(&mut browser, "asha@example.org").await;
    let mut line = browser.form(quick_add);
    line.fill_kind("text", "Netflix $15.49 monthly");
    browser.submit_from("https://evil.example", &line).await;
    assert_eq!(browser.status(), 403);
    let asha = app.visitor().log_in("asha@example.org").await;
    assert!(asha.subscriptions().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites_and_does_not_open_the_api() {
    let app = Setup::sqlite().start().await;
    app.member("asha").await;
    let mut browser = Browser::open(app.base());
    log_in(&mut browser, "/login", "asha@example.org").await;
    let cookie = browser.set_cookie().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite="), "{cookie}");
    let value = cookie.split(';').next().unwrap();
    let request = app.visitor().request(Method::GET, "/v1/me").header("Cookie", value);
    Answer::of(request).await.unwrap().problem(401);
    app.finish().await;
}

#[tokio::test]
async fn logging_out_ends_what_the_cookie_opens() {
    let app = Setup::sqlite().start().await;
    let mut browser = Browser::open(app.base());
    sign_up(&mut browser, "asha@example.org").await;
    let out = browser.form(|form| form.action.contains("logout"));
    browser.submit(&out).await;
    browser.visit("/subscriptions").await;
    assert_eq!(browser.path(), "/login");
    app.finish().await;
}

#[tokio::test]
async fn a_page_that_is_not_there_is_a_page() {
    let app = Setup::sqlite().start().await;
    let mut browser = Browser::open(app.base());
    sign_up(&mut browser, "asha@example.org").await;
    for path in ["/nowhere", "/subscriptions/sub_01970000000070008000000000000000", "/subscriptions/x"] {
        browser.visit(path).await;
        assert_eq!(browser.status(), 404, "{path}");
        assert!(browser.html().contains("<html"), "{path} answered {}", browser.html());
    }
    app.finish().await;
}
