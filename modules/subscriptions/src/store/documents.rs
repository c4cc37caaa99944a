//! The files that are kept with payments. A list never touches their content.

use jiff::Timestamp;
use kernel::{DocumentId, HouseholdId, PaymentId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::{DocumentKind, FileName, MOST_IN_HOUSEHOLD, MOST_OF_PAYMENT};

/// A file, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) id: DocumentId,
    pub(crate) payment: PaymentId,
    pub(crate) household: HouseholdId,
    pub(crate) name: FileName,
    pub(crate) kind: DocumentKind,
    pub(crate) size: i64,
    pub(crate) added_by: UserId,
    pub(crate) added_at: Timestamp,
}

impl FromRow for Document {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            payment: row.take()?,
            household: row.take()?,
            name: FileName::stored(row.take()?),
            kind: row.parse()?,
            size: row.take()?,
            added_by: row.take()?,
            added_at: row.take()?,
        })
    }
}

/// A file with its content.
pub(crate) struct Kept {
    pub(crate) document: Document,
    pub(crate) content: Vec<u8>,
}

impl FromRow for Kept {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { document: Document::from_row(row)?, content: row.take()? })
    }
}

/// Keeps a file with a payment that is there, as long as there is room: else the batch is a conflict.
pub(crate) fn insert_document(batch: &mut Batch, document: &Document, content: Vec<u8>) {
    batch.expect(
        1,
        sql!(
            "INSERT INTO payment_documents (id, payment_id, household_id, name, kind, size, added_by, added_at, content)
             SELECT $1, $2, $3, $4, $5, CAST($6 AS bigint), $7, $8, $9
             WHERE EXISTS (SELECT 1 FROM payments WHERE id = $2 AND household_id = $3)
               AND (SELECT count(*) FROM payment_documents WHERE household_id = $3 AND payment_id = $2) < $10
               AND (SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM payment_documents WHERE household_id = $3)
                   + CAST($6 AS bigint) <= $11",
            document.id,
            document.payment,
            document.household,
            document.name.as_str(),
            document.kind.as_str(),
            document.size,
            document.added_by,
            document.added_at,
            content,
            MOST_OF_PAYMENT,
            MOST_IN_HOUSEHOLD
        ),
    );
}

/// The files of a payment, in the order in which they were added.
pub(crate) async fn documents_of(
    database: &Database,
    household: HouseholdId,
    payment: PaymentId,
) -> Result<Vec<Document>, DbError> {
    database
        .all(sql!(
            "SELECT id, payment_id, household_id, name, kind, size, added_by, added_at FROM payment_documents
             WHERE household_id = $1 AND payment_id = $2 ORDER BY id LIMIT $3",
            household,
            payment,
            MOST_OF_PAYMENT
        ))
        .await
}

/// One file, with its content.
pub(crate) async fn kept_document(
    database: &Database,
    household: HouseholdId,
    payment: PaymentId,
    id: DocumentId,
) -> Result<Option<Kept>, DbError> {
    database
        .optional(sql!(
            "SELECT id, payment_id, household_id, name, kind, size, added_by, added_at, content FROM payment_documents
             WHERE household_id = $1 AND payment_id = $2 AND id = $3",
            household,
            payment,
            id
        ))
        .await
}

/// Takes a file away that is there: else the batch is a conflict.
pub(crate) fn delete_document(batch: &mut Batch, household: HouseholdId, payment: PaymentId, id: DocumentId) {
    batch.expect(
        1,
        sql!(
            "DELETE FROM payment_documents WHERE household_id = $1 AND payment_id = $2 AND id = $3",
            household,
            payment,
            id
        ),
    );
}
