//! Every template with what nobody would show in a brochure.

use askama::Template;
use contracts::users::{Account, Profile};
use jiff::{
    Timestamp,
    civil::{Date, date, time},
};
use kernel::{Currency, Id, Invalid, Kind};
use platform::http::Page;

use super::{
    add::previewed,
    confirm::{self, ConfirmPage},
    dashboard::Dashboard,
    detail::Detail,
    done::Told,
    edit::overtaken,
    form::Form,
    frame::Frame,
    list::List,
    overtaken::Overtaken,
    sheet::Sheet,
};
use crate::{
    domain::{Birth, Figures, Payment, Subscription},
    service::{self, Found, Wanted},
};

const TODAY: Date = date(2026, 5, 5);
const MARKUP: &str = "<script>alert(1)</script> & \"Sons\"";
const ARABIC: &str = "شاهد VIP";

fn id<K: Kind>(number: u32) -> Id<K> {
    format!("{}_0197f3c2a5b07c3e8d1f2a3b{number:08x}", K::PREFIX).parse().unwrap()
}

fn birth(number: u32) -> Birth {
    let now: Timestamp = "2026-05-05T06:30:00Z".parse().unwrap();
    Birth { id: id(number), household: id(1), created_by: id(1), today: TODAY, now }
}

fn frame_of(name: &str) -> Frame {
    let profile = Profile {
        name: name.into(),
        locale: "en-IN".parse().unwrap(),
        time_zone: "Asia/Kolkata".parse().unwrap(),
        currency: Currency::INR,
    };
    let account = Account { user: id(1), email: "asha@example.org".into(), profile };
    Frame { account, homes: Vec::new(), currency: Currency::INR, today: TODAY, time: time(8, 30, 0, 0) }
}

fn frame() -> Frame {
    frame_of(MARKUP)
}

fn sheet(name: &str) -> Sheet {
    let begun = Sheet { name: name.into(), amount: "499.00".into(), ..Sheet::default() };
    begun.begun(Currency::INR, TODAY)
}

/// Awkward in every field that takes words.
fn awkward() -> Sheet {
    Sheet {
        plan: MARKUP.into(),
        amount: "90000000000.00".into(),
        first_charge_on: "2024-01-31".into(),
        url: "https://x.example/?a=1&b=2".into(),
        notes: format!("</textarea>{MARKUP}\n{ARABIC}"),
        ..sheet(&"Donaudampfschifffahrtselektrizitäten ".repeat(3))
    }
}

fn made(number: u32, sheet: &Sheet) -> (Subscription, Vec<Payment>) {
    let (subscription, advance) = Subscription::create(sheet.draft(TODAY).unwrap(), birth(number), 1_000);
    let mut payments: Vec<_> = advance
        .charges
        .iter()
        .zip(1..)
        .map(|(charge, number)| charge.payment(id(number), &subscription))
        .collect();
    payments.reverse();
    (subscription, payments)
}

/// One of every status, and one that was bought once.
fn household() -> Vec<(Subscription, Vec<Payment>)> {
    let trial = Sheet { trial_ends_on: "2026-05-19".into(), first_charge_on: String::new(), ..sheet(ARABIC) };
    let abroad = Sheet {
        currency: "JPY".into(),
        amount: "1000".into(),
        every: "45".into(),
        unit: "day".into(),
        ..sheet(MARKUP)
    };
    let once = Sheet { unit: "once".into(), ..sheet("🎧") };
    let mut all: Vec<_> =
        [awkward(), trial, abroad, once, sheet("Paused"), sheet("Cancelled"), sheet("Ended")]
            .iter()
            .zip(1..)
            .map(|(sheet, number)| made(number, sheet))
            .collect();
    all[4].0.pause().unwrap();
    all[5].0.cancel(None, TODAY).unwrap();
    all[6].0.cancel(Some(TODAY), TODAY).unwrap();
    all
}

/// The page, when it keeps to what every page promises.
fn html(page: &impl Template) -> String {
    let html = page.render().unwrap();
    assert!(!html.contains("<script>alert"), "markup was obeyed: {html}");
    for never in [" style=", "<style", " onclick=", " onsubmit=", "</textarea><"] {
        assert!(never == "</textarea><" || !html.contains(never), "{never}");
    }
    assert_eq!(html.matches("<script").count(), 1, "an inline script");
    assert_eq!(html.matches("<h1").count(), 1, "one heading");
    html
}

fn wrong_everywhere() -> Sheet {
    Sheet {
        name: " ".into(),
        plan: MARKUP.repeat(9),
        service: "No Slug".into(),
        amount: "4.999".into(),
        every: "1000".into(),
        unit: "fortnight".into(),
        first_charge_on: "2026-02-30".into(),
        trial_ends_on: "soon".into(),
        ends_on: "1969-01-01".into(),
        category: "streaming".into(),
        url: "javascript:alert(1)".into(),
        notes: "\u{202e}</textarea><script>alert(1)</script>".into(),
        ..sheet("")
    }
}

fn dashboard(subscriptions: &[(Subscription, Vec<Payment>)]) -> Dashboard {
    let (tracked, payments): (Vec<_>, Vec<_>) = subscriptions.iter().cloned().unzip();
    let figures = Figures::on(TODAY, Currency::INR, &tracked, &payments.concat(), 1);
    let frame = frame();
    let household = contracts::users::Household {
        time_zone: frame.account.profile.time_zone.clone(),
        currency: Currency::INR,
        locale: frame.account.profile.locale.clone(),
    };
    let subscriptions = tracked.into_iter().map(|each| (each.id, each)).collect();
    let seen = service::Dashboard { today: TODAY, household: household.into(), figures, subscriptions };
    Dashboard::new(&frame, &seen, &Told::default())
}

fn list(rows: Vec<Subscription>, wanted: &Wanted) -> String {
    let counts = contracts::subscriptions::Status::ALL.map(|status| (status, 1)).to_vec();
    let any = !rows.is_empty() || !wanted.words.is_empty();
    let found = Found { rows, next: None, counts, any, today: TODAY };
    html(&List::new(&frame(), wanted, &found, &Told::default()))
}

fn detail(subscription: &Subscription, payments: Vec<Payment>) -> String {
    let page = Page { data: payments, next_cursor: Some("MQ".into()) };
    html(&Detail::new(&frame(), subscription, &page, true, &Told::default()))
}

#[test]
fn a_dashboard_of_nothing_invites_to_add_the_first() {
    let empty = html(&dashboard(&[]));
    assert!(empty.contains("Nothing tracked yet") && empty.contains("autofocus"));
    assert!(
        html(&Dashboard::new(
            &frame_of(" "),
            &service::Dashboard {
                today: TODAY,
                household: contracts::users::Household {
                    time_zone: "UTC".parse().unwrap(),
                    currency: Currency::INR,
                    locale: "en-IN".parse().unwrap(),
                }
                .into(),
                figures: Figures::on(TODAY, Currency::INR, &[], &[], 3),
                subscriptions: std::collections::HashMap::new(),
            },
            &Told::default(),
        ))
        .contains("<h1>Good morning</h1>")
    );
}

#[test]
fn a_dashboard_shows_currencies_apart_trials_and_what_was_left_out() {
    let full = html(&dashboard(&household()));
    for expected in ["Other currencies", "Trials ending", "Japanese yen", "more charge", ARABIC] {
        assert!(full.contains(expected), "{expected}");
    }
}

#[test]
fn a_list_has_every_status_or_says_that_it_is_empty() {
    let rows: Vec<_> = household().into_iter().map(|(each, _)| each).collect();
    let full = list(rows, &Wanted::default());
    for badge in ["trial", "paused", "cancelled", "ended"] {
        assert!(full.contains(&format!("badge-{badge}")), "{badge}");
    }
    assert!(list(Vec::new(), &Wanted::default()).contains("Nothing tracked yet"));
    let searched = Wanted { words: MARKUP.into(), ..Wanted::default() };
    assert!(list(Vec::new(), &searched).contains("Nothing matches"));
}

#[test]
fn a_detail_offers_what_its_state_allows() {
    let offered = |html: &str| {
        ["pause", "resume", "cancel", "reactivate", "delete"].map(|act| html.contains(&format!("/{act}\"")))
    };
    let expected = [
        [true, false, true, false, true],
        [false, false, true, false, true],
        [true, false, true, false, true],
        [true, false, true, false, true],
        [false, true, true, false, true],
        [false, false, false, true, true],
        [false, false, false, true, true],
    ];
    for ((subscription, payments), expected) in household().into_iter().zip(expected) {
        let page = detail(&subscription, payments);
        assert_eq!(offered(&page), expected, "{:?} {}", subscription.status, subscription.name);
        assert!(page.contains("name=\"version\" value=\"1\""));
    }
}

#[test]
fn every_price_of_a_history_is_named() {
    let (mut subscription, payments) = made(1, &sheet("Netflix"));
    let rise =
        Sheet { amount: "649.00".into(), price_from: "2026-07-01".into(), ..Sheet::of(&subscription, TODAY) };
    subscription.edit(rise.change(&subscription).unwrap(), TODAY).unwrap();
    let page = detail(&subscription, payments);
    assert!(page.contains("To come") && page.contains("₹150.00 more") && page.contains("another price"));
}

#[test]
fn a_wrong_form_says_what_is_wrong_at_every_field_and_keeps_what_was_typed() {
    let sheet = wrong_everywhere();
    let wrong = sheet.draft(TODAY).unwrap_err();
    let page = html(&Form::adding(&frame(), sheet.clone(), &wrong));
    for field in [
        "name",
        "plan",
        "amount",
        "every",
        "unit",
        "first_charge_on",
        "trial_ends_on",
        "ends_on",
        "category",
        "url",
        "notes",
    ] {
        assert!(page.contains(&format!("id=\"field-{field}-error\"")), "{field}");
    }
    assert!(page.contains("value=\"4.999\"") && page.contains("value=\"2026-02-30\""));
    let (current, _) = made(1, &awkward());
    let wrong = sheet.change(&current).unwrap_err();
    let page = html(&Form::editing(&frame(), &current, sheet, &wrong));
    assert!(page.contains("things need another look") && page.contains("Price in INR"));
}

#[test]
fn a_wrong_currency_is_named_at_its_field() {
    let sheet = Sheet { currency: "XXQ".into(), ..sheet("Netflix") };
    let wrong = sheet.draft(TODAY).unwrap_err();
    assert!(html(&Form::adding(&frame(), sheet, &wrong)).contains("id=\"field-currency-error\""));
}

#[test]
fn a_preview_shows_five_dates_and_saves_nothing() {
    let sheet = Sheet { first_charge_on: "2026-01-31".into(), ..sheet("Netflix") };
    let draft = sheet.draft(TODAY).unwrap();
    let page = html(&previewed(&frame(), sheet, draft, birth(1)));
    for day in ["31 May", "30 Jun", "31 Jul", "31 Aug", "30 Sep"] {
        assert!(page.contains(day), "{day}");
    }
    assert!(!page.contains("31 Oct") && page.contains("4 earlier dates are entered as paid"));
}

#[test]
fn a_form_shows_what_is_there_and_changes_nothing_by_being_saved() {
    for (mut subscription, _) in household() {
        let before = subscription.clone();
        let sheet = Sheet::of(&subscription, TODAY);
        let page = html(&Form::editing(&frame(), &subscription, sheet.clone(), &Invalid::new()));
        assert!(page.contains("name=\"version\" value=\"1\""));
        let change = sheet.change(&subscription).unwrap();
        let facts = subscription.edit(change, TODAY).unwrap();
        assert_eq!((facts.len(), &subscription), (0, &before), "{}", before.name);
    }
}

#[test]
fn a_form_can_be_filled_in_by_an_address() {
    let told: Sheet =
        serde_json::from_value(serde_json::json!({ "name": "Netflix", "trial_ends_on": "2026-05-19" }))
            .unwrap();
    let begun = told.begun(Currency::INR, TODAY);
    assert_eq!((begun.currency.as_str(), begun.first_charge_on.as_str()), ("INR", ""));
    assert!(html(&Form::adding(&frame(), begun, &Invalid::new())).contains("value=\"2026-05-19\""));
}

#[test]
fn who_was_overtaken_keeps_what_they_typed_and_sees_the_newest_version() {
    let (mut current, _) = made(1, &sheet("Netflix"));
    current.revise("2026-05-05T07:00:00Z".parse().unwrap());
    let typed = Sheet { version: 1, ..sheet("Netflix of mine") };
    let page = html(&overtaken(&frame(), &current, typed));
    assert!(
        page.contains("Netflix of mine")
            && page.contains("value=\"2\"")
            && page.contains("changed meanwhile")
    );
    let page = html(&Overtaken::by_others(&frame(), &current, "pause", "Pause it"));
    assert!(page.contains("/pause\"") && page.contains("name=\"version\" value=\"2\""));
}

#[test]
fn a_question_says_what_follows() {
    let (subscription, _) = made(1, &awkward());
    for confirm in [confirm::cancelling(&frame(), &subscription), confirm::deleting(&subscription)] {
        let shell = frame().shell(MARKUP, web::Tab::Subscriptions);
        let page = ConfirmPage { shell, name: MARKUP.into(), confirm };
        assert!(html(&page).contains("name=\"version\" value=\"1\""));
    }
}

#[test]
fn only_what_we_know_is_told() {
    let told =
        |done: &str| serde_json::from_value::<Told>(serde_json::json!({ "done": done })).unwrap().notice();
    assert!(told("paused").is_some());
    assert!(told(MARKUP).is_none());
}
