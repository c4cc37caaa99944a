use jiff::{Timestamp, civil::Date};
use kernel::{HouseholdId, ImportId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::domain::{
    Payment,
    import::{Import, ImportStatus, Kind},
};

/// More payments than any household has.
const PAYMENTS_LIMIT: i64 = 500_000;

impl FromRow for Import {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            household: row.take()?,
            created_by: row.take()?,
            status: row.parse()?,
            kind: row.parse()?,
            file_name: row.take()?,
            size: row.take()?,
            options: row.take::<Json<_>>()?.0,
            notes: row.take::<Json<_>>()?.0,
            plan: row.take::<Json<_>>()?.0,
            outcome: row.take::<Json<_>>()?.0,
            read_on: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
            expires_at: row.take()?,
            version: row.take()?,
        })
    }
}

/// An import as a list shows it.
#[derive(Debug, Clone)]
pub(crate) struct ImportRow {
    pub(crate) id: ImportId,
    pub(crate) status: ImportStatus,
    pub(crate) kind: Kind,
    pub(crate) file_name: String,
    pub(crate) size: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl FromRow for ImportRow {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            status: row.parse()?,
            kind: row.parse()?,
            file_name: row.take()?,
            size: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
        })
    }
}

pub(crate) fn insert_import(batch: &mut Batch, import: &Import, contents: Vec<u8>) {
    batch.add(sql!(
        "INSERT INTO imports (id, household_id, created_by, status, kind, file_name, size, contents, options, notes, plan,
                              outcome, read_on, created_at, updated_at, expires_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        import.id,
        import.household,
        import.created_by,
        import.status.as_str(),
        import.kind.as_str(),
        import.file_name.as_str(),
        import.size,
        contents,
        Value::json(&import.options),
        Value::json(&import.notes),
        Value::json(&import.plan),
        Value::json(&import.outcome),
        import.read_on,
        import.created_at,
        import.updated_at,
        import.expires_at,
        import.version
    ));
}

/// Stores it anew where it is still as it was found, `found` being its version then. Once it has been applied its file
/// is not needed any more, and is forgotten.
pub(crate) fn update_import(batch: &mut Batch, import: &Import, found: i64) {
    let keeps = matches!(import.status, ImportStatus::Asking | ImportStatus::Ready);
    batch.expect(
        1,
        sql!(
            "UPDATE imports SET status = $4, options = $5, notes = $6, plan = $7, outcome = $8, read_on = $9,
                 updated_at = $10, version = $11, contents = CASE WHEN $12 THEN contents ELSE $13 END
             WHERE id = $1 AND household_id = $2 AND version = $3",
            import.id,
            import.household,
            found,
            import.status.as_str(),
            Value::json(&import.options),
            Value::json(&import.notes),
            Value::json(&import.plan),
            Value::json(&import.outcome),
            import.read_on,
            import.updated_at,
            import.version,
            keeps,
            Vec::<u8>::new()
        ),
    );
}

pub(crate) async fn import(
    database: &Database,
    household: HouseholdId,
    id: ImportId,
    now: Timestamp,
) -> Result<Option<Import>, DbError> {
    database
        .optional(sql!(
            "SELECT id, household_id, created_by, status, kind, file_name, size, options, notes, plan, outcome, read_on,
                    created_at, updated_at, expires_at, version
             FROM imports WHERE id = $1 AND household_id = $2 AND expires_at > $3",
            id,
            household,
            now
        ))
        .await
}

/// The bytes of an import's file.
pub(crate) async fn import_contents(
    database: &Database,
    household: HouseholdId,
    id: ImportId,
) -> Result<Option<Vec<u8>>, DbError> {
    let found: Option<(Vec<u8>,)> = database
        .optional(sql!("SELECT contents FROM imports WHERE id = $1 AND household_id = $2", id, household))
        .await?;
    Ok(found.map(|(contents,)| contents))
}

/// A page of a household's imports, the newest first, those before `before`.
pub(crate) async fn imports(
    database: &Database,
    household: HouseholdId,
    before: Option<ImportId>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ImportRow>, DbError> {
    let before = before.unwrap_or(ImportId::from_uuid(uuid::Uuid::max()));
    database
        .all(sql!(
            "SELECT id, status, kind, file_name, size, created_at, expires_at
             FROM imports WHERE household_id = $1 AND id < $2 AND expires_at > $3 ORDER BY id DESC LIMIT $4",
            household,
            before,
            now,
            limit
        ))
        .await
}

pub(crate) fn delete_import(batch: &mut Batch, household: HouseholdId, id: ImportId) {
    batch.expect(1, sql!("DELETE FROM imports WHERE id = $1 AND household_id = $2", id, household));
}

/// Forgets the files that a household sent and did not apply, but for the newest `kept`.
pub(crate) fn prune_imports(batch: &mut Batch, household: HouseholdId, kept: i64) {
    batch.add(sql!(
        "DELETE FROM imports WHERE household_id = $1 AND status IN ('asking', 'ready') AND id NOT IN (
             SELECT id FROM imports WHERE household_id = $1 AND status IN ('asking', 'ready')
             ORDER BY id DESC LIMIT $2)",
        household,
        kept
    ));
}

/// Forgets what has been kept for long enough.
pub(crate) fn expire_imports(batch: &mut Batch, now: Timestamp) {
    batch.add(sql!("DELETE FROM imports WHERE expires_at <= $1", now));
}

/// The payments of a household with charge dates from `first` to `last`, by subscription and charge date.
pub(crate) async fn payments_between(
    database: &Database,
    household: HouseholdId,
    first: Date,
    last: Date,
) -> Result<Vec<Payment>, DbError> {
    database
        .all(sql!(
            "SELECT p.id, p.subscription_id, p.household_id, p.due_on, p.status, p.paid_on, p.currency, p.amount, p.source,
                    p.extra, p.note, p.expected, p.converted_of, p.converted_for, p.converted, p.converted_currency,
                    p.rate, p.rate_on, p.rate_source
             FROM subscriptions s JOIN payments p ON p.subscription_id = s.id
             WHERE s.household_id = $1 AND p.household_id = $1 AND p.due_on >= $2 AND p.due_on <= $3
             ORDER BY p.subscription_id, p.due_on, p.id LIMIT $4",
            household,
            first,
            last,
            PAYMENTS_LIMIT
        ))
        .await
}
