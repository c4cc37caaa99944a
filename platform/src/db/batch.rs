//! Writing, as a value.

use std::collections::BTreeSet;

use kernel::{Event, HouseholdId};
use uuid::Uuid;

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
    steps: Vec<Step>,
    /// Rows of the outbox. They stand behind everything else, where an engine can put many in at once.
    events: Vec<Step>,
    concerns: Concerns,
    locks: Locks,
}

/// What nobody else changes, or nobody else relies on, until a batch is applied.
#[derive(Debug, Clone, Default)]
struct Locks {
    keys: BTreeSet<Uuid>,
    alone: bool,
}

/// Whose things a batch changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Concerns {
    /// It has not been said.
    #[default]
    Unsaid,
    /// Nobody's, as far as anybody could see.
    Nobody,
    /// Those of these households, each once.
    Households(Vec<Uuid>),
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) statement: Statement,
    /// How many rows it must touch; `None` when any number will do.
    pub(super) expected: Option<u64>,
}

impl Step {
    /// One that may touch any number of rows.
    pub(super) fn any(statement: Statement) -> Self {
        Self { statement, expected: None }
    }
}

impl Batch {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that changes what belongs to a household.
    pub fn of(household: HouseholdId) -> Self {
        let mut batch = Self::new();
        batch.concerns(household);
        batch
    }

    /// One that changes nothing anybody sees of a household's: what a sweep notes for itself, what is everybody's.
    pub fn unseen() -> Self {
        Self { concerns: Concerns::Nobody, ..Self::default() }
    }

    /// It also changes what belongs to `household`: what was remembered of that holds no more.
    pub fn concerns(&mut self, household: HouseholdId) {
        let household = household.uuid();
        match &mut self.concerns {
            Concerns::Households(known) if known.contains(&household) => {}
            Concerns::Households(known) => known.push(household),
            Concerns::Unsaid | Concerns::Nobody => self.concerns = Concerns::Households(vec![household]),
        }
    }

    /// What it writes was decided by something of `household` that [`alters`](Self::alters) guards: no such batch is
    /// applied at the same time, and what one before it has written is seen by the conditions of its statements.
    ///
    /// A condition alone does not do where processes share a database: two transactions that each look at what the other
    /// is about to write both find it unwritten.
    pub fn relies_on(&mut self, household: HouseholdId) {
        self.locks.keys.insert(household.uuid());
    }

    /// It changes what others [rely on](Self::relies_on).
    pub fn alters(&mut self, household: HouseholdId) {
        self.relies_on(household);
        self.locks.alone = true;
    }

    /// Adds a statement that may touch any number of rows.
    pub fn add(&mut self, statement: Statement) {
        self.steps.push(Step::any(statement));
    }

    /// Adds a statement that must touch exactly `rows` rows, or the whole batch is a
    /// [conflict](super::DbError::Conflict).
    pub fn expect(&mut self, rows: u64, statement: Statement) {
        self.steps.push(Step { statement, expected: Some(rows) });
    }

    /// Adds an event: it is told when, and only when, the batch has been applied.
    pub fn tell(&mut self, event: &Event) {
        self.events.push(Step::any(crate::events::outbox_row(event)));
    }

    /// Adds everything of another batch.
    pub fn extend(&mut self, other: Self) {
        self.steps.extend(other.steps);
        self.events.extend(other.events);
        self.locks.keys.extend(other.locks.keys);
        self.locks.alone |= other.locks.alone;
        match other.concerns {
            Concerns::Households(households) => {
                households.into_iter().for_each(|household| self.concerns(HouseholdId::from_uuid(household)));
            }
            Concerns::Nobody if self.concerns == Concerns::Unsaid => self.concerns = Concerns::Nobody,
            Concerns::Nobody | Concerns::Unsaid => {}
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.events.is_empty()
    }

    /// Whether it changes rows of the module's own, beyond what the platform notes of events and leases.
    pub(super) fn changes_rows(&self) -> bool {
        const PLATFORM: [&str; 4] = [" inbox ", " dead_letters ", " leases ", " outbox "];
        let own = |step: &Step| !PLATFORM.iter().any(|table| step.statement.text.contains(table));
        self.steps.iter().any(own)
    }

    pub(super) fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// The households whose things it changes, in order; `None` where that was not said.
    pub(super) fn households(&self) -> Option<Vec<Uuid>> {
        match &self.concerns {
            Concerns::Unsaid => None,
            Concerns::Nobody => Some(Vec::new()),
            Concerns::Households(households) => {
                let mut households = households.clone();
                households.sort_unstable();
                Some(households)
            }
        }
    }

    /// The step that takes its locks, where writers are not one after the other anyway. All are taken at once and in
    /// one order, so that no two batches wait for each other.
    pub(super) fn locking(&self) -> Option<Step> {
        const SHARED: &str = "SELECT pg_advisory_xact_lock_shared(key) FROM unnest($1::bigint[]) AS key";
        const ALONE: &str = "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS key";
        if self.locks.keys.is_empty() {
            return None;
        }
        let text = if self.locks.alone { ALONE } else { SHARED };
        // Ids of one moment differ in their last bytes. Two that share a key wait for each other now and then.
        let keys: BTreeSet<i64> =
            self.locks.keys.iter().map(|key| key.as_u64_pair().1.cast_signed()).collect();
        let keys = keys.into_iter().collect();
        Some(Step::any(Statement::new(text, vec![Value::Integers(keys)])))
    }

    /// All of it in the order in which it is done.
    pub(super) fn into_steps(mut self) -> Vec<Step> {
        self.steps.append(&mut self.events);
        self.steps
    }
}
