//! The movements in a table whose columns are known.

use kernel::Currency;

use super::{StatementLine, plausible, tidy};
use crate::domain::import::{
    Remarks, Role, amounts,
    amounts::DecimalMark,
    columns,
    dates::{self, DateOrder},
    table::{Row, Table},
};

/// How the cells of a table are to be read.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain::import) struct Manner {
    pub(in crate::domain::import) order: DateOrder,
    pub(in crate::domain::import) mark: DecimalMark,
    /// Where a row names none.
    pub(in crate::domain::import) currency: Currency,
}

/// The movements of a table. What cannot be read is named by its line and left out.
pub(in crate::domain::import) fn read(
    table: &Table,
    columns: &[Option<Role>],
    manner: Manner,
    remarks: &mut Remarks,
) -> Vec<StatementLine> {
    let columns = Columns(columns);
    table
        .rows
        .iter()
        .filter_map(|row| match line(row, &columns, manner) {
            Ok(line) => Some(line),
            Err(why) => {
                remarks.line(row.line, format!("{why}: left out."));
                None
            }
        })
        .collect()
}

/// Which column holds what.
pub(in crate::domain::import) struct Columns<'c>(pub(in crate::domain::import) &'c [Option<Role>]);

impl Columns<'_> {
    pub(in crate::domain::import) fn has(&self, role: Role) -> bool {
        self.0.contains(&Some(role))
    }

    /// What the row says there; nothing where no column holds it.
    pub(in crate::domain::import) fn of<'r>(&self, row: &'r Row, role: Role) -> &'r str {
        self.0.iter().position(|column| *column == Some(role)).map_or("", |column| row.cell(column))
    }

    fn joined(&self, row: &Row, role: Role) -> String {
        let cells = self.0.iter().enumerate().filter(|(_, column)| **column == Some(role));
        tidy(&cells.map(|(at, _)| row.cell(at)).collect::<Vec<_>>().join(" "))
    }
}

fn line(row: &Row, columns: &Columns<'_>, manner: Manner) -> Result<StatementLine, String> {
    let date = columns.of(row, Role::Date);
    let booked_on = dates::read(date, manner.order)
        .filter(|date| plausible(*date))
        .ok_or_else(|| format!("“{date}” is no date"))?;
    let named = columns.of(row, Role::Currency);
    let currency = match named {
        "" => manner.currency,
        code => code.to_uppercase().parse().map_err(|_| format!("“{code}” is no currency"))?,
    };
    let minor = minor(row, columns, manner.mark, currency)?;
    Ok(StatementLine {
        line: row.line,
        booked_on,
        minor,
        currency,
        counterparty: columns.joined(row, Role::Counterparty),
        text: columns.joined(row, Role::Text),
    })
}

/// Less than nought for what was paid, whichever way the table says so.
fn minor(row: &Row, columns: &Columns<'_>, mark: DecimalMark, currency: Currency) -> Result<i64, String> {
    let read =
        |role| amounts::signed(columns.of(row, role), mark, currency).map_err(|error| error.to_string());
    let filled = |role| {
        let cell = columns.of(row, role);
        cell.bytes().any(|byte| byte.is_ascii_digit())
    };
    if columns.has(Role::Debit) && filled(Role::Debit) {
        let debit = read(Role::Debit)?;
        if debit != 0 || !filled(Role::Credit) {
            return Ok(-debit.abs());
        }
    }
    if columns.has(Role::Credit) && filled(Role::Credit) {
        return read(Role::Credit).map(i64::abs);
    }
    if !columns.has(Role::Amount) {
        return Err("It has no amount".into());
    }
    let amount = read(Role::Amount)?;
    match direction(columns.of(row, Role::Direction)) {
        Some(true) => Ok(-amount.abs()),
        Some(false) => Ok(amount.abs()),
        None => Ok(amount),
    }
}

/// Whether a word says that it was paid.
fn direction(word: &str) -> Option<bool> {
    match columns::folded(word).as_str() {
        "d" | "dr" | "debit" | "dbit" | "s" | "soll" | "af" | "out" | "withdrawal" | "debet" | "paid" => {
            Some(true)
        }
        "c" | "cr" | "credit" | "crdt" | "h" | "haben" | "bij" | "in" | "deposit" | "received" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::{Purpose, table};

    fn lines(text: &str, manner: Manner) -> (Vec<(i64, String)>, Vec<Option<u32>>) {
        let mut remarks = Remarks::default();
        let table = table::read(text, &mut remarks).unwrap();
        let columns = columns::guess(&table.header, Purpose::Statement);
        let found = read(&table, &columns, manner, &mut remarks);
        let remarks = remarks.into_vec().into_iter().map(|remark| remark.line).collect();
        (found.into_iter().map(|line| (line.minor, line.said())).collect(), remarks)
    }

    const POINT: Manner =
        Manner { order: DateOrder::DayFirst, mark: DecimalMark::Point, currency: Currency::INR };

    #[test]
    fn paid_and_received_however_the_bank_says_it() {
        let hdfc = "Date,Narration,Withdrawal Amt.,Deposit Amt.\n05/01/26,UPI-NETFLIX,499.00,0.00\n06/01/26,SALARY,0.00,\"1,00,000.00\"\n";
        assert_eq!(lines(hdfc, POINT).0, [(-49_900, "UPI-NETFLIX".into()), (10_000_000, "SALARY".into())]);
        let dutch = "Datum;Naam / Omschrijving;Af Bij;Bedrag (EUR);Mededelingen\n20260105;NETFLIX;Af;9,99;abc\n20260106;ACME;Bij;5,00;\n";
        let manner =
            Manner { order: DateOrder::YearFirst, mark: DecimalMark::Comma, currency: Currency::EUR };
        assert_eq!(lines(dutch, manner).0, [(-999, "NETFLIX abc".into()), (500, "ACME".into())]);
        let plain = "Date,Description,Amount,Currency\n05/01/26,A,-5,usd\n06/01/26,B,5,\n";
        assert_eq!(lines(plain, POINT).0, [(-500, "A".into()), (500, "B".into())]);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_line() {
        let text = "Date,Description,Amount,Currency\nsoon,A,-5,\n05/01/26,B,free,\n05/01/26,C,-5,??\n05/01/26,D,-5,\n";
        let (found, remarks) = lines(text, POINT);
        assert_eq!((found.len(), remarks), (1, vec![Some(2), Some(3), Some(4)]));
    }
}
