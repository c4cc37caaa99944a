//! Every mocked page is rendered and read: what the macros promise holds on all of them, awkward data included.
#![expect(clippy::unwrap_used, reason = "a test stops where what it needs is not there")]

use std::collections::HashSet;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use tower::ServiceExt;

#[path = "../examples/gallery/pages.rs"]
mod pages;

async fn rendered(render: pages::Page) -> String {
    let response = render().unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

async fn every_page() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (name, render) in pages::PAGES {
        all.push((name, rendered(render).await));
    }
    all
}

async fn page_named(wanted: &str) -> String {
    let (_, render) = pages::PAGES.into_iter().find(|(name, _)| *name == wanted).unwrap();
    rendered(render).await
}

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let opening = format!(" {attribute}=\"");
    html.split(opening.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn no_page_needs_an_exception_from_a_strict_policy() {
    for (name, html) in every_page().await {
        assert!(!html.contains(" style="), "{name}: a style attribute");
        assert!(!html.contains("<style"), "{name}: an inline style sheet");
        assert!(!html.contains(" onclick=") && !html.contains(" onsubmit="), "{name}: an inline handler");
        assert_eq!(html.matches("<script").count(), 1, "{name}: an inline script");
        assert!(html.contains("<script type=\"module\" src=\"/assets/"), "{name}");
    }
}

#[tokio::test]
async fn markup_in_what_people_typed_is_shown_and_never_obeyed() {
    for name in ["dashboard", "subscriptions", "detail-awkward", "edit-wrong", "signup-wrong"] {
        let html = page_named(name).await;
        assert!(!html.contains("<b>Donau") && !html.contains("<script>alert"), "{name}");
        assert!(html.contains("&#60;b&#62;Donau") || html.contains("&#60;script&#62;"), "{name}");
    }
}

#[tokio::test]
async fn every_page_has_one_heading_landmarks_and_a_way_past_the_navigation() {
    for (name, html) in every_page().await {
        for once in ["<h1", "<main ", "id=\"content\"", "href=\"#content\""] {
            assert_eq!(html.matches(once).count(), 1, "{name}: {once}");
        }
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en"), "{name}");
    }
}

#[tokio::test]
async fn every_id_is_unique_and_every_reference_leads_to_one() {
    for (name, html) in every_page().await {
        let ids = values(&html, "id");
        let known: HashSet<_> = ids.iter().copied().collect();
        assert_eq!(known.len(), ids.len(), "{name}: an id twice");
        let references = ["for", "aria-describedby", "aria-labelledby", "data-confirm"]
            .into_iter()
            .flat_map(|attribute| values(&html, attribute))
            .flat_map(str::split_whitespace);
        let fragments = values(&html, "href").into_iter().filter_map(|href| href.strip_prefix('#'));
        for id in references.chain(fragments) {
            assert!(known.contains(id), "{name}: nothing is called {id}");
        }
    }
}

#[tokio::test]
async fn every_wrong_answer_is_marked_explained_and_linked_from_the_summary() {
    for (name, wrong) in [("signup-wrong", 3), ("edit-wrong", 11)] {
        let html = page_named(name).await;
        assert_eq!(html.matches("aria-invalid=\"true\"").count(), wrong, "{name}");
        assert_eq!(html.matches("<p class=\"error\"").count(), wrong, "{name}");
        assert!(html.contains(&format!("{wrong} things need another look")), "{name}");
        assert_eq!(html.matches("<li><a href=\"#field-").count(), wrong, "{name}");
    }
}

#[tokio::test]
async fn a_password_is_never_sent_back() {
    let html = page_named("signup-wrong").await;
    let input = html.split("<input").find(|input| input.contains("type=\"password\"")).unwrap();
    assert!(!input.split('>').next().unwrap().contains("value="));
}

#[tokio::test]
async fn amounts_follow_the_reader_and_names_keep_their_own_direction() {
    let indian = page_named("dashboard-large").await;
    assert!(indian.contains("₹90,00,00,00,000.00") && indian.contains("≈ <span class=\"money\">₹931.00"));
    let german = page_named("dashboard-german").await;
    assert!(german.contains("90.000.000.000,00\u{a0}₹") && german.contains("39,99\u{a0}AED"));
    assert!(
        indian.contains("<bdi>شاهد VIP</bdi>") && indian.contains(">🎧") == indian.contains("Pocket Casts")
    );
}

#[tokio::test]
async fn a_chosen_theme_and_the_current_place_are_marked() {
    assert!(page_named("dashboard-dark").await.contains("data-theme=\"dark\""));
    let html = page_named("settings").await;
    assert!(html.contains("href=\"/settings\" aria-current=\"page\""));
    assert_eq!(html.matches("aria-current=\"page\"").count(), 1);
}

async fn asset(path: &str) -> axum::response::Response {
    let router: Router = web::assets();
    router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn every_asset_a_page_names_is_served_for_good() {
    let html = page_named("dashboard").await;
    let links: HashSet<_> = ["href", "src"]
        .into_iter()
        .flat_map(|attribute| values(&html, attribute))
        .filter(|link| link.starts_with("/assets/"))
        .filter_map(|link| link.split('#').next())
        .collect();
    assert_eq!(links.len(), 6);
    for link in links {
        let response = asset(link).await;
        assert_eq!(response.status(), StatusCode::OK, "{link}");
        assert_eq!(
            response.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable",
            "{link}"
        );
    }
    assert_eq!(
        asset(&web::asset_url("perennial.js")).await.headers()[header::CONTENT_TYPE],
        "text/javascript; charset=utf-8"
    );
}

#[tokio::test]
async fn what_is_asked_under_another_versions_address_is_not_kept() {
    let response = asset("/assets/0123456789abcdef/perennial.css").await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    assert_eq!(asset(&web::asset_url("nothing.css")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_symbol_a_page_shows_is_in_the_sprite() {
    let sprite = to_bytes(asset(&web::asset_url("icons.svg")).await.into_body(), usize::MAX).await.unwrap();
    let drawn: HashSet<_> =
        values(std::str::from_utf8(&sprite).unwrap(), "id").into_iter().map(str::to_owned).collect();
    for (name, html) in every_page().await {
        for symbol in values(&html, "href").into_iter().filter_map(|href| href.split_once("icons.svg#")) {
            assert!(drawn.contains(symbol.1), "{name}: no symbol {}", symbol.1);
        }
    }
}
