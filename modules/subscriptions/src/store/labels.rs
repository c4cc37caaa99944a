use kernel::HouseholdId;
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};
use uuid::Uuid;

use crate::domain::{Label, LabelKind, LabelName, Last4, Method, Sorting};

/// More than a household may have, of all kinds together.
const LABELS: i64 = 1_000;

impl FromRow for Label {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, household, kind) = (row.take()?, row.take()?, row.parse()?);
        let name = LabelName::stored(row.take()?);
        let method = row.take_with(|word: Option<String>| match word {
            Some(word) => word.parse().map(Some).map_err(|_| format!("{word} is no payment method")),
            None => Ok(None),
        })?;
        let last4 = row.take_with(|digits: Option<String>| {
            digits.map(|digits| Last4::parse(&digits)).transpose().map_err(|error| error.to_string())
        })?;
        let archived = row.take()?;
        let method = method.map(|kind| Method { kind, last4, archived });
        Ok(Self { id, household, kind, name, method, version: row.take()? })
    }
}

/// All that a household sorts by.
pub(crate) async fn sorting(database: &Database, household: HouseholdId) -> Result<Sorting, DbError> {
    let labels = database
        .all(sql!(
            "SELECT id, household_id, kind, name, method, last4, archived, version FROM labels
             WHERE household_id = $1 LIMIT $2",
            household,
            LABELS
        ))
        .await?;
    Ok(Sorting::new(labels))
}

pub(crate) async fn label(
    database: &Database,
    household: HouseholdId,
    kind: LabelKind,
    id: Uuid,
) -> Result<Option<Label>, DbError> {
    database
        .optional(sql!(
            "SELECT id, household_id, kind, name, method, last4, archived, version FROM labels
             WHERE id = $1 AND household_id = $2 AND kind = $3",
            id,
            household,
            kind.as_str()
        ))
        .await
}

struct Parts<'a> {
    method: Option<&'static str>,
    last4: Option<&'a str>,
    archived: bool,
}

fn parts(label: &Label) -> Parts<'_> {
    let method = label.method.as_ref();
    Parts {
        method: method.map(|method| method.kind.as_str()),
        last4: method.and_then(|method| method.last4.as_ref()).map(Last4::as_str),
        archived: !label.offered(),
    }
}

pub(crate) fn insert_label(batch: &mut Batch, label: &Label) {
    let parts = parts(label);
    batch.add(sql!(
        "INSERT INTO labels (id, household_id, kind, name, folded, method, last4, archived, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        label.id,
        label.household,
        label.kind.as_str(),
        label.name.as_str(),
        label.folded(),
        parts.method,
        parts.last4,
        parts.archived,
        label.version
    ));
}

/// Stores it anew where it is still as it was found, `found` being its version then.
pub(crate) fn update_label(batch: &mut Batch, label: &Label, found: i64) {
    let parts = parts(label);
    batch.expect(
        1,
        sql!(
            "UPDATE labels SET name = $4, folded = $5, method = $6, last4 = $7, archived = $8, version = $9
             WHERE id = $1 AND household_id = $2 AND version = $3",
            label.id,
            label.household,
            found,
            label.name.as_str(),
            label.folded(),
            parts.method,
            parts.last4,
            parts.archived,
            label.version
        ),
    );
}

pub(crate) fn delete_label(batch: &mut Batch, household: HouseholdId, id: Uuid, found: i64) {
    batch.expect(
        1,
        sql!("DELETE FROM labels WHERE id = $1 AND household_id = $2 AND version = $3", id, household, found),
    );
}
