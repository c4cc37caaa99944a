use jiff::civil::Date;
use kernel::{Currency, HouseholdId, Money, SubscriptionId};
use platform::{
    db::{ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::Spent;

/// More subscriptions times months times currencies than any household has.
const SUMS: i64 = 200_000;

/// What was paid for one subscription in one month in one currency, and how many of its payments were not converted
/// into the currency that was asked for.
#[derive(Debug)]
pub(crate) struct Summed {
    pub(crate) spent: Spent,
    pub(crate) loose: i64,
}

struct Raw {
    subscription: SubscriptionId,
    month: Date,
    currency: Currency,
    amount: i64,
    converted: i64,
    loose: i64,
    payments: i64,
}

impl FromRow for Raw {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            subscription: row.take()?,
            month: row.take_with(|month: String| {
                kernel::parse_date(&format!("{month}-01")).map_err(|_| format!("{month} is no month"))
            })?,
            currency: row.parse()?,
            amount: row.take()?,
            converted: row.take()?,
            loose: row.take()?,
            payments: row.take()?,
        })
    }
}

/// What was paid from `first` to `last`, summed by subscription, month and currency where each payment is converted
/// already; see [`loose_payments`](super::loose_payments) for the rest, which is in none of the sums of the household's currency.
pub(crate) async fn spending(
    database: &Database,
    household: HouseholdId,
    (first, last): (Date, Date),
    home: Currency,
) -> Result<Vec<Summed>, DbError> {
    let raw: Vec<Raw> = database
        .all(sql!(
            "SELECT subscription_id, substr(CAST(paid_on AS TEXT), 1, 7) AS month, currency,
                    CAST(sum(CASE WHEN currency = $4 OR (converted_currency = $4 AND converted_of = amount
                                                         AND converted_for = paid_on)
                             THEN amount ELSE 0 END) AS BIGINT),
                    CAST(sum(CASE WHEN currency = $4 THEN amount
                             WHEN converted_currency = $4 AND converted_of = amount AND converted_for = paid_on
                             THEN converted ELSE 0 END) AS BIGINT),
                    CAST(sum(CASE WHEN currency = $4 OR (converted_currency = $4 AND converted_of = amount
                                                         AND converted_for = paid_on)
                             THEN 0 ELSE 1 END) AS BIGINT),
                    CAST(count(*) AS BIGINT)
             FROM payments
             WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3 AND status = 'paid'
             GROUP BY subscription_id, month, currency LIMIT $5",
            household,
            first,
            last,
            home.code(),
            SUMS
        ))
        .await?;
    Ok(raw.into_iter().map(|raw| summed(&raw, home)).collect())
}

fn summed(raw: &Raw, home: Currency) -> Summed {
    let spent = Spent {
        subscription: raw.subscription,
        month: raw.month,
        payments: u32::try_from(raw.payments - raw.loose).unwrap_or(u32::MAX),
        amount: Money::from_minor(raw.amount, raw.currency),
        at_home: Some(Money::from_minor(raw.converted, home)),
    };
    Summed { spent, loose: raw.loose }
}
