//! A file comes in, and is read; or is read anew, the way its owner says.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::civil::Date;
use kernel::{Actor, ImportId, Invalid, SubscriptionId};
use platform::{
    db::Batch,
    foreign::{ForeignValue, foreign_rows},
};

use super::super::{Seen, Tracker};
use crate::{
    domain::{
        Payment,
        import::{
            self, Cell, Contents, DatabaseRows, FileNotes, Import, ImportStatus, Incoming, MAX_ENTRIES,
            Options, Outcome, Plan, Reading, Surroundings, Tracked, Unreadable, WALLOS_TABLES,
        },
    },
    error::TrackerError,
    store,
};

/// How long an import, and with it the way back, is kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Files that a household may have sent without applying them; an older one makes room for a newer one.
const WAITING: i64 = 5;
/// How long a file may wait for its turn to be read.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest name of a file that is kept.
const LONGEST_NAME: usize = 120;

/// A file as it was sent.
#[derive(Debug)]
pub(crate) struct Received {
    /// What its sender calls it; only to be shown.
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

impl Tracker {
    /// Reads a file and keeps what would come of it.
    pub(crate) async fn receive(
        &self,
        actor: &Actor,
        received: Received,
        options: Options,
    ) -> Result<Import, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let around = Surroundings { today, currency: household.currency };
        let content = Arc::new(received.content);
        let reading = self.reading(Arc::clone(&content), &options, around).await?;
        let plan = self.plan(actor, &reading, today).await?;
        let notes = FileNotes::of(&reading);
        let now = self.clock.now();
        let import = Import {
            id: self.ids.next(),
            household: actor.household,
            created_by: actor.user,
            status: notes.status(),
            kind: reading.kind,
            file_name: shown(&received.name),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            options,
            notes,
            plan,
            outcome: Outcome::default(),
            read_on: today,
            created_at: now,
            updated_at: now,
            expires_at: now + KEPT,
            version: 1,
        };
        let mut batch = Batch::of(actor.household);
        store::insert_import(&mut batch, &import, Arc::unwrap_or_clone(content));
        store::prune_imports(&mut batch, actor.household, WAITING);
        self.database.apply(batch).await?;
        Ok(import)
    }

    /// Reads the file of an import anew.
    pub(crate) async fn reread(
        &self,
        actor: &Actor,
        id: ImportId,
        seen: impl Into<Seen<'_>> + Send,
        options: Options,
    ) -> Result<Import, TrackerError> {
        let seen = seen.into();
        let mut import = self.import(actor, id).await?;
        seen.check_import(&import)?;
        if !matches!(import.status, ImportStatus::Asking | ImportStatus::Ready) {
            return Err(TrackerError::ImportState(
                "This import has been applied. Send the file again to read it anew.",
            ));
        }
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let reading = self.contents_of(&import, options.clone(), today).await?;
        import.plan = self.plan(actor, &reading, today).await?;
        import.notes = FileNotes::of(&reading);
        import.status = import.notes.status();
        import.options = options;
        import.read_on = today;
        let found = self.revise_import(&mut import);
        let mut batch = Batch::of(actor.household);
        store::update_import(&mut batch, &import, found);
        self.database.apply(batch).await?;
        Ok(import)
    }

    /// Marks it as changed. Gives the version that the store must find.
    pub(super) fn revise_import(&self, import: &mut Import) -> i64 {
        import.version += 1;
        import.updated_at = self.clock.now();
        import.version - 1
    }

    /// What the kept file of an import tells of.
    pub(super) async fn contents_of(
        &self,
        import: &Import,
        options: Options,
        today: Date,
    ) -> Result<Reading, TrackerError> {
        let household = self.household(import.household).await?;
        let content = store::import_contents(&self.database, import.household, import.id).await?;
        let content = content.ok_or(TrackerError::NoImport)?;
        let around = Surroundings { today, currency: household.currency };
        self.reading(Arc::new(content), &options, around).await
    }

    /// Reads a file off the threads that serve requests, a bounded number at once.
    async fn reading(
        &self,
        content: Arc<Vec<u8>>,
        options: &Options,
        around: Surroundings,
    ) -> Result<Reading, TrackerError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.reading).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(TrackerError::Away("too many files are being read".into()));
        };
        let options = options.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let reading = read(&content, &options, around);
            drop(turn);
            reading
        });
        let reading = reading.await.map_err(|error| TrackerError::Away(error.to_string()))?;
        reading.map_err(|Unreadable(why)| Invalid::field("/file", why).into())
    }

    /// What would come of a file, beside what is tracked.
    async fn plan(&self, actor: &Actor, reading: &Reading, today: Date) -> Result<Plan, TrackerError> {
        let subscriptions = store::all(&self.database, actor).await?;
        let mut payments = self.payments_around(actor, reading).await?;
        let tracked: Vec<Tracked> = subscriptions
            .into_iter()
            .map(|subscription| Tracked {
                payments: payments.remove(&subscription.id).unwrap_or_default(),
                subscription,
            })
            .collect();
        Ok(Plan::of(reading, &tracked, today))
    }

    /// The payments around the days of a statement.
    async fn payments_around(
        &self,
        actor: &Actor,
        reading: &Reading,
    ) -> Result<HashMap<SubscriptionId, Vec<Payment>>, TrackerError> {
        let Contents::Statement(lines) = &reading.contents else { return Ok(HashMap::new()) };
        let days = || lines.iter().map(|line| line.booked_on);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(HashMap::new()) };
        let week = jiff::Span::new().days(7);
        let (first, last) = (first.saturating_sub(week), last.saturating_add(week));
        let mut found: HashMap<SubscriptionId, Vec<Payment>> = HashMap::new();
        for payment in store::payments_between(&self.database, actor.household, first, last).await? {
            found.entry(payment.subscription).or_default().push(payment);
        }
        Ok(found)
    }
}

fn shown(name: &str) -> String {
    // Some browsers send the whole path.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

/// Reads bytes, whatever they are.
fn read(content: &[u8], options: &Options, around: Surroundings) -> Result<Reading, Unreadable> {
    if Incoming::is_database(content)? {
        let rows = database_rows(content)?;
        return import::read(&Incoming::Database(&rows), options, around);
    }
    import::read(&Incoming::Bytes(content), options, around)
}

fn database_rows(content: &[u8]) -> Result<DatabaseRows, Unreadable> {
    let tables = foreign_rows(content, WALLOS_TABLES, MAX_ENTRIES).map_err(|error| {
        Unreadable(format!(
            "The SQLite database cannot be read: {error}. It may be damaged, or in use; copy it again."
        ))
    })?;
    if !tables.contains_key("subscriptions") {
        return Err(Unreadable("This is a SQLite database, but not that of Wallos.".into()));
    }
    let cell = |value| match value {
        ForeignValue::Null => Cell::Null,
        ForeignValue::Number(number) => Cell::Number(number),
        ForeignValue::Text(text) => Cell::Text(text),
    };
    let row = |row: std::collections::BTreeMap<String, ForeignValue>| {
        row.into_iter().map(|(name, value)| (name, cell(value))).collect()
    };
    Ok(tables.into_iter().map(|(table, rows)| (table, rows.into_iter().map(row).collect())).collect())
}
