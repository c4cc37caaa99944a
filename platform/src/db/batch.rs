//! Writing, as a value.

use kernel::Event;

use super::Value;

/// One SQL statement and the values bound to its `$1`, `$2` …; made by [`sql!`](crate::sql).
#[derive(Debug, Clone)]
pub struct Statement {
    pub(super) text: &'static str,
    pub(super) values: Vec<Value>,
}

impl Statement {
    /// A statement of that text. The text is written in the program, never put together from input.
    pub const fn new(text: &'static str, values: Vec<Value>) -> Self {
        Self { text, values }
    }
}

/// A [`Statement`](crate::db::Statement) from its text and the values of `$1`, `$2` …
///
/// ```
/// let household = uuid::Uuid::nil();
/// let statement = platform::sql!("SELECT name FROM subscriptions WHERE household_id = $1 LIMIT $2", household, 20_i64);
/// ```
#[macro_export]
macro_rules! sql {
    ($text:expr $(, $value:expr)* $(,)?) => {
        $crate::db::Statement::new($text, ::std::vec![$($crate::db::Value::from($value)),*])
    };
}

/// Statements and events that become true together, or not at all.
#[derive(Debug, Clone, Default)]
#[must_use = "a batch does nothing until it is applied"]
pub struct Batch {
    pub(super) steps: Vec<Step>,
    pub(super) has_events: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) statement: Statement,
    /// How many rows it must touch; `None` when any number will do.
    pub(super) expected: Option<u64>,
}

impl Batch {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement that may touch any number of rows.
    pub fn add(&mut self, statement: Statement) {
        self.steps.push(Step { statement, expected: None });
    }

    /// Adds a statement that must touch exactly `rows` rows, or the whole batch is a
    /// [conflict](super::DbError::Conflict).
    pub fn expect(&mut self, rows: u64, statement: Statement) {
        self.steps.push(Step { statement, expected: Some(rows) });
    }

    /// Adds an event: it is told when, and only when, the batch has been applied.
    pub fn tell(&mut self, event: &Event) {
        self.has_events = true;
        self.add(crate::events::outbox_row(event));
    }

    /// Adds everything of another batch.
    pub fn extend(&mut self, other: Self) {
        self.has_events |= other.has_events;
        self.steps.extend(other.steps);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn expects_rows(&self) -> bool {
        self.steps.iter().any(|step| step.expected.is_some())
    }
}
