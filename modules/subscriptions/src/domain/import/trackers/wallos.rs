//! Wallos: its export (JSON or CSV, with words), the answer of its API, and its SQLite database (both with numbers
//! that point into other tables).

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Currency, Cycle, Unit};

use super::{Cell, DatabaseRows, Fields, category, currency_in, cycle, date, price, text, yes};
use crate::domain::import::{
    Remarks,
    amounts::DecimalMark,
    entry::{Entry, Life, Raw},
    line_number,
};

/// The tables of its database that are looked at.
pub const TABLES: &[&str] =
    &["subscriptions", "currencies", "categories", "payment_methods", "household", "cycles", "frequencies"];

/// What the reader needs to know beside the file.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain::import) struct Given {
    pub(in crate::domain::import) today: Date,
    pub(in crate::domain::import) currency: Currency,
    pub(in crate::domain::import) backfill: bool,
}

/// Whether an object is a subscription of its export.
pub(in crate::domain::import) fn is_export(fields: &Fields) -> bool {
    ["Name", "Price", "Next Payment"].iter().all(|name| fields.contains_key(*name))
}

/// Whether an object is a subscription of its API, or a row of its database.
pub(in crate::domain::import) fn is_row(fields: &Fields) -> bool {
    ["name", "price", "currency_id", "next_payment", "cycle"].iter().all(|name| fields.contains_key(*name))
}

/// A subscription of its export. Its prices bear a sign, not a code.
pub(in crate::domain::import) fn exported(line: u32, fields: &Fields, given: Given) -> Entry {
    let mut raw = Raw::new(line, text(fields, "Name"), given.backfill);
    let written = text(fields, "Price");
    let currency = match currency_in(written, given.currency) {
        Some((currency, sure)) => {
            if !sure {
                raw.remark(format!("Which currency “{written}” is in is not certain; {currency} was taken."));
            }
            currency
        }
        None => {
            raw.remark(format!("Its price names no currency that is known; {} was taken.", given.currency));
            given.currency
        }
    };
    price(&mut raw, written, DecimalMark::Point, currency);
    match cycle(text(fields, "Payment Cycle")) {
        Some(cycle) => raw.proposal.cycle = cycle,
        // Older versions do not say how often.
        None => raw.remark("The file does not say how often it is charged; monthly was taken."),
    }
    raw.next_charge_on = date(text(fields, "Next Payment"));
    raw.proposal.auto_renew = !text(fields, "Renewal").eq_ignore_ascii_case("manual");
    let active = match text(fields, "Active") {
        "" => !text(fields, "State").eq_ignore_ascii_case("disabled"),
        word => !word.eq_ignore_ascii_case("no"),
    };
    raw.life = life(active, date(text(fields, "Cancellation Date")));
    raw.proposal.url = Some(text(fields, "URL").to_owned());
    raw.proposal.notes = text(fields, "Notes").to_owned();
    let named = match text(fields, "Category") {
        "" => text(fields, "Categpry"),
        name => name,
    };
    category(&mut raw, named);
    raw.pays_with(text(fields, "Payment Method"));
    if text(fields, "Notifications").eq_ignore_ascii_case("disabled") {
        raw.proposal.particulars.reminder_days = Some(Some(Vec::new()));
    }
    raw.note("Paid by", text(fields, "Paid By"));
    raw.check(given.today)
}

fn life(active: bool, cancelled_on: Option<Date>) -> Life {
    match (active, cancelled_on) {
        (false, None) => Life::Paused,
        // One that is active and has a cancellation date is to end then.
        (_, Some(_)) => Life::Cancelled(cancelled_on),
        (true, None) => Life::Runs,
    }
}

/// The names behind the numbers of a database. An answer of the API has most of them in its rows.
#[derive(Debug, Default)]
pub(in crate::domain::import) struct Names {
    currencies: BTreeMap<String, String>,
    categories: BTreeMap<String, String>,
    payment_methods: BTreeMap<String, String>,
    members: BTreeMap<String, String>,
}

impl Names {
    fn of(rows: &DatabaseRows) -> Self {
        let names = |table: &str, column: &str| {
            let rows = rows.get(table).map(Vec::as_slice).unwrap_or_default();
            rows.iter().map(|row| (text(row, "id").to_owned(), text(row, column).to_owned())).collect()
        };
        Self {
            currencies: names("currencies", "code"),
            categories: names("categories", "name"),
            payment_methods: names("payment_methods", "name"),
            members: names("household", "name"),
        }
    }
}

/// The subscriptions of its database.
pub(in crate::domain::import) fn database(
    rows: &DatabaseRows,
    given: Given,
    remarks: &mut Remarks,
) -> Vec<Entry> {
    let names = Names::of(rows);
    let found = rows.get("subscriptions").map(Vec::as_slice).unwrap_or_default();
    let users: std::collections::BTreeSet<&str> = found.iter().map(|row| text(row, "user_id")).collect();
    if users.len() > 1 {
        remarks.file(format!(
            "The database is that of {} people; the subscriptions of all of them are shown.",
            users.len()
        ));
    }
    found.iter().zip(1..).map(|(row, number)| self::row(line_number(number), row, &names, given)).collect()
}

/// A row of its database, or a subscription of its API's answer.
pub(in crate::domain::import) fn row(line: u32, fields: &Fields, names: &Names, given: Given) -> Entry {
    let mut raw = Raw::new(line, text(fields, "name"), given.backfill);
    let known = |table: &BTreeMap<String, String>, id: &str, beside: &str| match text(fields, beside) {
        "" => table.get(text(fields, id)).cloned().unwrap_or_default(),
        name => name.to_owned(),
    };
    let code = known(&names.currencies, "currency_id", "currency_code");
    let currency = code.parse().unwrap_or_else(|_| {
        raw.remark(format!(
            "Its currency is only given as number {}; {} was taken.",
            text(fields, "currency_id"),
            given.currency
        ));
        given.currency
    });
    price(&mut raw, text(fields, "price"), DecimalMark::Point, currency);
    match numbered_cycle(fields) {
        Some(cycle) => raw.proposal.cycle = cycle,
        None => raw.wrong(format!("cycle: number {} is none that is known", text(fields, "cycle"))),
    }
    raw.proposal.first_charge_on = date(text(fields, "start_date"));
    raw.next_charge_on = date(text(fields, "next_payment"));
    raw.proposal.auto_renew = !fields.contains_key("auto_renew") || yes(fields, "auto_renew");
    raw.life = life(!yes(fields, "inactive"), date(text(fields, "cancellation_date")));
    raw.proposal.url = Some(text(fields, "url").to_owned());
    raw.proposal.notes = text(fields, "notes").to_owned();
    category(&mut raw, &known(&names.categories, "category_id", "category_name"));
    raw.pays_with(&known(&names.payment_methods, "payment_method_id", "payment_method_name"));
    raw.proposal.particulars.reminder_days = reminder_days(fields);
    raw.note("Paid by", &known(&names.members, "payer_user_id", "payer_user_name"));
    raw.check(given.today)
}

/// No days for what is not to be reminded of; the owner's own where it does not say when.
fn reminder_days(fields: &Fields) -> Option<Option<Vec<i64>>> {
    if fields.contains_key("notify") && !yes(fields, "notify") {
        return Some(Some(Vec::new()));
    }
    let days =
        text(fields, "notify_days_before").parse::<i64>().ok().filter(|days| (1..=60).contains(days))?;
    Some(Some(vec![days]))
}

/// Days, weeks, months and years are numbered from one; five is bought once.
fn numbered_cycle(fields: &Fields) -> Option<Option<Cycle>> {
    let every = match fields.get("frequency") {
        Some(Cell::Number(text) | Cell::Text(text)) => text.trim().parse().ok()?,
        Some(Cell::Null) | None => 1,
    };
    let unit = match text(fields, "cycle") {
        "1" => Unit::Day,
        "2" => Unit::Week,
        "3" => Unit::Month,
        "4" => Unit::Year,
        "5" => return Some(None),
        _ => return None,
    };
    Cycle::new(every, unit).ok().map(Some)
}
