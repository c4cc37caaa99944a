//! Subscriptions in a table whose columns are known: an export of any tracker, or a list somebody kept by hand.

use jiff::civil::Date;
use kernel::{Currency, Cycle, Unit};

use super::{category, currency_in, cycle, life, price};
use crate::domain::{
    Particulars,
    import::{
        Role,
        columns::folded,
        dates,
        entry::{Entry, Raw, named},
        statement::rows::{Columns, Manner},
        table::{Row, Table},
    },
};

/// The subscriptions of a table, a row each.
pub(in crate::domain::import) fn read(
    table: &Table,
    columns: &[Option<Role>],
    manner: Manner,
    backfill: bool,
    today: Date,
) -> Vec<Entry> {
    let columns = Columns(columns);
    table.rows.iter().map(|row| entry(row, &columns, manner, backfill).check(today)).collect()
}

fn entry(row: &Row, columns: &Columns<'_>, manner: Manner, backfill: bool) -> Raw {
    // A quotation mark in front keeps spreadsheets from taking a name for a formula; it is no part of it.
    let of = |role| {
        let cell = columns.of(row, role);
        cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
    };
    let mut raw = Raw::new(row.line, of(Role::Name), backfill);
    let written = of(Role::Price);
    let currency = currency(&mut raw, of(Role::Currency), written, manner.currency);
    price(&mut raw, written, manner.mark, currency);
    set_cycle(&mut raw, of(Role::Cycle), of(Role::Every), of(Role::Unit));
    let date = |raw: &mut Raw, role: Role| {
        let cell = of(role);
        let found = dates::read(cell, manner.order);
        if found.is_none() && !cell.is_empty() {
            raw.wrong(format!("{}: “{cell}” is no date", role.label().to_lowercase()));
        }
        found
    };
    raw.proposal.first_charge_on = date(&mut raw, Role::FirstCharge);
    raw.next_charge_on = date(&mut raw, Role::NextCharge);
    raw.proposal.trial_ends_on = date(&mut raw, Role::TrialEnds);
    let ends_on = date(&mut raw, Role::Ends);
    raw.life = life(of(Role::Status), ends_on);
    if raw.life == crate::domain::import::Life::Runs {
        raw.proposal.ends_on = ends_on;
    }
    raw.proposal.auto_renew =
        !matches!(folded(of(Role::AutoRenew)).as_str(), "no" | "false" | "0" | "manual" | "off");
    raw.proposal.plan = Some(of(Role::Plan).to_owned());
    raw.proposal.url = Some(of(Role::Url).to_owned());
    raw.proposal.notes = of(Role::Notes).to_owned();
    category(&mut raw, of(Role::Category));
    raw.pays_with(of(Role::PaymentMethod));
    raw.wanted.tags =
        of(Role::Tags).split([',', ';', '|']).filter_map(named).take(Particulars::MOST_TAGS).collect();
    raw.proposal.particulars.account = Some(Some(of(Role::Account).to_owned()));
    raw
}

fn currency(raw: &mut Raw, code: &str, written: &str, fallback: Currency) -> Currency {
    if !code.is_empty() {
        return match currency_in(code, fallback) {
            Some((currency, _)) => currency,
            None => {
                raw.wrong(format!("currency: “{code}” is none that is known"));
                fallback
            }
        };
    }
    match currency_in(written, fallback) {
        Some((currency, sure)) => {
            if !sure {
                raw.remark(format!("Which currency “{written}” is in is not certain; {currency} was taken."));
            }
            currency
        }
        None => fallback,
    }
}

fn set_cycle(raw: &mut Raw, words: &str, every: &str, unit: &str) {
    if !unit.is_empty() || !every.is_empty() {
        let number = if every.is_empty() { Some(1) } else { every.parse::<i64>().ok() };
        let unit = match folded(unit).trim_end_matches('s') {
            "day" => Some(Unit::Day),
            "week" => Some(Unit::Week),
            "" | "month" => Some(Unit::Month),
            "year" => Some(Unit::Year),
            "once" => {
                raw.proposal.cycle = None;
                return;
            }
            _ => None,
        };
        match number.zip(unit).and_then(|(number, unit)| Cycle::new(number, unit).ok()) {
            Some(cycle) => raw.proposal.cycle = Some(cycle),
            None => raw.wrong(format!(
                "cycle: “{every} {words}” is none: give a number from 1 to 999 and day, week, month or year"
            )),
        }
        return;
    }
    match cycle(words) {
        Some(cycle) => raw.proposal.cycle = cycle,
        None if words.is_empty() => {
            raw.remark("The file does not say how often it is charged; monthly was taken.");
        }
        None => raw.wrong(format!("how often: “{words}” is not understood")),
    }
}
