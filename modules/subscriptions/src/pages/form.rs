//! The form of a subscription: for a new one, and for one that exists.

use askama::Template;
use jiff::civil::Date;
use kernel::{CategoryId, Currency, Invalid, Money};
use web::{
    Manner, Notice, Shell, Tab, Tone,
    view::{Checkbox, Control, Field, Problem, QuickAdd, Select, Step, problems},
};

use super::{
    brand,
    folds::{Fold, Offered, Part, folds},
    frame::{Frame, href},
    sheet::{ONCE, Sheet},
};
use crate::domain::{Category, LabelKind, Link, Name, Notes, Plan, Sorting, Subscription};

/// How many dates a form shows ahead.
const AHEAD: usize = 5;

#[derive(Template)]
#[template(path = "form.html")]
pub(super) struct Form {
    shell: Shell,
    /// Where it leads back to, and what that is called.
    back: (String, String),
    action: String,
    quick: Option<QuickAdd>,
    /// Where a script asks for the dates while one types.
    dates_url: String,
    problems: Vec<Problem>,
    /// The next dates, when they were asked for.
    ahead: Option<Ahead>,
    service: String,
    version: Option<i64>,
    name: Field,
    plan: Field,
    amount: Field,
    /// One that exists stays in its currency.
    currency: Option<Select>,
    price_from: Option<Field>,
    every: Field,
    unit: Select,
    first_charge_on: Field,
    trial_ends_on: Field,
    ends_on: Field,
    last_day: Checkbox,
    auto_renew: Checkbox,
    backfill: Option<Checkbox>,
    category: Select,
    url: Field,
    notes: Field,
    folds: Vec<Fold>,
}

/// What saving would lead to.
pub(super) struct Ahead {
    pub(super) steps: Vec<Step>,
    pub(super) note: String,
}

/// The dates alone, as a script puts them into the form.
#[derive(Template)]
#[template(path = "ahead.html")]
pub(super) struct AheadFragment {
    pub(super) manner: Manner,
    pub(super) ahead: Ahead,
}

impl Ahead {
    /// The dates of `subscription` from today on, and how many lie behind it.
    pub(super) fn of(subscription: &Subscription, passed: usize, manner: &Manner) -> Self {
        let today = manner.today();
        // Today's charge, when there is one, is processed already.
        let todays = subscription.schedule().first_from(today).filter(|on| *on == today);
        let todays = todays.filter(|on| subscription.ends_on.is_none_or(|ends_on| *on < ends_on));
        let todays = todays.map(|on| (on, subscription.price_on(on)));
        let later = subscription.charges_from(today).filter(|(on, _)| *on > today);
        let dates = todays.into_iter().chain(later).take(AHEAD);
        let steps: Vec<_> = dates.map(|(on, amount)| step(subscription, (on, amount), manner)).collect();
        let note = match (passed, steps.is_empty()) {
            (0, false) => "Nothing is saved yet.".to_owned(),
            (0, true) => "No charge is to come. Nothing is saved yet.".to_owned(),
            (1, _) => "One earlier date is entered as paid. Nothing is saved yet.".to_owned(),
            (passed, _) => format!("{passed} earlier dates are entered as paid. Nothing is saved yet."),
        };
        Self { steps, note }
    }
}

fn step(subscription: &Subscription, (on, amount): (Date, Money), manner: &Manner) -> Step {
    let moves_on = subscription.moves_on(on);
    let near = manner.relative(&on);
    let detail =
        if moves_on == on { near } else { format!("{near}, taken on {}", manner.weekday(&moves_on)) };
    let step = Step::new(on, manner.weekday(&on)).detail(detail).amount(amount);
    if on == manner.today() { step.tone(Tone::Careful) } else { step }
}

impl Form {
    /// The form of a new one, as far as it is filled in.
    pub(super) fn adding(frame: &Frame, offered: &Offered, sheet: Sheet, wrong: &Invalid) -> Self {
        let backfill = Checkbox::new("backfill", "Enter the charges before today as paid", sheet.backfill)
            .hint("Only where the first charge lies in the past.");
        let currency =
            currencies(frame.currency).value(sheet.currency.clone()).check(wrong, "/price/currency");
        let category = categories(&offered.sorting, &sheet.category, Some("As the name tells"))
            .check(wrong, "/category");
        let folds = folds(&sheet.more, offered, true, wrong);
        let fields = Self::fields(frame, offered, sheet, wrong);
        let mut form = Self {
            name: fields.name.suggestions(brand::names()),
            category,
            shell: frame.shell("Add a subscription", Tab::Add),
            back: ("Subscriptions".into(), "/subscriptions".into()),
            action: "/subscriptions".into(),
            quick: Some(QuickAdd::default()),
            currency: Some(currency),
            backfill: Some(backfill),
            folds,
            dates_url: "/subscriptions/new/dates".into(),
            ..fields
        };
        form.version = None;
        form.summarized()
    }

    /// The form of `subscription`.
    pub(super) fn editing(
        frame: &Frame,
        (subscription, offered): (&Subscription, &Offered),
        sheet: Sheet,
        wrong: &Invalid,
    ) -> Self {
        let from = Field::date("price_from", "From")
            .optional()
            .value(sheet.price_from.clone())
            .hint("Another price holds from this day; from today when empty.")
            .check(wrong, "/price_from");
        let folds = folds(&sheet.more, offered, false, wrong);
        let form = Self::fields(frame, offered, sheet, wrong);
        let mut amount = form.amount.check(wrong, "/price");
        amount.label = format!("Price in {}", subscription.prices.currency().code());
        Self {
            shell: frame
                .shell(format!("Edit {}", subscription.name), Tab::Subscriptions)
                .about("subscription", subscription.id.to_string()),
            back: (subscription.name.to_string(), href(subscription.id)),
            action: format!("{}/edit", href(subscription.id)),
            price_from: Some(from),
            folds,
            dates_url: format!("{}/dates", href(subscription.id)),
            amount,
            ..form
        }
        .summarized()
    }

    fn fields(frame: &Frame, offered: &Offered, sheet: Sheet, wrong: &Invalid) -> Self {
        let optional =
            |field: Field, value: String, pointer| field.optional().value(value).check(wrong, pointer);
        Self {
            shell: frame.shell("", Tab::Add),
            back: Default::default(),
            action: String::new(),
            quick: None,
            dates_url: String::new(),
            folds: Vec::new(),
            problems: Vec::new(),
            ahead: None,
            version: Some(sheet.version),
            name: Field::text("name", "Name")
                .value(sheet.name)
                .max_length(most(Name::MAX))
                .check(wrong, "/name"),
            plan: optional(Field::text("plan", "Plan").max_length(most(Plan::MAX)), sheet.plan, "/plan"),
            amount: Field::amount("amount", "Price")
                .value(sheet.amount)
                .placeholder("499.00")
                .check(wrong, "/price/amount"),
            currency: None,
            price_from: None,
            every: Field::count("every", "Every").value(sheet.every).check(wrong, "/cycle/every"),
            unit: units().value(sheet.unit).check(wrong, "/cycle/unit"),
            first_charge_on: Field::date("first_charge_on", "First charge")
                .value(sheet.first_charge_on)
                .hint("Every later date follows from it.")
                .optional()
                .check(wrong, "/first_charge_on"),
            trial_ends_on: optional(
                Field::date("trial_ends_on", "Free until").hint("The first day that is not free."),
                sheet.trial_ends_on,
                "/trial_ends_on",
            ),
            ends_on: optional(
                Field::date("ends_on", "Ends on").hint("Where it ends by itself: the first day without it."),
                sheet.ends_on,
                "/ends_on",
            ),
            last_day: Checkbox::new("last_day", "Always on the last day of the month", sheet.last_day),
            auto_renew: Checkbox::new("auto_renew", "Renews by itself", sheet.auto_renew)
                .hint("Otherwise each charge waits until it is paid."),
            backfill: None,
            category: categories(&offered.sorting, &sheet.category, None).check(wrong, "/category"),
            url: optional(
                Field::url("url", "Where to manage it").placeholder("https://").max_length(most(Link::MAX)),
                sheet.url,
                "/url",
            ),
            notes: optional(
                Field::area("notes", "Notes").max_length(most(Notes::MAX)),
                sheet.notes,
                "/notes",
            ),
            service: sheet.service,
        }
        .checked_service(wrong)
    }

    /// The service is not asked for, so what is wrong with it is told at the name.
    fn checked_service(mut self, wrong: &Invalid) -> Self {
        self.name = self.name.check(wrong, "/service").check(wrong, "/name");
        self
    }

    /// With the dates that saving would lead to.
    pub(super) fn with_ahead(mut self, ahead: Ahead) -> Self {
        self.ahead = Some(ahead);
        self
    }

    /// With something told above it.
    pub(super) fn telling(mut self, notice: Notice) -> Self {
        self.shell = self.shell.with_notice(notice);
        self
    }

    /// With the list of what is wrong above it.
    fn summarized(mut self) -> Self {
        let asked: [Option<&dyn Control>; 16] = [
            Some(&self.name),
            Some(&self.plan),
            Some(&self.category),
            Some(&self.amount),
            self.currency.as_ref().map(|field| field as &dyn Control),
            self.price_from.as_ref().map(|field| field as &dyn Control),
            Some(&self.every),
            Some(&self.unit),
            Some(&self.first_charge_on),
            Some(&self.trial_ends_on),
            Some(&self.ends_on),
            Some(&self.last_day),
            Some(&self.auto_renew),
            self.backfill.as_ref().map(|field| field as &dyn Control),
            Some(&self.url),
            Some(&self.notes),
        ];
        let folded = self.folds.iter().flat_map(Fold::controls);
        self.problems = problems(asked.into_iter().flatten().chain(folded));
        self
    }
}

/// A bound of the domain as forms have it.
pub(super) fn most(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}

fn units() -> Select {
    Select::new("unit", "Of").choices([
        ("day", "days"),
        ("week", "weeks"),
        ("month", "months"),
        ("year", "years"),
        (ONCE, "bought once"),
    ])
}

fn currencies(own: Currency) -> Select {
    let named = |currency: Currency| (currency.code(), format!("{} · {}", currency.code(), currency.name()));
    Select::new("currency", "Currency")
        .group("Yours", [named(own)])
        .group("All", Currency::all().into_iter().filter(|each| *each != own).map(named))
}

/// Without a choice, that of the service its name tells, where `by_name` offers that.
fn categories(sorting: &Sorting, chosen: &str, by_name: Option<&'static str>) -> Select {
    let unchosen = if by_name.is_some() { "" } else { Category::Other.slug() };
    let chosen = if chosen.trim().is_empty() { unchosen } else { chosen };
    let all = Category::ALL.map(|category| (category.slug(), category.label()));
    let built_in = by_name.map(|words| ("", words)).into_iter().chain(all);
    let own: Vec<_> = sorting
        .of(LabelKind::Category)
        .map(|label| (CategoryId::from_uuid(label.id).to_string(), label.name.to_string()))
        .collect();
    let select = Select::new("category", "Category");
    let select = if own.is_empty() {
        select.choices(built_in)
    } else {
        select.group("Yours", own).group("All", built_in)
    };
    select.value(chosen)
}
