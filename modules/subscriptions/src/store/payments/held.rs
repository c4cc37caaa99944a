//! Payments with all that is kept with them: what goes out, and comes back.

use std::collections::HashMap;

use kernel::{DocumentId, HouseholdId, MemberId, PaymentId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use super::super::documents::{Document, insert_document};
use crate::domain::{
    DocumentKind, Entry, FileName, Past, Shares, Sharing,
    export::{Attached, Held},
};

/// More payments than a household makes in its life.
const PAYMENTS: i64 = 500_000;

/// Every payment of a household, by subscription and charge date.
pub(crate) async fn entries(database: &Database, household: HouseholdId) -> Result<Vec<Entry>, DbError> {
    let statement = sql!(
        select!("WHERE household_id = $1 ORDER BY subscription_id, due_on, id LIMIT $2"),
        household,
        PAYMENTS
    );
    database.all(statement).await
}

struct Changed(PaymentId, Past);

impl FromRow for Changed {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self(row.take()?, Past::from_row(row)?))
    }
}

/// Every change of a household's payments, the oldest first.
pub(crate) async fn changes(
    database: &Database,
    household: HouseholdId,
) -> Result<HashMap<PaymentId, Vec<Past>>, DbError> {
    let found: Vec<Changed> = database
        .all(sql!(
            "SELECT c.payment_id, c.version, c.kind, c.changed_by, c.changed_at, c.status, c.paid_on, p.currency,
                    c.amount, c.source, c.note, c.expected
             FROM payment_changes c JOIN payments p ON p.id = c.payment_id AND p.household_id = c.household_id
             WHERE c.household_id = $1 ORDER BY c.payment_id, c.version LIMIT $2",
            household,
            PAYMENTS
        ))
        .await?;
    let mut changes: HashMap<PaymentId, Vec<Past>> = HashMap::new();
    for Changed(payment, past) in found {
        changes.entry(payment).or_default().push(past);
    }
    Ok(changes)
}

struct Shared(PaymentId, Sharing);

impl FromRow for Shared {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (payment, payer): (PaymentId, Option<MemberId>) = (row.take()?, row.take()?);
        let shares = row.take::<Option<Json<Shares>>>()?.map(|Json(shares)| shares);
        Ok(Self(payment, Sharing { private: false, payer, shares }))
    }
}

/// How a household's payments were shared where that has changed since.
pub(crate) async fn shares_kept(
    database: &Database,
    household: HouseholdId,
) -> Result<HashMap<PaymentId, Sharing>, DbError> {
    let found: Vec<Shared> = database
        .all(sql!(
            "SELECT payment_id, payer_id, shares FROM payment_shares WHERE household_id = $1 LIMIT $2",
            household,
            PAYMENTS
        ))
        .await?;
    Ok(found.into_iter().map(|Shared(payment, sharing)| (payment, sharing)).collect())
}

struct File(PaymentId, Attached);

impl FromRow for File {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let payment = row.take()?;
        let (name, kind): (String, DocumentKind) = (row.take()?, row.parse()?);
        let (added_at, content) = (row.take()?, row.take()?);
        Ok(Self(payment, Attached { name: FileName::stored(name), kind, added_at, content }))
    }
}

/// How many bytes a household's documents have.
pub(crate) async fn documents_size(database: &Database, household: HouseholdId) -> Result<i64, DbError> {
    let size: Option<(i64,)> = database
        .optional(sql!(
            "SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM payment_documents WHERE household_id = $1",
            household
        ))
        .await?;
    Ok(size.map_or(0, |(size,)| size))
}

/// The documents of a household's payments, in the order in which they were added; their bytes where they are asked for.
pub(crate) async fn documents(
    database: &Database,
    household: HouseholdId,
    with_content: bool,
) -> Result<HashMap<PaymentId, Vec<Attached>>, DbError> {
    let found: Vec<File> = database
        .all(sql!(
            "SELECT payment_id, name, kind, added_at, CASE WHEN $2 THEN content END
             FROM payment_documents WHERE household_id = $1 ORDER BY payment_id, id LIMIT $3",
            household,
            with_content,
            PAYMENTS
        ))
        .await?;
    let mut documents: HashMap<PaymentId, Vec<Attached>> = HashMap::new();
    for File(payment, attached) in found {
        documents.entry(payment).or_default().push(attached);
    }
    Ok(documents)
}

/// Stores a payment that `by` brings from elsewhere, with all that is kept with it. What it came to in another currency
/// is taken as it was told, and else looked for.
pub(crate) fn insert_held(batch: &mut Batch, held: &Held, by: UserId, mut id: impl FnMut() -> DocumentId) {
    let (entry, payment) = (&held.entry, &held.entry.payment);
    let kept = payment.converted.as_ref();
    batch.add(sql!(
        "INSERT INTO payments (id, household_id, subscription_id, due_on, paid_on, status, amount, currency, source,
                               extra, note, created_at, expected, recorded_by, changed_at, version,
                               converted, converted_currency, converted_of, converted_for, rate, rate_on, rate_source,
                               rate_wakes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23,
                 CASE WHEN CAST($17 AS bigint) IS NOT NULL
                        OR (SELECT h.currency FROM households h WHERE h.household_id = $2) = $8 THEN NULL ELSE 0 END)",
        payment.id,
        payment.household,
        payment.subscription,
        payment.due_on,
        payment.state.paid_on(),
        payment.state.status().as_str(),
        payment.amount.minor(),
        payment.amount.currency().code(),
        payment.source.as_str(),
        payment.extra,
        payment.note.as_str(),
        entry.recorded_at,
        payment.expected,
        entry.recorded_by,
        entry.changed_at,
        entry.version,
        kept.map(|kept| kept.amount.minor()),
        kept.map(|kept| kept.amount.currency().code()),
        kept.map(|_| payment.amount.minor()),
        kept.map(|_| payment.rate_day()),
        kept.map(|kept| kept.rate.clone()),
        kept.map(|kept| kept.rate_on),
        kept.map(|kept| kept.source.as_str())
    ));
    for past in &held.changes {
        super::insert_change(batch, entry, past);
    }
    if let Some(shared) = &held.shared {
        batch.add(sql!(
            "INSERT INTO payment_shares (payment_id, household_id, subscription_id, payer_id, shares)
             VALUES ($1, $2, $3, $4, $5)",
            payment.id,
            payment.household,
            payment.subscription,
            shared.payer,
            shared.shares.as_ref().map_or(Value::Null, Value::json)
        ));
    }
    for attached in &held.documents {
        let Some(content) = &attached.content else { continue };
        let document = Document {
            id: id(),
            payment: payment.id,
            household: payment.household,
            name: attached.name.clone(),
            kind: attached.kind,
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            added_by: by,
            added_at: attached.added_at,
        };
        insert_document(batch, &document, content.clone());
    }
}
