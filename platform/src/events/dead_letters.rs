//! Events that a consumer could not take: looked at, sent again, or thrown away.

use jiff::Timestamp;
use kernel::{DeadLetterId, Event};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value};

/// An event that a consumer gave up.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// Its own id; the event's stands in the event.
    pub id: DeadLetterId,
    /// Who could not take it.
    pub consumer: String,
    /// What it could not take, as a whole.
    pub event: Event,
    /// What was met at the last try.
    pub error: String,
    /// How often it was tried.
    pub tries: i64,
    /// When it was given up.
    pub died_at: Timestamp,
}

impl FromRow for DeadLetter {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            consumer: row.take()?,
            event: row.take::<Json<_>>()?.0,
            error: row.take()?,
            tries: row.take()?,
            died_at: row.take()?,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, consumer, event, error, tries, died_at FROM dead_letters ", $rest)
    };
}

/// A place among dead letters, the oldest first: behind one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeadLetterPlace(Timestamp, DeadLetterId);

impl DeadLetter {
    /// Right behind it.
    pub const fn place(&self) -> DeadLetterPlace {
        DeadLetterPlace(self.died_at, self.id)
    }
}

/// The dead letters of one module.
#[derive(Clone)]
pub struct DeadLetters {
    database: Database,
}

impl DeadLetters {
    /// Those kept in this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The oldest first, those of one consumer or of all, behind the one given.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn list(
        &self,
        consumer: Option<&str>,
        after: Option<DeadLetterPlace>,
        limit: i64,
    ) -> Result<Vec<DeadLetter>, DbError> {
        let start = DeadLetterPlace(Timestamp::UNIX_EPOCH, DeadLetterId::from_uuid(Uuid::nil()));
        let DeadLetterPlace(died_at, id) = after.unwrap_or(start);
        let statement = match consumer {
            None => crate::sql!(
                select!("WHERE (died_at, id) > ($1, $2) ORDER BY died_at, id LIMIT $3"),
                died_at,
                id,
                limit
            ),
            Some(consumer) => crate::sql!(
                select!("WHERE (died_at, id) > ($1, $2) AND consumer = $4 ORDER BY died_at, id LIMIT $3"),
                died_at,
                id,
                limit,
                consumer
            ),
        };
        self.database.all(statement).await
    }

    /// One of them.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn find(&self, id: DeadLetterId) -> Result<Option<DeadLetter>, DbError> {
        self.database.optional(crate::sql!(select!("WHERE id = $1 LIMIT 1"), id)).await
    }

    /// Gives it to its consumer once more, with all its tries ahead of it: by whichever process runs that consumer,
    /// within a second or so, behind what waits of the same subject. Whether it was still there.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn replay(&self, letter: &DeadLetter) -> Result<bool, DbError> {
        let mut batch = buried_no_more(letter);
        batch.add(crate::sql!(
            "DELETE FROM inbox WHERE consumer = $1 AND event_id = $2",
            &letter.consumer,
            letter.event.id
        ));
        batch.add(crate::sql!(
            "INSERT INTO inbox (consumer, event_id, subject, state, tries, event, error, received_at, next_try_at)
             VALUES ($1, $2, $3, 'waiting', 0, $4, $5, $6, $6)",
            &letter.consumer,
            letter.event.id,
            &letter.event.subject,
            Value::json(&letter.event),
            &letter.error,
            letter.died_at
        ));
        self.apply(batch).await
    }

    /// Throws it away: its consumer will never have taken it. Whether it was still there.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn discard(&self, letter: &DeadLetter) -> Result<bool, DbError> {
        self.apply(buried_no_more(letter)).await
    }

    async fn apply(&self, batch: Batch) -> Result<bool, DbError> {
        match self.database.apply(batch).await {
            Ok(()) => Ok(true),
            // Somebody else was first.
            Err(DbError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// How many there are, and when the oldest died.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn count(&self) -> Result<(i64, Option<Timestamp>), DbError> {
        let counted = self.database.optional(crate::sql!("SELECT count(*), min(died_at) FROM dead_letters"));
        Ok(counted.await?.unwrap_or((0, None)))
    }
}

/// The dead letters of all modules.
#[derive(Clone)]
pub struct DeadLetterOffice {
    modules: Vec<(&'static str, DeadLetters)>,
}

impl DeadLetterOffice {
    /// Those kept in these databases, each with its module's name.
    pub fn new(databases: Vec<(&'static str, Database)>) -> Self {
        let modules = databases.into_iter().map(|(name, database)| (name, DeadLetters::new(database)));
        Self { modules: modules.collect() }
    }

    /// The oldest of all first, each with its module's name; as those of one module are listed.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn list(
        &self,
        consumer: Option<&str>,
        after: Option<DeadLetterPlace>,
        limit: usize,
    ) -> Result<Vec<(&'static str, DeadLetter)>, DbError> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut found = Vec::new();
        for (name, letters) in &self.modules {
            let theirs = letters.list(consumer, after, most).await?;
            found.extend(theirs.into_iter().map(|letter| (*name, letter)));
        }
        found.sort_by_key(|(_, letter)| letter.place());
        found.truncate(limit);
        Ok(found)
    }

    /// One of them, with its module's name.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn find(&self, id: DeadLetterId) -> Result<Option<(&'static str, DeadLetter)>, DbError> {
        for (name, letters) in &self.modules {
            if let Some(letter) = letters.find(id).await? {
                return Ok(Some((name, letter)));
            }
        }
        Ok(None)
    }

    /// Those of one module.
    pub fn of(&self, module: &str) -> Option<&DeadLetters> {
        self.modules.iter().find(|(name, _)| *name == module).map(|(_, letters)| letters)
    }
}

fn buried_no_more(letter: &DeadLetter) -> Batch {
    let mut batch = Batch::new();
    batch.expect(1, crate::sql!("DELETE FROM dead_letters WHERE id = $1", letter.id));
    batch
}
