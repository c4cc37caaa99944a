//! The bank's rates, which are everybody's, and those that households set by hand.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use kernel::{Currency, HouseholdId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::domain::{File, Kept, OwnRate, ReferenceRates};

/// More days than there have been since the euro.
const DAYS: i64 = 50_000;
/// More rates than anybody sets by hand.
pub(crate) const OWN_RATES: i64 = 500;

impl FromRow for ReferenceRates {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let day = row.take()?;
        row.take().map(|Json(stored): Json<BTreeMap<String, String>>| Self::stored(day, &stored))
    }
}

/// Keeps what a file of the bank's says, the whole of it.
pub(crate) fn keep_file(batch: &mut Batch, file: File, days: &[ReferenceRates], now: Timestamp) {
    for set in days {
        batch.add(sql!(
            "INSERT INTO reference_rates (day, rates, fetched_at) VALUES ($1, $2, $3)
             ON CONFLICT (day) DO UPDATE SET rates = excluded.rates, fetched_at = excluded.fetched_at",
            set.day(),
            Value::json(&set.store()),
            now
        ));
    }
    batch.add(sql!(
        "INSERT INTO rate_files (name, read_at) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET read_at = excluded.read_at",
        file.name(),
        now
    ));
}

/// Which of the bank's rates there are.
pub(crate) async fn kept(database: &Database) -> Result<Kept, DbError> {
    let newest = database
        .optional::<(Date,)>(sql!("SELECT day FROM reference_rates ORDER BY day DESC LIMIT $1", 1_i64))
        .await?;
    let history = database
        .optional::<(String,)>(sql!("SELECT name FROM rate_files WHERE name = $1", File::History.name()))
        .await?;
    Ok(Kept { newest: newest.map(|(day,)| day), history: history.is_some() })
}

/// When any of the bank's files was last read.
pub(crate) async fn rates_read_at(database: &Database) -> Result<Option<Timestamp>, DbError> {
    let read = database
        .optional::<(Timestamp,)>(sql!(
            "SELECT read_at FROM rate_files ORDER BY read_at DESC LIMIT $1",
            1_i64
        ))
        .await?;
    Ok(read.map(|(at,)| at))
}

/// The bank's rates from `first` to `last`, and the newest before them, the oldest first.
pub(crate) async fn reference_rates(
    database: &Database,
    first: Date,
    last: Date,
) -> Result<Vec<ReferenceRates>, DbError> {
    let mut found: Vec<ReferenceRates> = database
        .all(sql!(
            "SELECT day, rates FROM reference_rates WHERE day >= $1 AND day <= $2 ORDER BY day LIMIT $3",
            first,
            last,
            DAYS
        ))
        .await?;
    if found.is_empty() {
        found = database
            .all(sql!(
                "SELECT day, rates FROM reference_rates WHERE day < $1 ORDER BY day DESC LIMIT $2",
                first,
                1_i64
            ))
            .await?;
    }
    Ok(found)
}

impl FromRow for OwnRate {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { from: row.parse()?, to: row.parse()?, since: row.take()?, rate: row.parse()? })
    }
}

/// The rates a household set by hand.
pub(crate) async fn own_rates(database: &Database, household: HouseholdId) -> Result<Vec<OwnRate>, DbError> {
    database
        .all(sql!(
            "SELECT from_currency, to_currency, since, rate FROM own_rates WHERE household_id = $1
             ORDER BY from_currency, to_currency, since LIMIT $2",
            household,
            OWN_RATES
        ))
        .await
}

/// A currency, where the text is one.
struct Code(Option<Currency>);

impl FromRow for Code {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        row.take::<String>().map(|code| Self(code.parse().ok()))
    }
}

/// The currencies of what a household tracks, by code.
pub(crate) async fn currencies(
    database: &Database,
    household: HouseholdId,
) -> Result<Vec<Currency>, DbError> {
    let codes: Vec<Code> = database
        .all(sql!(
            "SELECT DISTINCT currency FROM subscriptions WHERE household_id = $1 ORDER BY currency LIMIT $2",
            household,
            OWN_RATES
        ))
        .await?;
    Ok(codes.into_iter().filter_map(|Code(currency)| currency).collect())
}

/// Keeps a rate set by hand, in place of one of the same pair and day.
pub(crate) fn upsert_own_rate(batch: &mut Batch, household: HouseholdId, own: &OwnRate, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO own_rates (household_id, from_currency, to_currency, since, rate, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (household_id, from_currency, to_currency, since) DO UPDATE
         SET rate = excluded.rate, created_at = excluded.created_at",
        household,
        own.from.code(),
        own.to.code(),
        own.since,
        own.rate.to_string(),
        now
    ));
}

/// Forgets the rates set by hand of a pair: that of one day, or all.
pub(crate) fn delete_own_rates(
    batch: &mut Batch,
    household: HouseholdId,
    (from, to): (Currency, Currency),
    since: Option<Date>,
) {
    let (first, last) = since.map_or((date(1, 1, 1), Date::MAX), |day| (day, day));
    batch.add(sql!(
        "DELETE FROM own_rates WHERE household_id = $1 AND from_currency = $2 AND to_currency = $3
         AND since >= $4 AND since <= $5",
        household,
        from.code(),
        to.code(),
        first,
        last
    ));
}
