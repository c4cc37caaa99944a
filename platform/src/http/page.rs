//! Lists in pages, by key: stable under writes, never unbounded, never by offset.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Invalid;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::Problem;

/// Entries of a page when none are asked for.
pub const DEFAULT_LIMIT: u16 = 20;
/// The most entries a page can have.
pub const MAX_LIMIT: u16 = 100;

/// A page of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub data: Vec<T>,
    /// What to pass as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page from one entry more than asked for, when there is one: that there is tells that a page follows.
    pub fn from_rows<R, C: Serialize>(
        mut rows: Vec<R>,
        limit: u16,
        key: impl Fn(&R) -> C,
        show: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() > usize::from(limit);
        rows.truncate(limit.into());
        let next_cursor = if more { rows.last().map(|row| Cursor(key(row)).encode()) } else { None };
        Self { data: rows.into_iter().map(show).collect(), next_cursor }
    }
}

/// Which page is asked for; a part of a list's query.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many entries, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u16>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// How many, and from where.
    ///
    /// # Errors
    /// A 422 that names the parameter.
    pub fn read<C: DeserializeOwned>(&self) -> Result<(u16, Option<C>), Problem> {
        let mut invalid = Invalid::new();
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            invalid.add("/limit", format!("must be from 1 to {MAX_LIMIT}"));
        }
        let cursor = self.cursor.as_deref().map(Cursor::<C>::decode);
        if matches!(cursor, Some(None)) {
            invalid.add("/cursor", "must be the next_cursor of the page before");
        }
        invalid.into_result()?;
        Ok((limit, cursor.flatten().map(|Cursor(key)| key)))
    }
}

/// The key of the last entry of a page, as clients carry it: opaque to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<C>(pub C);

impl<C: Serialize> Cursor<C> {
    /// As text.
    pub fn encode(&self) -> String {
        // Keys are ids, dates and texts, which always have a JSON form.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&self.0).unwrap_or_default())
    }
}

impl<C: DeserializeOwned> Cursor<C> {
    /// From text; `None` when no page ever gave it out.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&bytes).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_where_the_next_begins_only_when_there_is_one() {
        let page = |rows: Vec<i64>| Page::from_rows(rows, 2, |row| *row, |row| row);
        assert_eq!(page(vec![1, 2]).next_cursor, None);
        let first = page(vec![1, 2, 3]);
        assert_eq!(first.data, [1, 2]);
        let query = PageQuery { limit: Some(2), cursor: first.next_cursor };
        assert_eq!(query.read::<i64>().unwrap(), (2, Some(2)));
    }

    #[test]
    fn limits_and_cursors_are_checked() {
        for (limit, cursor) in [(Some(0), None), (Some(101), None), (None, Some("x!")), (None, Some("e30"))] {
            let query = PageQuery { limit, cursor: cursor.map(str::to_owned) };
            assert_eq!(query.read::<i64>().unwrap_err().status().as_u16(), 422);
        }
    }
}
