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
