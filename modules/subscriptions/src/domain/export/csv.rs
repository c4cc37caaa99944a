//! A table for spreadsheets: what is tracked, a row each. Prices as steps and payments have no place in it.

use jiff::civil::Date;
use kernel::Cycle;

use crate::domain::{CategoryChoice, LabelKind, Sorting, Subscription, equivalent};

/// The columns, in their order. The importer knows every one of them by these names.
const COLUMNS: [&str; 20] = [
    "name",
    "plan",
    "status",
    "price",
    "currency",
    "every",
    "unit",
    "first_charge_on",
    "next_charge_on",
    "trial_ends_on",
    "ends_on",
    "per_month",
    "auto_renew",
    "category",
    "payment_method",
    "tags",
    "account",
    "service",
    "url",
    "notes",
];

/// The table, as RFC 4180 has it: commas, quotation marks where they are needed, lines that end with CR LF.
pub fn csv(subscriptions: &[Subscription], sorting: &Sorting, today: Date) -> String {
    let mut table = COLUMNS.join(",");
    table.push_str("\r\n");
    for subscription in subscriptions {
        let cells = row(subscription, sorting, today);
        table.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        table.push_str("\r\n");
    }
    table
}

fn row(subscription: &Subscription, sorting: &Sorting, today: Date) -> [String; 20] {
    // In a trial what it will cost: that it costs nothing now is in the dates.
    let price = subscription.price_on(subscription.trial_ends_on.map_or(today, |ends_on| ends_on.max(today)));
    let kept = &subscription.particulars;
    let mut tags: Vec<String> = kept
        .tags
        .iter()
        .filter_map(|id| sorting.find(LabelKind::Tag, *id))
        .map(|it| it.name.to_string())
        .collect();
    tags.sort();
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let text = |text: Option<String>| text.unwrap_or_default();
    [
        subscription.name.to_string(),
        text(subscription.plan.as_ref().map(ToString::to_string)),
        subscription.status.as_str().to_owned(),
        price.amount_text(),
        price.currency().code().to_owned(),
        text(subscription.cycle.map(|cycle| cycle.every().to_string())),
        subscription.cycle.map_or("once", |cycle: Cycle| cycle.unit().as_str()).to_owned(),
        subscription.first_charge_on.to_string(),
        date(subscription.next_charge_on()),
        date(subscription.trial_ends_on),
        date(subscription.ends_on),
        text(subscription.cycle.map(|cycle| equivalent::monthly(price, cycle).amount_text())),
        if subscription.auto_renew { "yes" } else { "no" }.to_owned(),
        match subscription.category {
            CategoryChoice::BuiltIn(category) => category.slug().to_owned(),
            own @ CategoryChoice::Own(_) => sorting.category(own).to_owned(),
        },
        text(
            kept.payment_method
                .and_then(|id| sorting.find(LabelKind::PaymentMethod, id))
                .map(|it| it.name.to_string()),
        ),
        tags.join(", "),
        text(kept.account.as_ref().map(ToString::to_string)),
        text(subscription.service.as_ref().map(ToString::to_string)),
        text(subscription.url.as_ref().map(ToString::to_string)),
        subscription.notes.to_string(),
    ]
}

/// A cell. One that a spreadsheet would take for a formula gets an apostrophe in front, which the importer takes off.
fn quoted(cell: &str) -> String {
    let guarded =
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) || guarded.starts_with(' ') || guarded.ends_with(' ') {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}
