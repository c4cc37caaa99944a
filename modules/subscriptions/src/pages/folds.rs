//! The parts of the form that most never need, folded away until they are.

use kernel::Invalid;
use web::view::{Checkbox, Control, Field, Select};

use super::more::{More, NEVER};
use crate::domain::{Account, Label, LabelKind, Sorting, Usage, Weekend};

/// One or two questions that stand beside each other.
pub(super) enum Part {
    Field(Field),
    Select(Select),
    Tick(Checkbox),
    /// A number, and of what.
    Span(Field, Select),
}

/// A part of the form under a heading that opens it.
pub(super) struct Fold {
    pub(super) title: &'static str,
    /// What is in it, for who wonders whether to open it.
    pub(super) hint: &'static str,
    /// Whether there is something in it, or something wrong with it.
    pub(super) open: bool,
    pub(super) parts: Vec<Part>,
}

impl Part {
    fn controls(&self) -> Vec<&dyn Control> {
        match self {
            Self::Field(field) => vec![field],
            Self::Select(select) => vec![select],
            Self::Tick(tick) => vec![tick],
            Self::Span(field, select) => vec![field, select],
        }
    }

    /// Whether it has an answer that is not the usual one.
    fn answered(&self) -> bool {
        match self {
            Self::Field(field) | Self::Span(field, _) => !field.value.is_empty(),
            Self::Select(select) => !select.value.is_empty() && select.value != Weekend::Keep.as_str(),
            Self::Tick(tick) => tick.checked,
        }
    }
}

impl Fold {
    fn new(title: &'static str, hint: &'static str, parts: Vec<Part>) -> Self {
        let wrong = |part: &Part| part.controls().iter().any(|control| control.error().is_some());
        let open = parts.iter().any(|part| part.answered() || wrong(part));
        Self { title, hint, open, parts }
    }

    pub(super) fn controls(&self) -> impl Iterator<Item = &dyn Control> {
        self.parts.iter().flat_map(Part::controls)
    }
}

/// What the folds offer to choose from.
#[derive(Debug, Clone, Default)]
pub(super) struct Offered {
    pub(super) sorting: Sorting,
    /// Others that may have taken its place: their ids and names.
    pub(super) others: Vec<(String, String)>,
}

/// A form that is filled in anew also asks for a promotion.
pub(super) fn folds(more: &More, offered: &Offered, adding: bool, wrong: &Invalid) -> Vec<Fold> {
    let mut prices = vec![Part::Tick(
        Checkbox::new("price_varies", "The price varies", more.varies())
            .hint("Then it is what you expect. Each payment asks for the real amount, and what is to come is the mean of the last three."),
    )];
    if adding {
        prices.push(Part::Field(
            Field::count("promo_charges", "This price for so many charges only")
                .optional()
                .value(&*more.promo_charges)
                .check(wrong, "/promo_charges"),
        ));
        prices.push(Part::Field(
            Field::amount("promo_then", "Price after that")
                .optional()
                .value(&*more.promo_then)
                .check(wrong, "/promo_then")
                .check(wrong, "/later_prices"),
        ));
    }
    vec![
        Fold::new("Prices that change", "Promotions, bills that are never the same", prices),
        Fold::new("Weekends and a last charge", "When money moves, and when it is over", rhythm(more, wrong)),
        Fold::new("Contract", "How long you are bound, and when to cancel", term(more, wrong)),
        Fold::new("Sorting", "What you pay with, and tags", sorting(more, &offered.sorting, wrong)),
        Fold::new("Account, links and reminders", "What to find again later", rest(more, offered, wrong)),
    ]
}

fn rhythm(more: &More, wrong: &Invalid) -> Vec<Part> {
    let weekend = if more.weekend.is_empty() { Weekend::Keep.as_str() } else { &more.weekend };
    vec![
        Part::Select(
            Select::new("weekend", "A charge on a weekend is taken")
                .choices(Weekend::ALL.map(|each| (each.as_str(), each.label())))
                .value(weekend)
                .check(wrong, "/weekend"),
        ),
        Part::Field(
            Field::count("charges_left", "Charges to come")
                .max_length(4)
                .optional()
                .value(&*more.charges_left)
                .hint("For what ends by itself after so many charges.")
                .check(wrong, "/charges_left"),
        ),
    ]
}

fn units(name: &'static str, label: &str, chosen: &str, wrong: &Invalid, pointer: &str) -> Select {
    let chosen = if chosen.is_empty() { "month" } else { chosen };
    Select::new(name, label)
        .choices([("day", "days"), ("week", "weeks"), ("month", "months"), ("year", "years")])
        .value(chosen)
        .check(wrong, pointer)
}

fn term(more: &More, wrong: &Invalid) -> Vec<Part> {
    let number = |name, label: &str, value: &str| Field::count(name, label).optional().value(value);
    vec![
        Part::Span(
            number("term_length", "Bound for", &more.term_length)
                .check(wrong, "/term/length/every")
                .check(wrong, "/term/length"),
            units("term_unit", "Of", &more.term_unit, wrong, "/term/length/unit"),
        ),
        Part::Span(
            number("renews_for", "Then renews for", &more.renews_for)
                .hint("Empty when it ends with the first term.")
                .check(wrong, "/term/renews_for/every"),
            units("renews_unit", "Of", &more.renews_unit, wrong, "/term/renews_for/unit"),
        ),
        Part::Span(
            number("notice", "Notice", &more.notice)
                .hint("How long before the end you have to cancel.")
                .check(wrong, "/term/notice"),
            units("notice_unit", "Of", &more.notice_unit, wrong, "/term/notice/unit"),
        ),
        Part::Field(
            Field::date("term_from", "Bound since")
                .optional()
                .value(&*more.term_from)
                .hint("Since the first charge when empty.")
                .check(wrong, "/term/from"),
        ),
    ]
}

/// Those that are offered, and the one that is chosen even where it is out of use.
fn methods(sorting: &Sorting, chosen: &str) -> Vec<(String, String)> {
    let id = |label: &Label| kernel::PaymentMethodId::from_uuid(label.id).to_string();
    let methods = sorting.of(LabelKind::PaymentMethod);
    let shown = methods.filter(|label| label.offered() || id(label) == chosen);
    std::iter::once((String::new(), "None".to_owned()))
        .chain(shown.map(|label| (id(label), label.text())))
        .collect()
}

fn sorting(more: &More, sorting: &Sorting, wrong: &Invalid) -> Vec<Part> {
    let known: Vec<_> = sorting.of(LabelKind::Tag).map(|tag| tag.name.to_string()).take(12).collect();
    let hint = match known.as_slice() {
        [] => "Words of your own, with commas between them: work, family.".to_owned(),
        known => format!("With commas between them. You have {}; others are made.", known.join(", ")),
    };
    vec![
        Part::Select(
            Select::new("payment_method", "Paid with")
                .choices(methods(sorting, &more.payment_method))
                .value(&*more.payment_method)
                .check(wrong, "/payment_method_id"),
        ),
        Part::Field(
            Field::text("tags", "Tags").optional().value(&*more.tags).hint(hint).check(wrong, "/tags"),
        ),
    ]
}

fn rest(more: &More, offered: &Offered, wrong: &Invalid) -> Vec<Part> {
    let usage = Usage::ALL.map(|usage| (usage.as_str(), usage.label()));
    let mut parts = vec![
        Part::Field(
            Field::text("account", "Account")
                .optional()
                .value(&*more.account)
                .max_length(super::form::most(Account::MAX))
                .hint("The address or name you log in with. Never a password.")
                .check(wrong, "/account"),
        ),
        Part::Field(
            Field::area("links", "More links")
                .optional()
                .value(&*more.links)
                .hint("One a line, what it is for and where it leads: Cancel https://example.org/cancel")
                .check(wrong, "/links"),
        ),
        Part::Field(
            Field::text("reminder_days", "Remind me, days ahead")
                .optional()
                .value(&*more.reminder_days)
                .hint(format!("Such as 7, 1. As in your settings when empty; {NEVER} for never."))
                .check(wrong, "/reminder_days"),
        ),
        Part::Select(
            Select::new("usage", "I use it")
                .choices(std::iter::once(("", "Not said")).chain(usage))
                .value(&*more.usage)
                .check(wrong, "/usage"),
        ),
    ];
    if !offered.others.is_empty() {
        let others = offered.others.iter().cloned();
        parts.push(Part::Select(
            Select::new("replaced_by", "Replaced by")
                .choices(std::iter::once((String::new(), "Nothing".to_owned())).chain(others))
                .value(&*more.replaced_by)
                .check(wrong, "/replaced_by"),
        ));
    }
    parts
}
