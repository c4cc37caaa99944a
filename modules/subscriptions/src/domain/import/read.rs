//! From a file to what it tells of.

use jiff::civil::Date;
use kernel::Currency;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    DateOrder, DecimalMark, Entry, Evidence, Kind, MAX_BYTES, MAX_ENTRIES, Options, Purpose, Question,
    Remark, Remarks, Role, StatementLine, Unreadable, amounts, columns, dates, encoding, line_number,
    shortened, sniff,
    statement::{camt, mt940, ofx, rows},
    table::{self, Table},
    trackers::{self, DatabaseRows, subtrackr, wallos},
};
use crate::domain::export::{Document, FORMAT, Rehearsal};

/// Rows of a table that are shown beside the choice of its columns.
const SAMPLE: usize = 5;

/// What comes in: a text, or the rows of a database, which somebody who may do so has read out of it.
#[derive(Debug)]
pub enum Incoming<'b> {
    /// The bytes of a file that is no database.
    Bytes(&'b [u8]),
    /// The rows of Wallos' tables.
    Database(&'b DatabaseRows),
}

impl Incoming<'_> {
    /// Whether bytes are a SQLite database, whose rows have to be read out of it first.
    ///
    /// # Errors
    /// [`Unreadable`] for what is neither that nor a text: archives, documents, pictures, nothing at all.
    pub fn is_database(bytes: &[u8]) -> Result<bool, Unreadable> {
        if bytes.len() > MAX_BYTES {
            return Err(Unreadable::because(format!(
                "The file is longer than {} MB.",
                MAX_BYTES / 1024 / 1024
            )));
        }
        sniff::is_database(bytes)
    }
}

/// What is true around a file, where the file is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surroundings {
    /// The owner's civil date.
    pub today: Date,
    /// What the household counts in.
    pub currency: Currency,
}

/// What a file tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// Everything of a household of ours.
    Everything(Document),
    /// Subscriptions of another tracker, or of a table.
    Subscriptions(Vec<Entry>),
    /// Movements of an account.
    Statement(Vec<StatementLine>),
    /// Nothing yet: a question comes first.
    Unanswered,
}

/// A table as its owner sees it while saying what its columns are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportTable)]
pub struct Shape {
    /// What separates its columns.
    pub separator: char,
    /// Its headings; made up where it has none.
    pub header: Vec<String>,
    /// What each column is taken to hold.
    pub columns: Vec<Option<Role>>,
    /// What it is taken to tell of.
    pub purpose: Purpose,
    /// Which number of a date is taken for the day; `null` where that has to be said.
    pub date_order: Option<DateOrder>,
    /// Which sign is taken to stand before the cents; `null` where that has to be said.
    pub decimal_mark: Option<DecimalMark>,
    /// How many rows it has.
    pub rows: u32,
    /// Its first rows.
    pub sample: Vec<Vec<String>>,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is.
    pub kind: Kind,
    /// What it tells of.
    pub contents: Contents,
    /// What is doubtful about it.
    pub remarks: Vec<Remark>,
    /// What only its owner can say.
    pub questions: Vec<Question>,
    /// Where it is a table: how that is read.
    pub shape: Option<Shape>,
}

/// Reads a file.
///
/// # Errors
/// [`Unreadable`] in words for its owner. Whatever the bytes are, this is the worst that comes of them.
pub fn read(incoming: &Incoming<'_>, options: &Options, around: Surroundings) -> Result<Reading, Unreadable> {
    let mut remarks = Remarks::default();
    let given = wallos::Given {
        today: around.today,
        currency: options.currency.unwrap_or(around.currency),
        backfill: options.backfill.unwrap_or(true),
    };
    let mut reading = match incoming {
        Incoming::Database(rows) => database(rows, given, &mut remarks)?,
        Incoming::Bytes(bytes) => {
            let decoded = encoding::decode(bytes)?;
            if let Some(remark) = decoded.remark {
                remarks.file(remark);
            }
            text(&decoded.text, options, given, &mut remarks)?
        }
    };
    if let Contents::Subscriptions(entries) = &reading.contents {
        if entries.is_empty() {
            return Err(Unreadable::because("There is no subscription in the file."));
        }
        if entries.len() > MAX_ENTRIES {
            return Err(Unreadable::because(format!(
                "The file has more than {MAX_ENTRIES} subscriptions. Split it into several."
            )));
        }
    }
    if matches!(&reading.contents, Contents::Statement(lines) if lines.is_empty()) {
        remarks.file("There is no transaction in the file that could be read.");
    }
    reading.remarks = remarks.into_vec();
    Ok(reading)
}

fn plain(kind: Kind, contents: Contents) -> Reading {
    Reading { kind, contents, remarks: Vec::new(), questions: Vec::new(), shape: None }
}

fn database(rows: &DatabaseRows, given: wallos::Given, remarks: &mut Remarks) -> Result<Reading, Unreadable> {
    if !rows.get("subscriptions").and_then(|rows| rows.first()).is_none_or(wallos::is_row) {
        return Err(Unreadable::because("This is a SQLite database, but not that of Wallos."));
    }
    Ok(plain(Kind::Wallos, Contents::Subscriptions(wallos::database(rows, given, remarks))))
}

fn text(
    text: &str,
    options: &Options,
    given: wallos::Given,
    remarks: &mut Remarks,
) -> Result<Reading, Unreadable> {
    let statement = |kind, lines| Ok(plain(kind, Contents::Statement(lines)));
    match sniff::writing(text)? {
        sniff::Writing::Json => json(text, given, remarks),
        sniff::Writing::Ofx => statement(Kind::Ofx, ofx::read(text, given.currency, remarks)?),
        sniff::Writing::Mt940 => statement(Kind::Mt940, mt940::read(text, given.currency, remarks)?),
        sniff::Writing::Camt => statement(Kind::Camt053, camt::read(text, remarks)?),
        sniff::Writing::Table => {
            let table = table::read(text, remarks)?;
            tabular(&table, options, given, remarks)
        }
    }
}

/// Only so much of a document as tells whether it is ours.
#[derive(Deserialize)]
struct Probe {
    format: Option<String>,
    version: Option<u64>,
}

fn json(text: &str, given: wallos::Given, remarks: &mut Remarks) -> Result<Reading, Unreadable> {
    let probe = serde_json::from_str::<Probe>(text).ok();
    if let Some(probe) = probe.filter(|probe| probe.format.as_deref() == Some(FORMAT)) {
        Document::check_version(probe.version.unwrap_or(0)).map_err(Unreadable)?;
        let document: Document = serde_json::from_str(text).map_err(|error| {
            Unreadable::because(format!("The export is damaged or was changed: {error}."))
        })?;
        let rehearsal = Rehearsal::of(&document);
        if let Err(invalid) = document.restore_common(rehearsal.owner(), uuid::Uuid::nil) {
            let wrong = invalid.errors().first().map(|error| format!("{} {}", error.pointer, error.detail));
            let wrong = wrong.unwrap_or_default();
            return Err(Unreadable::because(format!("The export is damaged or was changed: {wrong}.")));
        }
        let others: Vec<&str> = document
            .members
            .iter()
            .filter(|member| !member.left)
            .filter_map(|member| member.name.as_deref())
            .collect();
        if !others.is_empty() {
            remarks.file(format!(
                "It names other members: {}. Those who are not in your household are added to it, without a log-in.",
                others.join(", ")
            ));
        }
        if !document.budgets.is_empty() || !document.settlements.is_empty() || !document.rates.is_empty() {
            remarks.file(
                "It has budgets, settlements or rates of its own. They come in with the whole of it: where you leave a \
                 subscription out, they stay out too.",
            );
        }
        return Ok(plain(Kind::Perennial, Contents::Everything(document)));
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Unreadable::because(format!("The file is not valid JSON: {error}.")))?;
    let unknown = || {
        Unreadable::because(
            "This JSON is none that is known: not an export of Perennial, of Wallos or of Subtrackr, nor an answer of \
             their APIs.",
        )
    };
    let list = match &value {
        Value::Array(list) => list,
        Value::Object(object) => object.get("subscriptions").and_then(Value::as_array).ok_or_else(unknown)?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return Err(unknown()),
    };
    let objects: Vec<&Map<String, Value>> = list.iter().filter_map(Value::as_object).collect();
    let first = objects.first().map(|first| trackers::fields(first)).ok_or_else(unknown)?;
    let rows = objects.iter().take(MAX_ENTRIES + 1).zip(1..);
    let fields = |object: &Map<String, Value>| trackers::fields(object);
    let (kind, entries): (Kind, Vec<Entry>) = if wallos::is_export(&first) {
        (Kind::Wallos, rows.map(|(it, at)| wallos::exported(line_number(at), &fields(it), given)).collect())
    } else if wallos::is_row(&first) {
        let names = wallos::Names::default();
        (
            Kind::Wallos,
            rows.map(|(it, at)| wallos::row(line_number(at), &fields(it), &names, given)).collect(),
        )
    } else if subtrackr::is_one(&first) {
        (Kind::Subtrackr, rows.map(|(it, at)| subtrackr::entry(line_number(at), it, given)).collect())
    } else {
        return Err(unknown());
    };
    Ok(plain(kind, Contents::Subscriptions(entries)))
}

fn tabular(
    table: &Table,
    options: &Options,
    given: wallos::Given,
    remarks: &mut Remarks,
) -> Result<Reading, Unreadable> {
    let purpose = options.purpose.unwrap_or_else(|| columns::purpose(&table.header));
    let columns = match &options.columns {
        Some(chosen) => chosen_columns(chosen, table, purpose)?,
        None => columns::guess(&table.header, purpose),
    };
    let mut questions: Vec<Question> = columns::missing(&columns, purpose)
        .into_iter()
        .map(|role| Question::new("/columns", format!("Which column holds “{}”?", role.label())))
        .collect();
    let order = date_order(table, &columns, options, &mut questions)?;
    let mark = decimal_mark(table, &columns, options, &mut questions)?;
    let contents = match (order, mark) {
        (Some(order), Some(mark)) if questions.is_empty() => {
            let manner = rows::Manner { order, mark, currency: given.currency };
            match purpose {
                Purpose::Statement => Contents::Statement(rows::read(table, &columns, manner, remarks)),
                Purpose::Subscriptions => Contents::Subscriptions(trackers::rows::read(
                    table,
                    &columns,
                    manner,
                    given.backfill,
                    given.today,
                )),
            }
        }
        _ => Contents::Unanswered,
    };
    let shape = Shape {
        separator: table.separator,
        header: table.header.iter().map(|heading| shortened(heading.trim(), 60)).collect(),
        columns,
        purpose,
        date_order: order,
        decimal_mark: mark,
        rows: line_number(table.rows.len()),
        sample: table
            .rows
            .iter()
            .take(SAMPLE)
            .map(|row| row.cells.iter().map(|cell| shortened(cell.trim(), 60)).collect())
            .collect(),
    };
    Ok(Reading { questions, shape: Some(shape), ..plain(Kind::Csv, contents) })
}

fn chosen_columns(
    chosen: &[Option<Role>],
    table: &Table,
    purpose: Purpose,
) -> Result<Vec<Option<Role>>, Unreadable> {
    if chosen.len() != table.header.len() {
        return Err(Unreadable::because(format!(
            "The table has {} columns, and {} were named.",
            table.header.len(),
            chosen.len()
        )));
    }
    let columns: Vec<_> = chosen.iter().map(|role| role.filter(|role| purpose.knows(*role))).collect();
    for role in columns.iter().flatten().filter(|role| **role != Role::Text) {
        if columns.iter().filter(|column| **column == Some(*role)).count() > 1 {
            return Err(Unreadable::because(format!("Two columns cannot both be “{}”.", role.label())));
        }
    }
    Ok(columns)
}

/// The cells of the columns that hold one of these.
fn cells<'t>(
    table: &'t Table,
    columns: &'t [Option<Role>],
    roles: &'static [Role],
) -> impl Iterator<Item = &'t str> {
    table.rows.iter().flat_map(move |row| {
        let held =
            columns.iter().enumerate().filter(|(_, role)| role.is_some_and(|role| roles.contains(&role)));
        held.map(|(at, _)| row.cell(at)).filter(|cell| !cell.is_empty())
    })
}

fn date_order(
    table: &Table,
    columns: &[Option<Role>],
    options: &Options,
    questions: &mut Vec<Question>,
) -> Result<Option<DateOrder>, Unreadable> {
    if options.date_order.is_some() {
        return Ok(options.date_order);
    }
    const DATES: &[Role] = &[Role::Date, Role::FirstCharge, Role::NextCharge, Role::TrialEnds, Role::Ends];
    match dates::order(cells(table, columns, DATES)) {
        Evidence::Sure(order) => Ok(Some(order)),
        Evidence::Open => {
            let example = cells(table, columns, DATES).next().unwrap_or_default().to_owned();
            questions.push(Question::new(
                "/date_order",
                format!("Is the first number of “{}” the day or the month?", shortened(&example, 20)),
            ));
            Ok(None)
        }
        Evidence::Contradiction => {
            questions.push(Question::new(
                "/date_order",
                "The dates are not all written in one way. In which order are day, month and year?",
            ));
            Ok(None)
        }
    }
}

fn decimal_mark(
    table: &Table,
    columns: &[Option<Role>],
    options: &Options,
    questions: &mut Vec<Question>,
) -> Result<Option<DecimalMark>, Unreadable> {
    if options.decimal_mark.is_some() {
        return Ok(options.decimal_mark);
    }
    const AMOUNTS: &[Role] = &[Role::Amount, Role::Debit, Role::Credit, Role::Price];
    match amounts::decimal_mark(cells(table, columns, AMOUNTS)) {
        Evidence::Sure(mark) => Ok(Some(mark)),
        Evidence::Open => {
            let doubtful =
                cells(table, columns, AMOUNTS).find(|cell| cell.contains([',', '.'])).unwrap_or_default();
            questions.push(Question::new(
                "/decimal_mark",
                format!("Does “{}” have thousands, or a fraction?", shortened(doubtful, 20)),
            ));
            Ok(None)
        }
        Evidence::Contradiction => {
            questions.push(Question::new(
                "/decimal_mark",
                "The amounts are not all written in one way. Does a point or a comma stand before the cents?",
            ));
            Ok(None)
        }
    }
}
