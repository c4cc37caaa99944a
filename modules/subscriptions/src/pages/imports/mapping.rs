//! Saying what the columns of a table hold, and how its dates and amounts are written.

use kernel::{Currency, Invalid};
use web::view::Select;

use crate::domain::import::{DateOrder, DecimalMark, Import, Options, Purpose, Role};

/// The questions about a table, with what is taken to be the answers.
pub(super) struct Mapping {
    /// Whether they have to be answered first.
    pub(super) open: bool,
    /// What has to be answered, in words.
    pub(super) questions: Vec<String>,
    pub(super) purpose: Select,
    pub(super) columns: Vec<ColumnChoice>,
    pub(super) date_order: Select,
    pub(super) decimal_mark: Select,
    pub(super) currency: Select,
    pub(super) backfill: Option<bool>,
}

/// What one column holds.
pub(super) struct ColumnChoice {
    pub(super) id: String,
    pub(super) heading: String,
    /// Its first values.
    pub(super) examples: String,
    pub(super) value: &'static str,
    pub(super) roles: Vec<(&'static str, &'static str)>,
}

impl Mapping {
    /// The questions about an import's file; those of a table where it is one, else only about what it does not name.
    pub(super) fn of(import: &Import, currency: Currency) -> Self {
        let options = &import.options;
        let shape = import.notes.shape.as_ref();
        let purpose = shape.map_or(Purpose::Statement, |shape| shape.purpose);
        let chosen = options.currency.unwrap_or(currency);
        Self {
            open: !import.notes.questions.is_empty(),
            questions: import.notes.questions.iter().map(|question| question.text.clone()).collect(),
            purpose: Select::new("purpose", "What does the table list?")
                .choices([
                    ("statement", "Movements of a bank account"),
                    ("subscriptions", "Subscriptions, one a row"),
                ])
                .value(match purpose {
                    Purpose::Statement => "statement",
                    Purpose::Subscriptions => "subscriptions",
                }),
            columns: columns(import, purpose),
            date_order: Select::new("date_order", "How are dates written?")
                .choices([
                    ("", "Not said yet"),
                    ("year_first", "Year, month, day (2026-05-31)"),
                    ("day_first", "Day, month, year (31/05/2026)"),
                    ("month_first", "Month, day, year (05/31/2026)"),
                ])
                .value(shape.and_then(|shape| shape.date_order).map_or("", |order| match order {
                    DateOrder::YearFirst => "year_first",
                    DateOrder::DayFirst => "day_first",
                    DateOrder::MonthFirst => "month_first",
                })),
            decimal_mark: Select::new("decimal_mark", "What stands before the cents?")
                .choices([
                    ("", "Not said yet"),
                    ("point", "A point (1,234.56)"),
                    ("comma", "A comma (1.234,56)"),
                ])
                .value(shape.and_then(|shape| shape.decimal_mark).map_or("", |mark| match mark {
                    DecimalMark::Point => "point",
                    DecimalMark::Comma => "comma",
                })),
            currency: Select::new("currency", "Currency of what names none")
                .choices(
                    Currency::all()
                        .into_iter()
                        .map(|it| (it.code(), format!("{} · {}", it.code(), it.name()))),
                )
                .value(chosen.code()),
            backfill: (purpose == Purpose::Subscriptions
                || shape.is_none()
                || import.plan.items.iter().any(|item| item.offer.is_some()))
            .then_some(options.backfill.unwrap_or(true)),
        }
    }

    /// Whether the file is a table.
    pub(super) fn is_table(&self) -> bool {
        !self.columns.is_empty()
    }
}

fn columns(import: &Import, purpose: Purpose) -> Vec<ColumnChoice> {
    let Some(shape) = &import.notes.shape else { return Vec::new() };
    let roles: Vec<_> = std::iter::once(("", "Leave out"))
        .chain(
            Role::ALL
                .into_iter()
                .filter(|role| purpose.knows(*role))
                .map(|role| (role.as_str(), role.label())),
        )
        .collect();
    let choice = |(at, heading): (usize, &String)| {
        let examples: Vec<&str> = shape
            .sample
            .iter()
            .filter_map(|row| row.get(at).map(String::as_str))
            .filter(|cell| !cell.is_empty())
            .take(3)
            .collect();
        ColumnChoice {
            id: format!("column-{at}"),
            heading: if heading.is_empty() { format!("Column {}", at + 1) } else { heading.clone() },
            examples: if examples.is_empty() {
                "Empty in the first rows".into()
            } else {
                examples.join(" · ")
            },
            value: shape.columns.get(at).copied().flatten().map_or("", Role::as_str),
            roles: roles.clone(),
        }
    };
    shape.header.iter().enumerate().map(choice).collect()
}

/// The options that a form says.
pub(super) fn options(form: &[(String, String)]) -> Result<Options, Invalid> {
    let mut invalid = Invalid::new();
    let value = |name: &str| {
        form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|it| !it.is_empty())
    };
    let columns: Vec<&str> =
        form.iter().filter(|(key, _)| key == "column").map(|(_, value)| value.as_str()).collect();
    let read = |word: &&str| if word.is_empty() { Ok(None) } else { word.parse::<Role>().map(Some) };
    let columns = match columns.iter().map(read).collect::<Result<Vec<_>, _>>() {
        Ok(columns) => columns,
        Err(error) => {
            invalid.add("/columns", error.to_string());
            Vec::new()
        }
    };
    let purpose = match value("purpose") {
        Some("subscriptions") => Some(Purpose::Subscriptions),
        Some("statement") => Some(Purpose::Statement),
        _ => None,
    };
    // With another purpose the columns hold other things: they are guessed anew.
    let changed = value("was").is_some_and(|was| Some(was) != value("purpose"));
    let options = Options {
        purpose,
        columns: (!columns.is_empty() && !changed).then_some(columns),
        date_order: match value("date_order") {
            Some("year_first") => Some(DateOrder::YearFirst),
            Some("day_first") => Some(DateOrder::DayFirst),
            Some("month_first") => Some(DateOrder::MonthFirst),
            _ => None,
        },
        decimal_mark: match value("decimal_mark") {
            Some("point") => Some(DecimalMark::Point),
            Some("comma") => Some(DecimalMark::Comma),
            _ => None,
        },
        currency: value("currency").and_then(|code| invalid.check("/currency", code.parse())),
        backfill: Some(value("asks_backfill").is_none() || value("backfill").is_some()),
    };
    invalid.into_result().map(|()| options)
}
