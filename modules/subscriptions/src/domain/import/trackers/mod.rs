//! What other trackers write, read from the facts of their formats.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Currency, Cycle, Money, Unit};
use serde_json::Value;

use super::{
    amounts,
    amounts::DecimalMark,
    columns::folded,
    dates::{self, DateOrder},
    entry::{Life, Raw},
};
use crate::domain::Category;

pub(super) mod rows;
pub(super) mod subtrackr;
pub(super) mod wallos;

pub use wallos::TABLES as WALLOS_TABLES;

/// One value of another program's row. Numbers are kept as they are written: a float would not be what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number, as text.
    Number(String),
    /// A text.
    Text(String),
}

/// The rows of the tables of another program's database, by the table's name.
pub type DatabaseRows = BTreeMap<String, Vec<Fields>>;

/// A row by the names of its columns, or an object by its members.
pub(super) type Fields = BTreeMap<String, Cell>;

/// The members of an object that hold a plain value.
pub(super) fn fields(object: &serde_json::Map<String, Value>) -> Fields {
    let cell = |value: &Value| match value {
        Value::Null | Value::Array(_) | Value::Object(_) => Cell::Null,
        Value::Bool(yes) => Cell::Number(i32::from(*yes).to_string()),
        Value::Number(number) => Cell::Number(number.to_string()),
        Value::String(text) => Cell::Text(text.clone()),
    };
    object.iter().map(|(name, value)| (name.clone(), cell(value))).collect()
}

/// What a row says there; nothing where it says nothing.
pub(super) fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    match fields.get(name) {
        Some(Cell::Text(text) | Cell::Number(text)) => text.trim(),
        Some(Cell::Null) | None => "",
    }
}

/// Whether a row says yes.
pub(super) fn yes(fields: &Fields, name: &str) -> bool {
    matches!(folded(text(fields, name)).as_str(), "1" | "true" | "yes" | "on" | "enabled" | "automatic")
}

/// A date of a program that writes the year first, with or without a time behind it.
pub(super) fn date(text: &str) -> Option<Date> {
    dates::read(text.get(..10).unwrap_or(text), DateOrder::YearFirst)
}

/// Reads an amount of another program's floating point numbers, with or without a sign of its currency.
pub(super) fn price(raw: &mut Raw, text: &str, mark: DecimalMark, currency: Currency) {
    match amounts::rounded(text, mark, currency) {
        Ok((money, false)) => raw.proposal.price = money,
        Ok((money, true)) => {
            raw.remark(format!(
                "Its price {text} has more decimals than {currency} has; it was rounded to {money}."
            ));
            raw.proposal.price = money;
        }
        Err(error) => {
            raw.proposal.price = Money::zero(currency);
            raw.wrong(format!("price: {error}"));
        }
    }
}

/// The currency whose code or sign stands with an amount. A sign that several use is the household's where that is one
/// of them, and said to be a guess where it is not.
pub(super) fn currency_in(text: &str, fallback: Currency) -> Option<(Currency, bool)> {
    let letters: String =
        text.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '.' | ',' | ' ' | '-')).collect();
    let sign = letters.trim();
    if sign.is_empty() {
        return None;
    }
    if let Ok(currency) = sign.to_uppercase().parse::<Currency>() {
        return Some((currency, true));
    }
    if sign == fallback.symbol() {
        return Some((fallback, true));
    }
    let shared = match sign {
        "$" => {
            return Some((
                if DOLLARS.contains(&fallback.code()) { fallback } else { Currency::USD },
                fallback == Currency::USD,
            ));
        }
        "kr" | "Kr" | "kr." => ["SEK", "NOK", "DKK", "ISK"].as_slice(),
        "¥" | "￥" => &["JPY", "CNY"],
        "£" => &["GBP"],
        "€" => &["EUR"],
        "₹" | "Rs" | "Rs." => &["INR"],
        "R$" => &["BRL"],
        "C$" | "CA$" => &["CAD"],
        "A$" => &["AUD"],
        "zł" => &["PLN"],
        "Kč" => &["CZK"],
        "Ft" => &["HUF"],
        "lei" => &["RON"],
        "₽" => &["RUB"],
        "₺" => &["TRY"],
        "₩" => &["KRW"],
        "₫" => &["VND"],
        "฿" => &["THB"],
        "₱" => &["PHP"],
        "₪" => &["ILS"],
        "₴" => &["UAH"],
        "RM" => &["MYR"],
        "Rp" => &["IDR"],
        "R" => &["ZAR"],
        "S$" => &["SGD"],
        "HK$" => &["HKD"],
        "NZ$" => &["NZD"],
        "Fr" | "Fr." => &["CHF"],
        _ => return None,
    };
    let code = shared.iter().find(|code| **code == fallback.code()).or(shared.first())?;
    code.parse().ok().map(|currency| (currency, shared.len() == 1 || currency == fallback))
}

const DOLLARS: &[&str] = &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"];

/// How often, in the words that exports use: `Monthly`, `Every 3 Months`, `2 weeks`. `Some(None)` is bought once.
pub(super) fn cycle(words: &str) -> Option<Option<Cycle>> {
    let words = folded(words);
    let known = match words.as_str() {
        "daily" | "day" | "days" | "taglich" | "journalier" | "diario" => (1, Unit::Day),
        "weekly" | "week" | "weeks" | "wochentlich" | "hebdomadaire" | "semanal" | "settimanale" => {
            (1, Unit::Week)
        }
        "biweekly" | "bi weekly" | "fortnightly" | "every two weeks" | "14 taglich" => (2, Unit::Week),
        "four weekly" | "4 weekly" => (4, Unit::Week),
        "monthly" | "month" | "months" | "monatlich" | "mensuel" | "mensual" | "mensile" | "mensal"
        | "maandelijks" => (1, Unit::Month),
        "bimonthly" | "bi monthly" | "every two months" => (2, Unit::Month),
        "quarterly" | "quarter" | "vierteljahrlich" | "quartalsweise" | "trimestriel" | "trimestral"
        | "trimestrale" => (3, Unit::Month),
        "half yearly" | "semi annual" | "semi annually" | "biannual" | "biannually" | "halbjahrlich"
        | "semestriel" | "semestral" => (6, Unit::Month),
        "yearly" | "year" | "years" | "annual" | "annually" | "jahrlich" | "annuel" | "anual" | "annuale"
        | "jaarlijks" => (1, Unit::Year),
        "once" | "one time" | "onetime" | "lifetime" | "einmalig" => return Some(None),
        other => every(other)?,
    };
    Cycle::new(known.0, known.1).ok().map(Some)
}

/// `every 3 months`
fn every(words: &str) -> Option<(i64, Unit)> {
    let mut words: Vec<&str> = words.split(' ').collect();
    words.retain(|word| !matches!(*word, "every" | "alle" | "cada" | "ogni"));
    let [number, unit] = words[..] else { return None };
    let number = number.parse().ok()?;
    let unit = match unit.trim_end_matches('s') {
        "day" | "tag" | "tage" => (number, Unit::Day),
        "week" | "woche" | "wochen" => (number, Unit::Week),
        "month" | "monat" | "monate" | "me" | "mese" => (number, Unit::Month),
        "quarter" => (number * 3, Unit::Month),
        "year" | "jahr" | "jahre" => (number, Unit::Year),
        _ => return None,
    };
    Some(unit)
}

/// The built-in category that another program's is.
pub(super) fn category(raw: &mut Raw, name: &str) {
    let known = folded(name);
    let found =
        CATEGORIES.iter().find(|(_, names)| names.contains(&known.as_str())).map(|(category, _)| *category);
    let found = found.or_else(|| {
        Category::ALL
            .into_iter()
            .find(|category| category.slug() == known || folded(category.label()) == known)
    });
    match found {
        Some(category) => raw.proposal.category = Some(category.slug().into()),
        None if matches!(known.as_str(), "" | "no category" | "uncategorized" | "none" | "general") => {}
        None => raw.wanted.category = super::entry::named(name),
    }
}

const CATEGORIES: &[(Category, &[&str])] = &[
    (Category::Entertainment, &["streaming", "video", "movies", "tv", "unterhaltung", "media"]),
    (Category::Music, &["audio", "musik"]),
    (Category::News, &["news magazines", "magazines", "newspaper", "news and media"]),
    (
        Category::Software,
        &["productivity", "technology", "tools", "apps", "developer tools", "ai", "business"],
    ),
    (
        Category::Cloud,
        &["cloud services", "storage", "hosting", "cloud storage", "infrastructure", "domains"],
    ),
    (Category::Gaming, &["games", "spiele"]),
    (Category::Fitness, &["sport", "sports", "gym", "fitness and health"]),
    (Category::Health, &["health wellbeing", "health wellness", "wellness", "medical", "gesundheit"]),
    (Category::Education, &["learning", "bildung"]),
    (Category::Utilities, &["energy", "electricity", "water", "strom"]),
    (Category::Internet, &["broadband"]),
    (Category::Phone, &["mobile", "telecom", "telecommunications", "handy"]),
    (Category::Insurance, &["versicherung", "insurances"]),
    (Category::Housing, &["rent", "home", "wohnen"]),
    (Category::Transport, &["transportation", "travel", "car", "verkehr"]),
    (Category::Food, &["food beverages", "food drink", "groceries", "essen"]),
    (Category::Finance, &["banking", "bank", "finanzen"]),
    (Category::Charity, &["charity donations", "donations", "spenden"]),
];

/// Where a subscription of another program is in its life.
pub(super) fn life(status: &str, cancelled_on: Option<Date>) -> Life {
    match folded(status).as_str() {
        "cancelled" | "canceled" | "expired" | "ended" | "gekundigt" => Life::Cancelled(cancelled_on),
        "paused" | "inactive" | "disabled" | "no" | "0" | "false" | "pausiert" => match cancelled_on {
            Some(_) => Life::Cancelled(cancelled_on),
            None => Life::Paused,
        },
        _ => Life::Runs,
    }
}
