//! The mocked pages. Their tests include this file, too: what can be looked at is also checked.

use askama::Template;
use axum::response::Response;
use jiff::civil::{Date, date};
use kernel::{Currency, Cycle, Money, Unit};
use web::{
    Manner, Notice, Person, RenderError, Shell, Tab, Theme, Tone,
    format::greeting,
    view::{
        ChargeDay, ChargeRow, Checkbox, Confirm, Control, Field, Filter, Found, LedgerLine, Pager, Problem,
        Progress, QuickAdd, Reading, Select, Standing, StatTile, Status, Step, SubscriptionRow, problems,
    },
};

type Rendered = Result<Response, RenderError>;
/// What makes a page.
pub(crate) type Page = fn() -> Rendered;

/// The last part of the address, and what is there.
pub(crate) const PAGES: [(&str, Page); 20] = [
    ("landing", landing),
    ("login", login),
    ("signup", || signup(false)),
    ("signup-wrong", || signup(true)),
    ("dashboard", || dashboard("en-IN", None)),
    ("dashboard-german", || dashboard("de-DE", None)),
    ("dashboard-dark", || dashboard("en-US", Some(Theme::Dark))),
    ("dashboard-empty", dashboard_empty),
    ("dashboard-unsure", dashboard_unsure),
    ("dashboard-large", dashboard_large),
    ("subscriptions", || subscriptions(rows())),
    ("subscriptions-empty", || subscriptions(Vec::new())),
    ("detail", || detail("Netflix")),
    ("detail-awkward", || detail(AWKWARD_NAME)),
    ("new", || form("Add a subscription", false)),
    ("edit", || form("Edit Netflix", false)),
    ("edit-wrong", || form("Edit Netflix", true)),
    ("settings", settings),
    ("problem", problem),
    ("confirm", confirm),
];

const TODAY: Date = date(2026, 5, 14);
const AWKWARD_NAME: &str = "The International Quarterly Review of <b>Donaudampfschifffahrts</b>elektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft & Sons";

#[expect(clippy::expect_used, reason = "what is parsed stands in this very file")]
fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("the samples are well formed")
}

fn manner(locale: &str) -> Manner {
    Manner::new(parsed(locale), TODAY)
}

fn asha() -> Person {
    Person { name: "Asha Raghunathan".into(), email: "asha@example.org".into() }
}

fn signed_in(title: &str, tab: Tab) -> Shell {
    Shell::new(title, manner("en-IN")).signed_in(asha()).on(tab)
}

fn rupees(minor: i64) -> Money {
    Money::from_minor(minor, Currency::INR)
}

fn in_currency(minor: i64, code: &str) -> Money {
    Money::from_minor(minor, parsed::<Currency>(code))
}

/// What a subscription is called, costs, and when.
fn row(
    name: &str,
    price: Money,
    cycle: Option<Cycle>,
    status: Status,
    next: Option<Date>,
) -> SubscriptionRow {
    SubscriptionRow {
        href: "/detail".into(),
        name: name.into(),
        plan: None,
        status,
        price,
        cycle,
        monthly: cycle.filter(|cycle| *cycle == Cycle::YEARLY).map(|_| price.scaled(1, 12)),
        converted: None,
        next_charge_on: next,
        trial_ends_on: (status == Status::Trial).then_some(next).flatten(),
        ends_on: matches!(status, Status::Cancelled | Status::Ended).then_some(next).flatten(),
        cancel_by: None,
    }
}

fn rows() -> Vec<SubscriptionRow> {
    let monthly = Some(Cycle::MONTHLY);
    let yearly = Some(Cycle::YEARLY);
    let fortnightly = Cycle::new(2, Unit::Week).ok();
    vec![
        SubscriptionRow {
            plan: Some("Premium".into()),
            ..row("Netflix", rupees(64_900), monthly, Status::Active, Some(date(2026, 5, 15)))
        },
        row("شاهد VIP", in_currency(3_999, "AED"), monthly, Status::Active, Some(date(2026, 5, 20))),
        row(
            "Adobe Creative Cloud",
            in_currency(5_999, "USD"),
            monthly,
            Status::Trial,
            Some(date(2026, 5, 28)),
        ),
        row("Times of India", rupees(19_900), monthly, Status::Paused, None),
        row("日本経済新聞", in_currency(4_277, "JPY"), monthly, Status::Active, Some(date(2026, 6, 1))),
        SubscriptionRow {
            plan: Some("Family".into()),
            ..row("Spotify", rupees(17_900), monthly, Status::Cancelled, Some(date(2026, 6, 2)))
        },
        row(AWKWARD_NAME, rupees(Money::MAX_MINOR), fortnightly, Status::Trial, Some(date(2026, 6, 3))),
        row("🎧 Pocket Casts", rupees(9_900), yearly, Status::Active, Some(date(2027, 1, 31))),
        row("1Password", in_currency(3_588, "USD"), yearly, Status::Active, Some(date(2026, 11, 12))),
        row("iA Writer", in_currency(4_999, "EUR"), None, Status::Active, None),
        row("Headspace", rupees(129_900), yearly, Status::Ended, Some(date(2025, 8, 1))),
    ]
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    shell: Shell,
    paths: Vec<&'static str>,
}

/// The list of all of them.
#[cfg_attr(test, expect(dead_code, reason = "the tests go through the list itself"))]
pub(crate) async fn index() -> Rendered {
    let paths = PAGES.iter().map(|(path, _)| *path).collect();
    web::page(&Index { shell: Shell::new("Gallery", manner("en-GB")), paths })
}

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    shell: Shell,
    reading: Reading,
}

fn landing() -> Rendered {
    web::page(&Landing { shell: Shell::new("", manner("en-IN")), reading: netflix() })
}

fn netflix() -> Reading {
    Reading::new(Standing::Ready, "Adds a subscription")
        .read(Found::Name, "Netflix")
        .read(Found::Price, "₹499.00")
        .read(Found::Cycle, "monthly")
        .assumed(Found::Next, "next on 5 Jun 2026")
}

fn unsure() -> Reading {
    Reading::new(Standing::Unsure, "One thing is missing")
        .read(Found::Name, AWKWARD_NAME)
        .missing(Found::Price, "How much?")
        .assumed(Found::Cycle, "monthly")
        .read(Found::Trial, "free until 3 Jun 2026")
        .note(
            "You track one of that name already, since 31 Jan 2025. Saving asks whether this is another one.",
        )
}

fn refused() -> Reading {
    Reading::new(Standing::Refused, "This does not look like a subscription").note(
        "It reads like something bought once. Say how often it is paid for, such as “monthly”, to track it.",
    )
}

#[derive(Template)]
#[template(path = "reading.html")]
struct ReadingOnly {
    reading: Reading,
}

/// A stand-in for what understands words: enough to see each kind of answer come and go.
#[cfg_attr(test, expect(dead_code, reason = "the tests have no script that would ask"))]
pub(crate) fn reading(body: &str) -> Rendered {
    let reading = match body {
        netflix_like if netflix_like.contains("499") => netflix(),
        once if once.contains("bought") => refused(),
        _ => unsure(),
    };
    web::page(&ReadingOnly { reading })
}

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    shell: Shell,
    email: Field,
    password: Field,
}

fn login() -> Rendered {
    let wrong = Notice::new(Tone::Bad, "That address and that password do not belong together.");
    web::page(&Login {
        shell: Shell::new("Log in", manner("en-GB")).with_notice(wrong),
        email: Field::email("email", "Email").value("asha@example.org"),
        password: Field::password("password", "Password", "current-password"),
    })
}

#[derive(Template)]
#[template(path = "signup.html")]
struct Signup {
    shell: Shell,
    name: Field,
    email: Field,
    password: Field,
    problems: Vec<Problem>,
}

fn signup(wrong: bool) -> Rendered {
    let mut name =
        Field::text("name", "What should we call you?").optional().autocomplete("name").max_length(100);
    let mut email = Field::email("email", "Email");
    let mut password = Field::password("password", "Password", "new-password")
        .hint("At least 10 characters. A few words in a row are easier to remember than signs.")
        .min_length(10);
    if wrong {
        name = name.value("<script>alert(1)</script>").error("At most 100 characters.");
        email = email.value("asha@").error("This is not an address that mail could reach.");
        password = password.error("Too short: 4 of at least 10 characters.");
    }
    let problems = problems([&name as &dyn Control, &email, &password]);
    web::page(&Signup { shell: Shell::new("Sign up", manner("en-GB")), name, email, password, problems })
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    shell: Shell,
    greeting: String,
    quick: QuickAdd,
    tiles: Vec<StatTile>,
    upcoming: String,
    days: Vec<ChargeDay>,
    progress: Progress,
}

fn tiles(manner: &Manner, factor: i64) -> Vec<StatTile> {
    let figure = |label: &str, minor: i64| StatTile::new(label, manner.money(&rupees(minor * factor)));
    vec![
        figure("Per month", 1_134_450).href("/subscriptions"),
        figure("Per year", 13_613_400),
        figure("Paid this month", 324_800).note("5 of 14 charges"),
        figure("Still to come", 809_650).note("until 31 May"),
    ]
}

fn days() -> Vec<ChargeDay> {
    let charge = |name: &str, detail: &str, amount, converted, badge| ChargeRow {
        href: "/detail".into(),
        name: name.into(),
        detail: detail.into(),
        amount,
        converted,
        badge,
    };
    vec![
        ChargeDay { on: TODAY, rows: vec![charge("Jio Fiber", "monthly", rupees(82_500), None, None)] },
        ChargeDay {
            on: date(2026, 5, 15),
            rows: vec![
                charge("Netflix", "Premium · monthly", rupees(64_900), None, None),
                charge("شاهد VIP", "monthly", in_currency(3_999, "AED"), Some(rupees(93_100)), None),
            ],
        },
        ChargeDay {
            on: date(2026, 5, 28),
            rows: vec![
                charge(
                    "Adobe Creative Cloud",
                    "first charge",
                    in_currency(5_999, "USD"),
                    Some(rupees(512_700)),
                    Some(Status::Trial),
                ),
                charge("日本経済新聞", "monthly", in_currency(4_277, "JPY"), Some(rupees(237_040)), None),
            ],
        },
        ChargeDay {
            on: date(2026, 5, 31),
            rows: vec![charge(AWKWARD_NAME, "every 2 weeks", rupees(Money::MAX_MINOR), None, None)],
        },
    ]
}

fn dashboard_of(shell: Shell, factor: i64) -> Dashboard {
    Dashboard {
        greeting: format!("{}, Asha", greeting(jiff::civil::time(8, 30, 0, 0))),
        quick: QuickAdd {
            text: "Netflix ₹499 monthly".into(),
            reading: Some(netflix()),
            ..QuickAdd::default()
        },
        tiles: tiles(&shell.manner, factor),
        upcoming: shell.manner.money(&rupees(972_190)),
        days: days(),
        progress: Progress::new("Paid of this month's charges", rupees(324_800), rupees(1_134_450)),
        shell,
    }
}

fn dashboard(locale: &str, theme: Option<Theme>) -> Rendered {
    let mut shell = Shell::new("Dashboard", manner(locale)).signed_in(asha()).on(Tab::Dashboard);
    shell.theme = theme;
    web::page(&dashboard_of(shell, 1))
}

fn dashboard_empty() -> Rendered {
    let shell = signed_in("Dashboard", Tab::Dashboard).with_notice(
        Notice::new(Tone::Good, "Your account is ready. We took your time zone to be Asia/Kolkata.")
            .with_action("Change", "/settings"),
    );
    let quick = QuickAdd { autofocus: true, ..QuickAdd::default() };
    web::page(&Dashboard { days: Vec::new(), quick, ..dashboard_of(shell, 0) })
}

fn dashboard_unsure() -> Rendered {
    let shell = signed_in("Dashboard", Tab::Dashboard).with_notice(Notice::new(
        Tone::Careful,
        "The last message was not saved: one thing was missing in it.",
    ));
    let quick = QuickAdd { text: AWKWARD_NAME.into(), reading: Some(unsure()), ..QuickAdd::default() };
    web::page(&Dashboard { quick, ..dashboard_of(shell, 1) })
}

fn dashboard_large() -> Rendered {
    let quick = QuickAdd { text: "a sofa, bought".into(), reading: Some(refused()), ..QuickAdd::default() };
    web::page(&Dashboard { quick, ..dashboard_of(signed_in("Dashboard", Tab::Dashboard), 661_125) })
}

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct Subscriptions {
    shell: Shell,
    count: String,
    filters: Vec<Filter>,
    rows: Vec<SubscriptionRow>,
    pager: Pager,
}

fn subscriptions(rows: Vec<SubscriptionRow>) -> Rendered {
    let filter = |text: &str, count, active| Filter {
        text: text.into(),
        href: "/subscriptions".into(),
        count: Some(count),
        active,
    };
    let next = (!rows.is_empty()).then(|| "/subscriptions?cursor=b2s".to_owned());
    let shell = signed_in("Subscriptions", Tab::Subscriptions).with_notice(
        Notice::new(Tone::Good, "Netflix is tracked. It renews on 5 Jun 2026.").with_action("Undo", "/undo"),
    );
    web::page(&Subscriptions {
        shell,
        count: "31 tracked, ₹11,344.50 a month".into(),
        filters: vec![
            filter("All", 31, true),
            filter("Active", 24, false),
            filter("Trial", 2, false),
            filter("Paused", 1, false),
            filter("Cancelled", 3, false),
            filter("Ended", 1, false),
        ],
        pager: Pager { first: next.clone().map(|_| "/subscriptions".to_owned()), next },
        rows,
    })
}

#[derive(Template)]
#[template(path = "detail.html")]
struct Detail {
    shell: Shell,
    name: String,
    status: Status,
    price: Money,
    cycle: Option<Cycle>,
    steps: Vec<Step>,
    payments: Vec<LedgerLine>,
    prices: Vec<LedgerLine>,
    cancel: Confirm,
    delete: Confirm,
}

fn line(on: Date, what: &str, tone: Tone, minor: i64, detail: Option<&str>) -> LedgerLine {
    LedgerLine { on, what: what.into(), detail: detail.map(Into::into), tone, amount: rupees(minor) }
}

fn cancel(name: &str) -> Confirm {
    Confirm {
        id: "cancel".into(),
        title: format!("Cancel {name}?"),
        text: "Perennial stops counting it after 30 Jun 2026, the day until which it is paid. Remember to cancel it with the provider, too.".into(),
        action: "/detail".into(),
        verb: "Cancel it".into(),
        keep: "Keep it".into(),
        back: "/detail".into(),
        danger: false,
        hidden: Vec::new(),
    }
}

fn delete(name: &str) -> Confirm {
    Confirm {
        id: "delete".into(),
        title: format!("Delete {name}?"),
        text: "It and its 14 payments are gone from every figure, as if they had never been. This cannot be undone.".into(),
        action: "/detail".into(),
        verb: "Delete it and its payments".into(),
        keep: "Keep it".into(),
        back: "/detail".into(),
        danger: true,
        hidden: vec![("version", "3".into())],
    }
}

fn detail(name: &str) -> Rendered {
    let shell = signed_in(name, Tab::Subscriptions);
    web::page(&Detail {
        name: name.into(),
        status: Status::Active,
        price: rupees(if name == AWKWARD_NAME { Money::MAX_MINOR } else { 64_900 }),
        cycle: Some(Cycle::MONTHLY),
        steps: vec![
            Step::new(date(2026, 4, 30), "Paid").amount(rupees(64_900)).tone(Tone::Good),
            Step::new(date(2026, 5, 31), "Next charge")
                .detail("in 17 days")
                .amount(rupees(64_900))
                .tone(Tone::Careful),
            Step::new(date(2026, 6, 30), "Charge").amount(rupees(64_900)),
            Step::new(date(2026, 7, 31), "Charge").detail("new price").amount(rupees(69_900)),
        ],
        payments: vec![
            line(date(2026, 4, 30), "Paid", Tone::Good, 64_900, None),
            line(date(2026, 3, 31), "Failed", Tone::Bad, 64_900, Some("card expired")),
            line(date(2026, 2, 28), "Due", Tone::Careful, 64_900, None),
            line(date(2026, 1, 31), "Skipped", Tone::Calm, 64_900, Some("paused from 12 Jan to 2 Feb 2026")),
            line(date(2025, 12, 31), "Paid", Tone::Good, Money::MAX_MINOR, None),
        ],
        prices: vec![
            line(date(2026, 7, 31), "Announced", Tone::Careful, 69_900, Some("rises by ₹50.00")),
            line(date(2026, 1, 31), "Now", Tone::Good, 64_900, None),
            line(date(2025, 1, 31), "Before", Tone::Calm, 49_900, None),
        ],
        cancel: cancel(name),
        delete: delete(name),
        shell,
    })
}

#[derive(Template)]
#[template(path = "form.html")]
struct Form {
    shell: Shell,
    quick: Option<QuickAdd>,
    problems: Vec<Problem>,
    name: Field,
    plan: Field,
    amount: Field,
    currency: Select,
    every: Field,
    unit: Select,
    first: Field,
    trial: Field,
    auto_renew: Checkbox,
    url: Field,
    notes: Field,
}

fn currencies() -> Select {
    let named = |currency: Currency| (currency.code(), format!("{} · {}", currency.code(), currency.name()));
    Select::new("currency", "Currency")
        .group("Yours", [Currency::INR, Currency::USD].map(named))
        .group("All", Currency::all().into_iter().map(named))
        .value("INR")
}

fn form(title: &str, wrong: bool) -> Rendered {
    let new = !title.starts_with("Edit");
    let mut page = Form {
        shell: signed_in(title, if new { Tab::Add } else { Tab::Subscriptions }),
        quick: new.then(QuickAdd::default),
        problems: Vec::new(),
        name: Field::text("name", "Name").value(if new { "" } else { "Netflix" }).max_length(100),
        plan: Field::text("plan", "Plan").optional().max_length(100),
        amount: Field::amount("amount", "Price").value(if new { "" } else { "649.00" }).placeholder("499.00"),
        currency: currencies(),
        every: Field::count("every", "Every").value("1"),
        unit: Select::new("unit", "Of")
            .choices([
                ("day", "days"),
                ("week", "weeks"),
                ("month", "months"),
                ("year", "years"),
                ("once", "bought once"),
            ])
            .value("month"),
        first: Field::date("first_charge_on", "First charge")
            .value("2025-01-31")
            .hint("Every later date follows from it."),
        trial: Field::date("trial_ends_on", "Free until").optional().hint("The first day that is not free."),
        auto_renew: Checkbox::new("auto_renew", "Renews by itself", true)
            .hint("Otherwise each charge waits until you say it is paid."),
        url: Field::url("url", "Where to manage it").optional().placeholder("https://"),
        notes: Field::area("notes", "Notes")
            .optional()
            .value("Mira pays me back half of it.\nاشتراك العائلة"),
    };
    if wrong {
        page.name = page.name.value("").error("Say what it is called.");
        page.plan = page.plan.value(AWKWARD_NAME).error("At most 100 characters.");
        page.amount = page.amount.value("4.999").error("Too many decimals: INR has 2.");
        page.currency = page.currency.value("XXQ").error("Unknown currency: choose one of the list.");
        page.every = page.every.value("1000").error("A whole number from 1 to 999.");
        page.unit = page.unit.error("Choose days, weeks, months or years.");
        page.first = page.first.value("2026-02-30").error("There is no such day.");
        page.trial = page.trial.error("A trial ends after it began.");
        page.auto_renew = page.auto_renew.error("What is bought once does not renew.");
        page.url = page.url.value("javascript:alert(1)").error("A link begins with https://.");
        page.notes =
            page.notes.value("</textarea><script>alert(1)</script>").error("At most 10,000 characters.");
        page.problems = problems([
            &page.name as &dyn Control,
            &page.plan,
            &page.amount,
            &page.currency,
            &page.every,
            &page.unit,
            &page.first,
            &page.trial,
            &page.auto_renew,
            &page.url,
            &page.notes,
        ]);
    }
    web::page(&page)
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings {
    shell: Shell,
    name: Field,
    locale: Select,
    zone: Select,
    currency: Select,
}

fn settings() -> Rendered {
    web::page(&Settings {
        shell: signed_in("Settings", Tab::Settings)
            .with_notice(Notice::new(Tone::Good, "Saved. Dates and amounts follow at once.")),
        name: Field::text("name", "Name").value("Asha Raghunathan").optional().autocomplete("name"),
        locale: Select::new("locale", "Dates and amounts")
            .choices(["en-IN", "en-GB", "en-US", "de-DE"].map(|tag| {
                let manner = manner(tag);
                (tag.to_owned(), format!("{} · {}", manner.date(&TODAY), manner.money(&rupees(123_456_750))))
            }))
            .value("en-IN")
            .hint("How they are written for you."),
        zone: Select::new("time_zone", "Time zone")
            .group("Asia", [("Asia/Kolkata", "Kolkata"), ("Asia/Dubai", "Dubai")])
            .group("Europe", [("Europe/Berlin", "Berlin")])
            .value("Asia/Kolkata")
            .hint("Your days begin and end here."),
        currency: currencies().hint("What totals are shown in, and what an amount without a mark is in."),
    })
}

#[derive(Template)]
#[template(path = "problem.html")]
struct NotFound {
    shell: Shell,
}

/// What one gets where there is nothing.
pub(crate) fn problem() -> Rendered {
    let mut shell = signed_in("Not found", Tab::Dashboard);
    shell.tab = None;
    web::page_with(axum::http::StatusCode::NOT_FOUND, &NotFound { shell })
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage {
    shell: Shell,
    confirm: Confirm,
}

fn confirm() -> Rendered {
    web::page(&ConfirmPage {
        shell: signed_in("Delete Netflix", Tab::Subscriptions),
        confirm: delete("Netflix"),
    })
}
