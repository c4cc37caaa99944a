//! What of a subscription is kept as documents.

use platform::db::{ColumnError, Json, Row};
use serde::{Deserialize, Serialize};

use crate::domain::{Account, Link, LinkLabel, NamedLink, Particulars, Term, Usage};

/// Links as pairs of what they are for and where they lead: `[["Manage","https://…"]]`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct StoredLinks(Vec<(String, String)>);

impl From<&Particulars> for StoredLinks {
    fn from(kept: &Particulars) -> Self {
        Self(kept.links.iter().map(|link| (link.label.to_string(), link.url.to_string())).collect())
    }
}

impl StoredLinks {
    fn read(self) -> Vec<NamedLink> {
        let link = |(label, url)| NamedLink { label: LinkLabel::stored(label), url: Link::stored(url) };
        self.0.into_iter().map(link).collect()
    }
}

pub(super) fn term(row: &mut Row<'_>) -> Result<Option<Term>, ColumnError> {
    Ok(row.take::<Option<Json<Term>>>()?.map(|Json(term)| term))
}

pub(super) fn particulars(row: &mut Row<'_>) -> Result<Particulars, ColumnError> {
    Ok(Particulars {
        payment_method: row.take()?,
        tags: row.take::<Json<_>>()?.0,
        links: row.take::<Json<StoredLinks>>()?.0.read(),
        account: row.take::<Option<_>>()?.map(Account::stored),
        usage: row.take_with(|word: Option<String>| match word {
            Some(word) => word.parse::<Usage>().map(Some).map_err(|error| error.to_string()),
            None => Ok(None),
        })?,
        usage_marked_on: row.take()?,
        replaced_by: row.take()?,
        reminder_days: row.take::<Option<Json<_>>>()?.map(|Json(days)| days),
    })
}
