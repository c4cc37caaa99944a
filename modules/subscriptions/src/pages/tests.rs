//! Every template with what nobody would show in a brochure.

use std::sync::Arc;

use askama::Template;
use contracts::users::{Account, Profile};
use jiff::{
    Timestamp,
    civil::{Date, date, time},
};
use kernel::{Currency, Id, Invalid, Kind, Money};
use platform::http::Page;

use super::{
    add::previewed,
    confirm::{self, ConfirmPage},
    dashboard::Dashboard,
    detail::Detail,
    done::Told,
    edit::overtaken,
    feeds::{Feeds, Wish},
    folds::Offered,
    form::Form,
    frame::Frame,
    list::List,
    more::More,
    overtaken::Overtaken,
    prices::Planned,
    rates::{RatesPage, Seen, Typed},
    reminders::Reminders as RemindersPage,
    sheet::Sheet,
    sorting::SortingPage,
};
use crate::{
    domain::{
        Birth, Category, Converter, Entry, Figures, Label, LabelInput, LabelKind, Name, OwnRate, Payment,
        PaymentState, ReferenceRates, Reminder, ReminderState, Sorting, Subscription, feed::Feed,
        testing::reference,
    },
    service::{self, Filter, Found, Seek, SeenReminder, Wanted},
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
        reminders: contracts::users::Reminders::default(),
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

/// Without a rate.
fn converter() -> Converter {
    Converter::of_one(Currency::INR, TODAY)
}

fn dashboard(subscriptions: &[(Subscription, Vec<Payment>)]) -> Dashboard {
    let (tracked, payments): (Vec<_>, Vec<_>) = subscriptions.iter().cloned().unzip();
    let figures = Figures::on(TODAY, &converter(), &tracked, &payments.concat(), 1);
    let frame = frame();
    let household = contracts::users::Household {
        time_zone: frame.account.profile.time_zone.clone(),
        currency: Currency::INR,
        locale: frame.account.profile.locale.clone(),
        reminders: contracts::users::Reminders::default(),
    };
    let subscriptions = tracked.into_iter().map(|each| (each.id, each)).collect();
    let mut open = payments.concat();
    open.iter_mut().for_each(|payment| payment.state = PaymentState::Due);
    let seen = service::Dashboard {
        today: TODAY,
        household: household.into(),
        figures,
        subscriptions,
        rates_on: None,
        own_rates: false,
        open,
    };
    Dashboard::new(&frame, &seen, &Told::default())
}

fn list(rows: Vec<Subscription>, wanted: &Wanted) -> String {
    let counts = contracts::subscriptions::Status::ALL.map(|status| (status, 1)).to_vec();
    let any = !rows.is_empty() || !wanted.filter.words.is_empty();
    let found = Found {
        rows,
        headings: Vec::new(),
        next: None,
        counts,
        any,
        sorting: Sorting::default(),
        today: TODAY,
        converter: converter(),
    };
    html(&List::new(&frame(), wanted, &found, &Told::default()))
}

/// As the sweep recorded it.
fn entry(payment: Payment) -> Entry {
    let recorded_at = "2026-05-05T06:30:00Z".parse().unwrap();
    Entry { payment, recorded_by: None, recorded_at, changed_at: None, version: 1 }
}

fn detail(subscription: &Subscription, payments: Vec<Payment>) -> String {
    let entries = payments.into_iter().map(entry).collect();
    let page = Page { data: entries, next_cursor: Some("MQ".into()) };
    html(&Detail::new(&frame(), (subscription, &Sorting::default()), &page, true, &Told::default()))
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
                    reminders: contracts::users::Reminders::default(),
                }
                .into(),
                figures: Figures::on(TODAY, &converter(), &[], &[], 3),
                subscriptions: std::collections::HashMap::new(),
                rates_on: None,
                own_rates: false,
                open: Vec::new(),
            },
            &Told::default(),
        ))
        .contains("<h1>Good morning</h1>")
    );
}

#[test]
fn a_dashboard_shows_currencies_apart_trials_and_what_was_left_out() {
    let full = html(&dashboard(&household()));
    for expected in [
        "Other currencies",
        "Trials ending",
        "Japanese yen",
        "more charge",
        "To be paid",
        "days late",
        "are due or failed",
        ARABIC,
    ] {
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
    let searched =
        Wanted { filter: Filter { words: MARKUP.into(), ..Filter::default() }, ..Wanted::default() };
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
    let rise = Sheet {
        amount: "649.00".into(),
        price_from: "2026-07-01".into(),
        ..Sheet::of(&subscription, &Sorting::default(), TODAY)
    };
    subscription.edit(rise.change(&subscription).unwrap(), TODAY).unwrap();
    let page = detail(&subscription, payments);
    assert!(page.contains("To come") && page.contains("₹150.00 more") && page.contains("another price"));
}

#[test]
fn a_wrong_form_says_what_is_wrong_at_every_field_and_keeps_what_was_typed() {
    let sheet = wrong_everywhere();
    let wrong = sheet.draft(TODAY).unwrap_err();
    let page = html(&Form::adding(&frame(), &Offered::default(), sheet.clone(), &wrong));
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
    let page = html(&Form::editing(&frame(), (&current, &Offered::default()), sheet, &wrong));
    assert!(page.contains("things need another look") && page.contains("Price in INR"));
}

/// Something in every field that is folded away.
fn more() -> More {
    More {
        price_varies: "true".into(),
        weekend: "after".into(),
        charges_left: "12".into(),
        term_length: "12".into(),
        term_unit: "month".into(),
        renews_for: "1".into(),
        renews_unit: "year".into(),
        notice: "6".into(),
        notice_unit: "week".into(),
        term_from: "2026-01-15".into(),
        links: format!("{MARKUP} https://x.example/?a=1&b=2\nhttps://y.example"),
        account: MARKUP.into(),
        usage: "rarely".into(),
        reminder_days: "7, 1".into(),
        ..More::default()
    }
}

#[test]
fn what_is_folded_away_is_kept_shown_and_not_changed_by_being_saved() {
    let (mut subscription, payments) = made(1, &Sheet { more: more(), ..sheet("Gym") });
    let before = subscription.clone();
    let again = Sheet::of(&subscription, &Sorting::default(), TODAY);
    // The one of no label was given a word for it.
    assert_eq!(again.more.links.lines().last(), Some("Link https://y.example"));
    let page =
        html(&Form::editing(&frame(), (&subscription, &Offered::default()), again.clone(), &Invalid::new()));
    assert_eq!(page.matches("<details class=\"fold\" open>").count(), 4);
    let facts = subscription.edit(again.change(&subscription).unwrap(), TODAY).unwrap();
    assert_eq!((facts.len(), &subscription), (0, &before));
    let page = detail(&subscription, payments);
    for expected in ["Cancel by", "On the Monday after", "11", "Rarely", "7, 1 days ahead", "y.example"] {
        assert!(page.contains(expected), "{expected}");
    }
}

#[test]
fn what_is_wrong_in_a_fold_opens_it_and_is_named() {
    let wrong = More {
        weekend: "sometimes".into(),
        charges_left: "many".into(),
        term_length: String::new(),
        notice: "0".into(),
        term_from: "soon".into(),
        promo_charges: "3".into(),
        payment_method: "card".into(),
        links: "Cancel javascript:alert(1)".into(),
        account: "\u{202e}".into(),
        usage: "daily".into(),
        reminder_days: "61".into(),
        ..more()
    };
    let sheet = Sheet { more: wrong, ..sheet("Gym") };
    let invalid = sheet.draft(TODAY).unwrap_err();
    let page = html(&Form::adding(&frame(), &Offered::default(), sheet, &invalid));
    for field in [
        "weekend",
        "charges_left",
        "notice",
        "term_from",
        "promo_then",
        "payment_method",
        "links",
        "account",
        "usage",
        "reminder_days",
    ] {
        assert!(page.contains(&format!("id=\"field-{field}-error\"")), "{field}");
    }
}

#[test]
fn a_promotion_is_followed_by_the_full_price() {
    let promo = More { promo_charges: "3".into(), promo_then: "499.00".into(), ..More::default() };
    let sheet =
        Sheet { amount: "99.00".into(), first_charge_on: "2026-05-31".into(), more: promo, ..sheet("TV") };
    let (subscription, _) = made(1, &sheet);
    let prices: Vec<_> = subscription
        .charges_from(TODAY)
        .take(4)
        .map(|(on, price)| format!("{on} {}", price.amount_text()))
        .collect();
    assert_eq!(prices, ["2026-05-31 99.00", "2026-06-30 99.00", "2026-07-31 99.00", "2026-08-31 499.00"]);
}

#[test]
fn a_price_for_some_charges_only_goes_back_to_what_it_was() {
    let (mut subscription, _) = made(1, &sheet("TV"));
    let planned = Planned {
        plan_from: "2026-06-05".into(),
        plan_amount: "199.00".into(),
        plan_charges: "2".into(),
        ..Planned::default()
    };
    subscription.plan_prices(&planned.plan(&subscription, TODAY).unwrap(), TODAY).unwrap();
    let prices: Vec<_> =
        subscription.charges_from(date(2026, 5, 6)).take(3).map(|(_, price)| price.amount_text()).collect();
    assert_eq!(prices, ["199.00", "199.00", "499.00"]);
    let wrong = Planned { plan_from: "x".into(), plan_amount: "y".into(), ..Planned::default() };
    assert_eq!(wrong.plan(&subscription, TODAY).unwrap_err().errors().len(), 2);
}

#[test]
fn a_page_of_labels_shows_what_people_type_as_text() {
    let label = |number, kind, name: &str| {
        let input = LabelInput { name: Some(name.into()), ..LabelInput::default() };
        Label::create(uuid::Uuid::from_u128(number), id(1), kind, &input).unwrap()
    };
    let sorting = Sorting::new(vec![
        label(1, LabelKind::Tag, MARKUP),
        label(2, LabelKind::Category, ARABIC),
        label(3, LabelKind::PaymentMethod, "Visa"),
    ]);
    let wrong = Invalid::field("/name", "is the name of another one already");
    let typed = serde_json::from_value(serde_json::json!({ "kind": "tag", "name": MARKUP })).unwrap();
    let page = html(&SortingPage::new(&frame(), (&sorting, &|_| 2), (&typed, &wrong), None));
    assert!(page.contains("id=\"new-tag-name-error\"") && !page.contains("id=\"new-category-name-error\""));
    assert_eq!(page.matches("2 subscriptions").count(), 3);
    assert!(page.contains("Take out of use"));
}

#[test]
fn a_wrong_currency_is_named_at_its_field() {
    let sheet = Sheet { currency: "XXQ".into(), ..sheet("Netflix") };
    let wrong = sheet.draft(TODAY).unwrap_err();
    assert!(
        html(&Form::adding(&frame(), &Offered::default(), sheet, &wrong))
            .contains("id=\"field-currency-error\"")
    );
}

#[test]
fn a_preview_shows_five_dates_and_saves_nothing() {
    let sheet = Sheet { first_charge_on: "2026-01-31".into(), ..sheet("Netflix") };
    let draft = sheet.draft(TODAY).unwrap();
    let page = html(&previewed(&frame(), &Offered::default(), sheet, draft, birth(1)));
    for day in ["31 May", "30 Jun", "31 Jul", "31 Aug", "30 Sep"] {
        assert!(page.contains(day), "{day}");
    }
    assert!(!page.contains("31 Oct") && page.contains("4 earlier dates are entered as paid"));
}

#[test]
fn a_form_shows_what_is_there_and_changes_nothing_by_being_saved() {
    for (mut subscription, _) in household() {
        let before = subscription.clone();
        let sheet = Sheet::of(&subscription, &Sorting::default(), TODAY);
        let page = html(&Form::editing(
            &frame(),
            (&subscription, &Offered::default()),
            sheet.clone(),
            &Invalid::new(),
        ));
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
    assert!(
        html(&Form::adding(&frame(), &Offered::default(), begun, &Invalid::new()))
            .contains("value=\"2026-05-19\"")
    );
}

#[test]
fn who_was_overtaken_keeps_what_they_typed_and_sees_the_newest_version() {
    let (mut current, _) = made(1, &sheet("Netflix"));
    current.revise("2026-05-05T07:00:00Z".parse().unwrap());
    let typed = Sheet { version: 1, ..sheet("Netflix of mine") };
    let page = html(&overtaken(&frame(), (&current, &Offered::default()), typed));
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

fn rates(own: Vec<OwnRate>, days: Vec<ReferenceRates>) -> Seen {
    let converter = Converter::new(Currency::INR, TODAY, Arc::new(days.into_iter().collect()), own);
    let used = ["BDT", "INR", "USD"].map(|code| code.parse().unwrap()).to_vec();
    Seen { rates: service::Rates { home: Currency::INR, today: TODAY, converter }, used }
}

#[test]
fn a_page_of_rates_tells_their_age_and_what_has_none() {
    let page = |seen: &Seen| {
        let typed = Typed::default();
        html(&RatesPage::new(&frame(), seen, &typed, &Invalid::new(), None))
    };
    let nothing = page(&rates(vec![], vec![]));
    assert!(nothing.contains("There are no rates of the European Central Bank yet"));
    assert_eq!(nothing.matches("no rate</dd>").count() + nothing.matches("no rate<small>").count(), 2);
    let own = OwnRate::check("BDT".parse().unwrap(), Currency::INR, TODAY, "0.8").unwrap();
    let fresh = page(&rates(vec![own], vec![reference("2026-05-04", "USD 1.25 INR 110 GBP 0.85")]));
    for expected in
        ["of Monday 4 May.", "88 INR", "0.8 INR", "set by you", "1 BDT = 0.8 INR", "129.41176 INR"]
    {
        assert!(fresh.contains(expected), "{expected}: {fresh}");
    }
    assert!(!fresh.contains("no rate<"));
    let old = page(&rates(vec![], vec![reference("2026-04-10", "USD 1.25 INR 110")]));
    assert!(old.contains("25 days old"), "{old}");
}

#[test]
fn a_wrong_rate_says_what_is_wrong_at_every_field() {
    let typed: Typed = serde_json::from_value(serde_json::json!({
        "from": MARKUP, "to": "XXQ", "rate": "1,5", "since": "soon",
    }))
    .unwrap();
    let wrong = typed.read().unwrap_err();
    let page = html(&RatesPage::new(&frame(), &rates(vec![], vec![]), &typed, &wrong, None));
    for field in ["from", "to", "rate", "since"] {
        assert!(page.contains(&format!("id=\"field-{field}-error\"")), "{field}");
    }
    assert!(page.contains("value=\"1,5\""));
}

#[test]
fn a_dashboard_says_by_which_rates_it_converts() {
    let sheet = Sheet {
        currency: "USD".into(),
        amount: "10.00".into(),
        first_charge_on: "2026-05-06".into(),
        ..sheet("ChatGPT")
    };
    let (abroad, payments) = made(1, &sheet);
    let seen = rates(vec![], vec![reference("2026-05-04", "USD 1.25 INR 110")]);
    let figures = Figures::on(TODAY, &seen.rates.converter, std::slice::from_ref(&abroad), &payments, 9);
    let frame = frame();
    let household = contracts::users::Household {
        time_zone: frame.account.profile.time_zone.clone(),
        currency: Currency::INR,
        locale: frame.account.profile.locale.clone(),
        reminders: contracts::users::Reminders::default(),
    };
    let seen = service::Dashboard {
        today: TODAY,
        household: household.into(),
        figures,
        subscriptions: [(abroad.id, abroad)].into(),
        rates_on: Some(date(2026, 5, 4)),
        own_rates: false,
        open: Vec::new(),
    };
    let page = html(&Dashboard::new(&frame, &seen, &Told::default()));
    assert!(page.contains("rates of 4 May") && page.contains("≈") && page.contains("₹880.00"), "{page}");
}

#[test]
fn a_known_service_has_its_mark_and_the_way_to_cancel_it() {
    let (subscription, payments) = made(1, &sheet("Netflix"));
    let page = detail(&subscription, payments);
    assert!(
        page.contains("<rect width=\"40\" height=\"40\" rx=\"12\" fill=\"#e50914\"/><path fill=\"#ffffff\"")
    );
    assert!(page.contains("Where to cancel") && page.contains("href=\"https://www.netflix.com/cancelplan\""));
    let rows = list(vec![subscription.clone()], &Wanted::default());
    assert!(rows.contains("class=\"mark mark-brand\" viewBox=\"0 0 40 40\" aria-hidden=\"true\""));
    let question = confirm::cancelling(&frame(), &subscription);
    assert!(question.text.contains("https://www.netflix.com/cancelplan"));
    let (unknown, payments) = made(2, &sheet("Piano lessons"));
    let page = detail(&unknown, payments);
    assert!(!page.contains("mark-brand") && !page.contains("Where to cancel"));
}

#[test]
fn a_new_one_is_offered_the_names_that_are_known() {
    let adding = html(&Form::adding(&frame(), &Offered::default(), sheet(""), &Invalid::new()));
    assert!(
        adding.contains("list=\"field-name-list\"") && adding.contains("<option value=\"Netflix\"></option>")
    );
    assert!(adding.contains("<option value=\"\" selected>As the name tells</option>"));
    let (known, _) = made(1, &sheet("Netflix"));
    let editing = {
        let sheet = Sheet::of(&known, &Sorting::default(), TODAY);
        html(&Form::editing(&frame(), (&known, &Offered::default()), sheet, &Invalid::new()))
    };
    assert!(!editing.contains("<datalist") && editing.contains("value=\"entertainment\" selected"));
}

#[test]
fn addresses_of_calendars_are_shown_with_what_they_tell_and_a_secret_only_once() {
    let feed = Feed {
        id: id(1),
        household: id(1),
        created_by: id(1),
        name: Name::stored(MARKUP.into()),
        category: Some(Category::Music),
        member: None,
        created_at: birth(1).now,
    };
    let page = Feeds::new(&frame(), (&[feed], &[]), &Wish::default(), &Invalid::new());
    let shown = html(&page);
    assert!(shown.contains("Music · since 5 May 2026") && shown.contains("/revoke\""));
    assert!(!shown.contains("id=\"address\""));
    let address = "https://perennial.example/calendar/secret.ics";
    let shown = html(&page.telling(address));
    assert!(shown.contains(address) && ["Google", "Apple", "Outlook"].iter().all(|app| shown.contains(app)));
    let wrong = Invalid::field("/name", "must not be empty");
    let shown = html(&Feeds::new(&frame(), (&[], &[]), &Wish::default(), &wrong));
    assert!(shown.contains("id=\"field-name-error\"") && shown.contains("Make an address"));
}

#[test]
fn only_what_we_know_is_told() {
    let told =
        |done: &str| serde_json::from_value::<Told>(serde_json::json!({ "done": done })).unwrap().notice();
    assert!(told("paused").is_some());
    assert!(told(MARKUP).is_none());
}

/// One of every kind, of names nobody would show in a brochure.
fn reminders(state: ReminderState) -> Vec<SeenReminder> {
    let names = [MARKUP, ARABIC, &"Donaudampfschifffahrtselektrizitäten ".repeat(3)];
    let kinds = contracts::subscriptions::ReminderKind::ALL.into_iter().zip(names.into_iter().cycle());
    kinds
        .zip((-2_i64..=4).cycle())
        .map(|((kind, name), lead)| SeenReminder {
            id: (state != ReminderState::Planned).then(|| id(1)),
            subscription: id(1),
            name: name.into(),
            reminder: Reminder {
                kind,
                about_on: date(2026, 5, 19),
                lead,
                on: date(2026, 5, 16),
                amount: Money::from_minor(i64::MAX, Currency::INR),
            },
            planned_for: "2026-05-16T03:30:00Z".parse().unwrap(),
            state,
            reason: (state == ReminderState::Dropped).then(|| MARKUP.into()),
            decided_at: None,
        })
        .collect()
}

#[test]
fn reminders_say_what_they_are_about_and_why_on_that_day() {
    for state in ReminderState::ALL {
        for data in [vec![], reminders(state)] {
            let none = data.is_empty();
            let seek = Seek { state, from: None, to: None, after: None };
            let page = Page { data, next_cursor: (!none).then(|| "next".into()) };
            let page = html(&RemindersPage::new(&frame(), &seek, &page));
            let next = format!("/reminders?state={}&#38;cursor=next", state.as_str());
            assert_eq!((page.contains("Free trial ends on"), page.contains(&next)), (!none, !none), "{page}");
            assert!(page.contains("aria-current=\"true\""));
        }
    }
    let (subscription, _) = made(1, &sheet("Netflix"));
    let known = (&subscription, &Sorting::default());
    let payments = Page { data: vec![], next_cursor: None };
    let detail = Detail::new(&frame(), known, &payments, false, &Told::default());
    let page = html(&detail.reminding(&reminders(ReminderState::Planned), &frame().manner()));
    assert!(page.contains("2 days after") && page.contains("on the day") && page.contains("Costs more from"));
}
