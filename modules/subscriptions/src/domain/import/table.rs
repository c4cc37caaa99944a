//! Tables with separators: which separator, where the headings are, and the rows with the lines where they begin.

use csv::{ByteRecord, ReaderBuilder};

use super::{MAX_LINES, Remarks, Unreadable, columns, counted, line_number};

/// The separators that are tried, the likeliest first.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// Rows that are looked at to find the separator and the headings.
const SAMPLE: usize = 60;
/// A cell with more lines than this has lost its closing quote.
const LONGEST_CELL: u64 = 500;
/// More columns than any export has.
const MOST_COLUMNS: usize = 200;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) separator: char,
    /// The headings; made up where the table has none.
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// A row, with as many cells as there are headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u32,
    pub(super) cells: Vec<String>,
}

impl Row {
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// The table in a text.
pub(super) fn read(text: &str, remarks: &mut Remarks) -> Result<Table, Unreadable> {
    // Lines are counted by their feeds alone.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (text, said) = without_declaration(&text);
    let separator = match said {
        Some(separator) => separator,
        None => separator(text),
    };
    let first_line = if said.is_some() { 2 } else { 1 };
    let rows = rows(text, separator, first_line, MAX_LINES + 1)?;
    if rows.len() > MAX_LINES {
        return Err(Unreadable::because(format!(
            "The table has more than {MAX_LINES} rows. Export a shorter period, or split the file."
        )));
    }
    shape(separator, rows, remarks)
}

/// Excel writes `sep=;` into the first line of what it wants to find again.
fn without_declaration(text: &str) -> (&str, Option<char>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let separator = first.trim_end().strip_prefix("sep=").and_then(|rest| {
        let mut letters = rest.chars();
        letters.next().filter(|c| SEPARATORS.contains(c) && letters.next().is_none())
    });
    if separator.is_some() { (rest, separator) } else { (text, None) }
}

/// The separator with which most rows have the same number of cells, and more than one.
fn separator(text: &str) -> char {
    let score = |separator: char| {
        let rows = rows(text, separator, 1, SAMPLE).unwrap_or_default();
        let width = usual_width(&rows);
        let alike = rows.iter().filter(|row| row.cells.len() == width).count();
        // Prose has commas too, but never as many in each line.
        if width < 2 { 0 } else { alike * 100 / rows.len().max(1) * 10 + width.min(9) }
    };
    let mut best = (0, ',');
    for separator in SEPARATORS {
        let found = score(separator);
        if found > best.0 {
            best = (found, separator);
        }
    }
    best.1
}

/// The number of cells that most rows have; of two that are as frequent, the greater one.
fn usual_width(rows: &[Row]) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows {
        *counts.entry(row.cells.len()).or_insert(0_usize) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(width, count)| (*count * usize::from(*width > 1), *width))
        .map_or(0, |it| it.0)
}

fn rows(text: &str, separator: char, first_line: u64, limit: usize) -> Result<Vec<Row>, Unreadable> {
    let delimiter = u8::try_from(separator).unwrap_or(b',');
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    loop {
        let begun = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => return Err(Unreadable::because(format!("The table cannot be read: {error}."))),
        }
        let line = record.position().map_or(begun, csv::Position::line);
        let ends = reader.position().line();
        if ends.saturating_sub(line) > LONGEST_CELL {
            return Err(Unreadable::because(format!(
                "In line {} a quotation mark is opened and not closed again.",
                line + first_line - 1
            )));
        }
        if rows.len() >= limit {
            break;
        }
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        // The text was UTF-8 and is cut at ASCII signs only, so each cell is UTF-8.
        let cells = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        let line = usize::try_from(line + first_line - 1).unwrap_or(usize::MAX);
        rows.push(Row { line: line_number(line), cells });
    }
    Ok(rows)
}

/// Finds the headings, leaves out what stands above them, and makes every row as wide as they are.
fn shape(separator: char, mut rows: Vec<Row>, remarks: &mut Remarks) -> Result<Table, Unreadable> {
    let sample = &rows[..rows.len().min(SAMPLE)];
    let width = usual_width(sample);
    if width < 2 {
        return Err(Unreadable::because(
            "No table was found in the file: its lines have no commas, semicolons, tabs or bars between columns.",
        ));
    }
    if width > MOST_COLUMNS {
        return Err(Unreadable::because(format!(
            "The table has {width} columns; at most {MOST_COLUMNS} are read."
        )));
    }
    let (header, above) = match headings(sample, width) {
        Some(at) => {
            let row = rows.drain(..=at).next_back();
            (row.map(|row| row.cells).unwrap_or_default(), at)
        }
        None => ((1..=width).map(|number| format!("Column {number}")).collect(), 0),
    };
    if above > 0 {
        remarks.file(format!("{} above the headings left out.", counted(above, "line is", "lines are")));
    }
    let width = header.len();
    rows.retain_mut(|row| fit(row, width, remarks));
    if rows.is_empty() {
        return Err(Unreadable::because("The table has headings and no rows."));
    }
    Ok(Table { separator, header, rows })
}

/// Whether a row can be one of a table of that width. A closing line of totals or the like is narrower and left out.
fn fit(row: &mut Row, width: usize, remarks: &mut Remarks) -> bool {
    while row.cells.len() > width && row.cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        row.cells.pop();
    }
    if row.cells.len() > width {
        remarks.line(
            row.line,
            format!("It has {} cells and there are {width} columns: left out.", row.cells.len()),
        );
        return false;
    }
    if row.cells.len() * 2 < width || row.cells.len() < 2 {
        remarks.line(row.line, "It has too few cells to be a row: left out.");
        return false;
    }
    row.cells.resize(width, String::new());
    true
}

/// The row of headings: the one in which most of what is known is named; else the first as wide as the table that
/// has a word in each cell and no numbers. `None` when the first row is data already.
fn headings(sample: &[Row], width: usize) -> Option<usize> {
    let named = |row: &Row| {
        let known = |purpose| columns::guess(&row.cells, purpose).iter().flatten().count();
        known(columns::Purpose::Subscriptions).max(known(columns::Purpose::Statement))
    };
    let best = sample.iter().enumerate().map(|(at, row)| (named(row), std::cmp::Reverse(at))).max()?;
    if best.0 >= 2 {
        return Some(best.1.0);
    }
    let first = sample.iter().position(|row| row.cells.len() == width)?;
    let word = |cell: &String| !cell.trim().is_empty() && !cell.bytes().any(|byte| byte.is_ascii_digit());
    sample[first].cells.iter().all(word).then_some(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(text: &str) -> Table {
        read(text, &mut Remarks::default()).unwrap()
    }

    #[test]
    fn the_separator_is_found_by_the_shape_of_the_rows() {
        for separator in SEPARATORS {
            let text = format!("Name{separator}Price{separator}Notes\nNetflix{separator}9{separator}a b\n");
            assert_eq!(table(&text).separator, separator);
        }
        assert_eq!(
            table("Date;Amount;Text\n1.2.26;-9,99;Netflix, Berlin\n2.2.26;-1,00;Cafe\n").separator,
            ';'
        );
        assert_eq!(table("sep=;\r\na;b\r\n1;2\r\n").rows[0].line, 3);
    }

    #[test]
    fn quotes_hold_separators_and_lines_together() {
        let found = table("Name,Price,Notes\n\"Netflix, 4K\",9.99,\"one\n\"\"two\"\"\"\nSpotify,5,\n");
        assert_eq!(found.rows[0].cells, ["Netflix, 4K", "9.99", "one\n\"two\""]);
        assert_eq!((found.rows[0].line, found.rows[1].line), (2, 4));
    }

    #[test]
    fn headings_are_found_below_what_a_bank_puts_above_them() {
        let mut remarks = Remarks::default();
        let text = "Account: 1234;\nFrom 1.1. to 31.3.;\n\nBuchungstag;Betrag;Verwendungszweck\n1.2.26;-9,99;Netflix\n\
                    1.3.26;-9,99;Netflix\nEnd\n";
        let found = read(text, &mut remarks).unwrap();
        assert_eq!(found.header, ["Buchungstag", "Betrag", "Verwendungszweck"]);
        assert_eq!(found.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [5, 6]);
        let said: Vec<_> = remarks.into_vec().into_iter().map(|remark| (remark.line, remark.text)).collect();
        assert_eq!(said[0].1, "2 lines are above the headings left out.");
        assert_eq!(said[1].0, Some(7));
    }

    #[test]
    fn a_table_without_headings_keeps_its_first_row() {
        let found = table("2026-01-05,9.99,NETFLIX\n2026-02-05,9.99,NETFLIX\n");
        assert_eq!((found.header[0].as_str(), found.rows.len()), ("Column 1", 2));
    }

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        let mut remarks = Remarks::default();
        for (text, words) in [
            ("just prose\nin two lines\n", "No table"),
            ("Name,Price\n", "headings and no rows"),
            (&format!("Name,Price\n\"open,1\n{}", "x\n".repeat(600)), "not closed"),
        ] {
            let refusal = read(text, &mut remarks).unwrap_err().to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }

    #[test]
    fn a_row_that_does_not_fit_is_named_by_its_line() {
        let mut remarks = Remarks::default();
        let found = read("Name,Price,URL\nA,1,x\nB,1,x,more\nC,2\nD,3,x,,\n", &mut remarks).unwrap();
        assert_eq!(found.rows.iter().map(|row| row.cell(0)).collect::<Vec<_>>(), ["A", "C", "D"]);
        assert_eq!(remarks.into_vec()[0].line, Some(3));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[a-z0-9,;|\"\n\t .=]{0,200}") {
            let _ = read(&text, &mut Remarks::default());
        }
    }
}
